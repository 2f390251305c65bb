"""The demonstration: three readers with three ways of saying what they care about."""

import email
import email.policy
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, timedelta
from importlib import resources
from pathlib import Path

from paperround.context import App
from paperround.errors import UnknownReaderError
from paperround.library import read_library
from paperround.records import PaperRecord
from paperround.services.embed import embed
from paperround.services.interests import InterestReport, NewInterest, add_interest
from paperround.services.progress import Progress, no_progress
from paperround.services.readers import NewReader, add_reader, remove_reader
from paperround.sources.sample import BundledSample
from paperround.store.papers import latest_announcement, paper_ids, upsert_papers

__all__ = ["DemoReader", "Page", "demo_day", "demo_readers", "embed_for", "pages", "set_up"]


@dataclass(frozen=True, slots=True)
class DemoReader:
    """A reader of the demonstration and the one interest they have."""

    name: str
    address: str
    told: str
    """How the interest was given, in words."""
    interest: NewInterest


@dataclass(frozen=True, slots=True)
class Page:
    """One reader's mail and the page written beside it."""

    reader: str
    subject: str
    mail: Path
    page: Path
    text: str


def demo_readers() -> tuple[DemoReader, ...]:
    """Return Ada, who wrote a sentence, Grace, who listed ids, and Alan, who has a library."""
    data = resources.files("paperround.services") / "data" / "demo"
    return (
        DemoReader(
            "Ada",
            "ada@example.com",
            "a sentence",
            NewInterest(
                name="Reasoning in language models",
                prose="How language models learn to reason: training with reinforcement learning "
                "and distillation, chain of thought, and benchmarks that test whether the "
                "reasoning is sound.",
            ),
        ),
        DemoReader(
            "Grace",
            "grace@example.com",
            "a list of arXiv ids",
            NewInterest(
                name="Coding and detection for wireless",
                library=read_library((data / "grace-liked.txt").read_text("utf-8")).items,
            ),
        ),
        DemoReader(
            "Alan",
            "alan@example.com",
            "a BibTeX file",
            NewInterest(
                name="Mechanisms, markets and voting",
                library=read_library((data / "alan-library.bib").read_text("utf-8")).items,
            ),
        ),
    )


def set_up(app: App, readers: tuple[DemoReader, ...]) -> list[InterestReport]:
    """Make the readers anew, so that every demonstration starts from the same state.

    Papers that they like and the store lacks are taken from the bundled sample.
    """
    wanted = {f"arxiv:{item.arxiv_id}" for reader in readers for item in reader.interest.library}
    with app.database.write() as session:
        missing = wanted - paper_ids(session, wanted).keys()
        upsert_papers(session, _from_sample(missing), app.clock())
    for reader in readers:
        # The first demonstration in a folder finds nobody to remove.
        with suppress(UnknownReaderError):
            remove_reader(app, reader.address)
    reports = []
    for reader in readers:
        add_reader(app, NewReader(reader.address, reader.name, "UTC", "07:00", "daily"))
        reports.append(add_interest(app, reader.address, reader.interest))
    return reports


def _from_sample(wanted: set[str]) -> Iterator[PaperRecord]:
    """Yield what readers like as papers they know, which are news to nobody."""
    for record in BundledSample().fetch(None):
        if record.paper_id in wanted:
            yield replace(record, announced_on=None)


def demo_day(app: App) -> date | None:
    """Return the latest day for which there are papers."""
    with app.database.read() as session:
        return latest_announcement(session)


def embed_for(app: App, day: date, on_progress: Progress = no_progress) -> int:
    """Embed what digests of a day choose from, and return how many papers that was."""
    first = day - timedelta(days=app.settings.digest_lookback_days - 1)
    return embed(app, since=first, on_progress=on_progress).papers


def pages(folder: Path) -> list[Page]:
    """Write the HTML of every mail in a folder beside it, as a page, and return them all."""
    return [_page(path) for path in sorted(folder.glob("*.eml"))]


def _page(path: Path) -> Page:
    mail = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
    html, text = mail.get_body(("html",)), mail.get_body(("plain",))
    assert html is not None
    assert text is not None
    page = path.with_suffix(".html")
    page.write_text(html.get_content(), encoding="utf-8")
    name = re.sub(r"\s*<.*", "", mail["To"]).strip('"')
    return Page(name, mail["Subject"], path, page, text.get_content())

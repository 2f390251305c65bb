"""`paperround demo`: from new papers to three digests, in one command."""

from dataclasses import replace
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from paperround.cli.output import note, progress
from paperround.cli.running import load

if TYPE_CHECKING:
    from paperround.context import App
    from paperround.services.demo import Page
    from paperround.services.demo_papers import DemoPapers
    from paperround.services.outcomes import Outcome
    from paperround.settings import Settings

__all__ = ["register"]

CATEGORIES = ("cs.AI", "cs.CL", "cs.CV", "cs.GT", "cs.IT", "cs.LG", "econ.TH")
BASE_URL = "https://paperround.example.com"
SENDER = "digest@example.com"
TOP_LINES = 32


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(epilog="Examples: paperround demo; paperround demo --papers snapshot.json.gz")(demo)


def demo(
    papers: Annotated[
        list[Path] | None,
        typer.Option(help="A file of papers: arXiv snapshot or JSON lines, plain or gzip."),
    ] = None,
    folder: Annotated[Path, typer.Option(help="Where everything is kept.")] = Path("demo"),
    offline: Annotated[bool, typer.Option("--offline", help="Do not ask arXiv.")] = False,
) -> None:
    """Bring papers in, set three readers up, and write each their digest as mail and page.

    Papers come from the file you name, else from arXiv, else from the bundled sample. Nothing
    leaves this machine but the question to arXiv.
    """
    from paperround.bootstrap import initialise, open_app
    from paperround.services.demo_papers import demo_papers

    settings = _settings(load().settings, folder)
    chosen = demo_papers(settings, papers or [], offline=offline)
    settings = _settings(settings, folder / chosen.folder)
    initialise(settings)
    app = open_app(settings)
    try:
        day = _bring_in(app, chosen)
        _deliver(app, day)
    finally:
        app.database.dispose()
    _tell(settings.outbox_dir, day)


def _settings(settings: "Settings", folder: Path) -> "Settings":
    """Keep the demonstration in its folder, whatever the installation's own settings say."""
    from pydantic import SecretStr

    from paperround.settings import MailerKind

    return settings.model_copy(
        update={
            "data_dir": folder,
            "database_url": SecretStr(""),
            "secret_key": SecretStr(""),
            "mailer": MailerKind.FOLDER,
            "outbox": None,
            "base_url": BASE_URL,
            "sender_address": SENDER,
            "digest_spread_minutes": 0,
            "reply_to": "",
            "bounce_address": "",
            "categories": CATEGORIES,
        }
    )


def _bring_in(app: "App", chosen: "DemoPapers") -> date:
    """Bring the papers in and return the day whose morning is played: their latest."""
    from paperround.errors import SourceError
    from paperround.services.ingest import ingest

    latest: list[date] = []
    count = 0
    with progress("papers", "papers") as on_progress:
        for source in chosen.sources:
            report = ingest(app, source, on_progress=on_progress)
            count += report.records
            latest += [report.latest_on] if report.latest_on else []
            if report.skipped.count:
                samples = "; ".join(report.skipped.samples)
                note(f"skipped {report.skipped.count:,} malformed records: {samples}")
    typer.echo(f"Papers   {count:,} from {chosen.told}")
    if not latest:
        raise SourceError(f"{chosen.told}: no paper with a day of announcement, so no digest")
    return max(latest)


def _deliver(app: "App", day: date) -> None:
    from paperround.services.demo import demo_readers, embed_for, set_up
    from paperround.services.send import send_due

    readers = demo_readers()
    dawn = replace(app, clock=lambda: datetime.combine(day, time(6, 0), tzinfo=UTC))
    for reader, report in zip(readers, set_up(dawn, readers), strict=True):
        liked = report.matched + report.kept_as_text
        told = f"{reader.told} of {liked} papers" if liked else reader.told
        typer.echo(f"Reader   {reader.name:6} {reader.interest.name}, from {told}")
    with progress("embedding", "papers") as on_progress:
        count = embed_for(app, day, on_progress)
    typer.echo(f"Vectors  {count:,} made with {app.settings.model}; those known stay as they are")
    for old in app.settings.outbox_dir.glob("*.*"):
        old.unlink()
    morning = replace(app, clock=lambda: datetime.combine(day, time(7, 0), tzinfo=UTC))
    sent = send_due(morning, on_outcome=_tell_trouble)
    if sent.problem:
        note(sent.problem)


def _tell_trouble(outcome: "Outcome") -> None:
    if outcome.reason and outcome.state != "sent":
        note(f"{outcome.address}: {outcome.state}: {outcome.reason}")


def _tell(outbox: Path, day: date) -> None:
    from paperround.services.demo import pages

    written = pages(outbox)
    if not written:
        return
    typer.echo(f"Digests  of {day:%A %d %B %Y}, each as a mail and as a page:")
    for page in written:
        typer.echo(f"         {page.reader:6} {page.mail}  {page.page}")
    typer.echo(f"\nThe top of {written[0].reader}'s:\n")
    for line in _top(written[0]):
        typer.echo(f"    {line}".rstrip())


def _top(page: "Page") -> list[str]:
    lines = [f"Subject: {page.subject}", "", *page.text.splitlines()]
    rest = len(lines) - TOP_LINES
    return [*lines[:TOP_LINES], f"... {rest} lines more"] if rest > 0 else lines

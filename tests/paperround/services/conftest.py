"""An App over each real database, with papers of two topics and a clock that is set."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from digest.lint import lint
from digest.testing import MemoryMailer
from paperround.context import App
from paperround.records import AuthorRecord, PaperRecord
from paperround.services.embed import embed
from paperround.services.ingest import ingest
from paperround.services.interests import NewInterest, add_interest
from paperround.services.readers import NewReader, add_reader
from paperround.sources.testing import FakeSource
from paperround.store.engine import Database
from paperround.testing import FrozenClock, make_app

ADA = "ada@example.org"
MORNING = datetime(2026, 5, 4, 7, 0, tzinfo=UTC)
TODAY = MORNING.date()

CODING = (
    "polar codes decoding channel capacity successive cancellation list parity ldpc "
    "syndrome turbo rateless puncturing interleaver"
)
AUCTIONS = (
    "auction mechanism bidders revenue truthful allocation equilibrium welfare "
    "budget envy matching voting cartel reserve"
)


def paper(number: int, topic: str, announced_on: date | None = TODAY) -> PaperRecord:
    """Return a paper of five words of its topic and five of nobody else's."""
    words = topic.split()
    a, b, c, d, e = (words[(number * (step + 1) + step) % len(words)] for step in range(5))
    own = " ".join(f"w{number}x{step}" for step in range(5))
    return PaperRecord(
        paper_id=f"arxiv:2605.{number:05d}",
        source="test",
        title=f"{a} {b} and {c}, part {number}".capitalize(),
        abstract=f"We study {a} {b} with {own}. This is about {c}, {d} and {e}.",
        authors=(AuthorRecord("Ada Lovelace"), AuthorRecord(f"Grace Hopper {number}")),
        categories=("cs.IT",),
        version=1,
        announced_on=announced_on,
    )


@pytest.fixture
def clock() -> FrozenClock:
    """Stand at seven in the morning of a Monday, UTC."""
    return FrozenClock(MORNING)


@pytest.fixture
def mailer() -> Iterator[MemoryMailer]:
    """Keep the mails of one test, and see at its end that each was fit to be sent."""
    kept = MemoryMailer()
    yield kept
    assert [finding for message in kept.messages for finding in lint(message.data)] == []


@pytest.fixture
def app(database: Database, tmp_path: Path, clock: FrozenClock, mailer: MemoryMailer) -> App:
    """Open an App on an empty database of each kind."""
    return make_app(database, tmp_path, clock, open_mailer=lambda: mailer)


@pytest.fixture
def stocked(app: App) -> App:
    """Bring in twenty papers on coding and twenty on auctions, with vectors, and add Ada.

    Ada likes three more papers on coding, of the month before.
    """
    topics = [CODING, AUCTIONS] * 20
    records = [paper(number, topic) for number, topic in enumerate(topics, start=1)]
    liked = [paper(number, CODING, date(2026, 4, 1)) for number in (101, 102, 103)]
    ingest(app, FakeSource([*records, *liked]))
    add_reader(app, NewReader(ADA, "Ada", "UTC", "07:00", "daily"))
    likes = tuple(record.paper_id for record in liked)
    add_interest(app, ADA, NewInterest("Coding", like=likes, threshold=0.0))
    embed(app)
    return app

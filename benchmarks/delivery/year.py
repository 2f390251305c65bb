"""A year in a minute: every zone, every local date of two years, four hours, and one send for each.

Walks as the ledger does, from one due instant to the next, and judges what comes out by clocks
alone: to which date an instant belongs is read off the zone's wall clock, not from the answer.
Beside it, APScheduler's two daily triggers where the clocks change, judged by the same rule.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache, partial
from importlib.metadata import version
from itertools import pairwise
from zoneinfo import TZPATH, ZoneInfo, available_timezones

from apscheduler.triggers.calendarinterval import CalendarIntervalTrigger
from apscheduler.triggers.cron import CronTrigger

from benchmarks.measure import seconds_of
from benchmarks.report import Goal, Report, Row
from scheduler.due import due_at, next_due, spread_of

__all__ = ["Judged", "Size", "Span", "changes", "cron", "intervals", "judge", "ours", "run"]

DAY = timedelta(days=1)
INSTANT = timedelta(microseconds=1)
HALF_A_DAY = timedelta(hours=12)
SPREAD = timedelta(hours=1)
"""The widest that may be set."""
HOURS = (time(0), time(2, 30), time(7), time(23, 30))
DAILY = frozenset(range(1, 8))
WORKDAYS = frozenset(range(1, 6))
AROUND = 2
"""Days on either side of a change of clocks at which the triggers are watched."""
FIRST, LAST = date(2026, 1, 1), date(2027, 12, 31)
ZONES = tuple(sorted(available_timezones()))


@dataclass(frozen=True, slots=True)
class Size:
    """Which zones and dates."""

    zones: tuple[str, ...] = ZONES
    first: date = FIRST
    last: date = LAST


@dataclass(frozen=True, slots=True)
class Span:
    """Local dates of one zone, and the hour that is wished for."""

    zone: ZoneInfo
    at: time
    first: date
    last: date
    weekdays: frozenset[int] = DAILY
    delay: timedelta = timedelta()

    @property
    def wanted(self) -> list[date]:
        """The local dates for which a digest is wanted."""
        return list(_wanted(self.first, self.last, self.weekdays))


@lru_cache(maxsize=64)
def _wanted(first: date, last: date, weekdays: frozenset[int]) -> tuple[date, ...]:
    dates = (first + number * DAY for number in range((last - first).days + 1))
    return tuple(day for day in dates if day.isoweekday() in weekdays)


@dataclass(slots=True)
class Judged:
    """What a scheduler did, over many spans."""

    cases: int = 0
    missed: int = 0
    doubled: int = 0
    moved: int = 0
    """Sent at another wall time than the wished one, which the clocks left out."""
    second: int = 0
    """Sent when the wished hour came for the second time."""
    disordered: int = 0
    """Not later than the one before."""


Walk = Callable[[Span], Iterable[datetime]]
"""From a span to the instants at which something is sent."""


def run(size: Size | None = None) -> Report:
    """Walk everything, and the changes of clocks with the others as well."""
    size = size or Size()
    everything = partial(spans, size)
    rows, judged = [], []
    for label, chosen in {
        "ours, every day": list(everything()),
        f"ours, every day, spread over {SPREAD // timedelta(minutes=1)} minutes": _spread(size),
        "ours, working days": list(everything(weekdays=WORKDAYS)),
    }.items():
        row, found = _row(label, ours, chosen)
        rows.append(row)
        judged.append(found)
    where = list(around_changes(size))
    for label, walk in {"ours": ours, "CronTrigger": cron, "CalendarInterval": intervals}.items():
        rows.append(_row(f"  where clocks change: {label}", walk, where)[0])
    return Report(
        title="A year in a minute: one send for every wanted local date",
        columns=("scheduler", "cases", "missed", "doubled", "second time", "moved", "seconds"),
        rows=tuple(rows),
        goals=(
            Goal("dates missed", sum(found.missed for found in judged), 0, at_least=False),
            Goal("dates doubled", sum(found.doubled for found in judged), 0, at_least=False),
            Goal("taken the second time", sum(found.second for found in judged), 0, at_least=False),
            Goal("out of order", sum(found.disordered for found in judged), 0, at_least=False),
        ),
        notes=_notes(size, len(where) // len(HOURS)),
    )


def spans(
    size: Size, *, weekdays: frozenset[int] = DAILY, delay: timedelta = timedelta()
) -> Iterator[Span]:
    """Yield every zone with every hour, over all dates."""
    for name in size.zones:
        for at in HOURS:
            yield Span(ZoneInfo(name), at, size.first, size.last, weekdays, delay)


def _spread(size: Size) -> list[Span]:
    """Return all spans, each for a reader with a share of the spread of their own."""
    return [
        Span(span.zone, span.at, span.first, span.last, DAILY, spread_of(number, SPREAD))
        for number, span in enumerate(spans(size), start=1)
    ]


def around_changes(size: Size) -> Iterator[Span]:
    """Yield the few days around every change of clocks, with every hour."""
    for name in size.zones:
        zone = ZoneInfo(name)
        for on in changes(zone, size.first, size.last):
            for at in HOURS:
                yield Span(zone, at, on - AROUND * DAY, on + AROUND * DAY)


def changes(zone: ZoneInfo, first: date, last: date) -> list[date]:
    """Return the local dates on which a zone's clocks are put forward or back."""
    dates = [first + number * DAY for number in range((last - first).days + 2)]
    offsets = [datetime.combine(day, time(), tzinfo=zone).utcoffset() for day in dates]
    return [
        day
        for day, (before, after) in zip(dates, pairwise(offsets), strict=False)
        if before != after
    ]


def ours(span: Span) -> Iterator[datetime]:
    """Walk as the ledger does: from each due instant to the next."""
    at, zone, weekdays, delay = span.at, span.zone, span.weekdays, span.delay
    last_on = span.first - DAY
    after = due_at(span.first, at, zone) - INSTANT
    while True:
        due = next_due(after, at=at, zone=zone, weekdays=weekdays, last_on=last_on, delay=delay)
        if due.on > span.last:
            return
        yield due.at
        after, last_on = due.at, due.on


def cron(span: Span) -> Iterator[datetime]:
    """Ask APScheduler's cron trigger, as its scheduler would a moment after each run."""
    trigger = CronTrigger(hour=span.at.hour, minute=span.at.minute, timezone=span.zone)
    return _fired(trigger, span)


def intervals(span: Span) -> Iterator[datetime]:
    """Ask APScheduler's calendar interval of one day."""
    trigger = CalendarIntervalTrigger(
        days=1,
        hour=span.at.hour,
        minute=span.at.minute,
        start_date=span.first,
        timezone=span.zone,
    )
    return _fired(trigger, span)


def _fired(trigger: CronTrigger | CalendarIntervalTrigger, span: Span) -> Iterator[datetime]:
    fired = trigger.get_next_fire_time(None, due_at(span.first, span.at, span.zone) - INSTANT)
    while fired is not None and _date_of(_wall(fired, span), span.at) <= span.last:
        yield fired
        # Added in UTC: added to a local time, a second leads out of the hour that comes twice.
        moment_later = (fired.astimezone(UTC) + timedelta(seconds=1)).astimezone(span.zone)
        fired = trigger.get_next_fire_time(fired, moment_later)


def judge(walk: Walk, chosen: Iterable[Span]) -> Judged:
    """Count how often each wanted date was served, over many spans."""
    judged = Judged()
    for span in chosen:
        wanted, instants = span.wanted, list(walk(span))
        walls = [_wall(instant, span) for instant in instants]
        served = [_date_of(wall, span.at) for wall in walls]
        judged.cases += len(wanted)
        if served != wanted:
            _count_wrong(judged, wanted, served)
        judged.moved += sum(wall.time() != span.at for wall in walls)
        judged.second += sum(wall.fold for wall in walls)
        judged.disordered += sum(
            later.timestamp() <= earlier.timestamp() for earlier, later in pairwise(instants)
        )
    return judged


def _count_wrong(judged: Judged, wanted: Sequence[date], served: Sequence[date]) -> None:
    counts = Counter(served)
    judged.missed += sum(counts[day] == 0 for day in wanted)
    judged.doubled += sum(counts.values()) - len(counts)
    # One for a date that nobody wants is one too many as well.
    judged.doubled += len(counts.keys() - set(wanted))


def _wall(instant: datetime, span: Span) -> datetime:
    """Return what the zone's clock shows, without the delay of a spread; its fold is kept."""
    moment = instant - span.delay if span.delay else instant
    # Through UTC: a zone's own datetimes are converted to it without a look at the clock.
    return moment.astimezone(UTC).astimezone(span.zone).replace(tzinfo=None)


def _date_of(wall: datetime, at: time) -> date:
    """Return the local date whose wished wall time is nearest: a gap may move it past midnight."""
    return (wall - timedelta(hours=at.hour, minutes=at.minute) + HALF_A_DAY).date()


def _row(label: str, walk: Walk, chosen: Sequence[Span]) -> tuple[Row, Judged]:
    found = Judged()

    def work() -> None:
        nonlocal found
        found = judge(walk, chosen)

    seconds = seconds_of(work)
    figures = (found.cases, found.missed, found.doubled, found.second, found.moved)
    return (label, *(f"{figure:,}" for figure in figures), f"{seconds:.1f}"), found


def _notes(size: Size, n_changes: int) -> tuple[str, ...]:
    rules = f"the system's rules in {TZPATH[0]}" if TZPATH else f"tzdata {version('tzdata')}"
    return (
        f"{len(size.zones)} zones by {rules}, each local date from {size.first} to {size.last}, "
        f"at {', '.join(f'{at:%H:%M}' for at in HOURS)}; one core.",
        f"Clocks change {n_changes:,} times; there, {AROUND} days before and after each are "
        f"watched, and APScheduler {version('apscheduler')} is asked as its own scheduler asks.",
        "Moved: sent as much later as the clocks were put forward, because they leave that hour "
        "out.",
    )

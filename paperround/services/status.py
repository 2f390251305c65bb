"""Today at a glance: what was due, what became of it, and what stands in the way.

Every digest is counted once (I4): what was due is the sum of what was sent, is open, was put off,
failed, and so on.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import accumulate

from paperround.context import App
from paperround.services.digests import STREAM
from paperround.services.holding import Held
from paperround.services.relays import relay_name
from paperround.store.deliveries import HELD, OPEN
from paperround.store.engine import Session
from paperround.store.installation import SENDING, standing
from paperround.store.jobs import all_jobs
from paperround.store.models import DeliveryState
from paperround.store.operations import (
    NOT_OPENED,
    Tally,
    bounces_by_kind,
    coming,
    last_sign,
    older_by_state,
    readers_by_state,
    tally,
)
from paperround.store.relays import all_relays

__all__ = ["Count", "JobState", "Lateness", "RelayState", "Status", "counted", "lateness", "status"]

WINDOW = timedelta(hours=24)
SOON = timedelta(hours=1)
LATE = timedelta(minutes=10)
"""After which a digest is called late."""
_OPEN_NAMES = frozenset({DeliveryState.PENDING, *HELD, NOT_OPENED})


@dataclass(frozen=True, slots=True)
class Count:
    """What became of the digests that fell due in the last 24 hours; all but `late` add up."""

    due: int
    sent: int
    open: int
    """Waiting for a worker, in its hands, or not even opened."""
    deferred: int
    quiet: int
    skipped: int
    failed: int
    expired: int
    ambiguous: int
    late: int
    """Of those sent, open or deferred: more than ten minutes after their time."""

    @property
    def is_balanced(self) -> bool:
        """Whether what was due is the sum of what became of it (I4)."""
        return self.due == self.over + self.open + self.deferred

    @property
    def over(self) -> int:
        """How many are decided."""
        final = (self.sent, self.quiet, self.skipped, self.failed, self.expired, self.ambiguous)
        return sum(final)


@dataclass(frozen=True, slots=True)
class Lateness:
    """How long after their time digests were sent, in whole seconds; None when none was."""

    p50_s: int | None
    p99_s: int | None
    max_s: int | None


@dataclass(frozen=True, slots=True)
class RelayState:
    """How the relay is."""

    name: str
    paused_until: datetime | None = None
    """None when it takes mail."""
    slowdown: float = 1.0
    """By which the configured rate is divided."""
    faults: int = 0
    reason: str = ""


@dataclass(frozen=True, slots=True)
class JobState:
    """How a piece of regular work went."""

    name: str
    started_at: datetime | None
    finished_at: datetime | None
    is_running: bool
    outcome: str


@dataclass(frozen=True, slots=True)
class Status:
    """Everything at a glance."""

    at: datetime
    since: datetime
    today: Count
    lateness: Lateness
    """Of those sent."""
    older_open: int
    """Open mails that fell due before that time."""
    older_ambiguous: int
    """Mails in doubt that fell due before that time."""
    next_due_at: datetime | None
    due_in_next_hour: int
    due_later_today: int
    """Until midnight, UTC."""
    held: Held | None
    relay: RelayState
    jobs: tuple[JobState, ...]
    last_sign: datetime | None
    """When anything last ran."""
    readers: dict[str, int]
    """By the state of their subscription."""
    bounces: dict[str, int]
    """Reports of failed deliveries in the last 24 hours, by kind."""


def status(app: App) -> Status:
    """Look at the whole installation; made for a million rows."""
    now = app.clock()
    since = now - WINDOW
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
    with app.database.read() as session:
        tallies = tally(session, STREAM, since, now)
        older = older_by_state(session, since)
        in_doubt = older.pop(DeliveryState.AMBIGUOUS, 0)
        soon = coming(session, now, now + SOON)
        known = standing(session)
        return Status(
            at=now,
            since=since,
            today=counted(tallies),
            lateness=lateness(tallies),
            older_open=sum(older.values()),
            older_ambiguous=in_doubt,
            next_due_at=soon.at,
            due_in_next_hour=soon.within,
            due_later_today=coming(session, now, midnight).within,
            held=Held(known.held_since, known.held_because) if known.held_since else None,
            relay=_relay(session, relay_name(app), now),
            jobs=_jobs(session, now),
            last_sign=last_sign(session),
            readers=readers_by_state(session),
            bounces=bounces_by_kind(session, since),
        )


def counted(tallies: Iterable[Tally]) -> Count:
    """Add up what became of a time's digests."""
    by_state: dict[str, int] = {}
    due = late = 0
    may_be_late = {DeliveryState.SENT, *OPEN, *HELD, NOT_OPENED}
    for state, late_s, number in tallies:
        by_state[state] = by_state.get(state, 0) + number
        due += number
        if state in may_be_late and late_s > LATE.total_seconds():
            late += number
    return Count(
        due=due,
        sent=by_state.get(DeliveryState.SENT, 0),
        open=sum(by_state.get(state, 0) for state in _OPEN_NAMES),
        deferred=by_state.get(DeliveryState.DEFERRED, 0),
        quiet=by_state.get(DeliveryState.QUIET, 0),
        skipped=by_state.get(DeliveryState.SKIPPED, 0),
        failed=by_state.get(DeliveryState.FAILED, 0),
        expired=by_state.get(DeliveryState.EXPIRED, 0),
        ambiguous=by_state.get(DeliveryState.AMBIGUOUS, 0),
        late=late,
    )


def lateness(tallies: Iterable[Tally]) -> Lateness:
    """Return the lateness, by nearest rank, of what was sent."""
    sent = sorted((late_s, n) for state, late_s, n in tallies if state == DeliveryState.SENT)
    if not sent:
        return Lateness(None, None, None)
    return Lateness(_at_rank(sent, 50), _at_rank(sent, 99), max(0, sent[-1][0]))


def _at_rank(sent: Sequence[tuple[int, int]], percent: int) -> int:
    """Return the smallest value that so many percent of all do not exceed."""
    wanted = -(-percent * sum(number for _, number in sent) // 100)
    reached = accumulate(number for _, number in sent)
    values = (late_s for (late_s, _), up_to in zip(sent, reached, strict=True) if up_to >= wanted)
    return max(0, next(values))  # the clocks of two hosts may differ


def _relay(session: Session, name: str, now: datetime) -> RelayState:
    for row in all_relays(session):
        if row.name == name:
            paused = row.paused_until if row.paused_until and row.paused_until > now else None
            return RelayState(name, paused, row.slowdown, row.faults, row.reason)
    return RelayState(name)


def _jobs(session: Session, now: datetime) -> tuple[JobState, ...]:
    return tuple(
        JobState(
            job.name,
            job.started_at,
            job.finished_at,
            job.lease_until is not None and job.lease_until > now,
            job.outcome,
        )
        for job in all_jobs(session)
        if job.name != SENDING  # a note of how far the ledger has come
    )

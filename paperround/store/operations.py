"""What operators ask of the ledger: how today goes, and what became of one reader's mail.

Reads only; what the answers mean is decided in services.
"""

from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    Integer,
    Select,
    SQLColumnExpression,
    case,
    cast,
    func,
    literal,
    select,
    union_all,
)
from sqlmodel import Session, col

from paperround.store.deliveries import HELD, OPEN
from paperround.store.installation import SENDING
from paperround.store.models import (
    Bounce,
    Delivery,
    DeliveryItem,
    DeliveryState,
    Interest,
    Job,
    Reader,
    ReaderState,
)
from paperround.store.types import UtcDateTime

__all__ = [
    "NOT_OPENED",
    "Coming",
    "Tally",
    "bounces_by_kind",
    "bounces_of",
    "coming",
    "deliveries_on",
    "has_interest",
    "last_sign",
    "latest_of_stream",
    "lost_leases",
    "next_sent_after",
    "older_by_state",
    "overdue_since",
    "papers_in",
    "readers_by_state",
    "tally",
]

NOT_OPENED = "not opened"
"""What `tally` calls a digest whose hour has come and that has no row yet."""


class Tally(NamedTuple):
    """How many digests are alike."""

    state: str
    """A `DeliveryState`, or `NOT_OPENED`."""
    late_s: int
    """Seconds after their time at which they were sent; until now for those that are open."""
    number: int


class Coming(NamedTuple):
    """What falls due next."""

    at: datetime | None
    """The next due instant."""
    within: int
    """How many readers fall due up to the instant asked about."""


def tally(session: Session, stream: str, since: datetime, now: datetime) -> list[Tally]:
    """Count a stream's digests that fell due in (since, now] by state and lateness.

    One statement, so that all of it is of one instant: a digest that is opened meanwhile is counted
    once. Reads the rows of that time along the index on `due_at`.
    """
    state, due = col(Delivery.state), col(Delivery.due_at)
    finished = func.coalesce(col(Delivery.finished_at), due)
    instant = literal(now, UtcDateTime)
    late_s = case(
        (state == DeliveryState.SENT, _seconds(session, finished, due)),
        (state.in_((*OPEN, *HELD)), _seconds(session, instant, due)),
        else_=0,
    )
    rows = (
        select(state.label("state"), late_s.label("late_s"), func.count().label("number"))
        .where(due > since, due <= now, col(Delivery.stream) == stream)
        .group_by(state, late_s)
    )
    waiting_s = _seconds(session, instant, col(Reader.next_due_at))
    waiting = (
        select(literal(NOT_OPENED), waiting_s, func.count())
        .where(col(Reader.state) == ReaderState.ACTIVE, col(Reader.next_due_at) <= now)
        .group_by(waiting_s)
    )
    return [Tally(*row) for row in session.execute(union_all(rows, waiting))]


def _seconds(
    session: Session, later: SQLColumnExpression[Any], earlier: SQLColumnExpression[Any]
) -> ColumnElement[int]:
    """Return the whole seconds between two instants, which the databases spell differently."""
    if session.get_bind().dialect.name == "postgresql":
        return cast(func.floor(func.extract("epoch", later - earlier)), Integer)
    return cast(func.strftime("%s", later), Integer) - cast(func.strftime("%s", earlier), Integer)


def older_by_state(session: Session, before: datetime) -> dict[str, int]:
    """Count what is open or in doubt and fell due up to an instant, by state."""
    return _counts(
        session,
        select(col(Delivery.state), func.count())
        .where(
            col(Delivery.state).in_((*OPEN, *HELD, DeliveryState.AMBIGUOUS)),
            col(Delivery.due_at) <= before,
        )
        .group_by(col(Delivery.state)),
    )


def readers_by_state(session: Session) -> dict[str, int]:
    """Count the readers by where their subscription stands."""
    return _counts(session, select(col(Reader.state), func.count()).group_by(col(Reader.state)))


def bounces_by_kind(session: Session, since: datetime) -> dict[str, int]:
    """Count the reports of failed deliveries since an instant, by kind.

    Without an index: the table is small, housekeeping keeps it so.
    """
    return _counts(
        session,
        select(col(Bounce.kind), func.count())
        .where(col(Bounce.at) > since)
        .group_by(col(Bounce.kind)),
    )


def _counts(session: Session, query: Select[str, int]) -> dict[str, int]:
    return {name: count for name, count in session.execute(query)}


def coming(session: Session, now: datetime, until: datetime) -> Coming:
    """Return the next due instant, and how many readers fall due up to another one."""
    due = col(Reader.next_due_at)
    active = col(Reader.state) == ReaderState.ACTIVE
    first = session.execute(select(func.min(due)).where(active, due > now)).scalar_one()
    within = select(func.count()).where(active, due > now, due <= until)
    return Coming(first, session.execute(within).scalar_one())


def last_sign(session: Session) -> datetime | None:
    """Return when anything is last known to have run here: a job, or a delivery that was finished.

    Each maximum is one step in an index, or over a handful of rows. How far the ledger has come is
    no sign: a release sets it, too.
    """
    job = col(Job.name) != SENDING
    queries = (
        select(func.max(col(Delivery.finished_at))),
        select(func.max(col(Job.started_at))).where(job),
        select(func.max(col(Job.finished_at))).where(job),
    )
    instants = [session.execute(query).scalar_one() for query in queries]
    return max((instant for instant in instants if instant is not None), default=None)


def lost_leases(session: Session, before: datetime) -> int:
    """Count the rows whose lease ended before an instant and that nobody has taken back."""
    query = select(func.count()).where(
        col(Delivery.state).in_(HELD), col(Delivery.lease_until) < before
    )
    count: int = session.execute(query).scalar_one()
    return count


def overdue_since(session: Session, before: datetime) -> datetime | None:
    """Return since when work waits that should have begun before an instant; None if none does."""
    rows = select(func.min(col(Delivery.retry_at))).where(
        col(Delivery.state).in_(OPEN), col(Delivery.retry_at) < before
    )
    readers = select(func.min(col(Reader.next_due_at))).where(
        col(Reader.state) == ReaderState.ACTIVE, col(Reader.next_due_at) < before
    )
    instants = [session.execute(query).scalar_one() for query in (rows, readers)]
    return min((instant for instant in instants if instant is not None), default=None)


def deliveries_on(session: Session, reader_id: int, on: date) -> list[Delivery]:
    """Return a reader's deliveries of one local date, in the order in which they fell due."""
    query = (
        select(Delivery)
        .where(col(Delivery.reader_id) == reader_id, col(Delivery.local_date) == on)
        .order_by(col(Delivery.due_at), col(Delivery.id))
    )
    return list(session.execute(query).scalars())


def latest_of_stream(session: Session, reader_id: int, prefix: str) -> Delivery | None:
    """Return a reader's latest delivery of a stream whose name begins so; None if there is none."""
    query = (
        select(Delivery)
        .where(
            col(Delivery.reader_id) == reader_id,
            col(Delivery.stream).startswith(prefix, autoescape=True),
        )
        .order_by(col(Delivery.due_at).desc(), col(Delivery.id).desc())
        .limit(1)
    )
    delivery: Delivery | None = session.execute(query).scalar_one_or_none()
    return delivery


def papers_in(session: Session, delivery_id: int) -> int:
    """Return how many papers a delivery shows."""
    query = select(func.count()).where(col(DeliveryItem.delivery_id) == delivery_id)
    count: int = session.execute(query).scalar_one()
    return count


def has_interest(session: Session, reader_id: int) -> bool:
    """Return whether a reader has an interest: without one there is nothing to send."""
    query = select(col(Interest.id)).where(col(Interest.reader_id) == reader_id).limit(1)
    return session.execute(query).first() is not None


def bounces_of(
    session: Session, reader_id: int, after: datetime, until: datetime | None
) -> list[Bounce]:
    """Return the reports that count of a reader's failed mail, received in [after, until)."""
    query = select(Bounce).where(
        col(Bounce.reader_id) == reader_id,
        col(Bounce.kind) != "none",
        col(Bounce.at) >= after,
    )
    if until is not None:
        query = query.where(col(Bounce.at) < until)
    return list(session.execute(query.order_by(col(Bounce.at), col(Bounce.id))).scalars())


def next_sent_after(session: Session, row: Delivery) -> datetime | None:
    """Return when a reader's first mail after another one was sent; None when there is none.

    Only the reader's number is asked for: with the state, SQLite would rather read all that was
    ever sent to anybody.
    """
    query = select(col(Delivery.state), col(Delivery.finished_at)).where(
        col(Delivery.reader_id) == row.reader_id, col(Delivery.local_date) >= row.local_date
    )
    after = row.finished_at or row.due_at
    later = [
        at
        for state, at in session.execute(query)
        if state == DeliveryState.SENT and at is not None and at > after
    ]
    return min(later, default=None)

"""The ledger: one row per reader, stream and local date, claimed under a lease.

A row is claimed by one UPDATE ... RETURNING, and whoever finishes it must still hold the lease. The
state `data_started` is committed before a mail's body goes out, so that after a crash only rows in
that state are in doubt.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import delete, insert, select, update
from sqlmodel import Session, col

from paperround.store.dialect import insert_ignoring
from paperround.store.models import Delivery, DeliveryItem, DeliveryState, Reader

__all__ = [
    "LEASE",
    "DeliveryChange",
    "LastDigest",
    "ShownPaper",
    "advance_reader",
    "change_delivery",
    "claim_due",
    "deliveries_of",
    "due_readers",
    "enqueue",
    "items_of",
    "last_digest",
    "record_items",
    "return_expired_leases",
    "section_interest",
    "shown_papers",
]

# Longer than the ten minutes that a relay may take to answer the final dot (RFC 5321, 4.5.3.2.6).
LEASE = timedelta(minutes=15)

_OPEN = (DeliveryState.PENDING, DeliveryState.DEFERRED)
_NEVER_SHOWN = (DeliveryState.FAILED, DeliveryState.EXPIRED, DeliveryState.SKIPPED)
_HELD = (DeliveryState.CLAIMED, DeliveryState.DATA_STARTED)


@dataclass(frozen=True, slots=True)
class ShownPaper:
    """One paper in a digest, as the ledger keeps it."""

    paper_key: int
    section: str
    interest_id: int | None
    score: float
    reasons: dict[str, Any]


class LastDigest(NamedTuple):
    """The latest digest before a date."""

    on: date
    """The local date it was for."""
    at: datetime
    """The instant at which it was finished."""


@dataclass(frozen=True, slots=True)
class DeliveryChange:
    """What becomes of a claimed row; a field that is None is left as it is."""

    state: DeliveryState
    dated_at: datetime | None = None
    message_id: str | None = None
    subject: str | None = None
    size: int | None = None
    sha256: str | None = None
    code: int | None = None
    reason: str | None = None
    retry_at: datetime | None = None
    finished_at: datetime | None = None


def due_readers(session: Session, now: datetime) -> list[Reader]:
    """Return the active readers whose next digest is due."""
    query = (
        select(Reader)
        .where(col(Reader.active).is_(True), col(Reader.next_due_at) <= now)
        .order_by(col(Reader.next_due_at), col(Reader.id))
    )
    return list(session.execute(query).scalars())


def enqueue(
    session: Session, reader_id: int, stream: str, local_date: date, due_at: datetime
) -> bool:
    """Open the ledger's row for a date; return False when it is there already."""
    statement = (
        insert_ignoring(session, Delivery)
        .values(
            reader_id=reader_id,
            stream=stream,
            local_date=local_date,
            due_at=due_at,
            retry_at=due_at,
            state=DeliveryState.PENDING,
            attempt=0,
        )
        .returning(col(Delivery.id))
    )
    return session.execute(statement).first() is not None


def advance_reader(session: Session, reader: Reader, at: datetime, on: date) -> bool:
    """Move a reader's due time on; return False when another process did so first."""
    statement = (
        update(Reader)
        .where(col(Reader.id) == reader.id, col(Reader.next_due_at) == reader.next_due_at)
        .values(next_due_at=at, next_due_on=on)
        .returning(col(Reader.id))
    )
    return session.execute(statement).first() is not None


def claim_due(
    session: Session,
    owner: str,
    now: datetime,
    *,
    limit: int,
    only: Sequence[int] | None = None,
) -> list[Delivery]:
    """Take up to `limit` rows that are due, those waiting longest first, under a lease.

    Args:
        session: A writing transaction.
        owner: Who takes them; unique to this worker.
        now: The present instant.
        limit: How many at the most.
        only: Readers' numbers to which the claim is confined.
    """
    ready = (
        select(col(Delivery.id))
        .where(col(Delivery.state).in_(_OPEN), col(Delivery.retry_at) <= now)
        .order_by(col(Delivery.retry_at), col(Delivery.id))
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    if only is not None:
        ready = ready.where(col(Delivery.reader_id).in_(only))
    statement = (
        update(Delivery)
        .where(col(Delivery.id).in_(ready.scalar_subquery()))
        .values(
            state=DeliveryState.CLAIMED,
            lease_owner=owner,
            lease_until=now + LEASE,
            attempt=col(Delivery.attempt) + 1,
        )
        .returning(Delivery)
    )
    rows = session.execute(statement.execution_options(synchronize_session=False)).scalars().all()
    return sorted(rows, key=lambda row: (row.due_at, row.id or 0))


def change_delivery(session: Session, delivery_id: int, owner: str, change: DeliveryChange) -> bool:
    """Change a claimed row; return False when its lease was lost to somebody else."""
    values = {
        name: value
        for name in DeliveryChange.__dataclass_fields__
        if (value := getattr(change, name)) is not None
    }
    if change.state not in _HELD:
        values |= {"lease_owner": None, "lease_until": None}
    statement = (
        update(Delivery)
        .where(
            col(Delivery.id) == delivery_id,
            col(Delivery.lease_owner) == owner,
            col(Delivery.state).in_(_HELD),
        )
        .values(values)
        .returning(col(Delivery.id))
    )
    return session.execute(statement).first() is not None


def return_expired_leases(session: Session, now: datetime) -> int:
    """Give back the rows of workers that died, and return how many there were.

    A row whose body may have gone out is sent again with the same Message-ID: a reader who gets a
    digest twice can tell, one who gets none cannot.
    """
    statement = (
        update(Delivery)
        .where(col(Delivery.state).in_(_HELD), col(Delivery.lease_until) < now)
        .values(state=DeliveryState.PENDING, lease_owner=None, lease_until=None, retry_at=now)
        .returning(col(Delivery.id))
    )
    return len(session.execute(statement).all())


def record_items(session: Session, delivery_id: int, shown: Iterable[ShownPaper]) -> None:
    """Keep what a digest shows, in its order; an earlier attempt's list is replaced."""
    session.execute(delete(DeliveryItem).where(col(DeliveryItem.delivery_id) == delivery_id))
    rows = [
        {
            "delivery_id": delivery_id,
            "rank": rank,
            "paper_id": item.paper_key,
            "section": item.section,
            "interest_id": item.interest_id,
            "score": item.score,
            "reasons": item.reasons,
        }
        for rank, item in enumerate(shown, start=1)
    ]
    if rows:
        session.execute(insert(DeliveryItem), rows)


def items_of(session: Session, delivery_id: int) -> list[DeliveryItem]:
    """Return what a delivery shows, in the order of the mail."""
    query = (
        select(DeliveryItem)
        .where(col(DeliveryItem.delivery_id) == delivery_id)
        .order_by(col(DeliveryItem.rank))
    )
    return list(session.execute(query).scalars())


def deliveries_of(session: Session, reader_id: int) -> list[Delivery]:
    """Return a reader's deliveries, the latest date first."""
    query = (
        select(Delivery)
        .where(col(Delivery.reader_id) == reader_id)
        .order_by(col(Delivery.local_date).desc(), col(Delivery.id).desc())
    )
    return list(session.execute(query).scalars())


def shown_papers(session: Session, reader_id: int, before: date) -> frozenset[int]:
    """Return the papers that a reader's digests of earlier dates showed."""
    query = (
        select(col(DeliveryItem.paper_id))
        .join(Delivery, col(Delivery.id) == col(DeliveryItem.delivery_id))
        .where(
            col(Delivery.reader_id) == reader_id,
            col(Delivery.local_date) < before,
            col(Delivery.state).not_in(_NEVER_SHOWN),
        )
        .distinct()
    )
    return frozenset(session.execute(query).scalars())


def last_digest(session: Session, reader_id: int, before: date) -> LastDigest | None:
    """Return when a reader's latest earlier digest was sent or decided to be quiet."""
    query = (
        select(col(Delivery.local_date), col(Delivery.finished_at))
        .where(
            col(Delivery.reader_id) == reader_id,
            col(Delivery.local_date) < before,
            col(Delivery.state).in_((DeliveryState.SENT, DeliveryState.QUIET)),
        )
        .order_by(col(Delivery.local_date).desc())
        .limit(1)
    )
    row = session.execute(query).first()
    return LastDigest(row.local_date, row.finished_at) if row is not None else None


def section_interest(session: Session, reader_id: int, paper_key: int) -> int | None:
    """Return the interest under which a reader was last shown a paper."""
    query = (
        select(col(DeliveryItem.interest_id))
        .join(Delivery, col(Delivery.id) == col(DeliveryItem.delivery_id))
        .where(col(Delivery.reader_id) == reader_id, col(DeliveryItem.paper_id) == paper_key)
        .order_by(col(Delivery.local_date).desc())
        .limit(1)
    )
    return session.execute(query).scalar_one_or_none()

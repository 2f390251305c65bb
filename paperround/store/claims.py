"""Who works on which rows of the ledger: claimed under a lease, renewed, given back untouched."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, select, update
from sqlmodel import Session, col

from paperround.store.deliveries import HELD, OPEN, history_line, in_place
from paperround.store.models import Delivery, DeliveryState

__all__ = ["SUSPECT", "claim_due", "give_back", "renew_leases"]

SUSPECT = 3
"""Tries after which a row is claimed alone: should it kill workers, it takes no others along."""


def claim_due(
    session: Session,
    owner: str,
    now: datetime,
    *,
    until: datetime,
    limit: int,
    only: Sequence[int] | None = None,
) -> list[Delivery]:
    """Take up to `limit` rows that are due, those waiting longest first, under a lease.

    Notices, for which somebody waits before a screen, go before digests; rows that were tried often
    come last and one at a time.

    Args:
        session: A writing transaction.
        owner: Who takes them; unique to this worker.
        now: The present instant.
        until: When the lease ends.
        limit: How many at the most.
        only: Readers' numbers to which the claim is confined.
    """
    notices = col(Delivery.stream) != "daily"
    fresh = col(Delivery.attempt) < SUSPECT
    for condition, count in ((notices & fresh, limit), (~notices & fresh, limit), (~fresh, 1)):
        rows = _claim(session, owner, now, until, condition, count, only)
        if rows:
            return sorted(rows, key=lambda row: (row.local_date, row.due_at, row.id or 0))
    return []


def _claim(
    session: Session,
    owner: str,
    now: datetime,
    until: datetime,
    condition: ColumnElement[bool],
    limit: int,
    only: Sequence[int] | None,
) -> Sequence[Delivery]:
    ready = (
        select(col(Delivery.id))
        .where(
            col(Delivery.state).in_(OPEN),
            col(Delivery.retry_at) <= now,
            col(Delivery.expires_at) > now,
            condition,
        )
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
            lease_until=until,
            attempt=col(Delivery.attempt) + 1,
            history=history_line(
                now, DeliveryState.CLAIMED, f"by {owner}", attempt=col(Delivery.attempt) + 1
            ),
        )
        .returning(Delivery)
    )
    return session.execute(in_place(statement)).scalars().all()


def renew_leases(session: Session, owner: str, until: datetime) -> int:
    """Keep what a worker holds for longer, and return how many rows that is."""
    statement = (
        update(Delivery)
        .where(col(Delivery.lease_owner) == owner, col(Delivery.state).in_(HELD))
        .values(lease_until=until)
        .returning(col(Delivery.id))
    )
    return len(session.execute(in_place(statement)).all())


def give_back(
    session: Session,
    delivery_ids: Sequence[int],
    owner: str,
    now: datetime,
    why: str,
    *,
    begun: bool = False,
) -> int:
    """Return claimed rows untouched: the try does not count. Return how many that were.

    Args:
        session: A writing transaction.
        delivery_ids: Of the rows.
        owner: Who holds them.
        now: The present instant.
        why: For the history.
        begun: Also those whose body was begun; the caller knows that the relay does not have it.
    """
    states = HELD if begun else (DeliveryState.CLAIMED, DeliveryState.RENDERED)
    statement = (
        update(Delivery)
        .where(
            col(Delivery.id).in_(delivery_ids),
            col(Delivery.lease_owner) == owner,
            col(Delivery.state).in_(states),
        )
        .values(
            state=DeliveryState.PENDING,
            lease_owner=None,
            lease_until=None,
            attempt=col(Delivery.attempt) - 1,
            reason=why,
            history=history_line(now, DeliveryState.PENDING, why),
        )
        .returning(col(Delivery.id))
    )
    return len(session.execute(in_place(statement)).all())

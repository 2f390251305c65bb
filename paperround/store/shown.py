"""What readers were shown: the papers of their deliveries, at which rank and why."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import delete, insert, select
from sqlmodel import Session, col

from paperround.store.models import Delivery, DeliveryItem, DeliveryState

__all__ = [
    "LastDigest",
    "ShownPaper",
    "items_of",
    "last_digest",
    "record_items",
    "record_shown",
    "section_interest",
    "shown_papers",
]

_NEVER_SHOWN = (DeliveryState.FAILED, DeliveryState.EXPIRED, DeliveryState.SKIPPED)


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


def record_items(session: Session, delivery_id: int, shown: Iterable[ShownPaper]) -> None:
    """Keep what one digest shows, in its order; an earlier attempt's list is replaced."""
    record_shown(session, {delivery_id: shown})


def record_shown(session: Session, shown: Mapping[int, Iterable[ShownPaper]]) -> None:
    """Keep what digests show, by delivery, each in its order; an earlier list is replaced."""
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
        for delivery_id, items in shown.items()
        for rank, item in enumerate(items, start=1)
    ]
    connection = session.connection()
    connection.execute(delete(DeliveryItem).where(col(DeliveryItem.delivery_id).in_(shown)))
    if rows:
        connection.execute(insert(DeliveryItem), rows)


def items_of(session: Session, delivery_id: int) -> list[DeliveryItem]:
    """Return what a delivery shows, in the order of the mail."""
    query = (
        select(DeliveryItem)
        .where(col(DeliveryItem.delivery_id) == delivery_id)
        .order_by(col(DeliveryItem.rank))
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

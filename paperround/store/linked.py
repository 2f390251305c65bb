"""What the signed links of a digest lead to: its delivery, its papers, their ratings.

Everything here only reads.
"""

from collections.abc import Iterable
from typing import NamedTuple

from sqlalchemy import select
from sqlmodel import Session, col

from paperround.store.models import Delivery, DeliveryItem, Rating

__all__ = ["ShowingDigest", "delivery_to", "digest_showing", "given_ratings"]


class ShowingDigest(NamedTuple):
    """The digest that showed a reader a paper."""

    delivery_id: int
    interest_id: int | None
    """The interest under which it showed the paper; None for a section that is not of one."""


def delivery_to(session: Session, reader_id: int, delivery_id: int) -> Delivery | None:
    """Return a delivery, if it is this reader's."""
    query = select(Delivery).where(
        col(Delivery.id) == delivery_id, col(Delivery.reader_id) == reader_id
    )
    delivery: Delivery | None = session.execute(query).scalar_one_or_none()
    return delivery


def digest_showing(session: Session, reader_id: int, paper_key: int) -> ShowingDigest | None:
    """Return the latest digest that showed a reader a paper; None when none did."""
    query = (
        select(col(DeliveryItem.delivery_id), col(DeliveryItem.interest_id))
        .join(Delivery, col(Delivery.id) == col(DeliveryItem.delivery_id))
        .where(col(Delivery.reader_id) == reader_id, col(DeliveryItem.paper_id) == paper_key)
        .order_by(col(Delivery.local_date).desc())
        .limit(1)
    )
    row = session.execute(query).first()
    return ShowingDigest(row.delivery_id, row.interest_id) if row is not None else None


def given_ratings(session: Session, reader_id: int, paper_keys: Iterable[int]) -> dict[int, int]:
    """Return how a reader rated these papers, 1 or -1; unrated ones are left out."""
    query = select(col(Rating.paper_id), col(Rating.value)).where(
        col(Rating.reader_id) == reader_id, col(Rating.paper_id).in_(list(paper_keys))
    )
    return {key: value for key, value in session.execute(query)}

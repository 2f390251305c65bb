"""The ledger read backwards: which ratings belong to which digest, and what was known before it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any

from sqlalchemy import RowMapping, Select, and_, select
from sqlmodel import Session, col

from paperround.store.models import Delivery, DeliveryItem, DeliveryState, Embedding, Paper, Rating

__all__ = ["Verdict", "vectors_announced", "verdicts"]

# Three megabytes of vectors of 384 dimensions.
AT_ONCE = 2_048


@dataclass(frozen=True, slots=True)
class Verdict:
    """A rating, and the digest that it is about."""

    reader_id: int
    paper_key: int
    liked: bool
    day: date
    """Of the digest that showed the paper; the day of the rating when none did."""
    known_at: datetime
    """Only ratings from before this instant could teach that day's ranking."""
    interest_id: int | None
    """The section that it was shown in; None for other sections and papers that were not shown."""
    delivery_id: int | None
    """The digest that showed it; None when none did."""


def verdicts(session: Session, since: date | None = None) -> list[Verdict]:
    """Return all ratings with their digests, the earliest day first.

    A paper that several digests showed counts for the first; one that was rated before its digest
    was due is not judged by it and left out.

    Args:
        session: Where to look.
        since: Leave out earlier days.
    """
    found: dict[tuple[int, int], Verdict] = {}
    for row in session.execute(_with_digests()).mappings():
        verdict = _verdict(row)
        if row["rated_at"] >= verdict.known_at:
            found.setdefault((verdict.reader_id, verdict.paper_key), verdict)
    kept = (each for each in found.values() if since is None or each.day >= since)
    return sorted(kept, key=lambda each: (each.day, each.reader_id, each.paper_key))


def _with_digests() -> Select[Any]:
    """Select every rating with each digest that was sent and showed the paper, if any."""
    sent = and_(
        col(Delivery.id) == col(DeliveryItem.delivery_id),
        col(Delivery.state) == DeliveryState.SENT,
    )
    items = (
        select(
            col(Delivery.reader_id),
            col(DeliveryItem.paper_id),
            col(DeliveryItem.interest_id),
            col(DeliveryItem.delivery_id),
            col(Delivery.local_date),
            col(Delivery.due_at),
        )
        .join(Delivery, sent)
        .subquery()
    )
    same = and_(
        items.c.reader_id == col(Rating.reader_id), items.c.paper_id == col(Rating.paper_id)
    )
    rating = (col(Rating.reader_id), col(Rating.paper_id), col(Rating.value), col(Rating.rated_at))
    digest = (items.c.interest_id, items.c.delivery_id, items.c.local_date, items.c.due_at)
    return select(*rating, *digest).outerjoin(items, same).order_by(items.c.local_date)


def _verdict(row: RowMapping) -> Verdict:
    day: date = row["local_date"] or row["rated_at"].date()
    return Verdict(
        reader_id=row["reader_id"],
        paper_key=row["paper_id"],
        liked=row["value"] > 0,
        day=day,
        known_at=row["due_at"] or datetime.combine(day, time(), UTC),
        interest_id=row["interest_id"],
        delivery_id=row["delivery_id"],
    )


def vectors_announced(
    session: Session, model: str, first: date | None, last: date
) -> Iterator[Sequence[bytes]]:
    """Yield the packed vectors of the papers announced from `first` to `last`, some at a time.

    Both days are included; `first` None means from the beginning. Uses the index on the day of
    announcement.
    """
    same_text = and_(
        col(Embedding.text_hash) == col(Paper.text_hash), col(Embedding.model) == model
    )
    query = (
        select(col(Embedding.vector)).join(Paper, same_text).where(col(Paper.announced_on) <= last)
    )
    if first is not None:
        query = query.where(col(Paper.announced_on) >= first)
    streamed = session.execute(query, execution_options={"yield_per": AT_ONCE})
    yield from streamed.scalars().partitions()

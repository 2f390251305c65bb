"""Everything that is kept about one reader, as JSON-ready values.

What machines need to do their work is left out: leases, keys of rows, the bytes of mails under way.
"""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, SQLModel, col

from paperround.store.models import (
    AddressChange,
    Bounce,
    Consent,
    Delivery,
    DeliveryItem,
    Interest,
    InterestPaper,
    Paper,
    Rating,
    Reader,
)

__all__ = ["everything_about"]

Values = dict[str, Any]  # whatever a column holds, as JSON has it

_INTERNAL = {"id", "reader_id", "address_key", "prose_hash", "lease_owner", "lease_until", "report"}


def everything_about(session: Session, reader: Reader) -> Values:
    """Return a reader's row and all that hangs on it, each list in its order of time."""
    assert reader.id is not None
    interests = _rows(session, Interest, reader.id)
    names = {row.id: row.name for row in interests}
    return {
        "reader": _values(reader),
        "interests": [
            _values(row) | {"papers": papers}
            for row, papers in zip(interests, _named_papers(session, interests), strict=True)
        ],
        "ratings": _ratings(session, reader.id, names),
        "deliveries": _deliveries(session, reader.id, names),
        "consents": [_values(row) for row in _rows(session, Consent, reader.id)],
        "bounces": [_values(row) for row in _rows(session, Bounce, reader.id)],
        "address_changes": [
            _values(row)
            for row in session.execute(
                select(AddressChange).where(col(AddressChange.reader_id) == reader.id)
            ).scalars()
        ],
    }


def _values(row: SQLModel) -> Values:
    return row.model_dump(mode="json", exclude=_INTERNAL)


def _rows(session: Session, model: Any, reader_id: int) -> list[Any]:  # any table with a reader_id
    query = select(model).where(model.reader_id == reader_id).order_by(model.id)
    return list(session.execute(query).scalars())


def _named_papers(session: Session, interests: Sequence[Interest]) -> list[list[Values]]:
    """For each interest the papers that it names."""
    query = (
        select(InterestPaper, col(Paper.paper_id), col(Paper.title))
        .join(Paper, col(Paper.id) == col(InterestPaper.paper_id))
        .where(col(InterestPaper.interest_id).in_([row.id for row in interests]))
        .order_by(col(InterestPaper.added_at), col(InterestPaper.paper_id))
    )
    named = defaultdict(list)
    for row, paper_id, title in session.execute(query):
        named[row.interest_id].append(
            {"paper": paper_id, "title": title, "liked": row.liked, "at": row.added_at.isoformat()}
        )
    return [named[row.id] for row in interests]


def _ratings(session: Session, reader_id: int, names: dict[int | None, str]) -> list[Values]:
    query = (
        select(Rating, col(Paper.paper_id), col(Paper.title))
        .join(Paper, col(Paper.id) == col(Rating.paper_id))
        .where(col(Rating.reader_id) == reader_id)
        .order_by(col(Rating.rated_at), col(Rating.id))
    )
    return [
        {
            "paper": paper_id,
            "title": title,
            "value": row.value,
            "interest": names.get(row.interest_id),
            "at": row.rated_at.isoformat(),
        }
        for row, paper_id, title in session.execute(query)
    ]


def _deliveries(session: Session, reader_id: int, names: dict[int | None, str]) -> list[Values]:
    """All mails, those that were not sent with their reasons, and what each one showed."""
    query = (
        select(DeliveryItem, col(Paper.paper_id), col(Paper.title))
        .join(Paper, col(Paper.id) == col(DeliveryItem.paper_id))
        .join(Delivery, col(Delivery.id) == col(DeliveryItem.delivery_id))
        .where(col(Delivery.reader_id) == reader_id)
        .order_by(col(DeliveryItem.delivery_id), col(DeliveryItem.rank))
    )
    shown = defaultdict(list)
    for item, paper_id, title in session.execute(query):
        shown[item.delivery_id].append(
            {
                "rank": item.rank,
                "paper": paper_id,
                "title": title,
                "section": item.section,
                "interest": names.get(item.interest_id),
                "score": item.score,
                "reasons": item.reasons,
            }
        )
    return [_values(row) | {"shown": shown[row.id]} for row in _rows(session, Delivery, reader_id)]

"""Vectors: which texts still need one, and the running statistics over all of them."""

from collections.abc import Iterable, Sequence
from datetime import date

from sqlalchemy import Select, and_, func, or_, select
from sqlmodel import Session, col

from paperround.store.dialect import insert_ignoring
from paperround.store.models import (
    Background,
    Embedding,
    Interest,
    InterestPaper,
    Paper,
    Rating,
)

__all__ = [
    "count_unembedded",
    "load_background",
    "save_background",
    "save_vectors",
    "unembedded_papers",
    "unembedded_prose",
    "vectors_after",
    "vectors_of",
]

PaperText = tuple[str, str, str]
"""Text hash, title, abstract."""


def _unembedded(model: str, since: date | None) -> Select[str, str, str]:
    same_text = and_(
        col(Embedding.text_hash) == col(Paper.text_hash), col(Embedding.model) == model
    )
    query = (
        select(col(Paper.text_hash), col(Paper.title), col(Paper.abstract))
        .outerjoin(Embedding, same_text)
        .where(col(Embedding.id).is_(None))
    )
    if since is None:
        return query
    named = select(col(InterestPaper.paper_id)).where(col(InterestPaper.paper_id) == col(Paper.id))
    rated = select(col(Rating.paper_id)).where(col(Rating.paper_id) == col(Paper.id))
    return query.where(or_(col(Paper.announced_on) >= since, named.exists(), rated.exists()))


def count_unembedded(session: Session, model: str, *, since: date | None = None) -> int:
    """Return how many papers have no vector of this model; `since` as in `unembedded_papers`."""
    query = _unembedded(model, since).subquery()
    count: int = session.execute(select(func.count()).select_from(query)).scalar_one()
    return count


def unembedded_papers(
    session: Session, model: str, *, since: date | None = None, limit: int
) -> list[PaperText]:
    """Return texts that have no vector of this model, those of the newest papers first.

    Args:
        session: Where to look.
        model: Name of the model.
        since: Leave out papers announced earlier, but not those that readers named or rated.
        limit: How many at the most.
    """
    query = (
        _unembedded(model, since)
        .order_by(col(Paper.announced_on).desc().nulls_first(), col(Paper.id))
        .limit(limit)
    )
    return [(text_hash, title, abstract) for text_hash, title, abstract in session.execute(query)]


def unembedded_prose(session: Session, model: str) -> list[Interest]:
    """Return the interests whose words have no vector of this model."""
    same_text = and_(
        col(Embedding.text_hash) == col(Interest.prose_hash), col(Embedding.model) == model
    )
    query = (
        select(Interest)
        .outerjoin(Embedding, same_text)
        .where(col(Interest.prose_hash).is_not(None), col(Embedding.id).is_(None))
    )
    return list(session.execute(query).scalars())


def save_vectors(session: Session, model: str, vectors: Iterable[tuple[str, bytes]]) -> None:
    """Keep packed vectors by text hash; one that is there already stays."""
    rows = [
        {"model": model, "text_hash": text_hash, "vector": vector} for text_hash, vector in vectors
    ]
    if rows:
        session.connection().execute(insert_ignoring(session, Embedding), rows)


def vectors_of(session: Session, model: str, hashes: Sequence[str]) -> dict[str, bytes]:
    """Return the packed vectors of these texts; those without one are left out."""
    query = select(col(Embedding.text_hash), col(Embedding.vector)).where(
        col(Embedding.model) == model, col(Embedding.text_hash).in_(hashes)
    )
    return {text_hash: vector for text_hash, vector in session.execute(query)}


def vectors_after(
    session: Session, model: str, last_id: int, limit: int
) -> list[tuple[int, bytes]]:
    """Return up to `limit` packed vectors with their ids, in the order they were made."""
    query = (
        select(col(Embedding.id), col(Embedding.vector))
        .where(col(Embedding.model) == model, col(Embedding.id) > last_id)
        .order_by(col(Embedding.id))
        .limit(limit)
    )
    return [(key, vector) for key, vector in session.execute(query) if key is not None]


def load_background(session: Session, model: str) -> tuple[bytes, int] | None:
    """Return the packed statistics and the last embedding they count; None before the first."""
    row = session.get(Background, model)
    return (row.statistics, row.last_embedding_id) if row is not None else None


def save_background(session: Session, model: str, statistics: bytes, last_id: int) -> None:
    """Keep the statistics together with the last embedding that they count."""
    session.merge(Background(model=model, statistics=statistics, last_embedding_id=last_id))

"""What attention is learned from and measured against: papers of the past, in bulk.

Reads columns, not whole papers: thousands of rows in a moment.
"""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import and_, func, select
from sqlmodel import Session, col

from paperround.store.models import Embedding, Paper

__all__ = ["PastPaper", "first_listing", "past_papers", "stream_vectors", "stream_version"]


@dataclass(frozen=True, slots=True)
class PastPaper:
    """A paper as it was announced, and whether the Hugging Face daily page had it."""

    title: str
    abstract: str
    n_authors: int
    categories: tuple[str, ...]
    is_listed: bool


def stream_version(session: Session) -> tuple[int, int]:
    """Return two numbers that change whenever papers or vectors came in."""
    papers = select(func.max(col(Paper.id))).scalar_subquery()
    vectors = select(func.max(col(Embedding.id))).scalar_subquery()
    row = session.execute(select(papers, vectors)).one()
    return row[0] or 0, row[1] or 0


def first_listing(session: Session) -> date | None:
    """Return the first day of which a paper with upvotes was announced; None without any.

    Before it the store does not know which papers were listed.
    """
    query = select(func.min(col(Paper.announced_on))).where(col(Paper.upvotes).is_not(None))
    first: date | None = session.execute(query).scalar_one()
    return first


def past_papers(session: Session, first: date, last: date, *, limit: int) -> list[PastPaper]:
    """Return the newest papers announced from `first` to `last`, both included, newest first."""
    announced = col(Paper.announced_on)
    query = (
        select(
            col(Paper.title),
            col(Paper.abstract),
            col(Paper.authors),
            col(Paper.categories),
            col(Paper.upvotes),
        )
        .where(announced.between(first, last))
        .order_by(announced.desc(), col(Paper.id).desc())
        .limit(limit)
    )
    return [
        PastPaper(title, abstract, len(authors), tuple(categories), upvotes is not None)
        for title, abstract, authors, categories, upvotes in session.execute(query)
    ]


def stream_vectors(
    session: Session, before: date, *, model: str, limit: int
) -> list[tuple[int, bytes]]:
    """Return key and packed vector of the papers announced before a day, newest first."""
    same_text = and_(
        col(Embedding.text_hash) == col(Paper.text_hash), col(Embedding.model) == model
    )
    announced = col(Paper.announced_on)
    query = (
        select(col(Paper.id), col(Embedding.vector))
        .join(Embedding, same_text)
        .where(announced < before)
        .order_by(announced.desc(), col(Paper.id).desc())
        .limit(limit)
    )
    return [(key, vector) for key, vector in session.execute(query) if key is not None]

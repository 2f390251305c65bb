"""Papers: bring them in, find them, read those of a day with their vectors."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import RowMapping, Select, and_, bindparam, func, select, update
from sqlmodel import Session, col

from paperround.records import PaperRecord
from paperround.store.dialect import insert_ignoring
from paperround.store.merge import TITLE_KEY_CHARS, merge_record
from paperround.store.models import Embedding, Paper

__all__ = [
    "StoredPaper",
    "Upserted",
    "count_papers",
    "latest_announcement",
    "paper_ids",
    "papers_announced",
    "papers_by_doi",
    "papers_by_key",
    "papers_by_title",
    "upsert_papers",
]

_TABLE = Paper.__table__  # type: ignore[attr-defined]  # SQLModel does not declare it
_COLUMNS = tuple(column.name for column in _TABLE.columns if column.name != "id")


@dataclass(frozen=True, slots=True)
class StoredPaper:
    """A paper as ranking and digests need it."""

    key: int
    """The store's own number for it."""
    paper_id: str
    title: str
    abstract: str
    authors: tuple[str, ...]
    affiliations: tuple[str, ...]
    """Of all authors, each once, in order."""
    categories: tuple[str, ...]
    announced_on: date | None
    url: str
    code_url: str | None
    upvotes: int | None
    text_hash: str
    added_at: datetime
    vector: bytes | None
    """Packed float32 of the model asked for; None when it is not embedded yet."""


@dataclass(frozen=True, slots=True)
class Upserted:
    """What a batch of records did."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0

    def __add__(self, other: "Upserted") -> "Upserted":
        return Upserted(
            self.added + other.added,
            self.changed + other.changed,
            self.unchanged + other.unchanged,
        )


def upsert_papers(session: Session, records: Iterable[PaperRecord], now: datetime) -> Upserted:
    """Bring in a batch of records; the same batch again changes nothing.

    Records of one paper, in the batch or in the store, become one row (see `store.merge`).
    """
    by_paper: dict[str, list[PaperRecord]] = {}
    for record in records:
        by_paper.setdefault(record.paper_id, []).append(record)
    query = select(_TABLE).where(_TABLE.c.paper_id.in_(by_paper))
    known = {row["paper_id"]: dict(row) for row in session.execute(query).mappings()}
    new: list[dict[str, Any]] = []
    changed: list[dict[str, Any]] = []
    for paper_id, batch in by_paper.items():
        before = known.get(paper_id)
        after = _merged(before, batch, now)
        if before is None:
            new.append(after)
        elif after != before:
            changed.append(
                {f"new_{name}": after[name] for name in _COLUMNS} | {"key": before["id"]}
            )
    _write(session, new, changed)
    return Upserted(len(new), len(changed), len(by_paper) - len(new) - len(changed))


def _merged(
    before: Mapping[str, Any] | None, batch: Sequence[PaperRecord], now: datetime
) -> dict[str, Any]:
    row = merge_record(before, batch[0], now)
    for record in batch[1:]:
        row = merge_record(row, record, now)
    return row


def _write(session: Session, new: list[dict[str, Any]], changed: list[dict[str, Any]]) -> None:
    connection = session.connection()
    if new:
        connection.execute(insert_ignoring(session, Paper), new)
    if changed:
        connection.execute(
            update(_TABLE)
            .where(_TABLE.c.id == bindparam("key"))
            .values({name: bindparam(f"new_{name}") for name in _COLUMNS}),
            changed,
        )


def count_papers(session: Session) -> int:
    """Return the number of papers."""
    count: int = session.execute(select(func.count()).select_from(Paper)).scalar_one()
    return count


def latest_announcement(session: Session) -> date | None:
    """Return the latest day on which any paper here was announced."""
    latest: date | None = session.execute(select(func.max(col(Paper.announced_on)))).scalar_one()
    return latest


def paper_ids(session: Session, ids: Iterable[str]) -> dict[str, int]:
    """Return the keys of the papers with these canonical ids; unknown ones are left out."""
    query = select(col(Paper.paper_id), col(Paper.id)).where(col(Paper.paper_id).in_(list(ids)))
    return {paper_id: key for paper_id, key in session.execute(query) if key is not None}


def papers_by_doi(session: Session, dois: Iterable[str]) -> dict[str, int]:
    """Return the keys of the papers whose published version has one of these DOIs."""
    query = select(col(Paper.doi), col(Paper.id)).where(col(Paper.doi).in_(list(dois)))
    return {doi: key for doi, key in session.execute(query) if doi and key is not None}


def papers_by_title(session: Session, title_keys: Iterable[str]) -> dict[str, int]:
    """Return the keys of the papers with these folded titles.

    A title that several papers share is left out: guessing between them helps nobody.
    """
    wanted = {key[:TITLE_KEY_CHARS]: key for key in title_keys if key}
    query = (
        select(col(Paper.title_key), func.min(col(Paper.id)))
        .where(col(Paper.title_key).in_(list(wanted)))
        .group_by(col(Paper.title_key))
        .having(func.count() == 1)
    )
    return {wanted[title]: key for title, key in session.execute(query)}


def papers_announced(
    session: Session, first: date, last: date, *, model: str, limit: int | None = None
) -> list[StoredPaper]:
    """Return the papers announced from `first` to `last`, both included, newest first."""
    announced = col(Paper.announced_on)
    query = (
        _with_vectors(model)
        .where(announced.between(first, last))
        .order_by(announced.desc(), col(Paper.id))
        .limit(limit)
    )
    return [_stored(row) for row in session.execute(query).mappings()]


def papers_by_key(session: Session, keys: Iterable[int], *, model: str) -> dict[int, StoredPaper]:
    """Return the papers with these keys."""
    query = _with_vectors(model).where(col(Paper.id).in_(list(keys)))
    return {row["id"]: _stored(row) for row in session.execute(query).mappings()}


def _with_vectors(model: str) -> Select[Any]:
    same_text = and_(
        col(Embedding.text_hash) == col(Paper.text_hash), col(Embedding.model) == model
    )
    return select(
        col(Paper.id),
        col(Paper.paper_id),
        col(Paper.title),
        col(Paper.abstract),
        col(Paper.authors),
        col(Paper.categories),
        col(Paper.announced_on),
        col(Paper.url),
        col(Paper.code_url),
        col(Paper.upvotes),
        col(Paper.text_hash),
        col(Paper.added_at),
        col(Embedding.vector),
    ).outerjoin(Embedding, same_text)


def _stored(row: RowMapping) -> StoredPaper:
    authors: Sequence[Mapping[str, Any]] = row["authors"]
    places = (place for author in authors for place in author["affiliations"])
    return StoredPaper(
        key=row["id"],
        paper_id=row["paper_id"],
        title=row["title"],
        abstract=row["abstract"],
        authors=tuple(author["name"] for author in authors),
        affiliations=tuple(dict.fromkeys(places)),
        categories=tuple(row["categories"]),
        announced_on=row["announced_on"],
        url=row["url"],
        code_url=row["code_url"],
        upvotes=row["upvotes"],
        text_hash=row["text_hash"],
        added_at=row["added_at"],
        vector=row["vector"],
    )

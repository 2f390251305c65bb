"""Interests: what a reader says they care about, in words, papers and libraries."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from paperround.context import App
from paperround.errors import InvalidInterestError
from paperround.folding import fold
from paperround.identity import canonical, title_key
from paperround.records import AuthorRecord, LibraryItem, PaperRecord
from paperround.store import papers as paper_store
from paperround.store import readers as store
from paperround.store.engine import Session
from paperround.store.models import Interest
from paperround.taxonomy import check_category
from recommender.text import prose_text, text_hash

__all__ = ["InterestReport", "NewInterest", "add_interest", "list_interests", "remove_interest"]

MAX_NAME = 80
MAX_PROSE = 5_000


@dataclass(frozen=True, slots=True)
class NewInterest:
    """What a reader says of one interest; quota and threshold None mean the default."""

    name: str
    prose: str = ""
    keywords: tuple[str, ...] = ()
    like: tuple[str, ...] = ()
    """Papers by id, in any shape of it."""
    dislike: tuple[str, ...] = ()
    library: tuple[LibraryItem, ...] = ()
    """Papers of a library that the reader has; all count as liked."""
    mute_words: tuple[str, ...] = ()
    mute_authors: tuple[str, ...] = ()
    mute_categories: tuple[str, ...] = ()
    follow_authors: tuple[str, ...] = ()
    quota: int | None = None
    threshold: float | None = None


@dataclass(frozen=True, slots=True)
class InterestReport:
    """What became of an interest's papers."""

    interest: Interest
    matched: int
    """Papers that are in the store."""
    kept_as_text: int
    """Library items that no paper here matches, kept by their title and abstract."""
    unresolved: tuple[str, ...]
    """Ids that no paper here has and that bring no text, so that they teach nothing yet."""


def add_interest(
    app: App, address: str, new: NewInterest, *, dry_run: bool = False
) -> InterestReport:
    """Add an interest, or replace the one of the same name and add to its papers.

    Raises:
        UnknownReaderError: No reader has this address.
        InvalidInterestError: The interest is empty or a field makes no sense.
        IdentityError: A liked or disliked paper is not named by an id.
    """
    now = app.clock()
    _check(new)
    wanted = [*(_item(text) for text in new.like), *new.library]
    unwanted = [_item(text) for text in new.dislike]
    context = app.database.read() if dry_run else app.database.write()
    with context as session:
        reader = store.reader_at(session, address)
        assert reader.id is not None
        interest = _row(app, reader.id, new, now)
        liked = _resolve(session, wanted)
        disliked = _resolve(session, unwanted)
        if not dry_run:
            interest = store.add_interest(session, interest)
            assert interest.id is not None
            for found, is_liked in ((liked, True), (disliked, False)):
                keys = [*found.keys, *_keep_as_text(session, found.texts, now)]
                store.name_papers(session, interest.id, keys, liked=is_liked, now=now)
    return InterestReport(
        interest=interest,
        matched=len(liked.keys) + len(disliked.keys),
        kept_as_text=len(liked.texts) + len(disliked.texts),
        unresolved=(*liked.unresolved, *disliked.unresolved),
    )


def list_interests(app: App, address: str) -> list[Interest]:
    """Return a reader's interests in the order they were added.

    Raises:
        UnknownReaderError: No reader has this address.
    """
    with app.database.read() as session:
        reader = store.reader_at(session, address)
        assert reader.id is not None
        return store.interests_of(session, reader.id)


def remove_interest(app: App, address: str, name: str, *, dry_run: bool = False) -> None:
    """Remove an interest; what was rated under it stays.

    Raises:
        UnknownReaderError: No reader has this address.
        UnknownInterestError: The reader has no such interest.
    """
    context = app.database.read() if dry_run else app.database.write()
    with context as session:
        reader = store.reader_at(session, address)
        assert reader.id is not None
        interest = store.interest_named(session, reader.id, name)
        if not dry_run:
            store.remove_interest(session, interest)


def _check(new: NewInterest) -> None:
    if not fold(new.name) or len(new.name) > MAX_NAME:
        raise InvalidInterestError(f"an interest needs a name of 1 to {MAX_NAME} characters")
    if len(new.prose) > MAX_PROSE:
        raise InvalidInterestError(f"describe an interest in {MAX_PROSE} characters at the most")
    if not (
        fold(new.prose) or _folded(new.keywords) or new.like or new.library or new.follow_authors
    ):
        raise InvalidInterestError(
            f"interest {new.name!r} says nothing yet; give it a sentence, keywords, "
            "liked papers, a library or authors to follow"
        )
    if new.quota is not None and not 1 <= new.quota <= 50:
        raise InvalidInterestError(f"a quota is 1 to 50 papers, not {new.quota}")
    if new.threshold is not None and not 0 <= new.threshold <= 100:
        raise InvalidInterestError(f"a threshold is 0 to 100, not {new.threshold:g}")
    for category in new.mute_categories:
        check_category(category)


def _row(app: App, reader_id: int, new: NewInterest, now: datetime) -> Interest:
    settings = app.settings
    prose, keywords = fold(new.prose), _folded(new.keywords)
    words = prose_text(prose, keywords)
    return Interest(
        reader_id=reader_id,
        name=fold(new.name),
        prose=prose,
        prose_hash=text_hash(words) if words else None,
        keywords=keywords,
        muted_words=_folded(new.mute_words),
        muted_authors=_folded(new.mute_authors),
        muted_categories=[check_category(code) for code in new.mute_categories],
        followed_authors=_folded(new.follow_authors),
        quota=new.quota if new.quota is not None else settings.digest_quota,
        threshold=new.threshold if new.threshold is not None else settings.digest_threshold,
        added_at=now,
    )


def _folded(texts: Iterable[str]) -> list[str]:
    """Return texts that the store can keep, without those of which nothing is left."""
    return list(filter(None, map(fold, texts)))


@dataclass(frozen=True, slots=True)
class _Resolved:
    keys: tuple[int, ...]
    texts: tuple[LibraryItem, ...]
    unresolved: tuple[str, ...]


def _item(text: str) -> LibraryItem:
    """Return the library item that a bare id is."""
    paper_id = canonical(text)
    kind, _, value = paper_id.partition(":")
    blank = LibraryItem(title="", key=text)
    return replace(blank, arxiv_id=value) if kind == "arxiv" else replace(blank, doi=value)


def _resolve(session: Session, items: Sequence[LibraryItem]) -> _Resolved:
    """Match items to papers by id, then by DOI, then by title."""
    by_id = paper_store.paper_ids(session, filter(None, map(_paper_id, items)))
    by_doi = paper_store.papers_by_doi(session, [item.doi for item in items if item.doi])
    by_title = paper_store.papers_by_title(session, [title_key(item.title) for item in items])
    keys: dict[int, None] = {}
    texts: list[LibraryItem] = []
    unresolved: list[str] = []
    for item in items:
        key = (
            by_id.get(_paper_id(item) or "")
            or by_doi.get(item.doi or "")
            or by_title.get(title_key(item.title))
        )
        if key is not None:
            keys[key] = None
        elif item.title:
            texts.append(item)
        else:
            unresolved.append(item.arxiv_id or item.doi or item.key)
    return _Resolved(tuple(keys), tuple(texts), tuple(unresolved))


def _paper_id(item: LibraryItem) -> str | None:
    if item.arxiv_id:
        return f"arxiv:{item.arxiv_id}"
    return f"doi:{item.doi}" if item.doi else None


def _keep_as_text(session: Session, items: Iterable[LibraryItem], now: datetime) -> list[int]:
    """Store library items as papers that were never announced, so that they can be embedded."""
    records = [
        PaperRecord(
            paper_id=_paper_id(item) or _title_id(item),
            source="library",
            title=item.title,
            abstract=item.abstract,
            authors=tuple(AuthorRecord(name) for name in item.authors),
            doi=item.doi,
            url=None if _paper_id(item) else "",
        )
        for item in items
    ]
    paper_store.upsert_papers(session, records, now)
    found = paper_store.paper_ids(session, [record.paper_id for record in records])
    return list(found.values())


def _title_id(item: LibraryItem) -> str:
    return f"title:{text_hash(title_key(item.title) or item.title)[:32]}"

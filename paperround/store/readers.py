"""Readers and their interests."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import delete, func, select
from sqlmodel import Session, col

from paperround.errors import DuplicateReaderError, UnknownInterestError, UnknownReaderError
from paperround.store.dialect import insert_into
from paperround.store.models import Interest, InterestPaper, Reader

__all__ = [
    "add_interest",
    "add_reader",
    "all_readers",
    "count_readers",
    "interest_named",
    "interest_papers",
    "interests_of",
    "name_papers",
    "reader_at",
    "reader_of",
    "readers_of",
    "readers_without_interests",
    "refuse_taken_address",
    "remove_interest",
    "remove_reader",
]


def refuse_taken_address(session: Session, reader: Reader) -> None:
    """Make sure that no reader has this reader's address, however it is capitalised.

    Raises:
        DuplicateReaderError: One has.
    """
    taken = select(col(Reader.id)).where(col(Reader.address_key) == reader.address_key)
    if session.execute(taken).first() is not None:
        raise DuplicateReaderError(reader.address)


def add_reader(session: Session, reader: Reader) -> Reader:
    """Add a reader.

    Raises:
        DuplicateReaderError: There is one with this address, however it is capitalised.
    """
    refuse_taken_address(session, reader)
    session.add(reader)
    session.flush()
    return reader


def reader_at(session: Session, address: str) -> Reader:
    """Return the reader with this address, however it is capitalised.

    Raises:
        UnknownReaderError: There is none.
    """
    query = select(Reader).where(col(Reader.address_key) == address.strip().casefold())
    reader: Reader | None = session.execute(query).scalar_one_or_none()
    if reader is None:
        raise UnknownReaderError(address)
    return reader


def reader_of(session: Session, reader_id: int) -> Reader | None:
    """Return the reader with this number; None when they are gone."""
    return session.get(Reader, reader_id)


def readers_of(session: Session, reader_ids: Iterable[int]) -> dict[int, Reader]:
    """Return readers by their numbers; those that are gone are left out."""
    query = select(Reader).where(col(Reader.id).in_(set(reader_ids)))
    return {reader.id: reader for reader in session.execute(query).scalars() if reader.id}


def all_readers(session: Session) -> list[Reader]:
    """Return all readers in the order they came."""
    return list(session.execute(select(Reader).order_by(col(Reader.id))).scalars())


def count_readers(session: Session) -> int:
    """Return the number of readers."""
    count: int = session.execute(select(func.count()).select_from(Reader)).scalar_one()
    return count


def readers_without_interests(session: Session) -> list[Reader]:
    """Return the readers who get nothing because they have no interest, in the order they came."""
    theirs = select(col(Interest.id)).where(col(Interest.reader_id) == col(Reader.id))
    query = select(Reader).where(~theirs.exists()).order_by(col(Reader.id))
    return list(session.execute(query).scalars())


def remove_reader(session: Session, reader: Reader) -> None:
    """Remove a reader with their interests, ratings and deliveries."""
    session.execute(delete(Reader).where(col(Reader.id) == reader.id))


def add_interest(session: Session, interest: Interest) -> Interest:
    """Add an interest, or replace the words and settings of the one of the same name."""
    values = interest.model_dump(exclude={"id"})
    insert = insert_into(session, Interest).values(values)
    replaced = {name: insert.excluded[name] for name in values if name != "added_at"}
    statement = insert.on_conflict_do_update(
        index_elements=["reader_id", "name"], set_=replaced
    ).returning(col(Interest.id))
    kept = session.execute(statement).scalar_one()
    return session.get_one(Interest, kept, populate_existing=True)


def interests_of(session: Session, reader_id: int) -> list[Interest]:
    """Return a reader's interests in the order they were added."""
    query = select(Interest).where(col(Interest.reader_id) == reader_id).order_by(col(Interest.id))
    return list(session.execute(query).scalars())


def interest_named(session: Session, reader_id: int, name: str) -> Interest:
    """Return a reader's interest by its name.

    Raises:
        UnknownInterestError: There is none of this name; the error says which there are.
    """
    interests = interests_of(session, reader_id)
    for interest in interests:
        if interest.name == name:
            return interest
    raise UnknownInterestError(name, tuple(interest.name for interest in interests))


def remove_interest(session: Session, interest: Interest) -> None:
    """Remove an interest; ratings given under it stay and teach all others."""
    session.execute(delete(Interest).where(col(Interest.id) == interest.id))


def name_papers(
    session: Session, interest_id: int, paper_keys: Iterable[int], *, liked: bool, now: datetime
) -> None:
    """Add papers to those an interest names as liked or disliked; the last word counts."""
    rows = [
        {"interest_id": interest_id, "paper_id": key, "liked": liked, "added_at": now}
        for key in dict.fromkeys(paper_keys)
    ]
    if rows:
        insert = insert_into(session, InterestPaper)
        statement = insert.on_conflict_do_update(
            index_elements=["interest_id", "paper_id"],
            set_={"liked": insert.excluded.liked, "added_at": insert.excluded.added_at},
        )
        session.connection().execute(statement, rows)


def interest_papers(session: Session, interest_ids: Sequence[int]) -> list[InterestPaper]:
    """Return the papers that these interests name, oldest first."""
    query = (
        select(InterestPaper)
        .where(col(InterestPaper.interest_id).in_(interest_ids))
        .order_by(col(InterestPaper.added_at), col(InterestPaper.paper_id))
    )
    return list(session.execute(query).scalars())

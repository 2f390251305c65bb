"""The life of a subscription in the store: consents, suppressions, limits, changes of address."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import Delete, case, delete, func, or_, select
from sqlmodel import Session, col

from paperround.errors import UnknownReaderError
from paperround.store.dialect import insert_ignoring, insert_into
from paperround.store.models import (
    AddressChange,
    Consent,
    Delivery,
    Reader,
    ReaderState,
    Suppression,
    Throttle,
)

__all__ = [
    "add_consent",
    "address_change_of",
    "ask_for_address",
    "consents_of",
    "count_in_window",
    "forget_address_change",
    "forget_before",
    "forget_throttles",
    "is_taken",
    "last_served",
    "latest_notice",
    "lift",
    "lock_reader",
    "lock_reader_at",
    "lock_reader_or_add",
    "notices_on",
    "suppress",
    "suppression_of",
]


def lock_reader(session: Session, reader_id: int) -> Reader | None:
    """Return a reader whom nobody else changes until the end of this transaction.

    On SQLite there is one writing transaction at a time, so nothing needs to be locked.
    """
    query = select(Reader).where(col(Reader.id) == reader_id).with_for_update()
    reader: Reader | None = session.execute(query).scalar_one_or_none()
    return reader


def lock_reader_at(session: Session, address: str) -> Reader:
    """Return the reader with this address, locked like `lock_reader`.

    Raises:
        UnknownReaderError: There is none.
    """
    query = (
        select(Reader)
        .where(col(Reader.address_key) == address.strip().casefold())
        .with_for_update()
    )
    reader: Reader | None = session.execute(query).scalar_one_or_none()
    if reader is None:
        raise UnknownReaderError(address)
    return reader


def lock_reader_or_add(session: Session, new: Reader) -> Reader:
    """Return the reader with this one's address, locked; add them if there is none.

    Two requests at once add one reader, and none of them fails.
    """
    values = new.model_dump(exclude={"id"})
    session.execute(insert_ignoring(session, Reader).values(values))
    return lock_reader_at(session, new.address)


def is_taken(session: Session, address_key: str) -> bool:
    """Return whether a reader has this address."""
    query = select(col(Reader.id)).where(col(Reader.address_key) == address_key)
    return session.execute(query).first() is not None


def last_served(session: Session, reader_id: int, stream: str) -> date | None:
    """Return the latest local date for which the ledger has a row of a stream."""
    query = select(func.max(col(Delivery.local_date))).where(
        col(Delivery.reader_id) == reader_id, col(Delivery.stream) == stream
    )
    last: date | None = session.execute(query).scalar_one()
    return last


def latest_notice(session: Session, reader_id: int, kind: str) -> datetime | None:
    """Return when a reader's latest notice of a kind was opened."""
    query = select(func.max(col(Delivery.due_at))).where(
        col(Delivery.reader_id) == reader_id, col(Delivery.stream).startswith(f"{kind}.")
    )
    latest: datetime | None = session.execute(query).scalar_one()
    return latest


def notices_on(session: Session, reader_id: int, kind: str, on: date) -> int:
    """Return how many notices of a kind a reader has for a date."""
    query = select(func.count()).where(
        col(Delivery.reader_id) == reader_id,
        col(Delivery.stream).startswith(f"{kind}."),
        col(Delivery.local_date) == on,
    )
    count: int = session.execute(query).scalar_one()
    return count


def add_consent(session: Session, consent: Consent) -> None:
    """Add a line to what readers agreed to; none is ever changed."""
    session.add(consent)
    session.flush()


def consents_of(session: Session, reader_id: int) -> list[Consent]:
    """Return what a reader agreed to and took back, oldest first."""
    query = select(Consent).where(col(Consent.reader_id) == reader_id).order_by(col(Consent.id))
    return list(session.execute(query).scalars())


def suppress(session: Session, address_hash: str, reason: str, now: datetime) -> None:
    """Keep that an address is not written to; the first reason stays."""
    row = {"address_hash": address_hash, "reason": reason, "at": now}
    session.execute(insert_ignoring(session, Suppression).values(row))


def suppression_of(session: Session, address_hashes: Sequence[str]) -> Suppression | None:
    """Return why an address is not written to, by any of its hashes; None if it may be."""
    query = select(Suppression).where(col(Suppression.address_hash).in_(address_hashes)).limit(1)
    found: Suppression | None = session.execute(query).scalar_one_or_none()
    return found


def lift(session: Session, address_hashes: Sequence[str]) -> bool:
    """Write to an address again; return whether it was suppressed."""
    statement = delete(Suppression).where(col(Suppression.address_hash).in_(address_hashes))
    return bool(_deleted(session, statement))


def count_in_window(session: Session, key: str, now: datetime, within: timedelta) -> int:
    """Count one more, and return how many that is since the window began.

    A window begins with the first that is counted, and the first after its end begins another.
    """
    insert = insert_into(session, Throttle).values(key=key, since=now, count=1)
    is_over = col(Throttle.since) <= now - within
    statement = insert.on_conflict_do_update(
        index_elements=["key"],
        set_={
            "since": case((is_over, insert.excluded.since), else_=col(Throttle.since)),
            "count": case((is_over, 1), else_=col(Throttle.count) + 1),
        },
    ).returning(col(Throttle.count))
    count: int = session.execute(statement).scalar_one()
    return count


def forget_throttles(session: Session, before: datetime) -> int:
    """Forget the counts of windows that began before an instant; return how many there were.

    Without an index: the table holds the askers of a week.
    """
    statement = delete(Throttle).where(col(Throttle.since) < before)
    return _deleted(session, statement)


def address_change_of(session: Session, reader_id: int) -> AddressChange | None:
    """Return the change of address that a reader asked for last."""
    return session.get(AddressChange, reader_id)


def ask_for_address(session: Session, change: AddressChange) -> None:
    """Keep a wish for another address; it replaces the one before, and what was confirmed of it."""
    session.merge(change)
    session.flush()


def forget_address_change(session: Session, reader_id: int) -> None:
    """Forget a reader's wish for another address."""
    statement = delete(AddressChange).where(col(AddressChange.reader_id) == reader_id)
    _deleted(session, statement)


def forget_before(session: Session, asked_at: datetime) -> int:
    """Forget what was asked for before an instant and never confirmed; return how many readers.

    That is, readers who never confirmed a subscription, and changes of address.
    """
    changes = delete(AddressChange).where(col(AddressChange.asked_at) < asked_at)
    _deleted(session, changes)
    statement = delete(Reader).where(
        col(Reader.state) == ReaderState.UNCONFIRMED,
        or_(col(Reader.asked_at).is_(None), col(Reader.asked_at) < asked_at),
    )
    return _deleted(session, statement)


def _deleted(session: Session, statement: Delete) -> int:
    return session.connection().execute(statement).rowcount

"""Whether a mail is still wanted, asked at the last instant before its body goes out."""

from collections.abc import Sequence
from functools import cache

from sqlalchemy import ColumnElement, or_, select
from sqlmodel import Session, col

from paperround.store.models import AddressChange, Delivery, Reader, ReaderState

__all__ = ["is_wanted", "kind_of_stream", "wanted", "wanted_rows"]


def kind_of_stream(stream: str) -> str:
    """Return what decides whether mails of a stream are wanted: `daily`, `confirm` or `move`."""
    return stream.partition(".")[0].partition("-")[0]


@cache
def wanted(kind: str) -> ColumnElement[bool]:
    """Return the condition, for a statement on the ledger, that mails of a kind are still wanted.

    A digest needs an active subscription that is not paused; a request to confirm one needs a
    subscription that waits; a request to confirm an address needs a change that waits.
    """
    reader = select(col(Reader.id)).where(col(Reader.id) == col(Delivery.reader_id))
    if kind == "confirm":
        waits = col(Reader.asked_at).is_not(None), col(Reader.state) != ReaderState.ACTIVE
        return reader.where(*waits).exists()
    active = col(Reader.state) == ReaderState.ACTIVE
    if kind == "move":
        change = select(col(AddressChange.reader_id)).where(
            col(AddressChange.reader_id) == col(Delivery.reader_id)
        )
        return reader.where(active).exists() & change.exists()
    resumed = col(Reader.paused_until)
    running = or_(resumed.is_(None), resumed <= col(Delivery.local_date))
    return reader.where(active, running).exists()


def is_wanted(session: Session, row: Delivery) -> bool:
    """Return whether a row's mail is still wanted."""
    return row.id in wanted_rows(session, [row])


def wanted_rows(session: Session, rows: Sequence[Delivery]) -> set[int]:
    """Return the numbers of those rows whose mail is still wanted."""
    found: set[int] = set()
    for kind in {kind_of_stream(row.stream) for row in rows}:
        ids = [row.id for row in rows if kind_of_stream(row.stream) == kind]
        query = select(col(Delivery.id)).where(col(Delivery.id).in_(ids), wanted(kind))
        found.update(session.execute(query).scalars())
    return found

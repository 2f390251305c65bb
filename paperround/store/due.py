"""Readers whose hour has come: their rows are opened and their next hour is set at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import bindparam, select, update
from sqlmodel import Session, col

from paperround.store.dialect import insert_ignoring
from paperround.store.models import Delivery, DeliveryState, Reader, ReaderState

__all__ = ["Advance", "Opening", "due_readers", "open_rows"]


@dataclass(frozen=True, slots=True)
class Opening:
    """A row to be opened in the ledger."""

    reader_id: int
    stream: str
    local_date: date
    due_at: datetime
    expires_at: datetime
    missed: str = ""
    """Why it is over already: a day on which nothing was running."""


@dataclass(frozen=True, slots=True)
class Advance:
    """A reader's next due time."""

    reader_id: int
    was_at: datetime
    """The due time it replaces; a reader whose due time is another one is left alone."""
    at: datetime
    on: date


def due_readers(
    session: Session, now: datetime, *, limit: int | None = None, lock: bool = False
) -> list[Reader]:
    """Return the active readers whose next digest is due, those waiting longest first.

    Args:
        session: A transaction; a writing one for `lock`.
        now: The present instant.
        limit: How many at the most.
        lock: Keep the rows, and leave out those that another process keeps (PostgreSQL; on SQLite
            there is one writer at a time).
    """
    query = (
        select(Reader)
        .where(col(Reader.state) == ReaderState.ACTIVE, col(Reader.next_due_at) <= now)
        .order_by(col(Reader.next_due_at), col(Reader.id))
        .limit(limit)
    )
    if lock:
        query = query.with_for_update(skip_locked=True)
    return list(session.execute(query).scalars())


def open_rows(
    session: Session, openings: Sequence[Opening], advances: Sequence[Advance], now: datetime
) -> int:
    """Open rows and set the readers' next due times; return how many rows were not there before.

    Both belong to the transaction of the caller: a crash in between is impossible.
    """
    if not advances:
        return 0
    connection = session.connection()
    opened = connection.execute(
        insert_ignoring(session, Delivery).returning(col(Delivery.id)),
        [_row(opening, now) for opening in openings],
    ).all()
    reader = Reader.__table__  # type: ignore[attr-defined]  # SQLModel does not declare it
    connection.execute(
        update(reader)
        .where(reader.c.id == bindparam("of"), reader.c.next_due_at == bindparam("was"))
        .values(next_due_at=bindparam("at"), next_due_on=bindparam("on")),
        [
            {"of": step.reader_id, "was": step.was_at, "at": step.at, "on": step.on}
            for step in advances
        ],
    )
    return len(opened)


def _row(opening: Opening, now: datetime) -> dict[str, object]:
    state = DeliveryState.EXPIRED if opening.missed else DeliveryState.PENDING
    instant = (now if opening.missed else opening.due_at).isoformat(timespec="milliseconds")
    return {
        "reader_id": opening.reader_id,
        "stream": opening.stream,
        "local_date": opening.local_date,
        "due_at": opening.due_at,
        "retry_at": opening.due_at,
        "expires_at": opening.expires_at,
        "state": state,
        "attempt": 0,
        "reason": opening.missed or None,
        "finished_at": now if opening.missed else None,
        "history": f"{instant}\t{state}\t0\t-\t{opening.missed or 'due'}\n",
    }

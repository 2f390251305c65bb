"""Which database this is, whether it may send, and how far it is known to have come.

The row `installation` names the place at which the database was confirmed. The row `sending` of the
jobs keeps the latest instant at which a delivery is known to have been finished: unlike the
deliveries themselves it stays when readers are removed.
"""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import and_, delete, func, select, text, update
from sqlmodel import Session, col

from paperround.store.deliveries import HELD, OPEN, history_line, in_place
from paperround.store.dialect import insert_ignoring
from paperround.store.engine import Database
from paperround.store.models import (
    Delivery,
    DeliveryState,
    Installation,
    Job,
    OutgoingMail,
    Reader,
    ReaderState,
)
from paperround.store.witness import witness_file, write_witness

__all__ = [
    "ROW",
    "SENDING",
    "Backlog",
    "Standing",
    "backlog",
    "bind_if_new",
    "confirm",
    "place_of",
    "progress_of",
    "set_held",
    "set_progress",
    "skip_open",
    "standing",
]

ROW = 1
SENDING = "sending"
"""Name of the job that hands mails over, whoever does it."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What the database says of itself."""

    place: str | None
    """Where it was confirmed; None when it never was."""
    held_since: datetime | None
    held_because: str
    progress: datetime | None
    """The latest instant at which a delivery is known to have been finished here."""


@dataclass(frozen=True, slots=True)
class Backlog:
    """What would happen to the ledger's open rows."""

    sending: int
    """Open rows that are still in time."""
    expiring: int
    """Open rows that are too late by now."""
    due: int
    """Readers whose hour has come and whose row is not opened yet."""


def place_of(database: Database, session: Session) -> str:
    """Return where a database lives: another place means that it is a copy.

    A SQLite file is known by its inode, which a copy does not share; PostgreSQL by the identity of
    its cluster and the number of the database in it.
    """
    if database.path is not None:
        try:
            return f"sqlite:{database.path.stat().st_ino}"
        except OSError:
            return "sqlite:gone"
    oid = session.execute(
        text("SELECT oid FROM pg_database WHERE datname = current_database()")
    ).scalar_one()
    allowed = text("SELECT has_function_privilege('pg_control_system()', 'execute')")
    if not session.execute(allowed).scalar_one():  # a provider may keep it to itself
        return f"postgresql:-/{oid}"
    cluster = session.execute(text("SELECT system_identifier FROM pg_control_system()"))
    return f"postgresql:{cluster.scalar_one()}/{oid}"


def standing(session: Session) -> Standing:
    """Return what the database says of itself."""
    row = session.get(Installation, ROW)
    return Standing(
        place=row.place if row is not None else None,
        held_since=row.held_since if row is not None else None,
        held_because=row.held_because if row is not None else "",
        progress=progress_of(session),
    )


def progress_of(session: Session) -> datetime | None:
    """Return the latest instant at which a delivery is known to have been finished here."""
    noted = select(col(Job.finished_at)).where(col(Job.name) == SENDING)
    finished = select(func.max(col(Delivery.finished_at)))  # one step in its index
    instants = [session.execute(query).scalar_one_or_none() for query in (noted, finished)]
    return max((instant for instant in instants if instant is not None), default=None)


def set_progress(session: Session, at: datetime, outcome: str) -> None:
    """Note how far the ledger has come, whatever becomes of its rows."""
    session.execute(insert_ignoring(session, Job).values(name=SENDING, outcome=""))
    later = col(Job.finished_at).is_(None) | (col(Job.finished_at) < at)
    session.execute(
        update(Job)
        .where(and_(col(Job.name) == SENDING, later))
        .values(finished_at=at, outcome=outcome)
    )


def bind_if_new(session: Session, database: Database, data_dir: Path) -> bool:
    """Say for the first time where a database lives; return False when it was said before.

    A witness that an earlier database left in the folder says nothing of one without readers.
    """
    statement = insert_ignoring(session, Installation).values(
        id=ROW, place=place_of(database, session), held_because=""
    )
    if session.execute(statement.returning(col(Installation.id))).first() is None:
        return False
    if session.execute(select(col(Reader.id)).limit(1)).first() is None:
        write_witness(witness_file(data_dir), None)
    return True


def set_held(session: Session, since: datetime, because: str, *, replace: bool = False) -> bool:
    """Hold the installation; return False when it is held, whose reason alone may be replaced."""
    statement = update(Installation).where(col(Installation.id) == ROW)
    free = statement.where(col(Installation.held_since).is_(None))
    values = {"held_since": since, "held_because": because}
    held = session.execute(free.values(values).returning(col(Installation.id))).first() is not None
    if not held and replace:
        session.execute(statement.values(held_because=because))
    return held


def confirm(session: Session, place: str) -> None:
    """Say that this database, at this place, is the one that sends."""
    session.execute(
        update(Installation)
        .where(col(Installation.id) == ROW)
        .values(place=place, held_since=None, held_because="")
    )


def backlog(session: Session, now: datetime) -> Backlog:
    """Return what would happen to the ledger's open rows if sending went on now."""
    in_time = func.count().filter(col(Delivery.expires_at) > now)
    query = select(in_time, func.count()).where(col(Delivery.state).in_((*OPEN, *HELD)))
    sending, all_open = session.execute(query).one()
    due = select(func.count()).where(
        col(Reader.state) == ReaderState.ACTIVE, col(Reader.next_due_at) <= now
    )
    return Backlog(sending, all_open - sending, session.execute(due).scalar_one())


def skip_open(session: Session, now: datetime, words: str) -> int:
    """Close every open row without sending it, and return how many rows that is."""
    closed = (
        update(Delivery)
        .where(col(Delivery.state).in_((*OPEN, *HELD)))
        .values(
            state=DeliveryState.SKIPPED,
            lease_owner=None,
            lease_until=None,
            finished_at=now,
            reason=words,
            history=history_line(now, DeliveryState.SKIPPED, words),
        )
        .returning(col(Delivery.id))
    )
    rows = session.execute(in_place(closed)).scalars().all()
    just_closed = select(col(Delivery.id)).where(
        col(Delivery.finished_at) == now, col(Delivery.state) == DeliveryState.SKIPPED
    )
    gone = delete(OutgoingMail).where(
        col(OutgoingMail.delivery_id).in_(just_closed.scalar_subquery())
    )
    session.execute(in_place(gone))
    return len(rows)

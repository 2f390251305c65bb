"""The ledger: one row per reader, stream and local date, claimed under a lease.

A row is claimed by one UPDATE ... RETURNING, and whoever changes it must still hold the lease. Its
bytes are kept from the state `rendered` on, so that every further try sends just them; the state
`data_started` is committed before a mail's body goes out, so that after a crash only rows in that
state are in doubt. Every change adds a line to the row's history.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime
from functools import cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    String,
    Update,
    bindparam,
    cast,
    delete,
    literal,
    or_,
    select,
    update,
)
from sqlmodel import Session, col

from paperround.store.dialect import insert_ignoring
from paperround.store.models import Delivery, DeliveryState, OutgoingMail
from paperround.store.wanted import wanted

__all__ = [
    "FINAL",
    "HELD",
    "OPEN",
    "DeliveryChange",
    "change_delivery",
    "change_together",
    "deliveries_of",
    "delivery_of",
    "enqueue",
    "has_unfinished",
    "history_line",
    "in_place",
]

OPEN = (DeliveryState.PENDING, DeliveryState.DEFERRED)
HELD = (DeliveryState.CLAIMED, DeliveryState.RENDERED, DeliveryState.DATA_STARTED)
FINAL = (
    DeliveryState.SENT,
    DeliveryState.QUIET,
    DeliveryState.SKIPPED,
    DeliveryState.FAILED,
    DeliveryState.EXPIRED,
    DeliveryState.AMBIGUOUS,
)

_LET_GO = delete(OutgoingMail).where(col(OutgoingMail.delivery_id) == bindparam("of"))


@dataclass(frozen=True, slots=True)
class DeliveryChange:
    """What becomes of a claimed row; a field that is None is left as it is."""

    state: DeliveryState
    dated_at: datetime | None = None
    message_id: str | None = None
    subject: str | None = None
    size: int | None = None
    sha256: str | None = None
    code: int | None = None
    reason: str | None = None
    retry_at: datetime | None = None
    finished_at: datetime | None = None


_FIELDS = tuple(field.name for field in fields(DeliveryChange))


def enqueue(
    session: Session,
    reader_id: int,
    stream: str,
    local_date: date,
    due_at: datetime,
    expires_at: datetime,
) -> bool:
    """Open the ledger's row for a date; return False when it is there already."""
    statement = (
        insert_ignoring(session, Delivery)
        .values(
            reader_id=reader_id,
            stream=stream,
            local_date=local_date,
            due_at=due_at,
            retry_at=due_at,
            expires_at=expires_at,
            state=DeliveryState.PENDING,
            attempt=0,
            history=f"{_instant(due_at)}\tpending\t0\t-\tdue\n",
        )
        .returning(col(Delivery.id))
    )
    return session.execute(statement).first() is not None


def change_delivery(
    session: Session,
    delivery_id: int,
    owner: str,
    change: DeliveryChange,
    now: datetime,
    *,
    if_wanted: str = "",
) -> bool:
    """Change a claimed row; return False when its lease was lost, or its mail is not wanted.

    The bytes of a mail whose delivery is final are let go, but for one in doubt.

    Args:
        session: A writing transaction.
        delivery_id: Of the row.
        owner: Who must hold it.
        change: What becomes of it.
        now: The present instant.
        if_wanted: Kind of mail that the reader must still want, see `paperround.store.wanted`.
    """
    connection = session.connection()
    statement = _change(_given(change), change.state in HELD, if_wanted)
    values = _values(delivery_id, owner, change, now)
    changed = connection.execute(statement, values).rowcount == 1
    if changed and change.state in FINAL and change.state is not DeliveryState.AMBIGUOUS:
        connection.execute(_LET_GO, {"of": delivery_id})
    return changed


def change_together(
    session: Session, owner: str, changes: Mapping[int, DeliveryChange], now: datetime
) -> set[int]:
    """Change claimed rows to states that keep the lease, all at once; return those still held.

    Args:
        session: A writing transaction.
        owner: Who must hold them.
        changes: By delivery.
        now: The present instant.
    """
    connection = session.connection()
    alike: dict[tuple[str, ...], list[dict[str, Any]]] = {}
    for number, change in changes.items():
        alike.setdefault(_given(change), []).append(_values(number, owner, change, now))
    for given, rows in alike.items():
        connection.execute(_change(given, True, ""), rows)
    held = select(col(Delivery.id)).where(
        col(Delivery.id).in_(changes), col(Delivery.lease_owner) == owner
    )
    return {number for number in connection.execute(held).scalars() if number is not None}


def _given(change: DeliveryChange) -> tuple[str, ...]:
    return tuple(name for name in _FIELDS if getattr(change, name) is not None)


def _values(delivery_id: int, owner: str, change: DeliveryChange, now: datetime) -> dict[str, Any]:
    return {
        **{f"new_{name}": getattr(change, name) for name in _given(change)},
        "of": delivery_id,
        "by": owner,
        "at": f"{_instant(now)}\t{change.state}\t",
        "words": _words(change.reason or "", change.code),
    }


@cache
def _change(given: tuple[str, ...], keeps_lease: bool, if_wanted: str) -> Update:
    """Return the statement of a change, built once: building takes longer than running it."""
    ledger = Delivery.__table__  # type: ignore[attr-defined]  # SQLModel does not declare it
    values: dict[str, Any] = {
        name: bindparam(f"new_{name}", type_=ledger.c[name].type) for name in given
    }
    if not keeps_lease:
        values |= {"lease_owner": None, "lease_until": None}
    line = bindparam("at", type_=String) + cast(ledger.c.attempt, String)
    values["history"] = ledger.c.history + line + bindparam("words", type_=String)
    conditions = [
        ledger.c.id == bindparam("of"),
        ledger.c.lease_owner == bindparam("by"),
        # A list of values is spelled out at each execution, which many at once do not allow.
        or_(*(ledger.c.state == state for state in HELD)),
        *([wanted(if_wanted)] if if_wanted else []),
    ]
    return update(ledger).where(*conditions).values(values)


def has_unfinished(session: Session) -> bool:
    """Return whether any row is open or held."""
    query = select(col(Delivery.id)).where(col(Delivery.state).in_((*OPEN, *HELD))).limit(1)
    return session.execute(query).first() is not None


def delivery_of(session: Session, delivery_id: int) -> Delivery | None:
    """Return a delivery by its number."""
    return session.get(Delivery, delivery_id)


def deliveries_of(session: Session, reader_id: int) -> list[Delivery]:
    """Return a reader's deliveries, the latest date first."""
    query = (
        select(Delivery)
        .where(col(Delivery.reader_id) == reader_id)
        .order_by(col(Delivery.local_date).desc(), col(Delivery.id).desc())
    )
    return list(session.execute(query).scalars())


def history_line(
    now: datetime,
    state: DeliveryState,
    words: str,
    *,
    attempt: ColumnElement[int] | None = None,
    code: int | None = None,
) -> ColumnElement[str]:
    """Return the history of a row with one more line, for an UPDATE."""
    tries = attempt if attempt is not None else col(Delivery.attempt)
    return (
        col(Delivery.history)
        + literal(f"{_instant(now)}\t{state}\t")
        + cast(tries, String)
        + literal(_words(words, code))
    )


def _words(words: str, code: int | None) -> str:
    return f"\t{code or '-'}\t{' '.join(words.split())}\n"


def _instant(at: datetime) -> str:
    return at.isoformat(timespec="milliseconds")


def in_place(statement: Any) -> Any:  # an UPDATE or a DELETE, whose common type is private
    """Return a statement that does not look for its rows in the session, which holds none."""
    return statement.execution_options(synchronize_session=False)

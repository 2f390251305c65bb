"""Rows of the ledger as they come out of a delivery, for tests of what is told about them."""

from datetime import timedelta
from typing import Any

from sqlmodel import Session

from paperround.store.models import Delivery, DeliveryState
from tests.paperround.store.rows import NOW, TODAY

__all__ = ["LATE", "OWNER", "delivery", "line", "saved_delivery"]

LATE = timedelta(hours=12)
"""After which a digest expires."""
OWNER = "host-7-0a1b2c3d"
"""A worker."""


def delivery(
    state: DeliveryState = DeliveryState.PENDING, *, reader_id: int = 1, **fields: Any
) -> Delivery:
    """Return the row of a digest that was due at NOW."""
    values: dict[str, Any] = {
        "reader_id": reader_id,
        "stream": "daily",
        "local_date": TODAY,
        "due_at": NOW,
        "retry_at": NOW,
        "expires_at": NOW + LATE,
        "state": state,
        "attempt": 0,
    }
    return Delivery(**(values | fields))


def saved_delivery(
    session: Session, reader_id: int, state: DeliveryState = DeliveryState.PENDING, **fields: Any
) -> int:
    """Add such a row and return its number."""
    row = delivery(state, reader_id=reader_id, **fields)
    session.add(row)
    session.flush()
    assert row.id is not None
    return row.id


def line(minutes: float, state: str, attempt: int, words: str, code: str = "-") -> str:
    """Return a line of a row's history, so many minutes after NOW."""
    at = (NOW + timedelta(minutes=minutes)).isoformat(timespec="milliseconds")
    return f"{at}\t{state}\t{attempt}\t{code}\t{words}\n"

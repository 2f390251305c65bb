"""Reads what a delivery's row keeps of its own past: one line per change of its state."""

from dataclasses import dataclass
from datetime import UTC, datetime

__all__ = ["Change", "parse_history"]

FIELDS = 5


@dataclass(frozen=True, slots=True)
class Change:
    """One change of a delivery's state."""

    at: datetime
    """Aware, UTC."""
    state: str
    """A `DeliveryState`, or what a newer version calls one."""
    attempt: int
    """How often it had been claimed."""
    code: int | None
    """The relay's reply code; None when it had no part in it."""
    words: str


def parse_history(text: str) -> tuple[Change, ...]:
    """Return a row's changes, the oldest first.

    A line that cannot be read is left out: the others are still worth reading.
    """
    return tuple(filter(None, map(_change, text.splitlines())))


def _change(line: str) -> Change | None:
    fields = line.split("\t", FIELDS - 1)
    if len(fields) != FIELDS:
        return None
    instant, state, attempt, code, words = fields
    try:
        at = datetime.fromisoformat(instant)
        tries = int(attempt)
        reply = None if code == "-" else int(code)
    except ValueError:
        return None
    aware = at if at.tzinfo is not None else at.replace(tzinfo=UTC)
    return Change(aware.astimezone(UTC), state, tries, reply, words)

"""What single values of settings look like, apart from any setting.

Pure: text in, value out, or a `ValueError` that says what to write.
"""

import re
from collections.abc import Iterable
from datetime import time
from urllib.parse import urlsplit

__all__ = [
    "SHORTEST_KEY",
    "is_database_url",
    "is_local",
    "parse_time",
    "parse_weekdays",
    "sqlalchemy_url",
    "weekday_names",
]

SHORTEST_KEY = 32
"""Characters of a secret key, at the least."""

_SQLITE_URL = re.compile(r"sqlite:///(?!:memory:).")
_POSTGRESQL = re.compile(r"postgres(ql)?(\+psycopg)?://")
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_SHORTEST_WEEKDAY = 3


def parse_time(text: str) -> time:
    """Return the local time of day that a text names: `07:30`.

    Raises:
        ValueError: It names none, or one in a zone of its own.
    """
    try:
        at = time.fromisoformat(text.strip())
    except ValueError:
        raise ValueError(f"{text[:40]!r} is not a time of day; write 07:30") from None
    if at.tzinfo is not None:
        raise ValueError(f"{text!r} has a zone of its own; write 07:30 and give the zone")
    return at


def parse_weekdays(text: str) -> frozenset[int]:
    """Return the ISO weekdays (1 = Monday to 7 = Sunday) that a text names.

    `mon-fri`, `mon,wed,fri`, `daily` and mixtures of them are understood.

    Raises:
        ValueError: A part names no weekday, or none is named at all.
    """
    if text.strip().lower() in {"daily", "all"}:
        return frozenset(range(1, 8))
    days: set[int] = set()
    for part in filter(None, (p.strip().lower() for p in text.split(","))):
        first, dash, last = part.partition("-")
        try:
            start, end = _weekday(first), _weekday(last if dash else first)
        except ValueError:
            raise ValueError(f"{part!r} names no weekday; write mon-fri or mon,wed,fri") from None
        days.update((start + step) % 7 + 1 for step in range((end - start) % 7 + 1))
    if not days:
        raise ValueError("no weekday is named; write mon-fri, mon,wed,fri or daily")
    return frozenset(days)


def weekday_names(days: Iterable[int]) -> str:
    """Return ISO weekdays as `parse_weekdays` reads them: `mon,wed,fri`, or `daily`."""
    wanted = sorted(set(days))
    if len(wanted) == len(_WEEKDAYS):
        return "daily"
    return ",".join(_WEEKDAYS[day - 1][:_SHORTEST_WEEKDAY] for day in wanted)


def _weekday(text: str) -> int:
    """Return the number, 0 = Monday, of a weekday that is named by its first letters."""
    name = text.strip()
    if len(name) < _SHORTEST_WEEKDAY:
        raise ValueError(name)
    return [day.startswith(name) for day in _WEEKDAYS].index(True)


def is_database_url(text: str) -> bool:
    """Return whether a text is the address of a database that Paper Round can use."""
    try:
        # Reading the port is what finds one that is no number.
        is_postgresql = bool(_POSTGRESQL.match(text)) and urlsplit(text).port != 0
    except ValueError:
        return False
    return is_postgresql or bool(_SQLITE_URL.match(text))


def sqlalchemy_url(url: str) -> str:
    """Return a database's address in the form that names our driver."""
    return re.sub(_POSTGRESQL, "postgresql+psycopg://", url, count=1)


def is_local(host: str | None) -> bool:
    """Return whether a host is this machine."""
    return host in {"localhost", "127.0.0.1", "::1"}

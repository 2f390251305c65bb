"""The one place that reads the clock; everything else is given `now`."""

from collections.abc import Callable
from datetime import UTC, datetime

__all__ = ["Clock", "system_clock"]

Clock = Callable[[], datetime]
"""Returns the present instant, aware and in UTC."""


def system_clock() -> datetime:
    """Return the present instant of this machine, aware and in UTC."""
    return datetime.now(UTC)

"""Regular work as values: what is called, and how often."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

__all__ = ["Job"]


@dataclass(frozen=True, slots=True)
class Job:
    """One piece of regular work."""

    name: str
    every: timedelta
    call: Callable[[], object]
    """Decides itself whether there is anything to do; it is called at the start, too."""

"""How long work tells how far it is."""

from typing import Protocol

__all__ = ["Progress", "no_progress"]


class Progress(Protocol):
    """Called whenever a unit of work is done; must be quick and must not raise."""

    def __call__(self, done: float, total: float | None) -> None:
        """Take the units done so far and, when it is known, how many there are."""


def no_progress(done: float, total: float | None) -> None:
    """Tell nobody."""

"""What every source of papers promises, and the log of what it had to leave out.

Holds no source and reaches no network.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from paperround.records import PaperRecord

__all__ = ["Fetch", "SkipLog", "Skipped", "Source"]

Fetch = Callable[[str], bytes]
"""Returns the body at an address; raises `SourceUnreachableError` when there is none.

The one seam through which sources reach the network. Politeness (pauses, caches, who is asked how
often) belongs behind it, in `paperround.sources.http`, and never into a source.
"""

_SAMPLES = 5
_SAMPLE_LENGTH = 200


@dataclass(frozen=True, slots=True)
class Skipped:
    """What was left out of one fetch because it was malformed."""

    count: int = 0
    samples: tuple[str, ...] = ()
    """The first few, each with its place and the reason: `line 17: not JSON`."""


class SkipLog:
    """Counts malformed entries while a source is read, and keeps the first few in words."""

    def __init__(self) -> None:
        self.count = 0
        self._samples: list[str] = []

    def add(self, where: str, why: str) -> None:
        """Count one entry that was left out.

        Args:
            where: Its place as a person would look for it: `line 17`, `item 3`.
            why: What is wrong with it.
        """
        self.count += 1
        if len(self._samples) < _SAMPLES:
            self._samples.append(f"{where}: {why}"[:_SAMPLE_LENGTH])

    def clear(self) -> None:
        """Forget everything, for the next fetch."""
        self.count = 0
        self._samples.clear()

    def summary(self) -> Skipped:
        """Return what was left out so far as a value."""
        return Skipped(self.count, tuple(self._samples))


class Source(Protocol):
    """Yields the papers that one provider or file has."""

    @property
    def name(self) -> str:
        """Return the short name that goes into every record: `arxiv-feed`."""
        ...

    @property
    def skips(self) -> SkipLog:
        """Return the log of malformed entries; complete once `fetch` is exhausted.

        A `fetch` clears it when its first record is asked for.
        """
        ...

    def fetch(self, since: date | None = None) -> Iterator[PaperRecord]:
        """Yield the papers that the source has, each as often as it says something of it.

        Args:
            since: Leave out papers that are known to be announced before this day; None for all.

        Raises:
            SourceError: There is no batch of papers to be had, or the rest of one.
        """
        ...

"""A source that yields what a test gives it, under the same promises as the real ones."""

from collections.abc import Iterable, Iterator
from datetime import date

from paperround.errors import SourceError
from paperround.records import PaperRecord
from paperround.sources.protocol import SkipLog

__all__ = ["FakeSource"]


class FakeSource:
    """A `Source` of given records, entries to skip, and an end in disaster if so wished."""

    def __init__(
        self,
        records: Iterable[PaperRecord] = (),
        *,
        name: str = "fake",
        malformed: Iterable[str] = (),
        fails: SourceError | None = None,
    ) -> None:
        self.name = name
        self.records = tuple(records)
        self.malformed = tuple(malformed)
        self.fails = fails
        """Raised after the last record."""
        self.skips = SkipLog()
        self.asked: list[date | None] = []
        """The `since` of every fetch so far."""

    def fetch(self, since: date | None = None) -> Iterator[PaperRecord]:
        """Yield the records announced on or after `since`, then fail if told to.

        Raises:
            SourceError: The one given as `fails`.
        """
        self.skips.clear()
        self.asked.append(since)
        for number, why in enumerate(self.malformed, start=1):
            self.skips.add(f"item {number}", why)
        for record in self.records:
            if since is None or record.announced_on is None or record.announced_on >= since:
                yield record
        if self.fails is not None:
            raise self.fails

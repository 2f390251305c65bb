"""Where the demonstration's papers come from: a file, arXiv itself, or the bundled sample."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from paperround.errors import SourceUnreachableError
from paperround.records import PaperRecord
from paperround.services.sources import feed_source
from paperround.settings import Settings
from paperround.sources.bulk import BulkFile
from paperround.sources.protocol import SkipLog, Source
from paperround.sources.sample import BundledSample

__all__ = ["DemoPapers", "demo_papers"]

PATIENCE_S = 4.0
"""How long arXiv may take before the sample is used instead."""


@dataclass(frozen=True, slots=True)
class DemoPapers:
    """The sources chosen, and how to speak of them."""

    folder: str
    """Name of the folder that keeps what is made of them."""
    told: str
    sources: Sequence[Source]


@dataclass(frozen=True, slots=True)
class _Fetched:
    """Records at hand, as a source."""

    name: str
    records: tuple[PaperRecord, ...]
    skips: SkipLog = field(default_factory=SkipLog)

    def fetch(self, since: date | None = None) -> Iterator[PaperRecord]:
        """Yield the records."""
        return iter(self.records)


def demo_papers(settings: Settings, files: Sequence[Path], *, offline: bool) -> DemoPapers:
    """Choose the first of: the files named, today's announcements, the bundled sample.

    Args:
        settings: Their categories are what arXiv is asked for.
        files: Bulk files of papers.
        offline: Do not ask arXiv.

    Raises:
        SourceFileError: A file cannot be read or holds no papers.
    """
    if files:
        for path in files:
            # A file that holds no papers is refused before anything is made.
            next(BulkFile(path).fetch(), None)
        name = "-".join(path.name.partition(".")[0] for path in files)[:60]
        told = ", ".join(path.name for path in files)
        return DemoPapers(name or "files", told, [BulkFile(path) for path in files])
    sample = DemoPapers("sample", "the bundled sample of one week of May 2026", [BundledSample()])
    if offline:
        return sample
    try:
        with feed_source(settings, timeout_s=PATIENCE_S) as feed:
            records = tuple(feed.fetch(None))
    except SourceUnreachableError:
        return replace(sample, told=f"{sample.told} (arXiv did not answer)")
    if not records:
        return replace(sample, told=f"{sample.told} (arXiv announces nothing today)")
    return DemoPapers("arxiv", "arXiv's latest announcements", [_Fetched("arxiv-feed", records)])

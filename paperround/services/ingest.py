"""Brings papers from a source into the store, in batches that are each kept whole."""

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import islice

from paperround.context import App
from paperround.records import PaperRecord
from paperround.services.progress import Progress, no_progress
from paperround.sources.protocol import Skipped, Source
from paperround.store.papers import Upserted, upsert_papers

__all__ = ["IngestReport", "ingest"]

logger = logging.getLogger(__name__)

BATCH = 1_000


@dataclass(frozen=True, slots=True)
class IngestReport:
    """What an ingest found and did."""

    source: str
    records: int
    """Records read; several may speak of one paper."""
    papers: Upserted
    skipped: Skipped
    latest_on: date | None
    """Latest announcement day among the records."""


def ingest(
    app: App,
    source: Source,
    *,
    since: date | None = None,
    dry_run: bool = False,
    on_progress: Progress = no_progress,
) -> IngestReport:
    """Bring in what a source has.

    Interrupted anywhere it has kept whole batches, and running it again adds only what is missing.

    Raises:
        SourceError: The source failed; the batches before are kept and the error says so.
        StoreError: The database refused a batch.
    """
    records = source.fetch(since)
    papers = Upserted()
    read = 0
    latest_on: date | None = None
    while batch := _next_batch(records):
        if not dry_run:
            with app.database.write() as session:
                papers += upsert_papers(session, batch, app.clock())
        read += len(batch)
        latest_on = max(
            filter(None, [latest_on, *(record.announced_on for record in batch)]), default=None
        )
        on_progress(read, None)
    logger.info(
        "ingested source=%s records=%d added=%d changed=%d skipped=%d",
        *(source.name, read, papers.added, papers.changed, source.skips.count),
    )
    return IngestReport(source.name, read, papers, source.skips.summary(), latest_on)


def _next_batch(records: Iterator[PaperRecord]) -> list[PaperRecord]:
    return list(islice(records, BATCH))

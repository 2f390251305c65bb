"""Ingest: whole batches, counted, and repeatable."""

from datetime import date

import pytest

from paperround.context import App
from paperround.errors import SourceFileError, SourceUnreachableError
from paperround.services.ingest import ingest
from paperround.sources.testing import FakeSource
from paperround.store.papers import Upserted, count_papers
from tests.paperround.services.conftest import AUCTIONS, CODING, paper


def test_running_it_again_adds_nothing(app: App) -> None:
    """The report says that everything is known already."""
    source = FakeSource([paper(1, CODING), paper(2, AUCTIONS)])

    first = ingest(app, source)
    second = ingest(app, source)

    assert first.papers == Upserted(added=2)
    assert second.papers == Upserted(unchanged=2)


def test_malformed_entries_are_counted_and_sampled(app: App) -> None:
    """The good ones are in nevertheless."""
    report = ingest(app, FakeSource([paper(1, CODING)], malformed=["no title"]))

    assert report.skipped.count == 1
    assert "no title" in report.skipped.samples[0]
    assert report.papers.added == 1


def test_a_dry_run_reads_everything_and_keeps_nothing(app: App) -> None:
    """So that a file can be checked first."""
    report = ingest(app, FakeSource([paper(1, CODING)]), dry_run=True)

    assert report.records == 1
    with app.database.read() as session:
        assert count_papers(session) == 0


def test_the_latest_announcement_is_reported(app: App) -> None:
    """Papers without one do not count."""
    records = [paper(1, CODING, date(2026, 5, 4)), paper(2, CODING, None)]

    assert ingest(app, FakeSource(records)).latest_on == date(2026, 5, 4)


def test_a_source_that_breaks_keeps_whole_batches_only(
    app: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was read of the last, unfinished batch is not there; a re-run completes it."""
    monkeypatch.setattr("paperround.services.ingest.BATCH", 2)
    records = [paper(number, CODING) for number in range(1, 4)]
    broken = FakeSource(records, fails=SourceUnreachableError("feed", "timed out"))

    with pytest.raises(SourceUnreachableError):
        ingest(app, broken)
    with app.database.read() as session:
        kept = count_papers(session)
    again = ingest(app, FakeSource(records))

    assert kept == 2
    assert again.papers == Upserted(added=1, unchanged=2)


def test_progress_is_told_by_batch(app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    """The last word is the number of records."""
    monkeypatch.setattr("paperround.services.ingest.BATCH", 2)
    told: list[float] = []

    records = [paper(number, CODING) for number in range(1, 4)]
    ingest(app, FakeSource(records), on_progress=lambda done, total: told.append(done))

    assert told == [2, 3]


def test_a_file_error_is_not_swallowed(app: App, tmp_path_factory: pytest.TempPathFactory) -> None:
    """It reaches the command line, which prints it."""
    path = tmp_path_factory.mktemp("files") / "empty.json"
    error = SourceFileError(path, "is empty")

    with pytest.raises(SourceFileError, match="is empty"):
        ingest(app, FakeSource(fails=error))

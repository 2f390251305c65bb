"""What every source promises, tested on each of them; the fake keeps the same promises."""

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from paperround.errors import SourceUnreachableError
from paperround.identity import canonical
from paperround.records import PaperRecord
from paperround.sources import ArxivFeed, BulkFile, BundledSample, SkipLog, Skipped, Source
from paperround.sources.testing import FakeSource
from tests.paperround.sources.feeds import rss, rss_item

MakeSource = Callable[[Path], Source]
RECORD = PaperRecord("arxiv:2605.00022", "fake", "On engines", announced_on=date(2026, 5, 4))


def bulk(folder: Path) -> Source:
    """Return a bulk file of one paper."""
    path = folder / "papers.jsonl"
    paper = {"id": "2605.00022", "title": "On engines", "announced": "2026-05-04"}
    path.write_text(json.dumps(paper), encoding="utf-8")
    return BulkFile(path)


SOURCES = [
    pytest.param(bulk, id="bulk"),
    pytest.param(lambda _: ArxivFeed(["cs.CL"], lambda url: rss(rss_item())), id="arxiv-feed"),
    pytest.param(lambda _: BundledSample(), id="sample"),
    pytest.param(lambda _: FakeSource([RECORD]), id="fake"),
]
every_source = pytest.mark.parametrize("make", SOURCES)


@every_source
def test_records_carry_canonical_identity_title_and_source(
    make: MakeSource, tmp_path: Path
) -> None:
    """The store merges by identity, so it must be the one and only."""
    source = make(tmp_path)

    records = list(source.fetch())

    assert records
    assert all(record.paper_id == canonical(record.paper_id) for record in records)
    assert all(record.title for record in records)
    assert {record.source for record in records} == {source.name}


@every_source
def test_a_second_fetch_says_the_same(make: MakeSource, tmp_path: Path) -> None:
    """A source keeps nothing between two fetches."""
    source = make(tmp_path)

    assert list(source.fetch()) == list(source.fetch())


@every_source
def test_since_is_kept(make: MakeSource, tmp_path: Path) -> None:
    """Papers announced on that day are there, and none after the last day."""
    source = make(tmp_path)
    last = max(record.announced_on for record in source.fetch() if record.announced_on)

    assert list(source.fetch(last))
    assert list(source.fetch(date.max)) == []


@every_source
def test_the_log_is_cleared_when_a_fetch_begins(make: MakeSource, tmp_path: Path) -> None:
    """What an earlier fetch left out is not told again."""
    source = make(tmp_path)
    source.skips.add("line 1", "left from before")

    list(source.fetch())

    assert source.skips.summary() == Skipped()


def test_the_fake_logs_and_fails_as_told() -> None:
    """Its records come first, so that services can be tested on half a fetch."""
    source = FakeSource([RECORD], malformed=["no title"], fails=SourceUnreachableError("x", "gone"))
    records = source.fetch()

    assert next(records) == RECORD
    with pytest.raises(SourceUnreachableError, match="gone"):
        next(records)
    assert source.skips.summary() == Skipped(1, ("item 1: no title",))
    assert source.asked == [None]


def test_the_log_keeps_a_few_short_samples() -> None:
    """A million bad lines cost no memory."""
    log = SkipLog()
    for number in range(1, 1001):
        log.add(f"line {number}", "x" * 1000)

    assert log.count == 1000
    assert len(log.summary().samples) == 5
    assert max(map(len, log.summary().samples)) == 200

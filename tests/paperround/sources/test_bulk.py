"""Bulk files are streamed line by line; broken ones say what is wrong with them."""

import gzip
import json
import random
import zlib
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paperround.errors import SourceFileError
from paperround.records import PaperRecord
from paperround.sources import BulkFile
from tests.paperround.shared_data import SHARED_DATA, needs_data
from tests.paperround.sources.lines import CORPUS, DAILY, SNAPSHOT


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    """Return a function that writes lines to a file of a given name."""

    def written(*lines: object, name: str = "papers.jsonl") -> Path:
        texts = [line if isinstance(line, str) else json.dumps(line) for line in lines]
        body = "".join(f"{text}\n" for text in texts).encode("utf-8", "surrogatepass")
        path = tmp_path / name
        path.write_bytes(gzip.compress(body) if name.endswith(".gz") else body)
        return path

    return written


Write = Callable[..., Path]


def read(path: Path, since: date | None = None) -> list[PaperRecord]:
    """Return the records of a file."""
    return list(BulkFile(path).fetch(since))


@pytest.mark.parametrize("name", ["papers.jsonl", "papers.jsonl.gz", "no-ending"])
def test_plain_and_gzip_files_are_told_apart_by_content(write: Write, name: str) -> None:
    """A file may be called anything."""
    assert len(read(write(CORPUS, SNAPSHOT, DAILY, name=name))) == 3


def test_a_byte_order_mark_and_blank_lines_are_no_content(write: Write) -> None:
    """Editors put them there."""
    source = BulkFile(write("\ufeff" + json.dumps(CORPUS), "", "   "))

    assert len(list(source.fetch())) == 1
    assert source.skips.count == 0


def test_since_leaves_out_what_was_announced_before(write: Write) -> None:
    """The day itself is included; the snapshot's papers of 2007 are not."""
    path = write(CORPUS, SNAPSHOT, DAILY)

    assert len(read(path, date(2026, 5, 4))) == 2
    assert read(path, date(2026, 5, 6)) == []


@pytest.mark.parametrize(
    ("line", "sample"),
    [
        ("{", "line 2: not JSON: '{'"),
        ("[" * 100_000, "line 2: not JSON: '" + "[" * 40 + "'"),
        ('"text"', "line 2: not a JSON object"),
        ({**CORPUS, "id": None}, "line 2: no id"),
        ({**DAILY, "response": [7]}, "line 2: item 1: no paper"),
    ],
)
def test_a_malformed_line_is_skipped_with_its_place_and_reason(
    write: Write, line: object, sample: str
) -> None:
    """The rest of the file is read."""
    source = BulkFile(write(CORPUS, line, SNAPSHOT))

    assert len(list(source.fetch())) == 2
    assert source.skips.summary().samples == (sample,)


def test_a_fetch_starts_its_log_and_counters_anew(write: Write) -> None:
    """A source can be asked twice."""
    source = BulkFile(write(CORPUS, "{"))

    first, second = list(source.fetch()), list(source.fetch())

    assert first == second
    assert (source.skips.count, source.line, source.papers) == (1, 2, 1)
    assert source.bytes_read == source.size_bytes > 0


@pytest.mark.parametrize(
    ("body", "look"),
    [
        (b"", "is empty"),
        (b"\n\n", "only blank lines"),
        (b"PK\x03\x04rest", "zip archive"),
        (b"%PDF-1.7", "PDF"),
        (b"<!doctype html><html>", "HTML"),
        (b"  <html>", "HTML"),
        (b"<?xml version='1.0'?>", "XML"),
        (b"@article{a, title={b}}", "BibTeX"),
        (b'[{"id": "2605.00022"}]', "JSON array"),
        (b"BZh91AY", "bzip2"),
        (b"\xff\xfe{\x00", "UTF-16"),
        (b"SQLite format 3\x00", "SQLite"),
        (gzip.compress(b""), "is empty"),
        (gzip.compress(b"%PDF-1.7"), "PDF"),
        (gzip.compress(b"a" * 257 + b"ustar" + b"b" * 99), "tar archive"),
        (b"\x1f\x8b broken", "damaged or cut off after line 0"),
        (b"id,title\n2605.00022,T\n", "no paper in it (line 1: not JSON: 'id,title')"),
        (b'{"name": "x"}\n' * 200, "no paper in it (line 1: no id)"),
        (bytes(range(128, 256)) * 50, "no paper in it"),
    ],
)
def test_a_file_of_another_kind_says_what_it_looks_like(
    tmp_path: Path, body: bytes, look: str
) -> None:
    """One line that names the file, and no record before it."""
    path = tmp_path / "papers"
    path.write_bytes(body)

    with pytest.raises(SourceFileError) as caught:
        next(BulkFile(path).fetch())

    assert look in str(caught.value)
    assert str(path) in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_folder_and_a_missing_file_are_no_files(tmp_path: Path) -> None:
    """Each says so by name."""
    with pytest.raises(SourceFileError, match="is a folder"):
        read(tmp_path)
    with pytest.raises(SourceFileError, match="No such file"):
        read(tmp_path / "missing.jsonl")


def test_a_truncated_gzip_tells_how_far_it_was_read(tmp_path: Path) -> None:
    """What could be read comes first, then the break, so that nothing is lost silently."""
    noise = random.Random(0)
    lines = [{**CORPUS, "abstract": f"{noise.getrandbits(4000):x}"} for _ in range(500)]
    body = gzip.compress("".join(json.dumps(line) + "\n" for line in lines).encode())
    path = tmp_path / "cut.jsonl.gz"
    path.write_bytes(body[: len(body) // 2])
    source = BulkFile(path)

    with pytest.raises(SourceFileError, match="cut off after line") as caught:
        list(source.fetch())

    assert 0 < source.papers < 500
    assert f"{source.papers} papers" in str(caught.value)


def test_a_damaged_gzip_is_told_apart_from_a_good_one(tmp_path: Path) -> None:
    """A changed byte is found at the latest by the checksum."""
    body = bytearray(gzip.compress(json.dumps(CORPUS).encode() + b"\n"))
    body[-8:-4] = zlib.crc32(b"other").to_bytes(4, "little")
    path = tmp_path / "damaged.jsonl.gz"
    path.write_bytes(body)

    with pytest.raises(SourceFileError, match="damaged or cut off"):
        read(path)


@given(order=st.permutations([CORPUS, SNAPSHOT, DAILY, {"id": "x"}, {"title": "y"}]))
def test_the_order_of_lines_changes_nothing_but_the_order(
    tmp_path: Path, order: list[dict[str, Any]]
) -> None:
    """Each line stands for itself, whatever schema came before."""
    path = tmp_path / "papers.jsonl"
    path.write_text("\n".join(map(json.dumps, order)), encoding="utf-8")
    source = BulkFile(path)

    ids = sorted(record.paper_id for record in source.fetch())

    assert ids == ["arxiv:0704.0001", "arxiv:2605.00022", "arxiv:2605.00022"]
    assert source.skips.count == 2


@given(cuts=st.lists(st.tuples(st.integers(0, 2000), st.binary(max_size=5)), max_size=5))
def test_mutated_bytes_never_break_the_reader(
    tmp_path: Path, cuts: list[tuple[int, bytes]]
) -> None:
    """A damaged line costs itself at most."""
    body = bytearray("\n".join(map(json.dumps, [CORPUS, SNAPSHOT, DAILY])).encode())
    for place, noise in cuts:
        body[place : place + len(noise)] = noise
    path = tmp_path / "papers.jsonl"
    path.write_bytes(json.dumps(CORPUS).encode() + b"\n" + bytes(body))

    assert len(read(path)) >= 1


@needs_data("arxiv/kaggle_snapshot_head.jsonl")
def test_the_head_of_the_real_snapshot_is_read_whole() -> None:
    """All 200 lines, each with authors, abstract, category and announcement."""
    source = BulkFile(SHARED_DATA / "arxiv/kaggle_snapshot_head.jsonl")

    records = list(source.fetch())

    assert (len(records), source.skips.count) == (200, 0)
    assert all(record.authors and record.abstract and record.categories for record in records)
    assert all(record.announced_on and record.version for record in records)


@needs_data("arxiv/two_weeks_2026-05-04_05-15.jsonl.gz")
def test_two_weeks_of_the_real_corpus_are_read_whole() -> None:
    """3,381 papers, and only of those two weeks."""
    source = BulkFile(SHARED_DATA / "arxiv/two_weeks_2026-05-04_05-15.jsonl.gz")

    records = list(source.fetch())

    assert (len(records), source.skips.count) == (3_381, 0)
    assert {record.announced_on for record in records} <= {
        date(2026, 5, day) for day in range(4, 16)
    }


@pytest.mark.slow
@needs_data("hf/daily_2024-05_2026-05.jsonl.gz")
def test_two_years_of_real_daily_papers_are_read_whole() -> None:
    """8,207 entries of 499 days, each with its votes."""
    source = BulkFile(SHARED_DATA / "hf/daily_2024-05_2026-05.jsonl.gz")

    records = list(source.fetch())

    assert (len(records), source.skips.count) == (8_207, 0)
    assert all(record.upvotes is not None for record in records)

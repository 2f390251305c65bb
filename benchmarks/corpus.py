"""The papers that benchmarks run on: the real corpora beside the project, else the bundled sample.

Reads and writes files of papers; measures nothing.
"""

import gzip
import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import chain, count, islice
from pathlib import Path

from paperround.records import PaperRecord
from paperround.sources.bulk import BulkFile
from paperround.sources.sample import BundledSample

__all__ = ["SHARED_DATA", "Written", "some_papers", "write_corpus"]

SHARED_DATA = Path(__file__).resolve().parents[1].parent / "shared" / "data"
"""Where the real corpora lie, beside the repository; no part of it."""

_ANNOUNCED = "arxiv/announced_2025-03_2026-05.jsonl.gz"
_BACKGROUND = "arxiv/background_40k.jsonl.gz"
_TWO_WEEKS = "arxiv/two_weeks_2026-05-04_05-15.jsonl.gz"


@dataclass(frozen=True, slots=True)
class Written:
    """A file of papers and what is in it."""

    path: Path
    count: int
    told: str


def some_papers(n: int, data: Path = SHARED_DATA) -> tuple[list[PaperRecord], str]:
    """Return the first `n` papers of two weeks of May 2026, and what they are in words.

    Where the corpus is not there, they are made of the bundled sample, and the words say so.
    """
    path = data / _TWO_WEEKS
    if not path.exists():
        return list(_repeated_sample(n)), _told_of_sample(n)
    records = list(islice(BulkFile(path).fetch(), n))
    return records, f"{len(records):,} papers announced from 4 May 2026 on"


def write_corpus(path: Path, n: int, data: Path = SHARED_DATA) -> Written:
    """Write a gzip of `n` lines, one paper each: announced ones first, then older ones."""
    announced, background = data / _ANNOUNCED, data / _BACKGROUND
    if not (announced.exists() and background.exists()):
        written = _write(path, map(_line, _repeated_sample(n)))
        return Written(path, written, _told_of_sample(n))
    with gzip.open(announced) as first, gzip.open(background) as second:
        written = _write(path, islice(chain(first, second), n))
    with gzip.open(announced) as first:
        n_announced = min(written, sum(1 for _ in first))
    told = f"{n_announced:,} papers announced from March 2025 to May 2026"
    if written > n_announced:
        told += f" and {written - n_announced:,} of the background corpus"
    return Written(path, written, told)


def _write(path: Path, lines: Iterator[bytes]) -> int:
    written = 0
    with gzip.open(path, "wb", compresslevel=6) as file:
        for line in lines:
            file.write(line)
            written += 1
    return written


def _told_of_sample(n: int) -> str:
    return f"{n:,} papers made of the bundled sample under new ids: the real corpus is not here"


def _repeated_sample(n: int) -> Iterator[PaperRecord]:
    """Yield the sample again and again, each paper with an id and a title of its own."""
    sample = list(BundledSample().fetch(None))
    for number in islice(count(), n):
        record = sample[number % len(sample)]
        month, running = divmod(number, 99_999)
        yield replace(
            record,
            paper_id=f"arxiv:{2601 + month}.{running + 1:05}",
            title=f"{record.title} ({number})",
        )


def _line(record: PaperRecord) -> bytes:
    paper = {
        "id": record.paper_id.removeprefix("arxiv:"),
        "announced": record.announced_on.isoformat() if record.announced_on else None,
        "title": record.title,
        "authors": [author.name for author in record.authors],
        "categories": list(record.categories),
        "comment": record.comment,
        "abstract": record.abstract,
    }
    return json.dumps(paper).encode() + b"\n"

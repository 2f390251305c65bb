"""Papers to rank, as they lie in the corpora beside the repository.

Reads titles, abstracts, authors and days, and makes of some of them a corpus with vectors. Knows no
reader and no task.
"""

import gzip
import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from recommender.papers import PaperFacts
from recommender.text import paper_text
from recommender.vectors import Matrix

__all__ = [
    "ANNOUNCED",
    "TITLES",
    "Corpus",
    "Embed",
    "MissingDataError",
    "Record",
    "corpus_of",
    "read_announced",
    "read_titles",
]

ANNOUNCED = "arxiv/announced_2025-03_2026-05.jsonl.gz"
TITLES = "ranking/citeulike/titles.txt.gz"

Embed = Callable[[str, Sequence[str]], Matrix]
"""Name of a corpus and its texts in, unit vectors float32 (n_texts, dim) out."""


class MissingDataError(FileNotFoundError):
    """A corpus is not where it should be; whoever asked can go on with the others."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            f"skipped: {path} is not here. The corpora are no part of the repository; "
            "name the folder that holds them with --data"
        )
        self.path = path


@dataclass(frozen=True, slots=True)
class Record:
    """One paper as its corpus has it."""

    paper_id: str
    title: str
    abstract: str = ""
    authors: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    announced_on: date | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Corpus:
    """The papers of a task as rows."""

    name: str
    ids: tuple[str, ...]
    texts: tuple[str, ...]
    """What is embedded, by `recommender.text.paper_text`."""
    facts: tuple[PaperFacts, ...]
    day: NDArray[np.float64]
    """When each was announced, as a day number (n,); NaN where nobody knows."""
    vectors: Matrix
    """Unit rows, float32 (n, dim)."""
    titles_only: bool

    def __len__(self) -> int:
        return len(self.ids)


def read_announced(data: Path) -> list[Record]:
    """Read the papers that arXiv announced from 2025-03-18 to 2026-05-29, in that order.

    Raises:
        MissingDataError: they are not in the folder.
    """
    with gzip.open(_existing(data / ANNOUNCED), "rt", encoding="utf-8") as file:
        records = [_announced(json.loads(line)) for line in file]
    return sorted(records, key=lambda record: (record.announced_on or date.min, record.paper_id))


def read_titles(data: Path) -> list[Record]:
    """Read the titles of CiteULike-a; the number of its line names each paper.

    Raises:
        MissingDataError: they are not in the folder.
    """
    with gzip.open(_existing(data / TITLES), "rt", encoding="utf-8") as file:
        return [Record(str(number), line.strip()) for number, line in enumerate(file)]


def corpus_of(name: str, records: Iterable[Record], embed: Embed) -> Corpus:
    """Make a corpus of some papers, in their order."""
    chosen = tuple(records)
    texts = tuple(paper_text(record.title, record.abstract) for record in chosen)
    day = [r.announced_on.toordinal() if r.announced_on else np.nan for r in chosen]
    return Corpus(
        name=name,
        ids=tuple(record.paper_id for record in chosen),
        texts=texts,
        facts=tuple(PaperFacts(r.title, r.abstract, r.authors, r.categories) for r in chosen),
        day=np.array(day, dtype=np.float64),
        vectors=embed(name, texts),
        titles_only=not any(record.abstract for record in chosen),
    )


def _existing(path: Path) -> Path:
    if not path.exists():
        raise MissingDataError(path)
    return path


def _announced(fields: dict[str, object]) -> Record:
    def strings(name: str) -> tuple[str, ...]:
        found = fields[name]
        return tuple(map(str, found)) if isinstance(found, list) else ()

    return Record(
        paper_id=str(fields["id"]),
        title=str(fields["title"]),
        abstract=str(fields["abstract"] or ""),
        authors=strings("authors"),
        categories=strings("categories"),
        announced_on=date.fromisoformat(str(fields["announced"])),
    )

"""What a paper looks like on the day it is announced, as numbers for the forecast of attention.

Counts and recognises; weighs nothing. Who wrote the paper is no part of it, only how many did: no
h-index, no fame, no affiliation.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

__all__ = ["FORM", "Announcement", "form_rows"]


@dataclass(frozen=True, slots=True)
class Announcement:
    """A paper as it was announced; nothing here can be known only later."""

    title: str
    abstract: str = ""
    comment: str = ""
    """The authors' remark beside the abstract: pages, project page, venue."""
    n_authors: int = 0
    """0 where the source names none."""
    categories: tuple[str, ...] = ()
    """The primary one first."""


@dataclass(frozen=True, slots=True)
class _Read:
    """An announcement with its texts folded once for all measures."""

    paper: Announcement
    title: str
    abstract: str
    comment: str

    @property
    def said(self) -> str:
        return f"{self.abstract}\n{self.comment}"


_Measure = Callable[[_Read], float]


def _finds(pattern: str, where: Callable[[_Read], str]) -> _Measure:
    """Return a measure that is 1 where the lower-case text has the pattern."""
    search = re.compile(pattern).search
    return lambda read: float(search(where(read)) is not None)


def _abstract(read: _Read) -> str:
    return read.abstract


def _comment(read: _Read) -> str:
    return read.comment


def _said(read: _Read) -> str:
    return read.said


_NAME_COLON = re.compile(r"\s*[A-Z][\w.+-]*[A-Z0-9][\w.+-]*\s*:")
_DIGIT = re.compile(r"\d")

_MEASURES: Mapping[str, _Measure] = MappingProxyType(
    {
        "authors (log)": lambda read: float(np.log1p(read.paper.n_authors)),
        "one author": lambda read: float(read.paper.n_authors == 1),
        "ten authors or more": lambda read: float(read.paper.n_authors >= 10),
        "twenty authors or more": lambda read: float(read.paper.n_authors >= 20),
        "categories": lambda read: float(len(read.paper.categories)),
        "title: characters": lambda read: float(len(read.title)),
        "title: five words at most": lambda read: float(len(read.title.split()) <= 5),
        "title: colon": lambda read: float(":" in read.title),
        "title: name and colon": lambda read: float(
            _NAME_COLON.match(read.paper.title) is not None
        ),
        "title: question": lambda read: float("?" in read.title),
        "title: survey": _finds(r"\bsurvey|\breview\b", lambda read: read.title),
        "title: benchmark": _finds(r"bench", lambda read: read.title),
        "abstract: characters": lambda read: float(len(read.abstract)),
        "abstract: over 1,500 characters": lambda read: float(len(read.abstract) > 1_500),
        "abstract: digits": lambda read: float(np.log1p(len(_DIGIT.findall(read.abstract)))),
        "abstract: percent": lambda read: float("%" in read.abstract),
        "abstract: state of the art": _finds(r"state-of-the-art|\bsota\b", _abstract),
        "abstract: address": _finds(r"https?:", _abstract),
        "abstract: repository": _finds(r"github\.com|gitlab\.com", _abstract),
        "said: project page": _finds(r"project (?:web ?)?(?:page|site)|github\.io", _said),
        "said: model hub": _finds(r"huggingface\.co|hf\.co", _said),
        "said: open": _finds(
            r"open[- ]?sourc|publicly available|(?:we|will) (?:be )?release|open[- ]weight", _said
        ),
        "said: code": _finds(r"\bcodes?\b", _said),
        "said: technical report": _finds(r"technical report", _said),
        "comment: any": lambda read: float(bool(read.comment)),
        "comment: address": _finds(r"https?:", _comment),
        "comment: pages": _finds(r"\bpages?\b", _comment),
        "comment: figures": _finds(r"figures?\b", _comment),
        "comment: accepted": _finds(r"accepted|to appear|published in|proceedings", _comment),
        "comment: workshop": _finds(r"workshop", _comment),
        "comment: under review": _finds(r"under review|submitted to", _comment),
        "comment: in progress": _finds(r"work in progress|preprint|ongoing", _comment),
    }
)

FORM = tuple(_MEASURES)
"""Names of the columns of `form_rows`."""


def form_rows(papers: Sequence[Announcement]) -> NDArray[np.float64]:
    """Measure papers: float64 (n_papers, len(FORM)), none negative, none infinite."""
    rows = np.empty((len(papers), len(FORM)))
    for row, paper in zip(rows, papers, strict=True):
        read = _read(paper)
        row[:] = [measure(read) for measure in _MEASURES.values()]
    return rows


def _read(paper: Announcement) -> _Read:
    texts = (" ".join(text.split()) for text in (paper.title, paper.abstract, paper.comment))
    title, abstract, comment = (text.casefold() for text in texts)
    return _Read(paper, title, abstract, comment)

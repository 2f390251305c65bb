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


def _says(where: Callable[[_Read], str], *phrases: str) -> _Measure:
    """Return a measure that is 1 where the lower-case text has one of the phrases.

    Plain phrases, not patterns: this is done for tens of thousands of abstracts, and searching for
    a phrase is ten times faster.
    """

    def measure(read: _Read) -> float:
        text = where(read)
        return float(any(phrase in text for phrase in phrases))

    return measure


def _title(read: _Read) -> str:
    return read.title


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
        "title: survey": _says(_title, "survey", "review"),
        "title: benchmark": _says(_title, "bench"),
        "abstract: characters": lambda read: float(len(read.abstract)),
        "abstract: over 1,500 characters": lambda read: float(len(read.abstract) > 1_500),
        "abstract: digits": lambda read: float(np.log1p(len(_DIGIT.findall(read.abstract)))),
        "abstract: percent": lambda read: float("%" in read.abstract),
        "abstract: state of the art": _says(_abstract, "state-of-the-art", " sota"),
        "abstract: address": _says(_abstract, "http://", "https://"),
        "abstract: repository": _says(_abstract, "github.com", "gitlab.com"),
        "said: project page": _says(
            _said, "project page", "project web", "project site", "github.io"
        ),
        "said: model hub": _says(_said, "huggingface.co", "hf.co"),
        "said: open": _says(
            _said,
            *("open source", "open-source", "opensource", "open-weight", "publicly available"),
            *("we release", "will release", "be released"),
        ),
        "said: code": _says(_said, " code ", " code.", " code,", " codes ", "code:", "code is"),
        "said: technical report": _says(_said, "technical report"),
        "comment: any": lambda read: float(bool(read.comment)),
        "comment: address": _says(_comment, "http://", "https://"),
        "comment: pages": _says(_comment, " page", "pages"),
        "comment: figures": _says(_comment, "figure"),
        "comment: accepted": _says(
            _comment, "accepted", "to appear", "published in", "proceedings"
        ),
        "comment: workshop": _says(_comment, "workshop"),
        "comment: under review": _says(_comment, "under review", "submitted to"),
        "comment: in progress": _says(_comment, "in progress", "preprint", "ongoing"),
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

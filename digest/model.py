"""The values that a digest is made of, from the card of a paper to the whole mail.

Every text here is plain Unicode, already free of LaTeX and control characters, and not yet escaped:
templates escape. Every link and every number shown is computed before it gets here. Nothing here
renders or decides.
"""

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

__all__ = [
    "Card",
    "CardProblem",
    "Digest",
    "Entry",
    "EntryLinks",
    "Links",
    "Quiet",
    "Rendered",
    "Section",
    "SectionKind",
]


class SectionKind(StrEnum):
    """Why the papers of a section are there."""

    INTEREST = "interest"
    TRENDING = "trending"
    OUTSIDE = "outside"


@dataclass(frozen=True, slots=True)
class Card:
    """What every reader sees of a paper; rendered once and shared by all of them."""

    paper_id: str
    """Canonical identity; with `version` the key under which the rendered card is kept."""
    title: str
    url: str
    """Straight to the paper, no redirect of ours."""
    authors: str
    """First three and "et al.": `Ada Lovelace, Grace Hopper, Alan Turing et al.`"""
    category: str
    """Primary category: `cs.CL`; empty when unknown."""
    date_label: str
    """`May 4` in the digest's own year, `May 4, 2024` in another."""
    affiliations: str = ""
    code_url: str = ""
    abstract: str = ""
    """About two lines, cut at a word."""
    prospects: str = ""
    """What may come of it: `Novelty 93 · Forecast 88`; empty when unknown."""


@dataclass(frozen=True, slots=True)
class EntryLinks:
    """The three signed links of one paper in one reader's digest; GET changes nothing."""

    like: str
    dislike: str
    more: str
    """The paper's page: similar papers, BibTeX, versions."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One paper as one reader sees it."""

    card: Card
    score: float
    """0 to 100, shown with one decimal."""
    score_label: str
    """What the score measures: `match` or `trending`."""
    links: EntryLinks
    key_sentence: str = ""
    """The sentence of the abstract nearest to this reader; empty means the card's abstract."""
    reason: str = ""
    """Why it is here, as a sentence: `Because you liked "..."; both speak of parsing, treebank.`"""


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and the papers under it, best first."""

    kind: SectionKind
    heading: str
    entries: tuple[Entry, ...]
    note: str = ""
    """One line under the heading: what the scores here measure."""
    omitted: int = 0
    """Papers that cleared the threshold but not the room; said as "n more"."""


@dataclass(frozen=True, slots=True)
class Links:
    """Links of the whole digest."""

    unsubscribe: str
    """Signed; GET shows a page with a button, POST (RFC 8058) unsubscribes."""
    preferences: str
    web_copy: str


@dataclass(frozen=True, slots=True)
class Digest:
    """Everything one mail says, before it has a form."""

    stream: str
    """Name of the list as readers see it: `Paper Round`."""
    reader_name: str
    """Empty when the reader gave none."""
    day: date
    """The reader's own local date."""
    subject: str
    preheader: str
    """40 to 100 characters that mail clients show beside the subject."""
    summary: str
    """One line under the title: how many papers were read and how many are here."""
    sections: tuple[Section, ...]
    links: Links
    operator: str = ""
    """Who sends this and where, for the footer."""
    papers_read: int = 0
    """How many new papers were looked at for this reader; 0 when that is not known."""

    @property
    def entries(self) -> tuple[Entry, ...]:
        """All entries in the order of the mail."""
        return tuple(entry for section in self.sections for entry in section.entries)


@dataclass(frozen=True, slots=True)
class Quiet:
    """The decision to send nothing on a day, with its reason in words."""

    day: date
    reason: str
    """`None of 212 new papers reached your threshold of 25.`"""
    best_score: float | None = None
    """The highest score of the day, 0 to 100; None when there was no paper at all."""


@dataclass(frozen=True, slots=True)
class CardProblem:
    """A paper whose card could not be rendered and was replaced by its bare title."""

    paper_id: str
    problem: str


@dataclass(frozen=True, slots=True)
class Rendered:
    """A digest in its two forms, which say the same."""

    subject: str
    text: str
    html: str = field(repr=False)
    problems: tuple[CardProblem, ...] = ()
    """Papers that are in the mail by their bare title only; worth a line in the log."""
    dropped: tuple[str, ...] = ()
    """Ids of the papers of the digest that the size limit kept out of the mail."""

"""Values that enter from outside: papers from sources, items from readers' libraries.

Sources and libraries make them, services carry them, the store keeps them. Nothing here parses or
saves anything.
"""

from dataclasses import dataclass
from datetime import date, datetime

__all__ = ["AuthorRecord", "LibraryItem", "PaperRecord"]


@dataclass(frozen=True, slots=True)
class AuthorRecord:
    """One author of one paper, as the source spelled it."""

    name: str
    """Display order, given name first: `Ada Lovelace`. Plain Unicode, no TeX."""
    affiliations: tuple[str, ...] = ()
    """As stated by the source; empty when it stated none."""


@dataclass(frozen=True, slots=True)
class PaperRecord:
    """What one source says of one paper; a field it does not know is None or empty.

    Records of the same paper from several sources, days or versions share `paper_id` and are merged
    by the store, where what is known is never overwritten by what is not.
    """

    paper_id: str
    """Canonical identity, see `paperround.identity`: `arxiv:2605.00022`, `doi:10.1000/182`."""
    source: str
    """Name of the source that said so: `arxiv-feed`, `bulk`, `sample`, `library`."""
    title: str
    """One line; LaTeX as the author wrote it, white space folded."""
    abstract: str = ""
    """LaTeX as the author wrote it, white space folded; empty when the source has none."""
    authors: tuple[AuthorRecord, ...] = ()
    """In the order of the title page."""
    categories: tuple[str, ...] = ()
    """arXiv category codes, the primary one first."""
    version: int | None = None
    """Version number from 1; None when the source does not say."""
    announced_on: date | None = None
    """The day the source announced it as new (not as a cross-list or replacement)."""
    published_at: datetime | None = None
    """First version submitted; aware, UTC."""
    updated_at: datetime | None = None
    """This version submitted; aware, UTC."""
    comment: str | None = None
    journal_ref: str | None = None
    doi: str | None = None
    """Of the published version, lower case, without a resolver's address."""
    licence: str | None = None
    """Address or short name of the licence."""
    url: str | None = None
    """Where a reader reads it; derived from the identity when None."""
    code_url: str | None = None
    """A public repository with the paper's code."""
    upvotes: int | None = None
    """Votes on the Hugging Face daily page, as last seen."""


@dataclass(frozen=True, slots=True)
class LibraryItem:
    """One entry of a library that a reader already has."""

    title: str
    """Empty when the library gave only an identifier."""
    arxiv_id: str | None = None
    """Without version: `2605.00022` or `hep-th/9901001`."""
    doi: str | None = None
    """Lower case, without a resolver's address."""
    authors: tuple[str, ...] = ()
    abstract: str = ""
    year: int | None = None
    key: str = ""
    """The entry's own key or line number, for messages about it."""

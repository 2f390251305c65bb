"""What the reading of a library gives.

Holds no parser.
"""

from dataclasses import dataclass

from paperround.records import LibraryItem

__all__ = ["Library"]


@dataclass(frozen=True, slots=True)
class Library:
    """The entries of one library, and what could not be read of it."""

    items: tuple[LibraryItem, ...]
    """In the order of the library; each has a title, an arXiv id or a DOI."""
    problems: tuple[str, ...]
    """One line each, with its place: `line 14: no title and no identifier`."""
    kind: str
    """`bibtex` or `ids`."""

"""What readers already have: their bibliography or list of papers, as `LibraryItem` values.

Reads BibTeX, BibLaTeX and lists of arXiv ids or DOIs in any shape. Does not know which of
the papers are in the store, and asks no network for the rest.

To add a format: a module with `is_<format>(text)` and `parse(text) -> Library`, a line in
`_FORMATS`, and one fewer in `paperround.library.kinds`.
"""

from pathlib import Path

from paperround.errors import LibraryError
from paperround.library import bibtex, ids
from paperround.library.kinds import refuse_other_kinds
from paperround.library.model import Library
from paperround.library.reading import text_of_file

__all__ = ["Library", "read_library"]


def read_library(source: Path | str) -> Library:
    """Return what a library holds, and what in it could not be read.

    Args:
        source: A file as a `Path`; or the text itself as a `str`.

    Raises:
        LibraryError: The file cannot be read, is of another kind (the message says which),
            or holds nothing recognisable.
    """
    where = str(source) if isinstance(source, Path) else "library"
    text = text_of_file(source) if isinstance(source, Path) else source
    text = text.lstrip("\ufeff")
    if not text.strip():
        raise LibraryError(where, "is empty; give BibTeX or a list of arXiv ids")
    refuse_other_kinds(text, where)
    library = bibtex.parse(text) if bibtex.is_bibtex(text) else ids.parse(text)
    if not library.items:
        first = f" ({library.problems[0]})" if library.problems else ""
        raise LibraryError(
            where,
            f"holds no entry that can be read{first}; looked for BibTeX entries, arXiv ids, DOIs",
        )
    return library

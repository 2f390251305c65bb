"""The text of a library file, whatever encoding its program wrote.

Does not know what the text means.
"""

import codecs
from pathlib import Path

from paperround.errors import LibraryError

__all__ = ["text_of_file"]

_LARGEST = 64 * 1024 * 1024
_BINARY: tuple[tuple[bytes, str], ...] = (
    (b"%PDF", "a PDF; export the library of your reference manager as BibTeX"),
    (b"PK\x03\x04", "a zip archive or office document; unpack or export it as BibTeX"),
    (b"\x1f\x8b", "a gzip archive; unpack it first"),
    (b"SQLite format 3", "a SQLite database (Zotero?); export the library as BibTeX"),
    (b"\xd0\xcf\x11\xe0", "an old office document; export the library as BibTeX"),
)


def text_of_file(path: Path) -> str:
    """Return the text of a file in UTF-8, UTF-16 with its mark, or else Windows-1252 or Latin-1.

    Raises:
        LibraryError: It cannot be read, is larger than 64 MB, or is no text.
    """
    if path.is_dir():
        raise LibraryError(str(path), "is a folder; give one file")
    try:
        with path.open("rb") as file:
            body = file.read(_LARGEST + 1)
    except OSError as error:
        reason = error.strerror or str(error)
        raise LibraryError(str(path), f"cannot be read ({reason})") from error
    if len(body) > _LARGEST:
        raise LibraryError(str(path), "is larger than 64 MB; split it")
    for mark, look in _BINARY:
        if body.startswith(mark):
            raise LibraryError(str(path), f"is {look}")
    text = _decoded(body)
    if "\x00" in text[:4096]:
        raise LibraryError(str(path), "is no text; give BibTeX or a list of arXiv ids")
    return text


def _decoded(body: bytes) -> str:
    """Return the text; Latin-1, which reads any byte, is the last resort."""
    if body.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return body.decode("utf-16", "replace")
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            return body.decode(encoding)
        except UnicodeDecodeError:
            continue
    return body.decode("latin-1")

"""A file that is no library of a known kind says what it looks like."""

from pathlib import Path

import pytest

from paperround.errors import LibraryError
from paperround.library import read_library
from tests.paperround.shared_data import SHARED_DATA, needs_data

EXPORTS = SHARED_DATA / "libraries/library-exports"


@pytest.mark.parametrize(
    ("body", "look"),
    [
        (b"", "is empty"),
        (b"\xef\xbb\xbf \n", "is empty"),
        (b"%PDF-1.7\x00", "a PDF"),
        (b"PK\x03\x04", "a zip archive or office document"),
        (b"\x1f\x8b\x08", "a gzip archive"),
        (b"SQLite format 3\x00", "a SQLite database"),
        (b"\xd0\xcf\x11\xe0", "an old office document"),
        (b"\x00\x01\x02\x03", "is no text"),
        (b"{\\rtf1 x}", "a rich-text document"),
        (b"<!DOCTYPE html><style>@media (x) {}</style>", "an HTML page"),
        (b"<?xml version='1.0'?><xml/>", "an XML file"),
        (b'[{"id": "x", "DOI": "10.1000/1"}]', "JSON"),
        (b"\n1.\nTY  - JOUR\nDO  - 10.1000/1\nER  - \n", "RIS"),
        (b"%0 Journal Article\n%T On engines\n", "an EndNote export"),
        (b"PMID- 22664230\nOWN - NLM\n", "a MEDLINE export"),
        (b'"Key","Item Type","Publication Year"\n', "a Zotero CSV export"),
    ],
)
def test_another_kind_of_file_is_named(tmp_path: Path, body: bytes, look: str) -> None:
    """One line with the file's name, and what to do instead."""
    path = tmp_path / "library"
    path.write_bytes(body)

    with pytest.raises(LibraryError) as caught:
        read_library(path)

    assert look in str(caught.value)
    assert str(path) in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_folder_and_a_missing_file_are_told(tmp_path: Path) -> None:
    """Each says so by name."""
    with pytest.raises(LibraryError, match="is a folder"):
        read_library(tmp_path)
    with pytest.raises(LibraryError, match="No such file"):
        read_library(tmp_path / "missing.bib")


OTHERS = sorted(
    path
    for path in EXPORTS.glob("*/*")
    if path.suffix in {".ris", ".json", ".enw", ".csv", ".yml"} and path.name != "ris_bug.ris"
)


@needs_data("libraries/library-exports")
@pytest.mark.parametrize("path", OTHERS, ids=lambda path: path.name[:60])
def test_a_real_export_of_another_kind_is_refused(path: Path) -> None:
    """Half reading RIS or CSL-JSON as a list of ids would lose papers silently."""
    with pytest.raises(LibraryError):
        read_library(path)

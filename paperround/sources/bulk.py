"""Files of papers, one JSON object a line, plain or gzip, read as a stream.

Opens and splits files and survives what is wrong with them; what a line means is decided in
`paperround.sources.bulk_formats`. Saves nothing.
"""

import gzip
import io
import json
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

from paperround.errors import SourceFileError
from paperround.records import PaperRecord
from paperround.sources.bulk_formats import MalformedError, papers_of
from paperround.sources.protocol import SkipLog

__all__ = ["BulkFile"]

_BOM = b"\xef\xbb\xbf"
_GZIP = b"\x1f\x8b"
_LOOKS: tuple[tuple[bytes, str], ...] = (
    (b"pk\x03\x04", "a zip archive: unpack it and give the file inside"),
    (b"%pdf", "a PDF"),
    (b"bzh", "a bzip2 archive: unpack it first"),
    (b"\xfd7zxz", "an xz archive: unpack it first"),
    (b"\x28\xb5\x2f\xfd", "a zstd archive: unpack it first"),
    (b"\xff\xfe", "a UTF-16 text: save it as UTF-8"),
    (b"\xfe\xff", "a UTF-16 text: save it as UTF-8"),
    (b"sqlite format 3", "a SQLite database"),
    (b"<!doctype html", "an HTML page"),
    (b"<html", "an HTML page"),
    (b"<", "an XML file"),
    (b"@", "a BibTeX file, which is a reader's library and not a source of papers"),
    (b"[", "one JSON array: write one object a line (jq -c '.[]')"),
)
_WANTED = (
    "expected one JSON object a line: arXiv's metadata snapshot, "
    "{id, announced, title, authors, categories, abstract}, or recorded Hugging Face daily papers"
)
_HOPELESS = 50  # lines without one good one: a file of another kind, not one with a few bad lines
_LONGEST_LINE = 64 * 1024 * 1024

Stream = io.BufferedReader | gzip.GzipFile


class BulkFile:
    """A file of papers; a `Source`.

    Reads arXiv's metadata snapshot, the plain JSON-lines schema (id, announced, title, authors,
    categories, comment, abstract) and recorded days of Hugging Face's daily papers, mixed if need
    be. A malformed line is skipped and logged in `skips`.
    """

    name = "bulk"

    def __init__(self, path: Path) -> None:
        self.path = path
        self.skips = SkipLog()
        self.line = 0
        """Lines read so far."""
        self.papers = 0
        """Records yielded so far."""
        self.size_bytes = 0
        """Size of the file on disk; 0 until the first record was asked for."""
        self._good_lines = 0
        self._file: io.BufferedReader | None = None

    @property
    def bytes_read(self) -> int:
        """Return how many bytes of the file, as it lies on disk, were read; for progress."""
        return self._file.tell() if self._file and not self._file.closed else self.size_bytes

    def fetch(self, since: date | None = None) -> Iterator[PaperRecord]:
        """Yield the papers of the file in its order.

        What can be told from the start of a file (it is missing, empty, of another kind) is told
        before the first record. A break further on is told when it is reached, after the good
        records before it: whoever saves them in one transaction saves nothing, and whoever saves in
        batches runs the same file again, because upserts are idempotent.

        Raises:
            SourceFileError: The file cannot be read, holds no papers, or breaks off.
        """
        self.skips.clear()
        self.line = self.papers = self._good_lines = 0
        with self._opened() as stream:
            for line in self._lines(stream):
                for record in self._records(line, since):
                    self.papers += 1
                    yield record
                if self._good_lines == 0 and self.skips.count >= _HOPELESS:
                    break
        if self._good_lines == 0:
            sample = "; ".join(self.skips.summary().samples[:1]) or "only blank lines"
            raise SourceFileError(self.path, f"no paper in it ({sample}); {_WANTED}")

    @contextmanager
    def _opened(self) -> Iterator[Stream]:
        """Yield the unpacked bytes of the file; refuse what is plainly something else."""
        if self.path.is_dir():
            raise SourceFileError(self.path, "is a folder; give one of the files in it")
        try:
            file = self.path.open("rb")
        except OSError as error:
            reason = error.strerror or str(error)
            raise SourceFileError(self.path, f"cannot be read ({reason})") from error
        with file:
            self._file = file
            self.size_bytes = self.path.stat().st_size
            is_packed = file.peek(2)[:2] == _GZIP
            stream = gzip.GzipFile(fileobj=file) if is_packed else file
            self._refuse_other_kinds(self._head(stream))
            yield stream

    def _head(self, stream: Stream) -> bytes:
        """Return the first bytes of the text without reading on."""
        try:
            return stream.peek(512)
        except (OSError, EOFError, zlib.error) as error:
            raise self._broken_off(error) from error

    def _refuse_other_kinds(self, head: bytes) -> None:
        """Raise when the first bytes are those of another kind of file."""
        if not head:
            raise SourceFileError(self.path, f"is empty; {_WANTED}")
        if head[257:262] == b"ustar":
            raise SourceFileError(self.path, "is a tar archive: unpack it and give the file inside")
        start = head.removeprefix(_BOM).lstrip()[:16].lower()
        for mark, look in _LOOKS:
            if start.startswith(mark):
                raise SourceFileError(self.path, f"is {look}; {_WANTED}")

    def _lines(self, stream: Stream) -> Iterator[bytes]:
        """Yield the lines; a break of the stream becomes an error that says how far it went."""
        while True:
            try:
                line = stream.readline(_LONGEST_LINE)
            except (OSError, EOFError, zlib.error) as error:
                raise self._broken_off(error) from error
            if not line:
                return
            self.line += 1
            yield line.removeprefix(_BOM)

    def _broken_off(self, error: Exception) -> SourceFileError:
        """Return the error for a stream that ends in the middle or cannot be unpacked."""
        return SourceFileError(
            self.path,
            f"is damaged or cut off after line {self.line}, {self.papers} papers ({error}); get "
            "the file again and run the same command: what is here already is not added twice",
        )

    def _records(self, line: bytes, since: date | None) -> list[PaperRecord]:
        """Return the papers of one line; log it when it is malformed."""
        where = f"line {self.line}"
        if line.isspace():
            return []
        try:
            records = list(
                papers_of(json.loads(line.decode()), since, lambda why: self.skips.add(where, why))
            )
        except MalformedError as problem:
            self.skips.add(where, str(problem))
        except (ValueError, RecursionError):
            self.skips.add(where, f"not JSON: {line[:40].decode('utf-8', 'replace').strip()!r}")
        else:
            self._good_lines += 1
            return records
        return []

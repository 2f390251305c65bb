"""The bundled week of papers, for a first digest without network or files.

The facts are arXiv's; each summary is in words of our own and stands where an abstract would.
"""

import json
from collections.abc import Iterator
from datetime import date
from importlib import resources

from paperround.folding import fold
from paperround.identity import canonical
from paperround.records import AuthorRecord, PaperRecord
from paperround.sources.protocol import SkipLog

__all__ = ["BundledSample"]


class BundledSample:
    """The papers of `sources/data/sample.jsonl`; a `Source` that needs nothing."""

    name = "sample"

    def __init__(self) -> None:
        self.skips = SkipLog()

    def fetch(self, since: date | None = None) -> Iterator[PaperRecord]:
        """Yield the bundled papers announced on or after `since`."""
        self.skips.clear()
        text = (
            resources.files("paperround.sources").joinpath("data/sample.jsonl").read_text("utf-8")
        )
        for line in text.splitlines():
            record = _record(line)
            if since is None or record.announced_on is None or record.announced_on >= since:
                yield record


def _record(line: str) -> PaperRecord:
    """Return the paper of one line: id, announced, title, authors, categories, summary."""
    paper = json.loads(line)
    return PaperRecord(
        paper_id=canonical(paper["id"]),
        source=BundledSample.name,
        title=fold(paper["title"]),
        abstract=fold(paper["summary"]),
        authors=tuple(AuthorRecord(fold(name)) for name in paper["authors"]),
        categories=tuple(paper["categories"]),
        announced_on=date.fromisoformat(paper["announced"]),
        comment=paper.get("comment"),
        code_url=paper.get("code"),
    )

"""Decides what a paper's row becomes when a source speaks of the paper again.

Pure: rows go in and come out as plain mappings. What is known is never overwritten by what is not;
a newer version replaces the text, an older one does not; the first announcement stands.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from paperround.identity import paper_url, title_key
from paperround.records import PaperRecord
from recommender.text import paper_text, text_hash

__all__ = ["TITLE_KEY_CHARS", "merge_record"]

# PostgreSQL cannot index longer values, and no two titles differ only beyond it.
TITLE_KEY_CHARS = 200

_UNKNOWN_AT_FIRST = (
    *("title", "title_key", "text_hash", "announced_on", "published_at", "updated_at"),
    *("comment", "journal_ref", "doi", "licence", "code_url", "upvotes"),
)


def merge_record(
    known: Mapping[str, Any] | None, record: PaperRecord, now: datetime
) -> dict[str, Any]:
    """Return the whole row (all columns but `id`) for a paper after hearing one more record.

    Args:
        known: The row so far, or None for a paper that is new here.
        record: What a source says.
        now: When; kept as `added_at` of a new row.
    """
    row = dict(known) if known is not None else _blank(record, now)
    if _replaces_text(row, record):
        row |= _text(row, record)
        if record.authors:
            row["authors"] = [
                {"name": author.name, "affiliations": list(author.affiliations)}
                for author in record.authors
            ]
        row["updated_at"] = record.updated_at or row["updated_at"]
    row["versions"] = _add_version(row["versions"], record)
    row["categories"] = _union(row["categories"], record.categories)
    row["announced_on"] = _earliest(row["announced_on"], record.announced_on)
    row["published_at"] = _earliest(row["published_at"], record.published_at)
    row["upvotes"] = record.upvotes if record.upvotes is not None else row["upvotes"]
    for name in ("comment", "journal_ref", "doi", "licence", "code_url"):
        row[name] = getattr(record, name) or row[name]
    row["url"] = record.url or row["url"]
    return row


def _text(row: Mapping[str, Any], record: PaperRecord) -> dict[str, str]:
    """Return the columns that change when a record's text counts; none when it is the same."""
    title, abstract = record.title, record.abstract or row["abstract"]
    # A re-run meets the same texts again; folding and hashing them is half of its work.
    if title == row["title"] and abstract == row["abstract"]:
        return {}
    return {
        "title": title,
        "abstract": abstract,
        "title_key": title_key(title)[:TITLE_KEY_CHARS],
        "text_hash": text_hash(paper_text(title, abstract)),
    }


def _blank(record: PaperRecord, now: datetime) -> dict[str, Any]:
    return dict.fromkeys(_UNKNOWN_AT_FIRST) | {
        "paper_id": record.paper_id,
        "abstract": "",
        "authors": [],
        "categories": [],
        "versions": [],
        "url": record.url if record.url is not None else paper_url(record.paper_id),
        "source": record.source,
        "added_at": now,
    }


def _replaces_text(row: Mapping[str, Any], record: PaperRecord) -> bool:
    """A record's text counts unless it is of an older version, or lacks the abstract we have."""
    if row["title"] is None:
        return True
    if not record.abstract and row["abstract"]:
        return False
    latest = max((entry["version"] for entry in row["versions"]), default=0)
    return record.version is None or record.version >= latest


def _add_version(versions: Sequence[dict[str, Any]], record: PaperRecord) -> list[dict[str, Any]]:
    if record.version is None:
        return list(versions)
    seen = {entry["version"]: entry for entry in versions}
    at = record.updated_at or (record.published_at if record.version == 1 else None)
    known_at = seen.get(record.version, {}).get("at")
    seen[record.version] = {
        "version": record.version,
        "at": at.isoformat() if at is not None else known_at,
    }
    return [seen[number] for number in sorted(seen)]


def _union(known: Sequence[str], new: Sequence[str]) -> list[str]:
    """Return the categories of both, the newest record's order first."""
    return list(dict.fromkeys([*new, *known]))


def _earliest(known: Any, new: Any) -> Any:
    if known is None or new is None:
        return new if known is None else known
    return min(known, new)

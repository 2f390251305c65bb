"""One JSON object of a bulk file -> the papers it speaks of, whichever known schema it follows.

Knows nothing of files and lines: `paperround.sources.bulk` does.

Source: https://www.kaggle.com/datasets/Cornell-University/arxiv (snapshot),
https://huggingface.co/docs/hub/api (daily papers).
"""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Any

from paperround.errors import IdentityError
from paperround.folding import fold
from paperround.identity import canonical, doi
from paperround.names import author_list, plain_name
from paperround.records import AuthorRecord, PaperRecord
from paperround.sources.announcements import announcement_day
from paperround.sources.code_links import find_repository, repository
from paperround.taxonomy import categories_among

__all__ = ["MalformedError", "papers_of"]

Line = dict[str, Any]  # Any: what JSON of strangers holds; each field is checked as it is read
SkipItem = Callable[[str], None]

_SOURCE = "bulk"
_MOST_VOTES = 2**31 - 1  # what an integer column of any database holds
_MONTHS = {
    name: number
    for number, name in enumerate(
        ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"), 1
    )
}


class MalformedError(ValueError):
    """An object is no paper of a known schema; the message says why in a few words."""


def papers_of(line: object, since: date | None, skip_item: SkipItem) -> Iterator[PaperRecord]:
    """Yield the papers of one object: one, or all of a day of Hugging Face's daily papers.

    Args:
        line: The decoded JSON of one line.
        since: Leave out what is known to be announced before this day.
        skip_item: Called with the reason for each malformed paper inside a day.

    Raises:
        MalformedError: The object is no paper and no day of papers.
    """
    if not isinstance(line, dict):
        raise MalformedError("not a JSON object")
    if "response" in line:
        yield from _daily_papers(line, since, skip_item)
        return
    record = _snapshot(line) if "versions" in line or "authors_parsed" in line else _corpus(line)
    if since is None or record.announced_on is None or record.announced_on >= since:
        yield record


def _corpus(line: Line) -> PaperRecord:
    """Return the paper of the plain schema: id, announced, title, authors, categories, abstract."""
    abstract, comment = _text(line, "abstract"), _text(line, "comment") or None
    votes = line.get("hf")
    hub: Line = votes if isinstance(votes, dict) else {}
    links = [hub.get("github"), *_list(line, "code_links")]
    return PaperRecord(
        paper_id=_paper_id(line),
        source=_SOURCE,
        title=_title(line),
        abstract=abstract,
        authors=_authors(line),
        categories=_categories(line),
        announced_on=_day(line.get("announced")),
        published_at=_instant(line.get("published")),
        updated_at=_instant(line.get("updated")),
        comment=comment,
        journal_ref=_text(line, "journal_ref") or None,
        doi=_doi(line),
        code_url=_code(links, comment, abstract),
        upvotes=_count(hub.get("upvotes")),
    )


def _snapshot(line: Line) -> PaperRecord:
    """Return the paper of arXiv's metadata snapshot, announced when its first version implies."""
    abstract, comment = _text(line, "abstract"), _text(line, "comments") or None
    created = [_created(version) for version in _list(line, "versions")]
    first = created[0] if created else None
    return PaperRecord(
        paper_id=_paper_id(line),
        source=_SOURCE,
        title=_title(line),
        abstract=abstract,
        authors=_parsed_authors(line) or _authors(line),
        categories=_categories(line),
        version=len(created) or None,
        announced_on=announcement_day(first) if first else None,
        published_at=first,
        updated_at=created[-1] if created else None,
        comment=comment,
        journal_ref=_text(line, "journal-ref") or None,
        doi=_doi(line),
        licence=_text(line, "license") or None,
        code_url=_code([], comment, abstract),
    )


def _daily_papers(line: Line, since: date | None, skip_item: SkipItem) -> Iterator[PaperRecord]:
    """Yield the papers of one recorded day; votes are those of that day."""
    day = _day(line.get("date"))
    if since is not None and day is not None and day < since:
        return
    for number, item in enumerate(_list(line, "response"), start=1):
        try:
            yield _daily_paper(item)
        except MalformedError as problem:
            skip_item(f"item {number}: {problem}")


def _daily_paper(item: object) -> PaperRecord:
    """Return one paper of a day; Hugging Face does not know when arXiv announced it."""
    paper = item.get("paper") if isinstance(item, dict) else None
    if not isinstance(paper, dict):
        raise MalformedError("no paper")
    abstract = _text(paper, "summary")
    return PaperRecord(
        paper_id=_paper_id(paper),
        source=_SOURCE,
        title=_title(paper),
        abstract=abstract,
        authors=_authors(paper),
        published_at=_instant(paper.get("publishedAt")),
        code_url=_code([paper.get("githubRepo")], None, abstract),
        upvotes=_count(paper.get("upvotes")),
    )


def _paper_id(line: Line) -> str:
    """Return the canonical id; a paper without a possible one is malformed."""
    given = line.get("id")
    if given is None or given == "":
        raise MalformedError("no id")
    try:
        return canonical(str(given))
    except IdentityError:
        raise MalformedError(f"{str(given)[:40]!r} is not a paper id") from None


def _title(line: Line) -> str:
    """Return the title, which every paper must have."""
    title = _text(line, "title")
    if not title:
        raise MalformedError("no title")
    return title


def _text(line: Line, key: str) -> str:
    """Return a text on one line; empty when the source has none."""
    value = line.get(key)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise MalformedError(f"{key} is not a text")
    return fold(value)


def _list(line: Line, key: str) -> list[Any]:
    """Return a list; empty when the source has none."""
    value = line.get(key)
    if value is None:
        return []
    if not isinstance(value, list):
        raise MalformedError(f"{key} is not a list")
    return value


def _authors(line: Line) -> tuple[AuthorRecord, ...]:
    """Return the authors of a line of text, a list of names, or a list of objects with names."""
    value = line.get("authors")
    if isinstance(value, str):
        return author_list(value)
    given = _list(line, "authors")
    if set(map(type, given)) != {str}:
        given = [author.get("name") if isinstance(author, dict) else author for author in given]
        given = [name for name in given if isinstance(name, str)]
    return tuple([author for author in map(_author, given) if author.name])


@lru_cache(maxsize=65_536)
def _author(name: str) -> AuthorRecord:
    """Return an author; kept, because a few prolific ones write much of a corpus."""
    return AuthorRecord(plain_name(name))


def _parsed_authors(line: Line) -> tuple[AuthorRecord, ...]:
    """Return the authors of the snapshot: [family, given, suffix, affiliation...] each."""
    authors = []
    for parts in _list(line, "authors_parsed"):
        if not isinstance(parts, list) or not all(isinstance(part, str) for part in parts):
            raise MalformedError("authors_parsed is not a list of names")
        family, given, suffix, *places = [*parts, "", "", ""][: max(3, len(parts))]
        name = plain_name(f"{given} {family} {suffix}")
        # Where arXiv could not resolve a legend, a place is the bare "1 and 2" that pointed to it.
        known = (plain_name(place) for place in places if any(map(str.isalpha, place[:1])))
        if name:
            authors.append(AuthorRecord(name, tuple(place for place in known if place)))
    return tuple(authors)


def _categories(line: Line) -> tuple[str, ...]:
    """Return the arXiv categories of a list or of a line of codes."""
    value = line.get("categories")
    terms = [value] if isinstance(value, str) else _list(line, "categories")
    return categories_among([term for term in terms if isinstance(term, str)])


def _doi(line: Line) -> str | None:
    """Return the first DOI of a field that may hold several, or something else."""
    for name in _text(line, "doi").split():
        try:
            return doi(name)
        except IdentityError:
            continue
    return None


def _code(links: list[Any], comment: str | None, abstract: str) -> str | None:
    """Return the repository that the source names, or else the comment or the abstract."""
    named = (repository(link) for link in links if isinstance(link, str))
    return next(filter(None, named), None) or find_repository((comment or "", abstract))


def _count(value: object) -> int | None:
    """Return a whole number of votes, None when there is none."""
    if not isinstance(value, int) or isinstance(value, bool):
        return None
    return value if 0 <= value <= _MOST_VOTES else None


def _day(value: object) -> date | None:
    """Return the day of an ISO date, None when there is none."""
    if value is None:
        return None
    try:
        return date.fromisoformat(str(value)[:10])
    except ValueError:
        raise MalformedError(f"{str(value)[:20]!r} is not a date") from None


def _instant(value: object) -> datetime | None:
    """Return the instant of an ISO date or time, UTC where it names no zone; None when none."""
    if value is None or value == "":
        return None
    try:
        instant = datetime.fromisoformat(str(value))
        aware = instant if instant.tzinfo else instant.replace(tzinfo=UTC)
        return aware.astimezone(UTC)
    except (ValueError, OverflowError):
        raise MalformedError(f"{str(value)[:30]!r} is not a time") from None


def _created(version: object) -> datetime:
    """Return when a version was submitted: `Mon, 2 Apr 2007 19:18:42 GMT`.

    `email.utils` reads the same, at ten times the cost of the rest of a record.
    """
    try:
        _, day, month, year, clock, _ = version["created"].split()  # type: ignore[index]
        hour, minute, second = clock.split(":")
        return datetime(
            int(year), _MONTHS[month], int(day), int(hour), int(minute), int(second), tzinfo=UTC
        )
    except (TypeError, KeyError, ValueError, AttributeError, OverflowError):
        raise MalformedError("a version without a time") from None

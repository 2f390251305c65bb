"""BibTeX and BibLaTeX as reference managers and people write it.

An entry that breaks the grammar costs that entry, not the file; what can be saved of it is.
"""

import logging
import re
from collections.abc import Iterator, Mapping

from bibtexparser.entrypoint import parse_string
from bibtexparser.model import Block, Entry, ParsingFailedBlock

from digest.latex import to_text
from paperround.errors import IdentityError
from paperround.folding import fold
from paperround.identity import arxiv_id, doi, find_arxiv_ids
from paperround.library.model import Library
from paperround.names import given_first, plain_name
from paperround.records import LibraryItem

__all__ = ["is_bibtex", "parse"]

Fields = Mapping[str, str]

# The parser logs each failed block; here they become problems that the reader sees.
logging.getLogger("bibtexparser").setLevel(logging.CRITICAL)

_ENTRY = re.compile(r"^[ \t]*@[ \t]*[a-z]+\s*[{(]", re.IGNORECASE | re.MULTILINE)
_LOOSE_FIELD = re.compile(
    r"^[ \t]*(?P<key>[a-z][\w-]*)[ \t]*=(?P<value>.*)$", re.IGNORECASE | re.MULTILINE
)
_LOOSE_ENDS = ' \t\r,{}()"'
_LOOSE_KEY = re.compile(r"@\s*\w+\s*[{(]\s*(?P<key>[^,\s]*)")
_AND = re.compile(r"[{}]|\sand\s", re.IGNORECASE)
_PIECE = re.compile(r'"([^"]*)"|\{([^{}]*)\}|([^\s"#{}]+)')
_YEAR = re.compile(r"(?<!\d)[12]\d{3}(?!\d)")
_LINKS = (
    "url",
    "howpublished",
    "journal",
    "journaltitle",
    "volume",
    "number",
    "link",
    "ee",
    "archive",
)
_NOTES = ("note", "annote", "annotation", "extra")
_START_OF_NOTE = 60
_LONGEST = 100_000
_IN_BRACES = re.compile(r"\{[^{}]*\}")
_NO_PAPER = {"comment", "preamble", "string", "set", "xdata"}


def is_bibtex(text: str) -> bool:
    """Tell whether a text holds anything like a BibTeX entry."""
    return _ENTRY.search(text) is not None


def parse(text: str) -> Library:
    """Return the entries of a bibliography.

    Repeated keys and fields are no problem. An entry that breaks the grammar is listed and read
    field by field; one that gives neither title nor identifier is listed and left out.
    """
    items, problems = [], []
    parsed = parse_string(text)
    strings = {name.lower(): str(block.value) for name, block in parsed.strings_dict.items()}
    for block in parsed.blocks:
        if isinstance(block, ParsingFailedBlock) and block.ignore_error_block is None:
            item = _item(*_loose_parts(block.raw or ""))
            saved = "read as far as possible" if _names_paper(item) else "left out"
            problems.append(f"{_where(block)}: {_reason(block)}; {saved}")
        elif (entry := _entry(block)) is not None:
            item = _item(entry.key, _fields(entry, strings))
            if not _names_paper(item):
                problems.append(f"{_where(block)}: {item.key!r} has no title and no identifier")
        else:
            continue
        if _names_paper(item):
            items.append(item)
    return Library(tuple(items), tuple(problems), "bibtex")


def _entry(block: Block) -> Entry | None:
    """Return the entry of a block, also of one whose only fault is a repeated key or field."""
    entry = block.ignore_error_block if isinstance(block, ParsingFailedBlock) else block
    if isinstance(entry, Entry) and entry.entry_type.lower() not in _NO_PAPER:
        return entry
    return None


def _where(block: Block) -> str:
    """Return the place of a block as an editor shows it."""
    return f"line {(block.start_line or 0) + 1}"


def _reason(block: ParsingFailedBlock) -> str:
    """Return why the grammar is broken, on one line."""
    reason = getattr(block.error, "abort_reason", None) or str(block.error) or "not BibTeX"
    return fold(str(reason))[:120].rstrip(". ")


def _fields(entry: Entry, strings: Fields) -> dict[str, str]:
    """Return the fields by lower-case name; of a repeated one the first that says something."""
    fields: dict[str, str] = {}
    for field in entry.fields:
        value = str(field.value)
        if field.enclosing == "no-enclosing" and "#" in value:
            value = _joined(value, strings)
        fields[field.key.lower()] = fields.get(field.key.lower()) or value
    return fields


def _joined(value: str, strings: Fields) -> str:
    """Return the text of a concatenation: `t # " and looms"` where `t` is a defined string."""
    return "".join(
        quoted or braced or strings.get(name.lower(), "")
        for quoted, braced, name in _PIECE.findall(value)
    )


def _loose_parts(raw: str) -> tuple[str, dict[str, str]]:
    """Return the key and those fields of a broken entry that stand on a line of their own."""
    key = _LOOSE_KEY.search(raw)
    found = _LOOSE_FIELD.finditer(raw[:_LONGEST])
    fields = {match["key"].lower(): match["value"].strip(_LOOSE_ENDS) for match in found}
    return (key["key"] if key else ""), fields


def _item(key: str, fields: Fields) -> LibraryItem:
    """Return what the fields say of one paper."""
    year = _YEAR.search(fields.get("year") or fields.get("date") or "")
    return LibraryItem(
        title=fold(to_text(fields.get("title", ""))),
        arxiv_id=_arxiv(fields),
        doi=_doi(fields),
        authors=tuple(_authors(fields.get("author", ""))),
        abstract=fold(to_text(fields.get("abstract", ""))),
        year=int(year[0]) if year else None,
        key=fold(key),
    )


def _names_paper(item: LibraryItem) -> bool:
    """Tell whether an entry can be resolved or used at all."""
    return bool(item.title or item.arxiv_id or item.doi)


def _arxiv(fields: Fields) -> str | None:
    """Return the arXiv id from wherever the program put it, surest place first."""
    system = fields.get("archiveprefix") or fields.get("eprinttype") or "arxiv"
    sure = [fields.get("eprint", "")] if "arxiv" in system.lower() else []
    for value in [*sure, fields.get("arxivid", ""), fields.get("arxiv", ""), fields.get("doi", "")]:
        try:
            return arxiv_id(value)[0]
        except IdentityError:
            continue
    places = [fields.get(name, "") for name in _LINKS]
    # Further on a note may speak of any paper: "Comment: extends arXiv:1706.03762".
    places += [fields.get(name, "").strip()[:_START_OF_NOTE] for name in _NOTES]
    spoken = (place for place in places if "arxiv" in place.lower() or "abs/" in place)
    found = (
        name for place in spoken if not _is_comment(place) for name, _ in find_arxiv_ids(place)
    )
    return next(found, None)


def _is_comment(place: str) -> bool:
    """Tell whether a note is the authors' comment, which is about other papers too."""
    return place.lower().startswith("comment")


def _doi(fields: Fields) -> str | None:
    """Return the DOI of the published version; arXiv's own DOIs are ids, not DOIs, here."""
    for value in (fields.get("doi", ""), fields.get("url", ""), fields.get("howpublished", "")):
        try:
            name = doi(to_text(value) if "\\" in value else value)
        except IdentityError:
            continue
        if not name.startswith("10.48550/arxiv."):
            return name
    return None


def _authors(line: str) -> Iterator[str]:
    """Yield the names of an author field, given name first, without `others`."""
    start = depth = 0
    pieces = []
    for mark in _AND.finditer(line):
        if mark[0] in "{}":
            depth = max(0, depth + (1 if mark[0] == "{" else -1))
        elif depth == 0:
            pieces.append(line[start : mark.start()])
            start = mark.end()
    for piece in [*pieces, line[start:]]:
        name = _name(piece.strip())
        if name and name.lower() != "others":
            yield name


def _name(piece: str) -> str:
    """Return one name; in one pair of braces it is an institution and keeps its commas.

    Source: biblatex manual 3.15, extended name format (`family=Lovelace, given=Ada`).
    """
    parts = dict(part.strip().split("=", 1) for part in piece.split(",") if "=" in part)
    if "family" in parts:
        words = (parts.get(part, "") for part in ("given", "prefix", "family", "suffix"))
        return plain_name(" ".join(words))
    if _IN_BRACES.fullmatch(piece):
        return plain_name(piece)
    return given_first(piece)

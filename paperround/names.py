"""Names of authors as sources and libraries spell them, turned into display order.

Does not decide whether two names are one person.
"""

import re

from digest.latex import to_text
from paperround.folding import fold
from paperround.records import AuthorRecord

__all__ = ["author_list", "given_first", "plain_name"]

_TEX = re.compile(r"[\\${}~^]")
_SUFFIXES = {"jr", "jr.", "sr", "sr.", "ii", "iii", "iv"}
_NUMBERS = re.compile(r"\d+(?:\s*(?:,|and|&)\s*\d+)*")
_NUMBERED = re.compile(r"\(\s*(\d+)\s*\)\s*([^()]+)")
_LONGEST_NAME = 300


def plain_name(name: str) -> str:
    r"""Return a name as plain Unicode on one line: `Sercan \"O. Ar{\i}k` as `Sercan Ö. Arık`."""
    return fold(to_text(name) if _TEX.search(name) else name)[:_LONGEST_NAME]


def given_first(name: str) -> str:
    """Return a name given first: `Lovelace, Ada` and `Lovelace, Jr., Ada` as `Ada Lovelace (Jr.)`.

    A name without comma is returned in its own order.
    """
    parts = [part.strip() for part in plain_name(name).split(",")]
    parts = [part for part in parts if part]
    suffixes = [part for part in parts[1:] if part.lower() in _SUFFIXES]
    others = [part for part in parts[1:] if part.lower() not in _SUFFIXES]
    return " ".join(others + parts[:1] + suffixes)


def author_list(text: str) -> tuple[AuthorRecord, ...]:
    """Return the authors of a line as arXiv writes it, with the affiliations in brackets.

    Understands `Ada Lovelace, Grace Hopper and Alan Turing`, `Ada Lovelace (Analytical Society)`
    and numbers that point to a list at the end: `Ada (1), Grace (2) ((1) Here, (2) There)`.

    Source: https://info.arxiv.org/help/prep.html#author
    """
    pieces = [_taken_apart(piece) for piece in _split(fold(text))]
    legend = {
        number: plain_name(place.strip(" ,;"))
        for _, inside, rest in pieces
        for number, place in _NUMBERED.findall(f"{inside} {rest}")
    }
    authors = (_author(name, inside, legend) for name, inside, _ in pieces)
    return tuple(author for author in authors if author.name)


def _author(name: str, inside: str, legend: dict[str, str]) -> AuthorRecord:
    """Return one author of a name and what its first brackets hold: places, numbers or nothing."""
    if _NUMBERED.search(inside):
        places = []
    elif _NUMBERS.fullmatch(inside.strip()):
        places = [legend.get(number, "") for number in re.findall(r"\d+", inside)]
    else:
        places = [plain_name(place) for place in inside.split(";")]
    return AuthorRecord(plain_name(name), tuple(place for place in places if place))


def _taken_apart(piece: str) -> tuple[str, str, str]:
    """Return the name, the inside of the first round brackets, and all that follows them."""
    name, _, rest = piece.partition("(")
    depth = 1
    for mark in re.finditer(r"[()]", rest):
        depth += 1 if mark[0] == "(" else -1
        if depth == 0:
            return name, rest[: mark.start()], rest[mark.end() :]
    return name, rest, ""


def _split(line: str) -> list[str]:
    """Return the line cut at the commas, colons and `and`s that are outside of all brackets."""
    pieces, start, depth = [], 0, 0
    for mark in re.finditer(r"[(){}]|[,;:]|\band\b(?= )", line):
        if mark[0] in "({":
            depth += 1
        elif mark[0] in ")}":
            depth = max(0, depth - 1)
        elif depth == 0:
            pieces.append(line[start : mark.start()].strip())
            start = mark.end()
    pieces.append(line[start:].strip())
    return [piece for piece in pieces if piece]

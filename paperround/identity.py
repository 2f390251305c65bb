"""Which paper a text means: one canonical id for every shape in which people write one.

Says nothing about whether the paper exists; an id that arXiv can never have given out is refused.

Source: https://info.arxiv.org/help/arxiv_identifier.html
"""

import re
import unicodedata
from collections.abc import Iterator
from urllib.parse import unquote

from digest.latex import to_text
from paperround.errors import IdentityError

__all__ = ["arxiv_id", "canonical", "doi", "find_arxiv_ids", "paper_url", "title_key"]

_ARCHIVES = (
    "acc-phys|adap-org|alg-geom|ao-sci|astro-ph|atom-ph|bayes-an|chao-dyn|chem-ph|cmp-lg|comp-gas|"
    "cond-mat|cs|dg-ga|funct-an|gr-qc|hep-ex|hep-lat|hep-ph|hep-th|math-ph|math|mtrl-th|nlin|"
    "nucl-ex|nucl-th|patt-sol|physics|plasm-ph|q-alg|q-bio|quant-ph|solv-int|supr-con"
)
_MONTH = "(?:0[1-9]|1[0-2])"
# The month is part of the pattern; years and numbers hang together and are checked after.
_ID = (
    rf"(?:(?P<new>\d\d{_MONTH}\.\d{{4,5}})"
    rf"|(?P<archive>{_ARCHIVES})(?:\.[a-z]{{2}}|\.[a-z-]{{4,9}})?/?(?P<old>\d\d{_MONTH}\d{{3}}))"
    r"(?:v(?P<version>[1-9]\d{0,2}))?"
)
_PREFIX = (
    r"(?:(?:https?:)?//)?(?:"
    r"(?:[a-z0-9-]+\.)*(?:arxiv\.org|ar5iv\.org|alphaxiv\.org|lanl\.gov)/(?:[a-z0-9-]+/){1,3}"
    r"|(?:huggingface\.co|hf\.co)/papers/"
    r"|(?:(?:dx\.)?doi\.org/|doi:\s?)?10\.48550/arxiv\."
    r"|oai:arxiv\.org:|(?:arxiv[\s:./]{1,3}(?:preprint\s)?|e-?prints?:\s?|abs/){1,2})"
)
_CLASS_AND_DAY = r"\s*\[[a-z-]+(?:\.[a-z-]+)?\]?(?:\s+\d{1,2} [a-z]{3} \d{4})?"
_SUFFIX = rf"(?:\.pdf|\.html?)?/?(?:[?#]\S*)?(?:{_CLASS_AND_DAY})?"
_FLAGS = re.IGNORECASE | re.ASCII
_WHOLE = re.compile(rf"(?:{_PREFIX})?{_ID}{_SUFFIX}", _FLAGS)
_IN_PROSE = re.compile(rf"(?<![\w./@-])(?:{_PREFIX})?{_ID}(?![\da-uw-z_@]|\.\d)", _FLAGS)
_AROUND = " \t\r\n\u00a0\u200b\ufeff[](){}<>\"'`,;:.*|\u201c\u201d"
_LONGEST = 2_000

_DOI_PREFIX = (
    r"(?:(?:(?:https?:)?//)?(?:[a-z0-9.-]+/doi/(?:abs/|full/|pdf/|epdf/)?|(?:dx\.|www\.)?doi\.org/)"
    r"|doi\s?[:=]?\s?){0,3}"
)
_DOI = re.compile(
    rf"{_DOI_PREFIX}(?P<doi>10\.[0-9]{{4,9}}/[^\s\"\x00-\x1f\x7f-\x9f\ud800-\udfff]+)",
    re.IGNORECASE,
)
_NOT_ALPHANUMERIC = re.compile(r"[\W_]+")
_CLOSES = {")": "(", "]": "[", "}": "{", ">": "<"}
_UNFOLDABLE = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ı": "i", "æ": "ae", "œ": "oe"})


def arxiv_id(text: str) -> tuple[str, int | None]:
    """Return the arXiv id that a text consists of, and its version.

    Understands bare ids of both styles, with or without version, subject class or slash; `arXiv:`
    and `oai:arXiv.org:` names, arXiv's DOIs, addresses of arXiv, its mirrors and of the sites that
    show its papers; brackets and punctuation around all of these.

    Returns:
        The id without version (`2605.00022`, `hep-th/9901001`) and the version, if one was given.

    Raises:
        IdentityError: The text is something else, or an id that arXiv cannot have given out.
    """
    match = _WHOLE.fullmatch(_unquoted(text).strip(_AROUND))
    found = _checked(match) if match else None
    if found is None:
        raise IdentityError(text)
    return found


def find_arxiv_ids(text: str) -> Iterator[tuple[str, int | None]]:
    """Yield each arXiv id in running text with its version, in order, repeats kept.

    Numbers that only look like ids (a month 13, a year 1890) are passed over.
    """
    for match in _IN_PROSE.finditer(text):
        found = _checked(match)
        if found is not None:
            yield found


def doi(text: str) -> str:
    """Return the DOI that a text consists of, lower case and without a resolver's address.

    Raises:
        IdentityError: The text is not a DOI, `doi:` name or resolver address.
    """
    match = _DOI.fullmatch(_unquoted(text).strip().lstrip("[{<(\"'").rstrip("\"'"))
    name = _without_loose_end(match["doi"]) if match else ""
    if not name:
        raise IdentityError(text)
    return name.lower()


def canonical(text: str) -> str:
    """Return the one name of the paper that a text means.

    Returns:
        `arxiv:2605.00022`, `arxiv:hep-th/9901001` or `doi:10.1000/182`. The DOI that arXiv
        gives its own papers is the arXiv id. A canonical id is returned as it is.

    Raises:
        IdentityError: The text names no paper.
    """
    try:
        return f"arxiv:{arxiv_id(text)[0]}"
    except IdentityError:
        return f"doi:{doi(text)}"


def paper_url(paper_id: str) -> str:
    """Return the address where a reader reads the paper.

    Raises:
        IdentityError: `paper_id` is not a canonical id.
    """
    kind, _, name = paper_id.partition(":")
    if kind == "arxiv" and name:
        return f"https://arxiv.org/abs/{name}"
    if kind == "doi" and name:
        return f"https://doi.org/{name}"
    raise IdentityError(paper_id)


def title_key(title: str) -> str:
    """Return a title folded for matching: letters and digits only, without case, accents, LaTeX.

    Two spellings of one title (`{BERT}: Pre-training`, `BERT: Pretraining`) have one key. It is
    empty when nothing is left.
    """
    plain = to_text(title) if any(mark in title for mark in "\\{$") else title
    spread = unicodedata.normalize("NFKD", plain).casefold().translate(_UNFOLDABLE)
    return _NOT_ALPHANUMERIC.sub("", spread)


def _checked(match: re.Match[str]) -> tuple[str, int | None] | None:
    """Return id and version of a match, or None when arXiv cannot have given out that id."""
    version = int(match["version"]) if match["version"] else None
    if match["new"]:
        return (match["new"], version) if _is_possible_new(match["new"]) else None
    if not _is_possible_old(match["old"]):
        return None
    return f"{match['archive'].lower()}/{match['old']}", version


def _is_possible_new(number: str) -> bool:
    """Tell whether `yymm.number` lies in the years and ranges of the present scheme.

    It began in April 2007 with four digits and has had five since January 2015.
    """
    month, _, running = number.partition(".")
    digits = 4 if month < "1501" else 5
    return "0704" <= month < "9100" and len(running) == digits and running.strip("0") != ""


def _is_possible_old(number: str) -> bool:
    """Tell whether `yymmnnn` lies between July 1991 and March 2007, when the old scheme ended."""
    month, running = number[:4], number[4:]
    return (month >= "9107" or month <= "0703") and running != "000"


def _unquoted(text: str) -> str:
    """Return a text of a sensible length, `%2F` and its like resolved; empty for a longer one."""
    if len(text) > _LONGEST:
        return ""
    return unquote(text) if "%" in text else text


def _without_loose_end(name: str) -> str:
    """Return the DOI without final punctuation and closing brackets that it did not open.

    Empty when nothing is left after the registrant.
    """
    end = len(name)
    while end and (name[end - 1] in ".,;:" or _is_unopened(name[:end])):
        end -= 1
    return "" if name[:end].endswith("/") else name[:end]


def _is_unopened(name: str) -> bool:
    """Tell whether the last character is a closing bracket without an opening one."""
    opening = _CLOSES.get(name[-1])
    return opening is not None and name.count(name[-1]) > name.count(opening)

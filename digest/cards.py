"""Make of a paper, as its source wrote it, the card that every reader sees.

Converts, shortens and drops what a mail cannot carry. Nothing of a reader goes in, so a card is
made once per paper. It does not escape: templates do.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlsplit

from digest.characters import one_line, shorten
from digest.latex import to_text
from digest.model import Card
from digest.wording import author_line, date_label, prospects

__all__ = ["PaperFacts", "card", "key_sentence"]

TITLE_CHARACTERS = 200
AFFILIATION_CHARACTERS = 110
ABSTRACT_CHARACTERS = 220
"""About two lines of a mail 640 px wide."""
SENTENCE_CHARACTERS = 300


@dataclass(frozen=True, slots=True)
class PaperFacts:
    """What is known of a paper, as its source wrote it: LaTeX, any length, any character."""

    paper_id: str
    title: str
    url: str
    abstract: str = ""
    authors: tuple[str, ...] = ()
    """In the order of the title page; 3,300 of them are no trouble."""
    affiliations: tuple[str, ...] = ()
    """In the order of the authors; repeated ones are said once."""
    category: str = ""
    announced_on: date | None = None
    code_url: str = ""
    novelty: float | None = None
    """Percentile, 0 to 100, of how far it lies from earlier papers; None or NaN when unknown."""
    forecast: float | None = None
    """Percentile, 0 to 100, of its chance to be talked about; None or NaN when unknown."""


def card(facts: PaperFacts, *, year: int) -> Card:
    """Make of a paper what every reader sees of it.

    Args:
        facts: The paper; an address that is not on the web is left out.
        year: The digest's own year, in which dates need none.
    """
    announced = facts.announced_on
    return Card(
        paper_id=facts.paper_id,
        title=_title(facts),
        url=_web_address(facts.url),
        authors=author_line(facts.authors),
        category=shorten(one_line(facts.category), 24),
        date_label=date_label(announced, year=year) if announced else "",
        affiliations=_affiliations(facts.affiliations),
        code_url=_web_address(facts.code_url),
        abstract=shorten(to_text(facts.abstract), ABSTRACT_CHARACTERS),
        prospects=prospects(facts.novelty, facts.forecast),
    )


def key_sentence(sentence: str) -> str:
    """Make a sentence of an abstract readable: LaTeX converted, at most 300 characters."""
    return shorten(to_text(sentence), SENTENCE_CHARACTERS)


def _title(facts: PaperFacts) -> str:
    """Return the title, or the identity where nothing of the title is seen: links need a text."""
    title = shorten(to_text(facts.title), TITLE_CHARACTERS)
    is_seen = any(character.isprintable() for character in title)
    return title if is_seen else one_line(facts.paper_id)


def _affiliations(names: Sequence[str]) -> str:
    distinct = dict.fromkeys(shorten(to_text(name), 60) for name in names[:12])
    return shorten("; ".join(name for name in distinct if name), AFFILIATION_CHARACTERS)


def _web_address(url: str) -> str:
    """Return the address with https (check A33), or nothing if it is not one of the web."""
    address = url.strip()
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    is_web = parts.scheme in ("http", "https") and bool(parts.hostname)
    if not is_web or len(address) > 500 or not address.isprintable() or " " in address:
        return ""
    return parts._replace(scheme="https").geturl()

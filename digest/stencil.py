"""Cut a paper's card once, with gaps for what is a reader's own, and fill it for every reader.

Filling costs a few microseconds where rendering the template costs hundreds: the two card templates
run once per paper, their output is kept as a format string, and a reader's values are escaped into
its gaps. Does not know of sections, subjects or whole mails.
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from html import escape

from jinja2 import Template, TemplateError

from digest.columns import wrap
from digest.model import Card, Entry

__all__ = ["FAULTS", "CardTemplates", "Stencil", "cut", "fill", "said"]

FAULTS = (TemplateError, ArithmeticError, AttributeError, LookupError, TypeError, ValueError)
"""What a template, a filter or a value of the wrong kind raises; nothing else is caught."""

_GAPS = ("score", "score_label", "lead", "reason", "like", "dislike", "more")
# NUL never occurs in a card, and neither escaping nor wrapping touches it.
_MARK = "\0{}\0"
_MARKED = re.compile("\0({})\0".format("|".join(_GAPS)))


@dataclass(frozen=True, slots=True)
class CardTemplates:
    """The templates of one entry.

    Both get `card`, and the names of the gaps: `score`, `score_label`, `lead` (the key sentence or
    the abstract), `reason`, `like`, `dislike`, `more`. `lead` and `reason` are empty where the
    reader has none, the others never; a template can show them and test for them, no more.
    """

    html: Template
    text: Template


@dataclass(frozen=True, slots=True)
class Stencil:
    """An entry in both forms as %-format strings, its gaps still open."""

    html: str
    text: str
    lead_column: int = 0
    """Column of the text in which the lead starts, and under which its lines hang."""
    reason_column: int = 0
    problem: str = ""
    """Why this is a bare title and not what the templates say; empty when all is well."""


def cut(card: Card, templates: CardTemplates, *, has_lead: bool, has_reason: bool) -> Stencil:
    """Render the card with its gaps open; a card that cannot be is set as its bare title."""
    values = {name: _MARK.format(name) for name in _GAPS}
    values["lead"] = values["lead"] if has_lead else ""
    values["reason"] = values["reason"] if has_reason else ""
    try:
        html = templates.html.render(card=card, **values)
        text = templates.text.render(card=card, **values)
        return Stencil(
            html=_opened(html),
            text=_opened(text),
            lead_column=_column(text, values["lead"]),
            reason_column=_column(text, values["reason"]),
        )
    except FAULTS as error:
        return _bare(card, said(error))


def fill(stencil: Stencil, entry: Entry) -> tuple[str, str]:
    """Fill the gaps with what is this reader's: HTML, its values escaped, and text."""
    score = f"{entry.score:.1f}"
    lead_html, lead_text = _set_lead(entry.key_sentence or entry.card.abstract, stencil.lead_column)
    links = entry.links
    html = stencil.html % {
        "score": score,
        "score_label": escape(entry.score_label),
        "lead": lead_html,
        "reason": escape(entry.reason),
        "like": escape(links.like),
        "dislike": escape(links.dislike),
        "more": escape(links.more),
    }
    text = stencil.text % {
        "score": score,
        "score_label": entry.score_label,
        "lead": lead_text,
        "reason": wrap(entry.reason, stencil.reason_column),
        "like": links.like,
        "dislike": links.dislike,
        "more": links.more,
    }
    return html, text


def said(error: Exception) -> str:
    """Say an error in one line: `ValueError: what it said`."""
    return f"{type(error).__name__}: {error}"


# A sentence of an abstract is the key sentence of many readers.
@lru_cache(maxsize=16_384)
def _set_lead(lead: str, column: int) -> tuple[str, str]:
    return escape(lead), wrap(lead, column)


def _opened(rendered: str) -> str:
    """Turn marks into gaps of a %-format."""
    # A lone surrogate would fail only when the mail is built: too late for one paper.
    rendered.encode()
    opened = _MARKED.sub(r"%(\1)s", rendered.replace("%", "%%"))
    if "\0" in opened:
        raise ValueError("a NUL character in the card")
    return opened


def _column(text: str, mark: str) -> int:
    place = text.find(mark) if mark else 0
    return place - (text.rfind("\n", 0, place) + 1) if place > 0 else 0


def _bare(card: Card, problem: str) -> Stencil:
    """Set the title and nothing else, by means that cannot fail."""
    title, url = (" ".join(_encodable(value).split()) for value in (card.title, card.url))
    linked = f'<a href="{escape(url)}">{escape(title)}</a>' if url else escape(title)
    html = f'<p dir="auto">{linked}</p>\n'
    text = f"{title}\n  {url}\n\n"
    return Stencil(html=html.replace("%", "%%"), text=text.replace("%", "%%"), problem=problem)


def _encodable(value: object) -> str:
    return str(value).encode(errors="replace").decode().replace("\0", "")

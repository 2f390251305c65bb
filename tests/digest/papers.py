"""Papers, entries and editions that the tests of the digest are made of."""

from datetime import date

import jinja2

from digest.compose import Edition, Offer
from digest.model import Card, Digest, Entry, EntryLinks, Links, Section, SectionKind

DAY = date(2026, 5, 15)
SITE = "https://round.example"
LINKS = Links(unsubscribe=f"{SITE}/u/1", preferences=f"{SITE}/s/1", web_copy=f"{SITE}/d/1")


def card(number: int = 1, **fields: str) -> Card:
    """Make the card of paper `number`, with every field that a card can have."""
    values = {
        "paper_id": f"arxiv:2605.{number:05}",
        "title": f"Paper number {number} on parsing",
        "url": f"https://arxiv.example/abs/2605.{number:05}",
        "authors": "Ada, Grace, Alan et al.",
        "category": "cs.CL",
        "date_label": "May 14",
        "affiliations": "A University; An Institute",
        "code_url": f"https://code.example/{number}",
        "abstract": f"The abstract of paper {number}, about two lines long.",
    }
    return Card(**(values | fields))


def entry(number: int = 1, *, score: float = 90.0, key_sentence: str = "", **fields: str) -> Entry:
    """Make the entry of paper `number`; other fields are the card's."""
    return Entry(
        card=card(number, **fields),
        score=score,
        score_label="match",
        links=EntryLinks(*(f"{SITE}/r/{number}?v={verb}&k=1" for verb in ("up", "down", "more"))),
        key_sentence=key_sentence or f"The sentence of paper {number} that matters.",
        reason=f"Because you liked “Paper {number}”; shared words: parsing.",
    )


def offer(
    *entries: Entry, kind: SectionKind = SectionKind.INTEREST, heading: str = "Parsing"
) -> Offer:
    """Make an offer without threshold or quota."""
    return Offer(kind=kind, heading=heading, entries=entries)


def edition(day: date = DAY, papers_read: int = 212) -> Edition:
    """Make what surrounds the papers of a mail to Ada."""
    return Edition(
        stream="Paper Round",
        day=day,
        links=LINKS,
        papers_read=papers_read,
        reader_name="Ada",
        operator="Paper Round, 1 Example Street",
    )


def digest(*entries: Entry) -> Digest:
    """Make a digest of one section, untouched by any conversion."""
    return Digest(
        stream="Paper Round",
        reader_name="Ada",
        day=DAY,
        subject="Fri May 15: A paper",
        preheader="The titles of the papers that come after the first",
        summary="Read 212 new papers for you; 3 are worth your time.",
        sections=(Section(SectionKind.INTEREST, "Parsing", entries, note="Match, 0 to 100."),),
        links=LINKS,
        operator="Paper Round, 1 Example Street",
        papers_read=212,
    )


def minimal_environment(**templates: str) -> jinja2.Environment:
    """Make an environment whose templates say as little as possible."""
    files = {
        "subject.txt": "{{ digest.subject }}",
        "body.txt": "{% for _, cards in sections %}{{ cards }}{% endfor %}",
        "body.html": "{% for _, cards in sections %}{{ cards }}{% endfor %}",
        "card.txt": "{{ card.title }} {{ lead }}",
        "card.html": "<b>{{ card.title }}</b> {{ lead }}",
    } | {name.replace("_", "."): text for name, text in templates.items()}
    loader = jinja2.DictLoader({f"email/digest/{k}.jinja": v for k, v in files.items()})
    escaping = jinja2.select_autoescape(["html.jinja"])
    return jinja2.Environment(loader=loader, undefined=jinja2.StrictUndefined, autoescape=escaping)

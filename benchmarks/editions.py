"""Readers with random papers, and the digests that they would get: what `services.digests` makes.

Nothing is ranked: scores, sentences and reasons are drawn, with seed 1. Measures nothing.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

from digest.cards import PaperFacts
from digest.compose import Edition, Offer, Policy, compose
from digest.message import Addressee, Dispatch, Sender, message_id
from digest.model import Digest, Entry, EntryLinks, Links, SectionKind
from digest.wording import reason_text
from paperround.identity import paper_url
from paperround.records import PaperRecord
from paperround.services.cards import plain_title, readable_sentence, shared_card
from paperround.tokens import Purpose, Tokens
from recommender.text import sentences

__all__ = ["PAPERS_EACH", "SENDER", "Pick", "Reader", "digest_for", "dispatch_for", "readers_of"]

SEED = 1
DAY = date(2026, 5, 15)
SENT_AT = datetime(2026, 5, 15, 5, 30, tzinfo=UTC)
SITE = "https://papers.example"
SENDER = Sender("Paper Round", "digest@papers.example")
SECTIONS = (
    (SectionKind.INTEREST, "First interest", 5),
    (SectionKind.INTEREST, "Second interest", 5),
    (SectionKind.TRENDING, "Trending", 3),
    (SectionKind.OUTSIDE, "A little outside your usual", 2),
)
PAPERS_EACH = sum(room for _, _, room in SECTIONS)


@dataclass(frozen=True, slots=True)
class Pick:
    """One paper for one reader, as ranking would hand it on."""

    key: int
    """The store's own number for the paper."""
    record: PaperRecord
    score: float
    sentence: str
    liked: str
    """Title of a paper that the reader liked."""
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Reader:
    """Someone who gets a digest."""

    id: int
    addressee: Addressee
    picks: tuple[Pick, ...]


def readers_of(records: Sequence[PaperRecord], n: int) -> list[Reader]:
    """Return `n` readers with 15 different papers each."""
    rng = random.Random(SEED)
    split = [sentences(record.abstract) or [record.title] for record in records]

    def pick(key: int) -> Pick:
        return Pick(
            key=key + 1,
            record=records[key],
            score=rng.uniform(30, 99),
            sentence=rng.choice(split[key]),
            liked=rng.choice(records).title,
            words=tuple(rng.sample(records[key].title.split(), k=1)),
        )

    return [
        Reader(
            number,
            Addressee("Ada", f"ada{number}@reader.example"),
            tuple(pick(key) for key in rng.sample(range(len(records)), PAPERS_EACH)),
        )
        for number in range(1, n + 1)
    ]


def digest_for(reader: Reader, tokens: Tokens) -> Digest:
    """Compose the reader's digest, from papers as their source wrote them to signed links."""
    picks = iter(reader.picks)
    offers = [
        Offer(kind, heading, tuple(_entry(reader, next(picks), tokens) for _ in range(room)))
        for kind, heading, room in SECTIONS
    ]
    edition = Edition(
        stream="Paper Round",
        day=DAY,
        links=Links(
            unsubscribe=_link(tokens, Purpose.UNSUBSCRIBE, reader),
            preferences=_link(tokens, Purpose.PREFERENCES, reader),
            web_copy=_link(tokens, Purpose.WEB_COPY, reader, reader.id),
        ),
        papers_read=212,
        reader_name=reader.addressee.name,
        operator="Paper Round, 1 Example Street",
    )
    digest = compose(offers, edition, Policy(max_entries=PAPERS_EACH))
    assert isinstance(digest, Digest)
    return digest


def dispatch_for(reader: Reader, digest: Digest) -> Dispatch:
    """Return what is particular to the delivery of the reader's digest."""
    return Dispatch(
        message_id=message_id(b"b" * 32, reader.id, "daily", DAY, "papers.example"),
        sent_at=SENT_AT,
        stream=digest.stream,
        list_id="daily.papers.example",
        unsubscribe_url=digest.links.unsubscribe,
        name=f"{DAY}-{reader.id}",
    )


def _entry(reader: Reader, pick: Pick, tokens: Tokens) -> Entry:
    record = pick.record
    facts = PaperFacts(
        paper_id=record.paper_id,
        title=record.title,
        url=record.url or paper_url(record.paper_id),
        abstract=record.abstract,
        authors=tuple(author.name for author in record.authors),
        category=record.categories[0] if record.categories else "",
        announced_on=record.announced_on,
        code_url=record.code_url or "",
    )
    return Entry(
        card=shared_card(facts, DAY.year),
        score=pick.score,
        score_label="match",
        links=EntryLinks(
            *(_link(tokens, Purpose.RATE, reader, pick.key, value) for value in (1, 2, 0))
        ),
        key_sentence=readable_sentence(pick.sentence),
        reason=reason_text(liked=[plain_title(pick.liked)], words=pick.words),
    )


def _link(tokens: Tokens, purpose: Purpose, reader: Reader, key: int = 0, value: int = 0) -> str:
    token = tokens.issue(purpose, reader.id, object_id=key, value=value, on=DAY)
    return f"{SITE}/{purpose.name.lower()}/{token}"

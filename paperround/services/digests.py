"""Makes a reader's digest of a day: ranks, composes, renders, and builds the mail's bytes."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from math import isfinite

from digest.cards import PaperFacts
from digest.compose import Edition, Offer, Policy, compose
from digest.message import Addressee, Dispatch, Message, Sender, build_message, message_id
from digest.model import Card, Entry, EntryLinks, Links, Quiet, Rendered, SectionKind
from digest.wording import reason_text
from paperround.context import App
from paperround.services.attention import Attention
from paperround.services.cards import facts_of, plain_title, readable_sentence, shared_card
from paperround.services.day import DayPapers
from paperround.services.envelope import bounce_address
from paperround.services.linked_papers import DOWN, UP
from paperround.services.recommend import Recommendation, recommend
from paperround.services.streams import DAILY as STREAM
from paperround.store.models import Reader
from paperround.store.papers import StoredPaper
from paperround.store.shown import ShownPaper
from paperround.tokens import Purpose
from recommender.ranked import Ranked, Reasons

__all__ = ["STREAM", "FinishedDigest", "Rank", "digest_for", "mail_for"]

logger = logging.getLogger(__name__)

Rank = Callable[[App, Reader, DayPapers], Recommendation]
"""Ranks a day's papers for a reader."""

INTEREST_NOTE = "Match, 0 to 100: the chance that you give it a thumbs up."
TRENDING_NOTE = "Trending, 0 to 100: votes and ratings so far, weighed by age; a percentile."
OUTSIDE_NOTE = (
    "Good matches of a kind that your ratings say least about: a thumb here teaches the most."
)


@dataclass(frozen=True, slots=True)
class FinishedDigest:
    """A digest in its two forms, with what the ledger keeps of it."""

    rendered: Rendered
    shown: tuple[ShownPaper, ...]
    """In the order of the mail."""
    recommendation: Recommendation


def digest_for(
    app: App,
    reader: Reader,
    day: DayPapers,
    *,
    delivery_id: int = 0,
    rank: Rank = recommend,
) -> FinishedDigest | Quiet:
    """Make a reader's digest of a day, or decide with a reason that there is none.

    Args:
        app: The application.
        reader: For whom.
        day: The papers of the day.
        delivery_id: The ledger's row, which the link to the web copy names; 0 for a preview.
        rank: What ranks the papers for the reader.

    Raises:
        RenderError: A template is broken, so that no digest can be made at all.
    """
    recommendation = rank(app, reader, day)
    offers = _Offers(app, recommendation, day.cards)
    edition = Edition(
        stream=app.settings.sender_name,
        day=day.day,
        links=offers.links(delivery_id),
        papers_read=recommendation.papers_read,
        reader_name=reader.name,
        operator=app.settings.operator,
    )
    digest = compose(offers.all(), edition, Policy(max_entries=_room(recommendation)))
    if isinstance(digest, Quiet):
        return digest
    rendered = app.load_renderer().render(digest)
    for failed in rendered.problems:
        logger.warning("card_failed paper=%s problem=%s", failed.paper_id, failed.problem)
    return FinishedDigest(
        rendered=rendered,
        shown=offers.shown(
            [entry for entry in digest.entries if entry.card.paper_id not in rendered.dropped]
        ),
        recommendation=recommendation,
    )


def mail_for(app: App, reader: Reader, rendered: Rendered, on: date, sent_at: datetime) -> Message:
    """Build the mail that carries a digest; the same arguments give the same bytes.

    Raises:
        UndeliverableAddressError: No mail can be sent to the reader's address.
    """
    assert reader.id is not None
    settings = app.settings
    domain = settings.sender_address.rpartition("@")[2]
    return build_message(
        rendered,
        sender=Sender(settings.sender_name, settings.sender_address, settings.reply_to),
        addressee=Addressee(reader.name, reader.address),
        dispatch=Dispatch(
            message_id=message_id(_message_key(app), reader.id, STREAM, on, domain),
            sent_at=sent_at,
            stream=settings.sender_name,
            list_id=f"{STREAM}.{domain}",
            unsubscribe_url=_link(app, "unsubscribe", Purpose.UNSUBSCRIBE, reader.id, on),
            unsubscribe_mailto=_unsubscribe_mailto(app, reader.id, on),
            feedback_id=_feedback_id(settings.feedback_id),
            bounce_address=bounce_address(app, reader.id, on, STREAM),
            name="-".join(filter(None, (on.isoformat(), reader.name.lower(), str(reader.id)))),
        ),
    )


def _unsubscribe_mailto(app: App, reader_id: int, on: date) -> str:
    address = app.settings.unsubscribe_address
    if not address:
        return ""
    return f"mailto:{address}?subject={app.tokens.issue(Purpose.UNSUBSCRIBE, reader_id, on=on)}"


def _feedback_id(sender_id: str) -> str:
    """Return what Gmail's feedback loop sums complaints by; the list, never the reader (A17)."""
    return f"{STREAM}:digest:mail:{sender_id}" if sender_id else ""


def _message_key(app: App) -> bytes:
    return app.tokens.derive("message-id")


def _room(recommendation: Recommendation) -> int:
    """Every interest may fill its quota; the mail's size is the renderer's business."""
    quotas = sum(interest.quota for interest in recommendation.interests)
    extras = len(recommendation.trending) + len(recommendation.ranking.outside)
    return max(1, quotas + extras)


def _facts(paper: StoredPaper, row: int, attention: Attention | None) -> PaperFacts:
    if attention is None:
        return facts_of(paper)
    # Whole numbers, as they are shown: the card is kept under them. NaN is never kept twice.
    return replace(
        facts_of(paper),
        novelty=_whole(attention.novelty.percentile[row]),
        forecast=_whole(attention.forecast[row]),
    )


def _whole(percentile: float) -> float | None:
    return float(round(percentile)) if isfinite(percentile) else None


def _why(reasons: Reasons | None, liked: Sequence[str]) -> str:
    if reasons is None:
        return ""
    words = {word.casefold(): word for word in (*reasons.words, *reasons.keywords)}
    return reason_text(liked=liked, words=tuple(words.values()), followed=reasons.followed)


def _link(
    app: App,
    page: str,
    purpose: Purpose,
    reader_id: int,
    on: date,
    *,
    object_id: int = 0,
    value: int = 0,
) -> str:
    token = app.tokens.issue(purpose, reader_id, object_id=object_id, value=value, on=on)
    return f"{app.settings.base_url}/{page}/{token}"


class _Offers:
    """The papers of one recommendation, as the composer takes them."""

    def __init__(self, app: App, recommendation: Recommendation, cards: dict[int, Card]) -> None:
        assert recommendation.reader.id is not None
        self._cards = cards
        self._app = app
        self._recommendation = recommendation
        self._reader_id = recommendation.reader.id
        self._shown: dict[str, ShownPaper] = {}

    def all(self) -> list[Offer]:
        """Return one offer per interest, then trending, then a little outside."""
        found = self._recommendation
        offers = [
            Offer(
                kind=SectionKind.INTEREST,
                heading=row.name,
                entries=self._entries(section.entries, SectionKind.INTEREST, row.id),
                note=INTEREST_NOTE if number == 0 else "",
                threshold=row.threshold,
                quota=row.quota,
            )
            for number, (row, section) in enumerate(
                zip(found.interests, found.ranking.sections, strict=True)
            )
        ]
        trending = self._entries(found.trending, SectionKind.TRENDING, None)
        outside = self._entries(found.ranking.outside, SectionKind.OUTSIDE, None)
        return [
            *offers,
            Offer(SectionKind.TRENDING, "Trending", trending, TRENDING_NOTE),
            Offer(SectionKind.OUTSIDE, "A little outside your usual", outside, OUTSIDE_NOTE),
        ]

    def links(self, delivery_id: int) -> Links:
        """Return the links of the whole mail."""
        app, reader_id, day = self._app, self._reader_id, self._recommendation.day
        return Links(
            unsubscribe=_link(app, "unsubscribe", Purpose.UNSUBSCRIBE, reader_id, day),
            preferences=_link(app, "preferences", Purpose.PREFERENCES, reader_id, day),
            web_copy=_link(app, "digest", Purpose.WEB_COPY, reader_id, day, object_id=delivery_id),
        )

    def shown(self, entries: Sequence[Entry]) -> tuple[ShownPaper, ...]:
        """Return what the ledger keeps of the entries that are in the mail."""
        return tuple(self._shown[entry.card.paper_id] for entry in entries)

    def _entries(
        self, ranked: Sequence[Ranked], kind: SectionKind, interest_id: int | None
    ) -> tuple[Entry, ...]:
        return tuple(self._entry(item, kind, interest_id) for item in ranked)

    def _entry(self, item: Ranked, kind: SectionKind, interest_id: int | None) -> Entry:
        paper = self._recommendation.papers[item.row]
        reasons = item.reasons
        known = self._recommendation.known
        liked = [plain_title(known[key].title) for key, _ in reasons.nearest] if reasons else []
        self._shown[paper.paper_id] = ShownPaper(
            paper_key=paper.key,
            section=kind,
            interest_id=interest_id,
            score=round(item.score, 1),
            reasons={
                "nearest": [known[key].paper_id for key, _ in reasons.nearest] if reasons else [],
                "words": list(reasons.words) if reasons else [],
                "parts": {name: round(part, 4) for name, part in item.parts.items()},
            },
        )
        return Entry(
            card=self._card(paper, item.row),
            score=item.score,
            score_label="trending" if kind is SectionKind.TRENDING else "match",
            links=self._rating_links(paper.key),
            key_sentence=readable_sentence(reasons.sentence) if reasons else "",
            reason=_why(reasons, liked),
        )

    def _card(self, paper: StoredPaper, row: int) -> Card:
        card = self._cards.get(row)
        if card is None:
            facts = _facts(paper, row, self._recommendation.attention)
            card = self._cards[row] = shared_card(facts, self._recommendation.day.year)
        return card

    def _rating_links(self, paper_key: int) -> EntryLinks:
        def link(page: str, value: int) -> str:
            return _link(
                self._app,
                page,
                Purpose.RATE,
                self._reader_id,
                self._recommendation.day,
                object_id=paper_key,
                value=value,
            )

        return EntryLinks(like=link("rate", UP), dislike=link("rate", DOWN), more=link("paper", 0))

"""Ranks a day's papers for one reader, with reasons; pure given the rows, the day and the seed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from paperround.context import App
from paperround.services.day import DayPapers, papers_of
from paperround.store.deliveries import LastDigest, last_digest, shown_papers
from paperround.store.embeddings import vectors_of
from paperround.store.engine import Session
from paperround.store.models import Interest as InterestRow
from paperround.store.models import InterestPaper, Rating, Reader
from paperround.store.papers import StoredPaper, papers_by_key
from paperround.store.ratings import ratings_of
from paperround.store.readers import interest_papers, interests_of
from recommender.explain import explain_day
from recommender.interests import InterestModel
from recommender.papers import Interest, Mutes
from recommender.ranked import DayRanking, Policy, Ranked
from recommender.ranking import rank_day, rank_trending
from recommender.text import prose_text
from recommender.vectors import unpack

__all__ = ["Recommendation", "recommend"]

SEED = 20_260_504


@dataclass(frozen=True, slots=True)
class Recommendation:
    """What one reader's digest of a day is made from."""

    reader: Reader
    day: date
    interests: tuple[InterestRow, ...]
    """In the order of `ranking.sections`."""
    papers: tuple[StoredPaper, ...]
    """Those of the window; `Ranked.row` counts in them."""
    papers_read: int
    """How many of them are new since the reader's last digest."""
    ranking: DayRanking
    trending: tuple[Ranked, ...]
    known: Mapping[int, StoredPaper]
    """Papers that the reader named or rated, by key: reasons speak of them."""


@dataclass(frozen=True, slots=True)
class _Profile:
    """All that the store knows of a reader."""

    interests: list[InterestRow]
    named: list[InterestPaper]
    ratings: list[Rating]
    papers: dict[int, StoredPaper]
    prose_vectors: dict[str, bytes]
    shown: frozenset[int]
    last: LastDigest | None


def recommend(app: App, reader: Reader, day: DayPapers) -> Recommendation:
    """Rank the day's papers for a reader: what is new since their last digest, each paper once."""
    assert reader.id is not None
    with app.database.read() as session:
        profile = _profile(session, app.settings.model, reader.id, day.day)
    old = _old_papers(day, profile.last)
    seen = old | profile.shown | profile.papers.keys()
    models = [
        InterestModel().fit(_interest(row, profile, day), day.whitening)
        for row in profile.interests
    ]
    ranking = rank_day(
        models,
        day.candidates,
        rng=np.random.default_rng([SEED, reader.id, day.day.toordinal()]),
        seen=seen,
        policy=Policy(outside_slots=app.settings.digest_outside),
    )
    ranking = explain_day(ranking, models, day.candidates, day.lexicon)
    trending = rank_trending(
        day.candidates,
        [model.interest_.mutes for model in models],
        exclude=seen | ranking.shown | ranking.withheld,
        slots=app.settings.digest_trending,
    )
    return Recommendation(
        reader=reader,
        day=day.day,
        interests=tuple(profile.interests),
        papers=day.papers,
        papers_read=len(day.papers) - len(old),
        ranking=ranking,
        trending=trending,
        known=profile.papers,
    )


def _profile(session: Session, model: str, reader_id: int, day: date) -> _Profile:
    interests = interests_of(session, reader_id)
    named = interest_papers(session, [row.id for row in interests if row.id is not None])
    ratings = ratings_of(session, reader_id)
    keys = {item.paper_id for item in named} | {item.paper_id for item in ratings}
    hashes = [row.prose_hash for row in interests if row.prose_hash]
    return _Profile(
        interests=interests,
        named=named,
        ratings=ratings,
        papers=papers_by_key(session, keys, model=model),
        prose_vectors=vectors_of(session, model, hashes),
        shown=shown_papers(session, reader_id, before=day),
        last=last_digest(session, reader_id, before=day),
    )


def _old_papers(day: DayPapers, last: LastDigest | None) -> frozenset[int]:
    """Return the papers that were here already when the last digest was made.

    They are candidates no more, but still tell what the usual paper scores. A paper announced on
    the last digest's own date may have come in after it was sent: east of Europe the morning
    precedes arXiv's announcement of the same date.
    """
    if last is None:
        return frozenset()
    return frozenset(
        paper.key
        for paper in day.papers
        if paper.added_at <= last.at and (paper.announced_on or last.on) <= last.on
    )


def _interest(row: InterestRow, profile: _Profile, day: DayPapers) -> Interest:
    verdicts = _verdicts(row, profile)
    dim = day.candidates.papers.vectors.shape[1]
    liked, disliked = (
        papers_of(_known(profile, verdicts, value), day.lexicon, dim) for value in (True, False)
    )
    words = prose_text(row.prose, row.keywords)
    blob = profile.prose_vectors.get(row.prose_hash or "")
    return Interest(
        name=row.name,
        liked=liked,
        disliked=disliked,
        prose=row.prose,
        keywords=tuple(row.keywords),
        prose_vector=unpack(blob) if blob is not None else None,
        prose_words=day.lexicon.transform([words]) if words else None,
        followed_authors=tuple(row.followed_authors),
        mutes=Mutes(tuple(row.muted_words), tuple(row.muted_authors), tuple(row.muted_categories)),
        threshold=row.threshold,
        quota=row.quota,
    )


def _verdicts(row: InterestRow, profile: _Profile) -> dict[int, bool]:
    """Return whether each paper is liked under an interest; a rating outweighs the description."""
    named = {item.paper_id: item.liked for item in profile.named if item.interest_id == row.id}
    rated = {
        rating.paper_id: rating.value > 0
        for rating in profile.ratings
        if rating.interest_id in (row.id, None)
    }
    return named | rated


def _known(profile: _Profile, verdicts: Mapping[int, bool], value: bool) -> Sequence[StoredPaper]:
    return [profile.papers[key] for key, liked in verdicts.items() if liked is value]

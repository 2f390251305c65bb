"""Ranks a day's papers for one reader, with reasons; pure given the rows, the day and the seed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np

from paperround.context import App
from paperround.services.attention import Attention
from paperround.services.day import DayPapers
from paperround.services.profiles import fitted_models, read_profile
from paperround.store.models import Interest as InterestRow
from paperround.store.models import Reader
from paperround.store.papers import StoredPaper
from paperround.store.shown import LastDigest, last_digest, shown_papers
from recommender.explain import explain_day
from recommender.ranked import DayRanking, Policy, Ranked
from recommender.ranking import rank_day, rank_trending

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
    attention: Attention | None
    """What may come of the papers, row-aligned with them."""
    known: Mapping[int, StoredPaper]
    """Papers that the reader named or rated, by key: reasons speak of them."""


def recommend(app: App, reader: Reader, day: DayPapers) -> Recommendation:
    """Rank the day's papers for a reader: what is new since their last digest, each paper once."""
    assert reader.id is not None
    with app.database.read() as session:
        profile = read_profile(session, app.settings.model, reader.id)
        shown = shown_papers(session, reader.id, before=day.day)
        last = last_digest(session, reader.id, before=day.day)
    old = _old_papers(day, last)
    seen = old | shown | profile.papers.keys()
    models = fitted_models(profile, day)
    ranking = rank_day(
        models,
        day.candidates,
        rng=np.random.default_rng([SEED, reader.id, day.day.toordinal()]),
        seen=seen,
        policy=Policy(outside_slots=app.settings.digest_outside),
        whitening=day.whitening,
        calibration=day.calibration,
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
        interests=profile.interests,
        papers=day.papers,
        papers_read=len(day.papers) - len(old),
        ranking=ranking,
        trending=trending,
        attention=day.attention,
        known=profile.papers,
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

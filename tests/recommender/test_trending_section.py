"""Choosing trending papers for one reader, and what mutes hide."""

from dataclasses import replace

import numpy as np
import pytest

from recommender.papers import Candidates, Mutes
from recommender.ranking import muted, rank_trending
from recommender.testing import TopicCorpus


@pytest.fixture(scope="module")
def candidates(corpus: TopicCorpus) -> Candidates:
    """Fifteen papers of each topic; the first has key 15."""
    return corpus.candidates([*range(15, 30), *range(45, 60)])


def test_trending_papers_come_by_percentile(candidates: Candidates) -> None:
    """Without those excluded, muted or unknown; equals by key."""
    trending = np.full(30, np.nan)
    trending[:6] = [50.0, 90.0, 70.0, 70.0, 10.0, 99.0]
    facts = list(candidates.facts)
    facts[1] = replace(facts[1], categories=("math.CO",))
    week = replace(candidates, trending=trending, facts=tuple(facts))

    ranked = rank_trending(week, [Mutes(categories=("math",))], exclude=frozenset({20}), slots=3)

    assert [(entry.key, entry.score, entry.rank) for entry in ranked] == [
        (17, 70.0, 1),
        (18, 70.0, 2),
        (15, 50.0, 3),
    ]


def test_without_signals_nothing_trends(corpus: TopicCorpus, candidates: Candidates) -> None:
    """Unknown is not zero."""
    assert rank_trending(candidates, []) == ()
    assert rank_trending(replace(candidates, trending=np.full(30, np.nan)), []) == ()


def test_mutes_match_nothing_by_default(candidates: Candidates) -> None:
    """Empty mutes hide no paper."""
    assert not muted(candidates, Mutes()).any()

"""Papers outside the usual: good, little known, and chosen rather than drawn."""

from dataclasses import replace

import numpy as np

from recommender.papers import Candidates
from recommender.ranked import Policy
from recommender.ranking import rank_day
from recommender.testing import TopicCorpus
from tests.recommender.days import fitted, in_topic, keys_of, rng


def test_papers_outside_the_usual_are_in_no_section(
    corpus: TopicCorpus, candidates: Candidates
) -> None:
    """They found no room in one, or cleared no threshold."""
    models = fitted(corpus, in_topic(corpus, "parsing", threshold=25.0))

    day = rank_day(models, candidates, rng=rng(), whitening=corpus.whitening)

    assert len(day.outside) == 2
    assert {entry.key for entry in day.outside}.isdisjoint(keys_of(day))
    assert [entry.rank for entry in day.outside] == [1, 2]


def test_papers_outside_the_usual_are_good_and_little_known(
    corpus: TopicCorpus, candidates: Candidates
) -> None:
    """With weight on doubt the other topic is tried; without, the next best of this one."""
    models = fitted(corpus, in_topic(corpus, "parsing", quota=4))
    bold, timid = (
        rank_day(
            models,
            candidates,
            rng=rng(),
            policy=Policy(outside_share=1.0, doubt_weight=weight),
            whitening=corpus.whitening,
        ).outside
        for weight in (500.0, 0.0)
    )

    assert {entry.key >= 45 for entry in bold} == {True}
    assert {entry.key < 30 for entry in timid} == {True}


def test_papers_outside_the_usual_are_among_the_best_left(
    corpus: TopicCorpus, candidates: Candidates
) -> None:
    """However little is known of the others."""
    models = fitted(corpus, in_topic(corpus, "parsing", threshold=99.0))
    best = np.argsort(-models[0].score(candidates).total)[:8]

    day = rank_day(
        models, candidates, rng=rng(), policy=Policy(doubt_weight=1e6), whitening=corpus.whitening
    )

    assert {entry.row for entry in day.outside} <= set(best.tolist())


def test_without_slots_nothing_is_outside(corpus: TopicCorpus, candidates: Candidates) -> None:
    """Exploration can be switched off."""
    models = fitted(corpus, in_topic(corpus, "parsing"))

    assert rank_day(models, candidates, rng=rng(), policy=Policy(outside_slots=0)).outside == ()


def test_what_is_outside_does_not_depend_on_the_seed(
    corpus: TopicCorpus, candidates: Candidates
) -> None:
    """It is chosen, not drawn: the seed decides between equals only."""
    models = fitted(corpus, in_topic(corpus, "parsing", threshold=99.0))

    def chosen(seed: int) -> list[int]:
        day = rank_day(models, candidates, rng=np.random.default_rng(seed))
        return [entry.key for entry in day.outside]

    assert {tuple(chosen(seed)) for seed in range(6)} == {tuple(chosen(0))}


def test_what_a_reader_said_is_known_like_what_they_rated(corpus: TopicCorpus) -> None:
    """Of two papers the one that is their very sentence scores higher, and is not explored."""
    fact = corpus.facts[40]
    said = corpus.interest(prose=f"{fact.title}. {fact.abstract}")
    bold = Policy(outside_slots=1, doubt_weight=500.0)

    day = rank_day(
        fitted(corpus, replace(said, threshold=100.0)),
        corpus.candidates([3, 40]),
        rng=rng(),
        policy=bold,
        whitening=corpus.whitening,
    )

    assert [entry.key for entry in day.outside] == [3]


def test_a_rating_that_teaches_two_interests_counts_once(
    corpus: TopicCorpus, candidates: Candidates
) -> None:
    """The same papers are outside, whether one interest holds it or two."""
    one = in_topic(corpus, "parsing", threshold=99.0)
    bold = Policy(outside_share=1.0, doubt_weight=50.0)

    alone, twice = (
        rank_day(fitted(corpus, *interests), candidates, rng=rng(), policy=bold).outside
        for interests in ((one,), (one, one))
    )

    assert [entry.key for entry in alone] == [entry.key for entry in twice]

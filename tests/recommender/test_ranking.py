"""A reader's day: sections, mutes, what was seen, twins, and papers outside the usual."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recommender.papers import Candidates, Mutes, PaperFacts, Papers
from recommender.ranked import Policy
from recommender.ranking import rank_day
from recommender.testing import TopicCorpus
from tests.recommender.days import fitted, in_topic, keys_of, rng


def test_each_interest_gets_the_papers_of_its_topic(
    corpus: TopicCorpus, candidates: Candidates
) -> None:
    """Sections come in the order of the interests."""
    models = fitted(corpus, in_topic(corpus, "coding"), in_topic(corpus, "parsing"))

    day = rank_day(models, candidates, rng=rng())

    assert [section.name for section in day.sections] == ["coding", "parsing"]
    assert min(keys_of(day, 0)) >= 45
    assert max(keys_of(day, 1)) < 30


def test_ranks_are_the_order_of_choice(corpus: TopicCorpus, candidates: Candidates) -> None:
    """Even where diversity put a lower score first."""
    models = fitted(corpus, in_topic(corpus, "parsing"))

    strict = rank_day(models, candidates, rng=rng(), policy=Policy(diversity=0))
    diverse = rank_day(models, candidates, rng=rng(), policy=Policy(diversity=8))

    scores = [entry.score for entry in diverse.sections[0].entries]
    assert keys_of(diverse) != keys_of(strict)
    assert scores != sorted(scores, reverse=True)
    assert [entry.rank for entry in diverse.sections[0].entries] == list(range(1, 11))


def test_the_quota_bounds_a_section(corpus: TopicCorpus, candidates: Candidates) -> None:
    """What cleared the threshold and found no room is counted."""
    models = fitted(corpus, in_topic(corpus, "parsing", quota=4))

    day = rank_day(models, candidates, rng=rng())

    assert len(keys_of(day)) == 4
    assert 4 + day.sections[0].omitted + day.counts.below_threshold + day.counts.duplicates == 30


def test_nothing_below_the_threshold_is_sent(corpus: TopicCorpus, candidates: Candidates) -> None:
    """A quiet day is an empty section with the best score it had."""
    models = fitted(corpus, in_topic(corpus, "parsing", threshold=99.0))

    day = rank_day(models, candidates, rng=rng())

    assert keys_of(day) == []
    assert day.best_score is not None
    assert 4.5 < day.best_score < 99
    assert day.counts.below_threshold == 30


def test_a_paper_that_two_interests_want_goes_where_it_ranks_best(
    corpus: TopicCorpus, candidates: Candidates
) -> None:
    """And appears once; equals go to the first."""
    same = in_topic(corpus, "parsing")

    day = rank_day(fitted(corpus, same, same), candidates, rng=rng())

    assert len(keys_of(day, 0)) == 10
    assert keys_of(day, 1) == []


def test_every_paper_appears_once(corpus: TopicCorpus, candidates: Candidates) -> None:
    """In all sections and outside taken together."""
    models = fitted(corpus, *(in_topic(corpus, t) for t in ("coding", "parsing", "parsing")))

    day = rank_day(models, candidates, rng=rng())

    n = sum(len(section.entries) for section in day.sections) + len(day.outside)
    assert len(day.shown) == n


def test_seen_and_rated_papers_never_return(corpus: TopicCorpus) -> None:
    """Whatever their score."""
    candidates = corpus.candidates(range(30))

    day = rank_day(
        fitted(corpus, in_topic(corpus, "parsing")), candidates, rng=rng(), seen=frozenset({7, 8})
    )

    assert day.shown.isdisjoint({*range(6), 7, 8})
    assert day.withheld >= {*range(6), 7, 8}
    assert day.counts.seen == 8


@pytest.mark.parametrize(
    "mutes",
    [
        Mutes(words=("zebra crossing",)),
        Mutes(authors=("Hopper, Grace",)),
        Mutes(categories=("q-bio",)),
    ],
)
def test_mutes_are_absolute(corpus: TopicCorpus, candidates: Candidates, mutes: Mutes) -> None:
    """The best paper of the day is not sent, nor shown outside the usual."""
    models = fitted(corpus, in_topic(corpus, "parsing", mutes=mutes))
    best = keys_of(rank_day(models, candidates, rng=rng()))[0]
    facts = list(candidates.facts)
    facts[best - 15] = PaperFacts(
        "A title", "About Zebra\ncrossings: a zebra crossing.", ("Grace Hopper",), ("q-bio.NC",)
    )

    day = rank_day(models, replace(candidates, facts=tuple(facts)), rng=rng())

    assert best not in day.shown
    assert best in day.withheld
    assert day.counts.muted == 1


def test_a_mute_of_one_interest_leaves_another_its_papers(
    corpus: TopicCorpus, candidates: Candidates
) -> None:
    """Interests are separate; only what is outside them obeys every mute."""
    silent = in_topic(corpus, "parsing", mutes=Mutes(categories=("cs.XX",)))

    day = rank_day(fitted(corpus, silent, in_topic(corpus, "coding")), candidates, rng=rng())

    assert keys_of(day, 0) == []
    assert len(keys_of(day, 1)) == 10
    assert day.outside == ()


def test_of_twins_the_better_is_sent(corpus: TopicCorpus, candidates: Candidates) -> None:
    """The other is withheld from every section."""
    facts = list(candidates.facts)
    facts[0] = replace(facts[0], title="One and the same")
    facts[1] = replace(facts[1], title="One and the SAME!")

    models = fitted(corpus, in_topic(corpus, "parsing", quota=15))
    day = rank_day(models, replace(candidates, facts=tuple(facts)), rng=rng())

    assert len({15, 16} & day.shown) == 1
    assert day.counts.duplicates == 1


def test_papers_without_vector_are_left_out_with_a_count(
    corpus: TopicCorpus, candidates: Candidates
) -> None:
    """Unknown is not zero."""
    vectors = candidates.papers.vectors.copy()
    vectors[0] = np.nan
    papers = Papers(candidates.papers.keys, vectors, candidates.papers.words)

    models = fitted(corpus, in_topic(corpus, "parsing", quota=15))
    day = rank_day(models, replace(candidates, papers=papers), rng=rng())

    assert 15 not in day.shown
    assert day.counts.not_embedded == 1


def test_a_reader_without_interests_gets_nothing(candidates: Candidates) -> None:
    """And no error."""
    day = rank_day([], candidates, rng=rng())

    assert (day.sections, day.outside, day.best_score) == ((), (), None)


def test_a_reader_who_only_dislikes_gets_nothing(
    corpus: TopicCorpus, candidates: Candidates
) -> None:
    """There is no ground to choose anything."""
    day = rank_day(fitted(corpus, corpus.interest([], [0, 1])), candidates, rng=rng())

    assert (keys_of(day), day.outside, day.sections[0].best_score) == ([], (), None)


def test_an_empty_day_is_empty_sections(corpus: TopicCorpus) -> None:
    """With nothing counted."""
    day = rank_day(fitted(corpus, in_topic(corpus, "parsing")), corpus.candidates([]), rng=rng())

    assert keys_of(day) == []
    assert day.counts.candidates == 0


@settings(max_examples=25)
@given(st.permutations(range(30)))
def test_a_ranking_does_not_depend_on_the_order_of_papers(
    corpus: TopicCorpus, candidates: Candidates, order: Sequence[int]
) -> None:
    """Same seed, same papers, same digest."""
    models = fitted(corpus, in_topic(corpus, "parsing"), in_topic(corpus, "coding", quota=3))
    mixed = Candidates(
        candidates.papers.take(np.array(order)),
        tuple(candidates.facts[row] for row in order),
        candidates.reference,
    )

    one = rank_day(models, candidates, rng=rng())
    other = rank_day(models, mixed, rng=rng())

    assert [keys_of(one, n) for n in range(2)] == [keys_of(other, n) for n in range(2)]
    assert [entry.key for entry in one.outside] == [entry.key for entry in other.outside]

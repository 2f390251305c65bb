"""Metrics on lists worked out by hand, then by law."""

from itertools import pairwise, permutations
from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from sklearn.metrics import ndcg_score, roc_auc_score

from recommender.evaluation import evaluate, evaluate_lists
from recommender.metrics import Cutoffs

Row = NDArray[np.float64]
Mask = NDArray[np.bool_]

SHORT = Cutoffs(recall=(1, 2, 3), ndcg=(2, 3), precision=(1, 2, 10))
SECOND = 1 / np.log2(3)
"""What a relevant paper in the second place is worth; in the first it is one, in the third half."""


@st.composite
def lists(draw: st.DrawFn, most: int = 30, unknown: bool = True) -> tuple[Row, Mask]:
    """Return scores with many ties, some unknown, and which candidates are relevant."""
    n = draw(st.integers(1, most))
    values = st.integers(-3, 3).map(float) | (st.just(np.nan) if unknown else st.nothing())
    scores = draw(st.lists(values, min_size=n, max_size=n))
    relevant = draw(st.lists(st.booleans(), min_size=n, max_size=n))
    return np.array(scores), np.array(relevant)


def value(scores: object, relevant: object, name: str, cutoffs: Cutoffs = SHORT) -> float:
    """Return one metric of one list."""
    found = evaluate_lists([(np.asarray(scores), np.asarray(relevant))], cutoffs=cutoffs)
    return float(found.columns[name][0])


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("recall@1", 0.0),
        ("recall@2", 0.5),
        ("recall@3", 0.5),
        ("precision@1", 0.0),
        ("precision@2", 0.5),
        ("precision@10", 0.2),
        ("ndcg@2", SECOND / (1 + SECOND)),
        ("ndcg@3", SECOND / (1 + SECOND)),
        ("mrr", 0.5),
        # Of the six pairs of a relevant paper and another, the second place wins two, the fifth
        # none.
        ("auc", 2 / 6),
    ],
)
def test_a_list_by_hand(name: str, expected: float) -> None:
    """Five papers, of which those in the second and the last place are relevant."""
    assert value([5, 4, 3, 2, 1], [0, 1, 0, 0, 1], name) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("recall@1", 1 / 2),
        ("recall@2", 1 / 2 + 1 / 2 * 1 / 2),
        ("recall@3", 1.0),
        ("ndcg@2", (1 + SECOND / 2) / (1 + SECOND)),
        ("ndcg@3", (1 + (SECOND + 0.5) / 2) / (1 + SECOND)),
        ("mrr", 1.0),
        # Against the tied paper the first relevant one wins, the second draws; both beat the last.
        ("auc", (1 + 0.5 + 1 + 1) / 4),
    ],
)
def test_a_tie_counts_half_each_way(name: str, expected: float) -> None:
    """A relevant paper leads; another one shares the second and third place."""
    assert value([9, 5, 5, 1], [1, 1, 0, 0], name) == pytest.approx(expected)


def test_the_first_of_several_tied_relevant_papers_by_hand() -> None:
    """Of three tied papers two are relevant: the first of them stands first in two of three orders.

    In the third order it stands second.
    """
    assert value([7, 7, 7], [1, 1, 0], "mrr") == pytest.approx(2 / 3 * 1 + 1 / 3 * 1 / 2)


def test_one_paper_under_ten_places() -> None:
    """The ideal of a short list fills what there is, not ten places."""
    assert value([1.0], [1], "ndcg@3") == 1.0
    assert value([1.0], [1], "precision@10") == pytest.approx(0.1)


def test_unknown_scores_rank_last_and_tie() -> None:
    """Below minus infinity even, and in expectation among themselves."""
    scores = [np.nan, 2.0, np.nan, -np.inf]

    assert value(scores, [1, 0, 0, 0], "mrr") == pytest.approx((1 / 3 + 1 / 4) / 2)
    assert value(scores, [0, 0, 0, 1], "mrr") == pytest.approx(1 / 2)


def test_without_a_relevant_paper_nothing_can_be_said() -> None:
    """Unknown is not zero."""
    found = evaluate([[3, 2, 1], [3, 2, 1]], [[0, 0, 0], [1, 0, 0]])

    assert all(np.isnan(column[0]) for column in found.columns.values())
    assert found.mean("ndcg@10") == 1.0
    assert found.count("ndcg@10") == 1


def test_when_everything_is_relevant_only_the_auc_is_unknown() -> None:
    """There is no other paper to stand above."""
    assert np.isnan(value([2, 1], [1, 1], "auc"))
    assert value([2, 1], [1, 1], "ndcg@2") == 1.0


@pytest.mark.parametrize("wrong", [{"recall": (0,)}, {"ndcg": (-1,)}, {"precision": (5, 0)}])
def test_a_list_cannot_be_cut_before_its_first_place(wrong: dict[str, tuple[int, ...]]) -> None:
    """Cutoffs count from one."""
    with pytest.raises(ValueError, match="first place"):
        Cutoffs(**wrong)


@given(lists(most=6))
def test_ties_count_as_their_orders_do_on_average(case: tuple[Row, Mask]) -> None:
    """Every metric is the mean over all orders that the scores allow."""
    scores, relevant = case
    judged = np.nan_to_num(scores, nan=-10.0)
    orders = [
        order
        for order in permutations(range(len(scores)))
        if all(judged[a] >= judged[b] for a, b in pairwise(order))
    ]
    tables = np.zeros((len(orders), len(scores)))
    for row, order in zip(tables, orders, strict=True):
        row[list(order)] = -np.arange(len(scores))
    every = evaluate(tables, np.tile(relevant, (len(orders), 1)), cutoffs=SHORT)
    found = evaluate_lists([case], cutoffs=SHORT)

    for name in found.names:
        np.testing.assert_allclose(found.columns[name][0], every.columns[name].mean(), atol=1e-12)


@given(lists(), st.randoms(use_true_random=False))
def test_the_order_of_the_candidates_does_not_matter(
    case: tuple[Row, Mask],
    random: Random,
) -> None:
    """Columns can be shuffled."""
    scores, relevant = case
    order = list(range(len(scores)))
    random.shuffle(order)
    found, shuffled = evaluate_lists([case]), evaluate_lists([(scores[order], relevant[order])])

    for name in found.names:
        np.testing.assert_allclose(found.columns[name], shuffled.columns[name])


@given(lists())
def test_only_the_order_of_the_scores_matters(case: tuple[Row, Mask]) -> None:
    """A steadily increasing function of the scores changes nothing."""
    scores, relevant = case
    found, bent = evaluate_lists([case]), evaluate_lists([(np.exp(scores) * 3 + 1, relevant)])

    for name in found.names:
        np.testing.assert_array_equal(found.columns[name], bent.columns[name])


@given(lists())
def test_every_metric_lies_between_nothing_and_one(case: tuple[Row, Mask]) -> None:
    """And the best order reaches one wherever there is something to find."""
    found, best = evaluate_lists([case]), evaluate_lists([(case[1].astype(float), case[1])])

    for name in found.names:
        assert np.isnan(found.columns[name][0]) == np.isnan(best.columns[name][0])
        assert not found.columns[name][0] < -1e-12
        assert not found.columns[name][0] > best.columns[name][0] + 1e-12
    for name in ("ndcg@10", "ndcg@20", "mrr", "auc"):
        assert np.isnan(best.columns[name][0]) or best.columns[name][0] == pytest.approx(1.0)


@given(st.integers(2, 40), st.data())
def test_a_constant_score_gets_what_chance_gets(n: int, data: st.DataObject) -> None:
    """Recall grows with the cut, and half of all pairs are right."""
    relevant = np.zeros(n)
    relevant[data.draw(st.lists(st.integers(0, n - 1), min_size=1, max_size=n - 1))] = 1
    cutoffs = Cutoffs(recall=(5,), precision=(5,))
    if relevant.all():
        relevant[0] = 0

    assert value(np.full(n, 0.3), relevant, "auc", cutoffs) == pytest.approx(0.5)
    assert value(np.full(n, 0.3), relevant, "recall@5", cutoffs) == pytest.approx(min(5 / n, 1))
    expected = relevant.mean() * min(n, 5) / 5
    assert value(np.full(n, 0.3), relevant, "precision@5", cutoffs) == pytest.approx(expected)


@given(lists(unknown=False))
def test_scikit_learn_agrees(case: tuple[Row, Mask]) -> None:
    """Where it has the same metric, with ties averaged as here."""
    scores, relevant = case
    scores, relevant = np.append(scores, [0.0, 1.0]), np.append(relevant, [True, False])

    theirs = ndcg_score([relevant], [scores], k=10)
    assert value(scores, relevant, "ndcg@10", Cutoffs()) == pytest.approx(theirs)
    assert value(scores, relevant, "auc") == pytest.approx(roc_auc_score(relevant, scores))


def test_long_ties_stay_in_range() -> None:
    """Thousands of equal scores with many relevant papers among them."""
    relevant = np.arange(5_000) % 7 == 0

    assert 0.9 < value(np.zeros(5_000), np.ones(5_000), "mrr") <= 1.0
    assert 1 / 7 < value(np.zeros(5_000), relevant, "mrr") < 0.5

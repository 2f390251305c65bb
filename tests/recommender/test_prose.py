"""Rank fusion of a reader's own words."""

import numpy as np
import pytest

from recommender.prose import fused


def total_of(**near: list[float]) -> list[float]:
    """Return the fused totals of similarities."""
    parts = fused({name: np.array(values) for name, values in near.items()}, None)
    return [float(value) for value in sum(parts.values(), np.zeros(1))]


def test_a_paper_good_in_both_lists_beats_one_best_in_one() -> None:
    """That is what fusion is for."""
    words = [0.9, 0.8, 0.0, 0.1, 0.2]
    vectors = [0.1, 0.8, 0.9, 0.2, 0.0]

    assert int(np.argmax(total_of(words=words, vectors=vectors))) == 1


def test_only_ranks_decide_the_order() -> None:
    """A list on another scale weighs no more."""
    words, vectors = [0.9, 0.1, 0.5, 0.2], [1.0, 3.0, 2.0, 0.0]
    stretched = [1000 * value for value in vectors]

    order = np.argsort(total_of(words=words, vectors=vectors))

    assert np.argsort(total_of(words=words, vectors=stretched)).tolist() == order.tolist()


def test_a_day_that_stands_out_has_the_higher_best_score() -> None:
    """Ranks alone would make every day's best equally good."""
    crowd = list(np.linspace(0.1, 0.2, 99))

    assert max(total_of(words=[0.9, *crowd])) > 2 * max(total_of(words=[0.21, *crowd]))


def test_keywords_alone_are_enough() -> None:
    """With neither vector nor known words."""
    parts = fused({}, np.array([1.0, 0.0]))

    np.testing.assert_allclose(parts["keywords"], [1, -1])


@pytest.mark.parametrize("values", [[], [0.5], [0.5, 0.5], [float("nan")] * 2])
def test_too_little_to_rank_raises_nothing(values: list[float]) -> None:
    """No paper, one, equals, unknown ones."""
    assert np.nan_to_num(total_of(words=values) if values else [0.0]).tolist() == [0.0] * max(
        len(values), 1
    )

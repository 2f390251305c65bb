"""Fusion of a reader's own words."""

import numpy as np
import pytest
from scipy.sparse import csr_array

from recommender.papers import Candidates, PaperFacts, Papers
from recommender.prose import KEYWORD_BONUS, fused, keyword_bonus


def total_of(**near: list[float]) -> list[float]:
    """Return the fused totals of similarities."""
    parts = fused({name: np.array(values) for name, values in near.items()})
    return [float(value) for value in sum(parts.values(), np.zeros(1))]


def candidates_with(*facts: PaperFacts) -> Candidates:
    """Return candidates of which only the print matters."""
    n = len(facts)
    vectors = np.ones((n, 2), dtype=np.float32)
    return Candidates(Papers(np.arange(n), vectors, csr_array((n, 0), dtype=np.float32)), facts)


def test_a_paper_good_in_both_beats_one_best_in_one() -> None:
    """That is what fusion is for."""
    words = [0.9, 0.8, 0.0, 0.1, 0.2]
    vectors = [0.1, 0.8, 0.9, 0.2, 0.0]

    assert int(np.argmax(total_of(prose_words=words, prose=vectors))) == 1


def test_the_scale_of_a_list_does_not_matter() -> None:
    """A list on another scale weighs no more."""
    words, vectors = [0.9, 0.1, 0.5, 0.2], [1.0, 3.0, 2.0, 0.0]
    stretched = [1000 * value for value in vectors]

    expected = total_of(prose_words=words, prose=vectors)

    np.testing.assert_allclose(total_of(prose_words=words, prose=stretched), expected)


def test_a_day_that_stands_out_has_the_higher_best_score() -> None:
    """On a day on which nothing fits no paper should look good."""
    crowd = list(np.linspace(0.1, 0.2, 99))

    outstanding, ordinary = total_of(prose=[0.9, *crowd]), total_of(prose=[0.21, *crowd])

    assert max(outstanding) > 2 * max(ordinary)


@pytest.mark.parametrize("values", [[], [0.5], [0.5, 0.5], [float("nan")] * 2])
def test_too_little_to_rank_raises_nothing(values: list[float]) -> None:
    """No paper, one, equals, unknown ones."""
    totals = total_of(prose=values) if values else [0.0]

    assert np.nan_to_num(totals).tolist() == [0.0] * max(len(values), 1)


def test_a_keyword_in_the_title_counts_twice_one_in_the_abstract() -> None:
    """And one that is nowhere adds nothing."""
    day = candidates_with(
        PaperFacts("Graph networks", ""),
        PaperFacts("Other", "On a graph network."),
        PaperFacts("Other", "Nothing."),
    )

    bonus = keyword_bonus(day, ["graph network"])

    assert bonus.tolist() == [KEYWORD_BONUS, KEYWORD_BONUS / 2, 0]


def test_several_keywords_add_no_more_than_one() -> None:
    """A list of synonyms should not outweigh everything."""
    day = candidates_with(PaperFacts("Graph networks", "Trees."))

    bonus = keyword_bonus(day, ["graph", "networks", "trees"])

    assert bonus.tolist() == [KEYWORD_BONUS]

"""Means, errors, comparisons and score files."""

import io
from pathlib import Path
from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import ArrayLike
from scipy.sparse import csr_array

from recommender.evaluation import Cutoffs, evaluate, evaluate_lists, join, paired, read_scores

THREE = np.array([[3.0, 2.0, 1.0], [1.0, 2.0, 3.0], [1.0, 3.0, 2.0]])
FIRST = np.array([[1, 0, 0], [1, 0, 0], [1, 0, 0]])
"""The relevant paper stands first, third and third: reciprocal ranks 1, 1/3, 1/3."""


def test_means_and_errors_by_hand() -> None:
    """Mean 5/9, deviations 4/9, -2/9, -2/9: variance (16 + 4 + 4)/81/2, over three readers."""
    found = evaluate(THREE, FIRST)

    assert found.mean("mrr") == pytest.approx(5 / 9)
    assert found.standard_error("mrr") == pytest.approx(np.sqrt(24 / 81 / 2 / 3))
    assert found.count("mrr") == len(found) == 3


def test_weeks_of_one_reader_are_not_independent() -> None:
    """Two groups whose deviations add up to 2/9 and -2/9: sqrt(2 * 8/81) / 3."""
    found = evaluate(THREE, FIRST, groups=[7, 7, 4])

    assert found.mean("mrr") == pytest.approx(5 / 9)
    assert found.standard_error("mrr") == pytest.approx(np.sqrt(2 * 8 / 81) / 3)


def test_one_reader_has_no_standard_error() -> None:
    """Neither has nobody; and no warning is given."""
    nobody = evaluate(np.empty((0, 3)), np.empty((0, 3)))

    assert np.isnan(evaluate(THREE[:1], FIRST[:1]).standard_error("mrr"))
    assert np.isnan(evaluate(THREE, FIRST, groups=[1, 1, 1]).standard_error("mrr"))
    assert np.isnan(nobody.mean("mrr"))
    assert np.isnan(nobody.standard_error("mrr"))


def test_sparse_and_dense_relevance_are_the_same() -> None:
    """A stored zero is not relevant, and one stored twice is relevant once."""
    dense = np.array([[0, 1, 0], [1, 0, 1], [0, 0, 0]])
    rows, columns = [0, 1, 1, 1, 2], [1, 0, 2, 2, 0]
    sparse = csr_array(([1.0, 2.0, 1.0, 1.0, 0.0], (rows, columns)), shape=(3, 3))

    for name, column in evaluate(THREE, dense).columns.items():
        np.testing.assert_array_equal(evaluate(THREE, sparse).columns[name], column)


@pytest.mark.parametrize("kind", [np.float16, np.float32, np.int8, np.uint8, np.bool_])
def test_any_real_numbers_are_scores(kind: type[np.generic]) -> None:
    """Small unsigned numbers too, which have no negatives."""
    scores = np.array([[0, 1, 1, 0]], dtype=kind)

    assert evaluate(scores, [[0, 1, 1, 0]]).mean("ndcg@10") == 1.0


def test_lists_and_rows_agree() -> None:
    """A matrix is lists of equal length."""
    listed = evaluate_lists(zip(THREE, FIRST, strict=True))

    for name, column in evaluate(THREE, FIRST).columns.items():
        np.testing.assert_array_equal(listed.columns[name], column)


def test_lists_may_differ_in_length() -> None:
    """Each query has the candidates of its own week, none among them."""
    found = evaluate_lists([([2, 1], [0, 1]), ([1.0], [1]), ([], [])], groups=[0, 1, 1])

    np.testing.assert_array_equal(found.columns["mrr"], [0.5, 1.0, np.nan])


def test_evaluations_join_in_order() -> None:
    """Block by block gives what all at once gives."""
    whole = evaluate(THREE, FIRST, groups=[2, 2, 5])
    blocks = join(
        [evaluate(THREE[:2], FIRST[:2], groups=[2, 2]), evaluate(THREE[2:], FIRST[2:], groups=[5])]
    )

    np.testing.assert_array_equal(blocks.columns["ndcg@20"], whole.columns["ndcg@20"])
    assert blocks.standard_error("mrr") == whole.standard_error("mrr")


def test_a_paired_difference_by_hand() -> None:
    """Reciprocal ranks 1, 1/3, 1/3 against 1/3 throughout: differences 2/3, 0, 0."""
    a = evaluate(THREE, FIRST)
    b = evaluate([[1, 2, 3]] * 3, FIRST)
    found = paired(a, b, "mrr")

    assert found.mean == pytest.approx(2 / 9)
    assert found.standard_error == pytest.approx(2 / 9)
    assert found.relative == pytest.approx(2 / 3)
    assert found.errors == pytest.approx(1.0)


def test_a_bar_is_a_multiple_of_the_other() -> None:
    """Is `a` more than half as good again? 5/9 against 1.5 times 1/3."""
    a = evaluate(THREE, FIRST)
    b = evaluate([[1, 2, 3]] * 3, FIRST)

    assert paired(a, b, "mrr", times=1.5).mean == pytest.approx(5 / 9 - 1 / 2)
    assert paired(a, b, "mrr", times=2.0).errors < 0


def test_a_ranker_differs_from_itself_by_nothing() -> None:
    """Zero errors, not zero over zero; and nothing is no share of nothing."""
    a = evaluate(THREE, FIRST)
    useless = evaluate(np.arange(200.0)[None, :], [[1] + [0] * 199])

    assert paired(a, a, "mrr").errors == 0.0
    assert np.isnan(paired(useless, useless, "ndcg@10").relative)


def test_a_constant_gain_is_beyond_doubt() -> None:
    """The same difference for everybody has no error."""
    a, b = evaluate([[2, 1]] * 2, [[1, 0]] * 2), evaluate([[1, 2]] * 2, [[1, 0]] * 2)

    assert paired(a, b, "mrr").errors == np.inf
    assert paired(b, a, "mrr").errors == -np.inf


def test_queries_that_one_ranker_cannot_answer_are_left_out_of_the_pairs() -> None:
    """Both are judged on what both have."""
    a = evaluate_lists([([2, 1], [1, 0]), ([2, 1], [1, 0])])
    b = evaluate_lists([([1, 2], [1, 0]), ([], [])])

    assert paired(a, b, "mrr").mean == pytest.approx(0.5)


def test_different_queries_cannot_be_compared() -> None:
    """Neither can those of different readers."""
    with pytest.raises(ValueError, match="same queries"):
        paired(evaluate(THREE, FIRST), evaluate(THREE[:2], FIRST[:2]), "mrr")
    with pytest.raises(ValueError, match="same queries"):
        paired(evaluate(THREE, FIRST), evaluate(THREE, FIRST, groups=[1, 1, 2]), "mrr")


@pytest.mark.parametrize(
    ("scores", "relevant", "said"),
    [
        (THREE, FIRST[:2], "differ in shape"),
        (THREE[0], FIRST, "2 axes"),
        (THREE * 1j, FIRST, "real numbers"),
        (THREE.astype(str), FIRST, "real numbers"),
    ],
)
def test_what_is_no_score_matrix_is_refused(
    scores: ArrayLike, relevant: ArrayLike, said: str
) -> None:
    """In words that name the shape or the type."""
    with pytest.raises(ValueError, match=said):
        evaluate(scores, relevant)


def test_lists_that_do_not_fit_are_refused() -> None:
    """Scores and marks of one query, groups and queries, evaluations with other metrics."""
    with pytest.raises(ValueError, match="marks of relevance"):
        evaluate_lists([([1, 2], [1])])
    with pytest.raises(ValueError, match="groups for 3 queries"):
        evaluate(THREE, FIRST, groups=[1, 2])
    with pytest.raises(ValueError, match="same metrics"):
        join([evaluate(THREE, FIRST), evaluate(THREE, FIRST, cutoffs=Cutoffs(ndcg=(5,)))])
    with pytest.raises(ValueError, match="same metrics"):
        join([])


@given(st.lists(st.integers(0, 5), min_size=2, max_size=12), st.randoms(use_true_random=False))
def test_the_order_of_the_readers_does_not_matter(groups: list[int], random: Random) -> None:
    """Mean and error are those of a set."""
    scores = np.random.default_rng(len(groups)).normal(size=(len(groups), 9))
    relevant = scores > 1
    order = list(range(len(groups)))
    random.shuffle(order)
    found = evaluate(scores[:, ::-1], relevant, groups=groups)
    other = evaluate(scores[order, ::-1], relevant[order], groups=np.array(groups)[order])

    np.testing.assert_allclose(found.mean("mrr"), other.mean("mrr"))
    np.testing.assert_allclose(found.standard_error("mrr"), other.standard_error("mrr"), atol=1e-12)


def test_scores_are_read_from_a_path_or_an_open_file(tmp_path: Path) -> None:
    """As numpy.save wrote them; half precision becomes single."""
    path = tmp_path / "scores.npy"
    np.save(path, THREE.astype(np.float16))

    with path.open("rb") as file:
        assert read_scores(file, (3, 3)).dtype == np.float32
    np.testing.assert_array_equal(read_scores(path), THREE)
    np.testing.assert_array_equal(read_scores(str(path)), THREE)


@pytest.mark.parametrize(
    ("table", "said"),
    [
        (THREE[0], "scores.npy: scores must have 2 axes"),
        (np.array([["a"]]), "scores.npy: scores must be real numbers"),
        (THREE[:2], "scores.npy has 2 rows and 3 columns, but the task has 3 readers"),
        (np.array([[object()]]), "no .npy file of numbers"),
    ],
)
def test_a_wrong_matrix_is_named(tmp_path: Path, table: ArrayLike, said: str) -> None:
    """With the file and with what the task expects."""
    path = tmp_path / "scores.npy"
    np.save(path, np.asarray(table), allow_pickle=True)

    with pytest.raises(ValueError, match=said):
        read_scores(path, (3, 3))


@pytest.mark.parametrize("content", [b"", b"reader,paper,score\n", b"\x93NUMPY\x01\x00v\x00{'d"])
def test_what_is_no_score_file_is_refused(content: bytes) -> None:
    """An empty file, a table of text, a file cut short."""
    with pytest.raises(ValueError, match=r"no \.npy file of numbers"):
        read_scores(io.BytesIO(content))


def test_an_archive_of_arrays_is_refused(tmp_path: Path) -> None:
    """There is no telling which of them is meant."""
    path = tmp_path / "scores.npz"
    np.savez(path, a=THREE, b=THREE)

    with pytest.raises(ValueError, match="several arrays"):
        read_scores(path)

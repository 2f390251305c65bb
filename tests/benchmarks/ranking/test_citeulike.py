import itertools
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.ranking.citeulike import SIZES, TRAIN, citeulike_tasks, held_out
from benchmarks.ranking.corpora import MissingDataError
from benchmarks.ranking.tasks import Task
from tests.benchmarks.ranking.worlds import embed, write_citeulike

SMALL = [f"citeulike-{size}" for size in SIZES]


@pytest.mark.parametrize("name", ["citeulike", *SMALL])
def test_candidates_are_papers_that_nobody_has_kept_in_training(
    citeulike: Mapping[str, Task], name: str
) -> None:
    """Item cold start: a paper is in a profile or up for choice, never both."""
    task = citeulike[name]
    known = np.concatenate([*task.profiles, task.background])

    assert np.intersect1d(known, task.columns).size == 0
    assert task.others is not None
    assert task.others[:, task.columns].nnz == 0


@pytest.mark.parametrize("name", SMALL)
def test_readers_of_small_profiles_are_left_out_of_what_others_liked(
    citeulike: Mapping[str, Task], name: str
) -> None:
    """Two of the six, whatever the size; only the other four may be learned from."""
    task = citeulike[name]

    assert len(set(task.readers)) == 2
    assert task.others is not None
    assert task.others.shape[0] == 4


def test_small_profiles_have_at_most_their_size_and_hold_the_smaller_ones(
    citeulike: Mapping[str, Task],
) -> None:
    """So that sizes differ by papers that are added, not by other papers."""
    for small, large in itertools.pairwise(SIZES):
        pairs = zip(
            citeulike[f"citeulike-{small}"].profiles,
            citeulike[f"citeulike-{large}"].profiles,
            strict=True,
        )
        for fewer, more in pairs:
            assert len(fewer) == small
            assert np.isin(fewer, more).all()


def test_whole_profiles_are_what_the_reader_kept(citeulike: Mapping[str, Task]) -> None:
    """Here every second of the first 120 papers."""
    task = citeulike["citeulike"]

    assert [task.corpus.ids[row] for row in task.profiles[1][:3]] == ["1", "3", "5"]
    assert {len(profile) for profile in task.profiles} == {60}
    assert task.relevant.sum() == 6 * 5


@given(st.sets(st.integers(0, 500), min_size=3))
def test_a_third_of_the_readers_is_left_out(numbers: set[int]) -> None:
    """The same ones every time, whoever else is asked for."""
    readers = np.array(sorted(numbers))

    drawn = held_out(readers)

    assert len(drawn) == round(len(readers) / 3)
    assert set(drawn) <= numbers
    np.testing.assert_array_equal(drawn, held_out(readers))


def test_missing_pairs_are_told_by_their_file(tmp_path: Path) -> None:
    """Titles alone make no task."""
    write_citeulike(tmp_path)
    (tmp_path / TRAIN).unlink()

    with pytest.raises(MissingDataError, match=r"train\.csv\.gz is not here"):
        citeulike_tasks(tmp_path, embed)

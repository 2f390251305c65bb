"""The replay of onboarding: the same questions for the same reader, and answers that count."""

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest

from benchmarks.ranking.onboarding import RULES, Setting, Sitting, play, run, sittings_of
from benchmarks.ranking.tasks import Task
from tests.benchmarks.ranking.worlds import embed

SMALL = Setting(readers=3, questions=4, pool=30, own=0.25, yes=0.1)


@pytest.fixture(scope="module")
def sittings(citeulike: Mapping[str, Task]) -> list[Sitting]:
    """Return three readers of the small world, of whom nothing is known."""
    return sittings_of(citeulike["citeulike"], SMALL, said=False)


def test_a_pool_holds_some_papers_that_the_reader_kept(sittings: list[Sitting]) -> None:
    """And says yes to those."""
    for sitting in sittings:
        kept = np.isin(sitting.pool, sitting.task.profiles[sitting.number])
        assert len(sitting.pool) == 30
        assert kept.sum() == 15
        assert sitting.says_yes[kept].all()


def test_the_same_papers_can_be_asked_about_after_a_sentence(
    citeulike: Mapping[str, Task], sittings: list[Sitting]
) -> None:
    """The sentence is the title of a paper that is not among them."""
    told = sittings_of(citeulike["citeulike"], SMALL, said=True)

    for plain, said in zip(sittings, told, strict=True):
        assert plain.pool.tolist() == said.pool.tolist()
        assert plain.sentence is None
        assert said.sentence is not None
        assert said.sentence not in said.pool


@pytest.mark.parametrize("name", RULES)
def test_every_rule_asks_as_often_and_learns(sittings: list[Sitting], name: str) -> None:
    """The fields share no word: a thumbs up or two are enough for a good order."""
    one, other = (play(sittings, RULES[name], SMALL) for _ in range(2))

    np.testing.assert_array_equal(one.columns["ndcg@20"], other.columns["ndcg@20"])
    assert one.mean("liked") <= SMALL.questions
    assert one.mean("ndcg@20") > 0.6


@pytest.mark.slow
def test_the_table_has_a_line_for_every_rule_and_start(world: Path) -> None:
    """With the differences to papers at random."""
    report = run(world, embed, SMALL)

    assert [row[:2] for row in report.rows] == [
        (start, name) for start in ("a sentence", "nothing") for name in RULES
    ]

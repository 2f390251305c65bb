"""The replay of exploration: fair to every rule, and the same each time."""

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest

from benchmarks.ranking.exploration import RULES, Rule, play, run
from benchmarks.ranking.games import Game, Setting, games_of
from benchmarks.ranking.tasks import Task
from recommender.background import Whitening
from recommender.ranked import Policy
from tests.benchmarks.ranking.worlds import embed

SMALL = Setting(
    readers=4, days=3, others=12, start=3, shown=6, topics=6, least=20, largest=1.0, answered=1.0
)
BEST, DRAWN, DOUBT = RULES[0], RULES[1], RULES[3]


@pytest.fixture(scope="module")
def whitening(citeulike: Mapping[str, Task]) -> Whitening:
    """Return the whitening of the small world."""
    return citeulike["citeulike"].whitening


@pytest.fixture(scope="module")
def games(citeulike: Mapping[str, Task]) -> list[Game]:
    """Return four readers of the small world."""
    return games_of(citeulike["citeulike"], SMALL)


def test_a_reader_begins_with_papers_of_one_topic(games: list[Game]) -> None:
    """Which they kept."""
    assert len(games) == 4
    for game in games:
        assert len(game.start) == 3
        assert len(set(game.topic[game.start].tolist())) == 1
        assert set(game.start.tolist()) <= set(game.kept.tolist())


def test_every_kept_paper_comes_on_one_day(games: list[Game]) -> None:
    """But for those known from the start; and twelve others come each day."""
    for game in games:
        met = np.concatenate(game.days)
        kept = np.isin(met, game.kept)
        assert sorted(met[kept].tolist()) == sorted(set(game.kept) - set(game.start))
        assert len(set(met.tolist())) == len(met)
        assert [int((~np.isin(day, game.kept)).sum()) for day in game.days] == [12, 12, 12]


def test_what_is_ranked_at_the_end_was_met_on_no_day(games: list[Game]) -> None:
    """The profile is judged by papers that nobody has seen."""
    for game in games:
        assert not np.isin(game.after, np.concatenate(game.days)).any()
        assert np.isin(game.wanted, game.after).all()


def test_a_replay_repeats_itself(games: list[Game], whitening: Whitening) -> None:
    """Chance is seeded by reader and day."""
    for rule in (BEST, DRAWN, DOUBT):
        one, other = (play(games, rule, SMALL, whitening) for _ in range(2))
        for name in one.names:
            np.testing.assert_array_equal(one.columns[name], other.columns[name])


def test_where_the_right_order_is_certain_the_best_are_right(
    games: list[Game], whitening: Whitening
) -> None:
    """Readers keep to one of two fields that share no word."""
    result = play(games, BEST, SMALL, whitening)

    assert result.mean("ndcg@10") > 0.6
    assert result.mean("found") > 6
    assert result.mean("ndcg@20 after") > 0.9
    assert np.isnan(result.mean("hits"))


def test_slots_are_filled_where_little_clears_the_threshold(
    games: list[Game], whitening: Whitening
) -> None:
    """The next best are tried, and some of them are right."""
    level = Policy(doubt_weight=0.0)
    plain = play(games, Rule("best", slots=0, policy=level), SMALL, whitening)
    split = play(games, Rule("split", policy=level), SMALL, whitening)

    assert split.mean("found") > plain.mean("found")
    assert split.mean("hits") > 0.3


@pytest.mark.slow
def test_the_table_has_a_line_for_every_rule(world: Path) -> None:
    """With the differences to the first."""
    report = run(world, embed, SMALL)

    assert [row[0] for row in report.rows] == [rule.name for rule in RULES]
    assert all("±" in row[1] for row in report.rows[1:])

"""The evaluation of a replay: rankers compared, scores checked."""

from datetime import date, timedelta
from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from paperround.context import App
from paperround.services.embed import embed
from paperround.services.evaluate import LedgerEvaluation, check_calibration, evaluate
from paperround.services.interests import NewInterest, add_interest
from paperround.services.rate import rate
from paperround.services.readers import NewReader, add_reader
from paperround.services.replay import RANKERS, RatedScore
from paperround.testing import FrozenClock
from recommender.calibration import PRIOR, Calibration
from tests.paperround.services.conftest import ADA, AUCTIONS, CODING, TODAY

DAY = timedelta(days=1)
FIRST = date(2026, 1, 1)


def _rated(truth: Calibration, count: int, per_day: int = 20) -> list[RatedScore]:
    """Draw ratings by a calibration, so many a day."""
    rng = np.random.default_rng(11)
    totals = rng.normal(4.0, 3.0, count)
    liked = rng.random(count) < truth.percent(totals) / 100
    return [
        RatedScore(FIRST + timedelta(days=n // per_day), float(total), bool(up))
        for n, (total, up) in enumerate(zip(totals, liked, strict=True))
    ]


@pytest.fixture
def rated(stocked: App, clock: FrozenClock) -> App:
    """Let Ada like papers on coding, and Grace papers on auctions, for three days."""
    add_reader(stocked, NewReader("grace@example.org"))
    add_interest(stocked, "grace@example.org", NewInterest("Auctions", prose=AUCTIONS))
    embed(stocked)
    for first in (1, 11, 21):
        clock.advance(DAY)
        rate(stocked, ADA, f"2605.{first:05d}", 1)
        rate(stocked, ADA, f"2605.{first + 1:05d}", -1)
        rate(stocked, "grace@example.org", f"2605.{first + 3:05d}", 1)
        rate(stocked, "grace@example.org", f"2605.{first + 5:05d}", 1)
    return stocked


def test_an_installation_without_ratings_has_nothing_to_evaluate(stocked: App) -> None:
    """Every figure is about nothing, and none is made up."""
    found = evaluate(stocked)

    assert (found.digests, found.readers, found.ratings) == (0, 0, 0)
    assert (found.first, found.last) == (None, None)
    assert np.isnan(found.window["Paper Round"].mean("ndcg@10"))
    assert found.calibration.after.count == 0
    assert found.calibration.learned.ratings == 0


def test_readers_days_and_ratings_are_counted(rated: App) -> None:
    """Two readers on three days with two ratings each."""
    found = evaluate(rated)

    assert (found.digests, found.readers, found.ratings) == (6, 2, 12)
    assert (found.first, found.last) == (TODAY + DAY, TODAY + 3 * DAY)


def test_our_ranking_beats_what_knows_nothing(rated: App) -> None:
    """All papers are of one day, so newest first is no better than chance."""
    found = evaluate(rated).window
    ours = found["Paper Round"]

    assert tuple(found) == RANKERS
    assert ours.mean("auc") > 0.7
    assert found["newest first"].mean("auc") == found["random"].mean("auc") == 0.5


def test_what_no_digest_showed_is_not_judged_within_digests(rated: App) -> None:
    """Ada and Grace rated without one."""
    found = evaluate(rated)

    assert found.window["random"].count("mrr") == 6
    assert found.shown["random"].count("mrr") == 0


def test_errors_are_of_digests_until_there_are_readers_enough(rated: App) -> None:
    """Two readers say nothing about others: their days are taken as they are."""
    groups = evaluate(rated).window["random"].groups

    assert len(set(groups.tolist())) == 6


def test_from_ten_readers_on_errors_are_of_readers(stocked: App, clock: FrozenClock) -> None:
    """Each has one group, however many days."""
    for number in range(10):
        address = f"reader{number}@example.org"
        add_reader(stocked, NewReader(address))
        add_interest(stocked, address, NewInterest("Coding", prose=CODING))
    for day in range(2):
        clock.advance(DAY)
        for number in range(10):
            rate(stocked, f"reader{number}@example.org", f"2605.{2 * day + 1:05d}", 1)

    groups = evaluate(stocked).window["random"].groups

    assert (len(groups), len(set(groups.tolist()))) == (20, 10)


def test_only_later_days_can_be_asked_for(rated: App) -> None:
    """Or fewer of them."""
    assert evaluate(rated, since=TODAY + 3 * DAY).digests == 2
    assert evaluate(rated, at_most=3).digests == 3


def test_learning_makes_scores_come_true() -> None:
    """Readers here like half as much as the prior says: later ratings agree with what is learned.

    And less so with the prior.
    """
    check = check_calibration(_rated(Calibration(-3.0, 1.5), 1_500))

    assert check.taught + check.after.count == check.learned.ratings == 1_500
    assert check.after.log_loss < check.before.log_loss
    assert check.after.expected_error < 0.06 < check.before.expected_error


def test_where_the_prior_holds_learning_does_no_harm() -> None:
    """The difference is noise."""
    check = check_calibration(_rated(PRIOR, 600))

    assert check.after.log_loss == pytest.approx(check.before.log_loss, abs=0.01)


def test_a_single_day_is_not_torn_apart() -> None:
    """Nothing is earlier, so the prior is judged twice; all of it is learned."""
    check = check_calibration(_rated(PRIOR, 30, per_day=30))

    assert check.taught == 0
    assert check.before == check.after
    assert check.learned.ratings == 30


def test_ratings_that_no_interest_could_score_do_not_count() -> None:
    """Unknown is not zero."""
    unknown = [RatedScore(FIRST, float("nan"), True)] * 5

    assert check_calibration([*unknown, *_rated(PRIOR, 10)]).learned.ratings == 10
    assert check_calibration(unknown).learned.ratings == 0


@given(st.randoms(use_true_random=False), st.integers(1, 80))
def test_ratings_may_come_in_any_order(random: Random, count: int) -> None:
    """Earlier and later are by day."""
    rated = _rated(PRIOR, count, per_day=7)
    shuffled = random.sample(rated, count)
    first, second = check_calibration(rated), check_calibration(shuffled)

    assert first.taught == second.taught
    assert first.after.log_loss == pytest.approx(second.after.log_loss, abs=1e-6)
    assert all(each.count for each in second.after.bins)


def test_an_evaluation_is_the_same_every_time(rated: App) -> None:
    """Nothing in it is drawn."""

    def figures(found: LedgerEvaluation) -> list[float]:
        return [each.mean("ndcg@10") for each in found.window.values()]

    assert figures(evaluate(rated)) == figures(evaluate(rated))

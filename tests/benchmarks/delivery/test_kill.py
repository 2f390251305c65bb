from dataclasses import replace

import pytest

from benchmarks.delivery.crashes import POINTS, Point
from benchmarks.delivery.kill import COLUMNS, kill_at

QUICK = {"lease_s": "2", "smtp_final_timeout_s": "1"}
BY_ID = {point.id: point for point in POINTS}


def test_every_crash_point_of_the_reference_is_struck_at() -> None:
    """T20 to T31, each once; and what goes with them."""
    assert {f"T{number}" for number in range(20, 32)} <= BY_ID.keys()
    assert len(BY_ID) == len(POINTS)


def test_only_where_the_relay_has_the_mail_may_it_come_twice() -> None:
    """After the final dot, and where the ledger is set back."""
    assert {point.id for point in POINTS if point.doubles} == {"T24", "T25", "T27", "T31b"}


@pytest.mark.slow
@pytest.mark.parametrize("point", [BY_ID["T22"], BY_ID["T24"]], ids=lambda point: str(point.id))
def test_a_killed_worker_loses_nothing(point: Point) -> None:
    """One strike, on SQLite, in small; the mail that was on its way comes once more at the most."""
    small = replace(point, readers=8, settings=QUICK)

    outcome = kill_at(small, "sqlite", strikes=1)

    assert outcome.stuck == ""
    assert outcome.is_sound, outcome.notes
    assert (outcome.kills, outcome.judgement.lost) == (1, 0)
    assert outcome.judgement.duplicates == outcome.allowed == point.doubles
    assert len(outcome.row()) == len(COLUMNS)

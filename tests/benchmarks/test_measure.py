import math
import os

import pytest

from benchmarks.measure import (
    Timed,
    in_own_process,
    median_ratio,
    peak_mb,
    rate,
    seconds_of,
    take_turns,
)


def test_the_rate_of_several_runs_is_their_median() -> None:
    """One disturbed run does not count."""
    assert rate([Timed(10, 1.0), Timed(10, 2.0), Timed(10, 100.0)]) == 5.0


def test_ratios_are_taken_within_a_round() -> None:
    """A slow minute slows both parts of its round alike."""
    assert median_ratio([2.0, 20.0, 9.0], [1.0, 10.0, 3.0]) == 2.0


def test_parts_take_turns_and_change_the_order_every_round() -> None:
    """Neither part is always the one that finds warm caches."""
    done: list[str] = []

    take_turns({"a": lambda: lambda: done.append("a"), "b": lambda: lambda: done.append("b")}, 2)

    assert done == ["a", "b", "b", "a"]


def test_every_part_is_timed_once_a_round() -> None:
    """The seconds of the rounds stay apart, so that ratios can be taken."""
    seconds = take_turns({"a": lambda: lambda: None}, rounds=3)

    assert [len(seconds["a"]), min(seconds["a"]) >= 0] == [3, True]


def test_seconds_are_those_of_the_call() -> None:
    """A call that does nothing takes next to no time, and never less than none."""
    assert 0 <= seconds_of(lambda: None) < 1


def test_this_process_has_held_some_memory() -> None:
    """Megabytes, not kilobytes or bytes."""
    assert 5 < peak_mb() < 100_000


@pytest.mark.slow
def test_a_part_runs_in_a_process_of_its_own() -> None:
    """Its memory is its own: a fresh interpreter that holds little."""
    measured = in_own_process(os.getpid)

    assert measured.value != os.getpid()
    assert 5 < measured.peak_mb < 1_000


@pytest.mark.slow
def test_what_a_part_raises_is_raised_here() -> None:
    """A benchmark that fails does not look like one that is fast."""
    with pytest.raises(ValueError, match="math domain error"):
        in_own_process(math.sqrt, -1)

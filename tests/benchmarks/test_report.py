import io

from hypothesis import given
from hypothesis.strategies import floats
from rich.console import Console

from benchmarks.report import Goal, Report, show


@given(floats(0, 1e6), floats(0, 1e6))
def test_a_goal_is_reached_on_one_side_of_its_limit(value: float, limit: float) -> None:
    """More is better for a rate, less for a cost; the limit itself will do for both."""
    assert Goal("rate", value, limit, at_least=True).is_reached == (value >= limit)
    assert Goal("cost", value, limit, at_least=False).is_reached == (value <= limit)


def test_a_missed_goal_is_said_plainly() -> None:
    """With what it is and what it should be."""
    said = str(Goal("mails per second", 250, 300, at_least=True))

    assert said == "goal MISSED: mails per second 250, wanted at least 300"


def test_a_report_shows_its_table_goals_and_notes() -> None:
    """Nothing that was measured stays unsaid."""
    screen = io.StringIO()
    goal = Goal("mails per second", 400, 300, at_least=True)

    show(
        Console(file=screen, width=80),
        Report("Digests", ("part", "mails/s"), (("ours", "400"),), (goal,), ("On a sample.",)),
    )

    lines = [line.rstrip() for line in screen.getvalue().splitlines()]
    assert lines == [
        "",
        "Digests",
        "part  mails/s",
        "ours      400",
        "goal reached: mails per second 400, wanted at least 300",
        "On a sample.",
    ]

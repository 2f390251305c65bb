"""`paperround rate`."""

import pytest

from tests.paperround.cli.running import ADA, run

PAPER = "2605.01203"


def _ratings(address: str) -> int:
    ratings = run("reader", "show", address, "--json").done.json["ratings"]
    assert isinstance(ratings, int)
    return ratings


@pytest.mark.parametrize("name", [PAPER, f"arXiv:{PAPER}v2", f"https://arxiv.org/abs/{PAPER}"])
def test_a_paper_is_rated_by_any_name_of_it(ada: str, name: str) -> None:
    """The canonical one is told."""
    assert run("rate", ada, name, "up").done.out == f"Rated arxiv:{PAPER} up for {ada}\n"


def test_rating_twice_is_one_rating(ada: str) -> None:
    """The last one counts."""
    run("rate", ada, PAPER, "up")
    run("rate", ada, PAPER, "down")

    assert _ratings(ada) == 1


def test_a_rating_may_be_for_one_interest(ada: str) -> None:
    """By its name."""
    assert run("rate", ada, PAPER, "up", "--interest", "Reasoning").code == 0


def test_a_dry_run_rates_nothing(ada: str) -> None:
    """It says what it would do."""
    ran = run("rate", ada, PAPER, "down", "--dry-run").done

    assert ran.out == f"Would rate arxiv:{PAPER} down for {ada}\n"
    assert _ratings(ada) == 0


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        ((ADA, "2605.99999", "up"), "no paper 'arxiv:2605.99999' here; bring it in with"),
        ((ADA, "2605.99999", "up", "--dry-run"), "no paper 'arxiv:2605.99999' here"),
        ((ADA, "nonsense", "up"), "'nonsense' is not a paper id"),
        (("grace@example.org", PAPER, "up"), "no reader 'grace@example.org'"),
        ((ADA, PAPER, "up", "--interest", "x"), "no interest 'x'; there is 'Reasoning'"),
    ],
)
def test_what_makes_no_sense_is_one_line(
    ada: str, arguments: tuple[str, ...], problem: str
) -> None:
    """And nothing is rated."""
    assert problem in run("rate", *arguments).error
    assert _ratings(ada) == 0

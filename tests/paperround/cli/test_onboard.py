"""`paperround reader onboard`, at a terminal and without one."""

import sys
from io import StringIO

import pytest

from tests.paperround.cli.embedding import embed_by_hashing
from tests.paperround.cli.running import ADA, run


class Terminal(StringIO):
    """Answers typed by a person."""

    def isatty(self) -> bool:
        """Say that somebody is there."""
        return True


@pytest.fixture(autouse=True)
def _embedded(ada: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Give every paper, and what Ada said, a vector."""
    embed_by_hashing(monkeypatch)


@pytest.fixture
def stranger(ada: str) -> str:
    """Add a reader of whom nothing is known, and return the address."""
    address = "grace@example.org"
    assert run("reader", "add", address).code == 0
    return address


def answer(monkeypatch: pytest.MonkeyPatch, *lines: str) -> None:
    """Type some answers."""
    monkeypatch.setattr(sys, "stdin", Terminal("".join(f"{line}\n" for line in lines)))


def ratings(address: str) -> int:
    """Return how many ratings are kept."""
    return int(run("reader", "show", address, "--json").done.json["ratings"])


def test_answers_at_a_terminal_are_kept_and_tune_the_profile(
    stranger: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each shows what it did."""
    answer(monkeypatch, "y", "n", "skip", "perhaps", "YES")

    ran = run("reader", "onboard", stranger, "--papers", "4").done

    assert "[4/4]" in ran.out
    assert "1 up, 0 down; doubt about your best papers: 100 % at the start" in ran.out
    assert "2 up, 1 down" in ran.out
    assert "your words: " in ran.out
    assert "Answer y for yes" in ran.out
    assert ran.out.endswith("3 papers rated so far. The next digest uses them.\n")
    assert ratings(stranger) == 3
    assert [row["name"] for row in run("interest", "list", stranger, "--json").json] == ["For you"]


@pytest.mark.parametrize("lines", [("q",), ()])
def test_one_may_leave_at_any_time(
    stranger: str, monkeypatch: pytest.MonkeyPatch, lines: tuple[str, ...]
) -> None:
    """By saying so, or by the end of the input."""
    answer(monkeypatch, "n", *lines)

    ran = run("reader", "onboard", stranger).done

    assert "[3/8]" not in ran.out
    assert ran.out.endswith("A digest needs a thumbs up, or: paperround interest add\n")
    assert ratings(stranger) == 1


def test_without_a_terminal_the_papers_are_listed(ada: str) -> None:
    """One line each, and nothing is kept."""
    lines = run("reader", "onboard", ada, "--papers", "3").done.out.splitlines()

    assert len(lines) == 3
    assert {line.split(":")[0] for line in lines} == {"arxiv"}
    assert ratings(ada) == 0


def test_json_tells_what_would_be_asked(ada: str) -> None:
    """With the interest that the answer would teach."""
    found = run("reader", "onboard", ada, "--category", "cs.CL", "--papers", "5", "--json").json

    assert len(found) == 5
    assert {question["interest"] for question in found} == {"Reasoning"}
    assert all("cs.CL" in question["categories"] for question in found)


def test_a_dry_run_asks_nobody(ada: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not even at a terminal."""
    answer(monkeypatch, "y")

    ran = run("reader", "onboard", ada, "--dry-run")

    assert ran.code == 0
    assert ratings(ada) == 0


def test_where_nothing_can_be_asked_it_says_so(ada: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Listed or asked."""
    nowhere = ("reader", "onboard", ada, "--category", "hep-th")
    listed = run(*nowhere).done.out
    answer(monkeypatch, "y")

    assert listed.startswith("There is no paper to ask about")
    assert "There is no paper to ask about" in run(*nowhere).done.out
    assert run(*nowhere, "--json").done.json == []


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        (("nobody@example.org",), "no reader 'nobody@example.org'"),
        ((ADA, "--interest", "Typo"), "no interest 'Typo'; there is 'Reasoning'"),
        ((ADA, "--category", "cs.NOPE"), "unknown arXiv category 'cs.NOPE'"),
    ],
)
def test_what_makes_no_sense_is_one_line(
    ada: str, arguments: tuple[str, ...], problem: str
) -> None:
    """Before anything is asked."""
    assert problem in run("reader", "onboard", *arguments).error

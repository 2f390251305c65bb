"""`paperround reader add`, `list`, `show` and `remove`."""

import sys
from io import StringIO
from pathlib import Path

import pytest

from tests.paperround.cli.running import ADA, run


def test_a_reader_is_added_with_the_next_digest_told(installed: Path) -> None:
    """And with what to do next."""
    ran = run("reader", "add", ADA, "--zone", "Europe/London", "--at", "07:30").done

    assert ran.out.startswith(f"Added {ADA}; the first digest is due ")
    assert f"Next: paperround interest add {ADA}" in ran.out


def test_readers_are_listed_as_they_were_added(installed: Path) -> None:
    """Weekdays by their names."""
    run("reader", "add", ADA, "--name", "Ada", "--zone", "Asia/Tokyo", "--at", "06:15")
    run("reader", "add", "grace@example.org", "--weekdays", "mon,thu")

    ada, grace = run("reader", "list", "--json").done.json

    assert (ada["address"], ada["name"]) == (ADA, "Ada")
    assert (ada["zone"], ada["at"], ada["weekdays"]) == (
        "Asia/Tokyo",
        "06:15",
        "mon,tue,wed,thu,fri",
    )
    assert grace["weekdays"] == "mon,thu"


def test_the_list_is_a_table_for_people(ada: str) -> None:
    """One line a reader under headings."""
    heading, line = run("reader", "list").done.out.splitlines()

    assert heading.split()[:3] == ["address", "name", "at"]
    assert line.split()[:3] == [ADA, "Ada", "07:00"]


def test_nobody_is_an_empty_list(installed: Path) -> None:
    """Not an error."""
    assert run("reader", "list", "--json").done.json == []


def test_a_reader_is_shown_with_interests_and_ratings(ada: str) -> None:
    """All that is known of them."""
    run("rate", ada, "2605.01203", "up")

    shown = run("reader", "show", ada, "--json").done.json

    assert shown["address"] == ada
    assert [interest["name"] for interest in shown["interests"]] == ["Reasoning"]
    assert shown["ratings"] == 1
    assert shown["deliveries"] == []


def test_a_reader_is_shown_in_lines_for_people(ada: str) -> None:
    """A label before each."""
    lines = run("reader", "show", ada).done.out.splitlines()

    assert lines[0].split() == ["address", ada]
    assert any(line.startswith("interest") and "Reasoning" in line for line in lines)


def test_a_dry_run_adds_nobody(installed: Path) -> None:
    """It says whom it would add."""
    ran = run("reader", "add", ADA, "--dry-run").done

    assert ran.out.startswith(f"Would add {ADA}")
    assert run("reader", "list", "--json").done.json == []


def test_a_reader_is_removed_after_a_yes(ada: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is asked for."""
    monkeypatch.setattr(sys, "stdin", StringIO("y\n"))

    ran = run("reader", "remove", ada).done

    assert ran.out.endswith(f"Removed {ada}\n")
    assert run("reader", "list", "--json").done.json == []


def test_a_no_keeps_the_reader(ada: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """And ends with 1."""
    monkeypatch.setattr(sys, "stdin", StringIO("n\n"))

    assert run("reader", "remove", ada).code == 1
    assert len(run("reader", "list", "--json").done.json) == 1


def test_scripts_need_not_be_asked(ada: str) -> None:
    """--yes says yes."""
    assert run("reader", "remove", ada, "--yes").done.out == f"Removed {ada}\n"


def test_who_was_removed_is_not_simply_added_again(ada: str) -> None:
    """Only a keyed hash stays, and the line says what to do."""
    run("reader", "remove", ada, "--yes")

    error = run("reader", "add", ada).error

    assert f"ask its owner with `paperround reader invite {ada}`" in error
    assert run("reader", "add", ada, "--lift-suppression").done.out.startswith(f"Added {ada}")


def test_a_reader_can_be_removed_without_a_trace(ada: str) -> None:
    """Say one who was only added to try things out."""
    run("reader", "remove", ada, "--yes", "--forget-suppression")

    assert run("reader", "add", ada).done.out.startswith(f"Added {ada}")


def test_a_dry_run_removes_nobody(ada: str) -> None:
    """Nor asks."""
    ran = run("reader", "remove", ada, "--dry-run").done

    assert ran.out.startswith(f"Would remove {ada}")
    assert len(run("reader", "list", "--json").done.json) == 1


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        (("add", "ada"), "'ada' is not a mail address"),
        (("add", f"{'a' * 65}@example.org"), "is not a mail address"),
        (("add", "new@example.org", "--zone", "Mars/Olympus"), "unknown time zone 'Mars/Olympus'"),
        (("add", "new@example.org", "--zone", "../etc"), "unknown time zone '../etc'"),
        (("add", "new@example.org", "--zone", "Zürich"), "unknown time zone 'Zürich'"),
        (("add", "new@example.org", "--at", "25:00"), "'25:00' is not a time of day"),
        (("add", "new@example.org", "--at", "07:00+02:00"), "has a zone of its own"),
        (("add", "new@example.org", "--weekdays", "someday"), "'someday' names no weekday"),
        (("add", "new@example.org", "--name", "a" * 201), "a name may have 200 characters"),
        (("add", ADA), f"there is a reader '{ADA}' already"),
        (("add", "ADA@Example.org"), "there is a reader 'ADA@example.org' already"),
        (("add", ADA, "--dry-run"), "already; change them with `paperround interest add`"),
        (("show", "grace@example.org"), "no reader 'grace@example.org'; `paperround reader list`"),
        (("remove", "grace@example.org", "--yes"), "no reader 'grace@example.org'"),
    ],
)
def test_what_makes_no_sense_is_one_line(
    ada: str, arguments: tuple[str, ...], problem: str
) -> None:
    """And nothing is changed."""
    before = run("reader", "list", "--json").out

    error = run("reader", *arguments).error

    assert problem in error
    assert run("reader", "list", "--json").out == before

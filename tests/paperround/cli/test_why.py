"""`paperround why`."""

from datetime import timedelta
from pathlib import Path

import pytest

from tests.paperround.cli.conftest import NOW
from tests.paperround.cli.running import ADA, run

DAY = (NOW - timedelta(minutes=1)).date().isoformat()


def test_a_mail_that_was_sent_is_told(due: Path) -> None:
    """In a sentence, and in what happened to it."""
    run("send", "--due")

    lines = run("why", ADA, DAY).done.out.splitlines()

    assert lines[0].endswith(f"{DAY}: sent")
    assert lines[1].startswith("  Sent at ")
    assert "papers. It was taken: " in lines[1]
    assert lines[2] == "  What happened, in UTC:"
    assert "  claimed       try 1    by " in "\n".join(lines)
    assert "  sent  " in lines[-1]


def test_a_mail_that_nobody_sends_says_what_to_do(due: Path) -> None:
    """The hour has come, and the installation is held."""
    run("hold", "--because", "moving house")

    out = run("why", ADA, DAY).done.out

    assert f"{DAY}: overdue" in out
    assert "moving house" in out
    assert "  What to do: `paperround release`" in out


def test_the_answer_is_json(due: Path) -> None:
    """With the words, and the timeline in UTC."""
    run("send", "--due")

    found = run("why", ADA, DAY, "--json").done.json

    (mail,) = found["mails"]
    assert (found["reader"], found["date"], found["zone"]) == (ADA, DAY, "UTC")
    assert (mail["stream"], mail["state"], mail["verdict"]) == ("daily", "sent", "sent")
    assert [change["state"] for change in mail["timeline"]][-1] == "sent"
    assert mail["timeline"][-1]["at"].endswith("+00:00")


def test_without_a_date_it_is_today(ada: str) -> None:
    """The reader's own."""
    found = run("why", ada, "--json").done.json

    assert found["mails"][0]["state"] is None
    assert found["mails"][0]["timeline"] == []


def test_nobody_unknown_is_told_about(installed: Path) -> None:
    """One line, and where to look."""
    assert run("why", ADA).error.startswith("no reader 'ada@example.org'")


@pytest.mark.parametrize("day", ["yesterday", "2026-13-01", "0001-01-01"])
def test_a_date_that_is_none_is_refused(installed: Path, day: str) -> None:
    """Wrong usage."""
    assert run("why", ADA, day).code == 2

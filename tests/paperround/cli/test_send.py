"""`paperround send --due`."""

from pathlib import Path

import pytest

from tests.paperround.cli.running import ADA, run


def test_what_is_due_is_sent(due: Path) -> None:
    """As a file, for that is the default mailer."""
    ran = run("send", "--due").done

    assert f" sent      {ADA}  " in ran.out
    assert len(list(due.glob("*.eml"))) == 1


def test_a_mail_that_was_sent_is_clean(due: Path) -> None:
    """`lint` finds nothing in it."""
    run("send", "--due")
    (mail,) = due.glob("*.eml")

    assert run("lint", str(mail)).done.out == f"{mail}: clean\n"


def test_a_second_time_nothing_is_due(due: Path) -> None:
    """However often it runs."""
    run("send", "--due")

    assert run("send", "--due").done.out == "Nothing is due.\n"
    assert len(list(due.glob("*.eml"))) == 1


def test_a_delivery_is_in_what_is_shown_of_the_reader(due: Path) -> None:
    """With the subject of the mail."""
    run("send", "--due")

    (delivery,) = run("reader", "show", ADA, "--json").done.json["deliveries"]
    assert delivery["state"] == "sent"
    assert "chain of thought" in delivery["subject"]


def test_the_report_is_json(due: Path) -> None:
    """One outcome a delivery."""
    report = run("send", "--due", "--json").done.json

    assert [outcome["state"] for outcome in report["outcomes"]] == ["sent"]
    assert (report["problem"], report["counts"]) == ("", {"sent": 1})


def test_a_dry_run_sends_nothing(due: Path) -> None:
    """It says to whom it would, and they stay due."""
    ran = run("send", "--due", "--dry-run").done

    assert ran.out == f"1 due: {ADA}\n"
    assert run("send", "--due", "--dry-run", "--json").done.json == {"due": [ADA]}
    assert not due.exists()


def test_nobody_due_is_fine(installed: Path) -> None:
    """It is how most runs end."""
    assert run("send", "--due").done.out == "Nothing is due.\n"
    assert run("send", "--due", "--dry-run").done.out == "0 due: nobody\n"


def test_an_outbox_that_cannot_be_written_needs_a_look(due: Path) -> None:
    """The run stops, nothing is lost, and the exit code is 3."""
    due.write_text("in the way")

    ran = run("send", "--due")

    assert ran.code == 3
    assert " pending   " in ran.out
    assert "what was not sent stays due" in ran.err
    assert "`paperround doctor`" in ran.err


def test_a_relay_that_is_not_there_needs_a_look(due: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As above; the mail is not put into a folder instead."""
    monkeypatch.setenv("PAPERROUND_MAILER", "smtp")
    monkeypatch.setenv("PAPERROUND_SMTP_HOST", "127.0.0.1")
    monkeypatch.setenv("PAPERROUND_SMTP_PORT", "1")

    ran = run("send", "--due")

    assert ran.code == 3
    assert "stopped: " in ran.err
    assert not due.exists()

"""`paperround bounces`, `suppress` and `lift`."""

import io
import sys
from pathlib import Path

import pytest

from tests.digest.reports import AWAY, dsn
from tests.paperround.cli.running import ADA, run

TRY_AGAIN = 75


@pytest.fixture
def maildir(tmp_path: Path) -> Path:
    """Make a maildir with an answer of somebody who is away, and a report about nobody here."""
    for name in ("new", "cur", "tmp"):
        (tmp_path / "box" / name).mkdir(parents=True)
    (tmp_path / "box" / "new" / "1").write_bytes(AWAY)
    (tmp_path / "box" / "new" / "2").write_bytes(dsn())
    return tmp_path / "box"


def _pipe(monkeypatch: pytest.MonkeyPatch, data: bytes) -> None:
    """Let standard input of this process be a mail."""
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))


def test_a_maildir_is_taken_once(installed: Path, maildir: Path) -> None:
    """The second time there is nothing left."""
    first = run("bounces", "--maildir", str(maildir)).done
    second = run("bounces", "--maildir", str(maildir)).done

    assert first.out == "2 read, 1 ignored, 1 unknown\n"
    assert second.out == "0 read\n"


def test_a_dry_run_takes_nothing(installed: Path, maildir: Path) -> None:
    """It says what would be taken."""
    assert run("bounces", "--maildir", str(maildir), "--dry-run").done.out == (
        "Would take: 2 read, 1 ignored, 1 unknown\n"
    )
    assert run("bounces", "--maildir", str(maildir), "--json").done.json["unknown"] == 1


def test_the_mailbox_of_the_settings_is_the_default(
    installed: Path, maildir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """For cron jobs."""
    monkeypatch.setenv("PAPERROUND_BOUNCE_MAILBOX", str(maildir))

    assert run("bounces").done.out == "2 read, 1 ignored, 1 unknown\n"


def test_without_a_mailbox_the_setting_is_named(installed: Path) -> None:
    """One line, with what to write."""
    assert run("bounces").error.startswith("PAPERROUND_BOUNCE_MAILBOX is not set: write the folder")


def test_a_folder_that_is_no_maildir_is_named(installed: Path, tmp_path: Path) -> None:
    """One line."""
    assert "it is no maildir" in run("bounces", "--maildir", str(tmp_path)).error


def test_a_mail_can_be_piped_in(installed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As mail servers do; nothing is said, for some would send that back."""
    _pipe(monkeypatch, dsn())
    first = run("bounces", "--stdin").done
    _pipe(monkeypatch, dsn())
    second = run("bounces", "--stdin", "--json").done

    assert first.out == ""
    assert (second.json["read"], second.json["repeated"]) == (1, 1)


def test_a_mail_that_cannot_be_taken_stays_with_the_mail_server(
    data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Exit code 75: it keeps the mail and tries again."""
    _pipe(monkeypatch, dsn())

    ran = run("bounces", "--stdin")

    assert ran.code == TRY_AGAIN
    assert ran.err.startswith("paperround: no Paper Round database at")


def test_two_mailboxes_at_once_make_no_sense(installed: Path, maildir: Path) -> None:
    """Exit code 2."""
    assert run("bounces", "--stdin", "--maildir", str(maildir)).code == 2


def test_an_address_is_suppressed_and_lifted(ada: str) -> None:
    """Each says what it did, and that a second time does nothing."""
    said = [
        run(command, *arguments).done.out
        for command, *arguments in (
            ("suppress", ADA, "--dry-run"),
            ("suppress", ADA),
            ("suppress", ADA),
            ("lift", ADA, "--dry-run"),
            ("lift", ADA),
            ("lift", ADA),
        )
    ]

    assert said == [
        f"Would suppress {ADA}, a reader\n",
        f"Suppressed {ADA}, a reader\n",
        f"{ADA} is suppressed already\n",
        f"Would lift {ADA}, who gets digests again\n",
        f"Lifted {ADA}, who gets digests again\n",
        f"{ADA} is not suppressed\n",
    ]


def test_an_address_of_nobody_is_suppressed_and_lifted(installed: Path) -> None:
    """Before anybody brings it in."""
    assert run("suppress", "nobody@example.org").done.out.endswith(
        "nobody@example.org, no reader\n"
    )
    assert run("lift", "nobody@example.org").done.out.endswith("nobody@example.org, no reader\n")


def test_what_is_no_address_is_refused(installed: Path) -> None:
    """One line."""
    assert "is not a mail address" in run("suppress", "nobody").error

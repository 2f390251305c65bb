"""`paperround resend`."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlmodel import select

from paperround.store.engine import Database
from paperround.store.models import Delivery, DeliveryState
from tests.paperround.cli.conftest import NOW
from tests.paperround.cli.running import ADA, run

DAY = (NOW - timedelta(minutes=1)).date().isoformat()


@pytest.fixture
def doubtful(due: Path, installed: Path) -> Path:
    """Send Ada's digest, and let it be in doubt whether it arrived; return the outbox."""
    run("send", "--due")
    database = Database(f"sqlite:///{installed}/paperround.db")
    with database.write() as session:
        session.exec(select(Delivery)).one().state = DeliveryState.AMBIGUOUS
    database.dispose()
    return due


def test_a_mail_in_doubt_is_sent_again(doubtful: Path) -> None:
    """T24: with the same Message-ID."""
    (before,) = doubtful.glob("*.eml")
    identity = [line for line in before.read_text().splitlines() if "Message-ID" in line]
    before.unlink()

    out = run("resend", ADA, DAY).done.out
    run("send", "--due")

    (after,) = doubtful.glob("*.eml")
    assert out.startswith(f"Opened the mail for {ADA} on {DAY}, which was ambiguous, again: ")
    assert [line for line in after.read_text().splitlines() if "Message-ID" in line] == identity


def test_a_mail_that_arrived_is_taken_as_sent(doubtful: Path) -> None:
    """T24: nothing goes out."""
    assert run("resend", ADA, DAY, "--as-sent").done.out == (
        f"Took the mail for {ADA} on {DAY}, which was ambiguous, as sent.\n"
    )

    assert run("send", "--due").done.out == "Nothing is due.\n"
    assert f"{DAY}: sent" in run("why", ADA, DAY).done.out


@pytest.mark.parametrize("option", [(), ("--as-sent",)])
def test_a_dry_run_only_says_what_would_be(doubtful: Path, option: tuple[str, ...]) -> None:
    """It stays in doubt."""
    out = run("resend", ADA, DAY, *option, "--dry-run").done.out

    assert out.startswith("Would ")
    assert f"{DAY}: ambiguous" in run("why", ADA, DAY).done.out


def test_a_mail_that_was_sent_is_refused(due: Path) -> None:
    """One line."""
    run("send", "--due")

    assert "it is never sent twice" in run("resend", ADA, DAY).error


def test_the_report_is_json(doubtful: Path) -> None:
    """What it was, and what it is now."""
    report = run("resend", ADA, DAY, "--json").done.json

    assert (report["was"], report["now"], report["stream"]) == ("ambiguous", "pending", "daily")

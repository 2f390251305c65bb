"""`paperround hold` and `paperround release`."""

import shutil
from pathlib import Path

from tests.paperround.cli.running import ADA, run


def test_while_held_nothing_is_sent(due: Path) -> None:
    """T16: whoever sends is told why, and what to do."""
    assert "Held: moving house." in run("hold", "--because", "moving house").done.out

    ran = run("send", "--due")

    assert ran.code == 3
    assert "moving house" in ran.err
    assert "`paperround release`" in ran.err
    assert not due.exists()


def test_after_the_release_everything_goes_on(due: Path) -> None:
    """The mail that became due meanwhile is sent, once."""
    run("hold")
    assert "readers who are due: 1." in run("release").done.out

    run("send", "--due")

    assert len(list(due.glob("*.eml"))) == 1


def test_what_is_due_can_be_left_out(due: Path) -> None:
    """T16: it may have been sent by the state that was lost."""
    run("hold")
    dry = run("release", "--skip-due", "--dry-run").done
    assert dry.out == "Would release; digests left out: 1.\n"
    assert run("release", "--skip-due").done.out == "Released; digests left out: 1.\n"

    assert run("send", "--due").done.out == "Nothing is due.\n"
    assert "left out at `paperround release`" in run("reader", "show", ADA).done.out


def test_a_copied_folder_sends_nothing(due: Path, installed: Path, tmp_path: Path) -> None:
    """T16: the copy of a database does not know whether the original goes on."""
    database = installed / "paperround.db"
    shutil.copy(database, tmp_path / "copy.db")
    database.unlink()
    shutil.move(tmp_path / "copy.db", database)

    ran = run("send", "--due")

    assert ran.code == 3
    assert "copied or moved here" in ran.err
    assert not due.exists()
    assert run("release").done.out.startswith("Released; ")


def test_dry_runs_change_nothing(due: Path) -> None:
    """They only say what would be."""
    assert run("hold", "--dry-run").done.out.startswith("Would hold")
    assert run("release").done.out == "Nothing is held.\n"
    run("hold")
    assert run("release", "--dry-run").done.out.startswith(
        "Would release; open mails that will be sent: 0;"
    )

    assert run("release", "--json").done.json == {
        "was_held": True,
        "sending": 0,
        "expiring": 0,
        "due": 1,
        "left_out": 0,
    }

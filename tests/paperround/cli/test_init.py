"""`paperround init`."""

import sqlite3
from pathlib import Path

import pytest

from tests.paperround.cli.running import run


def test_an_installation_is_created_and_the_next_steps_are_told(data_dir: Path) -> None:
    """Database and key are there afterwards."""
    ran = run("init").done

    assert ran.out.startswith(f"Ready: {data_dir}\n")
    assert "Next: paperround ingest" in ran.out
    assert {path.name for path in data_dir.iterdir()} >= {"paperround.db", "secret.key"}


def test_a_second_time_changes_nothing(data_dir: Path) -> None:
    """And it says so."""
    run("init")
    key = (data_dir / "secret.key").read_bytes()

    ran = run("init").done

    assert ran.out.startswith("Up to date: ")
    assert (data_dir / "secret.key").read_bytes() == key


def test_a_dry_run_creates_nothing(data_dir: Path) -> None:
    """Not even the folder."""
    ran = run("init", "--dry-run").done

    assert ran.out == f"Would create or upgrade the installation in {data_dir}.\n"
    assert not data_dir.exists()


def test_a_folder_that_cannot_be_made_is_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the variable that names it."""
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("PAPERROUND_DATA_DIR", str(tmp_path / "file" / "data"))

    assert run("init").error.startswith("PAPERROUND_DATA_DIR: cannot write ")


def test_a_database_elsewhere_is_created_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the folders above it."""
    path = tmp_path / "else" / "where.db"
    monkeypatch.setenv("PAPERROUND_DATABASE_URL", f"sqlite:///{path}")

    assert run("init").code == 0

    with sqlite3.connect(path) as database:
        assert database.execute("SELECT count(*) FROM paper").fetchone() == (0,)


def test_a_server_that_does_not_answer_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its password is not in it."""
    url = "postgresql://ada:swordfish@127.0.0.1:1/round?connect_timeout=1"
    monkeypatch.setenv("PAPERROUND_DATABASE_URL", url)

    error = run("init").error

    assert "127.0.0.1:1/round" in error
    assert "swordfish" not in error

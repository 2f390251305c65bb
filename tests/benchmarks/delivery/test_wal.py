import shutil
import sqlite3
from pathlib import Path

import pytest

from benchmarks.delivery.wal import forget_commits


@pytest.fixture
def crashed(tmp_path: Path) -> Path:
    """Return a database as a crash leaves it: ten commits in the log, and nobody has it open."""
    living, dead = tmp_path / "living.db", tmp_path / "dead.db"
    connection = sqlite3.connect(living, isolation_level=None)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("CREATE TABLE mail(id INTEGER PRIMARY KEY, words TEXT)")
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    for number in range(10):
        connection.execute("INSERT INTO mail VALUES (?, ?)", (number, "word " * 2_000))
    for end in ("", "-wal"):
        shutil.copy(f"{living}{end}", f"{dead}{end}")
    connection.close()
    return dead


def count(path: Path) -> int:
    """Return how many rows a database has."""
    connection = sqlite3.connect(path)
    found: int = connection.execute("SELECT count(*) FROM mail").fetchone()[0]
    connection.close()
    return found


@pytest.mark.parametrize(("lost", "left"), [(0, 10), (1, 9), (4, 6), (10, 0)])
def test_so_many_commits_are_gone_and_no_others(crashed: Path, lost: int, left: int) -> None:
    """Each was one row; the database is whole without them (T27)."""
    assert forget_commits(crashed, lost) == lost

    assert count(crashed) == left


def test_no_more_can_be_forgotten_than_there_were(crashed: Path) -> None:
    """What is in the database itself is on the disk."""
    assert forget_commits(crashed, 50) == 10


def test_what_lies_behind_the_log_is_no_part_of_it(crashed: Path) -> None:
    """Frames of an earlier round have other salts: the last commits are those before them."""
    log = Path(f"{crashed}-wal")
    data = log.read_bytes()
    log.write_bytes(data + bytes(len(data) - 32))

    assert forget_commits(crashed, 1) == 1

    assert count(crashed) == 9


def test_without_a_log_nothing_is_lost(tmp_path: Path) -> None:
    """An empty one has no commits."""
    Path(tmp_path, "x.db-wal").touch()

    assert forget_commits(tmp_path / "x.db", 3) == 0

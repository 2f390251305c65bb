"""Transactions: whole or not at all, and never failing for want of a lock."""

import sqlite3
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime
from multiprocessing import get_context
from pathlib import Path
from threading import Timer

import pytest
from sqlalchemy import text

from paperround.errors import StoreError, StoreFullError
from paperround.records import PaperRecord
from paperround.store.engine import Database
from paperround.store.papers import count_papers, upsert_papers
from paperround.store.schema import upgrade_schema

NOW = datetime(2026, 5, 4, 7, 0, tzinfo=UTC)


def _record(number: int) -> PaperRecord:
    return PaperRecord(f"arxiv:2605.{number:05d}", "test", f"Paper number {number}")


def test_a_failing_transaction_keeps_nothing(database: Database) -> None:
    """An error inside a write rolls all of it back."""
    with pytest.raises(RuntimeError, match="stop"), database.write() as session:  # noqa: PT012
        upsert_papers(session, [_record(1)], NOW)
        raise RuntimeError("stop")

    with database.read() as session:
        assert count_papers(session) == 0


def test_sqlite_runs_as_the_design_says(tmp_path: Path) -> None:
    """WAL, synchronous=NORMAL and foreign keys are on for every connection."""
    database = Database(f"sqlite:///{tmp_path / 'round.db'}")
    upgrade_schema(database)

    with database.read() as session:
        pragmas = [
            session.execute(text(f"PRAGMA {name}")).scalar_one()
            for name in ("journal_mode", "synchronous", "foreign_keys")
        ]

    assert pragmas == ["wal", 1, 1]


def test_a_reader_is_not_blocked_by_a_writer(tmp_path: Path) -> None:
    """Reading goes on, on the state before, while a write transaction is open."""
    database = Database(f"sqlite:///{tmp_path / 'round.db'}")
    upgrade_schema(database)

    with database.write() as writing:
        upsert_papers(writing, [_record(1)], NOW)
        with database.read() as reading:
            seen = count_papers(reading)

    assert seen == 0


def _add_one_by_one(url: str, numbers: list[int]) -> int:
    database = Database(url)
    for number in numbers:
        with database.write() as session:
            count_papers(session)
            upsert_papers(session, [_record(number)], NOW)
    database.dispose()
    return len(numbers)


@pytest.mark.slow
def test_several_processes_that_read_and_then_write_never_fail(database: Database) -> None:
    """Three processes, 150 read-modify-write transactions: every one succeeds."""
    url = database.engine.url.render_as_string(hide_password=False)
    shares = [list(range(start, start + 50)) for start in (0, 50, 100)]

    with ProcessPoolExecutor(3, mp_context=get_context("spawn")) as pool:
        written = list(pool.map(_add_one_by_one, [url] * 3, shares))

    assert written == [50, 50, 50]
    with database.read() as session:
        assert count_papers(session) == 150


def test_a_full_disk_is_reported_and_nothing_is_half_written(tmp_path: Path) -> None:
    """SQLite's own size limit stands in for the disk: the message says what to do."""
    path = tmp_path / "round.db"
    database = Database(f"sqlite:///{path}")
    upgrade_schema(database)
    big = PaperRecord("arxiv:2605.00001", "test", "A title", abstract="word " * 2_000_000)

    with pytest.raises(StoreFullError, match=r"is full.*free some space"):  # noqa: PT012, SIM117
        with database.write() as session:
            session.execute(text("PRAGMA max_page_count = 100"))
            upsert_papers(session, [big], NOW)

    with sqlite3.connect(path) as raw:
        assert raw.execute("SELECT count(*) FROM paper").fetchone() == (0,)


def test_an_error_of_the_database_never_shows_what_was_to_be_stored(database: Database) -> None:
    """An address in a traceback would be one in a log."""
    insert = text("INSERT INTO reader (address, address_key) VALUES (:address, :address)")

    with pytest.raises(StoreError) as caught, database.write() as session:
        session.execute(insert, {"address": "ada@example.org"})

    assert "ada@example.org" not in str(caught.value)
    assert "constraint" in str(caught.value).lower()


def test_an_unreachable_server_is_one_line() -> None:
    """No traceback of the driver reaches the operator."""
    database = Database("postgresql+psycopg://127.0.0.1:1/round?connect_timeout=1")

    with (
        pytest.raises(StoreError, match=r"database postgresql.*127.0.0.1:1/round"),
        database.read() as session,
    ):
        count_papers(session)


def test_a_writer_waits_for_another_one(tmp_path: Path) -> None:
    """T35: a database that is locked for a while costs time, and nothing else."""
    path = tmp_path / "round.db"
    database = Database(f"sqlite:///{path}")
    upgrade_schema(database)
    other = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    other.execute("BEGIN IMMEDIATE")
    release = Timer(0.5, other.commit)
    release.start()

    with database.write() as session:
        upsert_papers(session, [_record(1)], NOW)

    release.join()
    other.close()
    with database.read() as session:
        assert count_papers(session) == 1
    database.dispose()

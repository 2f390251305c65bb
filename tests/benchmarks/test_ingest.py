from pathlib import Path

import pytest

from benchmarks.bare_insert import insert_rows
from benchmarks.corpus import write_corpus
from benchmarks.ingest import ingest_file, read_file
from paperround.store.engine import Database
from paperround.store.papers import count_papers
from paperround.store.schema import upgrade_schema
from tests.conftest import PostgresqlServer

NOWHERE = Path("/nowhere")


@pytest.fixture
def papers(tmp_path: Path) -> Path:
    """Write a file of 150 papers."""
    return write_corpus(tmp_path / "papers.jsonl.gz", 150, NOWHERE).path


@pytest.fixture
def filled(database: Database, papers: Path) -> Database:
    """Return a database into which the file was brought."""
    ingest_file(papers, url_of(database))
    return database


def url_of(database: Database) -> str:
    """Return the address with which a database was opened."""
    return database.engine.url.render_as_string(hide_password=False)


def count(database: Database) -> int:
    """Return how many papers a database has."""
    with database.read() as session:
        return count_papers(session)


def test_reading_counts_the_papers_of_a_file(papers: Path) -> None:
    """All of it is read, and it takes some time."""
    timed = read_file(papers)

    assert timed.count == 150
    assert timed.rate > 0


def test_ingest_brings_the_papers_in(database: Database, papers: Path) -> None:
    """What is timed is the real thing, on both databases."""
    timed = ingest_file(papers, url_of(database))

    assert count(database) == timed.count == 150
    assert timed.seconds > 0


def test_the_second_run_reads_everything_and_adds_nothing(filled: Database, papers: Path) -> None:
    """So its rate is that of finding out that there is nothing new."""
    timed = ingest_file(papers, url_of(filled))

    assert (timed.count, count(filled)) == (150, 150)


def test_the_bare_insert_writes_the_same_sqlite_rows(papers: Path, tmp_path: Path) -> None:
    """A lower bound that wrote less would be none."""
    first, second = (with_tables(f"sqlite:///{tmp_path / name}.db") for name in ("a", "b"))
    ingest_file(papers, url_of(first))

    timed = insert_rows(url_of(first), url_of(second))

    assert timed.count == 150
    assert rows(first) == rows(second)


def test_the_bare_insert_writes_the_same_postgresql_rows(
    papers: Path, postgresql_server: PostgresqlServer
) -> None:
    """Also where documents are a type of their own."""
    first, second = (with_tables(postgresql_server.create()) for _ in range(2))
    ingest_file(papers, url_of(first))

    timed = insert_rows(url_of(first), url_of(second))

    assert timed.count == 150
    assert rows(first) == rows(second)


def with_tables(url: str) -> Database:
    """Open a database and create its tables."""
    database = Database(url)
    upgrade_schema(database)
    return database


def rows(database: Database) -> list[tuple[object, ...]]:
    """Return everything in the table of papers."""
    with database.engine.connect() as connection:
        found = connection.exec_driver_sql("SELECT * FROM paper ORDER BY id")
        return [tuple(row) for row in found]

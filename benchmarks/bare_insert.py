"""The least that writing rows can cost: `executemany` of the database driver, and nothing else."""

import sqlite3
import time
from collections.abc import Iterable, Iterator
from contextlib import closing
from typing import Any, Protocol

import psycopg
from sqlalchemy.engine import make_url

from benchmarks.measure import Timed
from paperround.store.models import Paper

__all__ = ["insert_rows"]

BATCH = 1_000

_TABLE = Paper.__table__  # type: ignore[attr-defined]  # SQLModel does not declare it
_NAMES = tuple(column.name for column in _TABLE.columns)

Row = tuple[Any, ...]  # Any: what a driver returns, and takes again


class _Cursor(Protocol):
    """What both drivers have in common."""

    def executemany(self, query: Any, rows: Iterable[Row], /) -> object: ...


def insert_rows(filled: str, empty: str) -> Timed:
    """Copy all papers of one database into another, and time only the writing.

    Args:
        filled: URL of a database with papers.
        empty: URL of one of the same kind, with its tables and without papers.
    """
    copy = _copy_sqlite if filled.startswith("sqlite") else _copy_postgresql
    return copy(filled, empty)


def _copy_sqlite(filled: str, empty: str) -> Timed:
    paths = [str(make_url(url).database) for url in (filled, empty)]
    with closing(sqlite3.connect(paths[0])) as old, closing(sqlite3.connect(paths[1])) as new:
        # As the store has it; the file itself knows of WAL already.
        new.execute("PRAGMA synchronous=NORMAL")
        rows = old.execute(f"SELECT {', '.join(_NAMES)} FROM paper ORDER BY id")
        batches = iter(lambda: rows.fetchmany(BATCH), [])
        return _timed(new, new.cursor(), batches, "?")


def _copy_postgresql(filled: str, empty: str) -> Timed:
    first, second = (url.replace("+psycopg", "") for url in (filled, empty))
    # Documents travel as text both ways: no JSON is read or written here.
    kinds = {column.name: column.type.__class__.__name__ for column in _TABLE.columns}
    selected = ", ".join(f"{n}::text" if kinds[n] == "JSON" else n for n in _NAMES)
    with (
        psycopg.connect(first) as old,
        psycopg.connect(second) as new,
        old.cursor("papers") as rows,
    ):
        rows.execute(f"SELECT {selected} FROM paper ORDER BY id".encode())
        batches = iter(lambda: rows.fetchmany(BATCH), [])
        return _timed(new, new.cursor(), batches, "%s")


def _timed(connection: Any, cursor: _Cursor, batches: Iterator[list[Row]], mark: str) -> Timed:
    marks = ", ".join([mark] * len(_NAMES))
    query = f"INSERT INTO paper ({', '.join(_NAMES)}) VALUES ({marks})"
    count, seconds = 0, 0.0
    for batch in batches:
        start = time.perf_counter()
        cursor.executemany(query, batch)
        connection.commit()
        seconds += time.perf_counter() - start
        count += len(batch)
    return Timed(count, seconds)

"""Connections and transactions, alike on SQLite and PostgreSQL.

SQLite runs in WAL mode, and every transaction that may write begins with BEGIN IMMEDIATE: under
BEGIN DEFERRED a read followed by a write fails with "database is locked" whenever another process
wrote in between, without waiting. Reading transactions have an engine of their own and block
nobody.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session

from paperround.errors import StoreError, StoreFullError

__all__ = ["Database", "Session"]

BUSY_TIMEOUT_S = 30.0


class Database:
    """One database, opened lazily; `read()` and `write()` are its only transactions."""

    def __init__(self, url: str) -> None:
        """Prepare engines for a SQLAlchemy URL; nothing is opened yet."""
        parsed = make_url(url)
        self.dialect = parsed.get_backend_name()
        """`sqlite` or `postgresql`."""
        self.display_url = parsed.render_as_string(hide_password=True)
        """For messages: the password is masked."""
        self.path = Path(parsed.database) if self._is_sqlite and parsed.database else None
        """The SQLite file; None for a server."""
        self._writer = _sqlite_engine(url, "IMMEDIATE") if self._is_sqlite else _engine(url)
        self._reader = _sqlite_engine(url, "DEFERRED") if self._is_sqlite else self._writer

    @property
    def _is_sqlite(self) -> bool:
        return self.dialect == "sqlite"

    @property
    def engine(self) -> Engine:
        """The engine that may write, for schema work."""
        return self._writer

    @contextmanager
    def read(self) -> Iterator[Session]:
        """Open a transaction that sees one state of the database and writes nothing."""
        with self._translated(), Session(self._reader) as session:
            yield session

    @contextmanager
    def write(self) -> Iterator[Session]:
        """Open a transaction that is committed at the end, or rolled back on any error.

        Raises:
            StoreFullError: The disk is full; nothing of the transaction was kept.
            StoreError: The database could not be reached, stayed locked, or refused.
        """
        with (
            self._translated(),
            Session(self._writer, expire_on_commit=False) as session,
            session.begin(),
        ):
            yield session

    def dispose(self) -> None:
        """Close all connections."""
        self._writer.dispose()
        self._reader.dispose()

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except DBAPIError as error:
            if _is_disk_full(error.orig):
                raise StoreFullError(self.display_url) from error
            # Further lines may quote what was to be stored: addresses do not belong in logs.
            problem = str(error.orig).strip().splitlines()[0]
            raise StoreError(f"database {self.display_url}: {problem}") from error


def _is_disk_full(error: BaseException | None) -> bool:
    full_codes = {"53100"}  # PostgreSQL disk_full
    return (
        isinstance(error, sqlite3.OperationalError)
        and getattr(error, "sqlite_errorname", "") in {"SQLITE_FULL", "SQLITE_IOERR_WRITE"}
    ) or getattr(error, "sqlstate", None) in full_codes


def _engine(url: str) -> Engine:
    return create_engine(url, pool_pre_ping=True, hide_parameters=True)


def _sqlite_engine(url: str, begin: str) -> Engine:
    engine = create_engine(url, connect_args={"timeout": BUSY_TIMEOUT_S}, hide_parameters=True)

    # Python's sqlite3 decides by itself when to BEGIN; with isolation_level None it never does.
    @event.listens_for(engine, "connect")
    def configure(connection: Any, _record: Any) -> None:
        connection.isolation_level = None
        cursor = connection.cursor()
        cursor.execute("PRAGMA journal_mode=WAL")
        cursor.execute("PRAGMA synchronous=NORMAL")
        cursor.execute("PRAGMA foreign_keys=ON")
        cursor.close()

    @event.listens_for(engine, "begin")
    def begin_as_told(connection: Connection) -> None:
        connection.exec_driver_sql(f"BEGIN {begin}")

    return engine

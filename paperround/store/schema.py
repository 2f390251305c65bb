"""Brings a database to this program's version, or says clearly why it cannot be used.

Migrations are numbered, forward only, and run by `paperround init`, never by themselves.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection
from sqlalchemy.exc import DatabaseError

from paperround.errors import StoreError, StoreMissingError, StoreNewerError, StoreOutdatedError
from paperround.store.engine import Database

__all__ = ["check_schema", "current_revision", "head_revision", "upgrade_schema"]

_MIGRATIONS = Path(__file__).with_name("migrations")


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    return config


def _known_revisions() -> frozenset[str]:
    scripts = ScriptDirectory.from_config(_config())
    return frozenset(script.revision for script in scripts.walk_revisions())


def head_revision() -> str:
    """Return the revision that this program writes."""
    head = ScriptDirectory.from_config(_config()).get_current_head()
    assert head is not None
    return head


def current_revision(database: Database) -> str | None:
    """Return the revision of a database; None when it has no tables of ours.

    Raises:
        StoreError: It cannot be reached, or is not a database.
    """
    try:
        with database.engine.connect() as connection:
            return MigrationContext.configure(connection).get_current_revision()
    except DatabaseError as error:
        problem = str(error.orig).strip().splitlines()[0]
        raise StoreError(
            f"cannot open the database {database.display_url}: {problem}; "
            "check PAPERROUND_DATABASE_URL and PAPERROUND_DATA_DIR"
        ) from error


def check_schema(database: Database) -> None:
    """Make sure that a database is there and of exactly this version.

    Raises:
        StoreMissingError: There is none yet; nothing is created by looking.
        StoreOutdatedError: It is older.
        StoreNewerError: It is newer.
    """
    if database.path is not None and not database.path.exists():
        raise StoreMissingError(database.display_url)
    revision = current_revision(database)
    if revision is None:
        raise StoreMissingError(database.display_url)
    if revision not in _known_revisions():
        raise StoreNewerError(database.display_url, revision)
    if revision != head_revision():
        raise StoreOutdatedError(database.display_url)


def upgrade_schema(database: Database) -> bool:
    """Create the tables or bring them to this version; return whether anything was done.

    Raises:
        StoreNewerError: The database is newer than this program and is left alone.
        StoreError: It cannot be reached, or is not a database.
    """
    if database.path is not None:
        try:
            database.path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StoreError(f"cannot create {database.path.parent}: {error.strerror}") from error
    revision = current_revision(database)
    if revision is not None and revision not in _known_revisions():
        raise StoreNewerError(database.display_url, revision)
    if revision == head_revision():
        return False
    config = _config()
    with (
        database.engine.connect() as connection,
        _without_cascades(connection),
        connection.begin(),
    ):
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
    return True


@contextmanager
def _without_cascades(connection: Connection) -> Iterator[None]:
    """Let tables be made anew without taking along what refers to them.

    SQLite changes a column by copying the table and dropping the old one; with foreign keys on,
    that would delete every row of other tables that belongs to one of it. The switch has no effect
    inside a transaction. Source: https://www.sqlite.org/lang_altertable.html, section 7.
    """
    driver = connection.connection.driver_connection
    if not isinstance(driver, sqlite3.Connection):
        yield
        return
    driver.execute("PRAGMA foreign_keys=OFF")
    try:
        yield
    finally:
        driver.execute("PRAGMA foreign_keys=ON")

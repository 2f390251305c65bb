"""The schema: created, recognised, and never touched when it is not ours to touch."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from sqlalchemy import text

from paperround.errors import StoreError, StoreMissingError, StoreNewerError, StoreOutdatedError
from paperround.store import schema
from paperround.store.deliveries import deliveries_of
from paperround.store.engine import Database
from paperround.store.models import metadata
from paperround.store.readers import all_readers
from paperround.store.schema import check_schema, current_revision, head_revision, upgrade_schema


def test_upgrading_an_empty_database_brings_it_to_the_head(empty_database: Database) -> None:
    """After init the database is of exactly this program's version."""
    upgrade_schema(empty_database)

    check_schema(empty_database)
    assert current_revision(empty_database) == head_revision()


def test_upgrading_twice_does_nothing_the_second_time(empty_database: Database) -> None:
    """`init` may be run as often as one likes."""
    first = upgrade_schema(empty_database)
    second = upgrade_schema(empty_database)

    assert (first, second) == (True, False)


def test_migrations_make_exactly_the_tables_of_the_models(database: Database) -> None:
    """Alembic finds no difference between what was migrated and what the code declares."""
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        difference = compare_metadata(context, metadata)

    assert difference == []


def test_looking_at_a_missing_database_creates_no_file(tmp_path: Path) -> None:
    """A wrong path is reported, not turned into an empty database."""
    path = tmp_path / "nowhere.db"

    with pytest.raises(StoreMissingError, match="paperround init"):
        check_schema(Database(f"sqlite:///{path}"))

    assert not path.exists()


def test_a_database_without_our_tables_is_missing(empty_database: Database) -> None:
    """An empty database is not an installation."""
    with pytest.raises(StoreMissingError):
        check_schema(empty_database)


def test_a_newer_database_is_refused_and_left_alone(empty_database: Database) -> None:
    """A database written by a later version is neither used nor upgraded."""
    database = empty_database
    upgrade_schema(database)
    with database.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))

    with pytest.raises(StoreNewerError, match=r"newer version \(revision 9999\)"):
        upgrade_schema(database)
    with pytest.raises(StoreNewerError):
        check_schema(database)
    assert current_revision(database) == "9999"


def test_an_older_database_asks_for_the_upgrade(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is upgraded behind the operator's back."""
    monkeypatch.setattr("paperround.store.schema.head_revision", lambda: "later")

    with pytest.raises(StoreOutdatedError, match="paperround init"):
        check_schema(database)


def test_a_file_that_is_no_database_is_named(tmp_path: Path) -> None:
    """Pointing the setting at some other file says so in one line."""
    path = tmp_path / "notes.db"
    path.write_text("These are my notes, not a database. " * 40)

    with pytest.raises(StoreError, match=r"cannot open the database .*notes\.db"):
        check_schema(Database(f"sqlite:///{path}"))


def test_the_password_of_a_database_is_never_shown() -> None:
    """Messages carry the address with its password masked."""
    database = Database("postgresql+psycopg://ada:difference-engine@db.example.org/round")

    assert "difference-engine" not in database.display_url


def _at_revision(database: Database, revision: str) -> None:
    config = Config()
    folder = str(schema.__file__).replace("schema.py", "migrations")
    config.set_main_option("script_location", folder.replace("%", "%%"))
    with database.engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, revision)


def test_a_database_of_the_first_version_is_brought_up(empty_database: Database) -> None:
    """With everything in it: who was active gets digests, who was not does not."""
    _at_revision(empty_database, "0001")
    at = "2026-05-04 07:00:00.000000" + ("+00" if empty_database.dialect == "postgresql" else "")
    with empty_database.engine.begin() as connection:
        for number, active in enumerate((True, False), start=1):
            values = {"id": number, "address": f"reader{number}@example.org", "active": active}
            connection.execute(
                text(
                    "INSERT INTO reader (id, address, address_key, name, zone, digest_at, weekdays,"
                    " active, next_due_at, next_due_on, added_at) VALUES (:id, :address, :address,"
                    " 'Ada', 'UTC', '07:00:00.000000', '12345', :active, :at, '2026-05-04', :at)"
                ),
                values | {"at": at},
            )
        connection.execute(
            text(
                "INSERT INTO delivery (id, reader_id, stream, local_date, due_at, state, attempt,"
                " retry_at) VALUES (1, 1, 'daily', '2026-05-04', :at, 'pending', 0, :at)"
            ),
            {"at": at},
        )

    upgrade_schema(empty_database)

    check_schema(empty_database)
    with empty_database.read() as session:
        assert [reader.state for reader in all_readers(session)] == ["active", "unsubscribed"]
        (delivery,) = deliveries_of(session, 1)
        assert delivery.due_at == datetime(2026, 5, 4, 7, tzinfo=UTC)
        assert delivery.expires_at == datetime(2026, 5, 4, 19, tzinfo=UTC)

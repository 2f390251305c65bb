"""What was learned: kept by name and model, the last one counts."""

from datetime import timedelta

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import text

from paperround.store import schema
from paperround.store.engine import Database
from paperround.store.learned import Lesson, load_learned, save_learned
from paperround.store.schema import check_schema, current_revision, upgrade_schema
from tests.paperround.store.rows import NOW, saved_reader


def test_before_the_first_time_nothing_is_known(database: Database) -> None:
    """Of no name and no model."""
    with database.read() as session:
        assert load_learned(session, "calibration", "a-model") is None


def test_the_last_lesson_counts(database: Database) -> None:
    """With the instant at which it was learned."""
    later = NOW + timedelta(days=1)
    with database.write() as session:
        save_learned(session, "calibration", "a-model", b"old", NOW)
    with database.write() as session:
        save_learned(session, "calibration", "a-model", b"new", later)

    with database.read() as session:
        assert load_learned(session, "calibration", "a-model") == Lesson(b"new", later)


def test_lessons_of_other_names_and_models_stay(database: Database) -> None:
    """Scores of two models are not alike."""
    with database.write() as session:
        save_learned(session, "calibration", "a-model", b"one", NOW)
        save_learned(session, "calibration", "b-model", b"two", NOW)
        save_learned(session, "forecast", "a-model", b"three", NOW)

    with database.read() as session:
        kept = [
            load_learned(session, *key)
            for key in (("calibration", "a-model"), ("calibration", "b-model"))
        ]
    assert kept == [Lesson(b"one", NOW), Lesson(b"two", NOW)]


def test_a_database_of_the_first_version_is_brought_up(empty_database: Database) -> None:
    """With everything in it."""
    config = Config()
    folder = str(schema.__file__).replace("schema.py", "migrations")
    config.set_main_option("script_location", folder.replace("%", "%%"))
    with empty_database.engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
    with empty_database.write() as session:
        ada = saved_reader(session)
    before = current_revision(empty_database)

    upgrade_schema(empty_database)

    check_schema(empty_database)
    assert before == "0001"
    with empty_database.engine.connect() as connection:
        assert connection.execute(text("SELECT id FROM reader")).scalar_one() == ada
    with empty_database.read() as session:
        assert load_learned(session, "calibration", "a-model") is None


@pytest.mark.parametrize("blob", [b"", b"\x00" * 100_000])
def test_any_bytes_are_kept(database: Database, blob: bytes) -> None:
    """None at all, and many."""
    with database.write() as session:
        save_learned(session, "calibration", "a-model", blob, NOW)

    with database.read() as session:
        assert load_learned(session, "calibration", "a-model") == Lesson(blob, NOW)

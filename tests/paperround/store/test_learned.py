"""What was learned: kept by name and model, the last one counts."""

from datetime import timedelta

import pytest

from paperround.store.engine import Database
from paperround.store.learned import Lesson, load_learned, save_learned
from tests.paperround.store.rows import NOW


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


@pytest.mark.parametrize("blob", [b"", b"\x00" * 100_000])
def test_any_bytes_are_kept(database: Database, blob: bytes) -> None:
    """None at all, and many."""
    with database.write() as session:
        save_learned(session, "calibration", "a-model", blob, NOW)

    with database.read() as session:
        assert load_learned(session, "calibration", "a-model") == Lesson(blob, NOW)

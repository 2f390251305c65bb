"""Opening rows and setting the next due time: one transaction, one process."""

from datetime import timedelta

from paperround.store.deliveries import deliveries_of
from paperround.store.due import Advance, Opening, due_readers, open_rows
from paperround.store.engine import Database
from paperround.store.models import DeliveryState, ReaderState
from paperround.store.readers import reader_at
from tests.paperround.store.rows import LATE, NOW, TODAY, saved_reader

DAY = timedelta(days=1)
ADA = "ada@example.org"


def _open(database: Database, reader: int, missed: str = "") -> int:
    opening = Opening(reader, "daily", TODAY, NOW, LATE, missed)
    advance = Advance(reader, NOW, NOW + DAY, TODAY + DAY)
    with database.write() as session:
        return open_rows(session, [opening], [advance], NOW)


def test_a_row_is_opened_once_and_the_reader_is_moved_on(database: Database) -> None:
    """T01, T02: a second process at the same time opens nothing."""
    with database.write() as session:
        ada = saved_reader(session)

    first, second = _open(database, ada), _open(database, ada)

    assert (first, second) == (1, 0)
    with database.read() as session:
        assert reader_at(session, ADA).next_due_at == NOW + DAY
        assert due_readers(session, NOW) == []


def test_a_reader_whose_due_time_was_changed_meanwhile_keeps_it(database: Database) -> None:
    """T10: a change of hour in between is not overwritten."""
    with database.write() as session:
        ada = saved_reader(session)
        reader_at(session, ADA).next_due_at = NOW + timedelta(hours=3)

    _open(database, ada)

    with database.read() as session:
        assert reader_at(session, ADA).next_due_at == NOW + timedelta(hours=3)


def test_a_day_that_was_missed_is_over_at_once_and_says_why(database: Database) -> None:
    """I2: it counts among those that are finished."""
    with database.write() as session:
        ada = saved_reader(session)

    _open(database, ada, "nothing was running")

    with database.read() as session:
        (row,) = deliveries_of(session, ada)
        assert (row.state, row.reason) == (DeliveryState.EXPIRED, "nothing was running")
        assert row.finished_at == NOW


def test_only_active_readers_are_due(database: Database) -> None:
    """A43: whoever has not confirmed, left, or cannot be reached is not."""
    for number, state in enumerate(ReaderState):
        with database.write() as session:
            saved_reader(session, f"reader{number}@example.org")
            reader_at(session, f"reader{number}@example.org").state = state

    with database.write() as session:
        found = [reader.state for reader in due_readers(session, NOW, limit=9, lock=True)]

    assert found == [ReaderState.ACTIVE]


def test_nobody_is_opened_without_anybody_due(database: Database) -> None:
    """An empty page writes nothing."""
    with database.write() as session:
        assert open_rows(session, [], [], NOW) == 0

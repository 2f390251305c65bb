"""The laws of preferences: no change of hour or zone doubles a date, or loses one at home."""

from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from paperround.context import App
from paperround.errors import UnknownReaderError
from paperround.services.preferences import reschedule
from paperround.services.readers import NewReader, add_reader, remove_reader
from paperround.services.schedule import following
from paperround.store.deliveries import enqueue
from paperround.store.engine import Database
from paperround.store.readers import reader_at
from paperround.store.schema import upgrade_schema
from paperround.testing import FrozenClock, make_app
from scheduler.due import Due
from tests.paperround.services.subscribers import (
    ADA,
)

DAY = timedelta(days=1)
zones = st.sampled_from(
    ["UTC", "Asia/Tokyo", "Pacific/Honolulu", "Pacific/Kiritimati", "Europe/Berlin"]
)
hours = st.integers(0, 23).map(lambda hour: f"{hour:02}:30")
waits = st.integers(0, 30).map(lambda hour: timedelta(hours=hour))


def at(day: int, hour: int, minute: int = 0) -> datetime:
    """Return an instant of the test month."""
    return datetime(2026, 5, day, hour, minute, tzinfo=UTC)


@pytest.fixture(scope="module")
def lawful(tmp_path_factory: pytest.TempPathFactory) -> App:
    """Open an App that is used again and again."""
    folder = tmp_path_factory.mktemp("lawful")
    database = Database(f"sqlite:///{folder / 'paperround.db'}")
    upgrade_schema(database)
    return make_app(database, folder, FrozenClock(at(4, 10)))


def serve(app: App) -> Iterator[Due]:
    """Open all that is due, as the scheduler does, and yield it."""
    while True:
        with app.database.write() as session:
            row = reader_at(session, ADA)
            assert row.id is not None
            assert row.next_due_at is not None
            assert row.next_due_on is not None
            served = Due(row.next_due_at, row.next_due_on)
            if served.at > app.clock():
                return
            enqueue(session, row.id, "daily", served.on, served.at, served.at + DAY)
            after = following(row, served.at, app.settings.spread, served.on)
            row.next_due_at, row.next_due_on = after.at, after.on
        yield served


def life(app: App, zone: str, changes: Iterable[tuple[timedelta, str, str]]) -> list[Due]:
    """Return all that a daily reader is served, who changes zone and hour after some waits."""
    clock = app.clock
    assert isinstance(clock, FrozenClock)
    clock.now = at(4, 10)
    with suppress(UnknownReaderError):
        remove_reader(app, ADA)
    add_reader(app, NewReader(ADA, at="12:00", zone=zone, weekdays="daily"))
    served: list[Due] = []
    for wait, new_zone, hour in [*changes, (3 * DAY, "", "")]:
        clock.advance(wait)
        served += serve(app)
        reschedule(app, ADA, zone=new_zone, at=hour)
    return served


@given(zones, st.lists(st.tuples(waits, zones, hours), max_size=10))
@settings(max_examples=30)
def test_no_path_around_the_world_doubles_a_date(
    lawful: App, home: str, changes: list[tuple[timedelta, str, str]]
) -> None:
    """T10: whatever zones and hours follow each other."""
    dates = [due.on for due in life(lawful, home, changes)]

    assert dates == sorted(set(dates))


@given(zones, st.lists(st.tuples(waits, hours), max_size=10))
@settings(max_examples=30)
def test_no_change_of_the_hour_leaves_a_date_out(
    lawful: App, home: str, changes: list[tuple[timedelta, str]]
) -> None:
    """T11: however often, every date has its digest."""
    dates = [due.on for due in life(lawful, home, [(wait, home, at) for wait, at in changes])]

    assert {later - earlier for earlier, later in pairwise(dates)} == {DAY}


@given(zones, waits, zones, hours)
@settings(max_examples=30)
def test_no_journey_makes_a_reader_wait_for_three_days(
    lawful: App, home: str, wait: timedelta, away: str, hour: str
) -> None:
    """T10: a whole date repeats on the way west, one may be lost on the way east, and no more."""
    served = life(lawful, home, [(DAY + wait, away, hour)])

    assert max(later.at - earlier.at for earlier, later in pairwise(served)) < 2.5 * DAY

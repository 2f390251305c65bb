"""Preferences: pauses and other hours, never two digests for one date and none left out."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest

from paperround.context import App
from paperround.errors import InvalidReaderError, UnknownReaderError
from paperround.services.leaving import unsubscribe
from paperround.services.preferences import pause, reschedule, resume, snooze
from paperround.services.readers import NewReader, add_reader
from paperround.store.deliveries import enqueue
from paperround.store.models import ReaderState
from paperround.store.readers import reader_at
from paperround.testing import FrozenClock
from tests.paperround.services.subscribers import (
    ADA,
    GRACE,
    change,
    consents,
    due,
    join,
    leave_token,
    number,
    reader,
)

DAY = timedelta(days=1)


@pytest.fixture
def ada(app: App, clock: FrozenClock) -> App:
    """Have Ada subscribed, every day at noon UTC, from ten on a Monday."""
    clock.now = datetime(2026, 5, 4, 10, 0, tzinfo=UTC)
    add_reader(app, NewReader(ADA, at="12:00", weekdays="daily"))
    return app


def served(app: App, on: date) -> None:
    """Have the digest of a date in the ledger, and the next day's planned by the scheduler."""
    with app.database.write() as session:
        row = reader_at(session, ADA)
        assert row.id is not None
        enqueue(session, row.id, "daily", on, app.clock(), app.clock() + DAY)
        row.next_due_on = on + DAY
        row.next_due_at = datetime.combine(on + DAY, time(12), UTC)


def at(day: int, hour: int, minute: int = 0) -> datetime:
    """Return an instant of the test month."""
    return datetime(2026, 5, day, hour, minute, tzinfo=UTC)


# Another hour, zone or days


def test_another_hour_is_kept_and_the_next_digest_comes_at_it(ada: App) -> None:
    """What is not said stays."""
    row = reschedule(ada, ADA, at="15:30")

    assert (row.digest_at, row.zone, row.weekdays) == (time(15, 30), "UTC", "1234567")
    assert due(ada) == (at(4, 15, 30), date(2026, 5, 4))


def test_an_earlier_hour_after_todays_digest_is_for_tomorrow(ada: App, clock: FrozenClock) -> None:
    """T11: and a later one of the same day does not make a second digest."""
    clock.now = at(4, 12, 5)
    served(ada, date(2026, 5, 4))

    reschedule(ada, ADA, at="09:00")
    earlier = due(ada)
    reschedule(ada, ADA, at="18:00")

    assert earlier == (at(5, 9), date(2026, 5, 5))
    assert due(ada) == (at(5, 18), date(2026, 5, 5))


def test_an_hour_that_is_past_does_not_lose_todays_digest(ada: App) -> None:
    """At ten from noon to nine: today's comes at noon as it would have, tomorrow's at nine."""
    reschedule(ada, ADA, at="09:00")

    assert due(ada) == (at(4, 12), date(2026, 5, 4))


def test_a_day_that_is_not_wanted_any_more_is_left_out_at_once(ada: App) -> None:
    """Mondays are off, and this is one."""
    reschedule(ada, ADA, at="09:00", weekdays="tue-fri")

    assert due(ada) == (at(5, 9), date(2026, 5, 5))


def test_what_is_due_this_minute_is_left_to_the_scheduler(ada: App, clock: FrozenClock) -> None:
    """It looks every half minute; a change in between must not lose the day."""
    clock.now = at(4, 12, 0) + timedelta(seconds=10)

    reschedule(ada, ADA, at="09:00")

    assert due(ada) == (at(4, 12), date(2026, 5, 4))


def test_going_west_makes_no_second_digest_for_a_date(ada: App, clock: FrozenClock) -> None:
    """T10: served in Tokyo for the 5th, a reader who lands in Honolulu on the 4th waits for it."""
    clock.now = at(5, 4)
    served(ada, date(2026, 5, 5))

    reschedule(ada, ADA, zone="Pacific/Honolulu", at="07:00")

    assert due(ada) == (at(6, 17), date(2026, 5, 6))


def test_going_east_leaves_no_date_out_that_is_still_to_come(ada: App, clock: FrozenClock) -> None:
    """T10: in Honolulu it is the 4th, in Tokyo the 5th, whose digest comes at seven there."""
    served(ada, date(2026, 5, 4))
    clock.now = at(4, 20)

    reschedule(ada, ADA, zone="Asia/Tokyo", at="07:00")

    assert due(ada) == (at(4, 22), date(2026, 5, 5))


def test_who_is_not_subscribed_may_change_their_hour(ada: App) -> None:
    """It holds when they come back; nothing is due."""
    unsubscribe(ada, leave_token(ada), how="web")

    row = reschedule(ada, ADA, at="09:00")

    assert (row.digest_at, due(ada)) == (time(9, 0), (None, None))


@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        ({"zone": "Mars/Olympus"}, "unknown time zone"),
        ({"at": "25:00"}, "is not a time of day"),
        ({"weekdays": "someday"}, "names no weekday"),
    ],
)
def test_a_wish_that_makes_no_sense_changes_nothing(
    ada: App, fields: dict[str, Any], problem: str
) -> None:
    """Not even the wishes beside it."""
    before = reader(ada)

    with pytest.raises(InvalidReaderError, match=problem):
        reschedule(ada, ADA, **({"at": "09:00", "zone": "Asia/Tokyo"} | fields))

    assert reader(ada) == before


def test_a_stranger_has_no_preferences(app: App) -> None:
    """Each of the three says so."""
    with pytest.raises(UnknownReaderError):
        reschedule(app, ADA, at="09:00")
    with pytest.raises(UnknownReaderError):
        pause(app, ADA, date(2026, 6, 1))
    with pytest.raises(UnknownReaderError):
        resume(app, ADA)


# Pauses


def test_a_pause_ends_on_its_date(ada: App) -> None:
    """Also today's digest stays behind; the log of consents says when and how."""
    row = pause(ada, ADA, date(2026, 5, 20), how="web")

    assert row.paused_until == date(2026, 5, 20)
    assert due(ada) == (at(20, 12), date(2026, 5, 20))
    assert [(line.what, line.how) for line in consents(ada)][-1] == ("paused", "web")


def test_a_snooze_counts_today(ada: App) -> None:
    """Of the reader's own zone: in Kiritimati it is the 5th already."""
    reschedule(ada, ADA, zone="Pacific/Kiritimati")

    assert snooze(ada, ADA, 1).paused_until == date(2026, 5, 6)
    assert snooze(ada, ADA, 30).paused_until == date(2026, 6, 4)


def test_a_pause_can_be_ended_before_its_time(ada: App, clock: FrozenClock) -> None:
    """The next hour is the next digest; ending none changes nothing."""
    pause(ada, ADA, date(2026, 6, 20))
    clock.now = at(11, 11)

    row = resume(ada, ADA)
    again = resume(ada, ADA)

    assert (row.paused_until, due(ada)) == (None, (at(11, 12), date(2026, 5, 11)))
    assert again == row
    assert [line.what for line in consents(ada)] == ["added", "paused", "resumed"]


def test_ending_a_pause_makes_no_second_digest_for_a_date(ada: App, clock: FrozenClock) -> None:
    """T11: paused and resumed between today's digest and a later hour."""
    clock.now = at(4, 13)
    served(ada, date(2026, 5, 4))
    pause(ada, ADA, date(2026, 5, 20))
    reschedule(ada, ADA, at="18:00")

    resume(ada, ADA)

    assert due(ada) == (at(5, 18), date(2026, 5, 5))


def test_a_reader_who_lost_their_hour_gets_one_with_any_change(ada: App) -> None:
    """Should a row ever be without, say by an operator's hand."""
    change(ada, next_due_at=None, next_due_on=None)

    reschedule(ada, ADA)

    assert due(ada) == (at(4, 12), date(2026, 5, 4))


@pytest.mark.parametrize("until", [date(2026, 5, 4), date(2020, 1, 1), date(2027, 5, 6), date.max])
def test_a_pause_ends_in_the_future_and_within_a_year(ada: App, until: date) -> None:
    """Who wants to be away for longer unsubscribes."""
    with pytest.raises(InvalidReaderError, match="between 2026-05-05 and 2027-05-05"):
        pause(ada, ADA, until)

    assert reader(ada).paused_until is None


@pytest.mark.parametrize("days", [-1, 0, 367, 10**12])
def test_a_snooze_is_one_day_to_a_year(ada: App, days: int) -> None:
    """Any other number is refused."""
    with pytest.raises(InvalidReaderError, match="1 to 366 days"):
        snooze(ada, ADA, days)


def test_only_a_subscription_can_be_paused(ada: App) -> None:
    """There is nothing to pause after having left."""
    unsubscribe(ada, leave_token(ada), how="web")

    with pytest.raises(InvalidReaderError, match="is unsubscribed: there is nothing to pause"):
        pause(ada, ADA, date(2026, 6, 1))


def test_dry_runs_change_nothing(ada: App) -> None:
    """They return what would be."""
    change(ada, paused_until=date(2026, 5, 2))
    before = reader(ada)

    rows = [
        pause(ada, ADA, date(2026, 6, 1), dry_run=True),
        snooze(ada, ADA, 3, dry_run=True),
        reschedule(ada, ADA, at="09:00", weekdays="tue", dry_run=True),
        resume(ada, ADA, dry_run=True),
    ]

    assert [row.next_due_on for row in rows] == [
        date(2026, 6, 1),
        date(2026, 5, 7),
        date(2026, 5, 5),
        date(2026, 5, 4),
    ]
    assert reader(ada) == before
    assert [line.what for line in consents(ada)] == ["added"]


def test_readers_do_not_share_preferences(ada: App) -> None:
    """A change is one reader's."""
    join(ada, GRACE)
    before = reader(ada, GRACE)

    reschedule(ada, ADA, at="09:00")
    pause(ada, ADA, date(2026, 6, 1))

    assert reader(ada, GRACE) == before
    assert number(ada) != number(ada, GRACE)
    assert reader(ada).state == ReaderState.ACTIVE

"""Opening what is due: once for every wanted date, whatever happened meanwhile."""

from collections import defaultdict
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import available_timezones

import pytest
from sqlmodel import col, select

from paperround.context import App
from paperround.services.enqueue import MISSED, enqueue_due, is_idle
from paperround.services.readers import NewReader, add_reader, show_reader
from paperround.services.schedule import following
from paperround.store.models import Delivery, DeliveryState
from paperround.store.readers import reader_at
from paperround.testing import FrozenClock
from tests.paperround.services.conftest import MORNING
from tests.paperround.store.rows import new_reader

GRACE = "grace@example.org"
DAY = timedelta(days=1)


def _ledger(app: App) -> list[tuple[date, str]]:
    rows = show_reader(app, GRACE).deliveries
    return [(row.local_date, row.state) for row in reversed(rows)]


@pytest.fixture
def grace(app: App) -> App:
    """Add Grace, whose digest is due at seven in Berlin, from Tuesday on."""
    add_reader(app, NewReader(GRACE, "Grace", "Europe/Berlin", "07:00", "daily"))
    return app


def test_a_tick_late_by_minutes_opens_the_row_with_its_own_due_time(
    grace: App, clock: FrozenClock
) -> None:
    """T03: lateness is seen, not hidden."""
    clock.advance(DAY + timedelta(minutes=5))

    assert enqueue_due(grace) == 1
    assert show_reader(grace, GRACE).deliveries[0].due_at == datetime.fromisoformat(
        "2026-05-05T05:00+00:00"
    )


def test_a_day_that_is_too_late_is_opened_and_closed(grace: App, clock: FrozenClock) -> None:
    """T04, I2: down for thirteen hours, nothing is sent and the ledger says so."""
    clock.advance(DAY + timedelta(hours=11))
    enqueue_due(grace)

    assert _ledger(grace) == [(date(2026, 5, 5), DeliveryState.EXPIRED)]


def test_days_of_silence_are_written_down(grace: App, clock: FrozenClock) -> None:
    """T05: at most one digest, and a reason for each of the others."""
    clock.advance(3 * DAY)
    enqueue_due(grace)

    assert _ledger(grace) == [
        (date(2026, 5, 5), DeliveryState.EXPIRED),
        (date(2026, 5, 6), DeliveryState.EXPIRED),
        (date(2026, 5, 7), DeliveryState.PENDING),
    ]
    assert show_reader(grace, GRACE).deliveries[-1].reason == MISSED


def test_a_clock_that_jumps_opens_no_date_twice(grace: App, clock: FrozenClock) -> None:
    """T13: back by an hour, forward by a day."""
    for jump in (DAY, -timedelta(hours=1), timedelta(hours=1), DAY, -DAY, DAY):
        clock.advance(jump)
        enqueue_due(grace)

    assert [on for on, _ in _ledger(grace)] == [date(2026, 5, 5), date(2026, 5, 6)]


def test_readers_of_one_hour_are_spread(app: App, clock: FrozenClock) -> None:
    """By minutes, each always at the same one."""
    app = replace(app, settings=app.settings.model_copy(update={"digest_spread_minutes": 10}))
    for number in range(20):
        add_reader(app, NewReader(f"reader{number}@example.org", "", "UTC", "07:00", "daily"))
    clock.advance(DAY + timedelta(minutes=10))
    enqueue_due(app)
    delays = [
        show_reader(app, f"reader{number}@example.org").deliveries[0].due_at - MORNING - DAY
        for number in range(20)
    ]

    assert all(timedelta() <= delay < timedelta(minutes=10) for delay in delays)
    assert len(set(delays)) > 15


def test_a_due_time_that_a_change_left_behind_still_counts(grace: App, clock: FrozenClock) -> None:
    """T10: what was promised for a date is opened for it, whatever the rule says now."""
    with grace.database.write() as session:
        reader = reader_at(session, GRACE)
        reader.next_due_on = date(2026, 5, 4)
        reader.next_due_at = MORNING + timedelta(minutes=1)
    clock.advance(timedelta(minutes=1))
    enqueue_due(grace)

    assert _ledger(grace) == [(date(2026, 5, 4), DeliveryState.PENDING)]


def test_an_installation_is_idle_when_nobody_waits(grace: App, clock: FrozenClock) -> None:
    """Neither due nor open."""
    before = is_idle(grace)
    clock.advance(DAY)
    due = is_idle(grace)
    enqueue_due(grace)
    opened = is_idle(grace)
    clock.advance(timedelta(hours=13))
    enqueue_due(grace)

    assert (before, due, opened, is_idle(grace)) == (True, False, False, True)


@pytest.mark.slow
def test_a_week_with_a_change_of_clocks_has_seven_digests_in_every_zone(
    app: App, clock: FrozenClock
) -> None:
    """T131: ticks every half hour over the last Sunday of March, for a reader in each zone."""
    clock.now = datetime(2026, 3, 25, 0, 0, tzinfo=UTC)
    zones = sorted(available_timezones() - {"localtime"})
    with app.database.write() as session:
        for number, zone in enumerate(zones):
            reader = new_reader(f"reader{number}@example.org")
            reader.zone, reader.weekdays = zone, "1234567"
            reader.digest_at = time(2, 30)
            reader.next_due_at, reader.next_due_on = datetime(2026, 3, 25, tzinfo=UTC), None
            session.add(reader)
            session.flush()
            due = following(reader, clock.now, timedelta())
            reader.next_due_at, reader.next_due_on = due.at, due.on
    for _ in range(48 * 8):
        clock.advance(timedelta(minutes=30))
        enqueue_due(app)

    with app.database.read() as session:
        dates: defaultdict[int, list[date]] = defaultdict(list)
        for row in session.exec(select(Delivery).order_by(col(Delivery.id))):
            dates[row.reader_id].append(row.local_date)
    week = [date(2026, 3, 26) + DAY * number for number in range(7)]
    assert len(dates) == len(zones)
    assert all([on for on in found if on in week] == week for found in dates.values())

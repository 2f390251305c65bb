"""Today at a glance: every digest is counted once (I4)."""

from collections import Counter
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paperround.context import App
from paperround.services.holding import Held, hold
from paperround.services.relays import relay_name
from paperround.services.status import (
    Count,
    JobState,
    Lateness,
    RelayState,
    counted,
    lateness,
    status,
)
from paperround.store.installation import SENDING, set_progress
from paperround.store.jobs import finish_job, take_job
from paperround.store.models import Bounce, DeliveryState, ReaderState
from paperround.store.operations import NOT_OPENED, Tally
from paperround.store.readers import reader_at
from paperround.store.relays import locked_relay
from paperround.testing import FrozenClock
from tests.paperround.ledger import saved_delivery
from tests.paperround.store.rows import NOW, new_reader

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
TALLIES = st.builds(
    Tally,
    state=st.sampled_from([*map(str, DeliveryState), NOT_OPENED]),
    late_s=st.integers(-5, 90_000),
    number=st.integers(1, 10**6),
)


@given(st.lists(TALLIES))
def test_the_counts_of_a_day_add_up(tallies: list[Tally]) -> None:
    """I4: due is the sum of the rest, whatever the states."""
    count = counted(tallies)

    assert count.is_balanced
    assert count.due == sum(tally.number for tally in tallies)
    assert 0 <= count.late <= count.sent + count.open + count.deferred


def test_a_state_that_nobody_knows_is_not_swept_under_the_rug() -> None:
    """The sum then says that something is wrong."""
    assert not counted([Tally("teleported", 0, 1)]).is_balanced


def test_a_digest_is_late_after_ten_minutes() -> None:
    """Sent or not; what is over without a mail is not late but quiet, failed and so on."""
    states = (DeliveryState.SENT, DeliveryState.PENDING, DeliveryState.DEFERRED, NOT_OPENED)
    late = [Tally(state, 601, 1) for state in states]
    in_time = [Tally(state, 600, 1) for state in states]

    assert counted(late).late == 4
    assert counted(in_time).late == 0
    assert counted([Tally(DeliveryState.QUIET, 601, 1)]).late == 0


@given(st.lists(st.tuples(st.integers(0, 5000), st.integers(1, 30)), min_size=1))
def test_lateness_is_that_of_the_whole_list(pairs: list[tuple[int, int]]) -> None:
    """The nearest rank of all values one by one, however they are counted together."""
    every = sorted(seconds for seconds, number in pairs for _ in range(number))
    ranks = [every[-(-percent * len(every) // 100) - 1] for percent in (50, 99)]

    found = lateness([Tally(DeliveryState.SENT, *pair) for pair in pairs])

    assert [found.p50_s, found.p99_s, found.max_s] == [*ranks, every[-1]]


def test_without_a_sent_mail_there_is_no_lateness() -> None:
    """Not nought."""
    assert lateness([Tally(DeliveryState.PENDING, 5, 1)]) == Lateness(None, None, None)


def test_a_mail_is_never_sent_before_its_time() -> None:
    """Where clocks differ, it was on time."""
    assert lateness([Tally(DeliveryState.SENT, -2, 1)]) == Lateness(0, 0, 0)


def _reader(app: App, name: str, due: timedelta, state: ReaderState = ReaderState.ACTIVE) -> int:
    reader = new_reader(f"{name}@example.org")
    reader.next_due_at, reader.state = NOW + due, state
    with app.database.write() as session:
        session.add(reader)
        session.flush()
        assert reader.id is not None
        return reader.id


@pytest.fixture
def day(app: App) -> App:
    """Have one digest in every state, two that are to be opened, and older ones."""
    with app.database.write() as session:
        session.add(Bounce(report="1", kind="hard", detail="", at=NOW - HOUR))
        session.add(Bounce(report="2", kind="hard", detail="", at=NOW - 2 * DAY))
    for number, state in enumerate(DeliveryState):
        reader_id = _reader(app, f"r{number}", 30 * MINUTE)
        with app.database.write() as session:
            due = NOW - 20 * MINUTE
            fields = {"due_at": due, "finished_at": due + timedelta(seconds=number)}
            saved_delivery(session, reader_id, state, **fields)
            old = {"due_at": NOW - DAY, "local_date": (NOW - DAY).date()}
            saved_delivery(session, reader_id, state, **old)
    _reader(app, "ada", -MINUTE)
    _reader(app, "grace", -HOUR)
    _reader(app, "alan", 3 * HOUR)
    _reader(app, "tomorrow", DAY)
    _reader(app, "gone", -HOUR, ReaderState.UNSUBSCRIBED)
    return app


def test_today_is_counted(day: App) -> None:
    """I4: one of each state, and two in no state yet, are thirteen due."""
    found = status(day)

    assert found.today == Count(
        due=13,
        sent=1,
        open=6,
        deferred=1,
        quiet=1,
        skipped=1,
        failed=1,
        expired=1,
        ambiguous=1,
        late=6,
    )
    assert found.today.is_balanced
    assert found.lateness == Lateness(5, 5, 5)
    assert (found.older_open, found.older_ambiguous) == (5, 1)


def test_what_comes_is_counted(day: App) -> None:
    """The next instant, the coming hour, and the rest of the day in UTC."""
    found = status(day)

    assert found.next_due_at == NOW + 30 * MINUTE
    assert (found.due_in_next_hour, found.due_later_today) == (11, 12)
    assert found.readers == {"active": 15, "unsubscribed": 1}
    assert found.bounces == {"hard": 1}


def test_a_digest_is_counted_once_while_it_is_opened(day: App) -> None:
    """I4: before it has a row it is one reader, afterwards it is one row."""
    before = status(day).today
    with day.database.write() as session:
        ada = reader_at(session, "ada@example.org")
        assert ada.id is not None
        ada.next_due_at = NOW + DAY
        saved_delivery(session, ada.id, due_at=NOW - MINUTE)

    assert status(day).today == before


def test_a_new_installation_has_nothing_to_tell(app: App) -> None:
    """And that is no error."""
    found = status(app)

    assert found.today == counted([])
    assert (found.next_due_at, found.last_sign, found.held) == (None, None, None)
    assert found.relay == RelayState(relay_name(app))
    assert (found.jobs, found.readers, found.bounces) == ((), {}, {})


def test_a_hold_is_told(app: App) -> None:
    """With its beginning and its reason."""
    hold(app, "moving house")

    assert status(app).held == Held(NOW, "moving house")


def test_the_relay_is_told(app: App, clock: FrozenClock) -> None:
    """While it is left in peace, and that it was slowed down; no other relay is of interest."""
    with app.database.write() as session:
        locked_relay(session, "old.example.org:25").paused_until = NOW + HOUR
        row = locked_relay(session, relay_name(app))
        row.paused_until, row.reason = NOW + MINUTE, "421 too many"
        row.slowdown, row.faults = 4.0, 2
    name = relay_name(app)
    assert status(app).relay == RelayState(name, NOW + MINUTE, 4.0, 2, "421 too many")

    clock.advance(MINUTE)
    assert status(app).relay == RelayState(name, None, 4.0, 2, "421 too many")


def test_jobs_are_told(app: App) -> None:
    """Those that run, and how the others went; a release is no work, nor a sign of it."""
    with app.database.write() as session:
        take_job(session, "housekeeping", "host", NOW, NOW + HOUR)
        take_job(session, "ingest", "host", NOW - HOUR, NOW)
        finish_job(session, "ingest", "host", NOW - MINUTE, "12 papers")
        set_progress(session, NOW + DAY, "confirmed by `paperround release`")

    found = status(app)

    assert found.jobs == (
        JobState("housekeeping", NOW, None, True, ""),
        JobState("ingest", NOW - HOUR, NOW - MINUTE, False, "12 papers"),
    )
    assert found.last_sign == NOW
    assert Counter(job.name for job in found.jobs)[SENDING] == 0

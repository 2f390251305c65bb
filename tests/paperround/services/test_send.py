"""Sending: everyone who is due, once, and nobody else."""

from datetime import date, timedelta

from digest.errors import Phase, RecipientRefusedError, RelayUnavailableError
from digest.testing import MemoryMailer
from paperround.context import App
from paperround.services.interests import NewInterest, add_interest
from paperround.services.readers import NewReader, add_reader, show_reader
from paperround.services.send import due_now, enqueue_due, send_due
from paperround.store.models import DeliveryState
from paperround.testing import FrozenClock, make_app
from tests.paperround.services.conftest import ADA, CODING

GRACE = "grace@example.org"


def _add_grace(app: App, zone: str = "UTC") -> None:
    add_reader(app, NewReader(GRACE, "Grace", zone, "07:00", "daily"))
    add_interest(app, GRACE, NewInterest("Coding", prose=CODING, threshold=0.0))


def _with(app: App, clock: FrozenClock, mailer: MemoryMailer) -> App:
    return make_app(app.database, app.settings.data_dir, clock, open_mailer=lambda: mailer)


def test_nobody_is_due_before_their_hour(stocked: App, clock: FrozenClock) -> None:
    """Not even a second before."""
    clock.advance(timedelta(days=1, seconds=-1))

    assert due_now(stocked) == []
    assert send_due(stocked).outcomes == ()


def test_running_twice_sends_once(stocked: App, clock: FrozenClock, mailer: MemoryMailer) -> None:
    """T01: however often it is run."""
    clock.advance(timedelta(days=1))
    send_due(stocked)
    send_due(stocked)
    clock.advance(timedelta(hours=1))
    send_due(stocked)

    assert len(mailer.messages) == 1


def test_each_reader_gets_the_digest_of_their_own_date(stocked: App, clock: FrozenClock) -> None:
    """A50: in Auckland it is Tuesday already."""
    _add_grace(stocked, "Pacific/Auckland")
    clock.advance(timedelta(hours=13))

    outcomes = send_due(stocked).outcomes

    assert [(outcome.address, outcome.local_date) for outcome in outcomes] == [
        (GRACE, date(2026, 5, 5))
    ]


def test_three_days_of_silence_are_made_up_for_by_one_digest(
    stocked: App, clock: FrozenClock, mailer: MemoryMailer
) -> None:
    """T05: the latest one, not three at once."""
    clock.advance(timedelta(days=3, hours=1))

    send_due(stocked)

    assert len(mailer.messages) == 1
    assert [row.local_date for row in show_reader(stocked, ADA).deliveries] == [date(2026, 5, 7)]


def test_the_next_digest_is_due_on_the_next_day(stocked: App, clock: FrozenClock) -> None:
    """Enqueueing and advancing are one transaction."""
    clock.advance(timedelta(days=1, minutes=20))
    opened = enqueue_due(stocked)

    reader = show_reader(stocked, ADA).reader
    assert opened == 1
    assert reader.next_due_on == date(2026, 5, 6)


def test_one_readers_failure_does_not_stop_the_others(stocked: App, clock: FrozenClock) -> None:
    """A refused address costs its owner a digest, and nobody else."""
    _add_grace(stocked)
    mailer = MemoryMailer([RecipientRefusedError("550 5.1.1 no such user", phase=Phase.RCPT)])
    clock.advance(timedelta(days=1))

    report = send_due(_with(stocked, clock, mailer))

    assert [outcome.state for outcome in report.outcomes] == [
        DeliveryState.FAILED,
        DeliveryState.SENT,
    ]
    assert (report.is_clean, report.relay_problem) == (False, "")


def test_a_relay_that_is_down_ends_the_run_and_nobody_is_skipped(
    stocked: App, clock: FrozenClock
) -> None:
    """T67: all are served when it is back."""
    _add_grace(stocked)
    down = MemoryMailer([RelayUnavailableError("connection refused", phase=Phase.CONNECT)])
    clock.advance(timedelta(days=1))

    report = send_due(_with(stocked, clock, down))
    clock.advance(timedelta(minutes=2))
    up = MemoryMailer()
    send_due(_with(stocked, clock, up))

    assert "connection refused" in report.relay_problem
    assert len(report.outcomes) == 1
    assert len(up.messages) == 2


def test_a_removed_reader_gets_nothing_any_more(
    stocked: App, clock: FrozenClock, mailer: MemoryMailer
) -> None:
    """A43, I5: whether one still wants it is looked at when it is sent."""
    clock.advance(timedelta(days=1))
    enqueue_due(stocked)
    with stocked.database.write() as session:
        from paperround.store.readers import reader_at

        reader_at(session, ADA).active = False

    report = send_due(stocked)

    assert mailer.messages == []
    assert [outcome.state for outcome in report.outcomes] == [DeliveryState.SKIPPED]


def test_progress_counts_the_deliveries(stocked: App, clock: FrozenClock) -> None:
    """One by one."""
    _add_grace(stocked)
    clock.advance(timedelta(days=1))
    told: list[float] = []

    send_due(stocked, on_progress=lambda done, total: told.append(done))

    assert told == [1, 2]

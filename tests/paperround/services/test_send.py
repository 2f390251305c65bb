"""Sending: everyone who is due, once, and nobody else."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import pairwise

import pytest

from digest.dkim import DkimKeyError
from digest.errors import (
    Phase,
    RecipientRefusedError,
    RelayConfigError,
    RelayUnavailableError,
)
from digest.mail import Receipt
from digest.mail.protocol import OnData
from digest.message import Message
from digest.testing import MemoryMailer
from paperround.context import App
from paperround.services.enqueue import MISSED, due_now, enqueue_due
from paperround.services.interests import NewInterest, add_interest
from paperround.services.outcomes import Outcome
from paperround.services.readers import NewReader, add_reader, show_reader
from paperround.services.send import send_due
from paperround.store.models import DeliveryState, ReaderState
from paperround.testing import FrozenClock, make_app
from tests.paperround.services.conftest import ADA, CODING

GRACE = "grace@example.org"


def _add_grace(app: App, zone: str = "UTC") -> None:
    add_reader(app, NewReader(GRACE, "Grace", zone, "07:00", "daily"))
    add_interest(app, GRACE, NewInterest("Coding", prose=CODING, threshold=0.0))


def _sent(app: App) -> list[Outcome]:
    """Send what is due and return what became of each delivery."""
    outcomes: list[Outcome] = []
    send_due(app, on_outcome=outcomes.append)
    return outcomes


def _with(app: App, clock: FrozenClock, mailer: MemoryMailer) -> App:
    return make_app(app.database, app.settings.data_dir, clock, open_mailer=lambda: mailer)


def test_nobody_is_due_before_their_hour(stocked: App, clock: FrozenClock) -> None:
    """Not even a second before."""
    clock.advance(timedelta(days=1, seconds=-1))

    assert due_now(stocked) == []
    assert send_due(stocked).counts == {}


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

    outcomes = _sent(stocked)

    assert [(outcome.address, outcome.local_date) for outcome in outcomes] == [
        (GRACE, date(2026, 5, 5))
    ]


def test_three_days_of_silence_are_made_up_for_by_one_digest(
    stocked: App, clock: FrozenClock, mailer: MemoryMailer
) -> None:
    """T05: the latest one, not three at once; the ledger says what became of the others."""
    clock.advance(timedelta(days=3, hours=1))

    send_due(stocked)

    assert len(mailer.messages) == 1
    rows = show_reader(stocked, ADA).deliveries
    assert [(row.local_date, row.state) for row in rows] == [
        (date(2026, 5, 7), DeliveryState.SENT),
        (date(2026, 5, 6), DeliveryState.EXPIRED),
        (date(2026, 5, 5), DeliveryState.EXPIRED),
    ]
    assert rows[1].reason == MISSED


def test_the_digest_after_a_missed_day_carries_over_what_was_best(
    stocked: App, clock: FrozenClock, mailer: MemoryMailer
) -> None:
    """T04: what nobody was sent is news to them."""
    clock.advance(timedelta(days=1, hours=13))
    late = send_due(stocked)
    clock.advance(timedelta(hours=11))

    send_due(stocked)

    (message,) = mailer.messages
    assert late.counts == {}
    assert show_reader(stocked, ADA).deliveries[1].state == DeliveryState.EXPIRED
    assert b"olar codes" in message.data or b"ecoding" in message.data


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

    assert report.counts == {DeliveryState.FAILED: 1, DeliveryState.SENT: 1}
    assert (report.is_clean, report.problem) == (False, "")


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

    assert "connection refused" in report.problem
    assert report.counts == {DeliveryState.PENDING: 1}
    assert len(up.messages) == 2


def test_a_removed_reader_gets_nothing_any_more(
    stocked: App, clock: FrozenClock, mailer: MemoryMailer
) -> None:
    """A43, I5: whether one still wants it is looked at when it is sent."""
    clock.advance(timedelta(days=1))
    enqueue_due(stocked)
    with stocked.database.write() as session:
        from paperround.store.readers import reader_at

        reader_at(session, ADA).state = ReaderState.UNSUBSCRIBED

    report = send_due(stocked)

    assert mailer.messages == []
    assert report.counts == {DeliveryState.SKIPPED: 1}


class _Patience:
    """Waits by moving the clock, and stops after so many waits."""

    def __init__(self, clock: FrozenClock, waits: int = 1_000) -> None:
        self.clock = clock
        self.left = waits

    def is_set(self) -> bool:
        """Tell whether it is time to stop."""
        return self.left <= 0

    def wait(self, timeout: float | None = None) -> bool:
        """Move the clock."""
        self.left -= 1
        self.clock.advance(timedelta(seconds=timeout or 0))
        return self.is_set()


class _Timed(MemoryMailer):
    """Remembers when each mail was handed over."""

    def __init__(self, clock: FrozenClock) -> None:
        super().__init__()
        self.clock = clock
        self.times: list[datetime] = []

    def send(self, message: Message, *, on_data: OnData) -> Receipt:
        """Keep the mail and the time."""
        self.times.append(self.clock())
        return super().send(message, on_data=on_data)


def _crowd(app: App, count: int) -> None:
    for number in range(count):
        address = f"reader{number}@example.org"
        add_reader(app, NewReader(address, "", "UTC", "07:00", "daily"))
        add_interest(app, address, NewInterest("Coding", keywords=("codes",), threshold=0.0))


def _with_settings(app: App, mailer: MemoryMailer, **values: object) -> App:
    settings = app.settings.model_copy(update=values)
    return replace(app, settings=settings, open_mailer=lambda: mailer)


def test_mails_go_at_the_pace_of_the_relay(stocked: App, clock: FrozenClock) -> None:
    """T73: a mail a second, whatever is due."""
    _crowd(stocked, 5)
    timed = _Timed(clock)
    clock.advance(timedelta(days=1))
    paced = _with_settings(stocked, timed, smtp_per_second=1.0)

    send_due(paced, stopping=_Patience(clock))

    gaps = [later - earlier for earlier, later in pairwise(timed.times)]
    assert len(timed.times) == 6
    assert all(gap >= timedelta(seconds=1) for gap in gaps)


def test_an_hours_share_is_kept_across_runs(stocked: App, clock: FrozenClock) -> None:
    """T73: what is left goes in the next hour."""
    _crowd(stocked, 5)
    timed = _Timed(clock)
    clock.advance(timedelta(days=1))
    paced = _with_settings(stocked, timed, smtp_per_hour=4)

    sent = []
    for _ in range(3):
        sent.append(send_due(paced).count(DeliveryState.SENT))
        clock.advance(timedelta(minutes=31))

    assert sent == [4, 0, 2]


def test_being_told_to_stop_gives_back_what_is_left(stocked: App, clock: FrozenClock) -> None:
    """T29: what is on its way is finished, the rest stays due and untouched."""
    _crowd(stocked, 5)
    mailer = MemoryMailer()
    clock.advance(timedelta(days=1))
    paced = _with_settings(stocked, mailer, smtp_per_second=0.6)

    stopped = send_due(paced, stopping=_Patience(clock, waits=2))
    resumed = send_due(_with_settings(stocked, mailer))

    assert stopped.count(DeliveryState.SENT) == 2
    assert resumed.count(DeliveryState.SENT) == 4
    assert len({message.message_id for message in mailer.messages}) == 6


def test_several_connections_share_what_is_due(stocked: App, clock: FrozenClock) -> None:
    """And nobody gets two."""
    _crowd(stocked, 30)
    mailers: list[MemoryMailer] = []

    def opened() -> MemoryMailer:
        mailers.append(MemoryMailer())
        return mailers[-1]

    clock.advance(timedelta(days=1))
    settings = stocked.settings.model_copy(update={"smtp_connections": 3})
    report = send_due(replace(stocked, settings=settings, open_mailer=opened))

    ids = [message.message_id for mailer in mailers for message in mailer.messages]
    assert report.count(DeliveryState.SENT) == len(ids) == len(set(ids)) == 31
    assert len(mailers) == 3


def test_a_refusing_relay_pauses_everybody_and_suppresses_nobody(
    stocked: App, clock: FrozenClock
) -> None:
    """T71: a wrong password is nobody's failure; it is tried again after a while."""
    wrong = RelayConfigError("535 5.7.8 wrong password", phase=Phase.AUTH, code=535)
    mailer = MemoryMailer([wrong])
    clock.advance(timedelta(days=1))
    app = _with_settings(stocked, mailer)

    first, second = send_due(app), send_due(app)
    clock.advance(timedelta(minutes=1))
    third = send_due(app)

    assert "wrong password" in first.problem
    assert (second.counts, "wrong password" in second.problem) == ({}, True)
    assert third.count(DeliveryState.SENT) == 1
    assert show_reader(stocked, ADA).deliveries[0].attempt == 1


def test_a_signing_key_that_is_missing_stops_the_run(stocked: App, clock: FrozenClock) -> None:
    """Nobody's digest fails for it; it is sent when the key is there."""
    mailer = MemoryMailer()
    clock.advance(timedelta(days=1))
    missing = stocked.settings.data_dir / "dkim.pem"
    app = _with_settings(stocked, mailer, dkim_selector="s1", dkim_key_file=missing)

    with pytest.raises(DkimKeyError, match=r"dkim\.pem"):
        send_due(app)

    assert send_due(_with_settings(stocked, mailer)).count(DeliveryState.SENT) == 1

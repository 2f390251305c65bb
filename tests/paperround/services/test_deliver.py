"""What an error makes of a delivery, and what one delivery leaves in the ledger."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from digest.errors import (
    AmbiguousDeliveryError,
    MailError,
    MessageRefusedError,
    Phase,
    RateLimitedError,
    RecipientDeferredError,
    RecipientRefusedError,
    RelayUnavailableError,
    RenderError,
    SenderRefusedError,
)
from digest.lint import lint
from digest.mail import Receipt
from digest.mail.protocol import OnData
from digest.message import Message
from digest.render import Renderer
from digest.testing import MemoryMailer
from paperround.context import App
from paperround.errors import LeaseLostError, StoreError, UnexpectedError
from paperround.services.outcomes import MAX_ATTEMPTS, Outcome, after_error
from paperround.services.readers import show_reader
from paperround.services.send import SendReport, send_due
from paperround.store.deliveries import DeliveryChange, change_delivery
from paperround.store.engine import Database, Session
from paperround.store.models import Delivery, DeliveryState, ReaderState
from paperround.store.readers import reader_at
from paperround.store.reaping import return_expired_leases
from paperround.store.shown import items_of
from paperround.testing import FrozenClock, make_app
from tests.paperround.services.conftest import ADA

NOW = datetime(2026, 5, 4, 7, 0, tzinfo=UTC)
LEASE = timedelta(minutes=16)


def _failure(kind: type[MailError], phase: Phase) -> MailError:
    return kind("450 or so", phase=phase)


@pytest.mark.parametrize(
    ("kind", "phase", "state"),
    [
        (RecipientRefusedError, Phase.RCPT, DeliveryState.FAILED),
        (RecipientDeferredError, Phase.RCPT, DeliveryState.DEFERRED),
        (SenderRefusedError, Phase.RCPT, DeliveryState.DEFERRED),
        (RateLimitedError, Phase.RCPT, DeliveryState.DEFERRED),
        (RelayUnavailableError, Phase.CONNECT, DeliveryState.DEFERRED),
        (MessageRefusedError, Phase.DOT, DeliveryState.FAILED),
        (AmbiguousDeliveryError, Phase.DOT, DeliveryState.DEFERRED),
    ],
)
def test_the_error_class_decides(kind: type[MailError], phase: Phase, state: DeliveryState) -> None:
    """C4: what is permanent fails, what is temporary or not the reader's fault waits."""
    assert after_error(_failure(kind, phase), 1, NOW).state is state


def test_an_address_that_says_later_too_often_fails() -> None:
    """A relay that is down never counts against the reader."""
    deferred = _failure(RecipientDeferredError, Phase.RCPT)
    relay = _failure(RelayUnavailableError, Phase.CONNECT)

    assert after_error(deferred, MAX_ATTEMPTS, NOW).state is DeliveryState.FAILED
    assert after_error(relay, 100, NOW).state is DeliveryState.DEFERRED


def test_a_template_that_is_broken_is_mended_by_somebody() -> None:
    """T81: no digest fails at the first try for it, and none is blank."""
    broken = RenderError("body.html", "unknown tag")

    assert after_error(broken, 1, NOW).state is DeliveryState.DEFERRED
    assert after_error(broken, MAX_ATTEMPTS, NOW).state is DeliveryState.FAILED


def test_each_try_waits_longer_than_the_one_before() -> None:
    """Up to an hour."""
    error = _failure(RecipientDeferredError, Phase.RCPT)
    retries = [after_error(error, attempt, NOW).retry_at for attempt in range(1, MAX_ATTEMPTS)]

    waits = [retry - NOW for retry in retries if retry is not None]
    assert waits == sorted(waits)
    assert waits[-1] == timedelta(hours=1)


def _due(app: App, clock: FrozenClock, mailer: MemoryMailer) -> tuple[SendReport, Delivery]:
    clock.advance(timedelta(days=1))
    app = make_app(app.database, app.settings.data_dir, clock, open_mailer=lambda: mailer)
    report = send_due(app)
    return report, show_reader(app, ADA).deliveries[0]


def test_a_sent_digest_is_in_the_ledger_with_all_it_showed(
    stocked: App, clock: FrozenClock, mailer: MemoryMailer
) -> None:
    """Rank, score and reasons: the ground of all later evaluation."""
    _, delivery = _due(stocked, clock, mailer)

    (message,) = mailer.messages
    assert delivery.state == DeliveryState.SENT
    assert (delivery.message_id, delivery.sha256) == (message.message_id, message.sha256)
    assert delivery.id is not None
    with stocked.database.read() as session:
        items = items_of(session, delivery.id)
        assert [item.rank for item in items] == list(range(1, len(items) + 1))
        assert all("words" in item.reasons for item in items)


def test_the_mail_is_fit_to_be_sent(stocked: App, clock: FrozenClock, mailer: MemoryMailer) -> None:
    """Part A: the lint finds nothing in what the mailer was given."""
    _due(stocked, clock, mailer)

    assert lint(mailer.messages[0].data) == []


@pytest.mark.parametrize(
    ("kind", "phase", "state"),
    [
        (RecipientRefusedError, Phase.RCPT, DeliveryState.FAILED),
        (RelayUnavailableError, Phase.BODY, DeliveryState.PENDING),
        (AmbiguousDeliveryError, Phase.DOT, DeliveryState.DEFERRED),
    ],
)
def test_a_failure_is_written_down_with_its_reason(
    stocked: App, clock: FrozenClock, kind: type[MailError], phase: Phase, state: DeliveryState
) -> None:
    """Whoever looks at the ledger learns what the relay said."""
    _, delivery = _due(stocked, clock, MemoryMailer([_failure(kind, phase)]))

    assert delivery.state == state
    assert delivery.reason is not None
    assert "450 or so" in delivery.reason


def test_a_mail_in_doubt_is_sent_again_under_the_same_message_id(
    stocked: App, clock: FrozenClock
) -> None:
    """T24: at most one duplicate, which a mailbox can recognise."""
    mailer = MemoryMailer([_failure(AmbiguousDeliveryError, Phase.DOT)])
    _due(stocked, clock, mailer)
    clock.advance(timedelta(minutes=2))

    send_due(
        make_app(stocked.database, stocked.settings.data_dir, clock, open_mailer=lambda: mailer)
    )

    first, second = mailer.messages
    assert (first.message_id, first.sha256) == (second.message_id, second.sha256)


def test_a_digest_that_is_too_late_expires(
    stocked: App, clock: FrozenClock, mailer: MemoryMailer
) -> None:
    """T04: thirteen hours late, nothing is sent, and the ledger says so."""
    clock.advance(timedelta(hours=13))

    _, delivery = _due(stocked, clock, mailer)

    assert (mailer.messages, delivery.state) == ([], DeliveryState.EXPIRED)
    assert delivery.reason is not None
    assert delivery.reason.startswith("too late")


def test_a_quiet_day_is_a_decision_with_a_reason(
    stocked: App, clock: FrozenClock, mailer: MemoryMailer
) -> None:
    """A44: no mail, and the ledger tells why."""
    clock.advance(timedelta(days=40))

    _, delivery = _due(stocked, clock, mailer)

    assert (mailer.messages, delivery.state) == ([], DeliveryState.QUIET)
    assert delivery.reason == "There were no new papers."


def _broken_renderer() -> Renderer:
    raise ZeroDivisionError


def test_a_bug_that_one_reader_meets_is_written_down_and_tried_again(
    stocked: App, clock: FrozenClock, mailer: MemoryMailer, caplog: pytest.LogCaptureFixture
) -> None:
    """T80, T81: the run goes on, the log has the traceback, and after some tries it fails."""
    clock.advance(timedelta(days=1))
    broken = replace(stocked, load_renderer=_broken_renderer)

    outcomes: list[Outcome] = []
    send_due(broken, on_outcome=outcomes.append)

    assert [outcome.state for outcome in outcomes] == [DeliveryState.DEFERRED]
    assert "a bug of Paper Round (ZeroDivisionError)" in outcomes[0].reason
    assert "Traceback" in caplog.text
    bug = UnexpectedError(ZeroDivisionError())
    assert after_error(bug, MAX_ATTEMPTS, NOW).state is DeliveryState.FAILED


class _Thief(MemoryMailer):
    """Loses the lease to another worker just before the body goes out."""

    def __init__(self, steal: Callable[[], None]) -> None:
        super().__init__()
        self.steal = steal

    def send(self, message, *, on_data):  # type: ignore[no-untyped-def]
        """Let the other worker in first."""
        self.steal()
        return super().send(message, on_data=on_data)


def test_a_worker_that_lost_its_lease_does_not_send(stocked: App, clock: FrozenClock) -> None:
    """T31: the body never goes out, so nothing is doubled."""

    def steal() -> None:
        with stocked.database.write() as session:
            return_expired_leases(session, clock() + LEASE)

    thief = _Thief(steal)
    report, delivery = _due(stocked, clock, thief)

    assert (thief.messages, report.counts) == ([], {})
    assert delivery.state == DeliveryState.PENDING


def test_whoever_unsubscribes_while_the_mail_is_made_gets_none(
    stocked: App, clock: FrozenClock
) -> None:
    """T103, A43: asked in the statement that begins the body."""

    def leave() -> None:
        with stocked.database.write() as session:
            reader_at(session, ADA).state = ReaderState.UNSUBSCRIBED

    mailer = _Thief(leave)
    report, delivery = _due(stocked, clock, mailer)

    assert (mailer.messages, report.counts) == ([], {DeliveryState.SKIPPED: 1})
    assert delivery.state == DeliveryState.SKIPPED


class _Stumbling(Database):
    """Fails one write, and works again."""

    stumbles = 0

    @contextmanager
    def write(self) -> Iterator[Session]:
        """Fail if it is to."""
        if self.stumbles:
            self.stumbles -= 1
            raise StoreError("deadlock detected")
        with super().write() as session:
            yield session


def test_an_end_is_written_down_even_if_the_database_stumbles(
    stocked: App, clock: FrozenClock
) -> None:
    """T38: a mail that was handed over is sent twice if nobody notes it."""
    stumbling = _Stumbling(stocked.database.engine.url.render_as_string(hide_password=False))
    clock.advance(timedelta(days=1))

    class Tripping(MemoryMailer):
        """Makes the database stumble when the mail is away."""

        def send(self, message: Message, *, on_data: OnData) -> Receipt:
            """Keep the mail."""
            receipt = super().send(message, on_data=on_data)
            stumbling.stumbles = 2
            return receipt

    report = send_due(replace(stocked, database=stumbling, open_mailer=Tripping))
    stumbling.dispose()

    assert report.counts == {DeliveryState.SENT: 1}


def test_a_lost_lease_names_the_delivery() -> None:
    """For the log."""
    assert "delivery 7" in str(LeaseLostError(7))


def test_a_change_after_the_lease_is_refused(
    stocked: App, clock: FrozenClock, mailer: MemoryMailer
) -> None:
    """I6: a late worker cannot undo what another one finished."""
    _, delivery = _due(stocked, clock, mailer)
    assert delivery.id is not None

    with stocked.database.write() as session:
        change = DeliveryChange(DeliveryState.FAILED)
        assert change_delivery(session, delivery.id, "somebody", change, NOW) is False

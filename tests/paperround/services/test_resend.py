"""Settling what the ledger cannot settle itself."""

from datetime import timedelta

import pytest

from paperround.context import App
from paperround.errors import SettledDeliveryError, UnknownDeliveryError, UnknownReaderError
from paperround.services.history import parse_history
from paperround.services.resend import resend
from paperround.store.claims import claim_due
from paperround.store.models import Delivery, DeliveryState, OutgoingMail, Reader, ReaderState
from paperround.store.outgoing import KeptMail, keep_mail, kept_mails
from paperround.testing import FrozenClock
from tests.paperround.ledger import LATE, line, saved_delivery
from tests.paperround.services.conftest import ADA, TODAY
from tests.paperround.store.rows import NOW, day, saved_reader

HOUR = timedelta(hours=1)
AGAIN = [
    DeliveryState.AMBIGUOUS,
    DeliveryState.FAILED,
    DeliveryState.EXPIRED,
    DeliveryState.SKIPPED,
]


def _mail(delivery_id: int) -> KeptMail:
    return KeptMail(delivery_id, "b@example.org", ADA, smtputf8=False, name="mail", data=b"bytes")


def _saved(app: App, state: DeliveryState, **fields: object) -> int:
    """Have a digest of Ada's in a state, its bytes kept, whose expiry is past."""
    values: dict[str, object] = {
        "attempt": 6,
        "dated_at": NOW,
        "message_id": "<1@example.org>",
        "finished_at": NOW,
        "expires_at": NOW - HOUR,
        "history": line(0, state, 6, "so it was"),
    }
    with app.database.write() as session:
        number = saved_delivery(session, saved_reader(session), state, **(values | fields))
        keep_mail(session, _mail(number))
    return number


def _row(app: App, number: int) -> Delivery:
    with app.database.read() as session:
        row = session.get(Delivery, number)
        assert row is not None
        session.expunge(row)
        return row


@pytest.mark.parametrize("state", AGAIN)
def test_what_is_over_is_opened_again(app: App, clock: FrozenClock, state: DeliveryState) -> None:
    """T24: with the same Message-ID and Date, in time from now on, its tries counted anew."""
    number = _saved(app, state)
    clock.advance(HOUR)

    settled = resend(app, ADA, TODAY)

    row = _row(app, number)
    assert (settled.was, settled.now, settled.same_bytes) == (state, DeliveryState.PENDING, True)
    assert (row.state, row.attempt, row.finished_at) == ("pending", 0, None)
    assert (row.retry_at, row.expires_at) == (clock(), clock() + LATE)
    assert (row.message_id, row.dated_at) == ("<1@example.org>", NOW)
    assert parse_history(row.history)[-1].words == "opened again by the operator"


def test_a_worker_takes_it_with_its_bytes(app: App) -> None:
    """T24: it is the very mail that may have arrived."""
    number = _saved(app, DeliveryState.AMBIGUOUS)

    resend(app, ADA, TODAY)

    with app.database.write() as session:
        (row,) = claim_due(session, "host", NOW, until=NOW + HOUR, limit=5)
        assert row.id == number
        assert kept_mails(session, [number]) == {number: _mail(number)}


def test_without_bytes_it_is_made_anew(app: App) -> None:
    """And that is said."""
    number = _saved(app, DeliveryState.EXPIRED)
    with app.database.write() as session:
        session.delete(session.get(OutgoingMail, number))

    assert not resend(app, ADA, TODAY).same_bytes


def test_a_mail_in_doubt_can_be_taken_as_sent(app: App) -> None:
    """T24: the operator has seen it arrive; nothing goes out, and its bytes are let go."""
    number = _saved(app, DeliveryState.AMBIGUOUS)

    settled = resend(app, ADA, TODAY, as_sent=True)

    row = _row(app, number)
    assert (settled.now, settled.expires_at) == (DeliveryState.SENT, None)
    assert (row.state, row.finished_at) == ("sent", NOW)
    assert row.reason == "the operator says that it arrived"
    with app.database.read() as session:
        assert kept_mails(session, [number]) == {}


@pytest.mark.parametrize("as_sent", [True, False])
def test_a_dry_run_changes_nothing(app: App, as_sent: bool) -> None:
    """It says what would be."""
    number = _saved(app, DeliveryState.AMBIGUOUS)
    before = _row(app, number).model_dump()

    settled = resend(app, ADA, TODAY, as_sent=as_sent, dry_run=True)

    assert settled.was is DeliveryState.AMBIGUOUS
    assert _row(app, number).model_dump() == before


@pytest.mark.parametrize(
    ("state", "as_sent", "problem"),
    [
        (DeliveryState.SENT, False, "was sent at 2026-05-04 07:00 UTC; it is never sent twice"),
        (DeliveryState.SENT, True, "it is never sent twice"),
        (DeliveryState.QUIET, False, "there was nothing to send to ada@example.org on 2026-05-04"),
        (DeliveryState.PENDING, False, "is pending; it is still under way: let it go on"),
        (DeliveryState.DATA_STARTED, False, "is data started; it is still under way"),
        (DeliveryState.DEFERRED, True, "is deferred; it is still under way"),
        (DeliveryState.FAILED, True, "is failed, and certainly did not arrive; leave --as-sent"),
    ],
)
def test_what_is_not_the_operators_to_settle_is_refused(
    app: App, state: DeliveryState, as_sent: bool, problem: str
) -> None:
    """I6: with what it is, and what to do instead; nothing is changed."""
    number = _saved(app, state)
    before = _row(app, number).model_dump()

    with pytest.raises(SettledDeliveryError) as refused:
        resend(app, ADA, TODAY, as_sent=as_sent)

    assert problem in str(refused.value)
    assert _row(app, number).model_dump() == before


@pytest.mark.parametrize(
    ("state", "paused", "problem"),
    [
        (ReaderState.UNSUBSCRIBED, False, "ada@example.org is unsubscribed; `paperround why"),
        (ReaderState.ACTIVE, True, "is active, paused until 2026-05-09; `paperround why"),
    ],
)
def test_whoever_does_not_want_it_does_not_get_it(
    app: App, state: ReaderState, paused: bool, problem: str
) -> None:
    """I5: but a mail in doubt can still be taken as sent."""
    _saved(app, DeliveryState.AMBIGUOUS)
    with app.database.write() as session:
        reader = session.get(Reader, 1)
        assert reader is not None
        reader.state, reader.paused_until = state, day(9) if paused else None

    with pytest.raises(SettledDeliveryError) as refused:
        resend(app, ADA, TODAY)

    assert problem in str(refused.value)
    assert resend(app, ADA, TODAY, as_sent=True).now is DeliveryState.SENT


def test_a_notice_is_settled_by_its_name(app: App) -> None:
    """The digest of the same date is another mail."""
    number = _saved(app, DeliveryState.AMBIGUOUS, stream="move-old.1")

    settled = resend(app, ADA, TODAY, stream="move-old.1", as_sent=True)

    assert settled.stream == "move-old.1"
    assert _row(app, number).state == "sent"
    with pytest.raises(UnknownDeliveryError):
        resend(app, ADA, TODAY)


def test_nothing_on_that_date_is_said(app: App) -> None:
    """With the command that says why."""
    with pytest.raises(UnknownReaderError):
        resend(app, ADA, TODAY)
    with app.database.write() as session:
        saved_reader(session)

    with pytest.raises(UnknownDeliveryError) as unknown:
        resend(app, ADA, TODAY)
    assert "`paperround why ada@example.org 2026-05-04` says why" in str(unknown.value)

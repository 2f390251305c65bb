"""Rows that nobody works on any more: given back, held for the operator, or closed."""

from datetime import datetime, timedelta

import pytest

from paperround.store.deliveries import DeliveryChange, change_delivery, delivery_of
from paperround.store.engine import Database
from paperround.store.models import Delivery, DeliveryState
from paperround.store.outgoing import KeptMail, keep_mail, kept_mails
from paperround.store.reaping import MAX_CRASHES, expire, return_expired_leases
from tests.paperround.store.rows import LATE, LEASE, NOW, claimed_rows, opened_row, saved_reader

SECOND = timedelta(seconds=1)
OVER = NOW + LEASE + SECOND


def _left(database: Database, state: DeliveryState) -> int:
    """Leave a row behind as a worker that died in a state does."""
    with database.write() as session:
        opened_row(session, saved_reader(session))
        (row,) = claimed_rows(session)
        assert row.id is not None
        if state is not DeliveryState.CLAIMED:
            change_delivery(session, row.id, "worker-1", DeliveryChange(state), NOW)
        return row.id


def _row(database: Database, delivery_id: int) -> Delivery:
    with database.read() as session:
        row = delivery_of(session, delivery_id)
        assert row is not None
        session.expunge(row)
        return row


def _reap(database: Database, now: datetime, *, hold: bool = False) -> int:
    with database.write() as session:
        return return_expired_leases(session, now, hold=hold)


@pytest.mark.parametrize(
    "state", [DeliveryState.CLAIMED, DeliveryState.RENDERED, DeliveryState.DATA_STARTED]
)
def test_the_rows_of_a_dead_worker_come_back_after_the_lease(
    database: Database, state: DeliveryState
) -> None:
    """T20, T21, T24: whatever it was doing, and not before."""
    row = _left(database, state)

    early, late = _reap(database, NOW + LEASE), _reap(database, OVER)

    assert (early, late) == (0, 1)
    assert _row(database, row).state == DeliveryState.PENDING


@pytest.mark.parametrize("hold", [False, True])
def test_only_a_mail_in_doubt_waits_for_the_operator(database: Database, hold: bool) -> None:
    """T24, T25: `on_ambiguous = hold`; what certainly did not go out is just sent again."""
    doubtful = _left(database, DeliveryState.DATA_STARTED)

    _reap(database, OVER, hold=hold)

    row = _row(database, doubtful)
    assert row.state == (DeliveryState.AMBIGUOUS if hold else DeliveryState.PENDING)
    assert "the relay may have it" in (row.reason or "")
    assert (row.finished_at is not None) is hold


def test_a_mail_that_kills_its_worker_again_and_again_is_given_up(database: Database) -> None:
    """T30: and it says so, instead of killing for ever."""
    row = _left(database, DeliveryState.CLAIMED)
    now = OVER
    for _ in range(MAX_CRASHES - 1):
        _reap(database, now)
        with database.write() as session:
            claimed_rows(session, at=now)
        now += LEASE + SECOND

    _reap(database, now)

    assert _row(database, row).state == DeliveryState.FAILED
    assert "please report it" in (_row(database, row).reason or "")


def test_what_is_too_late_is_closed_with_its_bytes(database: Database) -> None:
    """T04, I2: every row ends; only what is held by a worker is left to it."""
    with database.write() as session:
        opened_row(session, saved_reader(session))
        (row,) = claimed_rows(session)
        assert row.id is not None
        keep_mail(session, KeptMail(row.id, "a@b.example", "c@d.example", False, "x", b"m"))
        held = expire(session, LATE)
        change = DeliveryChange(DeliveryState.DEFERRED, retry_at=NOW, reason="450 later")
        change_delivery(session, row.id, "worker-1", change, NOW)
        early, late = expire(session, LATE - SECOND), expire(session, LATE)
        kept = kept_mails(session, [row.id])

    assert (held, early, late, kept) == (0, 0, 1, {})
    assert _row(database, row.id).state == DeliveryState.EXPIRED

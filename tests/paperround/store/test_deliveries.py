"""The ledger: never two rows for a date, never two owners of a row."""

from concurrent.futures import ProcessPoolExecutor
from datetime import timedelta
from multiprocessing import get_context

import pytest
from sqlalchemy import text

from paperround.store.claims import SUSPECT, give_back, renew_leases
from paperround.store.deliveries import (
    DeliveryChange,
    change_delivery,
    deliveries_of,
    delivery_of,
    enqueue,
    has_unfinished,
)
from paperround.store.engine import Database
from paperround.store.models import Delivery, DeliveryState
from paperround.store.outgoing import KeptMail, keep_mail, kept_mails
from paperround.store.reaping import return_expired_leases
from tests.paperround.store.rows import (
    LATE,
    LEASE,
    NOW,
    TODAY,
    claimed_rows,
    day,
    opened_row,
    saved_reader,
)

SECOND = timedelta(seconds=1)


def _claimed(database: Database, owner: str = "worker-1") -> Delivery:
    with database.write() as session:
        opened_row(session, saved_reader(session))
        (row,) = claimed_rows(session, owner)
    return row


def _change(database: Database, row: Delivery, change: DeliveryChange, owner: str) -> bool:
    assert row.id is not None
    with database.write() as session:
        return change_delivery(session, row.id, owner, change, NOW)


def _finish(database: Database, row: Delivery, state: DeliveryState, owner: str) -> bool:
    return _change(database, row, DeliveryChange(state, finished_at=NOW), owner)


def _deferred(database: Database, row: Delivery) -> None:
    change = DeliveryChange(DeliveryState.DEFERRED, code=450, retry_at=NOW, reason="450 later")
    _change(database, row, change, "worker-1")


def test_a_date_is_enqueued_once(database: Database) -> None:
    """T01, T40: the second time is a silent no-op."""
    with database.write() as session:
        ada = saved_reader(session)
        first = enqueue(session, ada, "daily", TODAY, NOW, LATE)
        second = enqueue(session, ada, "daily", TODAY, NOW, LATE)

    assert (first, second) == (True, False)


def test_a_claimed_row_is_claimed_by_nobody_else(database: Database) -> None:
    """The lease keeps it until it ends."""
    _claimed(database)

    with database.write() as session:
        assert claimed_rows(session, "worker-2") == []


def test_a_row_is_not_claimed_before_its_time(database: Database) -> None:
    """Neither before it is due nor before its retry."""
    row = _claimed(database)
    retry = NOW + timedelta(minutes=5)
    change = DeliveryChange(DeliveryState.DEFERRED, retry_at=retry, reason="450 try later")
    _change(database, row, change, "worker-1")

    with database.write() as session:
        early = claimed_rows(session, at=retry - SECOND)
        in_time = claimed_rows(session, at=retry)

    assert early == []
    assert [claimed.attempt for claimed in in_time] == [2]


def test_a_row_is_not_claimed_after_its_time(database: Database) -> None:
    """T04: a digest of the morning is not sent at night."""
    with database.write() as session:
        opened_row(session, saved_reader(session))

        assert claimed_rows(session, at=LATE) == []
        assert len(claimed_rows(session, at=LATE - SECOND)) == 1


def test_notices_go_before_digests(database: Database) -> None:
    """Somebody waits for them before a screen."""
    with database.write() as session:
        ada, grace = saved_reader(session), saved_reader(session, "grace@example.org")
        opened_row(session, ada, at=NOW - timedelta(hours=1))
        opened_row(session, grace, stream="confirm.1")

        first = claimed_rows(session)
        second = claimed_rows(session)

    assert [row.stream for row in [*first, *second]] == ["confirm.1", "daily"]


def test_what_was_tried_often_is_claimed_last_and_alone(database: Database) -> None:
    """T30: a mail that kills its worker takes no others along."""
    with database.write() as session:
        readers = [saved_reader(session, f"reader{number}@example.org") for number in range(3)]
        for reader in readers:
            opened_row(session, reader)
    for _ in range(SUSPECT):
        with database.write() as session:
            for row in claimed_rows(session, limit=2):
                assert row.id is not None
                change = DeliveryChange(DeliveryState.DEFERRED, retry_at=NOW)
                change_delivery(session, row.id, "worker-1", change, NOW)

    with database.write() as session:
        batches = [claimed_rows(session), claimed_rows(session), claimed_rows(session)]

    assert [len(batch) for batch in batches] == [1, 1, 1]


def test_finishing_needs_the_lease(database: Database) -> None:
    """T31: a worker that lost its lease changes nothing and learns of it."""
    row = _claimed(database, "slow")
    late = NOW + LEASE + SECOND
    with database.write() as session:
        return_expired_leases(session, late)
        claimed_rows(session, "quick", late)

    assert _finish(database, row, DeliveryState.SENT, "slow") is False
    assert _finish(database, row, DeliveryState.SENT, "quick") is True


def test_a_renewed_lease_ends_later(database: Database) -> None:
    """G3: a relay that takes its time costs nobody their row."""
    _claimed(database)
    with database.write() as session:
        assert renew_leases(session, "worker-1", NOW + 2 * LEASE) == 1

    with database.write() as session:
        assert return_expired_leases(session, NOW + LEASE + SECOND) == 0
        assert return_expired_leases(session, NOW + 2 * LEASE + SECOND) == 1


def test_a_final_state_never_regresses(database: Database) -> None:
    """I6: what is sent stays sent."""
    row = _claimed(database)
    _finish(database, row, DeliveryState.SENT, "worker-1")

    assert _finish(database, row, DeliveryState.FAILED, "worker-1") is False


def test_a_row_that_is_given_back_was_not_tried(database: Database) -> None:
    """A fault of the relay is nobody's attempt."""
    row = _claimed(database)
    assert row.id is not None

    with database.write() as session:
        given = give_back(session, [row.id], "worker-1", NOW, "421 closing down")
        (again,) = claimed_rows(session)

    assert (given, again.attempt) == (1, 1)


def test_a_row_on_its_way_cannot_be_given_back(database: Database) -> None:
    """Nobody knows whether the relay has it."""
    row = _claimed(database)
    assert row.id is not None
    _change(database, row, DeliveryChange(DeliveryState.DATA_STARTED), "worker-1")

    with database.write() as session:
        assert give_back(session, [row.id], "worker-1", NOW, "stopped") == 0


def test_every_change_is_a_line_of_the_history(database: Database) -> None:
    """`paperround why` tells from the ledger alone."""
    row = _claimed(database)
    _deferred(database, row)
    with database.write() as session:
        claimed_rows(session, "worker-2", NOW + SECOND)
        assert row.id is not None
        sent = DeliveryChange(DeliveryState.SENT, code=250, reason="queued\tas\n7", finished_at=NOW)
        change_delivery(session, row.id, "worker-2", sent, NOW + SECOND)

    with database.read() as session:
        kept = delivery_of(session, row.id)
        assert kept is not None
        lines = [line.split("\t") for line in kept.history.splitlines()]

    assert [(state, attempt, code, words) for _, state, attempt, code, words in lines] == [
        ("pending", "0", "-", "due"),
        ("claimed", "1", "-", "by worker-1"),
        ("deferred", "1", "450", "450 later"),
        ("claimed", "2", "-", "by worker-2"),
        ("sent", "2", "250", "queued as 7"),
    ]
    assert lines[0][0] == "2026-05-04T07:00:00.000+00:00"


def test_bytes_are_let_go_when_the_delivery_is_final(database: Database) -> None:
    """Kept while it may be tried again, and while the operator has to decide."""
    states = {}
    for number, state in enumerate(
        (DeliveryState.DEFERRED, DeliveryState.AMBIGUOUS, DeliveryState.SENT)
    ):
        with database.write() as session:
            reader = saved_reader(session, f"reader{number}@example.org")
            opened_row(session, reader)
            (row,) = claimed_rows(session)
            assert row.id is not None
            keep_mail(session, KeptMail(row.id, "a@b.example", "c@d.example", False, "x", b"m"))
            change_delivery(session, row.id, "worker-1", DeliveryChange(state, retry_at=LATE), NOW)
            states[state] = bool(kept_mails(session, [row.id]))

    assert states == {
        DeliveryState.DEFERRED: True,
        DeliveryState.AMBIGUOUS: True,
        DeliveryState.SENT: False,
    }


def test_a_ledger_is_unfinished_while_a_row_is_open_or_held(database: Database) -> None:
    """So that a worker knows when it may go home."""
    with database.read() as session:
        empty = has_unfinished(session)
    row = _claimed(database)
    with database.read() as session:
        held = has_unfinished(session)
    _finish(database, row, DeliveryState.QUIET, "worker-1")

    with database.read() as session:
        assert (empty, held, has_unfinished(session)) == (False, True, False)


def _claim_all(url: str, owner: str) -> list[int]:
    database = Database(url)
    mine: list[int] = []
    claimed = True
    while claimed:
        with database.write() as session:
            claimed = bool(rows := claimed_rows(session, owner, limit=7))
        mine += [row.id for row in rows if row.id is not None]
    database.dispose()
    return mine


@pytest.mark.slow
def test_four_processes_claim_every_row_exactly_once(database: Database) -> None:
    """T39: the claim race has no duplicates and loses nothing."""
    with database.write() as session:
        for number in range(200):
            opened_row(session, saved_reader(session, f"reader{number}@example.org"))
    url = database.engine.url.render_as_string(hide_password=False)

    with ProcessPoolExecutor(4, mp_context=get_context("spawn")) as pool:
        shares = list(pool.map(_claim_all, [url] * 4, ["a", "b", "c", "d"]))

    claimed = [row for share in shares for row in share]
    assert len(claimed) == len(set(claimed)) == 200


def test_deliveries_of_a_reader_come_latest_first(database: Database) -> None:
    """As a timeline is read."""
    with database.write() as session:
        ada = saved_reader(session)
        for number in (4, 6, 5):
            opened_row(session, ada, day(number))

    with database.read() as session:
        dates = [row.local_date for row in deliveries_of(session, ada)]

    assert dates == [day(6), day(5), day(4)]


def test_claiming_uses_the_index(database: Database) -> None:
    """Years of history do not slow the queue down."""
    explain = {"sqlite": "EXPLAIN QUERY PLAN", "postgresql": "EXPLAIN"}[database.dialect]
    discourage_scans = {"sqlite": "SELECT 1", "postgresql": "SET enable_seqscan = off"}
    query = (
        "SELECT id FROM delivery WHERE state IN ('pending', 'deferred') "
        "AND retry_at <= '2026-05-04' AND expires_at > '2026-05-04' AND stream = 'daily' "
        "AND attempt < 3 ORDER BY retry_at, id LIMIT 5"
    )

    with database.engine.connect() as connection:
        connection.execute(text(discourage_scans[database.dialect]))
        plan = connection.execute(text(f"{explain} {query}")).all()

    assert "ix_delivery_state_retry_at_id" in str(plan)

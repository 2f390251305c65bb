"""The ledger: never two rows for a date, never two owners of a row."""

from concurrent.futures import ProcessPoolExecutor
from datetime import timedelta
from multiprocessing import get_context

import pytest
from sqlalchemy import text

from paperround.store.deliveries import (
    LEASE,
    DeliveryChange,
    ShownPaper,
    advance_reader,
    change_delivery,
    claim_due,
    deliveries_of,
    due_readers,
    enqueue,
    items_of,
    last_digest,
    record_items,
    return_expired_leases,
    section_interest,
    shown_papers,
)
from paperround.store.engine import Database
from paperround.store.models import Delivery, DeliveryState
from tests.paperround.store.rows import (
    NOW,
    TODAY,
    day,
    saved_interest,
    saved_papers,
    saved_reader,
)


def _claimed(database: Database, owner: str = "worker-1") -> Delivery:
    with database.write() as session:
        enqueue(session, saved_reader(session), "daily", TODAY, NOW)
        (row,) = claim_due(session, owner, NOW, limit=5)
    return row


def _finish(database: Database, row: Delivery, state: DeliveryState, owner: str) -> bool:
    assert row.id is not None
    change = DeliveryChange(state, finished_at=NOW)
    with database.write() as session:
        return change_delivery(session, row.id, owner, change)


def test_a_date_is_enqueued_once(database: Database) -> None:
    """T01, T40: the second time is a silent no-op."""
    with database.write() as session:
        ada = saved_reader(session)
        first = enqueue(session, ada, "daily", TODAY, NOW)
        second = enqueue(session, ada, "daily", TODAY, NOW)

    assert (first, second) == (True, False)


def test_a_due_reader_is_advanced_by_one_process_only(database: Database) -> None:
    """T02: whoever read the same due time later moves nothing."""
    with database.write() as session:
        saved_reader(session)
    with database.read() as session:
        (reader,) = due_readers(session, NOW)
        session.expunge(reader)

    tomorrow = NOW + timedelta(days=1)
    with database.write() as session:
        first = advance_reader(session, reader, tomorrow, tomorrow.date())
        second = advance_reader(session, reader, tomorrow, tomorrow.date())

    assert (first, second) == (True, False)
    with database.read() as session:
        assert due_readers(session, NOW) == []


def test_a_claimed_row_is_claimed_by_nobody_else(database: Database) -> None:
    """The lease keeps it until it ends."""
    _claimed(database)

    with database.write() as session:
        assert claim_due(session, "worker-2", NOW, limit=5) == []


def test_a_row_is_not_claimed_before_its_time(database: Database) -> None:
    """Neither before it is due nor before its retry."""
    row = _claimed(database)
    assert row.id is not None
    retry = NOW + timedelta(minutes=5)
    with database.write() as session:
        change = DeliveryChange(DeliveryState.DEFERRED, retry_at=retry, reason="450 try later")
        change_delivery(session, row.id, "worker-1", change)

    with database.write() as session:
        early = claim_due(session, "worker-1", retry - timedelta(seconds=1), limit=5)
        in_time = claim_due(session, "worker-1", retry, limit=5)

    assert early == []
    assert [claimed.attempt for claimed in in_time] == [2]


def test_finishing_needs_the_lease(database: Database) -> None:
    """T31: a worker that lost its lease changes nothing and learns of it."""
    row = _claimed(database, "slow")
    late = NOW + LEASE + timedelta(seconds=1)
    with database.write() as session:
        return_expired_leases(session, late)
        claim_due(session, "quick", late, limit=5)

    assert _finish(database, row, DeliveryState.SENT, "slow") is False
    assert _finish(database, row, DeliveryState.SENT, "quick") is True


def test_a_final_state_never_regresses(database: Database) -> None:
    """I6: what is sent stays sent."""
    row = _claimed(database)
    _finish(database, row, DeliveryState.SENT, "worker-1")

    assert _finish(database, row, DeliveryState.FAILED, "worker-1") is False


def test_the_rows_of_a_dead_worker_come_back_after_the_lease(database: Database) -> None:
    """T20, T24: claimed or in mid-send, and not before."""
    row = _claimed(database)
    assert row.id is not None
    with database.write() as session:
        change_delivery(session, row.id, "worker-1", DeliveryChange(DeliveryState.DATA_STARTED))

    with database.write() as session:
        early = return_expired_leases(session, NOW + LEASE)
        late = return_expired_leases(session, NOW + LEASE + timedelta(seconds=1))

    assert (early, late) == (0, 1)


def _claim_all(url: str, owner: str) -> list[int]:
    database = Database(url)
    mine: list[int] = []
    claimed = True
    while claimed:
        with database.write() as session:
            claimed = bool(rows := claim_due(session, owner, NOW, limit=7))
        mine += [row.id for row in rows if row.id is not None]
    database.dispose()
    return mine


@pytest.mark.slow
def test_four_processes_claim_every_row_exactly_once(database: Database) -> None:
    """T39: the claim race has no duplicates and loses nothing."""
    with database.write() as session:
        for number in range(200):
            reader = saved_reader(session, f"reader{number}@example.org")
            enqueue(session, reader, "daily", TODAY, NOW)
    url = database.engine.url.render_as_string(hide_password=False)

    with ProcessPoolExecutor(4, mp_context=get_context("spawn")) as pool:
        shares = list(pool.map(_claim_all, [url] * 4, ["a", "b", "c", "d"]))

    claimed = [row for share in shares for row in share]
    assert len(claimed) == len(set(claimed)) == 200


def test_an_earlier_attempts_items_are_replaced(database: Database) -> None:
    """The ledger says what the last attempt showed, in its order."""
    row = _claimed(database)
    assert row.id is not None
    with database.write() as session:
        papers = saved_papers(session, 3)
        interest = saved_interest(session, row.reader_id)
        for keys in (papers, papers[::-1][:2]):
            shown = [ShownPaper(key, "interest", interest, 91.5, {"words": ["a"]}) for key in keys]
            record_items(session, row.id, shown)

    with database.read() as session:
        items = items_of(session, row.id)
        assert [(item.rank, item.paper_id) for item in items] == [(1, papers[2]), (2, papers[1])]
        assert section_interest(session, row.reader_id, papers[1]) == interest


def test_papers_shown_on_earlier_dates_are_known(database: Database) -> None:
    """Those of the same date are not: a retry shows them again."""
    row = _claimed(database)
    assert row.id is not None
    with database.write() as session:
        (paper,) = saved_papers(session, 1)
        record_items(session, row.id, [ShownPaper(paper, "trending", None, 99.0, {})])

    with database.read() as session:
        assert shown_papers(session, row.reader_id, before=TODAY) == frozenset()
        assert shown_papers(session, row.reader_id, before=day(5)) == {paper}


def test_papers_of_a_digest_that_never_arrived_may_be_shown_again(database: Database) -> None:
    """A refused mail has shown nothing."""
    row = _claimed(database)
    assert row.id is not None
    with database.write() as session:
        (paper,) = saved_papers(session, 1)
        record_items(session, row.id, [ShownPaper(paper, "trending", None, 99.0, {})])
    _finish(database, row, DeliveryState.FAILED, "worker-1")

    with database.read() as session:
        assert shown_papers(session, row.reader_id, before=day(5)) == frozenset()


def test_the_last_digest_is_the_last_sent_or_quiet_one(database: Database) -> None:
    """An open row is none yet."""
    row = _claimed(database)

    with database.read() as session:
        before = last_digest(session, row.reader_id, before=day(5))
    _finish(database, row, DeliveryState.QUIET, "worker-1")
    with database.read() as session:
        after = last_digest(session, row.reader_id, before=day(5))

    assert before is None
    assert after == (TODAY, NOW)


def test_deliveries_of_a_reader_come_latest_first(database: Database) -> None:
    """As a timeline is read."""
    with database.write() as session:
        ada = saved_reader(session)
        for number in (4, 6, 5):
            enqueue(session, ada, "daily", day(number), NOW)

    with database.read() as session:
        dates = [row.local_date for row in deliveries_of(session, ada)]

    assert dates == [day(6), day(5), day(4)]


def test_claiming_uses_the_index(database: Database) -> None:
    """Years of history do not slow the queue down."""
    explain = {"sqlite": "EXPLAIN QUERY PLAN", "postgresql": "EXPLAIN"}[database.dialect]
    discourage_scans = {"sqlite": "SELECT 1", "postgresql": "SET enable_seqscan = off"}
    query = (
        "SELECT id FROM delivery WHERE state IN ('pending', 'deferred') "
        "AND retry_at <= '2026-05-04' ORDER BY retry_at, id LIMIT 5"
    )

    with database.engine.connect() as connection:
        connection.execute(text(discourage_scans[database.dialect]))
        plan = connection.execute(text(f"{explain} {query}")).all()

    assert "ix_delivery_state_retry_at_id" in str(plan)

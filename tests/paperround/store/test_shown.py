"""What readers were shown: kept with each delivery, and known afterwards."""

from paperround.store.deliveries import DeliveryChange, change_delivery
from paperround.store.engine import Database
from paperround.store.models import Delivery, DeliveryState
from paperround.store.shown import (
    ShownPaper,
    items_of,
    last_digest,
    record_items,
    section_interest,
    shown_papers,
)
from tests.paperround.store.rows import (
    NOW,
    TODAY,
    claimed_rows,
    day,
    opened_row,
    saved_interest,
    saved_papers,
    saved_reader,
)


def _claimed(database: Database) -> Delivery:
    with database.write() as session:
        opened_row(session, saved_reader(session))
        (row,) = claimed_rows(session)
    return row


def _finish(database: Database, row: Delivery, state: DeliveryState) -> None:
    assert row.id is not None
    with database.write() as session:
        change = DeliveryChange(state, finished_at=NOW)
        change_delivery(session, row.id, "worker-1", change, NOW)


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
    _finish(database, row, DeliveryState.FAILED)

    with database.read() as session:
        assert shown_papers(session, row.reader_id, before=day(5)) == frozenset()


def test_the_last_digest_is_the_last_sent_or_quiet_one(database: Database) -> None:
    """An open row is none yet."""
    row = _claimed(database)

    with database.read() as session:
        before = last_digest(session, row.reader_id, before=day(5))
    _finish(database, row, DeliveryState.QUIET)
    with database.read() as session:
        after = last_digest(session, row.reader_id, before=day(5))

    assert before is None
    assert after == (TODAY, NOW)

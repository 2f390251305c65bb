"""Ratings and the digests that they are about."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlmodel import Session

from paperround.store.deliveries import DeliveryChange, change_delivery
from paperround.store.embeddings import save_vectors
from paperround.store.engine import Database
from paperround.store.models import DeliveryState
from paperround.store.papers import papers_by_key
from paperround.store.ratings import save_rating
from paperround.store.shown import ShownPaper, record_items
from paperround.store.verdicts import Verdict, vectors_announced, verdicts
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

HOUR = timedelta(hours=1)


def _digest(
    session: Session,
    reader: int,
    papers: list[int],
    *,
    on: date = TODAY,
    at: datetime = NOW,
    interest: int | None = None,
    state: DeliveryState = DeliveryState.SENT,
) -> int:
    """Show papers to a reader and return the delivery's number."""
    opened_row(session, reader, on, at)
    (row,) = claimed_rows(session, "worker", at, limit=1)
    assert row.id is not None
    record_items(
        session, row.id, [ShownPaper(key, "interest", interest, 50.0, {}) for key in papers]
    )
    change_delivery(session, row.id, "worker", DeliveryChange(state, finished_at=at), at)
    return row.id


def test_a_rating_belongs_to_the_digest_that_showed_the_paper(database: Database) -> None:
    """However late it comes."""
    with database.write() as session:
        ada = saved_reader(session)
        coding = saved_interest(session, ada)
        first, second = saved_papers(session, 2)
        delivery = _digest(session, ada, [first, second], interest=coding)
        save_rating(session, ada, second, -1, interest_id=coding, now=NOW + 50 * HOUR)

    with database.read() as session:
        assert verdicts(session) == [Verdict(ada, second, False, TODAY, NOW, coding, delivery)]


def test_a_rating_of_a_paper_that_no_digest_showed_counts_for_its_own_day(
    database: Database,
) -> None:
    """And only what was rated on earlier days was known."""
    with database.write() as session:
        ada = saved_reader(session)
        (paper,) = saved_papers(session, 1)
        save_rating(session, ada, paper, 1, interest_id=None, now=NOW)

    with database.read() as session:
        midnight = datetime(TODAY.year, TODAY.month, TODAY.day, tzinfo=UTC)
        assert verdicts(session) == [Verdict(ada, paper, True, TODAY, midnight, None, None)]


def test_a_digest_that_never_arrived_showed_nothing(database: Database) -> None:
    """The paper was found in some other way."""
    with database.write() as session:
        ada = saved_reader(session)
        (paper,) = saved_papers(session, 1)
        _digest(session, ada, [paper], state=DeliveryState.FAILED)
        save_rating(session, ada, paper, 1, interest_id=None, now=NOW + HOUR)

    with database.read() as session:
        assert [each.delivery_id for each in verdicts(session)] == [None]


def test_a_paper_shown_twice_counts_for_the_first_time(database: Database) -> None:
    """A digest of later date knew of nothing new."""
    with database.write() as session:
        ada = saved_reader(session)
        (paper,) = saved_papers(session, 1)
        first = _digest(session, ada, [paper])
        _digest(session, ada, [paper], on=TODAY + timedelta(days=1), at=NOW + 24 * HOUR)
        save_rating(session, ada, paper, 1, interest_id=None, now=NOW + 30 * HOUR)

    with database.read() as session:
        assert [each.delivery_id for each in verdicts(session)] == [first]


def test_what_was_rated_before_its_digest_was_due_is_not_judged(database: Database) -> None:
    """The ranking could know it."""
    with database.write() as session:
        ada = saved_reader(session)
        (paper,) = saved_papers(session, 1)
        _digest(session, ada, [paper])
        save_rating(session, ada, paper, 1, interest_id=None, now=NOW - HOUR)

    with database.read() as session:
        assert verdicts(session) == []


def test_another_readers_digest_has_nothing_to_do_with_it(database: Database) -> None:
    """Papers are shown to many."""
    with database.write() as session:
        ada, grace = saved_reader(session), saved_reader(session, "grace@example.org")
        (paper,) = saved_papers(session, 1)
        _digest(session, ada, [paper])
        save_rating(session, grace, paper, 1, interest_id=None, now=NOW + HOUR)

    with database.read() as session:
        assert [(each.reader_id, each.delivery_id) for each in verdicts(session)] == [(grace, None)]


def test_verdicts_come_day_by_day(database: Database) -> None:
    """From a first day on."""
    with database.write() as session:
        ada = saved_reader(session)
        papers = saved_papers(session, 3)
        for days, paper in zip((9, 3, 6), papers, strict=True):
            at = NOW + timedelta(days=days)
            save_rating(session, ada, paper, 1, interest_id=None, now=at)

    with database.read() as session:
        assert [each.day for each in verdicts(session)] == [day(7), day(10), day(13)]
        assert [each.day for each in verdicts(session, since=day(10))] == [day(10), day(13)]


@pytest.mark.parametrize(
    ("first", "last", "count"),
    [(None, TODAY, 2), (TODAY, TODAY, 2), (None, day(3), 0), (day(5), day(9), 0)],
)
def test_vectors_are_found_by_the_day_of_announcement(
    database: Database, first: date | None, last: date, count: int
) -> None:
    """Those of this model only; papers without one are left out."""
    with database.write() as session:
        keys = saved_papers(session, 3)
        hashes = [paper.text_hash for paper in papers_by_key(session, keys, model="").values()]
        save_vectors(session, "a-model", [(each, b"1234") for each in hashes[:2]])
        save_vectors(session, "b-model", [(each, b"5678") for each in hashes])

    with database.read() as session:
        found = [
            vector for some in vectors_announced(session, "a-model", first, last) for vector in some
        ]
    assert found == [b"1234"] * count

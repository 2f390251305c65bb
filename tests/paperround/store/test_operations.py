"""What operators ask of the ledger."""

from datetime import timedelta

import pytest
from sqlmodel import Session

from paperround.store.engine import Database
from paperround.store.installation import set_progress
from paperround.store.models import Bounce, DeliveryState, Job, Reader, ReaderState
from paperround.store.operations import (
    NOT_OPENED,
    Coming,
    Tally,
    bounces_by_kind,
    bounces_of,
    coming,
    deliveries_on,
    has_interest,
    last_sign,
    latest_of_stream,
    lost_leases,
    next_sent_after,
    older_by_state,
    overdue_since,
    papers_in,
    readers_by_state,
    tally,
)
from paperround.store.shown import ShownPaper, record_items
from tests.paperround.ledger import saved_delivery
from tests.paperround.store.rows import (
    NOW,
    TODAY,
    day,
    new_reader,
    saved_interest,
    saved_papers,
    saved_reader,
)

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def _reader(session: Session, name: str, due: timedelta = DAY, **fields: object) -> int:
    reader = new_reader(f"{name}@example.org")
    reader.next_due_at = NOW + due
    for field, value in fields.items():
        setattr(reader, field, value)
    session.add(reader)
    session.flush()
    assert reader.id is not None
    return reader.id


def test_a_days_digests_are_counted_by_state_and_lateness(database: Database) -> None:
    """Sent ones by when they were sent, open ones until now, others without."""
    since, late = NOW - DAY, NOW - MINUTE
    with database.write() as session:
        ids = [_reader(session, f"r{number}") for number in range(7)]
        _reader(session, "ada", -2 * MINUTE)
        _reader(session, "grace", -2 * MINUTE, state=ReaderState.UNSUBSCRIBED)
        sent = {"finished_at": NOW + timedelta(seconds=12.7)}
        saved_delivery(session, ids[0], DeliveryState.SENT, **sent)
        saved_delivery(session, ids[1], DeliveryState.SENT, **sent)
        saved_delivery(session, ids[2], DeliveryState.QUIET, finished_at=NOW + HOUR)
        saved_delivery(session, ids[3], DeliveryState.PENDING, due_at=late)
        saved_delivery(session, ids[4], DeliveryState.SENT, due_at=since, finished_at=NOW)
        saved_delivery(session, ids[5], DeliveryState.SENT, due_at=NOW + HOUR, finished_at=NOW)
        saved_delivery(session, ids[6], DeliveryState.SENT, stream="confirm.1", finished_at=NOW)

    with database.read() as session:
        counted = tally(session, "daily", since, NOW)

    assert sorted(counted) == [
        Tally(NOT_OPENED, 120, 1),
        Tally("pending", 60, 1),
        Tally("quiet", 0, 1),
        Tally("sent", 12, 2),
    ]


def test_what_is_old_is_counted_while_it_is_open_or_in_doubt(database: Database) -> None:
    """What is over is nobody's business any more."""
    states = [DeliveryState.DEFERRED, DeliveryState.AMBIGUOUS, DeliveryState.SENT]
    with database.write() as session:
        ada = saved_reader(session)
        for number, state in enumerate(states, start=1):
            saved_delivery(session, ada, state, local_date=day(number), due_at=NOW - DAY)
        saved_delivery(session, ada, DeliveryState.PENDING)

    with database.read() as session:
        assert older_by_state(session, NOW - DAY) == {"deferred": 1, "ambiguous": 1}


def test_readers_are_counted_by_state(database: Database) -> None:
    """Those with no reader are not named."""
    with database.write() as session:
        _reader(session, "ada")
        _reader(session, "grace")
        _reader(session, "alan", state=ReaderState.SUPPRESSED)

    with database.read() as session:
        assert readers_by_state(session) == {"active": 2, "suppressed": 1}


def test_what_comes_next_is_found(database: Database) -> None:
    """What is due already is not to come, nor what nobody wants any more."""
    with database.write() as session:
        _reader(session, "ada", timedelta())
        _reader(session, "grace", MINUTE, state=ReaderState.UNSUBSCRIBED)
        _reader(session, "alan", 2 * MINUTE)
        _reader(session, "late", 2 * HOUR)

    with database.read() as session:
        assert coming(session, NOW, NOW + HOUR) == Coming(NOW + 2 * MINUTE, 1)
        assert coming(session, NOW + DAY, NOW + 2 * DAY) == Coming(None, 0)


def test_the_last_sign_of_life_is_a_job_or_a_delivery(database: Database) -> None:
    """Whatever was last; nothing at first, and a release is none."""
    with database.write() as session:
        assert last_sign(session) is None
        saved_delivery(session, saved_reader(session), DeliveryState.SENT, finished_at=NOW)
        assert last_sign(session) == NOW
        session.add(Job(name="ingest", started_at=NOW + MINUTE))
        set_progress(session, NOW + HOUR, "confirmed by `paperround release`")

        assert last_sign(session) == NOW + MINUTE


def test_leases_that_nobody_took_back_are_counted(database: Database) -> None:
    """Those that still run are not lost."""
    with database.write() as session:
        ada = saved_reader(session)
        for number, ended in enumerate((NOW - MINUTE, NOW + MINUTE), start=1):
            fields = {"local_date": day(number), "lease_until": ended}
            saved_delivery(session, ada, DeliveryState.DATA_STARTED, **fields)
        saved_delivery(session, ada, DeliveryState.SENT, lease_until=NOW - MINUTE)

    with database.read() as session:
        assert lost_leases(session, NOW) == 1


@pytest.mark.parametrize(
    ("reader_due", "row_retry", "since"),
    [(DAY, DAY, None), (-MINUTE, DAY, -MINUTE), (DAY, -HOUR, -HOUR), (-MINUTE, -HOUR, -HOUR)],
)
def test_what_waits_is_found(
    database: Database, reader_due: timedelta, row_retry: timedelta, since: timedelta | None
) -> None:
    """Readers whose row nobody opened, and rows that nobody claimed."""
    with database.write() as session:
        ada = _reader(session, "ada", reader_due)
        saved_delivery(session, ada, DeliveryState.DEFERRED, retry_at=NOW + row_retry)
        saved_delivery(session, ada, DeliveryState.SENT, local_date=day(1), retry_at=NOW - DAY)

    with database.read() as session:
        expected = NOW + since if since is not None else None
        assert overdue_since(session, NOW) == expected


def test_a_readers_mails_of_a_date_are_found(database: Database) -> None:
    """Digest and notices, in the order in which they fell due, and nobody else's."""
    with database.write() as session:
        ada, grace = saved_reader(session), _reader(session, "grace")
        saved_delivery(session, ada)
        saved_delivery(session, ada, stream="move-old.1", due_at=NOW - HOUR)
        saved_delivery(session, ada, local_date=day(3))
        saved_delivery(session, grace)

    with database.read() as session:
        found = deliveries_on(session, ada, TODAY)
        assert [row.stream for row in found] == ["move-old.1", "daily"]


def test_the_latest_mail_of_a_kind_is_found(database: Database) -> None:
    """By the beginning of its stream's name, in which no character is a wildcard."""
    with database.write() as session:
        ada = saved_reader(session)
        saved_delivery(session, ada, stream="confirm.1")
        saved_delivery(session, ada, stream="confirm.2", due_at=NOW + HOUR)
        saved_delivery(session, ada, stream="confirmed", due_at=NOW + DAY)

    with database.read() as session:
        latest = latest_of_stream(session, ada, "confirm.")
        assert latest is not None
        assert latest.stream == "confirm.2"
        assert latest_of_stream(session, ada, "c%") is None


def test_papers_and_interests_are_told(database: Database) -> None:
    """How many papers a mail shows, and whether there is an interest at all."""
    with database.write() as session:
        ada, grace = saved_reader(session), _reader(session, "grace")
        saved_interest(session, ada)
        row = saved_delivery(session, ada, DeliveryState.SENT)
        papers = saved_papers(session, 3)
        shown = [ShownPaper(key, "interest", None, 50.0, {}) for key in papers]
        record_items(session, row, shown)

    with database.read() as session:
        assert papers_in(session, row) == 3
        assert papers_in(session, row + 1) == 0
        assert (has_interest(session, ada), has_interest(session, grace)) == (True, False)


def _bounced(session: Session, reader_id: int, after: timedelta, kind: str = "hard") -> None:
    at = NOW + after
    session.add(Bounce(report=f"{at}{kind}", reader_id=reader_id, kind=kind, at=at))


def test_reports_about_a_reader_are_found(database: Database) -> None:
    """Those that count, from one instant to before another."""
    with database.write() as session:
        ada, grace = saved_reader(session), _reader(session, "grace")
        for after in (-MINUTE, timedelta(), MINUTE, HOUR):
            _bounced(session, ada, after)
        _bounced(session, ada, 2 * MINUTE, "none")
        _bounced(session, grace, 2 * MINUTE)

    with database.read() as session:
        reports = bounces_of(session, ada, NOW, NOW + HOUR)
        assert [report.at - NOW for report in reports] == [timedelta(), MINUTE]
        assert len(bounces_of(session, ada, NOW, None)) == 3
        assert bounces_by_kind(session, NOW) == {"hard": 3, "none": 1}


def test_the_next_mail_that_was_sent_is_found(database: Database) -> None:
    """A report that comes after it is about that one."""
    with database.write() as session:
        ada = saved_reader(session)
        for number in (3, 6, 5):
            fields = {"local_date": day(number), "finished_at": NOW + (number - 4) * DAY}
            saved_delivery(session, ada, DeliveryState.SENT, **fields)
        saved_delivery(session, ada, DeliveryState.FAILED, finished_at=NOW + HOUR)

    with database.read() as session:
        first, second, third = (deliveries_on(session, ada, day(n))[0] for n in (3, 5, 6))
        assert next_sent_after(session, first) == NOW + DAY
        assert next_sent_after(session, second) == NOW + 2 * DAY
        assert next_sent_after(session, third) is None


def test_all_of_it_is_fine_with_nothing(database: Database) -> None:
    """A new installation has no rows at all."""
    with database.read() as session:
        assert tally(session, "daily", NOW - DAY, NOW) == []
        assert older_by_state(session, NOW) == {}
        assert overdue_since(session, NOW) is None
        assert session.get(Reader, 1) is None

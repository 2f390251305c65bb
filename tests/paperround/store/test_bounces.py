"""Reports of failed deliveries in the store."""

from datetime import datetime, timedelta
from typing import Any

from sqlmodel import Session

from paperround.store.bounces import (
    Failure,
    add_bounce,
    bounces_of,
    delivery_about,
    failures_of,
    forget_bounces,
    handed_over,
    has_report,
    last_said,
)
from paperround.store.engine import Database
from paperround.store.models import Bounce, Consent, Delivery, DeliveryState
from paperround.store.readers import reader_of, remove_reader
from tests.paperround.store.rows import NOW, saved_reader

HOUR = timedelta(hours=1)


def _bounce(report: str, reader_id: int | None, kind: str = "hard", at: datetime = NOW) -> Bounce:
    return Bounce(report=report, reader_id=reader_id, kind=kind, status="5.1.1", at=at)


def _delivery(session: Session, reader_id: int, **fields: Any) -> Delivery:
    values: dict[str, Any] = {
        "stream": "daily",
        "local_date": NOW.date(),
        "due_at": NOW,
        "expires_at": NOW + HOUR,
        "retry_at": NOW,
        "state": DeliveryState.SENT,
        "attempt": 1,
        "finished_at": NOW,
    }
    row = Delivery(reader_id=reader_id, **(values | fields))
    session.add(row)
    session.flush()
    return row


def test_a_report_is_kept_once(database: Database) -> None:
    """T121: the second time is a silent no-op."""
    with database.write() as session:
        ada = saved_reader(session)
        added = [add_bounce(session, _bounce(report, ada)) for report in ("a", "a", "b")]

        assert added == [True, False, True]
        assert [row.report for row in bounces_of(session, ada)] == ["a", "b"]
        assert has_report(session, "a")
        assert not has_report(session, "c")


def test_the_refusals_of_a_reader_come_latest_first(database: Database) -> None:
    """Without those that say nothing, those of others and those that are forgiven."""
    with database.write() as session:
        ada, grace = saved_reader(session), saved_reader(session, "grace@example.org")
        for hour, kind in enumerate(("hard", "none", "soft", "hard")):
            add_bounce(session, _bounce(str(hour), ada, kind, NOW + hour * HOUR))
        add_bounce(session, _bounce("grace", grace))
        add_bounce(session, _bounce("nobody", None))

        assert failures_of(session, ada, NOW) == [
            Failure(NOW + 3 * HOUR, "hard", "3"),
            Failure(NOW + 2 * HOUR, "soft", "2"),
        ]
        assert len(failures_of(session, ada, None)) == 3


def test_a_delivery_is_found_by_the_first_of_several_message_ids(database: Database) -> None:
    """Reports name several mails, the one that they return first."""
    with database.write() as session:
        ada, grace = saved_reader(session), saved_reader(session, "grace@example.org")
        _delivery(session, ada, message_id="<ada@x>")
        _delivery(session, grace, message_id="<grace@x>")

        found = delivery_about(session, ["<nobody@x>", "<grace@x>", "<ada@x>"])

        assert found is not None
        assert found.reader_id == grace
        assert delivery_about(session, ["<nobody@x>"]) is None
        assert delivery_about(session, []) is None


def test_mails_that_were_handed_over_are_found_between_two_instants(database: Database) -> None:
    """Of one stream, and only those that the relay took."""
    with database.write() as session:
        ada = saved_reader(session)
        first = NOW.date()
        rows: list[dict[str, Any]] = [
            {"finished_at": NOW},
            {"finished_at": NOW + HOUR},
            {"finished_at": NOW + HOUR, "state": DeliveryState.FAILED},
            {"finished_at": NOW + HOUR, "stream": "confirm.1"},
            {"finished_at": NOW + 2 * HOUR},
        ]
        for days, fields in enumerate(rows):
            _delivery(session, ada, local_date=first + timedelta(days=days), **fields)

        assert handed_over(session, ada, "daily", NOW, NOW + 2 * HOUR) == [NOW + HOUR]


def test_the_last_of_several_entries_is_found(database: Database) -> None:
    """In the log of consents of one reader."""
    with database.write() as session:
        ada = saved_reader(session)
        for hour, what in enumerate(("confirmed", "paused", "lifted", "resumed")):
            session.add(Consent(reader_id=ada, at=NOW + hour * HOUR, what=what, how="web"))
        session.flush()

        assert last_said(session, ada, ("confirmed", "lifted")) == NOW + 2 * HOUR
        assert last_said(session, ada, ("moved",)) is None


def test_a_reader_who_goes_takes_their_reports_along(database: Database) -> None:
    """Nothing about them stays."""
    with database.write() as session:
        ada = saved_reader(session)
        add_bounce(session, _bounce("a", ada))
        row = reader_of(session, ada)
        assert row is not None
        remove_reader(session, row)

        assert not has_report(session, "a")


def test_old_reports_are_forgotten(database: Database) -> None:
    """Those of nobody too."""
    with database.write() as session:
        ada = saved_reader(session)
        add_bounce(session, _bounce("old", None, at=NOW - HOUR))
        add_bounce(session, _bounce("new", ada))

        assert forget_bounces(session, NOW) == 1
        assert has_report(session, "new")

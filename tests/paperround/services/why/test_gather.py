"""What an answer depends on is read from the ledger, on both databases."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from paperround.context import App
from paperround.errors import UnknownReaderError
from paperround.services.holding import hold
from paperround.services.readers import NewReader, add_reader
from paperround.services.relays import relay_name
from paperround.services.why import Verdict, Why, why
from paperround.store.jobs import take_job
from paperround.store.models import Bounce, Consent, DeliveryState, ReaderState
from paperround.store.readers import reader_at
from paperround.store.relays import locked_relay
from paperround.store.shown import ShownPaper, record_items
from paperround.testing import FrozenClock
from tests.paperround.ledger import line, saved_delivery
from tests.paperround.services.conftest import ADA, TODAY
from tests.paperround.store.rows import NOW, saved_papers

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


@pytest.fixture
def ada(app: App, clock: FrozenClock) -> int:
    """Add Ada on the day before, with a digest at seven, and return her number."""
    clock.now = NOW - DAY
    reader = add_reader(app, NewReader(ADA, "Ada", "UTC", "07:00", "daily"))
    clock.now = NOW + MINUTE
    assert reader.id is not None
    return reader.id


def _verdicts(found: Why) -> list[tuple[str, Verdict]]:
    return [(told.stream, told.answer.verdict) for told in found.mails]


def test_nobody_unknown_is_told_about(app: App) -> None:
    """The error names the address."""
    with pytest.raises(UnknownReaderError, match=r"no reader 'ada@example\.org'"):
        why(app, ADA)


def test_without_a_date_it_is_the_readers_own_today(app: App, clock: FrozenClock) -> None:
    """In Auckland it is tomorrow already."""
    clock.now = NOW.replace(hour=18)
    add_reader(app, NewReader(ADA, zone="Pacific/Auckland", at="12:00", weekdays="daily"))

    found = why(app, ADA.upper())

    assert (found.address, found.on, found.zone.key) == (ADA, date(2026, 5, 5), "Pacific/Auckland")
    assert _verdicts(found) == [("daily", Verdict.NOT_YET)]


def test_a_digest_that_was_sent_is_told_with_papers_and_report(app: App, ada: int) -> None:
    """A report that came after the next mail is about that one."""
    with app.database.write() as session:
        row = saved_delivery(
            session,
            ada,
            DeliveryState.SENT,
            finished_at=NOW,
            history=line(0, "claimed", 1, "by host") + line(0, "sent", 1, "Ok", "250"),
        )
        fields = {"local_date": TODAY + DAY, "finished_at": NOW + DAY}
        saved_delivery(session, ada, DeliveryState.SENT, **fields)
        papers = saved_papers(session, 2)
        record_items(session, row, [ShownPaper(k, "interest", None, 9.0, {}) for k in papers])
        for number, after in enumerate((MINUTE, DAY + MINUTE)):
            report = f"4.2.{number}"
            at = NOW + after
            session.add(
                Bounce(report=report, reader_id=ada, kind="soft", status=report, detail="", at=at)
            )

    (told,) = why(app, ADA, TODAY).mails

    assert told.answer.verdict is Verdict.BOUNCED
    assert ", with 2 papers." in told.answer.words
    assert told.answer.words.endswith("(soft): 4.2.0.")
    assert [change.state for change in told.timeline] == ["claimed", "sent"]


def test_notices_of_the_date_are_told_as_well(app: App, ada: int) -> None:
    """After the digest, even when there is none."""
    with app.database.write() as session:
        saved_delivery(session, ada, stream="move-old.1")

    found = why(app, ADA, TODAY)

    assert _verdicts(found) == [("daily", Verdict.OVERDUE), ("move-old.1", Verdict.WAITING)]
    assert found.mails[0].state is None


def test_the_consent_log_and_the_mail_that_asks_are_read(app: App, ada: int) -> None:
    """They say why nothing is due."""
    with app.database.write() as session:
        reader = reader_at(session, ADA)
        reader.state, reader.asked_at = ReaderState.UNCONFIRMED, NOW
        saved_delivery(session, ada, DeliveryState.DEFERRED, stream="confirm.1", reason="busy")
    assert "(that mail is deferred, busy)" in why(app, ADA, TODAY).mails[0].answer.words

    with app.database.write() as session:
        reader_at(session, ADA).state = ReaderState.UNSUBSCRIBED
        session.add(Consent(reader_id=ada, at=NOW - MINUTE, what="unsubscribed", how="one-click"))
    assert "(one-click)" in why(app, ADA, TODAY).mails[0].answer.words


def test_reports_about_a_suppressed_address_are_read(app: App, ada: int) -> None:
    """The last of them says why."""
    with app.database.write() as session:
        reader_at(session, ADA).state = ReaderState.SUPPRESSED
        session.add(
            Bounce(report="1", reader_id=ada, kind="hard", status="5.1.1", detail="", at=NOW)
        )

    assert "hard 5.1.1." in why(app, ADA, TODAY).mails[0].answer.words


def _advice(app: App) -> str:
    return why(app, ADA, TODAY).mails[0].answer.advice


def test_what_stands_in_the_way_is_read(app: App, ada: int, clock: FrozenClock) -> None:
    """A hold, a relay in peace, and that nothing runs, in this order."""
    clock.advance(10 * MINUTE)
    assert "start `paperround run`" in _advice(app)

    with app.database.write() as session:
        locked_relay(session, "old.example.org:25").paused_until = NOW + DAY
    assert "start `paperround run`" in _advice(app)

    with app.database.write() as session:
        locked_relay(session, relay_name(app)).paused_until = NOW + DAY
    assert "`paperround doctor`" in _advice(app)

    hold(app)
    assert "`paperround release`" in _advice(app)


def test_a_run_since_then_is_a_sign_of_life(app: App, ada: int, clock: FrozenClock) -> None:
    """Then somebody is at work, and it is only a matter of time."""
    clock.advance(10 * MINUTE)
    with app.database.write() as session:
        take_job(session, "housekeeping", "host", NOW + MINUTE, NOW + DAY)

    assert _advice(app) == ""


def test_asking_changes_nothing(app: App, ada: int, tmp_path: Path) -> None:
    """It only reads."""
    before = sorted(file.name for file in tmp_path.iterdir())

    first, second = why(app, ADA, TODAY), why(app, ADA, TODAY)

    assert first == second
    assert sorted(file.name for file in tmp_path.iterdir()) == before

"""Holding an installation, and what its release means (T16)."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlmodel import select

from paperround.context import App
from paperround.services.holding import (
    Held,
    check_hold,
    hold,
    note_progress,
    release,
)
from paperround.store.installation import progress_of
from paperround.store.models import Delivery, DeliveryState, OutgoingMail, Reader, ReaderState
from paperround.store.outgoing import KeptMail, keep_mail
from paperround.store.readers import reader_at
from paperround.store.witness import witness_file, write_witness
from paperround.testing import FrozenClock
from tests.paperround.ledger import saved_delivery
from tests.paperround.store.rows import NOW, new_reader, saved_reader


def _sent(app: App, *, at: timedelta = timedelta(), address: str = "ada@example.org") -> None:
    """Let a reader have got a digest, and the installation have noted it."""
    with app.database.write() as session:
        reader_id = saved_reader(session, address)
        saved_delivery(session, reader_id, DeliveryState.SENT, finished_at=NOW + at)
    note_progress(app)


def test_the_operator_holds_and_releases(app: App, clock: FrozenClock) -> None:
    """With words of their own, which may be put better later; the beginning stays."""
    assert hold(app, "moving\nhouse") == Held(NOW, "moving house")
    clock.advance(timedelta(hours=1))
    assert hold(app) == Held(NOW, "the operator holds it")
    assert check_hold(app) == Held(NOW, "the operator holds it")

    assert release(app).was_held
    assert check_hold(app) is None


def test_a_message_says_what_to_do() -> None:
    """What happened, since when, and both ways out."""
    message = Held(NOW, "this database was copied").message

    assert message.startswith(
        "nothing is sent since 2026-05-04 07:00 UTC: this database was copied"
    )
    assert "`paperround release`" in message
    assert "leave this one held" in message


def test_a_release_is_good_for_every_host(app: App, tmp_path: Path) -> None:
    """The witness of another host, which has seen more, does not hold it again."""
    check_hold(app)
    _sent(app, at=-timedelta(days=1))
    other = replace(app, settings=app.settings.model_copy(update={"data_dir": tmp_path / "b"}))
    write_witness(witness_file(tmp_path / "b"), NOW - timedelta(minutes=1))
    assert check_hold(other) is not None

    release(app)

    assert check_hold(app) is None
    assert check_hold(other) is None


@pytest.fixture
def waiting(app: App) -> App:
    """Hold an installation with one mail in time, one too late, and one reader who is due."""
    with app.database.write() as session:
        ada = saved_reader(session)
        grace = saved_reader(session, "grace@example.org")
        first = saved_delivery(session, ada)
        saved_delivery(session, grace, DeliveryState.DEFERRED, expires_at=NOW)
        for reader_id in (ada, grace):
            reader = session.get(Reader, reader_id)
            assert reader is not None
            reader.next_due_at = NOW + timedelta(days=1)
        alan = new_reader("alan@example.org")
        alan.state = ReaderState.ACTIVE
        session.add(alan)
        keep_mail(session, KeptMail(first, "a@example.org", "b@example.org", False, "mail", b""))
    hold(app)
    return app


def _states(app: App) -> list[str]:
    with app.database.read() as session:
        return sorted(session.exec(select(Delivery.state)).all())


@pytest.mark.parametrize("dry_run", [True, False])
def test_a_release_says_what_it_means(waiting: App, dry_run: bool) -> None:
    """What is in time, what is too late, and who is due; a dry run only says so."""
    done = release(waiting, dry_run=dry_run)

    assert (done.was_held, done.sending, done.expiring, done.due) == (True, 1, 1, 1)
    assert _states(waiting) == ["deferred", "pending"]
    assert (check_hold(waiting) is not None) is dry_run


def test_what_is_due_can_be_left_out(waiting: App) -> None:
    """T16: what the lost state may have sent is not sent again; tomorrow's digest comes."""
    done = release(waiting, leave_out=True)

    assert (done.left_out, done.sending, done.due) == (3, 0, 0)
    assert _states(waiting) == ["expired", "skipped", "skipped"]
    assert check_hold(waiting) is None
    with waiting.database.read() as session:
        assert session.exec(select(OutgoingMail)).all() == []
        assert reader_at(session, "alan@example.org").next_due_at == NOW + timedelta(days=1)


def test_days_without_anybody_are_passed_over_as_well(app: App) -> None:
    """T16: of a week-old backup only the latest date is written down, and none of them is sent."""
    with app.database.write() as session:
        reader = new_reader()
        reader.weekdays = "1234567"
        reader.next_due_at = NOW - timedelta(days=7)
        reader.next_due_on = reader.next_due_at.date()
        session.add(reader)
    hold(app)

    assert release(app, leave_out=True).left_out == 1

    with app.database.read() as session:
        assert [row.local_date for row in session.exec(select(Delivery)).all()] == [NOW.date()]
        assert reader_at(session, "ada@example.org").next_due_at == NOW + timedelta(days=1)


def test_a_row_that_was_left_out_says_why(waiting: App) -> None:
    """`paperround why` reads it."""
    release(waiting, leave_out=True)

    with waiting.database.read() as session:
        rows = session.exec(select(Delivery)).all()
    assert {row.reason for row in rows} == {
        "left out at `paperround release`: the state that was lost may have sent it"
    }


def test_nothing_is_left_out_without_a_hold(waiting: App) -> None:
    """A slip of the hand costs nobody today's digest."""
    release(waiting)

    done = release(waiting, leave_out=True)

    assert (done.was_held, done.left_out) == (False, 0)
    assert _states(waiting) == ["deferred", "pending"]


def test_a_held_database_is_not_set_back_by_its_own_mark(app: App) -> None:
    """A release is the latest thing that is known of it."""
    hold(app)
    release(app)

    with app.database.read() as session:
        assert progress_of(session) == NOW

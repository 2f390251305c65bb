"""What a reader decides about their mails: a pause, another hour, zone or days, another address.

No change ever makes two digests for one local date, nor leaves one out that was about to come.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from paperround.context import App
from paperround.errors import InvalidReaderError
from paperround.services.moves import Moving, confirm_move, move, moving
from paperround.services.reader_fields import set_fields
from paperround.services.schedule import following
from paperround.services.streams import DAILY
from paperround.store.engine import Session
from paperround.store.models import Consent, Reader, ReaderState
from paperround.store.readers import reader_at
from paperround.store.subscriptions import add_consent, last_served, lock_reader_at
from scheduler.due import Due

__all__ = [
    "MAX_PAUSE",
    "Moving",
    "confirm_move",
    "move",
    "moving",
    "pause",
    "reschedule",
    "resume",
    "snooze",
]

logger = logging.getLogger(__name__)

MAX_PAUSE = timedelta(days=366)
"""Whoever wants to be away for longer unsubscribes, and is asked anew when they come back."""
LONG_WAIT = timedelta(hours=12)
"""How much later a change may make the next digest before the planned one is kept instead."""


def pause(
    app: App, address: str, until: date, *, how: str = "web", dry_run: bool = False
) -> Reader:
    """Send a reader nothing before a date; a digest that is on its way stays behind as well.

    Args:
        app: The application.
        address: The reader's.
        until: Local date of the first digest after the pause.
        how: `web` or `command`.
        dry_run: Return what would be, and change nothing.

    Raises:
        UnknownReaderError: No reader has this address.
        InvalidReaderError: They are not subscribed, or the date is past or too far away.
    """
    with _changing(app, address, dry_run=dry_run) as (session, reader):
        _pause(app, session, reader, until, how, dry_run=dry_run)
        return reader


def snooze(app: App, address: str, days: int, *, how: str = "web", dry_run: bool = False) -> Reader:
    """Send a reader nothing today and on the days after it, so many in all.

    Raises:
        UnknownReaderError: No reader has this address.
        InvalidReaderError: They are not subscribed, or the number makes no sense.
    """
    if not 1 <= days <= MAX_PAUSE.days:
        raise InvalidReaderError(f"a pause is 1 to {MAX_PAUSE.days} days, not {days}")
    with _changing(app, address, dry_run=dry_run) as (session, reader):
        until = _today(reader, app.clock()) + timedelta(days=days)
        _pause(app, session, reader, until, how, dry_run=dry_run)
        return reader


def resume(app: App, address: str, *, how: str = "web", dry_run: bool = False) -> Reader:
    """End a reader's pause: the next digest is due at their next hour. Without one do nothing.

    Raises:
        UnknownReaderError: No reader has this address.
    """
    with _changing(app, address, dry_run=dry_run) as (session, reader):
        if reader.paused_until is not None:
            last_on = _last_on(session, reader)
            reader.paused_until = None
            _plan(app, reader, last_on)
            if not dry_run:
                _log(session, reader, "resumed", how, app.clock())
        return reader


def reschedule(
    app: App,
    address: str,
    *,
    zone: str | None = None,
    at: str | None = None,
    weekdays: str | None = None,
    dry_run: bool = False,
) -> Reader:
    """Change a reader's zone, hour or weekdays; what is None stays as it is.

    Args:
        app: The application.
        address: The reader's.
        zone: IANA name.
        at: `07:30`.
        weekdays: `mon-fri`.
        dry_run: Return what would be, and change nothing.

    Raises:
        UnknownReaderError: No reader has this address.
        InvalidReaderError: A value makes no sense; nothing is changed.
    """
    with _changing(app, address, dry_run=dry_run) as (session, reader):
        last_on = _last_on(session, reader)
        set_fields(reader, zone=zone, at=at, weekdays=weekdays)
        if reader.state == ReaderState.ACTIVE:
            _plan(app, reader, last_on)
        logger.info("rescheduled reader=%d dry_run=%s", reader.id, dry_run)
        return reader


@contextmanager
def _changing(app: App, address: str, *, dry_run: bool) -> Iterator[tuple[Session, Reader]]:
    """Open a transaction with a reader in it; a dry run changes a copy that nobody keeps."""
    if dry_run:
        with app.database.read() as session:
            reader = reader_at(session, address)
            session.expunge(reader)
            yield session, reader
    else:
        with app.database.write() as session:
            yield session, lock_reader_at(session, address)


def _pause(
    app: App, session: Session, reader: Reader, until: date, how: str, *, dry_run: bool
) -> None:
    now = app.clock()
    if reader.state != ReaderState.ACTIVE:
        raise InvalidReaderError(f"{reader.address} is {reader.state}: there is nothing to pause")
    today = _today(reader, now)
    if not today < until <= today + MAX_PAUSE:
        raise InvalidReaderError(
            f"a pause ends between {today + timedelta(days=1)} and {today + MAX_PAUSE}, "
            f"not on {until}; for longer, unsubscribe"
        )
    last_on = _last_on(session, reader)
    reader.paused_until = until
    _set_due(reader, following(reader, now, app.settings.spread, last_on))
    if not dry_run:
        _log(session, reader, "paused", how, now)


def _plan(app: App, reader: Reader, last_on: date | None) -> None:
    """Set when the next digest is due after a change of the row."""
    now = app.clock()
    if reader.next_due_at is None or reader.next_due_on is None:
        _set_due(reader, following(reader, now, app.settings.spread, last_on))
        return
    planned = Due(reader.next_due_at, reader.next_due_on)
    if planned.at <= now:
        return  # due before the change, and just about to be opened
    due = following(reader, now, app.settings.spread, last_on)
    _set_due(reader, planned if _would_lose(reader, planned, due, now) else due)


def _would_lose(reader: Reader, planned: Due, due: Due, now: datetime) -> bool:
    """Return whether the planned digest is to be kept, because the new rules leave its date out.

    At ten, somebody moves from noon to nine: today's comes at noon, tomorrow's at nine. A date that
    ended on the way east is let go, unless the next one is far.
    """
    is_left_out = due.on > planned.on and str(planned.on.isoweekday()) in reader.weekdays
    saved = due.at - planned.at
    wanted = timedelta() if planned.on == _today(reader, now) else LONG_WAIT
    return is_left_out and saved > wanted


def _last_on(session: Session, reader: Reader) -> date | None:
    assert reader.id is not None
    return last_served(session, reader.id, DAILY)


def _today(reader: Reader, now: datetime) -> date:
    return now.astimezone(ZoneInfo(reader.zone)).date()


def _set_due(reader: Reader, due: Due) -> None:
    reader.next_due_at, reader.next_due_on = due.at, due.on


def _log(session: Session, reader: Reader, what: str, how: str, now: datetime) -> None:
    assert reader.id is not None
    add_consent(session, Consent(reader_id=reader.id, at=now, what=what, how=how))
    logger.info("%s reader=%d how=%s", what, reader.id, how)

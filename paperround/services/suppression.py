"""Addresses that are not written to: because mail came back, or because the operator says so.

Of the address only a keyed hash is kept. A reader's own confirmation takes it back too: that is
`paperround.services.subscribe`.
"""

import logging
from dataclasses import dataclass

from paperround.context import App
from paperround.errors import UnknownReaderError
from paperround.services.keyed_hash import address_hash, address_hashes
from paperround.services.reader_fields import parsed_address
from paperround.services.schedule import following
from paperround.services.streams import DAILY
from paperround.store import subscriptions as store
from paperround.store.engine import Session
from paperround.store.models import Consent, Reader, ReaderState
from paperround.store.readers import reader_at

__all__ = ["Suppressed", "lift", "suppress", "suppress_reader"]

logger = logging.getLogger(__name__)

BOUNCE, OPERATOR = "bounce", "operator"
"""Reasons."""


@dataclass(frozen=True, slots=True)
class Suppressed:
    """What became of an address."""

    address: str
    changed: bool
    """Whether it was otherwise before."""
    is_reader: bool
    active: bool
    """Whether digests come, now."""


def suppress(app: App, address: str, *, how: str = "command", dry_run: bool = False) -> Suppressed:
    """Write to an address no more; the owner can take that back by confirming a subscription.

    Args:
        app: The application.
        address: Of a reader, or of anybody.
        how: Who says so, for the log of consents.
        dry_run: Only say what would be done.

    Raises:
        InvalidReaderError: It is no address.
    """
    checked = parsed_address(address)
    with app.database.read() if dry_run else app.database.write() as session:
        reader = _reader_at(session, checked, lock=not dry_run)
        hashes = address_hashes(app, checked)
        changed = store.suppression_of(session, hashes) is None
        if not dry_run:
            if reader is not None:
                suppress_reader(app, session, reader, OPERATOR, how=how)
            else:
                store.suppress(session, hashes[0], OPERATOR, app.clock())
        return Suppressed(checked, changed, reader is not None, active=False)


def lift(app: App, address: str, *, how: str = "command", dry_run: bool = False) -> Suppressed:
    """Write to an address again; a reader gets the next digest at their next hour.

    Whoever left, or never confirmed, does not come back by this.

    Args:
        app: The application.
        address: Of a reader, or of anybody.
        how: Who says so, for the log of consents.
        dry_run: Only say what would be done.

    Raises:
        InvalidReaderError: It is no address.
    """
    checked = parsed_address(address)
    with app.database.read() if dry_run else app.database.write() as session:
        reader = _reader_at(session, checked, lock=not dry_run)
        hashes = address_hashes(app, checked)
        is_suppressed = reader is not None and reader.state == ReaderState.SUPPRESSED
        changed = is_suppressed or store.suppression_of(session, hashes) is not None
        active = reader is not None and (is_suppressed or reader.state == ReaderState.ACTIVE)
        if not dry_run:
            store.lift(session, hashes)
            if reader is not None and changed:
                _bring_back(app, session, reader, how)
        return Suppressed(checked, changed, reader is not None, active)


def suppress_reader(app: App, session: Session, reader: Reader, reason: str, *, how: str) -> bool:
    """Write to a reader no more; return whether that is new.

    Whoever left, or never confirmed, stays as they are: only the address is noted.

    Args:
        app: The application.
        session: A writing transaction.
        reader: Locked by it.
        reason: `bounce` or `operator`.
        how: `bounce` or `command`, for the log of consents.
    """
    assert reader.id is not None
    hashes, now = address_hashes(app, reader.address), app.clock()
    is_active = reader.state == ReaderState.ACTIVE
    is_new = is_active or store.suppression_of(session, hashes) is None
    if not is_new:
        return False
    store.suppress(session, address_hash(app, reader.address), reason, now)
    if is_active:
        reader.state = ReaderState.SUPPRESSED
        reader.next_due_at = reader.next_due_on = None
    _note(session, reader, "suppressed", how, app)
    logger.info("suppressed reader=%d reason=%s", reader.id, reason)
    return True


def _bring_back(app: App, session: Session, reader: Reader, how: str) -> None:
    assert reader.id is not None
    reader.soft_bounces = reader.hard_bounces = 0
    reader.bounced_on = None
    if reader.state == ReaderState.SUPPRESSED:
        reader.state = ReaderState.ACTIVE
        last_on = store.last_served(session, reader.id, DAILY)
        due = following(reader, app.clock(), app.settings.spread, last_on)
        reader.next_due_at, reader.next_due_on = due.at, due.on
    _note(session, reader, "lifted", how, app)
    logger.info("lifted reader=%d", reader.id)


def _note(session: Session, reader: Reader, what: str, how: str, app: App) -> None:
    assert reader.id is not None
    entry = Consent(reader_id=reader.id, at=app.clock(), what=what, how=how)
    store.add_consent(session, entry)


def _reader_at(session: Session, address: str, *, lock: bool) -> Reader | None:
    try:
        return store.lock_reader_at(session, address) if lock else reader_at(session, address)
    except UnknownReaderError:
        return None

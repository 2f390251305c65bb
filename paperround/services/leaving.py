"""Leaving: unsubscribing by link or by word, taking everything along, being forgotten.

Links to unsubscribe are good for ever. Nothing here ever asks why, or says that a reader is unknown
to somebody who has a good link.
"""

import logging
from dataclasses import dataclass

from paperround.context import App
from paperround.errors import ForgedTokenError
from paperround.services.keyed_hash import address_hash
from paperround.services.streams import BY_TOKEN
from paperround.store import readers as store
from paperround.store.engine import Session
from paperround.store.exports import everything_about
from paperround.store.models import Consent, Reader, ReaderState
from paperround.store.subscriptions import (
    add_consent,
    forget_address_change,
    lock_reader,
    lock_reader_at,
    suppress,
)
from paperround.tokens import Purpose

__all__ = [
    "Leaving",
    "export_reader",
    "forget_reader",
    "left",
    "unsubscribe",
    "unsubscribe_reader",
]

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Leaving:
    """What a link to unsubscribe is about."""

    reader_id: int
    address: str
    """Empty when the reader was forgotten."""
    active: bool
    """Whether digests still come."""


def left(app: App, token: str) -> Leaving:
    """Return what a link to unsubscribe is about; nothing is changed.

    Raises:
        TokenError: It is not ours, or of another stream.
    """
    reader_id = _reader_id(app, token)
    with app.database.read() as session:
        return _leaving(reader_id, store.reader_of(session, reader_id))


def unsubscribe(app: App, token: str, *, how: str) -> Leaving:
    """Send a reader no more digests; doing it again does nothing.

    Args:
        app: The application.
        token: Of a mail of any age; its reader may have been forgotten since.
        how: `one-click`, `web` or `mail`.

    Raises:
        TokenError: It is not ours, or of another stream.
    """
    reader_id = _reader_id(app, token)
    with app.database.write() as session:
        reader = lock_reader(session, reader_id)
        if reader is not None:
            _unsubscribe(app, session, reader, how)
        return _leaving(reader_id, reader)


def unsubscribe_reader(app: App, address: str, *, how: str, dry_run: bool = False) -> Leaving:
    """Send a reader no more digests, by their address.

    Raises:
        UnknownReaderError: No reader has this address.
    """
    with app.database.read() as session:
        reader = store.reader_at(session, address)
        assert reader.id is not None
        if dry_run:
            return _leaving(reader.id, reader)
    with app.database.write() as session:
        reader = lock_reader_at(session, address)
        _unsubscribe(app, session, reader, how)
        assert reader.id is not None
        return _leaving(reader.id, reader)


def forget_reader(app: App, address: str, *, keep_suppression: bool = True) -> None:
    """Delete everything about a reader; only a keyed hash of the address may stay.

    By the hash the address can be recognised when somebody brings it in again, and not be read.

    Args:
        app: The application.
        address: The reader's.
        keep_suppression: Keep the hash, so that nobody but the owner can bring the address back.

    Raises:
        UnknownReaderError: No reader has this address.
    """
    with app.database.write() as session:
        reader = lock_reader_at(session, address)
        if keep_suppression:
            suppress(session, address_hash(app, reader.address), "deleted", app.clock())
        store.remove_reader(session, reader)
        logger.info("reader_forgotten reader=%d suppressed=%s", reader.id, keep_suppression)


def export_reader(app: App, address: str) -> dict[str, object]:
    """Return everything that is kept about a reader, ready to be written as JSON.

    Raises:
        UnknownReaderError: No reader has this address.
    """
    with app.database.read() as session:
        reader = store.reader_at(session, address)
        return {"exported_at": app.clock().isoformat(), **everything_about(session, reader)}


def _reader_id(app: App, token: str) -> int:
    claims = app.tokens.verify(token, Purpose.UNSUBSCRIBE, on=app.clock().date())
    # T105: a link leaves the one stream that it names, and there is one today.
    if claims.value >= len(BY_TOKEN):
        raise ForgedTokenError
    return claims.reader_id


def _leaving(reader_id: int, reader: Reader | None) -> Leaving:
    if reader is None:
        return Leaving(reader_id, "", active=False)
    return Leaving(reader_id, reader.address, active=reader.state == ReaderState.ACTIVE)


def _unsubscribe(app: App, session: Session, reader: Reader, how: str) -> None:
    """End a subscription, and take back a request for one: the last word counts."""
    assert reader.id is not None
    was_asked, reader.asked_at = reader.asked_at is not None, None
    if reader.state == ReaderState.UNSUBSCRIBED and not was_asked:
        return
    forget_address_change(session, reader.id)
    reader.next_due_at = reader.next_due_on = reader.paused_until = None
    # Whoever never confirmed has nothing to leave, and is purged with the others who never did.
    if reader.state != ReaderState.UNCONFIRMED:
        reader.state = ReaderState.UNSUBSCRIBED
    consent = Consent(reader_id=reader.id, at=app.clock(), what="unsubscribed", how=how)
    add_consent(session, consent)
    logger.info("unsubscribed reader=%d how=%s", reader.id, how)

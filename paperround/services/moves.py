"""A change of a reader's address, which the old and the new address both confirm by a link.

Whether the new address has a reader already, or is not written to, is told to nobody who has not
opened the link that went there.
"""

import logging
from dataclasses import dataclass, replace

from paperround.context import App
from paperround.errors import ExpiredTokenError, InvalidReaderError
from paperround.services.keyed_hash import address_hashes
from paperround.services.notices import MOVE_WORDING, NEW, OLD, next_number, open_notice, request_id
from paperround.services.reader_fields import parsed_address
from paperround.services.streams import MOVE_NEW, MOVE_OLD
from paperround.services.throttle import allows_mail
from paperround.store.engine import Session
from paperround.store.models import AddressChange, Consent, Reader, ReaderState
from paperround.store.readers import reader_at, reader_of
from paperround.store.subscriptions import (
    add_consent,
    address_change_of,
    ask_for_address,
    forget_address_change,
    is_taken,
    lift,
    lock_reader,
    lock_reader_at,
    suppression_of,
)
from paperround.tokens import Claims, Purpose

__all__ = ["Moving", "confirm_move", "move", "moving"]

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Moving:
    """What a link to confirm a change of address is about."""

    old: str
    """Hidden but for its first letter from the new address, which may be somebody else's; empty
    when it is done, for then nobody knows it any more."""
    new: str
    done: bool
    """Whether both have confirmed, and digests go to the new address."""
    confirmed: bool
    """Whether this link's own address has."""
    taken: bool = False
    """Whether nothing comes of it, because the new address has a subscription of its own."""


def move(app: App, address: str, new_address: str, *, how: str, dry_run: bool = False) -> None:
    """Ask a reader's old and new address whether digests shall go to the new one.

    A wish for another address replaces the one before. The outcome is the same whatever the new
    address is.

    Raises:
        UnknownReaderError: No reader has the old address.
        InvalidReaderError: They are not subscribed, the new address is none or the same, or
            there were too many changes just now.
    """
    wanted = parsed_address(new_address)
    if dry_run:
        with app.database.read() as session:
            _check(reader_at(session, address), wanted)
        return
    now = app.clock()
    with app.database.write() as session:
        reader = lock_reader_at(session, address)
        _check(reader, wanted)
        assert reader.id is not None
        number = next_number(session, reader.id, MOVE_OLD, now)
        if number is None:
            raise InvalidReaderError(
                "a change of address was asked for just now, or three times today; follow the "
                "links in those mails, or try again later"
            )
        key = wanted.casefold()
        change = AddressChange(reader_id=reader.id, address=wanted, address_key=key, asked_at=now)
        ask_for_address(session, change)
        open_notice(session, reader.id, MOVE_OLD, number, now)
        suppressed = suppression_of(session, address_hashes(app, wanted)) is not None
        if allows_mail(app, session, wanted, suppressed=suppressed):
            open_notice(session, reader.id, MOVE_NEW, number, now)
        _log(app, session, reader.id, "asked to move", how)


def moving(app: App, token: str) -> Moving:
    """Return what a link to confirm a change of address is about; nothing is changed.

    Raises:
        TokenError: It is not ours, too old, or of a change that is over.
    """
    claims = _verified(app, token)
    with app.database.read() as session:
        reader, change = _found(app, session, reader_of(session, claims.reader_id), claims)
        return _moving(reader, change, claims)


def confirm_move(app: App, token: str, *, how: str = "web") -> Moving:
    """Confirm a change of address for one side; the second one makes it happen.

    Doing it again does nothing.

    Raises:
        TokenError: It is not ours, too old, or of a change that is over.
    """
    claims = _verified(app, token)
    now = app.clock()
    with app.database.write() as session:
        reader, change = _found(app, session, lock_reader(session, claims.reader_id), claims)
        if _is_done(change):
            return _moving(reader, change, claims)
        if claims.value == NEW:
            change.new_confirmed_at = change.new_confirmed_at or now
        else:
            change.old_confirmed_at = change.old_confirmed_at or now
        if _is_done(change):
            if is_taken(session, change.address_key):
                # Whoever opened both links may know; which of two subscriptions to end is theirs.
                taken = replace(_moving(reader, change, claims), done=False, taken=True)
                forget_address_change(session, claims.reader_id)
                return taken
            _apply(app, session, reader, change)
            _log(app, session, claims.reader_id, "moved", how)
        return _moving(reader, change, claims)


def _check(reader: Reader, wanted: str) -> None:
    if reader.state != ReaderState.ACTIVE:
        raise InvalidReaderError(f"{reader.address} is {reader.state}: there is nothing to move")
    if reader.address_key == wanted.casefold():
        raise InvalidReaderError(f"{reader.address} is where the digests go already")


def _verified(app: App, token: str) -> Claims:
    return app.tokens.verify(token, Purpose.MOVE, on=app.clock().date())


def _found(
    app: App, session: Session, reader: Reader | None, claims: Claims
) -> tuple[Reader, AddressChange]:
    change = address_change_of(session, claims.reader_id)
    if (
        reader is None
        or change is None
        or reader.state != ReaderState.ACTIVE
        or request_id(change.asked_at) != claims.object_id
        or claims.value not in (OLD, NEW)
    ):
        raise ExpiredTokenError(app.clock())
    return reader, change


def _moving(reader: Reader, change: AddressChange, claims: Claims) -> Moving:
    is_old = claims.value == OLD
    own = change.old_confirmed_at if is_old else change.new_confirmed_at
    done = _is_done(change)
    old = reader.address if is_old else _hidden(reader.address)
    return Moving("" if done else old, change.address, done=done, confirmed=own is not None)


def _is_done(change: AddressChange) -> bool:
    return change.old_confirmed_at is not None and change.new_confirmed_at is not None


def _hidden(address: str) -> str:
    local, _, domain = address.rpartition("@")
    return f"{local[:1]}…@{domain}"


def _apply(app: App, session: Session, reader: Reader, change: AddressChange) -> None:
    reader.address, reader.address_key = change.address, change.address_key
    # What came back from the old mailbox says nothing about the new one, whose owner just got mail.
    reader.soft_bounces = reader.hard_bounces = 0
    reader.bounced_on = None
    lift(session, address_hashes(app, change.address))


def _log(app: App, session: Session, reader_id: int, what: str, how: str) -> None:
    consent = Consent(reader_id=reader_id, at=app.clock(), what=what, how=how, wording=MOVE_WORDING)
    add_consent(session, consent)
    logger.info("%s reader=%d how=%s", what.replace(" ", "_"), reader_id, how)

"""Subscribing: somebody gives an address, and its owner confirms it by a signed link.

Whoever only types an address learns nothing about it, gets nobody more than a few short mails, and
changes nothing that its owner once confirmed. Links are bound to the request that they answer: an
old one never brings back somebody who left.
"""

import logging
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

from paperround.context import App
from paperround.errors import ExpiredTokenError, InvalidReaderError, UnknownReaderError
from paperround.folding import fold
from paperround.services.interests import MAX_PROSE, NewInterest, add_interest
from paperround.services.keyed_hash import address_hashes, source_hash
from paperround.services.notices import CONFIRM_WORDING, next_number, open_notice, request_id
from paperround.services.reader_fields import NewReader, new_row, set_fields
from paperround.services.schedule import following
from paperround.services.streams import CONFIRM, DAILY
from paperround.services.throttle import LONGEST, allows_mail, allows_source
from paperround.store.engine import Session
from paperround.store.models import Consent, Reader, ReaderState
from paperround.store.readers import add_interest as store_interest
from paperround.store.readers import reader_of
from paperround.store.subscriptions import (
    add_consent,
    forget_before,
    forget_throttles,
    last_served,
    lift,
    lock_reader,
    lock_reader_at,
    lock_reader_or_add,
    suppression_of,
)
from paperround.tokens import LIFETIME_DAYS, Claims, Purpose

__all__ = [
    "INTEREST",
    "Asked",
    "Subscription",
    "asked",
    "confirm",
    "purge_unconfirmed",
    "subscribe",
]

logger = logging.getLogger(__name__)

INTEREST = "Your interests"
"""Name of the interest that comes with a subscription, until its reader gives it another."""
SAME_REQUEST = timedelta(days=1)
"""Asked again within this time, it is the same request, and the links of both mails are good."""


@dataclass(frozen=True, slots=True)
class Subscription:
    """What somebody asks for; None means the installation's default."""

    address: str
    name: str = ""
    zone: str | None = None
    at: str | None = None
    """`07:30`."""
    weekdays: str | None = None
    """`mon-fri`."""
    prose: str | None = None
    """What they care about, in their own words."""
    wording: str = "subscribe-1"
    """Name and version of the text they saw when they asked."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a link to confirm is about."""

    address: str
    already: bool
    """Whether it is confirmed already."""
    reader_id: int


def subscribe(
    app: App, wanted: Subscription, *, how: str, source: str = "", dry_run: bool = False
) -> None:
    """Ask an address to confirm a subscription.

    The outcome is the same whether the address is new, waits, is subscribed, left or is suppressed,
    and whether a limit was reached. A reader who is subscribed already gets no mail.

    Args:
        app: The application.
        wanted: What is asked for.
        how: `web`, `mail` or `command`.
        source: Network address that the request came from; kept as a keyed hash only.
        dry_run: Only check the input.

    Raises:
        InvalidReaderError: The input makes no sense, whoever it is about.
    """
    now = app.clock()
    new = NewReader(wanted.address, wanted.name, wanted.zone, wanted.at, wanted.weekdays)
    row = new_row(app.settings, new, ReaderState.UNCONFIRMED, now)
    prose = _prose(wanted)
    if dry_run:
        return
    with app.database.write() as session:
        if not allows_source(app, session, source):
            logger.info("subscription_refused reason=source")
            return
        reader = lock_reader_or_add(session, row)
        is_unproven = reader.confirmed_at is None and reader.state == ReaderState.UNCONFIRMED
        if is_unproven:
            _take_over(reader, wanted, row.name)
        _ask(app, session, reader, _consent(app, reader, "asked", how, wanted.wording, source))
    if prose:
        with suppress(UnknownReaderError):  # housekeeping may have been faster
            _add_interest(app, row.address, prose, keep=is_unproven)


def asked(app: App, token: str) -> Asked:
    """Return what a link to confirm is about; nothing is changed.

    Raises:
        TokenError: It is not ours, too old, or answers a request that is over.
    """
    claims = _verified(app, token)
    with app.database.read() as session:
        return _about(app, reader_of(session, claims.reader_id), claims)


def confirm(app: App, token: str, *, how: str, source: str = "") -> Asked:
    """Confirm a subscription: the next digest is due at the reader's next hour.

    Doing it again does nothing.

    Args:
        app: The application.
        token: Of the link in the mail that asked for it.
        how: `web`, `mail` or `command`.
        source: Network address that the confirmation came from.

    Raises:
        TokenError: It is not ours, too old, or answers a request that is over.
    """
    claims = _verified(app, token)
    with app.database.write() as session:
        reader = lock_reader(session, claims.reader_id)
        about = _about(app, reader, claims)
        if reader is not None and not about.already:
            _activate(app, session, reader)
            add_consent(session, _consent(app, reader, "confirmed", how, CONFIRM_WORDING, source))
            logger.info("subscription_confirmed reader=%d", about.reader_id)
    return about


def purge_unconfirmed(app: App) -> int:
    """Forget what nobody confirmed while its link was good; return how many readers that were.

    Changes of address that are over, and limits that have run out, go as well.
    """
    now = app.clock()
    lifetime = LIFETIME_DAYS[Purpose.CONFIRM]
    assert lifetime is not None
    # A link is good until the end of its last day in UTC, and as long its reader is here.
    first_good = now.astimezone(UTC).date() - timedelta(days=lifetime)
    with app.database.write() as session:
        forget_throttles(session, now - LONGEST)
        return forget_before(session, datetime.combine(first_good, time(), UTC))


def _prose(wanted: Subscription) -> str:
    prose = fold(wanted.prose or "")
    if len(prose) > MAX_PROSE:
        raise InvalidReaderError(
            f"describe what you care about in {MAX_PROSE} characters at the most, not {len(prose)}"
        )
    return prose


def _take_over(reader: Reader, wanted: Subscription, name: str) -> None:
    """Set what was asked for on a row whose owner never confirmed anything: the last one counts."""
    reader.name = name or reader.name
    set_fields(reader, zone=wanted.zone, at=wanted.at, weekdays=wanted.weekdays)


def _ask(app: App, session: Session, reader: Reader, consent: Consent) -> None:
    """Open a mail that asks for a confirmation, unless there were too many.

    For a reader who is subscribed already the same is done and taken back, so that how long it
    takes does not tell them from others.
    """
    is_active, reader_id = reader.state == ReaderState.ACTIVE, consent.reader_id
    with session.begin_nested() as step:
        number = _open(app, session, reader, consent)
        if is_active:
            step.rollback()
    outcome = "active" if is_active else f"notice {number}" if number else "limited"
    logger.info("subscription_asked reader=%d outcome=%r", reader_id, outcome)


def _open(app: App, session: Session, reader: Reader, consent: Consent) -> int | None:
    """Open the mail and return its number of today; None if a limit is reached."""
    suppressed = (
        suppression_of(session, address_hashes(app, reader.address)) is not None
        or reader.state == ReaderState.SUPPRESSED
    )
    number = next_number(session, consent.reader_id, CONFIRM, consent.at)
    if number is None or not allows_mail(app, session, reader.address, suppressed=suppressed):
        return None
    if reader.asked_at is None or consent.at - reader.asked_at >= SAME_REQUEST:
        reader.asked_at = consent.at
    open_notice(session, consent.reader_id, CONFIRM, number, consent.at)
    add_consent(session, consent)
    return number


def _add_interest(app: App, address: str, prose: str, *, keep: bool) -> None:
    """Add what somebody says they care about.

    What a confirmed reader cares about is not for strangers to say: with them it is taken back.
    """
    new = NewInterest(INTEREST, prose=prose)
    interest = add_interest(app, address, new, dry_run=True).interest
    with app.database.write() as session:
        lock_reader_at(session, address)
        with session.begin_nested() as step:
            store_interest(session, interest)
            if not keep:
                step.rollback()


def _consent(app: App, reader: Reader, what: str, how: str, wording: str, source: str) -> Consent:
    assert reader.id is not None
    return Consent(
        reader_id=reader.id,
        at=app.clock(),
        what=what,
        how=how,
        wording=wording,
        source=source_hash(app, source),
    )


def _verified(app: App, token: str) -> Claims:
    return app.tokens.verify(token, Purpose.CONFIRM, on=app.clock().date())


def _about(app: App, reader: Reader | None, claims: Claims) -> Asked:
    """Return what a good link is about; one whose request is over is as good as expired."""
    if reader is not None and reader.state == ReaderState.ACTIVE:
        return Asked(reader.address, already=True, reader_id=claims.reader_id)
    if reader is None or reader.asked_at is None or request_id(reader.asked_at) != claims.object_id:
        raise ExpiredTokenError(app.clock())
    return Asked(reader.address, already=False, reader_id=claims.reader_id)


def _activate(app: App, session: Session, reader: Reader) -> None:
    assert reader.id is not None
    now = app.clock()
    last_on = last_served(session, reader.id, DAILY)
    reader.state = ReaderState.ACTIVE
    reader.asked_at, reader.confirmed_at = None, now
    reader.paused_until = None
    # T126: whoever presses the button has just got a mail, so the mailbox is well again. And
    # whatever the reason was, "do not write to me" is the owner's to take back: only they can open
    # the link, be it that they asked to be forgotten or that an operator barred the address.
    reader.soft_bounces = reader.hard_bounces = 0
    reader.bounced_on = None
    lift(session, address_hashes(app, reader.address))
    due = following(reader, now, app.settings.spread, last_on)
    reader.next_due_at, reader.next_due_on = due.at, due.on

"""Mails that ask one question: whether to subscribe an address, or to change it.

A notice belongs to no list, holds one link and nothing else (check A36). What whoever asked wrote
of themselves, their name first of all, is never in it: forms are filled in to send such texts to
others. Notices go through the ledger like digests; here they are opened and made, not sent.
"""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from functools import cache

from jinja2 import Environment

from digest.characters import one_line, shorten
from digest.errors import MessageError, RenderError
from digest.message import Addressee, Dispatch, Message, Sender, build_message, message_id
from digest.model import Rendered
from digest.stencil import FAULTS, said
from digest.wording import long_date
from paperround.context import App
from paperround.services.envelope import bounce_address
from paperround.services.how_often import how_often
from paperround.services.streams import CONFIRM, MOVE_OLD, kind_of, numbered
from paperround.store.deliveries import enqueue
from paperround.store.engine import Session
from paperround.store.models import AddressChange, Reader
from paperround.store.subscriptions import address_change_of, latest_notice, notices_on
from paperround.templating import build_environment
from paperround.tokens import LIFETIME_DAYS, Purpose

__all__ = [
    "CONFIRM_WORDING",
    "MOVE_WORDING",
    "NEW",
    "OLD",
    "confirm_token",
    "move_token",
    "next_number",
    "notice_for",
    "open_notice",
    "request_id",
]

CONFIRM_WORDING, MOVE_WORDING = "confirm-1", "move-1"
"""Name and version of what the mails say, for the log of consents; a test holds them to it."""

OLD, NEW = 0, 1
"""Whom a link to confirm a change of address speaks for; part of links, so it never changes."""

PER_DAY = 3
"""Notices of one kind that a reader may get on a day, in UTC; the ledger has no more streams."""
APART = timedelta(minutes=15)
"""Time between two of them: whoever is impatient has the first one by then."""
LATENESS = timedelta(days=1)
"""After which a notice is not sent any more; its reader has given up or asked again."""

MAX_STREAM_NAME = 26
"""Characters of the list's name in a subject, of which phones show 60."""


@dataclass(frozen=True, slots=True)
class Notice:
    """What a notice says, for its templates."""

    stream: str
    link: str
    until: str
    """Last day of the link, in words."""
    operator: str
    subject: str = ""
    often: str = ""
    """`from Monday to Friday at 07:00 (Europe/Berlin)`."""
    new_address: str = ""
    """For the old address only: the new one is not told whose it becomes."""


def next_number(session: Session, reader_id: int, kind: str, now: datetime) -> int | None:
    """Return the number of a reader's next notice of a kind today, the first being 1.

    None means that there were enough today, or that the last one was just now. The reader has to be
    locked, or two requests at once get the same.
    """
    last = latest_notice(session, reader_id, kind)
    number = notices_on(session, reader_id, kind, _day(now)) + 1
    is_late_enough = last is None or now - last >= APART
    return number if number <= PER_DAY and is_late_enough else None


def open_notice(session: Session, reader_id: int, kind: str, number: int, now: datetime) -> None:
    """Open a notice in the ledger; it goes out like any mail that is due."""
    stream = numbered(kind, number)
    enqueue(session, reader_id, stream, _day(now), now, now + LATENESS)


def notice_for(app: App, reader: Reader, stream: str, on: date, sent_at: datetime) -> Message:
    """Make the mail of a notice; the same arguments give the same bytes.

    Args:
        app: The application.
        reader: For whom.
        stream: `confirm.1`, `move-old.2`, ...
        on: The ledger's date.
        sent_at: The mail's date.

    Raises:
        MessageError: What it asks for was answered or taken back.
        RenderError: A template is broken.
        UndeliverableAddressError: No mail can be sent to the address.
    """
    assert reader.id is not None
    settings = app.settings
    kind = kind_of(stream)
    address = reader.address
    if kind == CONFIRM:
        rendered = _rendered("confirm", _confirmation(app, reader))
    else:
        change = _change(app, reader.id)
        address = reader.address if kind == MOVE_OLD else change.address
        rendered = _rendered("move", _move(app, change, kind))
    domain = settings.sender_address.rpartition("@")[2]
    key = app.tokens.derive("message-id")
    return build_message(
        rendered,
        sender=Sender(settings.sender_name, settings.sender_address, settings.reply_to),
        addressee=Addressee("", address),
        dispatch=Dispatch(
            message_id=message_id(key, reader.id, stream, on, domain),
            sent_at=sent_at,
            bounce_address=bounce_address(app, reader.id, on, stream),
            name=f"{on}-{stream}-{reader.id}",
        ),
    )


def confirm_token(app: App, reader: Reader) -> str:
    """Return the token that confirms the subscription that a reader waits for.

    Raises:
        MessageError: None waits.
    """
    assert reader.id is not None
    if reader.asked_at is None:
        raise MessageError("asked_at", "is empty: no subscription waits for a confirmation")
    object_id = request_id(reader.asked_at)
    on = _day(reader.asked_at)
    return app.tokens.issue(Purpose.CONFIRM, reader.id, object_id=object_id, on=on)


def move_token(app: App, change: AddressChange, side: int) -> str:
    """Return the token by which one side, `OLD` or `NEW`, confirms a change of address."""
    object_id, on = request_id(change.asked_at), _day(change.asked_at)
    return app.tokens.issue(Purpose.MOVE, change.reader_id, object_id=object_id, value=side, on=on)


def request_id(asked_at: datetime) -> int:
    """Return what tells a request from those before and after it; part of links.

    Mails are minutes apart, so two requests never have the same.
    """
    return int(asked_at.timestamp())


def _confirmation(app: App, reader: Reader) -> Notice:
    link = f"{app.settings.base_url}/confirm/{confirm_token(app, reader)}"
    assert reader.asked_at is not None
    return _notice(app, link, Purpose.CONFIRM, reader.asked_at, often=how_often(reader))


def _move(app: App, change: AddressChange, kind: str) -> Notice:
    is_old = kind == MOVE_OLD
    link = f"{app.settings.base_url}/move/{move_token(app, change, OLD if is_old else NEW)}"
    shown = change.address if is_old else ""
    return _notice(app, link, Purpose.MOVE, change.asked_at, new_address=shown)


def _change(app: App, reader_id: int) -> AddressChange:
    with app.database.read() as session:
        change = address_change_of(session, reader_id)
        session.expunge_all()
    if change is None:
        raise MessageError("address", "is missing: no change of address waits for a confirmation")
    return change


def _notice(
    app: App,
    link: str,
    purpose: Purpose,
    asked_at: datetime,
    *,
    often: str = "",
    new_address: str = "",
) -> Notice:
    lifetime = LIFETIME_DAYS[purpose]
    assert lifetime is not None
    return Notice(
        stream=shorten(one_line(app.settings.sender_name), MAX_STREAM_NAME),
        link=link,
        until=long_date(_day(asked_at) + timedelta(days=lifetime)),
        operator=one_line(app.settings.operator),
        often=often,
        new_address=new_address,
    )


def _day(instant: datetime) -> date:
    return instant.astimezone(UTC).date()


def _rendered(folder: str, notice: Notice) -> Rendered:
    subject = " ".join(_filled(f"email/{folder}/subject.txt.jinja", notice).split())
    titled = replace(notice, subject=subject)
    return Rendered(
        subject=subject,
        text=_filled(f"email/{folder}/body.txt.jinja", titled),
        html=_filled(f"email/{folder}/body.html.jinja", titled),
    )


def _filled(template: str, notice: Notice) -> str:
    try:
        return _environment().get_template(template).render(notice=notice)
    except FAULTS as error:
        raise RenderError(template, said(error)) from error


@cache
def _environment() -> Environment:
    return build_environment()

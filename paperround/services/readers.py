"""Readers: add, list and remove them."""

from dataclasses import dataclass
from datetime import datetime, time
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from email_validator import EmailNotValidError, validate_email

from paperround.context import App
from paperround.errors import InvalidReaderError
from paperround.folding import fold
from paperround.settings import parse_time, parse_weekdays
from paperround.store import readers as store
from paperround.store.deliveries import deliveries_of
from paperround.store.models import Delivery, Interest, Reader
from paperround.store.ratings import ratings_of
from scheduler.due import next_due

__all__ = ["NewReader", "ShownReader", "add_reader", "list_readers", "remove_reader", "show_reader"]

# RFC 5321, section 4.5.3.1.1; the validator lets longer ASCII local parts through.
MAX_LOCAL_PART = 64
MAX_NAME = 200


@dataclass(frozen=True, slots=True)
class NewReader:
    """What is asked of a new reader; None means the installation's default."""

    address: str
    name: str = ""
    zone: str | None = None
    at: str | None = None
    """`07:30`."""
    weekdays: str | None = None
    """`mon-fri`."""


@dataclass(frozen=True, slots=True)
class ShownReader:
    """A reader with what is known of them."""

    reader: Reader
    interests: list[Interest]
    ratings: int
    deliveries: list[Delivery]
    """The latest date first."""


def add_reader(app: App, new: NewReader, *, dry_run: bool = False) -> Reader:
    """Add a reader, whose first digest is due at the next hour of their own.

    Raises:
        InvalidReaderError: A field makes no sense; the message names it.
        DuplicateReaderError: There is a reader with this address.
    """
    reader = _reader(app, new, app.clock())
    if dry_run:
        with app.database.read() as session:
            store.refuse_taken_address(session, reader)
        return reader
    with app.database.write() as session:
        return store.add_reader(session, reader)


def list_readers(app: App) -> list[Reader]:
    """Return all readers in the order they came."""
    with app.database.read() as session:
        return store.all_readers(session)


def show_reader(app: App, address: str) -> ShownReader:
    """Return a reader with their interests, ratings and deliveries.

    Raises:
        UnknownReaderError: There is none with this address.
    """
    with app.database.read() as session:
        reader = store.reader_at(session, address)
        assert reader.id is not None
        return ShownReader(
            reader=reader,
            interests=store.interests_of(session, reader.id),
            ratings=len(ratings_of(session, reader.id)),
            deliveries=deliveries_of(session, reader.id),
        )


def remove_reader(app: App, address: str, *, dry_run: bool = False) -> Reader:
    """Remove a reader with all that is known of them.

    Raises:
        UnknownReaderError: There is none with this address.
    """
    if dry_run:
        return show_reader(app, address).reader
    with app.database.write() as session:
        reader = store.reader_at(session, address)
        store.remove_reader(session, reader)
        return reader


def _reader(app: App, new: NewReader, now: datetime) -> Reader:
    settings = app.settings
    address = _address(new.address)
    zone = _zone(new.zone or settings.digest_zone)
    at = _time(new.at) if new.at else settings.digest_at
    weekdays = _weekdays(new.weekdays or settings.digest_weekdays)
    if len(new.name) > MAX_NAME:
        raise InvalidReaderError(f"a name may have {MAX_NAME} characters, not {len(new.name)}")
    due = next_due(now, at=at, zone=zone, weekdays=weekdays)
    return Reader(
        address=address,
        address_key=address.casefold(),
        name=fold(new.name),
        zone=zone.key,
        digest_at=at,
        weekdays="".join(map(str, sorted(weekdays))),
        active=True,
        next_due_at=due.at,
        next_due_on=due.on,
        added_at=now,
    )


def _address(text: str) -> str:
    try:
        checked = validate_email(text.strip(), check_deliverability=False)
    except EmailNotValidError as error:
        raise InvalidReaderError(f"{text!r} is not a mail address: {error}") from None
    if len(checked.local_part) > MAX_LOCAL_PART:
        raise InvalidReaderError(
            f"{text!r} is not a mail address: more than {MAX_LOCAL_PART} characters before the @"
        )
    return checked.normalized


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (OSError, ValueError, ZoneInfoNotFoundError):
        raise InvalidReaderError(
            f"unknown time zone {name!r}; write an IANA name such as Europe/Berlin"
        ) from None


def _time(text: str) -> time:
    try:
        return parse_time(text)
    except ValueError as error:
        raise InvalidReaderError(str(error)) from None


def _weekdays(text: str) -> frozenset[int]:
    try:
        return parse_weekdays(text)
    except ValueError as error:
        raise InvalidReaderError(str(error)) from None

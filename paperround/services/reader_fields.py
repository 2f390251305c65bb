"""A reader's address, name, hour, zone and weekdays: checked where they come in."""

from dataclasses import dataclass
from datetime import datetime, time
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from email_validator import EmailNotValidError, validate_email

from paperround.errors import InvalidReaderError
from paperround.folding import fold
from paperround.settings import Settings, parse_time, parse_weekdays
from paperround.store.models import Reader, ReaderState

__all__ = ["NewReader", "new_row", "parsed_address", "set_fields"]

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


def new_row(settings: Settings, new: NewReader, state: ReaderState, now: datetime) -> Reader:
    """Return a row to be added; nothing is due for it yet.

    Raises:
        InvalidReaderError: A field makes no sense; the message names it.
    """
    address = parsed_address(new.address)
    if len(new.name) > MAX_NAME:
        raise InvalidReaderError(f"a name may have {MAX_NAME} characters, not {len(new.name)}")
    reader = Reader(
        address=address,
        address_key=address.casefold(),
        name=fold(new.name),
        zone=settings.digest_zone,
        digest_at=settings.digest_at,
        weekdays=_digits(parse_weekdays(settings.digest_weekdays)),
        state=state,
        added_at=now,
    )
    set_fields(reader, zone=new.zone, at=new.at, weekdays=new.weekdays)
    return reader


def set_fields(
    reader: Reader,
    *,
    zone: str | None = None,
    at: str | None = None,
    weekdays: str | None = None,
) -> None:
    """Set a reader's zone, hour and weekdays; what is None or empty stays as it is.

    Raises:
        InvalidReaderError: One makes no sense, and nothing is set.
    """
    checked_zone = _zone(zone) if zone else reader.zone
    checked_at = _time(at) if at else reader.digest_at
    checked_weekdays = _weekdays(weekdays) if weekdays else reader.weekdays
    reader.zone, reader.digest_at = checked_zone, checked_at
    reader.weekdays = checked_weekdays


def parsed_address(text: str) -> str:
    """Return a mail address in the form that is kept: its domain in small letters.

    Raises:
        InvalidReaderError: It is none.
    """
    try:
        checked = validate_email(text.strip(), check_deliverability=False)
    except EmailNotValidError as error:
        raise InvalidReaderError(f"{text!r} is not a mail address: {error}") from None
    if len(checked.local_part) > MAX_LOCAL_PART:
        raise InvalidReaderError(
            f"{text!r} is not a mail address: more than {MAX_LOCAL_PART} characters before the @"
        )
    return checked.normalized


def _zone(name: str) -> str:
    try:
        return ZoneInfo(name).key
    except (OSError, ValueError, ZoneInfoNotFoundError):
        raise InvalidReaderError(
            f"unknown time zone {name!r}; write an IANA name such as Europe/Berlin"
        ) from None


def _time(text: str) -> time:
    try:
        return parse_time(text)
    except ValueError as error:
        raise InvalidReaderError(str(error)) from None


def _weekdays(text: str) -> str:
    try:
        return _digits(parse_weekdays(text))
    except ValueError as error:
        raise InvalidReaderError(str(error)) from None


def _digits(days: frozenset[int]) -> str:
    return "".join(map(str, sorted(days)))

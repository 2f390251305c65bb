"""Readers: add, list and remove them, on the operator's word."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from paperround.context import App
from paperround.errors import InvalidReaderError
from paperround.services.keyed_hash import address_hashes
from paperround.services.reader_fields import NewReader, new_row
from paperround.services.schedule import following
from paperround.store import readers as store
from paperround.store.deliveries import deliveries_of
from paperround.store.models import Consent, Delivery, Interest, Reader, ReaderState, Suppression
from paperround.store.ratings import ratings_of
from paperround.store.subscriptions import add_consent, lift, suppression_of
from scheduler.due import Due, next_due

__all__ = ["NewReader", "ShownReader", "add_reader", "list_readers", "remove_reader", "show_reader"]


@dataclass(frozen=True, slots=True)
class ShownReader:
    """A reader with what is known of them."""

    reader: Reader
    interests: list[Interest]
    ratings: int
    deliveries: list[Delivery]
    """The latest date first."""


def add_reader(
    app: App, new: NewReader, *, lift_suppression: bool = False, dry_run: bool = False
) -> Reader:
    """Add a reader on the operator's word; their first digest is due at the next hour of their own.

    Whoever comes through a form is asked for a confirmation instead: `services.subscribe`.

    Args:
        app: The application.
        new: Who, and when.
        lift_suppression: Write to an address that was not to be written to.
        dry_run: Check everything and change nothing.

    Raises:
        InvalidReaderError: A field makes no sense, or the address is not to be written to.
        DuplicateReaderError: There is a reader with this address.
    """
    now = app.clock()
    reader = new_row(app.settings, new, ReaderState.ACTIVE, now)
    hashes = address_hashes(app, reader.address)
    with app.database.read() as session:
        store.refuse_taken_address(session, reader)
        found = suppression_of(session, hashes)
        if found is not None and not lift_suppression:
            raise InvalidReaderError(_refusal(reader.address, found))
    _set_due(reader, _first_due(reader, now))
    if dry_run:
        return reader
    with app.database.write() as session:
        lift(session, hashes)
        store.add_reader(session, reader)
        assert reader.id is not None
        _set_due(reader, following(reader, now, app.settings.spread))
        add_consent(session, Consent(reader_id=reader.id, at=now, what="added", how="command"))
    return reader


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
    """Remove a reader with all that is known of them, as if they had never been there.

    Somebody who leaves for good is forgotten by `services.leaving`, which keeps that they did.

    Raises:
        UnknownReaderError: There is none with this address.
    """
    if dry_run:
        return show_reader(app, address).reader
    with app.database.write() as session:
        reader = store.reader_at(session, address)
        store.remove_reader(session, reader)
        return reader


def _first_due(reader: Reader, now: datetime) -> Due:
    """Return when the first digest is due, but for the spread, which goes by a reader's number."""
    weekdays = frozenset(map(int, reader.weekdays))
    return next_due(now, at=reader.digest_at, zone=ZoneInfo(reader.zone), weekdays=weekdays)


def _set_due(reader: Reader, due: Due) -> None:
    reader.next_due_at, reader.next_due_on = due.at, due.on


_REASONS = {
    "bounce": "mail to it came back",
    "deleted": "its owner asked to be forgotten",
    "operator": "it was barred here",
}


def _refusal(address: str, found: Suppression) -> str:
    return (
        f"{address} is not written to since {found.at:%Y-%m-%d}: "
        f"{_REASONS.get(found.reason, found.reason)}; ask its owner with "
        f"`paperround reader invite {address}`, or add it with --lift-suppression"
    )

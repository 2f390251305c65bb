"""Readers: checked at the door."""

from datetime import UTC, date, datetime

import pytest

from paperround.context import App
from paperround.errors import DuplicateReaderError, InvalidReaderError, UnknownReaderError
from paperround.services.readers import (
    NewReader,
    add_reader,
    list_readers,
    remove_reader,
    show_reader,
)
from tests.paperround.services.conftest import ADA


def test_the_first_digest_is_due_at_the_next_hour_of_the_readers_own(app: App) -> None:
    """Seven in the morning in Tokyo, the next day, for the present hour has passed there."""
    reader = add_reader(app, NewReader(ADA, zone="Asia/Tokyo", at="07:00", weekdays="daily"))

    assert reader.next_due_at == datetime(2026, 5, 4, 22, 0, tzinfo=UTC)
    assert reader.next_due_on == date(2026, 5, 5)


def test_what_is_not_said_is_the_installations_default(app: App) -> None:
    """Hour, zone and weekdays come from the settings."""
    reader = add_reader(app, NewReader(ADA))

    assert (reader.zone, reader.weekdays) == ("UTC", "12345")
    assert reader.digest_at == app.settings.digest_at


@pytest.mark.parametrize(
    ("new", "problem"),
    [
        (NewReader("ada"), "'ada' is not a mail address"),
        (NewReader("ada@example.org\r\nBcc: x@example.org"), "is not a mail address"),
        (NewReader(f"{'a' * 65}@example.org"), "is not a mail address"),
        (NewReader(ADA, zone="Mars/Olympus"), "unknown time zone 'Mars/Olympus'"),
        (NewReader(ADA, zone="../../etc/passwd"), "unknown time zone"),
        (NewReader(ADA, at="25:00"), "'25:00' is not a time of day; write 07:30"),
        (NewReader(ADA, at="23:59:60"), "is not a time of day"),
        (NewReader(ADA, at="07:00+02:00"), "has a zone of its own"),
        (NewReader(ADA, weekdays="someday"), "'someday' names no weekday"),
        (NewReader(ADA, name="A" * 201), "a name may have 200 characters"),
    ],
)
def test_a_field_that_makes_no_sense_is_named(app: App, new: NewReader, problem: str) -> None:
    """And nobody is added."""
    with pytest.raises(InvalidReaderError, match=problem):
        add_reader(app, new)

    assert list_readers(app) == []


def test_an_address_is_added_once(app: App) -> None:
    """T37-like: whatever its capitals; a dry run tells too."""
    add_reader(app, NewReader(ADA))

    with pytest.raises(DuplicateReaderError):
        add_reader(app, NewReader(ADA.upper()))
    with pytest.raises(DuplicateReaderError):
        add_reader(app, NewReader(ADA), dry_run=True)


def test_a_dry_run_adds_and_removes_nobody(app: App) -> None:
    """It checks as the real thing does."""
    add_reader(app, NewReader(ADA), dry_run=True)
    before = list_readers(app)
    add_reader(app, NewReader(ADA))
    remove_reader(app, ADA, dry_run=True)

    assert before == []
    assert [reader.address for reader in list_readers(app)] == [ADA]


def test_a_removed_reader_is_unknown(app: App) -> None:
    """As is anyone else."""
    add_reader(app, NewReader(ADA))
    remove_reader(app, ADA)

    with pytest.raises(UnknownReaderError, match="paperround reader list"):
        show_reader(app, ADA)

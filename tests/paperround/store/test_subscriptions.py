"""The life of a subscription in the store, on both databases, also with several at once."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from threading import Barrier

import pytest

from paperround.errors import UnknownReaderError
from paperround.store.deliveries import enqueue
from paperround.store.engine import Database
from paperround.store.models import AddressChange, Consent, ReaderState
from paperround.store.readers import all_readers, reader_at, remove_reader
from paperround.store.subscriptions import (
    add_consent,
    address_change_of,
    ask_for_address,
    consents_of,
    count_in_window,
    forget_address_change,
    forget_before,
    forget_throttles,
    is_taken,
    last_served,
    latest_notice,
    lift,
    lock_reader,
    lock_reader_at,
    lock_reader_or_add,
    notices_on,
    suppress,
    suppression_of,
)
from tests.paperround.store.rows import NOW, TODAY, day, new_reader, saved_reader

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
MANY = 8


def at_once(work: Callable[[], object]) -> list[object]:
    """Do something in several threads at the same time, and return what each of them got."""
    start = Barrier(MANY)

    def one(_number: int) -> object:
        start.wait()
        return work()

    with ThreadPoolExecutor(MANY) as threads:
        return list(threads.map(one, range(MANY)))


def change_to(reader_id: int, address: str) -> AddressChange:
    """Return a wish for another address."""
    return AddressChange(
        reader_id=reader_id, address=address, address_key=address.casefold(), asked_at=NOW
    )


# Readers


def test_requests_at_once_add_one_reader(database: Database) -> None:
    """None of them fails, and all get the same row."""

    def ask() -> int | None:
        with database.write() as session:
            return lock_reader_or_add(session, new_reader()).id

    assert at_once(ask) == [1] * MANY
    with database.read() as session:
        assert len(all_readers(session)) == 1


def test_a_known_reader_is_returned_as_they_are(database: Database) -> None:
    """However the address is capitalised; the new row is not looked at."""
    with database.write() as session:
        known = saved_reader(session)

    with database.write() as session:
        new = new_reader("ADA@example.org")
        new.name = "Eve"
        found = lock_reader_or_add(session, new)

    assert (found.id, found.name) == (known, "Ada")


def test_changes_of_one_reader_wait_for_each_other(database: Database) -> None:
    """Whoever locks a reader sees what those before them wrote."""
    with database.write() as session:
        ada = saved_reader(session)

    def bounce() -> None:
        with database.write() as session:
            reader = lock_reader(session, ada)
            assert reader is not None
            reader.soft_bounces += 1

    at_once(bounce)

    with database.read() as session:
        assert reader_at(session, "ada@example.org").soft_bounces == MANY


def test_nobody_can_be_locked_who_is_not_there(database: Database) -> None:
    """By number it is None, by address an error."""
    with database.write() as session:
        assert lock_reader(session, 7) is None
        with pytest.raises(UnknownReaderError):
            lock_reader_at(session, "ada@example.org")


def test_an_address_is_taken_or_not(database: Database) -> None:
    """By its folded form."""
    with database.write() as session:
        saved_reader(session)

    with database.read() as session:
        assert is_taken(session, "ada@example.org")
        assert not is_taken(session, "grace@example.org")


# What the ledger knows


def test_the_last_served_date_is_that_of_the_digests(database: Database) -> None:
    """Not of notices, nor of other readers."""
    with database.write() as session:
        ada, grace = saved_reader(session), saved_reader(session, "grace@example.org")
        for of, stream, on in (
            (ada, "daily", day(3)),
            (ada, "daily", day(2)),
            (ada, "confirm.1", day(4)),
            (grace, "daily", day(5)),
        ):
            enqueue(session, of, stream, on, NOW, NOW + DAY)

    with database.read() as session:
        assert last_served(session, ada, "daily") == day(3)
        assert last_served(session, ada, "weekly") is None


def test_notices_are_counted_by_kind_and_date(database: Database) -> None:
    """`move-old` is not `move-new`, and yesterday not today."""
    with database.write() as session:
        ada = saved_reader(session)
        for stream, on, hours in (
            ("confirm.1", day(3), -24),
            ("confirm.1", TODAY, -2),
            ("confirm.2", TODAY, -1),
            ("move-old.1", TODAY, 0),
            ("daily", TODAY, 0),
        ):
            enqueue(session, ada, stream, on, NOW + hours * HOUR, NOW + DAY)

    with database.read() as session:
        assert notices_on(session, ada, "confirm", TODAY) == 2
        assert notices_on(session, ada, "move-new", TODAY) == 0
        assert latest_notice(session, ada, "confirm") == NOW - HOUR
        assert latest_notice(session, ada, "move-new") is None


# Consents, suppressions and limits


def test_consents_are_kept_in_their_order(database: Database) -> None:
    """They go with their reader."""
    with database.write() as session:
        ada = saved_reader(session)
        for what in ("asked", "confirmed", "unsubscribed"):
            add_consent(session, Consent(reader_id=ada, at=NOW, what=what, how="web"))

    with database.write() as session:
        assert [line.what for line in consents_of(session, ada)] == [
            "asked",
            "confirmed",
            "unsubscribed",
        ]
        remove_reader(session, reader_at(session, "ada@example.org"))
        assert consents_of(session, ada) == []


def test_the_first_reason_of_a_suppression_stays(database: Database) -> None:
    """It is found by any hash of the address, and lifted by all of them."""
    with database.write() as session:
        suppress(session, "old", "deleted", NOW)
        suppress(session, "old", "bounce", NOW + DAY)

    with database.write() as session:
        found = suppression_of(session, ["new", "old"])
        assert found is not None
        assert (found.reason, found.at) == ("deleted", NOW)
        assert [lift(session, ["new", "old"]), lift(session, ["new", "old"])] == [True, False]
        assert suppression_of(session, ["new", "old"]) is None


def test_counting_begins_anew_when_the_window_is_over(database: Database) -> None:
    """The window begins with the first that was counted."""
    with database.write() as session:
        counts = [
            count_in_window(session, "ada", NOW + minutes * timedelta(minutes=1), HOUR)
            for minutes in (0, 30, 59, 60, 119, 120)
        ]
        other = count_in_window(session, "grace", NOW, HOUR)

    assert (counts, other) == ([1, 2, 3, 1, 2, 1], 1)


def test_counts_at_once_are_all_counted(database: Database) -> None:
    """Nobody slips through between reading and writing."""

    def count() -> int:
        with database.write() as session:
            return count_in_window(session, "ada", NOW, HOUR)

    assert sorted(map(str, at_once(count))) == [str(n) for n in range(1, MANY + 1)]


def test_windows_of_before_are_forgotten(database: Database) -> None:
    """The table does not grow for ever."""
    with database.write() as session:
        count_in_window(session, "ada", NOW - DAY, HOUR)
        count_in_window(session, "grace", NOW, HOUR)

    with database.write() as session:
        assert [forget_throttles(session, NOW), forget_throttles(session, NOW)] == [1, 0]


# Another address


def test_another_wish_replaces_the_one_before(database: Database) -> None:
    """With all that was confirmed of it."""
    with database.write() as session:
        ada = saved_reader(session)
        first = change_to(ada, "ada@example.com")
        first.old_confirmed_at = NOW
        ask_for_address(session, first)
    with database.write() as session:
        ask_for_address(session, change_to(ada, "ada@example.net"))

    with database.write() as session:
        change = address_change_of(session, ada)
        assert change is not None
        assert (change.address, change.old_confirmed_at) == ("ada@example.net", None)
        forget_address_change(session, ada)
    with database.read() as session:
        assert address_change_of(session, ada) is None


# Housekeeping


def test_only_what_was_never_confirmed_is_forgotten(database: Database) -> None:
    """And only if it was asked for before the instant, or is not asked for any more."""
    people = [
        ("old@example.org", ReaderState.UNCONFIRMED, NOW - DAY),
        ("nothing@example.org", ReaderState.UNCONFIRMED, None),
        ("new@example.org", ReaderState.UNCONFIRMED, NOW),
        ("active@example.org", ReaderState.ACTIVE, NOW - DAY),
        ("gone@example.org", ReaderState.UNSUBSCRIBED, NOW - DAY),
    ]
    with database.write() as session:
        for address, state, asked_at in people:
            reader = new_reader(address)
            reader.state, reader.asked_at = state, asked_at
            session.add(reader)

    with database.write() as session:
        forgotten = forget_before(session, NOW)

    with database.read() as session:
        left = [reader.address.partition("@")[0] for reader in all_readers(session)]
    assert (forgotten, left) == (2, ["new", "active", "gone"])


def test_wishes_for_addresses_are_forgotten_as_well(database: Database) -> None:
    """Those of before the instant."""
    with database.write() as session:
        ada, grace = saved_reader(session), saved_reader(session, "grace@example.org")
        old = change_to(ada, "ada@example.com")
        old.asked_at = NOW - DAY
        ask_for_address(session, old)
        ask_for_address(session, change_to(grace, "grace@example.com"))

    with database.write() as session:
        assert forget_before(session, NOW) == 0

    with database.read() as session:
        assert address_change_of(session, ada) is None
        assert address_change_of(session, grace) is not None


def test_dates_are_dates_on_both_databases(database: Database) -> None:
    """Also when the database computed them."""
    with database.write() as session:
        ada = saved_reader(session)
        enqueue(session, ada, "daily", TODAY, NOW, NOW + DAY)

    with database.read() as session:
        assert type(last_served(session, ada, "daily")) is date


def test_a_number_is_never_given_twice(database: Database) -> None:
    """Links of a reader who was forgotten must not become another's."""
    with database.write() as session:
        saved_reader(session)
        last = saved_reader(session, "grace@example.org")
        remove_reader(session, reader_at(session, "grace@example.org"))

    with database.write() as session:
        assert saved_reader(session, "alan@example.org") > last

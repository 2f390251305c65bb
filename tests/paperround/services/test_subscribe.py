"""Subscribing: double opt-in, without telling strangers anything or bothering anybody."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from threading import Barrier

import pytest

from paperround.context import App
from paperround.errors import InvalidReaderError
from paperround.services.leaving import forget_reader, unsubscribe
from paperround.services.subscribe import (
    INTEREST,
    Subscription,
    confirm,
    subscribe,
)
from paperround.services.throttle import SOURCE
from paperround.store.models import ReaderState
from paperround.store.readers import interests_of
from paperround.testing import FrozenClock
from tests.paperround.services.subscribers import (
    ADA,
    addresses,
    ask,
    bounced,
    consents,
    due,
    join,
    leave_token,
    ledger,
    number,
    reader,
    streams,
    token_of,
)

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def prose(app: App) -> list[tuple[str, str]]:
    """Return Ada's interests by name and words."""
    with app.database.read() as session:
        return [(row.name, row.prose) for row in interests_of(session, number(app))]


# Asking


def test_a_new_address_is_asked_to_confirm(app: App) -> None:
    """It gets one mail, in the ledger like all mails, and no digest is due (A36)."""
    ask(app)

    (row,) = ledger(app)
    assert (row.stream, row.local_date, row.due_at) == ("confirm.1", date(2026, 5, 4), app.clock())
    assert row.expires_at == app.clock() + DAY
    assert (reader(app).state, due(app)) == (ReaderState.UNCONFIRMED, (None, None))


def test_what_was_asked_for_is_kept(app: App) -> None:
    """Hour, zone, days and words of the form."""
    ask(app, name="Ada", zone="Asia/Tokyo", at="06:15", weekdays="mon,thu", prose="polar codes")

    row = reader(app)
    assert (row.name, row.zone, row.weekdays) == ("Ada", "Asia/Tokyo", "14")
    assert prose(app) == [(INTEREST, "polar codes")]


def test_the_log_of_consents_says_when_how_and_on_which_wording(app: App) -> None:
    """Of asking and of confirming; where from only as a keyed hash."""
    ask(app, source="192.0.2.7", wording="form-3")
    confirm(app, token_of(app, "confirm.1"), how="web", source="192.0.2.7")

    lines = [(line.at, line.what, line.how, line.wording) for line in consents(app)]
    assert lines == [
        (app.clock(), "asked", "web", "form-3"),
        (app.clock(), "confirmed", "web", "confirm-1"),
    ]
    (source,) = {line.source for line in consents(app)}
    assert len(source) == 64
    assert "192" not in source


@pytest.mark.parametrize(
    ("wanted", "problem"),
    [
        (Subscription("ada"), "is not a mail address"),
        (Subscription("ada@example.org\r\nBcc: x@example.org"), "is not a mail address"),
        (Subscription("ada@example.org, grace@example.org"), "is not a mail address"),
        (Subscription(ADA, zone="Mars/Olympus"), "unknown time zone"),
        (Subscription(ADA, at="25:00"), "is not a time of day"),
        (Subscription(ADA, weekdays="someday"), "names no weekday"),
        (Subscription(ADA, name="A" * 201), "a name may have 200 characters"),
        (Subscription(ADA, prose="a" * 5_001), "5000 characters at the most"),
    ],
)
def test_input_that_makes_no_sense_is_refused_whoever_it_is_about(
    app: App, wanted: Subscription, problem: str
) -> None:
    """Before anybody is looked up: a reader and a stranger meet the same error (A37)."""
    join(app)

    with pytest.raises(InvalidReaderError, match=problem):
        subscribe(app, wanted, how="web")

    assert addresses(app) == [ADA]


@pytest.mark.parametrize("typed", ["Ada@XN--mnchen-3ya.example", " ada@MÜNCHEN.example "])
def test_an_address_is_the_same_in_any_spelling(app: App, typed: str) -> None:
    """T89: capitals, spaces and A-labels; what comes with it is kept."""
    ask(app, typed, prose="polar codes")
    ask(app, "ada@münchen.example", prose="LDPC codes")

    (address,) = addresses(app)
    with app.database.read() as session:
        (interest,) = interests_of(session, number(app, address))
    assert (address.casefold(), interest.prose) == ("ada@münchen.example", "LDPC codes")
    assert streams(app, address) == ["confirm.1"]


@pytest.mark.parametrize("nothing", ["", "  \n", "\x00\x1b"])
def test_words_that_say_nothing_make_no_interest(app: App, nothing: str) -> None:
    """The reader may say something later."""
    ask(app, prose=nothing)

    assert prose(app) == []


def test_a_dry_run_asks_nobody(app: App) -> None:
    """It checks as the real thing does."""
    subscribe(app, Subscription(ADA), how="command", dry_run=True)

    assert addresses(app) == []


def _is_new(app: App) -> None:
    pass


def _waits(app: App) -> None:
    ask(app)


def _is_subscribed(app: App) -> None:
    join(app)


def _left(app: App) -> None:
    join(app)
    unsubscribe(app, leave_token(app), how="web")


def _bounces(app: App) -> None:
    join(app)
    bounced(app)


def _was_forgotten(app: App) -> None:
    join(app)
    forget_reader(app, ADA)


KINDS = [_is_new, _waits, _is_subscribed, _left, _bounces, _was_forgotten]


@pytest.mark.parametrize("known", KINDS)
def test_whoever_asks_learns_nothing_about_the_address(
    app: App, clock: FrozenClock, known: Callable[[App], None]
) -> None:
    """Nothing is returned or raised, be it new, waiting, subscribed, gone or suppressed (A37)."""
    known(app)
    clock.advance(HOUR)

    ask(app, prose="quantum error correction", source="192.0.2.7")


@pytest.mark.parametrize(
    ("known", "expected"),
    [
        (_is_new, 1),
        (_waits, 2),
        (_is_subscribed, 1),
        (_left, 2),
        (_bounces, 2),
        (_was_forgotten, 1),
    ],
)
def test_all_but_those_who_are_subscribed_are_asked_by_mail(
    app: App, clock: FrozenClock, known: Callable[[App], None], expected: int
) -> None:
    """A reader needs no mail, so a stranger cannot have one sent to them."""
    known(app)
    clock.advance(DAY)

    ask(app)

    assert len(streams(app)) == expected


def test_a_stranger_changes_nothing_that_a_reader_confirmed(app: App, clock: FrozenClock) -> None:
    """Neither while they are subscribed nor after they left."""
    join(app, name="Ada", prose="polar codes")
    for _ in range(2):
        clock.advance(DAY)
        ask(app, name="Eve", zone="Asia/Tokyo", at="03:00", weekdays="sun", prose="casinos")
        unsubscribe(app, leave_token(app), how="web")

    row = reader(app)
    assert (row.name, row.zone, row.weekdays) == ("Ada", "UTC", "12345")
    assert prose(app) == [(INTEREST, "polar codes")]


def test_the_last_of_several_requests_counts_before_the_first_confirmation(app: App) -> None:
    """Whoever mistyped an hour fills the form in again."""
    ask(app, name="Ada", at="06:00", prose="polar codes")
    ask(app, at="09:00", prose="LDPC codes")

    assert (reader(app).digest_at.hour, reader(app).name) == (9, "Ada")
    assert prose(app) == [(INTEREST, "LDPC codes")]


# Limits


def test_a_hundred_requests_are_one_mail(app: App) -> None:
    """T108: not twice within fifteen minutes."""
    for _ in range(100):
        ask(app)

    assert streams(app) == ["confirm.1"]


def test_requests_at_once_are_one_mail(app: App) -> None:
    """T108: several processes take part, and none of them fails."""
    start = Barrier(8)

    def one(_number: int) -> None:
        start.wait()
        ask(app, prose="polar codes", source="192.0.2.7")

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(one, range(8)))

    assert streams(app) == ["confirm.1"]
    assert prose(app) == [(INTEREST, "polar codes")]


def test_three_mails_a_day_are_the_most(app: App, clock: FrozenClock) -> None:
    """T108: however patient somebody is."""
    for _ in range(60):
        ask(app)
        clock.advance(5 * MINUTE)

    assert streams(app) == ["confirm.1", "confirm.2", "confirm.3"]
    assert [row.due_at - ledger(app)[0].due_at for row in ledger(app)] == [
        0 * MINUTE,
        15 * MINUTE,
        30 * MINUTE,
    ]


def test_midnight_is_no_gap_in_the_limits(app: App, clock: FrozenClock) -> None:
    """Two minutes later is another date, and too soon."""
    clock.now = datetime(2026, 5, 4, 23, 59, tzinfo=UTC)
    ask(app)
    clock.advance(2 * MINUTE)

    ask(app)

    assert streams(app) == ["confirm.1"]


def test_other_names_of_one_mailbox_share_its_limit(app: App) -> None:
    """Or a hundred tags would be a hundred mails to one victim."""
    victims = [f"ada+{tag}@example.org" for tag in range(10)]
    for victim in victims:
        ask(app, victim)

    assert sum(len(streams(app, victim)) for victim in victims) == 3


def test_one_source_asks_so_often_in_an_hour(app: App, clock: FrozenClock) -> None:
    """Whoever is over the limit is not told, and an hour later may ask again (A37)."""
    for n in range(SOURCE.times + 5):
        ask(app, f"reader{n}@example.org", source="192.0.2.7")
    during = len(addresses(app))
    ask(app, "other@example.org", source="192.0.2.8")
    clock.advance(HOUR)
    ask(app, "later@example.org", source="192.0.2.7")

    assert during == SOURCE.times
    assert addresses(app)[SOURCE.times :] == ["other@example.org", "later@example.org"]


def test_a_whole_network_of_version_6_is_one_source(app: App) -> None:
    """One machine has as many addresses of it as it likes."""
    for n in range(SOURCE.times + 5):
        ask(app, f"reader{n}@example.org", source=f"2001:db8::{n + 1:x}")

    assert len(addresses(app)) == SOURCE.times


def test_a_suppressed_address_is_asked_once_a_week(app: App, clock: FrozenClock) -> None:
    """Enough for its owner to come back, too little to be a nuisance."""
    join(app)
    forget_reader(app, ADA)
    for _ in range(10):
        clock.advance(DAY)
        ask(app)

    assert streams(app) == ["confirm.1", "confirm.1"]

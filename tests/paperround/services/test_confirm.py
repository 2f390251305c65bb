"""Confirming a subscription: by a link of its own, and never by an old one."""

from datetime import UTC, date, datetime, timedelta

import pytest

from paperround.context import App
from paperround.errors import ExpiredTokenError, ForgedTokenError
from paperround.services.keyed_hash import address_hash
from paperround.services.leaving import forget_reader, unsubscribe
from paperround.services.preferences import pause
from paperround.services.readers import NewReader, add_reader
from paperround.services.subscribe import (
    asked,
    confirm,
    purge_unconfirmed,
)
from paperround.store.deliveries import enqueue
from paperround.store.models import ReaderState
from paperround.store.subscriptions import suppression_of
from paperround.testing import FrozenClock
from paperround.tokens import Purpose
from tests.paperround.services.subscribers import (
    ADA,
    GRACE,
    addresses,
    ask,
    bounced,
    change,
    consents,
    due,
    join,
    leave_token,
    link_in,
    mail,
    number,
    reader,
    token_of,
)

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def test_the_link_of_the_mail_confirms(app: App) -> None:
    """The reader is active from then on."""
    ask(app)
    page, token = link_in(mail(app, "confirm.1"))

    said = confirm(app, token, how="web")

    assert (page, said.address, said.already) == ("confirm", ADA, False)
    assert (reader(app).state, reader(app).confirmed_at) == (ReaderState.ACTIVE, app.clock())


def test_looking_at_the_link_confirms_nothing(app: App) -> None:
    """T109: scanners look at all links, as often as they like."""
    ask(app)
    token = token_of(app, "confirm.1")

    said = [asked(app, token) for _ in range(3)]

    assert [(one.address, one.already) for one in said] == [(ADA, False)] * 3
    assert reader(app).state == ReaderState.UNCONFIRMED


def test_confirming_again_says_so_and_does_nothing(app: App, clock: FrozenClock) -> None:
    """Whoever comes back to the link is told that all is well (A36)."""
    ask(app)
    token = token_of(app, "confirm.1")
    confirm(app, token, how="web")
    before = reader(app)
    clock.advance(DAY)

    said = confirm(app, token, how="web"), asked(app, token)

    assert [one.already for one in said] == [True, True]
    assert reader(app) == before
    assert len(consents(app)) == 2


def test_confirmed_a_minute_before_the_hour_gets_todays(app: App, clock: FrozenClock) -> None:
    """T17: and a minute after it, tomorrow's."""
    clock.now = datetime(2026, 5, 4, 6, 59, tzinfo=UTC)
    join(app)
    join(app, GRACE, at="06:58")

    assert due(app) == (datetime(2026, 5, 4, 7, 0, tzinfo=UTC), date(2026, 5, 4))
    assert due(app, GRACE) == (datetime(2026, 5, 5, 6, 58, tzinfo=UTC), date(2026, 5, 5))


def test_both_mails_of_one_request_have_good_links(app: App, clock: FrozenClock) -> None:
    """Whoever asks again because the first mail is slow may then open either."""
    ask(app)
    first = token_of(app, "confirm.1")
    clock.advance(20 * MINUTE)
    ask(app)

    assert token_of(app, "confirm.2") == first
    assert asked(app, first).address == ADA


def test_a_request_of_another_day_ends_the_one_before(app: App, clock: FrozenClock) -> None:
    """Only the newest link is good, for a week from then."""
    ask(app)
    first = token_of(app, "confirm.1")
    clock.advance(2 * DAY)
    ask(app)
    clock.advance(6 * DAY)

    with pytest.raises(ExpiredTokenError):
        confirm(app, first, how="web")
    assert confirm(app, token_of(app, "confirm.1"), how="web").address == ADA


def test_a_link_is_good_for_a_week_and_no_longer(app: App, clock: FrozenClock) -> None:
    """A36: on its last day, and not on the next."""
    ask(app)
    token = token_of(app, "confirm.1")
    clock.advance(7 * DAY)
    last = asked(app, token)
    clock.advance(DAY)

    assert last.address == ADA
    with pytest.raises(ExpiredTokenError):
        asked(app, token)


@pytest.mark.parametrize("purpose", [Purpose.UNSUBSCRIBE, Purpose.MOVE, Purpose.PREFERENCES])
def test_a_link_for_something_else_confirms_nothing(app: App, purpose: Purpose) -> None:
    """T104: nor does one that is not ours."""
    ask(app)
    token = app.tokens.issue(purpose, number(app), on=app.clock().date())

    with pytest.raises(ForgedTokenError):
        confirm(app, token, how="web")
    with pytest.raises(ForgedTokenError):
        confirm(app, "x" * 50, how="web")


# Coming back


def test_coming_back_needs_a_new_confirmation(app: App, clock: FrozenClock) -> None:
    """T106: an old link, still within its week, brings nobody back who left."""
    ask(app)
    old = token_of(app, "confirm.1")
    confirm(app, old, how="web")
    clock.advance(HOUR)
    unsubscribe(app, leave_token(app), how="one-click")
    ask(app)

    with pytest.raises(ExpiredTokenError):
        confirm(app, old, how="web")
    assert reader(app).state == ReaderState.UNSUBSCRIBED
    confirm(app, token_of(app, "confirm.2"), how="web")
    assert reader(app).state == ReaderState.ACTIVE


def test_coming_back_on_the_day_of_a_digest_waits_for_the_next(
    app: App, clock: FrozenClock
) -> None:
    """T11: never two for one date. A pause of before is over."""
    join(app, at="06:00")
    clock.advance(DAY)
    with app.database.write() as session:
        enqueue(session, number(app), "daily", clock().date(), clock(), clock() + DAY)
    pause(app, ADA, clock().date() + 100 * DAY)
    unsubscribe(app, leave_token(app), how="web")
    change(app, digest_at=datetime(2026, 5, 5, 12, 0, tzinfo=UTC).time())

    join(app)

    assert due(app)[1] == date(2026, 5, 6)
    assert reader(app).paused_until is None


@pytest.mark.parametrize("reason", ["bounce", "deleted", "operator"])
def test_a_suppression_is_lifted_by_the_owners_confirmation(
    app: App, clock: FrozenClock, reason: str
) -> None:
    """T126: the counters begin anew, whatever the reason was."""
    join(app)
    clock.advance(HOUR)
    bounced(app, reason)
    join(app)

    row = reader(app)
    assert (row.state, row.hard_bounces, row.soft_bounces) == (ReaderState.ACTIVE, 0, 0)
    assert row.next_due_at is not None
    with app.database.read() as session:
        assert suppression_of(session, [address_hash(app, ADA)]) is None


def test_asking_alone_lifts_no_suppression(app: App, clock: FrozenClock) -> None:
    """T126: anybody can type an address."""
    join(app)
    clock.advance(HOUR)
    bounced(app)
    ask(app)

    assert reader(app).state == ReaderState.SUPPRESSED
    with app.database.read() as session:
        assert suppression_of(session, [address_hash(app, ADA)]) is not None


# Housekeeping


def test_who_never_confirmed_is_forgotten_when_the_link_is(app: App, clock: FrozenClock) -> None:
    """T108: not a day earlier; readers stay."""
    join(app, GRACE)
    ask(app)
    clock.advance(7 * DAY)
    within = purge_unconfirmed(app)
    clock.advance(DAY)
    after = purge_unconfirmed(app)

    assert (within, after) == (0, 1)
    assert addresses(app) == [GRACE]
    assert purge_unconfirmed(app) == 0


def test_a_link_whose_reader_was_forgotten_is_expired(app: App, clock: FrozenClock) -> None:
    """The page says to ask again."""
    ask(app)
    token = token_of(app, "confirm.1")
    forget_reader(app, ADA)

    with pytest.raises(ExpiredTokenError):
        confirm(app, token, how="web")


def test_an_operators_reader_needs_no_confirmation(app: App, clock: FrozenClock) -> None:
    """They are added on the operator's word, which the log of consents says."""
    add_reader(app, NewReader(ADA))
    clock.advance(30 * DAY)
    purge_unconfirmed(app)

    assert [(line.what, line.how) for line in consents(app)] == [("added", "command")]

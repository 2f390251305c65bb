"""A change of address: both addresses say yes, and strangers learn nothing."""

from datetime import timedelta

import pytest

from paperround.context import App
from paperround.errors import (
    ExpiredTokenError,
    ForgedTokenError,
    InvalidReaderError,
    UnknownReaderError,
)
from paperround.services.keyed_hash import address_hash
from paperround.services.leaving import unsubscribe
from paperround.services.preferences import confirm_move, move, moving
from paperround.services.subscribe import purge_unconfirmed
from paperround.store.models import ReaderState
from paperround.store.subscriptions import suppress, suppression_of
from paperround.testing import FrozenClock
from paperround.tokens import Purpose
from tests.paperround.services.subscribers import (
    ADA,
    GRACE,
    addresses,
    change,
    consents,
    join,
    leave_token,
    number,
    reader,
    streams,
    token_of,
)

NEW = "ada.lovelace@example.com"
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


@pytest.fixture
def asked(app: App) -> App:
    """Have Ada subscribed, and her move to another address asked for."""
    join(app)
    move(app, ADA, NEW, how="web")
    return app


def suppressed(app: App, address: str) -> bool:
    """Return whether an address is not written to."""
    with app.database.read() as session:
        return suppression_of(session, [address_hash(app, address)]) is not None


def test_both_addresses_are_asked(asked: App) -> None:
    """One mail each; digests still go to the old one."""
    assert streams(asked) == ["confirm.1", "move-new.1", "move-old.1"]
    assert addresses(asked) == [ADA]


@pytest.mark.parametrize("order", [("move-old.1", "move-new.1"), ("move-new.1", "move-old.1")])
def test_both_have_to_confirm_in_any_order(asked: App, order: tuple[str, str]) -> None:
    """The second yes moves the reader, and the log of consents says on which wording."""
    first, second = (token_of(asked, stream) for stream in order)

    half = confirm_move(asked, first)
    between = addresses(asked)
    whole = confirm_move(asked, second, how="web")

    assert (half.done, half.confirmed, half.new, between) == (False, True, NEW, [ADA])
    assert (whole.done, whole.confirmed, addresses(asked)) == (True, True, [NEW])
    line = consents(asked, NEW)[-1]
    assert (line.what, line.how, line.wording) == ("moved", "web", "move-1")


def test_all_but_the_address_stays(asked: App) -> None:
    """The same reader, at the same hour; what bounced at the old address does not count (T124)."""
    before = reader(asked)
    change(asked, soft_bounces=3, hard_bounces=1, bounced_on=asked.clock().date())
    for token in (token_of(asked, "move-old.1"), token_of(asked, "move-new.1")):
        confirm_move(asked, token)

    after = reader(asked, NEW)
    assert (after.id, after.next_due_at) == (before.id, before.next_due_at)
    assert (after.soft_bounces, after.hard_bounces, after.bounced_on) == (0, 0, None)


def test_looking_at_a_link_confirms_nothing(asked: App) -> None:
    """T109: scanners look at all links."""
    tokens = token_of(asked, "move-old.1"), token_of(asked, "move-new.1")

    said = [moving(asked, token) for token in tokens * 2]

    assert [(one.new, one.done, one.confirmed) for one in said] == [(NEW, False, False)] * 4
    assert addresses(asked) == [ADA]


def test_the_new_address_is_not_told_the_old_one(asked: App) -> None:
    """A slip of the pen would tell a stranger where a reader is."""
    by_old = moving(asked, token_of(asked, "move-old.1"))
    by_new = moving(asked, token_of(asked, "move-new.1"))

    assert (by_old.old, by_new.old) == (ADA, "a…@example.org")


def test_confirming_twice_is_as_once(asked: App) -> None:
    """Before the other side did, and after."""
    old, new = token_of(asked, "move-old.1"), token_of(asked, "move-new.1")
    half = [confirm_move(asked, old) for _ in range(2)]
    whole = [confirm_move(asked, new) for _ in range(2)]

    assert half[0] == half[1]
    assert whole[0] == whole[1] == moving(asked, new)
    assert [line.what for line in consents(asked, NEW)].count("moved") == 1


@pytest.mark.parametrize("taken", ["subscribed", "suppressed"])
def test_whoever_asks_learns_nothing_about_the_new_address(app: App, taken: str) -> None:
    """It is asked like any other (A37)."""
    join(app)
    if taken == "subscribed":
        join(app, NEW)
    else:
        with app.database.write() as session:
            suppress(session, address_hash(app, NEW), "deleted", app.clock())

    move(app, ADA, NEW, how="web")

    assert streams(app) == ["confirm.1", "move-new.1", "move-old.1"]


def test_an_address_with_a_subscription_of_its_own_is_not_taken_over(
    app: App, clock: FrozenClock
) -> None:
    """Whoever opened both links is told; both readers stay as they were."""
    join(app)
    join(app, NEW)
    clock.advance(DAY)
    move(app, ADA, NEW, how="web")
    old, new = token_of(app, "move-old.1"), token_of(app, "move-new.1")
    confirm_move(app, old)

    said = confirm_move(app, new)

    assert (said.done, said.taken) == (False, True)
    assert addresses(app) == [ADA, NEW]
    with pytest.raises(ExpiredTokenError):
        moving(app, old)


def test_the_owner_of_a_suppressed_address_lifts_it_by_confirming(app: App) -> None:
    """As by confirming a subscription (T126)."""
    join(app)
    with app.database.write() as session:
        suppress(session, address_hash(app, NEW), "bounce", app.clock())
    move(app, ADA, NEW, how="web")
    asked_only = suppressed(app, NEW)
    for stream in ("move-old.1", "move-new.1"):
        confirm_move(app, token_of(app, stream))

    assert (asked_only, suppressed(app, NEW)) == (True, False)


def test_another_wish_ends_the_one_before(asked: App, clock: FrozenClock) -> None:
    """Together with what was confirmed of it."""
    old, new = token_of(asked, "move-old.1"), token_of(asked, "move-new.1")
    confirm_move(asked, old)
    clock.advance(20 * MINUTE)
    move(asked, ADA, "countess@example.com", how="web")

    for token in (old, new):
        with pytest.raises(ExpiredTokenError):
            confirm_move(asked, token)
    assert not confirm_move(asked, token_of(asked, "move-new.2")).done
    assert confirm_move(asked, token_of(asked, "move-old.2")).done
    assert addresses(asked) == ["countess@example.com"]


def test_changes_are_asked_for_now_and_then_only(asked: App, clock: FrozenClock) -> None:
    """Not within fifteen minutes, and three a day: each is a mail to an address of one's choice."""
    with pytest.raises(InvalidReaderError, match="asked for just now"):
        move(asked, ADA, "countess@example.com", how="web")
    for n in (2, 3):
        clock.advance(20 * MINUTE)
        move(asked, ADA, f"ada{n}@example.com", how="web")
    clock.advance(20 * MINUTE)

    with pytest.raises(InvalidReaderError, match="three times today"):
        move(asked, ADA, "ada4@example.com", how="web")
    assert streams(asked).count("move-new.3") == 1


def test_one_mailbox_is_not_flooded_by_many_readers(app: App) -> None:
    """T108: the limit of a mailbox is one for all that reach it."""
    readers = [f"reader{n}@example.org" for n in range(5)]
    for address in readers:
        join(app, address)
        move(app, address, NEW, how="web")

    assert sum("move-new.1" in streams(app, address) for address in readers) == 3


def test_a_link_ends_with_the_subscription(asked: App) -> None:
    """Whoever leaves does not move."""
    token = token_of(asked, "move-new.1")
    unsubscribe(asked, leave_token(asked), how="web")

    with pytest.raises(ExpiredTokenError):
        confirm_move(asked, token)
    assert reader(asked).state == ReaderState.UNSUBSCRIBED


def test_a_link_is_good_for_a_week(asked: App, clock: FrozenClock) -> None:
    """And housekeeping forgets the wish on the day after."""
    token = token_of(asked, "move-new.1")
    clock.advance(7 * DAY)
    purge_unconfirmed(asked)
    last = moving(asked, token)
    clock.advance(DAY)
    purge_unconfirmed(asked)

    assert last.new == NEW
    with pytest.raises(ExpiredTokenError):
        moving(asked, token)


def test_a_link_for_something_else_moves_nobody(asked: App) -> None:
    """T104: nor one of a side that there is not."""
    of, on = number(asked), asked.clock().date()
    object_id = int(asked.clock().timestamp())
    third = asked.tokens.issue(Purpose.MOVE, of, object_id=object_id, value=2, on=on)

    with pytest.raises(ExpiredTokenError):
        confirm_move(asked, third)
    for other in (asked.tokens.issue(Purpose.CONFIRM, of, on=on), "x" * 50):
        with pytest.raises(ForgedTokenError):
            confirm_move(asked, other)


@pytest.mark.parametrize(
    ("new", "problem"),
    [
        ("ada", "is not a mail address"),
        (f"{NEW}, {GRACE}", "is not a mail address"),
        (ADA, "is where the digests go already"),
        (ADA.upper(), "is where the digests go already"),
    ],
)
def test_an_address_that_makes_no_sense_is_refused(app: App, new: str, problem: str) -> None:
    """Also in a dry run."""
    join(app)

    for dry_run in (True, False):
        with pytest.raises(InvalidReaderError, match=problem):
            move(app, ADA, new, how="web", dry_run=dry_run)


def test_only_who_is_subscribed_can_move(app: App) -> None:
    """Others just subscribe."""
    join(app)
    unsubscribe(app, leave_token(app), how="web")

    with pytest.raises(InvalidReaderError, match="is unsubscribed: there is nothing to move"):
        move(app, ADA, NEW, how="web")
    with pytest.raises(UnknownReaderError):
        move(app, GRACE, NEW, how="web")


def test_a_dry_run_asks_nobody(app: App) -> None:
    """It checks, and that is all."""
    join(app)

    move(app, ADA, NEW, how="command", dry_run=True)

    assert streams(app) == ["confirm.1"]

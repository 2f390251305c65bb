"""Leaving: by link and by word, with everything taken along, and forgotten."""

import json
from dataclasses import replace
from datetime import date, timedelta

import pytest

from paperround.context import App
from paperround.errors import ForgedTokenError, InvalidReaderError, UnknownReaderError
from paperround.services.interests import NewInterest, add_interest
from paperround.services.keyed_hash import address_hash, address_hashes
from paperround.services.leaving import (
    export_reader,
    forget_reader,
    left,
    unsubscribe,
    unsubscribe_reader,
)
from paperround.services.preferences import move, pause
from paperround.services.rate import rate
from paperround.services.readers import NewReader, add_reader
from paperround.services.streams import BY_TOKEN
from paperround.services.subscribe import Subscription, asked, purge_unconfirmed, subscribe
from paperround.store.deliveries import enqueue
from paperround.store.models import Bounce, ReaderState
from paperround.store.shown import ShownPaper, record_items
from paperround.store.subscriptions import address_change_of, suppression_of
from paperround.testing import FrozenClock
from paperround.tokens import Purpose, Tokens
from tests.paperround.services.subscribers import (
    ADA,
    GRACE,
    addresses,
    change,
    consents,
    due,
    join,
    leave_token,
    ledger,
    number,
    reader,
    token_of,
)

DAY = timedelta(days=1)


def is_suppressed(app: App, address: str = ADA) -> bool:
    """Return whether an address is kept as one that is not written to."""
    with app.database.read() as session:
        return suppression_of(session, address_hashes(app, address)) is not None


# Unsubscribing


def test_a_link_unsubscribes(app: App) -> None:
    """No digest is due any more, and the log of consents says how."""
    join(app)

    said = unsubscribe(app, leave_token(app), how="one-click")

    assert (said.address, said.active) == (ADA, False)
    assert (reader(app).state, due(app)) == (ReaderState.UNSUBSCRIBED, (None, None))
    assert [(line.what, line.how) for line in consents(app)][-1] == ("unsubscribed", "one-click")


def test_looking_at_the_link_changes_nothing(app: App) -> None:
    """A11: what mail scanners do."""
    join(app)
    before = reader(app)

    said = [left(app, leave_token(app)) for _ in range(3)]

    assert [(one.address, one.active) for one in said] == [(ADA, True)] * 3
    assert reader(app) == before


def test_unsubscribing_twice_is_as_once(app: App) -> None:
    """T102: mail programs repeat what they are not sure of."""
    join(app)
    token = leave_token(app)

    said = [unsubscribe(app, token, how="one-click") for _ in range(2)]

    assert said[0] == said[1]
    assert [line.what for line in consents(app)].count("unsubscribed") == 1


def test_a_link_of_ten_years_ago_unsubscribes(app: App, clock: FrozenClock) -> None:
    """A12, T106: links to leave are good for ever, also after having come back."""
    join(app)
    old = leave_token(app)
    unsubscribe(app, old, how="web")
    clock.advance(3_650 * DAY)
    join(app)

    assert not unsubscribe(app, old, how="web").active
    assert reader(app).state == ReaderState.UNSUBSCRIBED


def test_a_link_of_another_stream_is_refused(app: App) -> None:
    """T105: the value of a token names the stream, and there is one."""
    join(app)
    other = app.tokens.issue(
        Purpose.UNSUBSCRIBE, number(app), value=len(BY_TOKEN), on=app.clock().date()
    )

    with pytest.raises(ForgedTokenError):
        unsubscribe(app, other, how="one-click")
    assert reader(app).state == ReaderState.ACTIVE


@pytest.mark.parametrize("purpose", [Purpose.RATE, Purpose.CONFIRM, Purpose.PREFERENCES])
def test_a_link_for_something_else_unsubscribes_nobody(app: App, purpose: Purpose) -> None:
    """T104: nor does one that is not ours."""
    join(app)
    other = app.tokens.issue(purpose, number(app), on=app.clock().date())

    for token in (other, "x" * 50, ""):
        with pytest.raises(ForgedTokenError):
            unsubscribe(app, token, how="web")
    assert reader(app).state == ReaderState.ACTIVE


def test_a_link_signed_by_a_former_secret_unsubscribes(app: App) -> None:
    """T104: secrets change, mails stay."""
    join(app)
    old = leave_token(app)
    changed = replace(
        app, tokens=Tokens(["a new secret", "a secret of a test, long enough to be one"])
    )

    assert not unsubscribe(changed, old, how="web").active


def test_a_forgotten_reader_is_met_without_a_word(app: App) -> None:
    """T107: the page is neutral, and nothing fails."""
    join(app)
    token, was = leave_token(app), number(app)
    forget_reader(app, ADA)

    said = left(app, token), unsubscribe(app, token, how="one-click")

    assert [(one.reader_id, one.address, one.active) for one in said] == [(was, "", False)] * 2
    assert is_suppressed(app)


def test_leaving_takes_back_what_was_asked_for(app: App, clock: FrozenClock) -> None:
    """A pending confirmation, a change of address and a pause are over: the last word counts."""
    join(app)
    pause(app, ADA, clock().date() + 9 * DAY)
    move(app, ADA, "ada@example.com", how="web")
    unsubscribe(app, leave_token(app), how="web")
    clock.advance(timedelta(hours=1))
    subscribe(app, Subscription(ADA), how="web")
    token = token_of(app, "confirm.2")
    waited = asked(app, token)

    unsubscribe(app, leave_token(app), how="mail")

    assert (waited.already, reader(app).asked_at, reader(app).paused_until) == (False, None, None)
    with app.database.read() as session:
        assert address_change_of(session, number(app)) is None


def test_an_operator_unsubscribes_by_address(app: App) -> None:
    """A dry run only looks; a stranger is unknown."""
    join(app)
    dry = unsubscribe_reader(app, ADA, how="command", dry_run=True)
    state = reader(app).state

    done = unsubscribe_reader(app, ADA, how="command")

    assert (dry.active, state, done.active) == (True, ReaderState.ACTIVE, False)
    with pytest.raises(UnknownReaderError):
        unsubscribe_reader(app, GRACE, how="command")


def test_who_leaves_before_confirming_is_forgotten_soon(app: App) -> None:
    """There is no reason to keep an address whose owner never said yes."""
    subscribe(app, Subscription(ADA), how="web")
    unsubscribe_reader(app, ADA, how="mail")

    assert purge_unconfirmed(app) == 1
    assert addresses(app) == []


# Being forgotten


def test_a_forgotten_reader_leaves_nothing_but_a_keyed_hash(stocked: App) -> None:
    """Interests, ratings, mails and consents go; the address cannot be told from what stays."""
    rate(stocked, ADA, "2605.00001", 1)
    kept = address_hash(stocked, ADA)
    forget_reader(stocked, ADA)

    assert addresses(stocked) == []
    assert (len(kept), is_suppressed(stocked)) == (64, True)
    with pytest.raises(UnknownReaderError):
        export_reader(stocked, ADA)


def test_who_was_forgotten_is_not_simply_added_again(app: App) -> None:
    """T107: the suppression persists, however the address is capitalised; the owner may come."""
    join(app)
    forget_reader(app, ADA)

    with pytest.raises(
        InvalidReaderError, match=r"asked to be forgotten.*paperround reader invite"
    ):
        add_reader(app, NewReader("ADA@Example.org"))
    with pytest.raises(InvalidReaderError, match="--lift-suppression"):
        add_reader(app, NewReader(ADA), dry_run=True)
    assert join(app).state == ReaderState.ACTIVE


def test_an_operator_may_take_a_suppression_back(app: App) -> None:
    """Say because the reader asked them to."""
    join(app)
    forget_reader(app, ADA)

    add_reader(app, NewReader(ADA), lift_suppression=True)

    assert not is_suppressed(app)


def test_a_suppression_outlives_a_change_of_the_secret(app: App) -> None:
    """As long as the former one is known."""
    join(app)
    forget_reader(app, ADA)
    secret = "a secret of a test, long enough to be one"

    assert is_suppressed(replace(app, tokens=Tokens(["a new secret", secret])))
    assert not is_suppressed(replace(app, tokens=Tokens(["a new secret"])))


def test_a_reader_can_be_forgotten_without_a_trace(app: App) -> None:
    """One who was only added to try things out."""
    add_reader(app, NewReader(ADA))
    forget_reader(app, ADA, keep_suppression=False)

    add_reader(app, NewReader(ADA))

    assert addresses(app) == [ADA]


# Taking everything along


def test_everything_about_a_reader_is_exported(stocked: App, clock: FrozenClock) -> None:
    """Row, interests, named papers, ratings, mails with what they showed, consents, bounces."""
    of = number(stocked)
    rate(stocked, ADA, "2605.00001", 1, interest="Coding")
    with stocked.database.write() as session:
        enqueue(session, of, "daily", date(2026, 5, 4), clock(), clock() + DAY)
    (delivery,) = ledger(stocked)
    assert delivery.id is not None
    shown = ShownPaper(1, "interest", None, 87.5, {"words": ["polar"]})
    with stocked.database.write() as session:
        record_items(session, delivery.id, [shown])
        session.add(Bounce(report="r", reader_id=of, kind="soft", status="4.2.2", at=clock()))
    pause(stocked, ADA, date(2026, 6, 1))
    move(stocked, ADA, "ada@example.com", how="web")

    export = export_reader(stocked, ADA)

    plain = json.loads(json.dumps(export))
    assert plain["exported_at"] == "2026-05-04T07:00:00+00:00"
    assert (plain["reader"]["address"], plain["reader"]["paused_until"]) == (ADA, "2026-06-01")
    (interest,) = plain["interests"]
    assert (interest["name"], len(interest["papers"])) == ("Coding", 3)
    assert interest["papers"][0]["paper"].startswith("arxiv:2605.001")
    assert [(r["paper"], r["value"], r["interest"]) for r in plain["ratings"]] == [
        ("arxiv:2605.00001", 1, "Coding")
    ]
    daily = next(row for row in plain["deliveries"] if row["stream"] == "daily")
    assert daily["shown"][0]["reasons"] == {"words": ["polar"]}
    assert [line["what"] for line in plain["consents"]] == ["added", "paused", "asked to move"]
    assert [row["status"] for row in plain["bounces"]] == ["4.2.2"]
    assert [row["address"] for row in plain["address_changes"]] == ["ada@example.com"]


def test_an_export_holds_nothing_of_other_readers(stocked: App) -> None:
    """Nor what only machines need."""
    join(stocked, GRACE, prose="auctions")
    add_interest(stocked, GRACE, NewInterest("Markets", like=("2605.00002",)))
    rate(stocked, GRACE, "2605.00002", -1)
    change(stocked, ADA, name="Ada")

    said = json.dumps(export_reader(stocked, ADA))

    assert "grace" not in said.lower()
    assert "Markets" not in said
    assert "lease_owner" not in said

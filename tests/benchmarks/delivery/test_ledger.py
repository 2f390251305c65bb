"""Judging: a run without a fault has none, and every fault there can be is found."""

from datetime import timedelta

import pytest
from sqlalchemy import update
from sqlmodel import col, select

from benchmarks.delivery.ledger import Entry, entries_of, judge
from benchmarks.delivery.sink import Received
from digest.testing import MemoryMailer
from paperround.context import App
from paperround.services.send import send_due
from paperround.store.models import Delivery, DeliveryState, Reader


@pytest.fixture
def received(app: App) -> list[Received]:
    """Send all digests, and return what a sink would have taken."""
    mailer = MemoryMailer()
    send_due(_with(app, mailer))
    return [
        Received(
            at=app.clock().timestamp(),
            message_id=message.message_id,
            sha256=message.sha256,
            size=message.size,
            rcpt_to=message.envelope.rcpt_to,
            port=1,
            answered=True,
        )
        for message in mailer.messages
    ]


def _with(app: App, mailer: MemoryMailer) -> App:
    return App(
        settings=app.settings,
        database=app.database,
        clock=app.clock,
        tokens=app.tokens,
        load_embedder=app.load_embedder,
        open_mailer=lambda: mailer,
        load_renderer=app.load_renderer,
    )


def first_of(app: App) -> Entry:
    """Return the first row."""
    return entries_of(app)[0]


def change(app: App, **values: object) -> None:
    """Change the first row behind the product's back."""
    with app.database.write() as session:
        key = session.exec(select(Delivery.id).order_by(col(Delivery.id))).first()
        session.execute(update(Delivery).where(col(Delivery.id) == key).values(**values))


def test_a_run_without_a_fault_is_sound(app: App, received: list[Received]) -> None:
    """Four were due, four were sent, and four came."""
    found = judge(app, received)

    assert found.is_sound
    assert (found.due, found.mails, found.states[DeliveryState.SENT]) == (4, 4, 4)


def test_a_mail_that_never_came_is_lost(app: App, received: list[Received]) -> None:
    """Whatever the ledger says."""
    found = judge(app, received[1:])

    assert found.lost == 1
    assert not found.is_sound


def test_nobody_misses_a_mail_that_was_given_up(app: App, received: list[Received]) -> None:
    """Nor whoever unsubscribed before it went out."""
    gone = received[0].rcpt_to

    assert judge(app, received[1:], given_up=frozenset({gone})).is_sound
    assert judge(app, received[1:], left_at={gone: 0.0}).is_sound


def test_a_mail_that_came_twice_needs_an_explanation(app: App, received: list[Received]) -> None:
    """Kills explain some, but no more than the ledger has begun (I3)."""
    twice = [*received, received[0]]

    found = judge(app, twice)

    assert found.duplicates == 1
    assert any(words.startswith("I3: 2 mails of one row") for words in found.broken)
    assert any("1 duplicates, 0 are explained" in words for words in found.broken)


def test_a_mail_with_other_bytes_is_unlike(app: App, received: list[Received]) -> None:
    """Unless the database forgot that it had made one."""
    first = received[0]
    other = Received(first.at, first.message_id, "0" * 64, 1, first.rcpt_to, 1, answered=True)

    assert judge(app, [other, *received[1:]]).unlike == 1
    assert judge(app, [other, *received[1:]], forgetful=True).remade == 1


def test_a_mail_that_the_ledger_does_not_know_is_told_of(
    app: App, received: list[Received]
) -> None:
    """Where does it come from?"""
    first = received[0]
    stranger = Received(first.at, "<x@y>", first.sha256, 1, first.rcpt_to, 1, answered=True)

    assert "1 mails that the ledger does not know" in judge(app, [*received, stranger]).broken


def test_a_mail_to_the_wrong_reader_is_told_of(app: App, received: list[Received]) -> None:
    """The worst of all mistakes."""
    first = received[0]
    wrong = Received(first.at, first.message_id, first.sha256, 1, "grace@x.org", 1, answered=True)

    assert "1 mails went to another reader" in judge(app, [wrong, *received[1:]]).broken


def test_a_row_that_never_ended_is_told_of(app: App, received: list[Received]) -> None:
    """Every row has an end (I2)."""
    change(app, state=DeliveryState.DEFERRED)

    assert "I2: 1 rows never ended" in judge(app, received).broken


def test_a_row_that_went_on_after_its_end_is_told_of(app: App, received: list[Received]) -> None:
    """What is final stays final (I6)."""
    at = app.clock().isoformat(timespec="milliseconds")
    change(app, history=f"{at}\tsent\t1\t250\tok\n{at}\tdata_started\t1\t-\t\n")

    assert any(words.startswith("I6") for words in judge(app, received).broken)


def test_a_reader_without_a_row_is_told_of(app: App, received: list[Received]) -> None:
    """Counts balance (I4)."""
    with app.database.write() as session:
        session.add(_one_more(session.exec(select(Reader)).first()))

    assert "I4: 5 were due and 4 rows were opened" in judge(app, received).broken


def test_a_mail_begun_after_its_reader_had_left_is_told_of(
    app: App, received: list[Received]
) -> None:
    """Nobody who is not subscribed gets one (I5)."""
    entry = first_of(app)
    begun = next(at for at, state in entry.history if state == DeliveryState.DATA_STARTED)
    before, after = begun - timedelta(seconds=1), begun + timedelta(seconds=1)

    late = judge(app, received, left_at={entry.address: before.timestamp()})
    early = judge(app, received, left_at={entry.address: after.timestamp()})

    assert "I5: a mail to somebody who had unsubscribed" in late.broken
    assert early.is_sound


def _one_more(reader: Reader | None) -> Reader:
    assert reader is not None
    address = "one.more@example.org"
    values = reader.model_dump(exclude={"id", "address", "address_key"})
    return Reader(address=address, address_key=address, **values)

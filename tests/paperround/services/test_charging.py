"""What refusals cost a reader: counted in days, until the address is written to no more."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paperround.context import App
from paperround.services.charging import after_refusal, failing_days
from paperround.store.bounces import Failure
from paperround.store.models import ReaderState
from paperround.testing import FrozenClock
from tests.digest.reports import dsn
from tests.paperround.services.bouncing import (
    bouncing,
    consents,
    full,
    note,
    reader,
    returned,
    saved,
    sent,
    suppression,
    take,
    verp,
)

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)


@pytest.fixture
def app(app: App) -> App:
    """Take bounces."""
    return bouncing(app)


def _refused(
    app: App,
    reader_id: int,
    status: str | None = None,
    *,
    permanent: bool = True,
    stream: str = "daily",
    words: str = "",
) -> bool:
    """Refuse a mail in the middle of a conversation."""
    with app.database.write() as session:
        return after_refusal(
            session, app, reader_id, status, permanent=permanent, stream=stream, words=words
        )


# In the middle of a conversation (C4)


def test_a_mailbox_that_does_not_exist_is_written_to_no_more(app: App) -> None:
    """5.1.1 at RCPT: at once."""
    ada = saved(app)

    assert _refused(app, ada, "5.1.1", words="550 5.1.1 <ada@reader.example> unknown")

    row = reader(app, ada)
    assert (row.state, row.hard_bounces) == (ReaderState.SUPPRESSED, 1)
    assert suppression(app) is not None
    assert consents(app, ada)[-1] == ("suppressed", "bounce")
    assert [one.detail for one in returned(app, ada)] == ["550 5.1.1 <(address)> unknown"]


def test_a_refusal_without_a_code_needs_two_different_days(app: App, clock: FrozenClock) -> None:
    """550 at RCPT: servers say that for many reasons."""
    ada = saved(app)

    refusals = [_refused(app, ada), _refused(app, ada)]
    clock.advance(DAY)
    refusals.append(_refused(app, ada))

    assert refusals == [False, False, True]
    assert reader(app, ada).hard_bounces == 2
    assert len(returned(app, ada)) == 2


def test_a_delivery_between_two_refusals_clears_the_first(app: App, clock: FrozenClock) -> None:
    """Their server had a bad day."""
    ada = saved(app)
    _refused(app, ada)
    clock.advance(DAY)
    sent(app, ada)
    clock.advance(DAY)

    assert not _refused(app, ada)
    assert reader(app, ada).state == ReaderState.ACTIVE


def test_five_days_of_a_full_mailbox_are_enough(app: App, clock: FrozenClock) -> None:
    """Soft: after five consecutive days without a delivery."""
    ada = saved(app)
    refusals = []
    for _ in range(5):
        refusals.append(_refused(app, ada, "4.2.2", permanent=False))
        clock.advance(DAY)

    assert refusals == [False, False, False, False, True]
    assert reader(app, ada).soft_bounces == 5
    assert reader(app, ada).hard_bounces == 0


def test_a_mail_that_arrives_in_the_end_clears_a_full_mailbox(app: App, clock: FrozenClock) -> None:
    """Also on the same day, at a later try."""
    ada = saved(app)
    for _ in range(4):
        _refused(app, ada, "4.2.2", permanent=False)
        clock.advance(DAY)
    sent(app, ada, clock() - HOUR)

    assert not _refused(app, ada, "4.2.2", permanent=False)
    assert reader(app, ada).soft_bounces == 1


def test_many_tries_of_one_day_count_once(app: App, clock: FrozenClock) -> None:
    """Six tries in the morning are no six days."""
    ada = saved(app)
    for _ in range(6):
        _refused(app, ada, "4.2.2", permanent=False)
        clock.advance(timedelta(minutes=15))

    assert reader(app, ada).soft_bounces == 1
    assert len(returned(app, ada)) == 1


@pytest.mark.parametrize("status", ["5.7.1", "4.7.0", "5.3.4", "5.6.0", "5.1.8"])
def test_what_is_not_about_the_reader_costs_them_nothing(app: App, status: str) -> None:
    """T72: policy, rate, size, content and sender."""
    ada = saved(app)

    assert not _refused(app, ada, status)
    assert returned(app, ada) == []
    assert reader(app, ada).bounced_on is None


def test_a_wished_for_address_that_refuses_costs_the_reader_nothing(app: App) -> None:
    """T124: it is not theirs yet."""
    ada = saved(app)

    assert not _refused(app, ada, "5.1.1", stream="move-new.1")
    assert reader(app, ada).state == ReaderState.ACTIVE


def test_somebody_who_is_gone_is_charged_with_nothing(app: App) -> None:
    """Forgotten while the mail was on its way."""
    assert not _refused(app, 77, "5.1.1")


def test_an_unsubscribed_reader_stays_unsubscribed(app: App) -> None:
    """What they said counts more; the address is noted."""
    ada = saved(app)
    with app.database.write() as session:
        session.merge(reader(app, ada)).state = ReaderState.UNSUBSCRIBED

    assert _refused(app, ada, "5.1.1")
    assert reader(app, ada).state == ReaderState.UNSUBSCRIBED
    assert suppression(app) is not None


def test_a_suppressed_reader_is_not_suppressed_again(app: App, clock: FrozenClock) -> None:
    """The log of consents has one entry."""
    ada = saved(app)
    _refused(app, ada, "5.1.1")
    clock.advance(DAY)

    assert not _refused(app, ada, "5.1.1")
    assert [what for what, _ in consents(app, ada)].count("suppressed") == 1


@pytest.mark.parametrize("what", ["confirmed", "lifted", "moved"])
def test_what_was_refused_before_is_forgiven(app: App, clock: FrozenClock, what: str) -> None:
    """A new confirmation, the operator's word, another address."""
    ada = saved(app)
    _refused(app, ada)
    clock.advance(HOUR)
    note(app, ada, what)
    clock.advance(DAY)

    assert not _refused(app, ada)


def test_a_refusal_of_the_very_instant_of_a_confirmation_is_forgiven(app: App) -> None:
    """It is of before: the mail went out earlier."""
    ada = saved(app)
    note(app, ada, "confirmed")

    assert not _refused(app, ada, "5.1.1")
    assert reader(app, ada).state == ReaderState.ACTIVE


# By mails that come back days later


def test_a_relay_that_takes_every_mail_does_not_hide_a_full_mailbox(
    app: App, clock: FrozenClock
) -> None:
    """It accepts today's mail each morning and gives that of five days ago back at night."""
    ada = saved(app)
    suppressed = []
    for number in range(5):
        sent(app, ada)
        clock.advance(12 * HOUR)
        suppressed.append(take(app, full(app, ada, number)).suppressed)
        clock.advance(12 * HOUR)

    assert suppressed == [0, 0, 0, 0, 1]


def test_a_mailbox_that_is_full_now_and_then_is_written_to(app: App, clock: FrozenClock) -> None:
    """Once a week for ten weeks, with six deliveries between: no two of them count together."""
    ada = saved(app)
    for day in range(70):
        sent(app, ada)
        clock.advance(12 * HOUR)
        if day % 7 == 0:
            take(app, full(app, ada, day))
        clock.advance(12 * HOUR)

    assert reader(app, ada).state == ReaderState.ACTIVE
    assert reader(app, ada).soft_bounces == 1


def test_two_doubtful_reports_of_different_days_are_enough(app: App, clock: FrozenClock) -> None:
    """Each about its own mail."""
    ada = saved(app)
    suppressed = []
    for number in range(2):
        sent(app, ada)
        clock.advance(HOUR)
        data = dsn(to=verp(app, ada), message_id=f"<{number}@x>", status="5.0.0", code="")
        suppressed.append(take(app, data).suppressed)
        clock.advance(DAY - HOUR)

    assert suppressed == [0, 1]


def test_several_reports_of_one_day_count_once(app: App) -> None:
    """At most one a day."""
    ada = saved(app)
    reports = [
        dsn(to=verp(app, ada), message_id=f"<{number}@x>", status="5.0.0", code="")
        for number in range(4)
    ]

    assert take(app, *reports).suppressed == 0
    assert reader(app, ada).hard_bounces == 1


# The rule itself


def _failed(*days: int, by: str = "smtp:") -> list[Failure]:
    """Return refusals at noon of some days, the latest first."""
    found = [Failure(NOON + day * DAY, "soft", f"{by}{day}") for day in days]
    return sorted(found, reverse=True)


def _delivered(*days: int) -> list[datetime]:
    """Return deliveries of the mornings of some days."""
    return [NOON - 5 * HOUR + day * DAY for day in days]


def test_days_without_a_delivery_between_are_counted() -> None:
    """Also with days between on which nothing was due."""
    assert failing_days(_failed(1, 2, 5, 9), []) == 4
    assert failing_days([], []) == 0


def test_a_delivery_ends_the_count() -> None:
    """Only what came after it counts."""
    assert failing_days(_failed(1, 2, 4, 5), _delivered(3)) == 2


def test_deliveries_before_and_after_do_not_matter() -> None:
    """Only those between two refusals."""
    assert failing_days(_failed(2, 3), _delivered(1, 4)) == 2


def test_as_many_deliveries_as_came_back_are_none() -> None:
    """Five mails were taken and five came back; a sixth arrived."""
    came_back = _failed(1, 2, 3, 4, 5, by="mail:")

    assert failing_days(came_back, _delivered(1, 2, 3, 4, 5)) == 5
    assert failing_days(_failed(1, 3, 4, 5, 6, by="mail:"), _delivered(1, 2, 3, 4, 5, 6)) == 4


@given(st.sets(st.integers(0, 60), max_size=20), st.sets(st.integers(0, 60), max_size=20))
def test_a_further_delivery_never_counts_against_a_reader(
    failed: set[int], delivered: set[int]
) -> None:
    """And what is counted is never more than the days."""
    failures = _failed(*failed)
    count = failing_days(failures, _delivered(*delivered))

    assert 0 <= count <= len(failed)
    assert failing_days(failures, _delivered(*delivered, 30)) <= count

"""What refusals say about addresses: every row of the table."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.refusals import Judgement, Kind, judged

CERTAIN = Judgement(Kind.HARD, certain=True)
DOUBTFUL = Judgement(Kind.HARD)
SOFT = Judgement(Kind.SOFT)
NOTHING = Judgement(Kind.NONE)


@pytest.mark.parametrize("status", ["5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10", "5.2.1"])
def test_codes_that_leave_no_doubt_are_certain(status: str) -> None:
    """C4: recipient permanent."""
    assert judged(status, permanent=True) == CERTAIN


@pytest.mark.parametrize("status", [None, "5.0.0", "5.1.0", "5.4.1", "5.4.4", "5.4.310", "5.2.0"])
def test_other_refusals_for_good_leave_doubt(status: str | None) -> None:
    """C4: 550 without enhanced code."""
    assert judged(status, permanent=True) == DOUBTFUL


@pytest.mark.parametrize(
    "status", ["4.2.2", "4.2.1", "4.4.1", "4.4.7", "5.2.2", "5.3.0", "5.3.1", "5.4.6", "5.4.300"]
)
def test_full_mailboxes_and_servers_that_are_away_are_for_now(status: str) -> None:
    """C4: recipient temporary; also where the report says failed."""
    assert judged(status, permanent=not status.startswith("4")) == SOFT


@pytest.mark.parametrize(
    "status",
    [
        "5.7.1",
        "5.7.26",
        "5.7.515",
        "4.7.0",
        "4.7.28",
        "5.6.0",
        "5.6.7",
        "5.3.4",
        "4.3.4",
        "5.2.3",
        "5.1.7",
        "5.1.8",
        "5.5.0",
    ],
)
def test_policy_content_size_and_sender_say_nothing_about_the_reader(status: str) -> None:
    """C4: no penalty (T72)."""
    assert judged(status, permanent=status.startswith("5")) == NOTHING


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("550 No such user here", DOUBTFUL),
        ("552 Mailbox full", SOFT),
        ("554 the recipient's inbox is full", SOFT),
        ("552 quota exceeded", SOFT),
        ("552 message too large", NOTHING),
        ("550 Message exceeds the maximum size", NOTHING),
        ("554 Your IP is on our blocklist", NOTHING),
        ("550 rejected: it looks like spam", NOTHING),
        ("550 DMARC says no", NOTHING),
        ("550 administrative policy", NOTHING),
    ],
)
def test_where_no_code_says_it_the_words_do(words: str, expected: Judgement) -> None:
    """Replies without an enhanced code."""
    assert judged(None, permanent=True, words=words) == expected


def test_a_code_that_a_server_made_up_counts_less_than_the_words_it_got() -> None:
    """Sendmail writes 5.1.1 for every 550, whatever was said."""
    assert judged("5.1.1", permanent=True, words="550 blocked by our blocklist") == NOTHING
    assert judged("5.1.1", permanent=True, words="552 over quota") == SOFT
    assert judged("5.1.1", permanent=True, words="550 User unknown") == CERTAIN


def test_a_code_among_the_words_counts_more_than_they() -> None:
    """The other side said it itself."""
    words = "550 5.1.1 no such user; read our policy"

    assert judged("5.1.1", permanent=True, words=words) == CERTAIN


def test_gmail_says_too_fast_with_the_code_of_disabled() -> None:
    """That is for now."""
    words = "550-5.2.1 The user you are trying to contact is receiving mail at a rate that prevents"

    assert judged("5.2.1", permanent=True, words=words) == SOFT


def test_without_any_code_what_is_for_good_counts() -> None:
    """A refusal in the middle of a conversation."""
    assert judged(None, permanent=True) == DOUBTFUL
    assert judged(None, permanent=False) == SOFT


@given(st.none() | st.from_regex(r"[245]\.\d{1,3}\.\d{1,3}", fullmatch=True), st.text())
def test_every_refusal_is_judged(status: str | None, words: str) -> None:
    """And only a hard one is certain."""
    judgement = judged(status, permanent=True, words=words)

    assert judgement.kind is Kind.HARD or not judgement.certain

"""Bounce addresses of single mails: what they carry, and what they refuse."""

import string
from collections.abc import Callable
from datetime import date

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from digest.addresses import deliverable
from paperround.tokens import Tokens
from paperround.verp import LONGEST_BASE, Verp, read_verp, verp_address

DAY = date(2026, 5, 4)
TOKENS = Tokens(["a secret for tests only"])
BOUNCES = "bounces@papers.example"

readers = st.integers(0, 2**40 - 1)
days = st.dates(date(2020, 1, 1), date(2199, 6, 6))
streams = st.sampled_from(("daily", "confirm.1", "move-old.2", "move-new.12"))


@given(readers, days, streams)
def test_an_address_names_its_mail(reader_id: int, on: date, stream: str) -> None:
    """Reading is the inverse of making (A39)."""
    address = verp_address(TOKENS, BOUNCES, reader_id, on, stream=stream)

    assert read_verp(TOKENS, address) == Verp(reader_id, on, stream.partition(".")[0])


@given(readers, days)
def test_an_address_can_be_delivered_to(reader_id: int, on: date) -> None:
    """The longest base leaves 64 characters before the @, all of them fit for a mailbox."""
    base = "b" * LONGEST_BASE + "@papers.example"

    address = verp_address(TOKENS, base, reader_id, on)

    assert len(address.partition("@")[0]) == 64
    assert deliverable(address) == address


def test_the_same_mail_has_the_same_address_every_time() -> None:
    """Known answer: a report may come after an upgrade."""
    address = verp_address(TOKENS, BOUNCES, 7, DAY)

    assert address == verp_address(TOKENS, BOUNCES, 7, DAY)
    assert address == "bounces+aaaaaaaaa4eqxn3oezpufvekmzqls@papers.example"


@pytest.mark.parametrize("change", [str.upper, str.title, str.swapcase])
def test_the_case_of_an_address_does_not_matter(change: Callable[[str], str]) -> None:
    """Some servers change it on the way."""
    address = verp_address(TOKENS, BOUNCES, 7, DAY)

    assert read_verp(TOKENS, change(address)) == Verp(7, DAY, "daily")


@pytest.mark.parametrize("around", ["<{}>", "Postmaster <{}>", "rfc822; {}", "{}, ada@example.org"])
def test_an_address_is_found_in_what_stands_around_it(around: str) -> None:
    """Headers hold more than an address."""
    address = verp_address(TOKENS, BOUNCES, 7, DAY)

    assert read_verp(TOKENS, around.format(address)) == Verp(7, DAY, "daily")


@given(readers, st.integers(0, 28), st.sampled_from(string.ascii_lowercase + "234567"))
def test_an_address_with_any_character_changed_names_nobody(
    reader_id: int, place: int, sign: str
) -> None:
    """Also the last, whose spare bit decoding would ignore (T122)."""
    address = verp_address(TOKENS, BOUNCES, reader_id, DAY)
    start = len("bounces+") + place
    changed = address[:start] + sign + address[start + 1 :]
    assume(changed != address)

    assert read_verp(TOKENS, changed) is None


@given(st.text(max_size=100))
def test_no_text_is_taken_for_an_address_of_ours(text: str) -> None:
    """Whatever strangers write (T122)."""
    assert read_verp(TOKENS, text) is None
    assert read_verp(TOKENS, f"bounces+{text}@papers.example") is None


def test_an_address_that_others_signed_names_nobody() -> None:
    """Another installation's mail is not ours (T122)."""
    address = verp_address(Tokens(["another secret"]), BOUNCES, 7, DAY)

    assert read_verp(TOKENS, address) is None


def test_an_address_of_before_the_secret_was_changed_is_read() -> None:
    """A report comes days after its mail."""
    address = verp_address(TOKENS, BOUNCES, 7, DAY)
    changed = Tokens(["a newer secret", "a secret for tests only"])

    assert read_verp(changed, address) == Verp(7, DAY, "daily")


def test_a_bounce_address_that_is_too_long_is_refused() -> None:
    """The message names the setting."""
    base = "b" * (LONGEST_BASE + 1) + "@papers.example"

    with pytest.raises(ValueError, match="PAPERROUND_BOUNCE_ADDRESS may have 34 characters"):
        verp_address(TOKENS, base, 7, DAY)


@pytest.mark.parametrize("reader_id", [-1, 2**40])
def test_a_number_that_does_not_fit_is_refused(reader_id: int) -> None:
    """Rather than naming somebody else."""
    with pytest.raises(ValueError, match="no bounce address can name reader"):
        verp_address(TOKENS, BOUNCES, reader_id, DAY)


def test_a_stream_that_is_not_known_is_refused() -> None:
    """Its mails would come back under another name."""
    with pytest.raises(ValueError):
        verp_address(TOKENS, BOUNCES, 7, DAY, stream="weekly")

"""Signed links: what they carry, and what they refuse."""

import string
from datetime import date, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from paperround.errors import ExpiredTokenError, ForgedTokenError
from paperround.tokens import (
    LIFETIME_DAYS,
    TOKEN_LENGTH,
    Claims,
    Purpose,
    Tokens,
    _expand,
    _extract,
)

DAY = date(2026, 5, 4)
TOKENS = Tokens(["a secret for tests only"])
ALPHABET = string.ascii_letters + string.digits + "-_"

purposes = st.sampled_from(Purpose)
ids = st.integers(0, 2**64 - 1)
days = st.dates(date(2020, 1, 1), date(2199, 6, 6))


@given(purposes, ids, ids, st.integers(0, 255), days)
def test_a_token_says_on_its_day_what_was_put_into_it(
    purpose: Purpose, reader_id: int, object_id: int, value: int, on: date
) -> None:
    """Verifying is the inverse of issuing."""
    token = TOKENS.issue(purpose, reader_id, object_id=object_id, value=value, on=on)

    claims = TOKENS.verify(token, purpose, on=on)

    assert claims == Claims(purpose, reader_id, object_id, value, on)


@given(purposes, ids, days)
def test_a_token_fits_any_address(purpose: Purpose, reader_id: int, on: date) -> None:
    """Fifty characters, all of which may stand in a path (A08)."""
    token = TOKENS.issue(purpose, reader_id, on=on)

    assert len(token) == TOKEN_LENGTH <= 60
    assert set(token) <= set(ALPHABET)


@given(purposes, ids, st.integers(0, TOKEN_LENGTH - 1), st.sampled_from(ALPHABET))
def test_a_token_with_any_character_changed_is_refused(
    purpose: Purpose, reader_id: int, place: int, sign: str
) -> None:
    """Also the last character, whose spare bits decoding would ignore (T104)."""
    token = TOKENS.issue(purpose, reader_id, on=DAY)
    changed = token[:place] + sign + token[place + 1 :]
    assume(changed != token)

    with pytest.raises(ForgedTokenError):
        TOKENS.verify(changed, purpose, on=DAY)


@pytest.mark.parametrize("sign", ALPHABET)
def test_only_one_spelling_of_the_last_character_is_good(sign: str) -> None:
    """Of the sixteen that decode to the same bytes."""
    token = TOKENS.issue(Purpose.RATE, 7, on=DAY)
    other = sign if sign != token[-1] else "="

    with pytest.raises(ForgedTokenError):
        TOKENS.verify(token[:-1] + other, Purpose.RATE, on=DAY)


@given(purposes, purposes, ids)
def test_a_token_for_another_purpose_is_refused(made: Purpose, used: Purpose, reader: int) -> None:
    """A link that rates cannot unsubscribe (T104)."""
    assume(made != used)
    token = TOKENS.issue(made, reader, on=DAY)

    with pytest.raises(ForgedTokenError):
        TOKENS.verify(token, used, on=DAY)


@given(st.text())
def test_any_text_is_refused_and_breaks_nothing(text: str) -> None:
    """What comes from outside is forged until proven ours."""
    with pytest.raises(ForgedTokenError):
        TOKENS.verify(text, Purpose.RATE, on=DAY)


@pytest.mark.parametrize("padding", ["=", "==", " ", "\n", "A"])
def test_a_token_with_something_behind_it_is_refused(padding: str) -> None:
    """There is one spelling."""
    token = TOKENS.issue(Purpose.RATE, 7, on=DAY)

    with pytest.raises(ForgedTokenError):
        TOKENS.verify(token + padding, Purpose.RATE, on=DAY)


@pytest.mark.parametrize(
    ("purpose", "lifetime"),
    [(purpose, lifetime) for purpose, lifetime in LIFETIME_DAYS.items() if lifetime is not None],
)
def test_a_token_is_good_on_its_last_day_and_expired_on_the_next(
    purpose: Purpose, lifetime: int
) -> None:
    """Days are counted from the day of issue."""
    token = TOKENS.issue(purpose, 7, on=DAY)
    last = DAY + timedelta(days=lifetime)

    assert TOKENS.verify(token, purpose, on=last).reader_id == 7
    with pytest.raises(ExpiredTokenError, match=f"{last:%Y-%m-%d}"):
        TOKENS.verify(token, purpose, on=last + timedelta(days=1))


def test_a_link_to_unsubscribe_never_expires() -> None:
    """Old mails must still let their reader go (A12)."""
    token = TOKENS.issue(Purpose.UNSUBSCRIBE, 7, on=DAY)

    claims = TOKENS.verify(token, Purpose.UNSUBSCRIBE, on=date(2126, 5, 4))

    assert claims.reader_id == 7


def test_a_token_of_the_next_day_is_good_already() -> None:
    """A reader ahead of us in time is a day further."""
    token = TOKENS.issue(Purpose.CONFIRM, 7, on=DAY + timedelta(days=1))

    assert TOKENS.verify(token, Purpose.CONFIRM, on=DAY).issued_on == DAY + timedelta(days=1)


def test_a_token_of_the_old_secret_is_good_while_the_old_secret_is_there() -> None:
    """Secrets are changed by putting the new one before the old one (A12)."""
    token = Tokens(["old"]).issue(Purpose.RATE, 7, on=DAY)

    assert Tokens(["new", "old"]).verify(token, Purpose.RATE, on=DAY).reader_id == 7
    with pytest.raises(ForgedTokenError):
        Tokens(["new"]).verify(token, Purpose.RATE, on=DAY)


def test_the_first_secret_signs() -> None:
    """New links outlive the old secret."""
    token = Tokens([b"new", b"old"]).issue(Purpose.RATE, 7, on=DAY)

    assert Tokens([b"new"]).verify(token, Purpose.RATE, on=DAY).reader_id == 7


def test_two_secrets_with_the_same_key_byte_are_both_tried() -> None:
    """The byte only saves time; with 300 secrets some share it."""
    secrets = [f"secret {number}" for number in range(300)]
    tokens = [Tokens([secret]).issue(Purpose.RATE, 7, on=DAY) for secret in secrets]

    verifier = Tokens(secrets)

    assert {verifier.verify(token, Purpose.RATE, on=DAY).reader_id for token in tokens} == {7}


def test_a_refused_token_does_not_show_in_the_message() -> None:
    """Errors are logged, tokens are not."""
    token = TOKENS.issue(Purpose.RATE, 7, on=DAY)

    with pytest.raises(ForgedTokenError) as caught:
        TOKENS.verify(token, Purpose.CONFIRM, on=DAY)

    assert token not in str(caught.value)


def test_the_secret_does_not_show() -> None:
    """Not even to whoever prints the object."""
    assert "secret for tests" not in repr(TOKENS)


def test_derived_keys_differ_by_label_and_by_secret() -> None:
    """A key for Message-IDs says nothing about one for something else."""
    other = Tokens(["another"])

    keys = {TOKENS.derive("message-id"), TOKENS.derive("bounce"), other.derive("message-id")}

    assert len(keys) == 3
    assert {len(key) for key in keys} == {32}


@pytest.mark.parametrize("secrets", [[], [""], ["good", b""], "one text"])
def test_missing_and_empty_secrets_are_refused(secrets: list[str]) -> None:
    """A signature with an empty key is none."""
    with pytest.raises(ValueError, match="secret"):
        Tokens(secrets)


@pytest.mark.parametrize(
    ("reader_id", "object_id", "value", "on"),
    [(-1, 0, 0, DAY), (2**64, 0, 0, DAY), (1, -1, 0, DAY), (1, 0, 256, DAY), (1, 0, 0, date.min)],
)
def test_numbers_out_of_range_are_refused(
    reader_id: int, object_id: int, value: int, on: date
) -> None:
    """Rather than cut short."""
    with pytest.raises(ValueError, match="cannot hold"):
        TOKENS.issue(Purpose.RATE, reader_id, object_id=object_id, value=value, on=on)


def test_keys_are_derived_as_rfc_5869_says() -> None:
    """Known answer: RFC 5869, appendix A.1."""
    key = _extract(bytes([0x0B]) * 22, bytes(range(13)))

    output = _expand(key, bytes(range(0xF0, 0xFA)), 42)

    assert key.hex() == "077709362c2e32df0ddc3f0dc47bba6390b6c73bb50f9c3122ec844ad7c2b3e5"
    assert output.hex() == (
        "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865"
    )


def test_what_an_older_secret_derived_can_be_derived_again() -> None:
    """Newest first, so that hashes of before the change are found."""
    old, new = Tokens(["old"]), Tokens(["new"])

    both = Tokens(["new", "old"]).derive_all("suppression")

    assert both == (new.derive("suppression"), old.derive("suppression"))

"""What replies of SMTP servers mean: the rows of part C4, one test each."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.errors import (
    MailError,
    MessageRefusedError,
    Phase,
    ProtocolFaultError,
    RateLimitedError,
    RecipientDeferredError,
    RecipientRefusedError,
    RelayConfigError,
    RelayUnavailableError,
    SenderRefusedError,
)
from digest.mail import classify
from digest.mail.replies import parse, queue_id, refusal

ROWS: list[tuple[int, str | None, Phase, type[MailError]]] = [
    # The recipient, for good.
    (550, "5.1.1", Phase.RCPT, RecipientRefusedError),
    (550, "5.1.2", Phase.RCPT, RecipientRefusedError),
    (553, "5.1.3", Phase.RCPT, RecipientRefusedError),
    (550, "5.1.6", Phase.RCPT, RecipientRefusedError),
    (550, "5.1.10", Phase.RCPT, RecipientRefusedError),
    (550, "5.1.1", Phase.DOT, RecipientRefusedError),
    (550, None, Phase.RCPT, RecipientRefusedError),
    (550, "5.0.0", Phase.RCPT, RecipientRefusedError),
    (551, None, Phase.RCPT, RecipientRefusedError),
    (553, None, Phase.RCPT, RecipientRefusedError),
    (550, "5.2.1", Phase.RCPT, RecipientRefusedError),
    (550, "5.4.1", Phase.RCPT, RecipientRefusedError),
    # The recipient, for now.
    (450, "4.2.1", Phase.RCPT, RecipientDeferredError),
    (452, "4.2.2", Phase.RCPT, RecipientDeferredError),
    (552, "5.2.2", Phase.RCPT, RecipientDeferredError),
    (552, "5.2.2", Phase.DOT, RecipientDeferredError),
    (552, None, Phase.RCPT, RecipientDeferredError),
    (450, None, Phase.RCPT, RecipientDeferredError),
    (452, None, Phase.RCPT, RecipientDeferredError),
    (450, "4.1.2", Phase.RCPT, RecipientDeferredError),
    (451, "4.4.1", Phase.RCPT, RecipientDeferredError),
    # The sender, or policy.
    (550, "5.7.1", Phase.RCPT, SenderRefusedError),
    (550, "5.7.515", Phase.DOT, SenderRefusedError),
    (554, "5.7.1", Phase.DOT, SenderRefusedError),
    (554, None, Phase.CONNECT, SenderRefusedError),
    (554, None, Phase.RCPT, SenderRefusedError),
    (550, None, Phase.MAIL, SenderRefusedError),
    (553, "5.1.8", Phase.MAIL, SenderRefusedError),
    (550, None, Phase.DOT, SenderRefusedError),
    (550, None, Phase.HELLO, SenderRefusedError),
    # Too fast.
    (421, None, Phase.MAIL, RateLimitedError),
    (421, "4.3.2", Phase.RCPT, RateLimitedError),
    (450, "4.7.1", Phase.RCPT, RateLimitedError),
    (454, "4.7.0", Phase.DOT, RateLimitedError),
    (451, None, Phase.RCPT, RateLimitedError),
    (451, None, Phase.MAIL, RateLimitedError),
    (451, None, Phase.DOT, RateLimitedError),
    (451, "4.3.0", Phase.DATA, RateLimitedError),
    (452, "4.5.3", Phase.RCPT, RateLimitedError),
    # The relay is not well.
    (421, None, Phase.CONNECT, RelayUnavailableError),
    (450, None, Phase.HELLO, RelayUnavailableError),
    (454, "4.7.0", Phase.STARTTLS, RelayUnavailableError),
    (454, "4.7.0", Phase.AUTH, RelayUnavailableError),
    (452, "4.3.1", Phase.MAIL, RelayUnavailableError),
    (452, None, Phase.MAIL, RelayUnavailableError),
    (550, "5.3.0", Phase.DOT, RelayUnavailableError),
    # Credentials and TLS.
    (530, "5.7.0", Phase.MAIL, RelayConfigError),
    (530, "5.7.0", Phase.AUTH, RelayConfigError),
    (534, "5.7.9", Phase.AUTH, RelayConfigError),
    (535, "5.7.8", Phase.AUTH, RelayConfigError),
    (538, None, Phase.AUTH, RelayConfigError),
    (501, None, Phase.STARTTLS, RelayConfigError),
    # The mail.
    (552, "5.3.4", Phase.MAIL, MessageRefusedError),
    (552, None, Phase.DOT, MessageRefusedError),
    (552, "5.2.3", Phase.DOT, MessageRefusedError),
    (554, "5.6.0", Phase.DOT, MessageRefusedError),
    (553, "5.6.7", Phase.MAIL, MessageRefusedError),
    (554, None, Phase.DOT, MessageRefusedError),
    (554, None, Phase.DATA, MessageRefusedError),
    # The conversation.
    (500, None, Phase.MAIL, ProtocolFaultError),
    (501, "5.5.4", Phase.RCPT, ProtocolFaultError),
    (503, "5.5.1", Phase.DATA, ProtocolFaultError),
    (502, None, Phase.HELLO, ProtocolFaultError),
    (250, None, Phase.DATA, ProtocolFaultError),
    (-1, None, Phase.CONNECT, ProtocolFaultError),
    (-1, None, Phase.RCPT, ProtocolFaultError),
]


@pytest.mark.parametrize(("code", "enhanced", "phase", "expected"), ROWS)
def test_a_reply_has_a_class(
    code: int, enhanced: str | None, phase: Phase, expected: type[MailError]
) -> None:
    """Known answers: C4, with RFC 5321 and 3463 where it is silent (T45-T62)."""
    assert classify(code, enhanced, phase) is expected


@given(st.integers(400, 599), st.sampled_from(Phase))
def test_no_reply_without_enhanced_code_suppresses_a_reader_but_at_rcpt(
    code: int, phase: Phase
) -> None:
    """Only there are the digits about the recipient."""
    is_refused = classify(code, None, phase) is RecipientRefusedError

    assert not is_refused or phase is Phase.RCPT


def test_only_refusals_of_recipient_and_mail_are_permanent() -> None:
    """All other errors are worth another try."""
    kinds = {kind for _, _, _, kind in ROWS}

    assert {kind for kind in kinds if kind.permanent} == {
        RecipientRefusedError,
        MessageRefusedError,
    }


def test_an_error_keeps_what_the_server_said() -> None:
    """Code, enhanced code, phase and words, for the ledger and for people."""
    reply = parse(550, b"5.1.1 <ada@reader.example>: no such user\n\x00here")

    error = refusal(reply, Phase.RCPT)

    assert (error.code, error.enhanced, error.phase) == (550, "5.1.1", Phase.RCPT)
    assert error.reply == "550 5.1.1 <ada@reader.example>: no such user here"
    assert "do not write to it again" in str(error)


def test_a_long_reply_is_cut() -> None:
    """Servers may say what they like."""
    assert len(parse(550, b"x" * 5000).text) == 200


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2.0.0 Ok: queued as 4F2E1", "4F2E1"),
        ("OK id=1tXyZa-000001-Ab", "1tXyZa-000001-Ab"),
        ("Ok 0100018f-aaaa-000000", "0100018f-aaaa-000000"),
        ("2.0.0 OK  1714800000 a1-20020a05.1 - gsmtp", "1714800000"),
        ("Message accepted for delivery", ""),
    ],
)
def test_the_relays_name_for_a_mail_is_found(text: str, expected: str) -> None:
    """As Postfix, Exim, Amazon and Google say it."""
    assert queue_id(text) == expected

"""Relays that misbehave: part C3, row by row."""

import smtplib
import socket
from collections.abc import Iterator

import pytest

from digest.errors import (
    AmbiguousDeliveryError,
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
from digest.mail import SmtpMailer
from digest.mail.wire import check_peer, socket_of
from digest.testing import MemoryMailer
from tests.digest.mailing import (
    BIG,
    Ledger,
    config,
    failure_of,
    free_port,
    nothing,
)
from tests.digest.mails import good_mail
from tests.digest.scripted_smtp import CLOSE, SILENCE, STALL, Script, ScriptedRelay

# Part C3, row by row


@pytest.mark.parametrize(
    ("script", "kind", "phase", "code"),
    [
        ({"GREETING": "421 4.3.2 busy"}, RelayUnavailableError, Phase.CONNECT, 421),
        ({"GREETING": "554 no"}, SenderRefusedError, Phase.CONNECT, 554),
        ({"GREETING": SILENCE}, RelayUnavailableError, Phase.CONNECT, None),
        ({"GREETING": CLOSE}, RelayUnavailableError, Phase.CONNECT, None),
        ({"GREETING": "what?"}, ProtocolFaultError, Phase.CONNECT, None),
        ({"EHLO": "550 go away"}, SenderRefusedError, Phase.HELLO, 550),
        ({"EHLO": CLOSE}, RelayUnavailableError, Phase.HELLO, None),
        ({"MAIL": "421 4.7.0 slow"}, RateLimitedError, Phase.MAIL, 421),
        ({"MAIL": "451 later"}, RateLimitedError, Phase.MAIL, 451),
        ({"MAIL": "550 not you"}, SenderRefusedError, Phase.MAIL, 550),
        ({"MAIL": "530 5.7.0 log in first"}, RelayConfigError, Phase.MAIL, 530),
        ({"RCPT": "450 4.2.1 busy"}, RecipientDeferredError, Phase.RCPT, 450),
        ({"RCPT": "452 4.2.2 full"}, RecipientDeferredError, Phase.RCPT, 452),
        ({"RCPT": "550 5.1.1 who?"}, RecipientRefusedError, Phase.RCPT, 550),
        ({"RCPT": SILENCE}, RelayUnavailableError, Phase.RCPT, None),
        ({"DATA": "451 later"}, RateLimitedError, Phase.DATA, 451),
        ({"DATA": "554 no"}, MessageRefusedError, Phase.DATA, 554),
        ({"DATA": "250 fine"}, ProtocolFaultError, Phase.DATA, 250),
        ({"DOT": "451 later"}, RateLimitedError, Phase.DOT, 451),
        ({"DOT": "552 5.3.4 too big"}, MessageRefusedError, Phase.DOT, 552),
    ],
)
def test_a_fault_is_reported_with_its_phase_and_the_relay_has_nothing(
    script: Script, kind: type[MailError], phase: Phase, code: int | None
) -> None:
    """All rows of C3 in which trying again is harmless (T45-T62, T69)."""
    relay = ScriptedRelay(script)

    error = failure_of(relay, good_mail(), timeout_s=0.3)

    assert type(error) is kind
    assert (error.phase, error.code) == (phase, code)
    assert relay.mails == []


def test_nobody_listening_is_the_relay_not_being_there() -> None:
    """With host and port in the message."""
    port = free_port()

    with pytest.raises(RelayUnavailableError, match=f"127.0.0.1:{port}"):
        SmtpMailer(config(port)).send(good_mail(), on_data=nothing)


def test_a_name_that_does_not_resolve_is_the_relay_not_being_there() -> None:
    """The operator reads which."""
    with pytest.raises(RelayUnavailableError, match=r"relay\.invalid"):
        SmtpMailer(config(25, host="relay.invalid")).send(good_mail(), on_data=nothing)


@pytest.mark.parametrize("host", ["relay..example", "x" * 70 + ".example"])
def test_a_name_that_is_none_is_a_mistake_in_the_settings(host: str) -> None:
    """Python raises a UnicodeError for it."""
    with pytest.raises(RelayConfigError, match="no host name"):
        SmtpMailer(config(25, host=host)).send(good_mail(), on_data=nothing)


def test_a_drop_in_the_middle_of_a_mail_is_harmless() -> None:
    """The dot was not written, and we know it (C3)."""
    relay = ScriptedRelay({"BODY": CLOSE})

    error = failure_of(relay, BIG)

    assert type(error) is RelayUnavailableError
    assert error.phase is Phase.BODY
    assert relay.mails == []


def test_a_relay_that_does_not_read_is_given_up() -> None:
    """A body that cannot be written in time was not sent (T69)."""
    relay = ScriptedRelay({"BODY": STALL})

    error = failure_of(relay, BIG, timeout_s=0.3)

    assert type(error) is RelayUnavailableError
    assert error.phase is Phase.BODY


def test_a_relay_that_refuses_in_the_middle_of_a_mail_is_understood() -> None:
    """It hangs up as well, and has nothing."""
    relay = ScriptedRelay({"BODY": "552 5.3.4 too big"})

    error = failure_of(relay, BIG, timeout_s=0.3)

    assert not isinstance(error, AmbiguousDeliveryError)
    assert error.phase in (Phase.BODY, Phase.DOT)


@pytest.mark.parametrize("step", [SILENCE, CLOSE, "what?", "250 " + "x" * 9000])
def test_no_answer_to_the_final_dot_is_ambiguous(step: str) -> None:
    """The relay has the mail, and we cannot know (C3)."""
    relay = ScriptedRelay({"DOT": step})

    error = failure_of(relay, good_mail(), final_timeout_s=0.3)

    assert type(error) is AmbiguousDeliveryError
    assert error.phase is Phase.DOT
    assert not error.permanent


def test_the_ledger_is_told_after_354_and_not_before() -> None:
    """A refused recipient leaves no doubt behind (C1)."""
    ledger = Ledger()
    relay = ScriptedRelay({"DATA": ("554 no", "354 go on")})

    with relay, SmtpMailer(config(relay.port)) as mailer:
        with pytest.raises(MessageRefusedError):
            mailer.send(good_mail(), on_data=ledger)
        assert ledger.started == 0
        mailer.send(good_mail(), on_data=ledger)

    assert ledger.started == 1


def test_the_ledger_is_told_of_a_failure_at_the_dot_by_the_double() -> None:
    """As a relay would be that refuses at the end."""
    ledger = Ledger()
    mailer = MemoryMailer([MessageRefusedError("too big", phase=Phase.DOT)])

    with pytest.raises(MessageRefusedError):
        mailer.send(good_mail(), on_data=ledger)

    assert (ledger.started, mailer.messages) == (1, [])


@pytest.fixture
def line() -> Iterator[tuple[smtplib.SMTP, socket.socket]]:
    """Connect an SMTP client to a socket of ours."""
    ours, theirs = socket.socketpair()
    client = smtplib.SMTP()
    client.sock = theirs
    yield client, ours
    client.close()
    ours.close()


def test_a_relay_that_hung_up_is_noticed_before_the_dot(
    line: tuple[smtplib.SMTP, socket.socket],
) -> None:
    """While it is still harmless (C3)."""
    client, relay = line
    relay.close()

    with pytest.raises(smtplib.SMTPServerDisconnected, match="while the mail was written"):
        check_peer(client, socket_of(client))


def test_a_relay_that_answered_early_is_heard_before_the_dot(
    line: tuple[smtplib.SMTP, socket.socket],
) -> None:
    """Its words are better than a guess."""
    client, relay = line
    relay.sendall(b"552 5.3.4 too big\r\n")

    with pytest.raises(MessageRefusedError, match="too big") as caught:
        check_peer(client, socket_of(client))

    assert caught.value.phase is Phase.BODY


def test_a_connection_that_was_lost_has_no_socket() -> None:
    """The library forgets it when it fails."""
    with pytest.raises(smtplib.SMTPServerDisconnected):
        socket_of(smtplib.SMTP())

"""One connection for many mails, and what a relay offers."""

from dataclasses import replace

import pytest

from digest.errors import (
    AmbiguousDeliveryError,
    MessageRefusedError,
    RecipientRefusedError,
)
from digest.mail import SmtpMailer
from tests.digest.mailing import (
    Ledger,
    config,
    failure_of,
    nothing,
)
from tests.digest.mails import good_mail, mail_to
from tests.digest.scripted_smtp import CLOSE, SILENCE, Script, ScriptedRelay

# One connection


def test_one_connection_is_kept_for_all_mails() -> None:
    """Opening one costs more than a mail."""
    with ScriptedRelay() as relay, SmtpMailer(config(relay.port)) as mailer:
        mailer.send(good_mail(), on_data=nothing)
        mailer.send(good_mail(), on_data=nothing)

        assert mailer.connections == 1

    assert [line.split(" ")[0].upper() for line in relay.commands[0]] == [
        *("EHLO", "MAIL", "RCPT", "DATA"),
        *("MAIL", "RCPT", "DATA", "QUIT"),
    ]


def test_a_connection_is_replaced_after_as_many_mails_as_the_relay_allows() -> None:
    """C4: MailerSend cuts after five; whoever says goodbye first loses nothing."""
    with ScriptedRelay() as relay:
        limited = replace(config(relay.port), per_connection=2)
        with SmtpMailer(limited) as mailer:
            for _ in range(5):
                mailer.send(good_mail(), on_data=nothing)

            assert mailer.connections == 3

    assert [sum(line.upper() == "DATA" for line in lines) for lines in relay.commands] == [2, 2, 1]
    assert all(lines[-1].upper() == "QUIT" for lines in relay.commands)


@pytest.mark.parametrize(
    "script",
    [
        {"MAIL": ("250 Ok", CLOSE)},
        {"MAIL": ("250 Ok", "421 4.7.0 enough for one connection")},
        {"RCPT": ("250 Ok", CLOSE)},
        {"DATA": ("354 go on", CLOSE)},
        {"MAIL": ("250 Ok", "503 5.5.1 confused")},
    ],
)
def test_a_kept_connection_that_is_gone_is_replaced(script: Script) -> None:
    """Nothing of the second mail was there yet, so nobody is told (C3)."""
    relay = ScriptedRelay(script, {})
    ledger = Ledger()

    with relay, SmtpMailer(config(relay.port)) as mailer:
        mailer.send(good_mail(), on_data=ledger)
        mailer.send(good_mail(), on_data=ledger)

        assert mailer.connections == 2

    assert relay.mails == [good_mail().data] * 2
    assert ledger.started == 2


def test_a_relay_that_takes_two_mails_per_connection_gets_all_of_them() -> None:
    """And no reader is punished for it (T63)."""
    relay = ScriptedRelay({"MAIL": ("250 Ok", "250 Ok", "421 4.7.0 enough")})

    with relay, SmtpMailer(config(relay.port)) as mailer:
        for _ in range(6):
            mailer.send(good_mail(), on_data=nothing)

        assert mailer.connections == 3

    assert len(relay.mails) == 6


def test_a_drop_after_the_body_began_is_not_repeated() -> None:
    """That decision is not the mailer's."""
    relay = ScriptedRelay({"DOT": ("250 Ok", CLOSE)}, {})

    with relay, SmtpMailer(config(relay.port)) as mailer:
        mailer.send(good_mail(), on_data=nothing)
        with pytest.raises(AmbiguousDeliveryError):
            mailer.send(good_mail(), on_data=nothing)

        assert mailer.connections == 1


def test_the_connection_is_kept_after_a_refusal() -> None:
    """RSET clears it for the next mail."""
    relay = ScriptedRelay({"RCPT": ("550 5.1.1 who?", "250 Ok")})

    with relay, SmtpMailer(config(relay.port)) as mailer:
        with pytest.raises(RecipientRefusedError):
            mailer.send(good_mail(), on_data=nothing)
        mailer.send(good_mail(), on_data=nothing)

        assert mailer.connections == 1

    assert "RSET" in [line.upper() for line in relay.commands[0]]
    assert relay.mails == [good_mail().data]


@pytest.mark.parametrize("answer", [CLOSE, SILENCE, "500 what?"])
def test_a_connection_that_cannot_be_cleared_is_replaced(answer: str) -> None:
    """Whatever RSET does to it."""
    relay = ScriptedRelay({"RCPT": "550 5.1.1 who?", "RSET": answer}, {})

    with relay, SmtpMailer(config(relay.port, timeout_s=0.3)) as mailer:
        with pytest.raises(RecipientRefusedError):
            mailer.send(good_mail(), on_data=nothing)
        mailer.send(good_mail(), on_data=nothing)

    assert relay.mails == [good_mail().data]


@pytest.mark.parametrize("answer", [CLOSE, SILENCE, "500 what?"])
def test_how_a_relay_says_goodbye_is_of_no_interest(answer: str) -> None:
    """The mail is there (C3)."""
    relay = ScriptedRelay({"QUIT": answer})

    with relay, SmtpMailer(config(relay.port, timeout_s=0.3)) as mailer:
        receipt = mailer.send(good_mail(), on_data=nothing)

    assert (receipt.code, receipt.queue_id) == (250, "4F2E1")
    assert relay.mails == [good_mail().data]


# Extensions


def test_a_relay_without_extensions_is_spoken_to_plainly() -> None:
    """HELO, and no parameters (T65)."""
    relay = ScriptedRelay({"EHLO": "502 5.5.1 what?"})

    with relay, SmtpMailer(config(relay.port)) as mailer:
        mailer.send(good_mail(), on_data=nothing)

    assert "mail FROM:<digest@papers.example>" in relay.commands[0]
    assert "rcpt TO:<ada@reader.example>" in relay.commands[0]


def test_a_relay_with_extensions_is_told_size_and_where_reports_go() -> None:
    """SIZE and DSN, only where they are offered (A40)."""
    relay = ScriptedRelay({"EHLO": "250-relay.example\r\n250-SIZE 100000\r\n250 DSN"})
    message = good_mail()

    with relay, SmtpMailer(config(relay.port)) as mailer:
        mailer.send(message, on_data=nothing)

    identity = message.message_id.strip("<>")
    assert relay.commands[0][1:3] == [
        f"mail FROM:<digest@papers.example> SIZE={message.size} RET=HDRS ENVID={identity}",
        "rcpt TO:<ada@reader.example> NOTIFY=FAILURE,DELAY",
    ]


def test_a_mail_above_the_relays_size_is_not_even_begun() -> None:
    """Poison for any relay of this kind (A46, T64)."""
    relay = ScriptedRelay({"EHLO": "250-relay.example\r\n250 SIZE 1000"})

    error = failure_of(relay, good_mail())

    assert type(error) is MessageRefusedError
    assert error.enhanced == "5.3.4"
    assert [line for line in relay.commands[0] if line.upper().startswith("MAIL")] == []


def test_an_international_address_needs_a_relay_that_knows_them() -> None:
    """No penalty for the reader, and no try (A25, T89)."""
    error = failure_of(ScriptedRelay(), mail_to("äda@reader.example"))

    assert type(error) is MessageRefusedError
    assert error.enhanced == "5.6.7"


def test_an_international_address_reaches_a_relay_that_knows_them() -> None:
    """In UTF-8 (T89)."""
    relay = ScriptedRelay({"EHLO": "250-relay.example\r\n250-8BITMIME\r\n250 SMTPUTF8"})
    message = mail_to("äda@reader.example")

    with relay, SmtpMailer(config(relay.port)) as mailer:
        mailer.send(message, on_data=nothing)

    assert "rcpt TO:<äda@reader.example>" in relay.commands[0]
    assert "mail FROM:<digest@papers.example> SMTPUTF8 BODY=8BITMIME" in relay.commands[0]
    assert relay.mails == [message.data]


def test_an_international_address_goes_without_8bitmime_too() -> None:
    """The body is 7-bit anyway."""
    relay = ScriptedRelay({"EHLO": "250-relay.example\r\n250 SMTPUTF8"})

    with relay, SmtpMailer(config(relay.port)) as mailer:
        mailer.send(mail_to("äda@reader.example"), on_data=nothing)

    assert "mail FROM:<digest@papers.example> SMTPUTF8" in relay.commands[0]


def test_a_relay_can_be_tried_without_a_mail() -> None:
    """For whoever sets one up."""
    with ScriptedRelay() as relay, SmtpMailer(config(relay.port)) as mailer:
        mailer.check()

        assert mailer.connections == 1

    assert relay.mails == []

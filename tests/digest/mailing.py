"""What tests of mailers share: a server that keeps its mail, ledgers, settings."""

from dataclasses import replace
from socket import create_server

import pytest
from aiosmtpd.smtp import SMTP, Envelope, Session

from digest.errors import (
    MailError,
)
from digest.mail import SmtpConfig, SmtpMailer
from digest.message import Message
from tests.digest.mails import mail_to
from tests.digest.scripted_smtp import ScriptedRelay

PASSWORD = "a password for tests only"
BIG = mail_to("ada@reader.example", text="x" * 8_000_000)  # more than any socket buffer


def nothing() -> None:
    """Stand for a ledger that is not looked at."""


class Ledger:
    """Counts how often a mailer said that the body begins."""

    def __init__(self) -> None:
        self.started = 0

    def __call__(self) -> None:
        """Count one more."""
        self.started += 1


class LedgerFullError(Exception):
    """Stand for a database that cannot be written."""


def full() -> None:
    """Fail as a ledger on a full disk would."""
    raise LedgerFullError


class Inbox:
    """Keeps what aiosmtpd receives."""

    def __init__(self) -> None:
        self.contents: list[bytes] = []

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        """Take a mail."""
        assert isinstance(envelope.content, bytes)
        self.contents.append(envelope.content)
        return f"250 2.0.0 Ok: queued as {len(self.contents)}"


def free_port() -> int:
    """Return a port that nobody listens on."""
    with create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        assert isinstance(port, int)
        return port


def config(port: int, **changes: object) -> SmtpConfig:
    """Return the settings for a relay on the loopback, with short patience."""
    plain = SmtpConfig(
        "127.0.0.1",
        port,
        "none",
        timeout_s=2.0,
        final_timeout_s=2.0,
        local_hostname="papers.example",
    )
    return replace(plain, **changes)  # type: ignore[arg-type]  # names are checked by replace


def failure_of(relay: ScriptedRelay, message: Message, **changes: object) -> MailError:
    """Send one mail that must fail, and return how."""
    with relay, SmtpMailer(config(relay.port, **changes)) as mailer:
        with pytest.raises(MailError) as caught:
            mailer.send(message, on_data=nothing)
        return caught.value

"""Mails to an SMTP relay, over one connection that is kept.

The conversation is led command by command, so that we always know which phase it is in: above all
whether the final dot was written, because what happens before it is harmless and what happens
after it is not. smtplib raises the same error for both.

Source: RFC 5321, 1870 (SIZE), 3207 (STARTTLS), 3461 (DSN), 4954 (AUTH), 6531 (SMTPUTF8).
"""

import smtplib
import socket
import ssl
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from typing import Literal

from digest.errors import (
    AmbiguousDeliveryError,
    MailError,
    MessageRefusedError,
    Phase,
    ProtocolFaultError,
    RelayConfigError,
    RelayUnavailableError,
)
from digest.mail.protocol import ClosingMailer, OnData, Receipt
from digest.mail.replies import Reply, parse, queue_id, refusal
from digest.mail.wire import check_peer, dot_stuffed, mail_options, socket_of
from digest.message import Message

__all__ = ["Security", "SmtpConfig", "SmtpMailer"]

Security = Literal["starttls", "tls", "none"]
"""How the connection is encrypted: after STARTTLS, from the first byte, or not at all."""

_QUIT_TIMEOUT_S = 5.0
_BEFORE_BODY = (Phase.MAIL, Phase.RCPT, Phase.DATA)


@dataclass(frozen=True, slots=True)
class SmtpConfig:
    """Where the relay is and how to speak to it; a password is never shown."""

    host: str
    port: int = 587
    security: Security = "starttls"
    username: str = ""
    """Empty: no authentication."""
    password: str = field(default="", repr=False)
    timeout_s: float = 60.0
    """For each reply but the last."""
    final_timeout_s: float = 600.0
    """For the reply to the final dot: RFC 5321 section 4.5.3.2.6 asks for ten minutes, and less
    makes duplicates."""
    local_hostname: str = ""
    """Our name in EHLO; empty: the machine's own."""
    ca_file: str = ""
    """Certificates to trust besides the system's, in PEM."""
    per_connection: int = 0
    """Mails after which a connection is replaced, for relays that count them; 0 is no limit."""

    def __post_init__(self) -> None:
        if self.security == "none" and (self.username or self.password):
            raise RelayConfigError(
                "a password is not sent without encryption; use starttls or tls", phase=Phase.AUTH
            )


class SmtpMailer(ClosingMailer):
    """Hands mails to a relay; connects when the first mail comes, and again when it must."""

    def __init__(self, config: SmtpConfig) -> None:
        self.config = config
        self._smtp: smtplib.SMTP | None = None
        self._phase = Phase.CONNECT
        self.connections = 0
        """How often a connection was opened."""
        self._mails = 0

    def send(self, message: Message, *, on_data: OnData) -> Receipt:
        """Hand one mail to the relay.

        A kept connection that turns out to be gone is replaced once, without a word, as long as
        nothing but commands went over it.

        Raises:
            MailError: a subclass that says what to do; AmbiguousDeliveryError when the relay may
                have the mail.
        """
        if 0 < self.config.per_connection <= self._mails:
            self.close()
        is_kept = self._smtp is not None
        try:
            return self._send(message, on_data)
        except MailError as error:
            if not (is_kept and self._smtp is None and error.phase in _BEFORE_BODY):
                raise
        return self._send(message, on_data)

    def check(self) -> None:
        """Connect, encrypt and log in as for a mail, and send none.

        Raises:
            MailError: the relay cannot be used; the message says why.
        """
        self._connected()

    def _send(self, message: Message, on_data: OnData) -> Receipt:
        """Send over the connection; drop it afterwards unless it is known to be well."""
        with ExitStack() as stack:
            stack.callback(self._drop)
            smtp = self._connected()
            try:
                receipt = self._converse(smtp, message, on_data)
            except MailError as error:
                if _is_mere_refusal(error):
                    self._reset(smtp)
                    stack.pop_all()
                raise
            stack.pop_all()
            self._mails += 1
            return receipt

    def _converse(self, smtp: smtplib.SMTP, message: Message, on_data: OnData) -> Receipt:
        """Lead the conversation about one mail from MAIL to the reply to the final dot."""
        with self._in(Phase.MAIL):
            options = mail_options(smtp, message)
            self._expect(smtp.mail(message.envelope.mail_from, options), 250)
        with self._in(Phase.RCPT):
            notify = ["NOTIFY=FAILURE,DELAY"] if smtp.has_extn("dsn") else []
            self._expect(smtp.rcpt(message.envelope.rcpt_to, notify), 250, 251)
        with self._in(Phase.DATA):
            smtp.putcmd("data")
            self._expect(smtp.getreply(), 354)
        on_data()
        with self._in(Phase.BODY):
            connection = socket_of(smtp)
            connection.sendall(dot_stuffed(message.data))
            check_peer(smtp, connection)
            connection.settimeout(self.config.final_timeout_s)
            connection.sendall(b".\r\n")
        with self._in(Phase.DOT):
            reply = self._expect(smtp.getreply(), 250)
            connection.settimeout(self.config.timeout_s)
        return Receipt(reply.text, reply.code, queue_id(reply.text))

    def _expect(self, answer: tuple[int, bytes], *wanted: int) -> Reply:
        """Return the reply if it is a wanted one, raise what it means if not."""
        reply = parse(*answer)
        if reply.code in wanted:
            return reply
        if self._phase is Phase.DOT and not 400 <= reply.code <= 599:
            raise _ambiguous(f"the answer was {reply.text[:80]!r}")
        raise refusal(reply, self._phase)

    @contextmanager
    def _in(self, phase: Phase) -> Iterator[None]:
        """Run a step as part of the phase, and translate what goes wrong with the connection."""
        self._phase = phase
        try:
            yield
        except smtplib.SMTPResponseException as error:
            octets = error.smtp_error
            text = octets if isinstance(octets, bytes) else str(octets).encode()
            if phase is Phase.DOT:
                raise _ambiguous("the answer was not understood") from error
            raise refusal(parse(error.smtp_code, text), phase) from error
        except (smtplib.SMTPException, OSError) as error:
            raise self._broken(error) from error
        except UnicodeError as error:  # a host name with an empty or endless label
            problem = f"{self.config.host!r} is no host name; check the SMTP settings"
            raise RelayConfigError(problem, phase=phase) from error

    def _broken(self, error: Exception) -> MailError:
        """Return what a lost, refused or unusable connection means in the present phase."""
        where = f"{self.config.host}:{self.config.port}"
        if self._phase is Phase.DOT:
            return _ambiguous(str(error) or type(error).__name__)
        if isinstance(error, ssl.SSLError) and not isinstance(error, ssl.SSLEOFError):
            problem = f"no TLS with {where}: {error.reason or error}; check host name, port and CA"
            return RelayConfigError(problem, phase=self._phase)
        if self._phase is Phase.AUTH and not isinstance(error, smtplib.SMTPServerDisconnected):
            problem = f"{where} offers no way to log in that we know; check the port and the user"
            return RelayConfigError(problem, phase=self._phase)
        problem = f"{where} is not there, or hung up: {error}; nothing was sent, try again later"
        return RelayUnavailableError(problem, phase=self._phase)

    # The connection

    def _connected(self) -> smtplib.SMTP:
        """Return the connection, opened, encrypted and logged in if it was not there."""
        if self._smtp is None:
            self._smtp = self._connect()
        return self._smtp

    def _connect(self) -> smtplib.SMTP:
        """Open a connection as the configuration says, or raise and leave none open."""
        with ExitStack() as stack:
            with self._in(Phase.CONNECT):
                smtp = self._open()
                # The final dot follows the body in a packet of its own, which the kernel would
                # keep until the body is acknowledged: 40 ms a mail.
                socket_of(smtp).setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self.connections += 1
            self._mails = 0
            stack.callback(smtp.close)
            with self._in(Phase.HELLO):
                self._greet(smtp)
            if self.config.security == "starttls":
                self._start_tls(smtp)
            if self.config.username:
                with self._in(Phase.AUTH):
                    smtp.login(self.config.username, self.config.password)
            stack.pop_all()
            return smtp

    def _open(self) -> smtplib.SMTP:
        """Return a connection that has read the relay's greeting."""
        config = self.config
        name = config.local_hostname or None
        if config.security == "tls":
            return smtplib.SMTP_SSL(
                config.host, config.port, name, timeout=config.timeout_s, context=self._context()
            )
        return smtplib.SMTP(config.host, config.port, name, timeout=config.timeout_s)

    def _greet(self, smtp: smtplib.SMTP) -> None:
        """Say EHLO, and HELO to those who do not know it."""
        code, text = smtp.ehlo()
        if 500 <= code <= 504 and self.config.security != "starttls":
            code, text = smtp.helo()
        self._expect((code, text), 250)

    def _start_tls(self, smtp: smtplib.SMTP) -> None:
        """Encrypt the connection; a relay that does not offer it is not spoken to."""
        with self._in(Phase.STARTTLS):
            if not smtp.has_extn("starttls"):
                raise RelayConfigError(
                    f"{self.config.host}:{self.config.port} offers no STARTTLS, or somebody between"
                    " hides it; nothing was sent: check host and port",
                    phase=Phase.STARTTLS,
                )
            smtp.starttls(context=self._context())
        with self._in(Phase.HELLO):
            self._greet(smtp)

    def _context(self) -> ssl.SSLContext:
        """Return the TLS settings: certificates and host names are verified."""
        context = ssl.create_default_context()
        if self.config.ca_file:
            try:
                context.load_verify_locations(self.config.ca_file)
            except OSError as error:  # ssl.SSLError, for a file that is no certificate, is one
                problem = f"cannot read certificates from {self.config.ca_file}: {error}"
                raise RelayConfigError(problem, phase=self._phase) from error
        return context

    def _reset(self, smtp: smtplib.SMTP) -> None:
        """Clear the relay's mind of a refused mail; drop the connection if that fails."""
        try:
            socket_of(smtp).settimeout(self.config.timeout_s)
            is_well = smtp.rset()[0] == 250
        except (smtplib.SMTPException, OSError):
            is_well = False
        if not is_well:
            self._drop()

    def _drop(self) -> None:
        """Cut the connection without a word."""
        smtp, self._smtp = self._smtp, None
        if smtp is not None:
            smtp.close()

    def close(self) -> None:
        """Say goodbye and close; that a relay does not answer is of no interest any more."""
        if self._smtp is None:
            return
        with suppress(smtplib.SMTPException, OSError):
            socket_of(self._smtp).settimeout(min(_QUIT_TIMEOUT_S, self.config.timeout_s))
            self._smtp.quit()
        self._drop()


def _is_mere_refusal(error: MailError) -> bool:
    """Tell an orderly refusal of one mail from trouble with the connection itself."""
    if isinstance(error, ProtocolFaultError) or error.phase is Phase.BODY or error.code == 421:
        return False
    return error.code is not None or isinstance(error, MessageRefusedError)


def _ambiguous(detail: str) -> AmbiguousDeliveryError:
    """Return the error for a mail that was written to its end and not answered."""
    problem = f"the relay may have the mail: it was written whole, and then {detail}"
    return AmbiguousDeliveryError(problem, phase=Phase.DOT)

"""Every error that the digest raises on purpose, in one tree.

    DigestError
    |-- RenderError                          a template cannot be rendered
    |-- MessageError                         a mail cannot be built from what was given
    |-- DkimKeyError                         a key cannot sign mails
    |-- UndeliverableAddressError (ValueError)  no mail can be sent to, or from, this address
    `-- MailError                            a mail was not, or perhaps not, handed over
        |-- RecipientRefusedError            permanent: this address will not get mail
        |-- RecipientDeferredError           this address cannot take mail now (mailbox full)
        |-- SenderRefusedError               we are refused, whoever the recipient is
        |-- RateLimitedError                 too fast, or greylisted: later is fine
        |-- RelayUnavailableError            the relay is not there, or not well
        |   |-- RelayConfigError             ... because of names, keys or TLS: ask the operator
        |   `-- FolderUnavailableError       ... the folder of mails cannot be written
        |-- MessageRefusedError              permanent: this mail, to anybody (size, content)
        |-- ProtocolFaultError               the relay and we do not understand each other
        `-- AmbiguousDeliveryError           the whole mail was written and no answer came

The classes of MailError are the rows of a table that `digest.mail.classify` holds: what to do with
the delivery, with the subscriber and with the relay follows from the class alone.
"""

from enum import StrEnum
from typing import ClassVar

__all__ = [
    "AmbiguousDeliveryError",
    "DigestError",
    "DkimKeyError",
    "FolderUnavailableError",
    "MailError",
    "MessageError",
    "MessageRefusedError",
    "Phase",
    "ProtocolFaultError",
    "RateLimitedError",
    "RecipientDeferredError",
    "RecipientRefusedError",
    "RelayConfigError",
    "RelayUnavailableError",
    "RenderError",
    "SenderRefusedError",
    "UndeliverableAddressError",
]


class Phase(StrEnum):
    """How far the conversation with a mailer had come, in this order."""

    CONNECT = "connect"
    """Name lookup, connection and the server's greeting."""
    HELLO = "hello"
    STARTTLS = "starttls"
    AUTH = "auth"
    MAIL = "mail"
    RCPT = "rcpt"
    DATA = "data"
    """The DATA command, up to its 354."""
    BODY = "body"
    """The mail itself, without the final dot: the receiver has nothing yet."""
    DOT = "dot"
    """The final dot was written: the receiver may have the mail."""


class DigestError(Exception):
    """Root of all errors that the digest raises on purpose."""


class RenderError(DigestError):
    """A template cannot be rendered; `what` names the template or the paper."""

    def __init__(self, what: str, problem: str) -> None:
        self.what = what
        super().__init__(f"cannot render {what}: {problem}")


class MessageError(DigestError, ValueError):
    """A mail cannot be built; `field` names the value that is at fault."""

    def __init__(self, field: str, problem: str) -> None:
        self.field = field
        super().__init__(f"cannot build the mail: {field} {problem}")


class DkimKeyError(DigestError):
    """A key cannot sign mails; `path` is the file it is in."""

    def __init__(self, path: str, problem: str) -> None:
        self.path = path
        super().__init__(
            f"cannot sign mails with {path}: {problem}; make a key with "
            f"`openssl genrsa -out {path} 2048`, or let your mail server sign"
        )


class UndeliverableAddressError(DigestError, ValueError):
    """No mail can be sent to, or from, this address."""

    def __init__(self, address: str, problem: str) -> None:
        self.address = address
        self.problem = problem
        super().__init__(f"{address[:80]!r} cannot be mailed: {problem}")


class MailError(DigestError):
    """A mail was not, or perhaps not, handed over; the class says what to do now."""

    permanent: ClassVar[bool] = False
    """Whether sending the same bytes to the same address again is in vain."""
    is_recipients: ClassVar[bool] = False
    """Whether it is the recipient's address that is at fault."""

    def __init__(
        self,
        problem: str,
        *,
        phase: Phase,
        code: int | None = None,
        enhanced: str | None = None,
        reply: str = "",
    ) -> None:
        self.phase = phase
        self.code = code
        """Three digits of the SMTP reply; None when none came."""
        self.enhanced = enhanced
        """Enhanced status code (RFC 3463): `5.1.1`; None when the reply had none."""
        self.reply = reply
        """The server's words, cleaned and cut; empty when none came."""
        super().__init__(f"{problem} ({phase}: {reply})" if reply else f"{problem} ({phase})")


class RecipientRefusedError(MailError):
    """The recipient's address does not exist or will not take mail: suppress it."""

    permanent = True
    is_recipients = True


class RecipientDeferredError(MailError):
    """The recipient cannot take mail now, say because the mailbox is full: try later."""

    is_recipients = True


class SenderRefusedError(MailError):
    """We are refused by policy, whoever the recipient is: stop the run, tell the operator."""


class RateLimitedError(MailError):
    """Too fast, or greylisted: try later and slower, nobody is at fault."""


class RelayUnavailableError(MailError):
    """The relay is not there or not well; nothing was handed over: try later."""


class RelayConfigError(RelayUnavailableError):
    """Name, password, certificate or TLS of the relay are wrong: ask the operator."""


class FolderUnavailableError(RelayUnavailableError):
    """The folder of mails cannot be written; `path` is the file that could not."""

    def __init__(self, path: str, problem: str) -> None:
        self.path = path
        super().__init__(
            f"cannot write {path}: {problem}; mend that and send again", phase=Phase.BODY
        )


class MessageRefusedError(MailError):
    """This mail is refused for its size, its content or what it needs: do not repeat it."""

    permanent = True


class ProtocolFaultError(MailError):
    """The relay answered something that has no place there: try on a new connection."""


class AmbiguousDeliveryError(MailError):
    """The final dot was written and no answer came: the receiver may have the mail."""

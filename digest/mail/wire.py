"""What goes over the wire to a relay: parameters of commands, the stuffed body, a look at the line.

Functions without state; the order in which they are used is that of `digest.mail.smtp`.
"""

import select
import smtplib
import socket
import ssl

from digest.errors import MessageRefusedError, Phase
from digest.mail.replies import parse, refusal
from digest.message import Message

__all__ = ["check_peer", "dot_stuffed", "mail_options", "socket_of"]


def mail_options(smtp: smtplib.SMTP, message: Message) -> list[str]:
    """Return the parameters of MAIL that the relay knows; refuse a mail that it cannot take."""
    options = []
    if message.envelope.smtputf8:
        if not smtp.has_extn("smtputf8"):
            raise MessageRefusedError(
                "the address is not ASCII and the relay has no SMTPUTF8; use another address",
                phase=Phase.MAIL,
                enhanced="5.6.7",
            )
        options.append("SMTPUTF8")
        if smtp.has_extn("8bitmime"):
            options.append("BODY=8BITMIME")
    if smtp.has_extn("size"):
        limit = smtp.esmtp_features["size"].strip()
        if limit.isdigit() and 0 < int(limit) < message.size:
            raise MessageRefusedError(
                f"the mail has {message.size} octets and the relay takes {limit}; make it smaller",
                phase=Phase.MAIL,
                enhanced="5.3.4",
            )
        options.append(f"SIZE={message.size}")
    if smtp.has_extn("dsn"):
        options += ["RET=HDRS", f"ENVID={_xtext(message.message_id.strip('<>'))}"]
    return options


def _xtext(text: str) -> str:
    """Return ASCII text as a parameter's value (RFC 3461 section 4)."""
    return "".join(
        f"+{ord(sign):02X}" if sign in "+=" or not "!" <= sign <= "~" else sign for sign in text
    )


def dot_stuffed(data: bytes) -> bytes:
    """Return the mail with a second dot before each line that begins with one (RFC 5321 4.5.2)."""
    return (b"\r\n" + data).replace(b"\r\n.", b"\r\n..")[2:]


def socket_of(smtp: smtplib.SMTP) -> socket.socket:
    """Return the connection's socket; without one it was lost."""
    if smtp.sock is None:
        raise smtplib.SMTPServerDisconnected("connection lost")
    return smtp.sock


def check_peer(smtp: smtplib.SMTP, connection: socket.socket) -> None:
    """Raise when the relay has hung up or answered already, while that is still harmless.

    Without this look a drop that the kernel has not told us of yet would only be seen after the
    final dot, as ambiguous. Inside of TLS a readable socket may be a mere session ticket, so there
    nothing is concluded from it.
    """
    if isinstance(connection, ssl.SSLSocket) or not select.select([connection], [], [], 0)[0]:
        return
    if not connection.recv(1, socket.MSG_PEEK):
        raise smtplib.SMTPServerDisconnected("connection closed while the mail was written")
    code, text = smtp.getreply()
    raise refusal(parse(code, text), Phase.BODY)

"""Rendered digest + addressee -> the exact bytes of one mail.

The same input gives the same bytes, so that a retry sends what was sent before. Nothing is sent
here, and no clock is read. The serialiser is our own: the standard library's `EmailMessage` takes
13 ms for a digest and encodes long List-Unsubscribe addresses, which hides the button.

Source: RFC 5322, 2045-2047, 2369, 2919, 3834, 8058; reference checks A01 to A49.
"""

import hashlib
import hmac
import re
from base64 import b32encode
from binascii import b2a_qp
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from email.utils import format_datetime

from digest import headers
from digest.addresses import a_label, deliverable, split
from digest.errors import MessageError
from digest.model import Rendered

__all__ = [
    "Addressee",
    "Dispatch",
    "Envelope",
    "Message",
    "Sender",
    "build_message",
    "message_id",
]

_CRLF = b"\r\n"
_CONTROLS = bytes(byte for byte in (*range(0x20), 0x7F) if byte not in b"\t\n")
_MESSAGE_ID = re.compile(r"<[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9.-]+>")
_LIST_ID = re.compile(r"[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)+")
_FEEDBACK_ID = re.compile(r"(?:[A-Za-z0-9._-]*:){3}[A-Za-z0-9._-]{5,15}")
_URL = re.compile(r"https?://[!-;=?-~]+")
_MAILTO = re.compile(r"mailto:[!-;=?-~]+@[!-;=?-~]+")


@dataclass(frozen=True, slots=True)
class Sender:
    """Who the mails are from."""

    name: str
    address: str
    reply_to: str = ""
    """Where answers go, if not to `address`."""


@dataclass(frozen=True, slots=True)
class Addressee:
    """Who one mail is for."""

    name: str
    """Empty when the reader gave none."""
    address: str


@dataclass(frozen=True, slots=True)
class Dispatch:
    """What is particular to one delivery; the same delivery has the same dispatch every time."""

    message_id: str
    """With angle brackets, from `message_id()`."""
    sent_at: datetime
    """Aware; kept on retries."""
    stream: str = ""
    """The list's name as readers see it: `Paper Round`."""
    list_id: str = ""
    """The list's identity for programs, the same for all readers: `digest.example.org`. Empty for a
    mail of no list, say one that asks to confirm an address: it has no header that lists have."""
    unsubscribe_url: str = ""
    """One click there unsubscribes (RFC 8058); https, and plain http for trials at home only. Empty
    for a mail of no list, and for no other."""
    unsubscribe_mailto: str = ""
    """`mailto:leave@example.org?subject=...`, optional."""
    feedback_id: str = ""
    """`campaign:customer:kind:SenderId` for Gmail's feedback loop, optional."""
    bounce_address: str = ""
    """Envelope sender, when it is not the address the mail is from."""
    name: str = ""
    """What the mail is called in a folder: `2026-05-04-ada`; unique per delivery."""


@dataclass(frozen=True, slots=True)
class Envelope:
    """What is said to the relay, beside the mail."""

    mail_from: str
    rcpt_to: str
    smtputf8: bool
    """Whether an address has a local part that is not ASCII (RFC 6531)."""


@dataclass(frozen=True, slots=True)
class Message:
    """One mail, ready to be handed over."""

    envelope: Envelope
    message_id: str
    data: bytes = field(repr=False)
    """CRLF line ends, not dot-stuffed."""
    sha256: str
    """Of `data`, in hexadecimal."""
    size: int
    """Octets of `data`."""
    name: str
    """Name in a folder, without ending."""


def message_id(secret: bytes, reader_id: int, stream: str, day: date, domain: str) -> str:
    """Return the Message-ID of one reader's digest of one day; the same on every try.

    Who the reader is can be told only with the secret. Source: reference check A05.

    Args:
        secret: key of at least 16 octets.
        reader_id: identity in the store.
        stream: name of the list.
        day: the reader's local date.
        domain: of the sender's address.

    Returns:
        `<v1.p3zq...a.20260504@example.org>`, at most 16 characters of them secret.
    """
    seed = f"message-id\0{reader_id}\0{stream}\0{day.isoformat()}".encode()
    digest = hmac.digest(secret, seed, "sha256")[:10]
    token = b32encode(digest).decode("ascii").lower()
    return f"<v1.{token}.{day:%Y%m%d}@{a_label(domain)}>"


def build_message(
    rendered: Rendered, *, sender: Sender, addressee: Addressee, dispatch: Dispatch
) -> Message:
    """Return the mail, its envelope and its hash.

    Raises:
        UndeliverableAddressError: an address of the sender or the addressee cannot exist.
        MessageError: a value of the dispatch cannot stand in a header.
    """
    _check(dispatch)
    sender_address = deliverable(sender.address)
    recipient = deliverable(addressee.address)
    mail_from = deliverable(dispatch.bounce_address) if dispatch.bounce_address else sender_address
    boundary = "=_" + hashlib.sha256(dispatch.message_id.encode()).hexdigest()[:32]
    data = b"".join(
        (
            _address_headers(sender, sender_address, addressee, recipient),
            _dispatch_headers(rendered.subject, dispatch),
            _body(rendered, boundary),
        )
    )
    return Message(
        envelope=Envelope(mail_from, recipient, not (mail_from + recipient).isascii()),
        message_id=dispatch.message_id,
        data=data,
        sha256=hashlib.sha256(data).hexdigest(),
        size=len(data),
        name=dispatch.name or split(dispatch.message_id.strip("<>"))[0],
    )


def _check(dispatch: Dispatch) -> None:
    """Refuse a dispatch whose values cannot stand in headers as they are."""
    fields = (
        ("message_id", _MESSAGE_ID, dispatch.message_id, True),
        ("list_id", _LIST_ID, dispatch.list_id, bool(dispatch.unsubscribe_url)),
        ("unsubscribe_url", _URL, dispatch.unsubscribe_url, bool(dispatch.list_id)),
        ("unsubscribe_mailto", _MAILTO, dispatch.unsubscribe_mailto, False),
        ("feedback_id", _FEEDBACK_ID, dispatch.feedback_id, False),
    )
    for name, pattern, value, is_required in fields:
        if (value or is_required) and not (pattern.fullmatch(value) and len(value) <= 900):
            raise MessageError(name, f"is malformed: {value[:80]!r}")
    if dispatch.sent_at.tzinfo is None:
        raise MessageError("sent_at", "has no time zone; give an aware datetime")


def _address_headers(
    sender: Sender, sender_address: str, addressee: Addressee, recipient: str
) -> bytes:
    """Return the headers that say from whom and to whom."""
    lines = [
        headers.mailbox("From", sender.name, sender_address),
        headers.mailbox("To", addressee.name, recipient),
    ]
    if sender.reply_to:
        lines.append(headers.mailbox("Reply-To", "", deliverable(sender.reply_to)))
    return b"".join(lines)


def _dispatch_headers(subject: str, dispatch: Dispatch) -> bytes:
    """Return the headers that say what this is, when it is from and how to leave."""
    lines = [
        headers.unstructured("Subject", subject),
        headers.raw("Date", format_datetime(dispatch.sent_at.astimezone(UTC))),
        headers.raw("Message-ID", dispatch.message_id),
        *(_list_headers(dispatch) if dispatch.list_id else ()),
        headers.raw("Auto-Submitted", "auto-generated"),
        headers.raw("X-Auto-Response-Suppress", "All"),
    ]
    if dispatch.list_id:
        lines.append(headers.raw("Precedence", "bulk"))
    if dispatch.feedback_id:
        lines.append(headers.raw("Feedback-ID", dispatch.feedback_id))
    return b"".join(lines)


def _list_headers(dispatch: Dispatch) -> list[bytes]:
    """Return the headers that say of which list this is, and how to leave it."""
    ways_out = [f"<{dispatch.unsubscribe_url}>"]
    if dispatch.unsubscribe_mailto:
        ways_out.append(f"<{dispatch.unsubscribe_mailto}>")
    lines = [
        headers.mailbox("List-Id", dispatch.stream, dispatch.list_id),
        headers.raw("List-Unsubscribe", ", ".join(ways_out)),
    ]
    if dispatch.unsubscribe_url.startswith("https:"):
        lines.append(headers.raw("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"))
    return lines


def _body(rendered: Rendered, boundary: str) -> bytes:
    """Return the MIME headers and both parts, the plain text first (RFC 2046 section 5.1.4)."""
    mark = b"--" + boundary.encode("ascii")
    kind = f'multipart/alternative;\r\n boundary="{boundary}"'.encode("ascii")
    return b"".join(
        (
            b"MIME-Version: 1.0\r\nContent-Type: " + kind + _CRLF * 2,
            *(mark, _CRLF, _part("plain", rendered.text), _CRLF),
            *(mark, _CRLF, _part("html", rendered.html), _CRLF),
            mark + b"--\r\n",
        )
    )


def _part(subtype: str, text: str) -> bytes:
    """Return one part with its headers, in UTF-8 and quoted-printable."""
    return (
        b"Content-Type: text/" + subtype.encode("ascii") + b"; charset=utf-8\r\n"
        b"Content-Transfer-Encoding: quoted-printable\r\n\r\n" + _quoted_printable(text)
    )


def _quoted_printable(text: str) -> bytes:
    r"""Return a text as quoted-printable: lines of at most 76 octets, CRLF only, ASCII only.

    Line ends of any kind become CRLF, and the last line gets one. Other controls go.

    Note:
        `binascii.b2a_qp` breaks long lines with a bare `\n` unless the first line end that it sees
        is CRLF, which is the case here (reference check A21). A line that begins with "From " is
        written so that no mailbox file mistakes it for the start of a mail.
    """
    lines = text.replace("\r\n", "\n").replace("\r", "\n").removesuffix("\n") + "\n"
    octets = lines.encode(errors="ignore").translate(None, _CONTROLS)
    encoded = _CRLF + b2a_qp(octets.replace(b"\n", _CRLF))
    return encoded.replace(b"\r\nFrom ", b"\r\n=46rom =\r\n")[2:]

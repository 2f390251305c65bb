"""The raw bytes of a mail, taken apart for checks without losing what is wrong with them.

Headers are split by hand, because a parser mends what a check wants to see. Never raises: bytes
that are no mail at all give a mail without headers and parts.
"""

import re
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes
from email.errors import HeaderParseError
from email.header import decode_header
from email.message import Message as ParsedMessage
from functools import cached_property
from urllib.parse import urlsplit

from digest.lint.page import Page

__all__ = ["Header", "Mail", "Part", "host_of"]

_END_OF_HEADERS = re.compile(rb"\r?\n\r?\n")
_LINE = re.compile(rb"[^\n]*\n|[^\n]+")
_LINE_END = re.compile(rb"\r?\n")
_URI = re.compile(r"<(https?://[^>\s]+)>")


@dataclass(frozen=True, slots=True)
class Header:
    """One header as it stands in the mail."""

    name: str
    raw: bytes
    """Everything behind the colon, with the line ends inside of it, without the last one."""

    @property
    def unfolded(self) -> str:
        """The value on one line; octets that are not UTF-8 are replaced."""
        return _LINE_END.sub(b"", self.raw).decode("utf-8", "replace").strip(" \t")

    @property
    def decoded(self) -> str:
        """The value with its encoded words decoded, as far as they can be."""
        try:
            pieces = decode_header(self.unfolded)
            return "".join(
                piece if isinstance(piece, str) else piece.decode(charset or "ascii", "replace")
                for piece, charset in pieces
            )
        except (HeaderParseError, LookupError, ValueError):
            return self.unfolded


@dataclass(frozen=True, slots=True)
class Part:
    """One leaf of the MIME tree."""

    kind: str
    """`text/html`"""
    charset: str
    encoding: str
    """Content-Transfer-Encoding, lower case; `7bit` when there is none."""
    disposition: str
    """`attachment`, `inline` or empty."""
    payload: bytes
    """As it stands in the mail."""
    text: str
    """Decoded; empty when the part is not text."""


class Mail:
    """One mail to be checked.

    Args:
        raw: all of it, as it would go to the relay.
        now: aware; given only if the date of the mail shall be compared with it.
    """

    def __init__(self, raw: bytes, now: datetime | None = None) -> None:
        self.raw = raw
        self.now = now
        end = _END_OF_HEADERS.search(raw)
        self.head = raw[: end.start()] if end else raw
        self.body = raw[end.end() :] if end else b""

    @cached_property
    def headers(self) -> tuple[Header, ...]:
        """All headers in their order; lines that belong to none are left out."""
        fields: list[bytes] = []
        for line in _LINE.findall(self.head):
            if line[:1] in (b" ", b"\t") and fields:
                fields[-1] += line
            else:
                fields.append(line)
        split = (field.rstrip(b"\r\n").partition(b":") for field in fields)
        return tuple(
            Header(name.decode("utf-8", "replace").strip(), value)
            for name, colon, value in split
            if colon
        )

    def all(self, name: str) -> tuple[Header, ...]:
        """Return the headers of this name, whatever their case."""
        return tuple(header for header in self.headers if header.name.lower() == name.lower())

    def one(self, name: str) -> Header | None:
        """Return the header of this name if there is exactly one."""
        found = self.all(name)
        return found[0] if len(found) == 1 else None

    def value(self, name: str) -> str:
        """Return the unfolded value of the only header of this name, else an empty text."""
        header = self.one(name)
        return header.unfolded if header else ""

    @cached_property
    def mime(self) -> ParsedMessage:
        """The mail as the standard library understands it."""
        return message_from_bytes(self.raw)

    @cached_property
    def parts(self) -> tuple[Part, ...]:
        """The leaves of the MIME tree, in order."""
        return tuple(_part(leaf) for leaf in self.mime.walk() if not leaf.is_multipart())

    def part(self, kind: str) -> Part | None:
        """Return the first part of a kind that is not attached."""
        matching = (p for p in self.parts if p.kind == kind and p.disposition != "attachment")
        return next(matching, None)

    @cached_property
    def page(self) -> Page | None:
        """The HTML part, read; None if there is none."""
        html = self.part("text/html")
        return Page.read(html.text) if html else None

    @cached_property
    def text(self) -> str:
        """The plain text part, empty if there is none."""
        part = self.part("text/plain")
        return part.text if part else ""

    @cached_property
    def is_notice(self) -> bool:
        """Whether it belongs to no list: it has none of their headers, and may have one link."""
        return not any(map(self.all, ("List-Id", "List-Unsubscribe", "List-Unsubscribe-Post")))

    @cached_property
    def unsubscribe_url(self) -> str:
        """The address in List-Unsubscribe, empty if there is none."""
        found = _URI.search(self.value("List-Unsubscribe"))
        return found[1] if found else ""


def host_of(url: str) -> str:
    """Return the host of an address in lower case, empty if it has none or is malformed."""
    try:
        return (urlsplit(url).hostname or "").lower()
    except ValueError:
        return ""


def _part(leaf: ParsedMessage) -> Part:
    """Return what checks need of one leaf."""
    payload = leaf.get_payload(decode=False)
    raw = payload.encode("utf-8", "surrogateescape") if isinstance(payload, str) else b""
    charset = str(leaf.get_content_charset() or "us-ascii")
    return Part(
        kind=leaf.get_content_type(),
        charset=charset,
        encoding=str(leaf.get("Content-Transfer-Encoding", "7bit")).strip().lower(),
        disposition=leaf.get_content_disposition() or "",
        payload=raw,
        text=_text_of(leaf, charset) if leaf.get_content_maintype() == "text" else "",
    )


def _text_of(leaf: ParsedMessage, charset: str) -> str:
    r"""Return a text part decoded, with `\n` line ends."""
    payload = leaf.get_payload(decode=True)
    octets = payload if isinstance(payload, bytes) else b""
    try:
        text = octets.decode(charset, "replace")
    except (LookupError, ValueError):  # an unknown charset, or one that is not of texts
        text = octets.decode("utf-8", "replace")
    return text.replace("\r\n", "\n")

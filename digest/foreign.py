"""What a mail from outside says in its fields and words, as clean text.

For mails that anybody may have written: whatever is found is bounded, and holds no characters that
cannot be kept. What it means is decided in `digest.bounce`.
"""

import re
from collections.abc import Iterable
from contextlib import suppress
from email.errors import MessageError
from email.header import decode_header, make_header
from email.message import Message

from digest.characters import clean, one_line

__all__ = [
    "addressed",
    "addresses_in",
    "all_fields",
    "identities",
    "one_field",
    "own_identity",
    "subject_of",
    "without_addresses",
    "words_of",
]

_MAX_TEXT = 20_000
_MAX_SUBJECT = 1_000
_MAX_FOUND = 20

_ADDRESS = re.compile(r"[^\s<>()\[\],;:\"'@]{1,64}@[\w.-]{1,253}")
_IDENTITY = re.compile(r"<[!-;=?-~]{3,250}>")
# What stands before a field in a mail that is quoted.
_QUOTE = r"^[>\s|]{0,8}"
_RETURNED_IDENTITY = re.compile(rf"{_QUOTE}Message-ID:\s{{0,8}}({_IDENTITY.pattern})", re.I | re.M)
_RETURNED_SENDER = re.compile(
    rf"{_QUOTE}(?:Return-Path|Original-Mail-From):\s{{0,8}}<?({_ADDRESS.pattern})", re.I | re.M
)
_ADDRESSED = ("To", "Delivered-To", "X-Original-To", "Envelope-To", "X-Envelope-To")
_RETURNED = ("message/rfc822", "message/global", "text/rfc822-headers")


def one_field(message: Message, name: str) -> str:
    """Return the first field of a name, empty if there is none."""
    return next(iter(all_fields(message, name)), "")


def all_fields(message: Message, name: str) -> list[str]:
    """Return all fields of a name; octets that are not ASCII are taken for UTF-8 (RFC 6532)."""
    found = (str(value) for key, value in message.raw_items() if key.lower() == name.lower())
    return [value.encode("utf-8", "surrogateescape").decode("utf-8", "replace") for value in found]


def addresses_in(texts: Iterable[str]) -> tuple[str, ...]:
    """Return what looks like an address in some texts, each once."""
    found = (address for text in texts for address in _ADDRESS.findall(clean(text)))
    return tuple(dict.fromkeys(found))[:_MAX_FOUND]


def without_addresses(text: str) -> str:
    """Return a text on one line, with what looks like an address taken out."""
    return _ADDRESS.sub("(address)", one_line(text))


def addressed(message: Message, raw: str) -> tuple[str, ...]:
    """Return whom a mail was sent to, and the envelope senders of what it returns."""
    headers = (value for name in _ADDRESSED for value in all_fields(message, name))
    returned = (found[1] for found in _RETURNED_SENDER.finditer(raw))
    return addresses_in([*headers, *returned])


def identities(message: Message, raw: str, words: str) -> tuple[str, ...]:
    """Return the Message-IDs of what a mail returns, and of what it answers."""
    body = raw.partition("\n\n")[2]
    returned = (found[1] for text in (body, words) for found in _RETURNED_IDENTITY.finditer(text))
    answered = one_field(message, "In-Reply-To") + one_field(message, "References")
    return tuple(dict.fromkeys([*returned, *_IDENTITY.findall(answered)]))[:_MAX_FOUND]


def own_identity(message: Message) -> str:
    """Return a mail's Message-ID, empty if it has none that is one."""
    found = _IDENTITY.search(one_field(message, "Message-ID"))
    return found[0] if found else ""


def subject_of(message: Message) -> str:
    """Return a mail's subject on one line, decoded."""
    value = one_field(message, "Subject")[:_MAX_SUBJECT]
    with suppress(LookupError, ValueError, MessageError):
        value = str(make_header(decode_header(value)))
    return one_line(value)


def words_of(message: Message) -> str:
    """Return the words of a mail, line by line, without those of the mail that it returns."""
    texts: list[str] = []
    for part in message.walk():
        if part.get_content_type() in _RETURNED:
            break
        payload = part.get_payload(decode=True)
        if part.get_content_maintype() == "text" and isinstance(payload, bytes):
            texts.append(payload.decode("utf-8", "replace"))
    return "\n".join(map(clean, "\n".join(texts)[:_MAX_TEXT].split("\n")))

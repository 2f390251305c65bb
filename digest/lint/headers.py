"""Checks of the headers: who, when, which list, how to leave (A01-A08, A14-A17, A22-A26)."""

import re
from collections.abc import Iterator
from datetime import timedelta
from email.utils import getaddresses, parsedate_to_datetime

from digest.characters import clean
from digest.lint.finding import Check, Problem, Severity
from digest.lint.mail import Mail

__all__ = ["CHECKS"]

_ONCE = ("From", "To", "Subject", "Date", "Message-ID")
_ADDRESS_HEADERS = ("From", "To", "Reply-To", "Sender")
_UNSUBSCRIBE = ("List-Unsubscribe", "List-Unsubscribe-Post")
_MAX_SKEW = timedelta(minutes=5)
_MAX_SUBJECT = 64
_MAX_LINE = 78

_ADDR_SPEC = re.compile(r"[^\s<>@,;:\"()]+@[^\s<>@,;:\"()]+")
_MESSAGE_ID = re.compile(r"<([^\s<>@]+)@([^\s<>@]+)>")
_LIST_UNSUBSCRIBE = re.compile(rb"<https://[^>\s]+>(,\s*<mailto:[^>\s]+>)?")
_FOLD = re.compile(rb"\r?\n[ \t]")
_FOLDED_URI = re.compile(rb"<[^>]*\r?\n[^>]*>")
_LIST_ID = re.compile(r'(?:"(?:[^"\\]|\\.)*"\s|[^<>]*\s)?<[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)+>')
_FEEDBACK_ID = re.compile(r"(?:[^:\s@]*:){3}[A-Za-z0-9._-]{5,15}")
_BAD_DOMAIN = re.compile(rb"@[^>\s,;]*(?:=\?|[\x80-\xff])")
_ENCODED_WORD_SEAM = re.compile(r"\?=\s+=\?")


def _addresses(mail: Mail, name: str) -> list[str]:
    """Return the addresses in a header."""
    return [address for _, address in getaddresses([mail.value(name)])]


def _domain(address: str) -> str:
    """Return the domain of an address in lower case."""
    return address.rpartition("@")[2].lower()


def _a01(mail: Mail) -> Iterator[Problem]:
    for name in _ONCE:
        if (count := len(mail.all(name))) != 1:
            yield Problem(f"stands there {count} times, not once", name)


def _a02(mail: Mail) -> Iterator[Problem]:
    addresses = _addresses(mail, "From")
    if not mail.one("From"):
        return
    if len(addresses) != 1 or not _ADDR_SPEC.fullmatch(addresses[0]):
        yield Problem(f"is not one address but {addresses}", "From")
    elif not addresses[0].isascii():
        yield Problem("has an address that is not ASCII", "From")


def _a03(mail: Mail) -> Iterator[Problem]:
    addresses = _addresses(mail, "To")
    if mail.one("To") and (len(addresses) != 1 or not _ADDR_SPEC.fullmatch(addresses[0])):
        yield Problem(f"is not exactly one address but {len(addresses)}", "To")
    for name in ("Cc", "Bcc"):
        if mail.all(name):
            yield Problem("shows one reader's address to another", name)


def _a04(mail: Mail) -> Iterator[Problem]:
    if not mail.one("Date"):
        return
    try:
        date = parsedate_to_datetime(mail.value("Date"))
    except (ValueError, TypeError, OverflowError):
        yield Problem("cannot be read", "Date")
        return
    if date.tzinfo is None:
        yield Problem("has no zone", "Date")
    elif mail.now and abs(mail.now - date) > _MAX_SKEW:
        yield Problem("is more than five minutes off the clock", "Date")


def _a05(mail: Mail) -> Iterator[Problem]:
    if not mail.one("Message-ID"):
        return
    found = _MESSAGE_ID.fullmatch(mail.value("Message-ID"))
    if not found:
        yield Problem("is not of the form <left@right>", "Message-ID")
        return
    senders = _addresses(mail, "From")
    if len(senders) == 1 and "@" in senders[0] and found[2].lower() != _domain(senders[0]):
        yield Problem(f"is of {found[2]}, the sender of {_domain(senders[0])}", "Message-ID")
    for recipient in _addresses(mail, "To"):
        name = recipient.rpartition("@")[0].lower()
        if name and name in (found[1].lower(), *re.split(r"[._+=-]", found[1].lower())):
            yield Problem("contains the name in the recipient's address", "Message-ID")


def _a06(mail: Mail) -> Iterator[Problem]:
    if mail.is_notice:
        return
    fields = mail.all("List-Unsubscribe")
    if len(fields) != 1:
        yield Problem(f"stands there {len(fields)} times, not once", "List-Unsubscribe")
        return
    value = _FOLD.sub(b"", fields[0].raw).strip()
    if not _LIST_UNSUBSCRIBE.fullmatch(value) and b"=?" not in value:
        yield Problem("is not <https://...>, with or without a <mailto:...>", "List-Unsubscribe")


def _a07(mail: Mail) -> Iterator[Problem]:
    if mail.is_notice:
        return
    values = [header.raw.strip() for header in mail.all("List-Unsubscribe-Post")]
    if values != [b"List-Unsubscribe=One-Click"] and b"=?" not in b"".join(values):
        yield Problem("is not once List-Unsubscribe=One-Click", "List-Unsubscribe-Post")


def _a08(mail: Mail) -> Iterator[Problem]:
    for header in (field for name in _UNSUBSCRIBE for field in mail.all(name)):
        if b"=?" in header.raw:
            yield Problem("is written in encoded words, which hides the button", header.name)
        if _FOLDED_URI.search(header.raw):
            yield Problem("is folded inside of the address", header.name)


def _a14(mail: Mail) -> Iterator[Problem]:
    if mail.is_notice:
        return
    if len(mail.all("List-Id")) != 1:
        yield Problem(f"stands there {len(mail.all('List-Id'))} times, not once", "List-Id")
    elif not _LIST_ID.fullmatch(mail.value("List-Id")):
        yield Problem("does not end in <list.domain>", "List-Id")


def _a15(mail: Mail) -> Iterator[Problem]:
    if mail.value("Auto-Submitted") != "auto-generated":
        yield Problem("is not auto-generated", "Auto-Submitted")


def _a16(mail: Mail) -> Iterator[Problem]:
    if mail.value("X-Auto-Response-Suppress") != "All":
        yield Problem("is not All", "X-Auto-Response-Suppress")
    if mail.all("Precedence") and mail.value("Precedence").lower() not in ("bulk", "list"):
        yield Problem("is neither bulk nor list", "Precedence")


def _a17(mail: Mail) -> Iterator[Problem]:
    if mail.all("Feedback-ID") and not _FEEDBACK_ID.fullmatch(mail.value("Feedback-ID")):
        yield Problem("is not a:b:c:SenderId with a SenderId of 5 to 15 signs", "Feedback-ID")


def _a22(mail: Mail) -> Iterator[Problem]:
    for header in mail.headers:
        # A local part that is not ASCII can only be written as it is (RFC 6532).
        is_international = header.name.lower() == "to" and not _BAD_DOMAIN.search(header.raw)
        is_utf8 = "\ufffd" not in header.unfolded
        if not header.raw.isascii() and not (is_international and is_utf8):
            yield Problem("has octets above 127; encode them", header.name)
    for part in mail.parts:
        if not part.payload.isascii() or part.encoding in ("8bit", "binary"):
            yield Problem("is not 7-bit; use quoted-printable or base64", part.kind)


def _a23(mail: Mail) -> Iterator[Problem]:
    for header in mail.headers:
        value = header.decoded.replace("\t", " ")
        if clean(value) != value or clean(header.name) != header.name:
            yield Problem("has control characters in it", header.name[:40])


def _a24(mail: Mail) -> Iterator[Problem]:
    for header in (field for name in _ADDRESS_HEADERS for field in mail.all(name)):
        if _BAD_DOMAIN.search(_FOLD.sub(b" ", header.raw)):
            yield Problem("has a domain that is not an A-label (xn--...)", header.name)


def _a26(mail: Mail) -> Iterator[Problem]:
    header = mail.one("Subject")
    if not header:
        return
    subject = header.decoded
    if len(subject) > _MAX_SUBJECT:
        yield Problem(f"has {len(subject)} characters; phones show 60", "Subject")
    if not mail.is_notice and not any(sign.isdigit() for sign in subject):
        yield Problem("names neither a date nor a count", "Subject")


def _a20(mail: Mail) -> Iterator[Problem]:
    for header in mail.headers:
        if header.name.lower() in ("list-unsubscribe", "list-unsubscribe-post"):
            continue  # an address must not be folded (A08)
        lines = f"{header.name}:".encode() + header.raw
        if any(_is_foldable(line) for line in lines.splitlines()):
            message = f"has a line over {_MAX_LINE} octets that could be folded"
            yield Problem(message, header.name, Severity.WARNING)


def _is_foldable(line: bytes) -> bool:
    """Tell whether a line is long and has a space to break it at, behind its first word."""
    return len(line) > _MAX_LINE and b" " in line.strip().partition(b" ")[2]


CHECKS = (
    Check("A01", "exactly one From, To, Subject, Date and Message-ID", _a01),
    Check("A02", "From is one ASCII address", _a02),
    Check("A03", "To is one address, and there is no Cc or Bcc", _a03),
    Check("A04", "Date can be read and has a zone (and fits the clock, if one is given)", _a04),
    Check(
        "A05", "Message-ID is well-formed, of the sender's domain, without the reader's name", _a05
    ),
    Check("A06", "List-Unsubscribe has exactly one https address", _a06),
    Check("A07", "List-Unsubscribe-Post is List-Unsubscribe=One-Click", _a07),
    Check("A08", "neither of the two is encoded, or folded inside of the address", _a08),
    Check("A14", "List-Id ends in <list.domain>", _a14),
    Check("A15", "Auto-Submitted is auto-generated", _a15),
    Check("A16", "X-Auto-Response-Suppress is All; Precedence, if any, is bulk or list", _a16),
    Check("A17", "Feedback-ID, if any, is a:b:c:SenderId", _a17),
    Check("A20", "header lines that can be folded have at most 78 octets", _a20),
    Check("A22", "headers and encoded bodies are 7-bit", _a22),
    Check("A23", "no header contains control characters, plain or encoded", _a23),
    Check("A24", "domains are A-labels", _a24),
    Check("A26", "Subject is short and, of a digest, names a date or a count", _a26),
)

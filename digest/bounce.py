"""Bytes of a mail that came back -> what it says about which delivery.

Reads reports by their standard (RFC 3464), complaints (RFC 5965) and, with flufl.bounce, what old
servers write instead. Never raises, whatever it is given, and looks at no more than a bounded part
of it. What becomes of the reader is decided elsewhere; nothing here is proof of anything: anybody
can write such a mail.
"""

import logging
import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes, message_from_string
from email.message import Message
from typing import cast

from flufl.bounce import all_failures

from digest.characters import one_line, shorten
from digest.foreign import (
    addressed,
    addresses_in,
    identities,
    one_field,
    own_identity,
    subject_of,
    without_addresses,
    words_of,
)
from digest.refusals import Judgement, Kind, judged

__all__ = ["MAX_OCTETS", "Report", "read_report"]

logger = logging.getLogger(__name__)

# It would log a traceback for every mail that its detectors stumble over.
logging.getLogger("flufl.bounce").setLevel(logging.CRITICAL)

MAX_OCTETS = 131_072
"""How much of a mail is looked at: what matters comes before the mail that is returned."""

_MAX_OLD_STYLE = 32_768
_MAX_LINES = 6_000
_MAX_LINE = 500
_MAX_PARTS = 40
_MAX_DETAIL = 200
_MAX_REASON = 600

_LONG_LINES = re.compile(rb"([^\n]{%d})[^\n]+" % _MAX_LINE)
_LONG_FOLDS = re.compile(rb"((?:\n[ \t][^\n]*){30})(?:\n[ \t][^\n]*)+")
_PARTS = re.compile(rb"boundary\s*=|message/", re.IGNORECASE)

_ENHANCED = re.compile(r"(?<![\d.])[245]\.\d{1,3}\.\d{1,3}(?!\.?\d)")
_REPLY = re.compile(r"(?<![\d.])([45])\d\d(?=[ -])")
_DAEMON = re.compile(r"mailer-?daemon|postmaster|mail delivery|mdaemon", re.IGNORECASE)
_VACATION = re.compile(
    r"\W{0,8}(?:auto(?:matic|matische?)?[ -]?(?:reply|response|antwort)|out of (?:the )?office|"
    r"abwesen|away from|vacation|on leave|réponse automatique|respuesta automática)",
    re.IGNORECASE,
)
_FAILED = re.compile(
    r"unknown|not (?:found|exist|available|deliver|reach)|no (?:such|mailbox)|invalid|undeliver|"
    r"reject|disabled|inactive|unrouteable|fail|returned|could ?n[o']t|wasn't able|unable|quota|"
    r"full",
    re.IGNORECASE,
)
# Where the mail that is returned begins: what it says of codes is about something else.
_RETURNED = re.compile(
    r"^(?:-{3,}.*(?:copy|below|original|returned)|(?:Return-Path|Received|Message-ID|From):)",
    re.IGNORECASE | re.MULTILINE,
)
_COMPLAINTS = frozenset({"abuse", "fraud", "opt-out", "opt-out-list"})


@dataclass(frozen=True, slots=True)
class Report:
    """What a mail says about a delivery."""

    kind: Kind = Kind.NONE
    """What it says about the address."""
    certain: bool = False
    """Of a hard one: the status leaves no doubt."""
    status: str | None = None
    """Enhanced status code, `5.1.1`."""
    action: str = ""
    """`failed`, `delayed`, `delivered`, `relayed`, `expanded`; `complaint` when a reader calls the
    mail spam. Empty when this is no report."""
    detail: str = ""
    """The other side's words on one line, without addresses."""
    recipients: tuple[str, ...] = ()
    """Addresses that it is about, the original one first."""
    addressed: tuple[str, ...] = ()
    """Addresses that it was sent to, and the envelope sender of what it returns."""
    about: tuple[str, ...] = ()
    """Message-IDs of mails that it may speak of, with their brackets."""
    message_id: str = ""
    """Its own, with its brackets; empty when it has none."""
    subject: str = ""
    """On one line."""


def read_report(data: bytes) -> Report:
    """Return what the bytes of a mail say; a report of kind `none` for all that is no report."""
    bounded = _bounded(data)
    if len(_PARTS.findall(bounded)) > _MAX_PARTS:
        # No server writes such a mail; reading it costs a time that grows with its depth.
        return Report()
    try:
        return _read(bounded)
    except Exception as error:
        # The parser of the standard library and the detectors raise nearly anything for mails that
        # were made to break them; none of that is a report.
        logger.info("report_unreadable error=%s", type(error).__name__)
        return Report()


def _bounded(data: bytes) -> bytes:
    """Return as much of a mail as is looked at, without endless lines and endless headers."""
    text = data[:MAX_OCTETS].replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    bounded = b"\n".join(text.split(b"\n", _MAX_LINES)[:_MAX_LINES])
    return _LONG_FOLDS.sub(rb"\1", _LONG_LINES.sub(rb"\1", bounded))


def _read(data: bytes) -> Report:
    message = message_from_bytes(data)
    raw = data.decode("utf-8", "replace")
    words = words_of(message)
    judgement, status, action, detail, recipients = _verdict(message, data, words)
    return Report(
        kind=judgement.kind,
        certain=judgement.certain,
        status=status,
        action=action,
        detail=shorten(without_addresses(detail), _MAX_DETAIL),
        recipients=recipients,
        addressed=addressed(message, raw),
        about=identities(message, raw, words),
        message_id=own_identity(message),
        subject=subject_of(message),
    )


_Verdict = tuple[Judgement, str | None, str, str, tuple[str, ...]]
_NO_REPORT: _Verdict = (Judgement(Kind.NONE), None, "", "", ())


def _verdict(message: Message, data: bytes, words: str) -> _Verdict:
    """Return what is said, the status, the action, the words and the addresses."""
    for part in message.walk():
        kind = part.get_content_type()
        if kind in ("message/delivery-status", "message/global-delivery-status"):
            return _of_status(list(_blocks(part)))
        if kind == "message/feedback-report":
            return _of_feedback(list(_blocks(part)))
        if kind == "message/disposition-notification":
            return _NO_REPORT  # somebody has read a mail, or thrown it away
    if _is_reply(message) or not _is_from_a_server(message):
        return _NO_REPORT
    return _of_old_style(message_from_bytes(data[:_MAX_OLD_STYLE]), words)


def _blocks(part: Message) -> Iterator[Message]:
    """Yield the groups of fields in a part that consists of them."""
    payload = part.get_payload()
    # The parser makes mails of all parts of this type.
    for block in cast(list[Message], payload) if isinstance(payload, list) else []:
        yield block
        rest = block.get_payload()
        if isinstance(rest, str) and rest.strip():
            yield from map(message_from_string, rest.split("\n\n"))


def _of_status(blocks: list[Message]) -> _Verdict:
    """Return what a delivery status says; of several recipients, the worst."""
    about = ("Action", "Final-Recipient", "Original-Recipient")
    verdicts = [_of_recipient(block) for block in blocks if any(map(block.get, about))]
    if not verdicts:
        return _NO_REPORT
    return max(verdicts, key=lambda verdict: _gravity(verdict[0]))


def _of_recipient(block: Message) -> _Verdict:
    """Return what a delivery status says of one recipient."""
    code = one_field(block, "Diagnostic-Code")
    detail = one_line(code.partition(";")[2] or code)
    status = _ENHANCED.search(detail) or _ENHANCED.search(one_field(block, "Status"))
    found = status[0] if status else None
    action = one_line(one_field(block, "Action")).lower()
    if not action:
        action = "failed" if found and found.startswith("5") else ""
    # OpenSMTPD writes "error", and some put comments behind the word.
    failed = action.startswith(("fail", "error"))
    judgement = _judged(found, detail) if failed else Judgement(Kind.NONE)
    fields = ("Original-Recipient", "Final-Recipient")
    recipients = addresses_in(one_field(block, name) for name in fields)
    word = "failed" if failed else "".join(re.findall(r"^[a-z]{1,20}", action))
    return judgement, found, word, detail, recipients


def _judged(status: str | None, words: str) -> Judgement:
    """Return what a failure says, which is for good unless a code is of those that are not."""
    reply = _REPLY.search(words)
    code = status or (reply[0] if reply else "5")
    return judged(status, permanent=code.startswith("5"), words=words)


def _gravity(judgement: Judgement) -> tuple[int, bool]:
    return (Kind.NONE, Kind.SOFT, Kind.HARD).index(judgement.kind), judgement.certain


def _of_feedback(blocks: list[Message]) -> _Verdict:
    """Return a complaint if a reader made one; other feedback is nothing to act upon."""
    kinds = {one_line(one_field(block, "Feedback-Type")).lower() for block in blocks}
    if not kinds & _COMPLAINTS:
        return _NO_REPORT
    fields = ("Original-Rcpt-To", "Removal-Recipient")
    recipients = addresses_in(one_field(block, name) for block in blocks for name in fields)
    return Judgement(Kind.NONE), None, "complaint", "the reader calls the mail spam", recipients


def _is_reply(message: Message) -> bool:
    """Tell whether a machine answers for somebody who is away, whatever words it uses."""
    if message.get("X-Autoreply") or message.get("X-Autorespond"):
        return True
    if one_field(message, "Precedence").strip().lower() == "auto_reply":
        return True
    if _VACATION.match(subject_of(message)):
        return True
    # Servers call their reports that too.
    answers = one_field(message, "Auto-Submitted").strip().lower().startswith("auto-replied")
    return answers and not message.get("X-Failed-Recipients") and not _is_daemon(message)


def _is_from_a_server(message: Message) -> bool:
    """Tell whether a mail without a status may be a report: from a server, not from a person."""
    if message.get("X-Failed-Recipients") or message.get_content_type() == "multipart/report":
        return True
    return _is_daemon(message) or one_field(message, "Return-Path").strip() == "<>"


def _is_daemon(message: Message) -> bool:
    return bool(_DAEMON.search(one_field(message, "From") + one_field(message, "Sender")))


def _of_old_style(message: Message, words: str) -> _Verdict:
    """Return what a server says in words only."""
    temporary, permanent = all_failures(message)
    failed = sorted(address.decode("utf-8", "replace") for address in permanent)
    recipients = addresses_in(failed)
    if not permanent:
        return (Judgement(Kind.NONE), None, "delayed", "", ()) if temporary else _NO_REPORT
    reason = one_line(_reason(words, failed))
    status = _ENHANCED.search(reason)
    if not (status or _REPLY.search(reason) or _FAILED.search(reason)):
        return _NO_REPORT
    found = status[0] if status else None
    return _judged(found, reason), found, "failed", reason, recipients


def _reason(words: str, failed: list[str]) -> str:
    """Return what is said from the first failed address on, up to the mail that is returned."""
    start = min((at for address in failed if (at := words.find(address)) >= 0), default=0)
    return _RETURNED.split(words[start : start + _MAX_REASON], maxsplit=1)[0]

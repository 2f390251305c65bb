"""SMTP replies -> error classes, one rule per row of a table.

Only the codes, the phase and a few words decide. Knows nothing of connections.

Source: RFC 5321 section 4.2, RFC 3463, reference part C4. Where a server gives an enhanced code it
is trusted over the three digits; without one, the phase decides what the digits are about.
"""

import re
from dataclasses import dataclass

from digest.characters import one_line, shorten
from digest.errors import (
    MailError,
    MessageRefusedError,
    Phase,
    ProtocolFaultError,
    RateLimitedError,
    RecipientDeferredError,
    RecipientRefusedError,
    RelayConfigError,
    RelayUnavailableError,
    SenderRefusedError,
)

__all__ = ["Reply", "classify", "parse", "queue_id", "refusal"]

_MAX_REPLY = 200
_ENHANCED = re.compile(r"([245])\.(\d{1,3})\.(\d{1,3})\b")
_QUEUE_IDS = (
    re.compile(r"queued as <?([^\s>;,]+)", re.IGNORECASE),
    re.compile(r"\bid=<?([^\s>;,]+)", re.IGNORECASE),
    re.compile(r"\bok:?\s+<?((?=\S*\d)[\w.-]{8,})", re.IGNORECASE),
)
_AUTH_CODES = (530, 534, 535, 538)
_GREETING = (Phase.CONNECT, Phase.HELLO)
_SECURING = (Phase.STARTTLS, Phase.AUTH)

# Enhanced codes, the most exact first: (pattern of class.subject.detail, error).
_BY_ENHANCED: tuple[tuple[re.Pattern[str], type[MailError]], ...] = tuple(
    (re.compile(pattern), kind)
    for pattern, kind in (
        (r"[45]\.1\.[78]", SenderRefusedError),  # bad sender's mailbox, or domain
        (r"5\.2\.2|4\.2\..*", RecipientDeferredError),  # mailbox full, or not now
        (r"5\.2\.3|[45]\.3\.4|[45]\.6\..*", MessageRefusedError),  # size, content
        (r"5\.1\..*|5\.2\..*", RecipientRefusedError),  # no such mailbox, or disabled
        (r"5\.4\..*", RecipientRefusedError),  # no route to the domain; Exchange's unknown user
        (r"4\.1\..*|4\.4\..*", RecipientDeferredError),
        (r"4\.7\..*|4\.5\.3", RateLimitedError),  # too many, greylisted; too many recipients
        (r"5\.7\..*", SenderRefusedError),
        (r"4\.3\.[12]", RelayUnavailableError),  # the relay's disk is full, or it shuts down
        (r"4\.3\..*", RateLimitedError),
        (r"5\.3\..*", RelayUnavailableError),
        (r"[45]\.5\..*", ProtocolFaultError),
    )
)


@dataclass(frozen=True, slots=True)
class Reply:
    """What a server said."""

    code: int
    """Three digits; -1 when what came was no reply."""
    enhanced: str | None
    text: str
    """One line, at most 200 characters, without the codes before it."""


def parse(code: int, octets: bytes) -> Reply:
    """Return the reply that smtplib has read as digits and the rest."""
    text = one_line(octets.decode("utf-8", "replace"))
    found = _ENHANCED.match(text)
    return Reply(code, found[0] if found else None, shorten(text or "no text", _MAX_REPLY))


def queue_id(text: str) -> str:
    """Return the name a relay gave to the mail in its last reply, empty if none is recognised."""
    for pattern in _QUEUE_IDS:
        if found := pattern.search(text):
            return found[1]
    return ""


def refusal(reply: Reply, phase: Phase, problem: str = "") -> MailError:
    """Return the error for a reply that is not the one hoped for."""
    kind = classify(reply.code, reply.enhanced, phase)
    return kind(
        problem or _ADVICE[kind],
        phase=phase,
        code=reply.code if reply.code > 0 else None,
        enhanced=reply.enhanced,
        reply=f"{reply.code} {reply.text}" if reply.code > 0 else reply.text,
    )


def classify(code: int, enhanced: str | None, phase: Phase) -> type[MailError]:
    """Return the error class of a negative reply.

    Args:
        code: three digits of the reply.
        enhanced: enhanced status code such as `5.1.1`, None if the reply had none.
        phase: during which the reply came.
    """
    if code in _AUTH_CODES:
        return RelayConfigError
    if phase in _GREETING or phase in _SECURING:
        return _while_connecting(code, phase)
    if not 400 <= code <= 599:
        return ProtocolFaultError
    if code == 421:
        return RateLimitedError
    if enhanced:
        for pattern, kind in _BY_ENHANCED:
            if pattern.fullmatch(enhanced):
                return kind
    if 500 <= code <= 504:
        return ProtocolFaultError
    return _by_digits(code, phase)


def _while_connecting(code: int, phase: Phase) -> type[MailError]:
    """Return the class of a refusal before any mail was named."""
    if 400 <= code <= 499:
        return RelayUnavailableError
    if not 500 <= code <= 599:
        return ProtocolFaultError
    if phase in _SECURING:
        return RelayConfigError
    return ProtocolFaultError if code <= 504 else SenderRefusedError


def _by_digits(code: int, phase: Phase) -> type[MailError]:
    """Return the class of a refusal without enhanced code, by what the phase is about."""
    if phase is Phase.RCPT:
        return _of_recipient(code)
    if code < 500:
        return RelayUnavailableError if code == 452 else RateLimitedError
    if code == 552:
        return MessageRefusedError
    if phase is Phase.MAIL or code != 554:
        return SenderRefusedError
    return MessageRefusedError


def _of_recipient(code: int) -> type[MailError]:
    """Return the class of a refusal of RCPT; 451 is greylisting, 554 is policy."""
    if code in (450, 452, 552):
        return RecipientDeferredError
    if code < 500:
        return RateLimitedError
    return SenderRefusedError if code == 554 else RecipientRefusedError


_ADVICE: dict[type[MailError], str] = {
    RecipientRefusedError: "the recipient's address was refused; do not write to it again",
    RecipientDeferredError: "the recipient's mailbox takes no mail now; try again later",
    SenderRefusedError: "the relay refuses mail from us; check the sender's domain and reputation",
    RateLimitedError: "the relay asks to slow down; try again later",
    RelayUnavailableError: "the relay is not available; try again later",
    RelayConfigError: "the relay refuses our credentials or TLS; check the SMTP settings",
    MessageRefusedError: "the relay refuses this mail for its size or content",
    ProtocolFaultError: "the relay gave an unexpected answer; try again on a new connection",
}

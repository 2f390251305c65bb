"""What a refusal says about an address: gone, not now, or nothing at all.

One table for replies in the middle of a conversation and for reports that come days later. Whether
an address is written to again is decided elsewhere.

Source: RFC 3463; reference part C4.
"""

import re
from dataclasses import dataclass
from enum import StrEnum

__all__ = ["Judgement", "Kind", "judged"]


class Kind(StrEnum):
    """What a refusal says about the address."""

    HARD = "hard"
    """It will not take mail."""
    SOFT = "soft"
    """It cannot take mail now."""
    NONE = "none"
    """Nothing: we, the mail, or nobody is at fault."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a refusal says, and whether there is room for doubt."""

    kind: Kind
    certain: bool = False
    """Of a hard one: the code leaves no doubt, so that once is enough."""


_NOTHING = Judgement(Kind.NONE)
_SOFT = Judgement(Kind.SOFT)
_DOUBTFUL = Judgement(Kind.HARD)
_CERTAIN = Judgement(Kind.HARD, certain=True)

# Enhanced codes, the most exact first: (pattern of class.subject.detail, what it says).
_BY_STATUS: tuple[tuple[re.Pattern[str], Judgement], ...] = tuple(
    (re.compile(pattern), judgement)
    for pattern, judgement in (
        (r"[45]\.1\.[78]", _NOTHING),  # the sender's mailbox, or domain
        (r"[45]\.[567]\..*", _NOTHING),  # protocol, content, policy
        (r"[45]\.3\.4|5\.2\.3", _NOTHING),  # the mail's size
        (r"4\..*", _SOFT),
        (r"5\.1\.(?:1|2|3|6|10)|5\.2\.1", _CERTAIN),  # no such mailbox or domain, or disabled
        (r"5\.2\.2", _SOFT),  # mailbox full
        (r"5\.3\..*", _SOFT),  # the system behind it is full, or down
        (r"5\.4\.(?:3|5|6|7|14|300)", _SOFT),  # their directory, congestion, loops, too long queued
        (r"5\..*", _DOUBTFUL),  # 5.4.1 is Exchange's unknown user, 5.0.0 is anything
    )
)

# Words count where no code does. That a mailbox is full is often said with codes of other things.
_BY_WORDS: tuple[tuple[re.Pattern[str], Judgement], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), judgement)
    for pattern, judgement in (
        (r"quota|(?:mail|in)box (?:is )?full|full mailbox|insufficient .{0,20}storage", _SOFT),
        (r"(?:message|mail|size).{0,40}too (?:large|big)|exceeds.{0,30} size", _NOTHING),
        (
            r"spam|\bblock|block ?list|black ?list|dnsbl|\brbl\b|reputation|polic(?:y|ies)|"
            r"dmarc|\bspf\b|dkim|unsolicited|authenticat|gr[ae]y ?list|rate limit|too many",
            _NOTHING,
        ),
    )
)

# Gmail says it with the code of a mailbox that is disabled.
_TOO_FAST = re.compile(r"receiving mail (?:too quickly|at a rate)", re.IGNORECASE)


def judged(status: str | None, *, permanent: bool, words: str = "") -> Judgement:
    """Return what a refusal says about the address it came for.

    Args:
        status: enhanced status code, `5.1.1`; None when there was none.
        permanent: whether it was said to be for good; counts where the code says nothing.
        words: what the other side said. They count more than a code that is not among them: many
            servers make up the code of a report from the three digits of a reply.
    """
    if _TOO_FAST.search(words):
        return _SOFT
    if status is None or status not in words:
        for pattern, judgement in _BY_WORDS:
            if pattern.search(words):
                return judgement
    if status is not None and not status.endswith(".0.0"):
        for pattern, judgement in _BY_STATUS:
            if pattern.fullmatch(status):
                return judgement
    return _DOUBTFUL if permanent else _SOFT

"""What an answer depends on, and what an answer is."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from paperround.services.holding import Held
from paperround.store.models import Bounce, Consent, Delivery, Reader, Relay
from scheduler.due import Due

__all__ = ["Answer", "Case", "Verdict"]


class Verdict(StrEnum):
    """The one word for what became of a mail."""

    SENT = "sent"
    BOUNCED = "bounced"
    """Sent, and it came back."""
    QUIET = "quiet"
    SKIPPED = "skipped"
    FAILED = "failed"
    EXPIRED = "expired"
    AMBIGUOUS = "ambiguous"
    DEFERRED = "deferred"
    WAITING = "waiting"
    """Open, and nobody works on it."""
    WORKING = "working"
    """A worker has it under a lease."""
    SILENT = "silent"
    """A worker had it, and its lease is over."""

    UNCONFIRMED = "unconfirmed"
    UNSUBSCRIBED = "unsubscribed"
    SUPPRESSED = "suppressed"
    PAUSED = "paused"
    WEEKDAY = "weekday"
    """No digest is wanted on that day of the week."""
    NOT_YET = "not-yet"
    OVERDUE = "overdue"
    """Its hour has come, and nobody opened its row."""
    PASSED = "passed"
    """The hour had passed when the subscription began, or when it was changed."""
    TOO_EARLY = "too-early"
    """Before the subscription began."""
    NOT_RUN = "not-run"
    """Nothing ran in that time, or the reader had another schedule then."""


@dataclass(frozen=True, slots=True)
class Answer:
    """Why a mail did or did not go out."""

    verdict: Verdict
    words: str
    """One sentence or more."""
    advice: str = ""
    """What the operator can do; empty when there is nothing to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """Everything that an answer depends on, as it was at one instant."""

    now: datetime
    due: Due
    """The local date asked about, and when its digest is due by the reader's present schedule."""
    reader: Reader
    row: Delivery | None
    papers: int | None = None
    """How many papers the mail shows; None for a notice."""
    has_interest: bool = True
    consents: tuple[Consent, ...] = ()
    """The oldest first."""
    bounces: tuple[Bounce, ...] = ()
    """Reports about this mail or, when there is none, about the address; the oldest first."""
    confirmation: Delivery | None = None
    """The latest mail that asked for a confirmation."""
    held: Held | None = None
    relay: Relay | None = None
    """The relay, when it is left in peace."""
    last_sign: datetime | None = None
    """When anything last ran here."""
    holds_doubts: bool = False
    """Whether mails in doubt wait for the operator."""
    link_lifetime: timedelta = field(default=timedelta(days=7))
    """How long a confirmation can be given."""

    @property
    def zone(self) -> ZoneInfo:
        """The reader's zone."""
        return ZoneInfo(self.reader.zone)

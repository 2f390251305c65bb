"""What becomes of deliveries: the values, and what an error means for one; pure."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from digest.errors import AmbiguousDeliveryError, MailError, RenderError
from digest.message import Message
from paperround.errors import UnexpectedError
from paperround.services.relays import Break
from paperround.store.deliveries import DeliveryChange
from paperround.store.models import Delivery, DeliveryState

__all__ = ["MAX_ATTEMPTS", "UNWANTED", "Outcome", "Ready", "after_error"]

MAX_ATTEMPTS = 6
"""Tries for an address that says "later"; faults of the relay do not count."""
BACKOFF_MINUTES = (1, 5, 15, 30, 60)
"""Minutes until the next try, by attempt: short, for the relay does the long waiting."""
UNWANTED = "not wanted any more: unsubscribed, paused or suppressed before it went out"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one delivery."""

    delivery_id: int
    local_date: date
    state: DeliveryState
    address: str = ""
    reason: str = ""
    relay: Break = Break.NONE
    """What it means for the relay."""


@dataclass(frozen=True, slots=True)
class Ready:
    """A mail whose bytes are kept, about to be handed over."""

    row: Delivery
    message: Message
    address: str


def after_error(
    error: Exception, attempt: int, now: datetime, *, hold: bool = False
) -> DeliveryChange:
    """Decide what a failed try makes of a delivery.

    Args:
        error: Why it failed: a DigestError or an UnexpectedError.
        attempt: Which try it was, from 1.
        now: The present instant.
        hold: Whether a mail in doubt waits for the operator.
    """
    code = error.code if isinstance(error, MailError) else None
    reason = str(error)
    retry_at = now + timedelta(minutes=BACKOFF_MINUTES[min(attempt, len(BACKOFF_MINUTES)) - 1])
    later = DeliveryChange(DeliveryState.DEFERRED, code=code, reason=reason, retry_at=retry_at)
    if isinstance(error, AmbiguousDeliveryError):
        return DeliveryChange(DeliveryState.AMBIGUOUS, code=code, reason=reason) if hold else later
    if isinstance(error, MailError) and not error.permanent:
        is_theirs = error.is_recipients
        return later if attempt < MAX_ATTEMPTS or not is_theirs else _failed(code, reason)
    # A bug or a broken template is mended by somebody: that takes a while, and costs no digest.
    if isinstance(error, UnexpectedError | RenderError) and attempt < MAX_ATTEMPTS:
        return later
    return _failed(code, reason)


def _failed(code: int | None, reason: str) -> DeliveryChange:
    return DeliveryChange(DeliveryState.FAILED, code=code, reason=reason)

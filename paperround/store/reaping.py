"""What becomes of rows that nobody works on any more: leases that ended, mails that are late."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, delete, update
from sqlmodel import Session, col

from paperround.store.deliveries import FINAL, OPEN, history_line, in_place
from paperround.store.models import Delivery, DeliveryState, OutgoingMail

__all__ = ["MAX_CRASHES", "expire", "return_expired_leases"]

MAX_CRASHES = 8
"""Tries after which a row whose worker died is given up."""
CHUNK = 1_000
"""Rows named in one statement; SQLite takes 32,766 at the most."""


def return_expired_leases(session: Session, now: datetime, *, hold: bool = False) -> int:
    """Give back the rows of workers that died, and return how many there were.

    A row whose body may have gone out is sent again, with the same Message-ID and the same bytes,
    or held for the operator: a reader who gets a digest twice can tell, one who gets none cannot.

    Args:
        session: A writing transaction.
        now: The present instant.
        hold: Whether rows in doubt wait for the operator.
    """
    lost = col(Delivery.lease_until) < now
    harmless = col(Delivery.state).in_((DeliveryState.CLAIMED, DeliveryState.RENDERED))
    doubtful = col(Delivery.state) == DeliveryState.DATA_STARTED
    often = col(Delivery.attempt) >= MAX_CRASHES
    again, failed = DeliveryState.PENDING, DeliveryState.FAILED
    doubt = DeliveryState.AMBIGUOUS if hold else again
    died = f"the worker died {MAX_CRASHES} times over this mail; please report it"
    count = _return(session, now, lost & harmless & often, failed, died)
    count += _return(session, now, lost & harmless, again, "its worker died; nothing was sent")
    if not hold:
        count += _return(session, now, lost & doubtful & often, DeliveryState.AMBIGUOUS, died)
    doubt_words = "its worker died while the mail was on its way: the relay may have it; " + (
        "settle it with `paperround resend`" if hold else "the same bytes are sent again"
    )
    return count + _return(session, now, lost & doubtful, doubt, doubt_words)


def _return(
    session: Session,
    now: datetime,
    condition: ColumnElement[bool],
    state: DeliveryState,
    words: str,
) -> int:
    is_final = state in FINAL
    values: dict[str, Any] = {
        "state": state,
        "lease_owner": None,
        "lease_until": None,
        "reason": words,
        "history": history_line(now, state, words),
    }
    values |= {"finished_at": now} if is_final else {"retry_at": now}
    statement = update(Delivery).where(condition).values(values).returning(col(Delivery.id))
    return len(session.execute(in_place(statement)).all())


def expire(session: Session, now: datetime) -> int:
    """Close what is too late to be sent, and return how many rows that is."""
    words = "too late: it was not sent within the time a digest is worth reading"
    statement = (
        update(Delivery)
        .where(col(Delivery.state).in_(OPEN), col(Delivery.expires_at) <= now)
        .values(
            state=DeliveryState.EXPIRED,
            finished_at=now,
            # What stood in the way so far is worth more to whoever asks why.
            reason=words,
            history=history_line(now, DeliveryState.EXPIRED, words),
        )
        .returning(col(Delivery.id))
    )
    expired = session.execute(in_place(statement)).scalars().all()
    for start in range(0, len(expired), CHUNK):
        ids = expired[start : start + CHUNK]
        session.execute(
            in_place(delete(OutgoingMail).where(col(OutgoingMail.delivery_id).in_(ids)))
        )
    return len(expired)

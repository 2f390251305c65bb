"""What an operator decides about a delivery that is over: open it again, or take it as sent."""

from datetime import date, datetime

from sqlalchemy import delete, select, update
from sqlmodel import Session, col

from paperround.store.deliveries import history_line, in_place
from paperround.store.models import Delivery, DeliveryState, OutgoingMail

__all__ = ["delivery_on", "has_bytes", "reopen", "settle_as_sent"]


def delivery_on(session: Session, reader_id: int, stream: str, on: date) -> Delivery | None:
    """Return the one delivery of a stream to a reader for a local date.

    Nobody else changes it until the end of this transaction.
    """
    query = (
        select(Delivery)
        .where(
            col(Delivery.reader_id) == reader_id,
            col(Delivery.stream) == stream,
            col(Delivery.local_date) == on,
        )
        .with_for_update()
    )
    delivery: Delivery | None = session.execute(query).scalar_one_or_none()
    return delivery


def has_bytes(session: Session, delivery_id: int) -> bool:
    """Return whether a delivery's mail is still there as it was made."""
    query = select(col(OutgoingMail.delivery_id)).where(
        col(OutgoingMail.delivery_id) == delivery_id
    )
    return session.execute(query).first() is not None


def reopen(
    session: Session, delivery_id: int, now: datetime, expires_at: datetime, words: str
) -> None:
    """Open a delivery again.

    Message-ID, date and bytes stay, so that a mail that did arrive is known for the same. Its tries
    are counted anew.
    """
    statement = (
        update(Delivery)
        .where(col(Delivery.id) == delivery_id)
        .values(
            state=DeliveryState.PENDING,
            attempt=0,
            retry_at=now,
            expires_at=expires_at,
            lease_owner=None,
            lease_until=None,
            finished_at=None,
            reason=words,
            history=history_line(now, DeliveryState.PENDING, words),
        )
    )
    session.execute(in_place(statement))


def settle_as_sent(session: Session, delivery_id: int, now: datetime, words: str) -> None:
    """Take a delivery as sent at the time at which it came to its end, and let its bytes go."""
    statement = (
        update(Delivery)
        .where(col(Delivery.id) == delivery_id)
        .values(
            state=DeliveryState.SENT,
            reason=words,
            history=history_line(now, DeliveryState.SENT, words),
        )
    )
    session.execute(in_place(statement))
    gone = delete(OutgoingMail).where(col(OutgoingMail.delivery_id) == delivery_id)
    session.execute(in_place(gone))

"""Reports of failed deliveries: each kept once, and what decides about an address."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import delete, func, select
from sqlmodel import Session, col

from paperround.store.deliveries import in_place
from paperround.store.dialect import insert_ignoring
from paperround.store.models import Bounce, Consent, Delivery, DeliveryState

__all__ = [
    "Failure",
    "add_bounce",
    "bounces_of",
    "delivery_about",
    "failures_of",
    "forget_bounces",
    "handed_over",
    "has_report",
    "last_said",
]

MOST_FAILURES = 200
"""Reports that are looked at, the latest first; who has more has long been suppressed."""


class Failure(NamedTuple):
    """One report that is charged to a reader."""

    at: datetime
    kind: str
    report: str


def has_report(session: Session, report: str) -> bool:
    """Return whether a report is kept already."""
    query = select(col(Bounce.id)).where(col(Bounce.report) == report)
    return session.execute(query).first() is not None


def add_bounce(session: Session, bounce: Bounce) -> bool:
    """Keep a report; return False when it is kept already."""
    values = bounce.model_dump(exclude={"id"})
    statement = insert_ignoring(session, Bounce).values(values).returning(col(Bounce.id))
    return session.execute(statement).first() is not None


def bounces_of(session: Session, reader_id: int) -> list[Bounce]:
    """Return the reports that are charged to a reader, oldest first."""
    query = select(Bounce).where(col(Bounce.reader_id) == reader_id).order_by(col(Bounce.id))
    return list(session.execute(query).scalars())


def failures_of(session: Session, reader_id: int, since: datetime | None) -> list[Failure]:
    """Return a reader's refusals after an instant, the latest first.

    Args:
        session: A transaction.
        reader_id: Whose.
        since: Everything before is forgiven; None forgives nothing.
    """
    query = (
        select(col(Bounce.at), col(Bounce.kind), col(Bounce.report))
        .where(col(Bounce.reader_id) == reader_id, col(Bounce.kind) != "none")
        .order_by(col(Bounce.at).desc(), col(Bounce.id).desc())
        .limit(MOST_FAILURES)
    )
    if since is not None:
        query = query.where(col(Bounce.at) > since)
    return [Failure(row.at, row.kind, row.report) for row in session.execute(query)]


def handed_over(
    session: Session, reader_id: int, stream: str, after: datetime, before: datetime
) -> list[datetime]:
    """Return when mails of a stream were handed over to the relay between two instants."""
    query = select(col(Delivery.finished_at)).where(
        col(Delivery.reader_id) == reader_id,
        col(Delivery.stream) == stream,
        col(Delivery.state) == DeliveryState.SENT,
        col(Delivery.finished_at) > after,
        col(Delivery.finished_at) < before,
    )
    return [at for at in session.execute(query).scalars() if at is not None]


def delivery_about(session: Session, message_ids: Sequence[str]) -> Delivery | None:
    """Return the delivery of the first of some Message-IDs that is one of ours."""
    if not message_ids:
        return None
    query = select(Delivery).where(col(Delivery.message_id).in_(message_ids))
    found = {row.message_id: row for row in session.execute(query).scalars()}
    return next((found[identity] for identity in message_ids if identity in found), None)


def last_said(session: Session, reader_id: int, what: Sequence[str]) -> datetime | None:
    """Return when a reader's log of consents last had one of some entries."""
    query = select(func.max(col(Consent.at))).where(
        col(Consent.reader_id) == reader_id, col(Consent.what).in_(what)
    )
    last: datetime | None = session.execute(query).scalar_one()
    return last


def forget_bounces(session: Session, before: datetime) -> int:
    """Forget reports of before an instant, and return how many there were."""
    # Without an index: once in a while, over a table that this keeps small.
    statement = delete(Bounce).where(col(Bounce.at) < before).returning(col(Bounce.id))
    return len(session.execute(in_place(statement)).all())

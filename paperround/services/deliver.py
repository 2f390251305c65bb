"""Takes one claimed delivery to its end: compose, render, build, hand over, write down.

Nothing is open in the database while a mail is rendered or on its way. What an error means for the
ledger is decided by `after_error`, which is pure; the rest carries decisions out.
"""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import partial

from digest.errors import (
    AmbiguousDeliveryError,
    DigestError,
    MailError,
    RateLimitedError,
    RelayUnavailableError,
    SenderRefusedError,
)
from digest.mail import Mailer
from digest.model import Quiet
from paperround.context import App
from paperround.errors import LeaseLostError, StoreError, UnexpectedError
from paperround.services.day import DayPapers
from paperround.services.digests import digest_for, mail_for
from paperround.store.deliveries import DeliveryChange, ShownPaper, change_delivery, record_items
from paperround.store.models import Delivery, DeliveryState, Reader
from paperround.store.readers import reader_of
from recommender.errors import RecommenderError

__all__ = ["MAX_ATTEMPTS", "MAX_LATENESS", "Outcome", "after_error", "deliver"]

logger = logging.getLogger(__name__)

MAX_ATTEMPTS = 6
"""Tries for an address that says "later"; faults of the relay do not count."""
BACKOFF_MINUTES = (1, 5, 15, 30, 60)
"""Minutes until the next try, by attempt: short, for the relay does the long waiting."""
MAX_LATENESS = timedelta(hours=12)
"""A digest of the morning is not sent any more at night."""

# The relay or we are at fault, not the reader: trying the next reader would fail alike.
RELAY_FAULTS = (RelayUnavailableError, SenderRefusedError, RateLimitedError)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one delivery."""

    delivery_id: int
    local_date: date
    state: DeliveryState
    address: str = ""
    reason: str = ""
    relay_fault: bool = False
    """Whether the next delivery would meet the same fault."""


def deliver(
    app: App,
    mailer: Mailer,
    owner: str,
    row: Delivery,
    load: Callable[[date], DayPapers],
) -> Outcome:
    """Take a claimed row to its end, whatever that is, and write it down.

    Args:
        app: The application.
        mailer: Open; reused from one delivery to the next.
        owner: Who claimed the row.
        row: The claimed row.
        load: Prepares the papers of a local date.

    Raises:
        StoreError: The database refused; the row stays claimed until its lease ends.
        RecommenderError: The store's vectors are not those of the model; likewise.
    """
    assert row.id is not None
    now = app.clock()
    with app.database.read() as session:
        reader = reader_of(session, row.reader_id)
        session.expunge_all()
    if reader is None or not reader.active:
        change = DeliveryChange(DeliveryState.SKIPPED, reason="the reader is not subscribed")
    elif now - row.due_at > MAX_LATENESS:
        hours = MAX_LATENESS // timedelta(hours=1)
        change = DeliveryChange(
            DeliveryState.EXPIRED, reason=f"not sent within {hours} hours of its time"
        )
    else:
        return _finish(app, owner, row, reader, *_try(app, mailer, owner, row, reader, load))
    return _finish(app, owner, row, reader, change, relay_fault=False)


def after_error(error: Exception, attempt: int, now: datetime) -> DeliveryChange:
    """Decide what a failed try makes of a delivery.

    Args:
        error: Why it failed: a DigestError or an UnexpectedError.
        attempt: Which try it was, from 1.
        now: The present instant.
    """
    code = error.code if isinstance(error, MailError) else None
    retry_at = now + timedelta(minutes=BACKOFF_MINUTES[min(attempt, len(BACKOFF_MINUTES)) - 1])
    later = DeliveryChange(DeliveryState.DEFERRED, code=code, reason=str(error), retry_at=retry_at)
    if isinstance(error, RELAY_FAULTS):
        return later
    temporary = isinstance(error, UnexpectedError) or (
        isinstance(error, MailError) and not error.permanent
    )
    if temporary and (attempt < MAX_ATTEMPTS or isinstance(error, AmbiguousDeliveryError)):
        return later
    return DeliveryChange(DeliveryState.FAILED, code=code, reason=str(error))


def _try(
    app: App,
    mailer: Mailer,
    owner: str,
    row: Delivery,
    reader: Reader,
    load: Callable[[date], DayPapers],
) -> tuple[DeliveryChange, bool]:
    """Make and send the digest; return the change, and whether the relay is at fault."""
    assert row.id is not None
    try:
        finished = digest_for(app, reader, load(row.local_date), delivery_id=row.id)
        if isinstance(finished, Quiet):
            return DeliveryChange(DeliveryState.QUIET, reason=finished.reason), False
        dated_at = row.dated_at or app.clock()
        message = mail_for(app, reader, finished.rendered, row.local_date, dated_at)
        started = DeliveryChange(
            DeliveryState.DATA_STARTED,
            dated_at=dated_at,
            message_id=message.message_id,
            subject=finished.rendered.subject,
            size=message.size,
            sha256=message.sha256,
        )
        mark = partial(_mark_started, app, owner, row.id, started, finished.shown)
        receipt = mailer.send(message, on_data=mark)
    except DigestError as error:
        fault = isinstance(error, RELAY_FAULTS)
        return after_error(error, row.attempt, app.clock()), fault
    except (StoreError, RecommenderError):
        # Neither this reader's fault nor a bug: the run ends, and says why.
        raise
    except Exception as error:
        # A bug that one reader's data meets must not cost all others their digest.
        logger.exception("delivery id=%s met a bug", row.id)
        return after_error(UnexpectedError(error), row.attempt, app.clock()), False
    return DeliveryChange(DeliveryState.SENT, code=receipt.code, reason=receipt.reply), False


def _mark_started(
    app: App,
    owner: str,
    delivery_id: int,
    started: DeliveryChange,
    shown: Sequence[ShownPaper],
) -> None:
    """Commit, just before the body goes out, what it is: from then on the row is in doubt."""
    with app.database.write() as session:
        if not change_delivery(session, delivery_id, owner, started):
            raise LeaseLostError(delivery_id)
        record_items(session, delivery_id, shown)


def _finish(
    app: App,
    owner: str,
    row: Delivery,
    reader: Reader | None,
    change: DeliveryChange,
    relay_fault: bool,
) -> Outcome:
    assert row.id is not None
    if change.state is not DeliveryState.DEFERRED:
        change = replace(change, finished_at=app.clock())
    with app.database.write() as session:
        held = change_delivery(session, row.id, owner, change)
    if not held:
        logger.warning("lease_lost delivery=%d state=%s", row.id, change.state)
    logger.info("delivery id=%d state=%s attempt=%d", row.id, change.state, row.attempt)
    return Outcome(
        delivery_id=row.id,
        local_date=row.local_date,
        state=change.state,
        address=reader.address if reader is not None else "",
        reason=change.reason or "",
        relay_fault=relay_fault,
    )

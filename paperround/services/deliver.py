"""Hands mails over, one after the other, and writes down what became of each.

Nothing is open in the database while a mail is on its way. What an error means is decided by
`after_error` for the row and by `verdict` for the relay, which are pure; here both are carried out.
"""

import logging
from collections.abc import Callable
from dataclasses import replace

from digest.errors import (
    DigestError,
    MailError,
    RecipientRefusedError,
)
from digest.mail import Mailer
from paperround.context import App
from paperround.errors import LeaseLostError, StoreError, StoreFullError, UnexpectedError
from paperround.services.charging import after_refusal
from paperround.services.outcomes import UNWANTED, Outcome, Ready, after_error
from paperround.services.relays import Break, Tally, kind_of, verdict
from paperround.settings import OnAmbiguous
from paperround.store.claims import give_back
from paperround.store.deliveries import DeliveryChange, change_delivery
from paperround.store.models import Delivery, DeliveryState
from paperround.store.wanted import is_wanted, kind_of_stream

__all__ = ["hand_over"]

logger = logging.getLogger(__name__)

TRIES = 3
"""To write down what became of a mail that was handed over."""


def hand_over(app: App, mailer: Mailer, owner: str, ready: Ready, tally: Tally) -> Outcome:
    """Hand one mail over and write down what became of it.

    Raises:
        LeaseLostError: Another worker has the row; nothing was sent.
        StoreError: The database refused; before the body went out nothing is sent.
    """
    row = ready.row
    assert row.id is not None
    hold = app.settings.on_ambiguous is OnAmbiguous.HOLD
    error: DigestError | UnexpectedError | None = None
    try:
        receipt = mailer.send(ready.message, on_data=lambda: _mark_started(app, owner, row))
    except _Unwanted:
        change = DeliveryChange(DeliveryState.SKIPPED, reason=UNWANTED)
    except DigestError as problem:
        error = problem
        change = after_error(problem, row.attempt, app.clock(), hold=hold)
    except StoreError:
        raise
    except Exception as problem:
        # A bug that one mail meets must not cost all others their digest.
        logger.exception("delivery id=%s met a bug", row.id)
        error = UnexpectedError(problem)
        change = after_error(error, row.attempt, app.clock(), hold=hold)
    else:
        change = DeliveryChange(DeliveryState.SENT, code=receipt.code, reason=receipt.reply)
    tally.add(kind_of(error))
    return _finish(app, owner, ready, change, error, tally)


class _Unwanted(Exception):  # noqa: N818 - not an error, a message through the mailer
    """Raised through the mailer: the reader does not want this mail any more."""


def _mark_started(app: App, owner: str, row: Delivery) -> None:
    """Commit, just before the body goes out, that from now on the row is in doubt (A43, I5)."""
    assert row.id is not None
    change = DeliveryChange(DeliveryState.DATA_STARTED)
    kind = kind_of_stream(row.stream)
    with app.database.write() as session:
        if change_delivery(session, row.id, owner, change, app.clock(), if_wanted=kind):
            return
        if is_wanted(session, row):
            raise LeaseLostError(row.id)
    raise _Unwanted


def _finish(
    app: App,
    owner: str,
    ready: Ready,
    change: DeliveryChange,
    error: Exception | None,
    tally: Tally,
) -> Outcome:
    row = ready.row
    assert row.id is not None
    found = verdict(error, tally) if isinstance(error, MailError) else None
    if found is not None and found.untouched:
        change = DeliveryChange(DeliveryState.PENDING, reason=str(error))
    held = _kept_trying(lambda: _write_end(app, owner, row, change, error))
    if not held:
        logger.warning(
            "lease_lost delivery=%d state=%s: it may be sent twice", row.id, change.state
        )
    logger.info("delivery id=%d state=%s attempt=%d", row.id, change.state, row.attempt)
    return Outcome(
        delivery_id=row.id,
        local_date=row.local_date,
        state=change.state,
        address=ready.address,
        reason=change.reason or "",
        relay=found.relay if found is not None else Break.NONE,
    )


def _kept_trying(write: Callable[[], bool]) -> bool:
    """Write down an end, again if the database stumbles: what is not noted is sent twice (T38)."""
    for _ in range(TRIES - 1):
        try:
            return write()
        except StoreFullError:
            raise
        except StoreError as error:
            logger.warning("finish_again problem=%r", str(error))
    return write()


def _write_end(
    app: App, owner: str, row: Delivery, change: DeliveryChange, error: Exception | None
) -> bool:
    """Write down what became of a row, and charge its reader; return False without the lease."""
    assert row.id is not None
    now = app.clock()
    with app.database.write() as session:
        if change.state is DeliveryState.PENDING:
            return give_back(session, [row.id], owner, now, change.reason or "", begun=True) == 1
        is_open = change.state is DeliveryState.DEFERRED
        done = change if is_open else replace(change, finished_at=now)
        held = change_delivery(session, row.id, owner, done, now)
        if held and isinstance(error, MailError) and error.is_recipients:
            after_refusal(
                session,
                app,
                row.reader_id,
                error.enhanced,
                permanent=isinstance(error, RecipientRefusedError),
                stream=row.stream,
                words=error.reply,
            )
    return held

"""Settles what the ledger cannot: a mail in doubt, or one that failed and may go out after all."""

import logging
from dataclasses import dataclass
from datetime import date, datetime

from paperround.context import App
from paperround.errors import SettledDeliveryError, UnknownDeliveryError
from paperround.services.digests import STREAM
from paperround.services.times import utc
from paperround.store.engine import Session
from paperround.store.models import Delivery, DeliveryState, Reader
from paperround.store.readers import reader_at
from paperround.store.settling import delivery_on, has_bytes, reopen, settle_as_sent
from paperround.store.wanted import is_wanted

__all__ = ["Settled", "resend"]

logger = logging.getLogger(__name__)

OPENED_AGAIN = "opened again by the operator"
TAKEN_AS_SENT = "the operator says that it arrived"
AGAIN = frozenset(
    {
        DeliveryState.AMBIGUOUS,
        DeliveryState.FAILED,
        DeliveryState.EXPIRED,
        DeliveryState.SKIPPED,
    }
)
"""What may be opened again."""


@dataclass(frozen=True, slots=True)
class Settled:
    """What was decided, or would be."""

    address: str
    on: date
    stream: str
    was: DeliveryState
    now: DeliveryState
    same_bytes: bool
    """Whether the very mail that was made before goes out; else it is made anew."""
    expires_at: datetime | None
    """Until when it is tried; None when it is settled."""


def resend(
    app: App,
    address: str,
    on: date,
    *,
    stream: str = STREAM,
    as_sent: bool = False,
    dry_run: bool = False,
) -> Settled:
    """Open a delivery again, with its same bytes where they are kept, or take it as sent.

    Args:
        app: The application.
        address: The reader's.
        on: The reader's local date that it was for.
        stream: The digest, or a notice such as `confirm.1`.
        as_sent: Take a mail in doubt as sent, instead of sending it again.
        dry_run: Only check.

    Raises:
        UnknownReaderError: There is no reader with this address.
        UnknownDeliveryError: Nothing was due for them on that date.
        SettledDeliveryError: It was sent, is under way, or cannot go out as things are.
    """
    now = app.clock()
    with app.database.write() if not dry_run else app.database.read() as session:
        reader = reader_at(session, address)
        assert reader.id is not None
        row = delivery_on(session, reader.id, stream, on)
        if row is None:
            raise UnknownDeliveryError(reader.address, on)
        _check(reader, row, as_sent=as_sent, welcome=is_wanted(session, row))
        settled = _settled(app, session, reader, row, now, as_sent=as_sent)
        if not dry_run:
            _settle(session, row, now, settled)
            logger.info("settled delivery=%d was=%s now=%s", row.id, settled.was, settled.now)
    return settled


def _check(reader: Reader, row: Delivery, *, as_sent: bool, welcome: bool) -> None:
    """Make sure that there is something to settle.

    Raises:
        SettledDeliveryError: There is not.
    """
    state = DeliveryState(row.state)
    which = f"the mail for {reader.address} on {row.local_date}"
    if state is DeliveryState.SENT:
        when = f" at {utc(row.finished_at)}" if row.finished_at is not None else ""
        raise SettledDeliveryError(f"{which} was sent{when}", "it is never sent twice")
    if state is DeliveryState.QUIET:
        raise SettledDeliveryError(
            f"there was nothing to send to {reader.address} on {row.local_date}",
            "`paperround preview` shows what there would be now",
        )
    if state not in AGAIN:
        raise SettledDeliveryError(
            f"{which} is {state.replace('_', ' ')}", "it is still under way: let it go on"
        )
    if as_sent and state is not DeliveryState.AMBIGUOUS:
        raise SettledDeliveryError(
            f"{which} is {state}, and certainly did not arrive",
            "leave --as-sent away to send it again",
        )
    if not as_sent and not welcome:
        raise SettledDeliveryError(
            f"{which} is not wanted any more: {reader.address} is {reader.state}"
            f"{f', paused until {reader.paused_until}' if reader.paused_until else ''}",
            f"`paperround why {reader.address}` says more",
        )


def _settled(
    app: App, session: Session, reader: Reader, row: Delivery, now: datetime, *, as_sent: bool
) -> Settled:
    assert row.id is not None
    return Settled(
        address=reader.address,
        on=row.local_date,
        stream=row.stream,
        was=DeliveryState(row.state),
        now=DeliveryState.SENT if as_sent else DeliveryState.PENDING,
        same_bytes=has_bytes(session, row.id),
        expires_at=None if as_sent else now + app.settings.max_lateness,
    )


def _settle(session: Session, row: Delivery, now: datetime, settled: Settled) -> None:
    assert row.id is not None
    if settled.expires_at is None:
        settle_as_sent(session, row.id, now, TAKEN_AS_SENT)
    else:
        reopen(session, row.id, now, settled.expires_at, OPENED_AGAIN)

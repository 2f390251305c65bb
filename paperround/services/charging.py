"""What refusals cost a reader: counted in days, until the address is written to no more.

That a relay took a mail is no delivery where mails come back later: only one that did not come back
is. What was refused before a reader confirmed, or an operator lifted it, is forgiven.
"""

from collections.abc import Sequence
from datetime import UTC, date, datetime

from digest.characters import shorten
from digest.foreign import without_addresses
from digest.refusals import Judgement, Kind, judged
from paperround.context import App
from paperround.services.streams import DAILY, MOVE_NEW, kind_of
from paperround.services.suppression import BOUNCE, suppress_reader
from paperround.store import bounces as store
from paperround.store.engine import Session
from paperround.store.models import Bounce, Reader
from paperround.store.subscriptions import lock_reader

__all__ = ["HARD_DAYS", "SOFT_DAYS", "after_refusal", "charge", "failing_days", "utc_day"]

HARD_DAYS = 2
"""Different days on which mail was refused for good, without a code that leaves no doubt."""
SOFT_DAYS = 5
"""Days in a row on which mail could not be taken, without a delivery between."""

FORGIVING = ("confirmed", "lifted", "moved")
"""Entries of the log of consents that forgive all refusals of before."""

_SYNCHRONOUS = "smtp:"
_MAX_DETAIL = 200


def after_refusal(
    session: Session,
    app: App,
    reader_id: int,
    status: str | None,
    *,
    permanent: bool,
    stream: str = DAILY,
    words: str = "",
) -> bool:
    """Charge a reader with a refusal in the middle of a conversation with the relay.

    Args:
        session: The writing transaction that finishes the delivery.
        app: The application.
        reader_id: To whom the mail was.
        status: Enhanced status code, `5.1.1`; None when the reply had none.
        permanent: Whether it was refused for good.
        stream: Of the mail; one to an address that is not yet the reader's says nothing.
        words: What the relay said.

    Returns:
        Whether the reader is written to no more from now on.
    """
    judgement = judged(status, permanent=permanent, words=words)
    if judgement.kind is Kind.NONE or kind_of(stream) == MOVE_NEW:
        return False
    reader = lock_reader(session, reader_id)
    if reader is None:
        return False
    now = app.clock()
    row = Bounce(
        # Several tries of one day are one refusal.
        report=f"{_SYNCHRONOUS}{reader_id}:{utc_day(now)}:{judgement.kind}:{status or '-'}",
        reader_id=reader_id,
        kind=judgement.kind,
        status=status,
        detail=shorten(without_addresses(words), _MAX_DETAIL),
        at=now,
    )
    return store.add_bounce(session, row) and charge(app, session, reader, judgement)


def charge(app: App, session: Session, reader: Reader, judgement: Judgement) -> bool:
    """Count a refusal that is kept already; return whether the reader is written to no more by it.

    Args:
        app: The application.
        session: A writing transaction.
        reader: Locked by it.
        judgement: What the refusal says.
    """
    assert reader.id is not None
    today = utc_day(app.clock())
    since = store.last_said(session, reader.id, FORGIVING)
    failures = store.failures_of(session, reader.id, since)
    if not failures:
        return False
    first, last = failures[-1].at, failures[0].at
    deliveries = store.handed_over(session, reader.id, DAILY, first, last)
    hard = failing_days([one for one in failures if one.kind == Kind.HARD], deliveries)
    soft = failing_days(failures, deliveries)
    if reader.bounced_on != today:
        reader.hard_bounces += judgement.kind is Kind.HARD
    reader.bounced_on, reader.soft_bounces = today, soft
    if judgement.certain or hard >= HARD_DAYS or soft >= SOFT_DAYS:
        return suppress_reader(app, session, reader, BOUNCE, how="bounce")
    return False


def failing_days(failures: Sequence[store.Failure], deliveries: Sequence[datetime]) -> int:
    """Return on how many days, the latest first, mail failed without a delivery between.

    A mail that a relay took is a delivery unless it came back: as many as came back are taken off.
    Where reports come at odd hours that may find a day too few, never one too many. Pure.

    Args:
        failures: The latest first.
        deliveries: When mails were handed over to the relay.
    """
    days: dict[date, list[store.Failure]] = {}
    for failure in failures:
        days.setdefault(utc_day(failure.at), []).append(failure)
    came_back = count = 0
    for found in days.values():
        came_back += any(not one.report.startswith(_SYNCHRONOUS) for one in found)
        began = found[-1].at
        # Between five reports of five mails that came back there are four mails.
        allowed = max(came_back - 1, 0)
        if sum(began < at < failures[0].at for at in deliveries) > allowed:
            break
        count += 1
    return count


def utc_day(at: datetime) -> date:
    """Return an instant's date in UTC, by which refusals are counted."""
    return at.astimezone(UTC).date()

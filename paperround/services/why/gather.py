"""Reads from the ledger what an answer depends on."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from paperround.context import App
from paperround.services.digests import STREAM
from paperround.services.history import Change, parse_history
from paperround.services.holding import Held
from paperround.services.relays import relay_name
from paperround.services.why.case import Answer, Case
from paperround.services.why.explain import explain
from paperround.settings import OnAmbiguous
from paperround.store.engine import Session
from paperround.store.installation import standing
from paperround.store.models import Bounce, Delivery, DeliveryState, Reader, ReaderState, Relay
from paperround.store.operations import (
    bounces_of,
    deliveries_on,
    has_interest,
    last_sign,
    latest_of_stream,
    next_sent_after,
    papers_in,
)
from paperround.store.readers import reader_at
from paperround.store.relays import all_relays
from paperround.store.subscriptions import consents_of
from paperround.tokens import LIFETIME_DAYS, Purpose
from scheduler.due import Due, due_at, spread_of

__all__ = ["Told", "Why", "why"]

REPORTS_KEPT = timedelta(days=30)
"""Reports about an address that are worth telling."""


@dataclass(frozen=True, slots=True)
class Told:
    """What became of one mail."""

    stream: str
    state: str | None
    """A `DeliveryState`; None when there is no row."""
    answer: Answer
    timeline: tuple[Change, ...]
    """The oldest first."""


@dataclass(frozen=True, slots=True)
class Why:
    """What became of a reader's mails of one local date."""

    address: str
    on: date
    zone: ZoneInfo
    mails: tuple[Told, ...]
    """The digest first, then the notices of that date."""


def why(app: App, address: str, on: date | None = None) -> Why:
    """Tell why a reader's mail did or did not go out on a local date.

    Args:
        app: The application.
        address: The reader's.
        on: The reader's local date; by default it is today's.

    Raises:
        UnknownReaderError: There is no reader with this address.
    """
    now = app.clock()
    with app.database.read() as session:
        reader = reader_at(session, address)
        zone = ZoneInfo(reader.zone)
        on = on or now.astimezone(zone).date()
        assert reader.id is not None
        rows = {row.stream: row for row in deliveries_on(session, reader.id, on)}
        digest = rows.pop(STREAM, None)
        cases = [_case(app, session, reader, on, row) for row in (digest, *rows.values())]
        mails = tuple(map(_told, cases))
    return Why(reader.address, on, zone, mails)


def _told(case: Case) -> Told:
    row = case.row
    if row is None:
        return Told(STREAM, None, explain(case), ())
    return Told(row.stream, row.state, explain(case), parse_history(row.history))


def _case(app: App, session: Session, reader: Reader, on: date, row: Delivery | None) -> Case:
    assert reader.id is not None
    now = app.clock()
    at = due_at(on, reader.digest_at, ZoneInfo(reader.zone))
    known = standing(session)
    is_digest = row is not None and row.stream == STREAM
    return Case(
        now=now,
        due=Due(at + spread_of(reader.id, app.settings.spread), on),
        reader=reader,
        row=row,
        papers=papers_in(session, row.id) if is_digest and row is not None and row.id else None,
        has_interest=has_interest(session, reader.id),
        consents=tuple(consents_of(session, reader.id)),
        bounces=tuple(_bounces(session, reader, row, now)),
        confirmation=latest_of_stream(session, reader.id, "confirm."),
        held=Held(known.held_since, known.held_because) if known.held_since else None,
        relay=_paused_relay(app, session, now),
        last_sign=last_sign(session),
        holds_doubts=app.settings.on_ambiguous is OnAmbiguous.HOLD,
        link_lifetime=timedelta(days=LIFETIME_DAYS[Purpose.CONFIRM] or 0),
    )


def _bounces(session: Session, reader: Reader, row: Delivery | None, now: datetime) -> list[Bounce]:
    """Return the reports about a mail: those that came before the next mail went out."""
    assert reader.id is not None
    if row is None:
        suppressed = reader.state == ReaderState.SUPPRESSED
        return bounces_of(session, reader.id, now - REPORTS_KEPT, None) if suppressed else []
    if row.state != DeliveryState.SENT or row.finished_at is None:
        return []
    until = next_sent_after(session, row)
    return bounces_of(session, reader.id, row.finished_at, until)


def _paused_relay(app: App, session: Session, now: datetime) -> Relay | None:
    name = relay_name(app)
    for relay in all_relays(session):
        if relay.name == name and relay.paused_until is not None and relay.paused_until > now:
            return relay
    return None

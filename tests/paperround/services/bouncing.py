"""Readers, mails that went out to them, and mailboxes that mail comes back to."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from functools import partial

from paperround.bouncebox import Waiting
from paperround.context import App
from paperround.services.bounces import BounceReport, take_bounces
from paperround.services.keyed_hash import address_hashes
from paperround.services.readers import NewReader, add_reader
from paperround.store.bounces import bounces_of
from paperround.store.models import (
    Bounce,
    Consent,
    Delivery,
    DeliveryState,
    Reader,
    Suppression,
)
from paperround.store.readers import reader_of
from paperround.store.subscriptions import add_consent, consents_of, suppression_of
from paperround.verp import verp_address
from tests.digest.reports import ADA, BOUNCES, dsn
from tests.paperround.store.rows import saved_reader

__all__ = [
    "LEAVE",
    "Tray",
    "bouncing",
    "consents",
    "counted",
    "full",
    "note",
    "reader",
    "returned",
    "saved",
    "saved_at_once",
    "sent",
    "suppression",
    "take",
    "verp",
]

LEAVE = "leave@papers.example"


def bouncing(app: App) -> App:
    """Return the same application, which takes bounces and mails that unsubscribe."""
    update = {"bounce_address": BOUNCES, "bounce_verp": True, "unsubscribe_address": LEAVE}
    return replace(app, settings=app.settings.model_copy(update=update))


def saved(app: App, address: str = ADA) -> int:
    """Add a reader and return their number."""
    row = add_reader(app, NewReader(address, "", "UTC", "07:00", "daily"))
    assert row.id is not None
    return row.id


def saved_at_once(app: App, count: int) -> list[int]:
    """Add readers in one transaction and return their numbers."""
    with app.database.write() as session:
        return [saved_reader(session, f"reader{number}@reader.example") for number in range(count)]


def reader(app: App, reader_id: int) -> Reader:
    """Return a reader as they are now."""
    with app.database.read() as session:
        row = reader_of(session, reader_id)
        assert row is not None
        session.expunge(row)
        return row


def suppression(app: App, address: str = ADA) -> Suppression | None:
    """Return why an address is not written to, if it is not."""
    with app.database.read() as session:
        row = suppression_of(session, address_hashes(app, address))
        session.expunge_all()
        return row


def consents(app: App, reader_id: int) -> list[tuple[str, str]]:
    """Return what is in a reader's log of consents, and how it came there."""
    with app.database.read() as session:
        return [(row.what, row.how) for row in consents_of(session, reader_id)]


def note(app: App, reader_id: int, what: str) -> None:
    """Write into a reader's log of consents."""
    with app.database.write() as session:
        add_consent(session, Consent(reader_id=reader_id, at=app.clock(), what=what, how="web"))


def returned(app: App, reader_id: int) -> list[Bounce]:
    """Return the reports that are charged to a reader."""
    with app.database.read() as session:
        rows = bounces_of(session, reader_id)
        session.expunge_all()
        return rows


def sent(
    app: App,
    reader_id: int,
    at: datetime | None = None,
    *,
    stream: str = "daily",
    message_id: str | None = None,
) -> None:
    """Note in the ledger that a mail was handed over."""
    when = at or app.clock()
    row = Delivery(
        reader_id=reader_id,
        stream=stream,
        local_date=when.date(),
        due_at=when,
        expires_at=when + timedelta(hours=12),
        retry_at=when,
        state=DeliveryState.SENT,
        attempt=1,
        message_id=message_id,
        finished_at=when,
    )
    with app.database.write() as session:
        session.add(row)


def verp(app: App, reader_id: int, on: date | None = None, *, stream: str = "daily") -> str:
    """Return the bounce address of a mail of today, or of another date."""
    day = on or app.clock().date()
    return verp_address(app.tokens, BOUNCES, reader_id, day, stream=stream)


@dataclass
class Tray:
    """A mailbox in memory, which remembers what was marked."""

    mails: list[bytes]
    done: list[int] = field(default_factory=list)

    def __iter__(self) -> Iterator[Waiting]:
        """Give what is not marked."""
        for number, mail in enumerate(self.mails):
            if number not in self.done:
                yield Waiting(mail, partial(self.done.append, number))


def take(app: App, *mails: bytes, dry_run: bool = False) -> BounceReport:
    """Take these mails from a mailbox."""
    return take_bounces(app, Tray(list(mails)), dry_run=dry_run)


def counted(report: BounceReport) -> dict[str, int]:
    """Return the outcomes that there were."""
    names = [name for name in BounceReport.__dataclass_fields__ if name != "read"]
    return {name: getattr(report, name) for name in names if getattr(report, name)}


def full(app: App, reader_id: int, number: int) -> bytes:
    """Return a report that the mailbox of a reader is full today."""
    identity = f"<full-{number}@mx.reader.example>"
    to = verp(app, reader_id)
    return dsn(to=to, message_id=identity, status="5.2.2", code="smtp; 552 5.2.2 full")

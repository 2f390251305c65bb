"""Steps in the life of a subscription that tests share."""

import re
from datetime import date, datetime

from digest.message import Message
from paperround.context import App
from paperround.services.keyed_hash import address_hash
from paperround.services.notices import notice_for
from paperround.services.subscribe import Subscription, confirm, subscribe
from paperround.store.deliveries import deliveries_of
from paperround.store.models import Consent, Delivery, Reader, ReaderState
from paperround.store.readers import all_readers, reader_at
from paperround.store.subscriptions import consents_of, suppress
from paperround.tokens import Purpose
from tests.digest.mails import body_of

ADA = "ada@example.org"
GRACE = "grace@example.org"

_LINK = re.compile(r"https://papers\.example\.com/(\w+)/([\w-]{50})")


def reader(app: App, address: str = ADA) -> Reader:
    """Return a reader's row as it is now."""
    with app.database.read() as session:
        row = reader_at(session, address)
        session.expunge_all()
    return row


def number(app: App, address: str = ADA) -> int:
    """Return a reader's number."""
    row = reader(app, address)
    assert row.id is not None
    return row.id


def addresses(app: App) -> list[str]:
    """Return the addresses of all readers."""
    with app.database.read() as session:
        return [row.address for row in all_readers(session)]


def ledger(app: App, address: str = ADA) -> list[Delivery]:
    """Return a reader's rows in the ledger, oldest first."""
    of = number(app, address)
    with app.database.read() as session:
        rows = deliveries_of(session, of)
        session.expunge_all()
    return sorted(rows, key=lambda row: (row.due_at, row.stream))


def streams(app: App, address: str = ADA) -> list[str]:
    """Return the streams of a reader's rows, oldest first."""
    return [row.stream for row in ledger(app, address)]


def consents(app: App, address: str = ADA) -> list[Consent]:
    """Return what a reader agreed to and took back."""
    of = number(app, address)
    with app.database.read() as session:
        rows = consents_of(session, of)
        session.expunge_all()
    return rows


def change(app: App, address: str = ADA, **fields: object) -> None:
    """Set columns of a reader's row, as bounces and the scheduler do."""
    with app.database.write() as session:
        row = reader_at(session, address)
        for name, value in fields.items():
            setattr(row, name, value)


def mail(app: App, stream: str, address: str = ADA) -> Message:
    """Return the mail of a reader's latest row of a stream."""
    row = next(row for row in reversed(ledger(app, address)) if row.stream == stream)
    return notice_for(app, reader(app, address), stream, row.local_date, app.clock())


def link_in(message: Message) -> tuple[str, str]:
    """Return the page and the token of the one link in a mail."""
    (link,) = _LINK.findall(body_of(message, "plain"))
    page, token = link
    return page, token


def token_of(app: App, stream: str, address: str = ADA) -> str:
    """Return the token that a reader's latest mail of a stream carries."""
    return link_in(mail(app, stream, address))[1]


def leave_token(app: App, address: str = ADA, on: date | None = None) -> str:
    """Return the token to unsubscribe that a reader's digests carry."""
    day = on or app.clock().date()
    return app.tokens.issue(Purpose.UNSUBSCRIBE, number(app, address), on=day)


def join(app: App, address: str = ADA, **fields: str) -> Reader:
    """Subscribe an address and confirm it, by the link in the mail."""
    subscribe(app, Subscription(address, **fields), how="web")
    asking = [stream for stream in streams(app, address) if stream.startswith("confirm")]
    confirm(app, token_of(app, asking[-1], address), how="web")
    return reader(app, address)


def due(app: App, address: str = ADA) -> tuple[datetime | None, date | None]:
    """Return when a reader's next digest is due, and for which date."""
    row = reader(app, address)
    return row.next_due_at, row.next_due_on


def bounced(app: App, reason: str = "bounce") -> None:
    """Suppress Ada's address, as bounces do."""
    change(app, state=ReaderState.SUPPRESSED, hard_bounces=1, soft_bounces=4, next_due_at=None)
    with app.database.write() as session:
        suppress(session, address_hash(app, ADA), reason, app.clock())


def ask(app: App, address: str = ADA, source: str = "", **fields: str) -> None:
    """Ask for a subscription, as a page does."""
    subscribe(app, Subscription(address, **fields), how="web", source=source)

"""A digest as it lies in a mailbox, with its row in the ledger."""

from dataclasses import dataclass
from datetime import date

from sqlmodel import col, select

from digest.message import Message
from paperround.context import App
from paperround.services.day import load_day
from paperround.services.digests import FinishedDigest, digest_for, mail_for
from paperround.store.deliveries import enqueue
from paperround.store.models import Delivery, DeliveryState
from paperround.store.readers import reader_at
from paperround.store.shown import ShownPaper, record_items
from tests.paperround.services.conftest import ADA

__all__ = ["Mailed", "mailed"]


@dataclass(frozen=True)
class Mailed:
    """A digest that was sent."""

    reader_id: int
    delivery_id: int
    on: date
    message: Message
    shown: tuple[ShownPaper, ...]

    @property
    def paper_keys(self) -> list[int]:
        """Of the papers in it, in its order."""
        return [paper.paper_key for paper in self.shown]


def mailed(app: App, address: str = ADA) -> Mailed:
    """Make today's digest of a reader and write it down as sent."""
    now = app.clock()
    with app.database.read() as session:
        reader = reader_at(session, address)
        session.expunge_all()
    assert reader.id is not None
    with app.database.write() as session:
        assert enqueue(session, reader.id, "daily", now.date(), now, now)
        query = select(Delivery).where(
            col(Delivery.reader_id) == reader.id, col(Delivery.stream) == "daily"
        )
        row = session.exec(query).one()
        row.state = DeliveryState.SENT
        delivery_id = row.id
    assert delivery_id is not None
    finished = digest_for(app, reader, load_day(app, now.date()), delivery_id=delivery_id)
    assert isinstance(finished, FinishedDigest)
    with app.database.write() as session:
        record_items(session, delivery_id, finished.shown)
    message = mail_for(app, reader, finished.rendered, now.date(), now)
    return Mailed(reader.id, delivery_id, now.date(), message, finished.shown)

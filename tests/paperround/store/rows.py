"""Rows that store tests share."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlmodel import Session

from paperround.records import PaperRecord
from paperround.store.claims import claim_due
from paperround.store.deliveries import enqueue
from paperround.store.models import Delivery, Interest, Reader, ReaderState
from paperround.store.papers import paper_ids, upsert_papers
from paperround.store.readers import add_interest, add_reader

NOW = datetime(2026, 5, 4, 7, 0, tzinfo=UTC)
TODAY = NOW.date()
LATE = NOW + timedelta(hours=12)
LEASE = timedelta(minutes=15)


def new_reader(address: str = "ada@example.org") -> Reader:
    """Return a reader whose digest is due at NOW."""
    return Reader(
        address=address,
        address_key=address.casefold(),
        name="Ada",
        zone="UTC",
        digest_at=time(7, 0),
        weekdays="12345",
        state=ReaderState.ACTIVE,
        next_due_at=NOW,
        next_due_on=TODAY,
        added_at=NOW,
    )


def saved_reader(session: Session, address: str = "ada@example.org") -> int:
    """Add a reader and return their number."""
    reader = add_reader(session, new_reader(address))
    assert reader.id is not None
    return reader.id


def saved_interest(session: Session, reader_id: int, name: str = "coding", **fields: Any) -> int:
    """Add an interest and return its number."""
    values: dict[str, Any] = {
        "reader_id": reader_id,
        "name": name,
        "prose": "",
        "keywords": [],
        "muted_words": [],
        "muted_authors": [],
        "muted_categories": [],
        "followed_authors": [],
        "quota": 8,
        "threshold": 25.0,
        "added_at": NOW,
    }
    interest = add_interest(session, Interest(**(values | fields)))
    assert interest.id is not None
    return interest.id


def saved_papers(session: Session, count: int) -> list[int]:
    """Add papers announced today and return their keys."""
    records = [
        PaperRecord(f"arxiv:2605.{number:05d}", "test", f"Paper {number}", announced_on=TODAY)
        for number in range(1, count + 1)
    ]
    upsert_papers(session, records, NOW)
    return list(paper_ids(session, [record.paper_id for record in records]).values())


def opened_row(
    session: Session, reader_id: int, on: date = TODAY, at: datetime = NOW, stream: str = "daily"
) -> None:
    """Open a row in the ledger."""
    enqueue(session, reader_id, stream, on, at, at + timedelta(hours=12))


def claimed_rows(
    session: Session, owner: str = "worker-1", at: datetime = NOW, limit: int = 5
) -> list[Delivery]:
    """Claim what is due."""
    return claim_due(session, owner, at, until=at + LEASE, limit=limit)


def day(number: int) -> date:
    """Return a day of the test month."""
    return date(2026, 5, number)

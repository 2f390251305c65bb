"""Opens a ledger row for every reader whose hour has come, and sets their next hour."""

import logging
from collections.abc import Iterator
from datetime import datetime

from paperround.context import App
from paperround.services.digests import STREAM
from paperround.services.schedule import due_before, following
from paperround.settings import OnAmbiguous
from paperround.store.deliveries import has_unfinished
from paperround.store.due import Advance, Opening, due_readers, open_rows
from paperround.store.models import Reader
from paperround.store.reaping import expire, return_expired_leases
from scheduler.due import Due

__all__ = ["due_now", "enqueue_due", "is_idle", "latest_of"]

logger = logging.getLogger(__name__)

PAGE = 2_000
"""Readers opened in one transaction: the lock is short, and memory does not grow with them."""
MAX_MISSED = 31
"""Days without a running worker that are written down for each reader."""
MISSED = "nothing was running at its time, nor until the next digest was due"


def due_now(app: App) -> list[Reader]:
    """Return the readers whose hour has come and whose digest is not in the ledger yet."""
    with app.database.read() as session:
        readers = due_readers(session, app.clock())
        session.expunge_all()
        return readers


def enqueue_due(app: App) -> int:
    """Open the rows that are due, give back those of dead workers, and close what is too late.

    Rows and the readers' next hours are one transaction: a crash in between is impossible, and a
    second process at the same time opens nothing. Returns how many rows were opened.
    """
    now = app.clock()
    with app.database.write() as session:
        hold = app.settings.on_ambiguous is OnAmbiguous.HOLD
        returned = return_expired_leases(session, now, hold=hold)
    opened = 0
    while (page := _open_page(app, now)) is not None:
        opened += page
    with app.database.write() as session:
        expired = expire(session, now)
    if returned or opened or expired:
        logger.info("enqueue opened=%d returned=%d expired=%d", opened, returned, expired)
    return opened


def _open_page(app: App, now: datetime) -> int | None:
    """Open the rows of some readers; return how many were opened, None when nobody is due."""
    with app.database.write() as session:
        readers = due_readers(session, now, limit=PAGE, lock=True)
        openings: list[Opening] = []
        advances: list[Advance] = []
        for reader in readers:
            assert reader.id is not None
            assert reader.next_due_at is not None
            latest = latest_of(app, reader, now)
            openings += _openings(app, reader, latest)
            after = following(reader, now, app.settings.spread, latest.on)
            advances.append(Advance(reader.id, reader.next_due_at, after.at, after.on))
        session.expunge_all()
        opened = open_rows(session, openings, advances, now)
    return opened if readers else None


def latest_of(app: App, reader: Reader, now: datetime) -> Due:
    """Return what a reader is served: the digest that was due or, after days of silence, the last.

    A change of hour or zone may have set a due time that no rule of now would give; it counts, also
    where the new zone's last digest was due before it.
    """
    assert reader.next_due_at is not None
    assert reader.next_due_on is not None
    planned = Due(reader.next_due_at, reader.next_due_on)
    latest = due_before(reader, now, app.settings.spread)
    return latest if latest.on > planned.on and latest.at > planned.at else planned


def _openings(app: App, reader: Reader, latest: Due) -> Iterator[Opening]:
    """Yield the row of the latest digest, and those of the days on which nothing was running."""
    assert reader.id is not None
    assert reader.next_due_at is not None
    assert reader.next_due_on is not None
    late = app.settings.max_lateness
    missed = Due(reader.next_due_at, reader.next_due_on)
    for _ in range(MAX_MISSED):
        if missed.on >= latest.on:
            break
        yield Opening(reader.id, STREAM, missed.on, missed.at, missed.at + late, MISSED)
        missed = following(reader, missed.at, app.settings.spread, missed.on)
    yield Opening(reader.id, STREAM, latest.on, latest.at, latest.at + late)


def is_idle(app: App) -> bool:
    """Return whether nothing is left to be sent: nobody is due, and no row is open or held."""
    with app.database.read() as session:
        return not (due_readers(session, app.clock(), limit=1) or has_unfinished(session))

"""Sends every digest whose hour has come; run as often as one likes, by as many as one likes."""

import logging
import os
import socket
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from uuid import uuid4
from zoneinfo import ZoneInfo

from digest.mail import Mailer
from paperround.context import App
from paperround.errors import LeaseLostError
from paperround.services.day import DayPapers, load_day
from paperround.services.deliver import Outcome, deliver
from paperround.services.digests import STREAM
from paperround.services.progress import Progress, no_progress
from paperround.store.deliveries import (
    DeliveryChange,
    advance_reader,
    change_delivery,
    claim_due,
    due_readers,
    enqueue,
    return_expired_leases,
)
from paperround.store.models import Delivery, DeliveryState, Reader
from scheduler.due import latest_due, next_due

__all__ = ["SendReport", "due_now", "enqueue_due", "send_due"]

logger = logging.getLogger(__name__)

BATCH = 20
GOOD = frozenset({DeliveryState.SENT, DeliveryState.QUIET, DeliveryState.SKIPPED})


@dataclass(frozen=True, slots=True)
class SendReport:
    """What a run did."""

    outcomes: tuple[Outcome, ...]
    relay_problem: str = ""
    """Why the run stopped early; empty when it did not."""

    @property
    def is_clean(self) -> bool:
        """Whether nothing failed, expired or has to be tried again."""
        return all(outcome.state in GOOD for outcome in self.outcomes)

    def count(self, state: DeliveryState) -> int:
        """Return how many deliveries ended in a state."""
        return sum(outcome.state is state for outcome in self.outcomes)


def due_now(app: App) -> list[Reader]:
    """Return the readers whose hour has come and whose digest is not in the ledger yet."""
    with app.database.read() as session:
        readers = due_readers(session, app.clock())
        session.expunge_all()
        return readers


def enqueue_due(app: App) -> int:
    """Open a ledger row for every reader whose hour has come, and set their next hour.

    Both happen in one transaction: a crash in between is impossible. Returns how many were opened.
    """
    now = app.clock()
    opened = 0
    with app.database.write() as session:
        return_expired_leases(session, now)
        for reader in due_readers(session, now):
            assert reader.id is not None
            at, zone = reader.digest_at, ZoneInfo(reader.zone)
            weekdays = frozenset(map(int, reader.weekdays))
            latest = latest_due(now, at=at, zone=zone, weekdays=weekdays)
            following = next_due(now, at=at, zone=zone, weekdays=weekdays, last_on=latest.on)
            if advance_reader(session, reader, following.at, following.on):
                opened += enqueue(session, reader.id, STREAM, latest.on, latest.at)
    return opened


def send_due(
    app: App,
    *,
    load: Callable[[date], DayPapers] | None = None,
    on_progress: Progress = no_progress,
) -> SendReport:
    """Send every digest that is due now.

    Args:
        app: The application.
        load: Prepares the papers of a local date; by default they are read from the store.
        on_progress: Told after each delivery.

    Returns:
        What became of each delivery. A relay that is at fault ends the run; what it did not take
        stays due.
    """
    enqueue_due(app)
    load = load or lru_cache(maxsize=3)(lambda day: load_day(app, day))
    owner = f"{socket.gethostname()}-{os.getpid()}-{uuid4().hex[:8]}"
    outcomes: list[Outcome] = []
    with app.open_mailer() as mailer:
        while rows := _claim(app, owner):
            for outcome in _deliver_all(app, mailer, owner, rows, load):
                outcomes.append(outcome)
                on_progress(len(outcomes), None)
            if outcomes and outcomes[-1].relay_fault:
                break
    stopped = outcomes[-1].reason if outcomes and outcomes[-1].relay_fault else ""
    report = SendReport(tuple(outcomes), stopped)
    states = (state for state in DeliveryState if report.count(state))
    counts = " ".join(f"{state}={report.count(state)}" for state in states)
    logger.info("send_run %s", counts or "nothing_due")
    return report


def _claim(app: App, owner: str) -> list[Delivery]:
    with app.database.write() as session:
        return claim_due(session, owner, app.clock(), limit=BATCH)


def _deliver_all(
    app: App, mailer: Mailer, owner: str, rows: list[Delivery], load: Callable[[date], DayPapers]
) -> Iterator[Outcome]:
    """Deliver claimed rows one by one; after a fault of the relay the rest is given back."""
    for number, row in enumerate(rows, start=1):
        try:
            outcome = deliver(app, mailer, owner, row, load)
        except LeaseLostError as lost:
            logger.warning("lease_lost delivery=%d", lost.delivery_id)
            continue
        yield outcome
        if outcome.relay_fault:
            _give_back(app, owner, rows[number:])
            return


def _give_back(app: App, owner: str, rows: list[Delivery]) -> None:
    with app.database.write() as session:
        for row in rows:
            assert row.id is not None
            change_delivery(session, row.id, owner, DeliveryChange(DeliveryState.PENDING))

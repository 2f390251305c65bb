"""Sends every mail whose hour has come; run as often as one likes, by as many as one likes."""

import logging
import os
import socket
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Event
from typing import Protocol
from uuid import uuid4

from digest.dkim import DkimKeyError
from digest.mail import Mailer
from paperround.context import App
from paperround.errors import LeaseLostError
from paperround.services.deliver import hand_over
from paperround.services.enqueue import enqueue_due
from paperround.services.holding import check_hold, note_progress
from paperround.services.mails import Mails
from paperround.services.outcomes import Outcome, Ready
from paperround.services.prepare import prepare
from paperround.services.relays import Break, Tally, ask, is_troubled, report, return_slots
from paperround.store.claims import claim_due, give_back, renew_leases
from paperround.store.models import Delivery, DeliveryState
from recommender.errors import RecommenderError
from scheduler.pace import Grant

__all__ = ["SendReport", "Stopping", "send_due"]

logger = logging.getLogger(__name__)

BATCH = 20
"""Rows that one connection claims and renders at once: memory is bounded by it."""
GOOD = frozenset({DeliveryState.SENT, DeliveryState.QUIET, DeliveryState.SKIPPED})


class Stopping(Protocol):
    """Tells a worker to come to an end; a `threading.Event` is one."""

    def is_set(self) -> bool:
        """Return whether it is time to stop."""
        ...

    def wait(self, timeout: float | None = None) -> bool:
        """Wait some seconds, or until it is time to stop; return whether it is."""
        ...


@dataclass(frozen=True, slots=True)
class SendReport:
    """What a run did."""

    counts: Mapping[DeliveryState, int]
    """How many deliveries ended in each state."""
    problem: str = ""
    """Why the run stopped early, or sent nothing; empty when it did not."""

    @property
    def is_clean(self) -> bool:
        """Whether nothing failed, expired or has to be tried again."""
        return not self.problem and all(state in GOOD for state in self.counts)

    def count(self, state: DeliveryState) -> int:
        """Return how many deliveries ended in a state."""
        return self.counts.get(state, 0)


def send_due(
    app: App,
    *,
    mails: Mails | None = None,
    stopping: Stopping | None = None,
    on_outcome: Callable[[Outcome], None] = lambda _: None,
) -> SendReport:
    """Send every mail that is due now.

    Args:
        app: The application.
        mails: Makes the mails; one that lives longer than this run keeps the days it has prepared.
        stopping: Ends the run early: what is on its way is finished, the rest is given back.
        on_outcome: Told of each delivery, from the thread of its connection.

    Returns:
        How many ended in which state. A relay that is at fault ends the run; what it did not take
        stays due.

    Raises:
        StoreError: The database refused.
        RecommenderError: The store's vectors are not those of the model.
        DkimKeyError: No mail can be signed.
    """
    held = check_hold(app)
    if held is not None:
        return SendReport({}, held.message)
    enqueue_due(app)
    run = _Run(app, mails or Mails(app), stopping or Event(), on_outcome)
    connections = app.settings.smtp_connections
    if connections == 1:
        run.work()
    else:
        with ThreadPoolExecutor(connections, thread_name_prefix="send") as pool:
            for worker in [pool.submit(run.work) for _ in range(connections)]:
                worker.result()
    report = SendReport(dict(run.counts), run.problem)
    counts = " ".join(f"{state}={count}" for state, count in sorted(report.counts.items()))
    logger.info("send_run %s", counts or "nothing_due")
    return report


class _Run:
    """One run over what is due; its connections share what they met."""

    def __init__(
        self, app: App, mails: Mails, stopping: Stopping, on_outcome: Callable[[Outcome], None]
    ) -> None:
        self.app = app
        self.mails = mails
        self.stopping = stopping
        self.on_outcome = on_outcome
        self.tally = Tally()
        self.counts: Counter[DeliveryState] = Counter()
        self.problem = ""

    def work(self) -> None:
        """Claim, make and hand over, batch by batch, over one connection."""
        owner = f"{socket.gethostname()}-{os.getpid()}-{uuid4().hex[:8]}"
        with self.app.open_mailer() as mailer:
            while not (self.stopping.is_set() or self.problem or self._is_held()):
                grant, paused = ask(self.app, BATCH)
                if paused:
                    self.problem = paused
                elif not self._batch(mailer, owner, grant):
                    break

    def _batch(self, mailer: Mailer, owner: str, grant: Grant) -> bool:
        """Work on one batch; return whether there may be another."""
        app = self.app
        if grant.count == 0:
            return False
        rows = self._claim(owner, grant.count)
        if not rows:
            return_slots(app, grant.count)
            return False
        try:
            ready, finished = prepare(app, owner, rows, self.mails)
        except (RecommenderError, DkimKeyError) as error:
            self._give_back(owner, rows, str(error))
            return_slots(app, grant.count)
            raise
        for outcome in finished:
            self._note(outcome)
        sent = 0
        for outcome in self._send(mailer, owner, ready, grant):
            self._note(outcome)
            sent += outcome.state is not DeliveryState.SKIPPED
        return_slots(app, grant.count - sent)
        note_progress(app)
        return True

    def _is_held(self) -> bool:
        """Return whether the operator, or a doubt, holds the installation by now."""
        held = check_hold(self.app)
        if held is not None:
            self.problem = held.message
        return held is not None

    def _claim(self, owner: str, limit: int) -> list[Delivery]:
        now = self.app.clock()
        until = now + timedelta(seconds=self.app.settings.lease_s)
        with self.app.database.write() as session:
            return claim_due(session, owner, now, until=until, limit=limit)

    def _send(
        self, mailer: Mailer, owner: str, ready: Sequence[Ready], grant: Grant
    ) -> Iterator[Outcome]:
        """Hand mails over, each at its slot; give back what is left when there is a reason."""
        troubled = is_troubled(self.app) if ready else False
        lease = _Lease(self.app, owner)
        for number, item in enumerate(ready):
            why = self._wait(grant, number)
            if not why:
                lease.renew()
                try:
                    outcome = hand_over(self.app, mailer, owner, item, self.tally)
                except LeaseLostError as lost:
                    logger.warning("lease_lost delivery=%d: not sent here", lost.delivery_id)
                    continue
                yield outcome
                why = self._after(outcome)
                if troubled and outcome.state is DeliveryState.SENT:
                    report(self.app, Break.NONE, "")
                    troubled = False
            if why:
                self._give_back(owner, [left.row for left in ready[number:]], why)
                return

    def _wait(self, grant: Grant, number: int) -> str:
        """Wait for a mail's slot; return why there is none, if so."""
        wait = (grant.slot(number) - self.app.clock()).total_seconds()
        if self.stopping.is_set() or (wait > 0 and self.stopping.wait(wait)):
            return "the worker was told to stop"
        if grant.missed(number, self.app.clock()):
            return "its slot at the relay was over"
        return ""

    def _after(self, outcome: Outcome) -> str:
        """Tell others what the relay said; return why this connection stops, if it does."""
        if outcome.relay is Break.NONE:
            return ""
        report(self.app, outcome.relay, outcome.reason)
        if outcome.relay is Break.PAUSE:
            self.problem = outcome.reason
        return f"the relay is at fault: {outcome.reason}"

    def _give_back(self, owner: str, rows: Sequence[Delivery], why: str) -> None:
        ids = [row.id for row in rows if row.id is not None]
        with self.app.database.write() as session:
            give_back(session, ids, owner, self.app.clock(), why)

    def _note(self, outcome: Outcome) -> None:
        self.counts[outcome.state] += 1
        self.on_outcome(outcome)


class _Lease:
    """Keeps a worker's rows its own while it takes its time."""

    def __init__(self, app: App, owner: str) -> None:
        self._app = app
        self._owner = owner
        self._length = timedelta(seconds=app.settings.lease_s)
        self._renewed_at: datetime = app.clock()

    def renew(self) -> None:
        """Renew when a third of it is over."""
        now = self._app.clock()
        if now - self._renewed_at > self._length / 3:
            with self._app.database.write() as session:
                renew_leases(session, self._owner, now + self._length)
            self._renewed_at = now

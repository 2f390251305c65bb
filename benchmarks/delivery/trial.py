"""One trial: an installation, a sink, real workers, and whoever strikes at them.

What a strike is, `benchmarks.delivery.crashes` says; here is what it may look at and do, and how it
ends: the workers are left in peace until nothing is open, and ledger and sink are compared.
"""

import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import Connection, func, text
from sqlmodel import col, select

from benchmarks.delivery.installation import Crowd, Installation, installed
from benchmarks.delivery.ledger import Judgement, judge
from benchmarks.delivery.sink import Conduct, Held, Sink, Stage, running_sink
from benchmarks.delivery.workers import Crew, StuckError
from paperround.context import App
from paperround.store.deliveries import FINAL, HELD
from paperround.store.models import Delivery, DeliveryState, Reader

__all__ = ["LEASE_S", "Trial", "trial"]

LEASE_S = 8.0
"""Short, so that the work of the dead is soon taken over."""
FINAL_TIMEOUT_S = 3.0
PATIENCE_S = 60.0
"""For what happens within a second or two when all is well."""
END_S = 900.0
"""For the whole rest of a trial."""
POLL_S = 0.05
KIND = Conduct()
"""A sink that takes everything at once."""


@dataclass(slots=True)
class Trial:
    """What a strike works with."""

    installation: Installation
    app: App
    sink: Sink
    crew: Crew
    left_at: dict[str, float] = field(default_factory=dict)
    """Who unsubscribed meanwhile, and when."""
    given_up: set[str] = field(default_factory=set)
    """Who need not get a mail."""
    excused: int = 0
    """Duplicates that a strike explains, besides those of the killed."""
    log: list[str] = field(default_factory=list)
    """What is worth a note."""

    def hold(self, stage: Stage, conduct: Conduct = KIND) -> Held:
        """Let the sink stop at a stage, and return where it did."""
        self.sink.behave(replace(conduct, hold_at=stage))
        return self.wait_held(stage)

    def wait_held(self, stage: Stage) -> Held:
        """Wait until the sink has stopped where it was told to.

        Raises:
            StuckError: Nobody came that far.
        """
        deadline = time.monotonic() + PATIENCE_S
        while time.monotonic() < deadline:
            held = self.sink.wait_held(POLL_S)
            if held is not None:
                return held
            self.crew.look_after()
        raise StuckError(f"no worker came as far as {stage}")

    def talker(self, held: Held) -> int:
        """Return who is talking to the sink where it has stopped."""
        pid = self.crew.talking_from(held.port)
        if pid is None:
            raise StuckError(f"nobody has the connection that stopped at {held.stage}")
        return pid

    def until(
        self, condition: Callable[[], bool], what: str, patience_s: float = PATIENCE_S
    ) -> None:
        """Look after the workers until a condition holds.

        Raises:
            StuckError: It never did.
        """
        deadline = time.monotonic() + patience_s
        while not condition():
            if time.monotonic() > deadline:
                raise StuckError(f"it never came about that {what}; see {self.crew.log}")
            self.crew.look_after()
            time.sleep(POLL_S)

    def states(self) -> Counter[str]:
        """Return how many rows are in each state."""
        with self.app.database.read() as session:
            query = select(Delivery.state, func.count()).group_by(col(Delivery.state))
            return Counter(dict(session.exec(query).all()))

    def holdings(self) -> dict[int, set[str]]:
        """Return the states of the rows that each process holds."""
        with self.app.database.read() as session:
            query = select(Delivery.lease_owner, Delivery.state).where(
                col(Delivery.state).in_(HELD), col(Delivery.lease_owner).is_not(None)
            )
            found: dict[int, set[str]] = {}
            for owner, state in session.exec(query.distinct()):
                # host-pid-xxxxxxxx, and a host's name may have hyphens.
                found.setdefault(int((owner or "").split("-")[-2]), set()).add(state)
            return found

    def rows_of(self, pid: int) -> list[int]:
        """Return the rows that a process holds."""
        query = select(Delivery.id).where(
            col(Delivery.state).in_(HELD), col(Delivery.lease_owner).contains(f"-{pid}-")
        )
        with self.app.database.read() as session:
            return [key for key in session.exec(query) if key is not None]

    def are_final(self, ids: Sequence[int]) -> bool:
        """Return whether all of these rows are at their end."""
        query = select(Delivery.id).where(
            col(Delivery.id).in_(ids), col(Delivery.state).not_in(FINAL)
        )
        with self.app.database.read() as session:
            return session.exec(query).first() is None

    def row_of(self, address: str) -> Delivery | None:
        """Return the row of one reader."""
        with self.app.database.read() as session:
            query = select(Delivery).join(Reader).where(col(Reader.address) == address)
            return session.exec(query).first()

    def kill_holding(
        self, state: DeliveryState, *, but_not: DeliveryState = DeliveryState.DATA_STARTED
    ) -> None:
        """Kill a worker at a moment at which it holds rows in one state and none in another.

        It is frozen first and looked at again, so that the moment is certain.

        Raises:
            StuckError: There was no such moment.
        """
        deadline = time.monotonic() + PATIENCE_S
        while time.monotonic() < deadline:
            for pid, states in self.holdings().items():
                if state not in states or but_not in states or not self.crew.freeze(pid):
                    continue
                states = self.holdings().get(pid, set())
                if state in states and but_not not in states:
                    self.crew.kill(pid)
                    return
                self.crew.thaw(pid)
            self.crew.look_after()
        raise StuckError(f"no worker was seen with rows that are {state}")

    @contextmanager
    def locked(self, sqlite: str, postgresql: str) -> Iterator[Connection]:
        """Hold a lock in the database, by the statements that take it."""
        connection = self.app.database.engine.connect()
        try:
            statement = sqlite if self.installation.kind == "sqlite" else postgresql
            if statement:
                connection.execute(text(statement))
            yield connection
        finally:
            connection.rollback()
            connection.close()

    def finish(self) -> None:
        """Leave the workers in peace until nothing is left to be done.

        Raises:
            StuckError: They never came to an end.
        """
        self.sink.behave(KIND)
        self.crew.start_again()
        deadline = time.monotonic() + END_S
        while not self.crew.is_finished:
            if time.monotonic() > deadline:
                raise StuckError(f"the run never ended: {dict(self.states())}")
            self.crew.look_after()
            time.sleep(POLL_S)

    def judge(self, *, allowed: int, forgetful: bool = False) -> Judgement:
        """Compare ledger and sink."""
        return judge(
            self.app,
            self.sink.received(),
            allowed=allowed + self.excused,
            left_at=self.left_at,
            given_up=frozenset(self.given_up),
            forgetful=forgetful,
        )


@contextmanager
def trial(
    kind: str,
    crowd: Crowd,
    *,
    conduct: Conduct = KIND,
    connections: int = 1,
    samples: int = 0,
    settings: Mapping[str, str] | None = None,
) -> Iterator[Trial]:
    """Set everything up, with two workers about to begin.

    Args:
        kind: of the database.
        crowd: how many readers and papers.
        conduct: of the sink, until a strike wishes for another.
        connections: of each worker.
        samples: of how many mails the sink keeps the bytes.
        settings: to be other than usual, by their names.
    """
    changed = {
        "lease_s": f"{LEASE_S}",
        "smtp_final_timeout_s": f"{FINAL_TIMEOUT_S}",
        "smtp_connections": f"{connections}",
        **(settings or {}),
    }
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="paperround-kill-")))
        installation = stack.enter_context(installed(folder, kind, crowd, changed))
        sink = stack.enter_context(running_sink(folder, conduct, samples=samples))
        environment = installation.at_relay(sink.port)
        app = stack.enter_context(installation.opened(environment))
        crew = stack.enter_context(Crew(environment, folder))
        yield Trial(installation, app, sink, crew)

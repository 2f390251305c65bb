"""The crash points T20 to T31 of the reference, each as a strike at a real worker process.

Nothing in the product helps: the sink stops in the middle of a conversation and the worker that
leads it is killed, or the database is watched until its rows are in the state that is wanted, the
worker that holds them is frozen, looked at again, and killed.
"""

import sqlite3
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from sqlalchemy import func, text
from sqlmodel import col, select

from benchmarks.delivery.sink import Conduct, Stage
from benchmarks.delivery.trial import Trial
from benchmarks.delivery.wal import forget_commits
from benchmarks.delivery.workers import StuckError
from paperround.store.deliveries import FINAL, HELD
from paperround.store.models import Delivery, DeliveryState, Reader

__all__ = ["POINTS", "Point"]

Strike = Callable[[Trial], None]

SLOW = Conduct(delay_s=0.05)
"""So that there is something left to be struck at."""
LOST_COMMITS = 40
POISONED = "ada7@reader.example"
LEAVE_WITHIN_S = 30.0
POISON_S = 300.0


@dataclass(frozen=True, slots=True)
class Point:
    """One crash point."""

    id: str
    when: str
    strike: Strike
    strikes: int = 3
    """How often, at different workers or in their next lives."""
    doubles: bool = False
    """Whether the relay has the mail when the worker dies, so that one more is unavoidable."""
    readers: int = 60
    kinds: tuple[str, ...] = ("sqlite", "postgresql")
    settings: dict[str, str] = field(default_factory=dict)
    holds: bool = False
    """Whether mails in doubt wait for the operator instead of being sent again."""
    forgetful: bool = False
    """Whether the database loses commits, so that a mail may be made anew."""


def _claimed(trial: Trial) -> None:
    trial.kill_holding(DeliveryState.CLAIMED)


def _rendered(trial: Trial) -> None:
    trial.kill_holding(DeliveryState.RENDERED)


def _at(stage: Stage) -> Strike:
    """Return a strike at whoever has come to a stage of the conversation."""

    def strike(trial: Trial) -> None:
        held = trial.hold(stage, SLOW)
        trial.crew.kill(trial.talker(held))
        trial.sink.let_go()

    return strike


def _before_commit(trial: Trial) -> None:
    """Kill a worker that has read the 250 and waits for the database (T25)."""
    held = trial.hold(Stage.DOT, SLOW)
    pid = trial.talker(held)
    with trial.locked("SELECT 1", "LOCK TABLE delivery IN EXCLUSIVE MODE"):
        trial.sink.behave(Conduct(SLOW.delay_s, hold_at=Stage.SENT))
        trial.sink.let_go()
        # Another conversation may be the first to get its answer; its worker waits as well.
        again = trial.wait_held(Stage.SENT)
        pid = trial.crew.talking_from(again.port) or pid
        time.sleep(0.2)
        trial.crew.kill(pid)
    trial.sink.let_go()


def _after_commit(trial: Trial) -> None:
    """Kill a worker that has finished one mail and begins with the next (T26)."""
    for _ in range(200):
        held = trial.hold(Stage.MAIL, SLOW)
        before = [mail for mail in trial.sink.received() if mail.port == held.port]
        if before:
            break
        trial.sink.let_go()
    else:
        raise StuckError("no worker ever sent two mails over one connection")
    pid = trial.talker(held)
    with trial.app.database.read() as session:
        query = select(Delivery.state).where(Delivery.message_id == before[-1].message_id)
        if session.exec(query).one() != DeliveryState.SENT:
            raise StuckError("a worker began a mail before it had finished the one before")
    trial.crew.kill(pid)
    trial.sink.let_go()


def _enqueueing(trial: Trial) -> None:
    """Kill all workers in the middle of opening the rows: none may be open afterwards (T28)."""
    if trial.installation.kind == "postgresql":
        # Rows can be inserted and readers be locked, but their next hour cannot be set.
        with trial.locked("", "LOCK TABLE reader IN SHARE MODE"):
            trial.until(lambda: _count_backends(trial, "wait_event_type = 'Lock'") > 0, "one waits")
            trial.crew.kill_all()
        trial.until(lambda: _count_backends(trial, "state <> 'idle'") == 0, "none is open")
    else:
        trial.until(lambda: _is_writing(trial), "a worker is seen while it opens rows")
        trial.crew.kill_all()
    _check_half(trial)
    trial.crew.start_again()


def _count_backends(trial: Trial, condition: str) -> int:
    """Return how many other connections PostgreSQL has to this database."""
    query = (
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
        f"AND pid <> pg_backend_pid() AND {condition}"
    )
    with trial.app.database.read() as session:
        count: int = session.execute(text(query)).scalar_one()
    return count


def _is_writing(trial: Trial) -> bool:
    """Return whether somebody has had SQLite's write lock for long: longer than any other step."""
    for _ in range(20):
        if not _is_locked(trial):
            return False
        time.sleep(0.001)
    return True


def _is_locked(trial: Trial) -> bool:
    connection = sqlite3.connect(str(trial.app.database.path), timeout=0, isolation_level=None)
    try:
        connection.execute("BEGIN IMMEDIATE")
    except sqlite3.OperationalError:
        return True
    finally:
        connection.close()
    return False


def _check_half(trial: Trial) -> None:
    """Compare the rows that are open with the readers whose next hour is set."""
    with trial.app.database.read() as session:
        rows = session.exec(select(func.count()).select_from(Delivery)).one()
        query = select(func.count()).select_from(Reader)
        set_on = session.exec(
            query.where(col(Reader.next_due_at) > trial.installation.due_at)
        ).one()
    trial.log.append(f"T28 on {trial.installation.kind}: {rows} rows open after a kill")
    if rows != set_on:
        raise StuckError(f"T28: {rows} rows were opened for {set_on} readers")


def _asked_to_leave(trial: Trial) -> None:
    """Ask all workers to leave while they are sending (T29)."""
    trial.sink.behave(Conduct(delay_s=0.2))
    before = trial.states()[DeliveryState.SENT]
    trial.until(lambda: trial.states()[DeliveryState.SENT] > before + 2, "some mails are out")
    seconds = trial.crew.ask_to_leave(LEAVE_WITHIN_S)
    held = sum(trial.states()[state] for state in HELD)
    trial.log.append(
        f"T29 on {trial.installation.kind}: left after {seconds:.1f} s, {held} rows not given back"
    )
    if held:
        raise StuckError(f"T29: workers left and held {held} rows")
    trial.crew.start_again()


def _poisoned(trial: Trial) -> None:
    """Kill whoever works on one reader's mail, until it is given up (T30)."""
    trial.given_up.add(POISONED)
    before = trial.crew.kills
    deadline = time.monotonic() + POISON_S
    while (row := trial.row_of(POISONED)) is None or row.state not in FINAL:
        if time.monotonic() > deadline:
            raise StuckError("T30: the mail that kills its workers is tried for ever")
        if row is None or row.state != DeliveryState.CLAIMED:
            trial.crew.look_after()
            continue
        pid = int((row.lease_owner or "").split("-")[-2])
        if trial.crew.freeze(pid):
            again = trial.row_of(POISONED)
            if again is not None and again.state == DeliveryState.CLAIMED:
                trial.crew.kill(pid)
            else:
                trial.crew.thaw(pid)
    last = trial.row_of(POISONED)
    trial.log.append(
        f"T30 on {trial.installation.kind}: the mail that killed {trial.crew.kills - before} "
        f"workers ended as {last.state if last else 'nothing'}"
    )


def _stuck(stage: Stage) -> Strike:
    """Return a strike that freezes a worker until another has done its work (T31)."""

    def strike(trial: Trial) -> None:
        held = trial.hold(stage, SLOW)
        pid = trial.talker(held)
        trial.crew.freeze(pid)
        ids = trial.rows_of(pid)
        trial.until(lambda: trial.are_final(ids), "others have done its work")
        trial.sink.let_go()
        trial.crew.thaw(pid)
        trial.finish()
        told = trial.crew.log.read_text(encoding="utf-8", errors="replace").count("lease_lost")
        trial.log.append(
            f"T31 on {trial.installation.kind}, at {stage}: {len(ids)} rows taken over; the late "
            f"worker wrote lease_lost {told} times"
        )

    return strike


def _power_cut(trial: Trial) -> None:
    """Kill all workers and take the last commits from the database (T27)."""
    trial.sink.behave(SLOW)
    trial.until(lambda: trial.states()[DeliveryState.SENT] > 30, "half of the mails are out")
    path = trial.app.database.path
    assert path is not None
    # Whoever closes the database last copies the log into it: that must not be us.
    trial.app.database.dispose()
    trial.crew.kill_all()
    lost = forget_commits(path, LOST_COMMITS)
    trial.excused += lost
    trial.log.append(f"T27 on {trial.installation.kind}: {lost} commits lost")
    trial.crew.start_again()


def _disconnected(trial: Trial) -> None:
    """Cut all connections to the database, as a failover does (T37)."""
    trial.sink.behave(SLOW)
    before = trial.states()[DeliveryState.SENT]
    trial.until(lambda: trial.states()[DeliveryState.SENT] > before + 5, "some mails are out")
    statement = (
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
        "WHERE pid <> pg_backend_pid() AND datname = current_database()"
    )
    with trial.app.database.read() as session:
        session.execute(text(statement))
    trial.excused += len(trial.crew.pids)


POINTS: tuple[Point, ...] = (
    Point("T20", "after the claim", _claimed),
    Point("T21", "after the rendering", _rendered),
    Point("T22", "between RCPT and DATA", _at(Stage.DATA)),
    Point("T23", "in the middle of the body", _at(Stage.BODY)),
    Point("T24", "after the dot, before the 250", _at(Stage.DOT), doubles=True),
    Point(
        "T24h",
        "the same, mails in doubt are held",
        _at(Stage.DOT),
        settings={"on_ambiguous": "hold"},
        holds=True,
    ),
    Point("T25", "after the 250, before the commit", _before_commit, doubles=True),
    Point("T26", "after the commit", _after_commit),
    Point(
        "T27",
        "a power cut takes the last commits",
        _power_cut,
        1,
        doubles=True,
        kinds=("sqlite",),
        forgetful=True,
    ),
    Point("T28", "while rows are opened", _enqueueing, 2, readers=500),
    Point("T29", "SIGTERM while sending", _asked_to_leave, 2),
    Point("T30", "one mail kills its workers", _poisoned, 1),
    Point("T31", "frozen before DATA, lease taken over", _stuck(Stage.DATA), 1),
    Point("T31b", "frozen after the dot, lease taken over", _stuck(Stage.DOT), 1, doubles=True),
    Point(
        "T37",
        "the database drops all connections",
        _disconnected,
        2,
        kinds=("postgresql",),
    ),
)

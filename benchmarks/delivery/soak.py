"""A bad day in small: a relay in a mood, workers that die, readers who leave meanwhile (T130).

The relay tells some recipients to come later, cuts the line in the middle of some mails, and takes
some without saying so. What a worker would wait minutes for is due at once here: retries and the
pause after a fault of the relay are brought forward in the database.
"""

import random
import time
from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import update
from sqlmodel import col

from benchmarks.delivery.installation import KINDS, Crowd
from benchmarks.delivery.kill import COLUMNS, Outcome
from benchmarks.delivery.sink import Conduct
from benchmarks.delivery.trial import END_S, Trial, trial
from benchmarks.delivery.workers import StuckError
from benchmarks.report import Goal, Report
from digest.lint import Severity, lint
from paperround.services.leaving import unsubscribe_reader
from paperround.store.models import Delivery, DeliveryState, Relay

__all__ = ["Size", "run", "soak"]

MOOD = Conduct(delay_s=0.03, refuse=0.05, cut=0.005, swallow=0.005)
CONNECTIONS = 2
HURRY_S = 0.5
"""How often waiting rows and a paused relay are brought forward."""


@dataclass(frozen=True, slots=True)
class Size:
    """How much of it."""

    kinds: tuple[str, ...] = KINDS
    readers: int = 2_000
    kills: int = 40
    every_s: float = 3.0
    """Between one kill and the next, on average."""
    leaving: int = 60
    """Readers who unsubscribe while mails go out."""
    samples: int = 50
    """Mails whose bytes are linted as they came."""


def run(size: Size | None = None) -> Report:
    """Run the day on each database."""
    size = size or Size()
    outcomes = [soak(kind, size) for kind in size.kinds]
    broken = sum(not outcome.is_sound for outcome in outcomes)
    lost = sum(outcome.judgement.lost for outcome in outcomes)
    return Report(
        title="Soak: a relay in a mood, workers that die, readers who leave",
        columns=("database", *COLUMNS),
        rows=tuple(outcome.row(kind) for kind, outcome in zip(size.kinds, outcomes, strict=True)),
        goals=(
            Goal("digests lost", lost, 0, at_least=False),
            Goal("runs in which an invariant broke", broken, 0, at_least=False),
        ),
        notes=(
            f"The sink answers {MOOD.refuse:.0%} of recipients with 451, cuts the line in "
            f"{MOOD.cut:.1%} of mails and takes {MOOD.swallow:.1%} without an answer; 2 workers of "
            f"{CONNECTIONS} connections; {size.leaving} readers unsubscribe meanwhile; waits of "
            "minutes are brought forward.",
            "May be: kills times connections, and the mails that were taken without an answer.",
            *(note for outcome in outcomes for note in outcome.notes),
        ),
    )


def soak(kind: str, size: Size) -> Outcome:
    """Run the day on one database, and judge."""
    start = time.monotonic()
    rng = random.Random(1)
    crowd = Crowd(size.readers)
    with trial(kind, crowd, conduct=MOOD, connections=CONNECTIONS, samples=size.samples) as field:
        stuck = ""
        try:
            _live_through(field, size, rng)
        except StuckError as error:
            stuck = str(error)
        untold = sum(not mail.answered for mail in field.sink.received())
        allowed = field.crew.kills * CONNECTIONS + untold
        judgement = field.judge(allowed=allowed)
        problems = [stuck] * bool(stuck) + sorted(set(judgement.broken)) + list(_faults(field))
        states = ", ".join(f"{count} {state}" for state, count in judgement.states.most_common())
        notes = (
            f"{kind}: {states}; {untold} mails taken without an answer, {len(field.left_at)} "
            f"readers left, {field.crew.failures} workers left by themselves.",
            *(f"{kind}: {problem}" for problem in problems),
        )
        return Outcome(field.crew.kills, judgement, allowed, time.monotonic() - start, notes, stuck)


def _live_through(field: Trial, size: Size, rng: random.Random) -> None:
    """Kill, unsubscribe and hurry, until nothing is left to be done."""
    deadline = time.monotonic() + END_S
    next_kill = time.monotonic() + rng.expovariate(1 / size.every_s)
    next_hurry = 0.0
    leaving = iter(rng.sample(range(size.readers), size.leaving))
    leave_each = max(1, size.readers // (2 * size.leaving))
    while not field.crew.is_finished:
        now = time.monotonic()
        if now > deadline:
            raise StuckError(f"the day never ended: {dict(field.states())}")
        field.crew.look_after()
        if now > next_kill and field.crew.pids and field.crew.kills < size.kills:
            field.crew.kill(rng.choice(field.crew.pids))
            next_kill = now + rng.expovariate(1 / size.every_s)
        if now > next_hurry:
            _hurry(field)
            next_hurry = now + HURRY_S
        if len(field.sink.received()) > leave_each * (len(field.left_at) + 1):
            _leave(field, leaving)
        time.sleep(0.02)


def _leave(field: Trial, leaving: Iterator[int]) -> None:
    """Let one more reader unsubscribe, by the service that every way out uses."""
    number = next(leaving, None)
    if number is not None:
        address = f"ada{number}@reader.example"
        unsubscribe_reader(field.app, address, how="command")
        field.left_at[address] = time.time()


def _hurry(field: Trial) -> None:
    """Bring forward what waits: rows that were told to come later, and a relay left in peace."""
    now = field.app.clock()
    waiting = update(Delivery).where(
        col(Delivery.state) == DeliveryState.DEFERRED, col(Delivery.retry_at) > now
    )
    with field.app.database.write() as session:
        session.execute(waiting.values(retry_at=now))
        session.execute(update(Relay).values(paused_until=None, slowdown=1.0))


def _faults(field: Trial) -> Iterator[str]:
    """Yield what our own lint says of the mails as they came."""
    for path in field.installation.folder.glob("*.eml"):
        for one in lint(path.read_bytes()):
            if one.severity is Severity.ERROR:
                yield f"lint: {one}"

"""The kill test: real workers die at every crash point, and at random moments of a long run.

What must hold afterwards: no digest is lost; a mail comes twice only where the relay may have had
it when a worker died, with the same Message-ID and the same bytes; and the invariants I1 to I6.
"""

import math
import random
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from benchmarks.delivery.crashes import POINTS, Point
from benchmarks.delivery.installation import KINDS, Crowd
from benchmarks.delivery.ledger import Judgement
from benchmarks.delivery.sink import Conduct
from benchmarks.delivery.trial import Trial, trial
from benchmarks.delivery.workers import StuckError
from benchmarks.report import Goal, Report, Row

__all__ = ["Outcome", "Size", "kill_at", "kill_at_random", "points", "random_moments"]

WORKERS = 2
CONNECTIONS = 2
"""Of each worker in the long run."""
AT_WORK_S = 2.0
"""How long a worker is at work in the long run, at the most, before it is killed."""
YOUNG, YOUNG_S = 0.1, 4.0
"""Share of them who die at a moment of their first seconds, most of which go by in starting."""
FIRST_DELAY_S = 0.05
LONGEST_DELAY_S = 2.0


@dataclass(frozen=True, slots=True)
class Size:
    """How much of it."""

    kinds: tuple[str, ...] = KINDS
    points: tuple[Point, ...] = POINTS
    strikes: int | None = None
    """At each point; None for its own number."""
    readers: int = 2_000
    kills: int = 200


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one trial."""

    kills: int
    judgement: Judgement
    allowed: int
    seconds: float
    notes: tuple[str, ...] = ()
    stuck: str = ""

    @property
    def is_sound(self) -> bool:
        """Whether it came to an end, and everything holds."""
        return not self.stuck and self.judgement.is_sound

    def row(self, *labels: str) -> Row:
        """Return it as a row of a table."""
        found = self.judgement
        return (
            *labels,
            f"{self.kills:,}",
            f"{found.due:,}",
            f"{found.mails:,}",
            f"{found.lost:,}",
            f"{found.duplicates:,}",
            f"{self.allowed:,}",
            f"{found.unlike:,}",
            "hold" if self.is_sound else "BROKEN",
            f"{self.seconds:.0f}",
        )


COLUMNS = ("kills", "due", "mails", "lost", "doubled", "may be", "unlike", "I1-I6", "seconds")


def points(size: Size | None = None) -> Iterator[Report]:
    """Kill at every crash point, on each database; yields a table for each."""
    size = size or Size()
    for kind in size.kinds:
        chosen = [point for point in size.points if kind in point.kinds]
        outcomes = [kill_at(point, kind, size.strikes) for point in chosen]
        yield Report(
            title=f"Kill test, {kind}: workers killed at every crash point",
            columns=("point", "when the worker dies", *COLUMNS),
            rows=tuple(
                outcome.row(point.id, point.when)
                for point, outcome in zip(chosen, outcomes, strict=True)
            ),
            goals=_goals(outcomes),
            notes=(
                f"{WORKERS} workers of one connection each; may be: mails that the relay had when "
                "the worker died, or whose commit was lost; unlike: rows whose mails differ in a "
                "byte.",
                *(note for outcome in outcomes for note in outcome.notes),
            ),
        )


def random_moments(size: Size | None = None) -> Report:
    """Kill at random moments of a long run, on each database."""
    size = size or Size()
    outcomes = [kill_at_random(kind, size) for kind in size.kinds]
    return Report(
        title="Kill test: workers killed at random moments of one long run",
        columns=("database", *COLUMNS),
        rows=tuple(outcome.row(kind) for kind, outcome in zip(size.kinds, outcomes, strict=True)),
        goals=_goals(outcomes),
        notes=(
            f"{WORKERS} workers of {CONNECTIONS} connections each; each is killed within "
            f"{AT_WORK_S:g} s of its first row, {YOUNG:.0%} within {YOUNG_S:g} s of its start, and "
            "replaced. May be: kills times connections.",
            *(note for outcome in outcomes for note in outcome.notes),
        ),
    )


def kill_at(point: Point, kind: str, strikes: int | None = None) -> Outcome:
    """Strike at one crash point, let the rest be sent in peace, and judge."""
    start = time.monotonic()
    count = min(strikes or point.strikes, point.strikes)
    with trial(kind, Crowd(point.readers), settings=point.settings) as field:
        stuck = ""
        try:
            for _ in range(count):
                point.strike(field)
            field.finish()
        except StuckError as error:
            stuck = str(error)
        allowed = count if point.doubles and not point.forgetful else 0
        return _outcome(field, allowed, start, stuck, forgetful=point.forgetful, name=point.id)


def kill_at_random(kind: str, size: Size) -> Outcome:
    """Kill workers at random moments until so many are dead, let the rest finish, and judge.

    The sink answers as slowly as is needed for the mails to last as long as the kills do.
    """
    start = time.monotonic()
    rng = random.Random(1)
    met: Counter[str] = Counter()
    crowd = Crowd(size.readers)
    slow = Conduct(delay_s=FIRST_DELAY_S)
    with trial(kind, crowd, conduct=slow, connections=CONNECTIONS) as field:
        stuck = ""
        try:
            _kill_often(field, size, rng, met)
            field.finish()
        except StuckError as error:
            stuck = str(error)
        told = ", ".join(f"{count} {what}" for what, count in met.most_common())
        field.log.append(f"{kind}: what the killed were holding: {told}.")
        allowed = field.crew.kills * CONNECTIONS
        return _outcome(field, allowed, start, stuck, name=f"random, {kind}")


def _kill_often(field: Trial, size: Size, rng: random.Random, met: Counter[str]) -> None:
    """Kill whoever's time has come, and keep the mails in step with the kills."""
    dies_at: dict[int, float] = {}
    delay_s = FIRST_DELAY_S
    while field.crew.kills < size.kills and not field.crew.is_finished:
        field.crew.look_after()
        now, holdings = time.monotonic(), field.holdings()
        for pid in field.crew.pids:
            _set_end(dies_at, pid, now, rng, is_working=pid in holdings)
            if now < dies_at[pid] or not field.crew.freeze(pid):
                continue
            met[_told(field.holdings().get(pid, set()))] += 1
            field.crew.kill(pid)
            ahead = _share_sent(field, size) - field.crew.kills / size.kills
            delay_s = min(max(delay_s * (1.3 if ahead > 0 else 0.8), 0.002), LONGEST_DELAY_S)
            field.sink.behave(Conduct(delay_s=delay_s))
        time.sleep(0.01)


def _set_end(
    dies_at: dict[int, float], pid: int, now: float, rng: random.Random, *, is_working: bool
) -> None:
    """Set the time at which a worker dies: when it is born for some, for most when it works."""
    if pid not in dies_at:
        dies_at[pid] = now + rng.uniform(0, YOUNG_S) if rng.random() < YOUNG else math.inf
    if is_working and math.isinf(dies_at[pid]):
        dies_at[pid] = now + rng.uniform(0, AT_WORK_S)


def _share_sent(field: Trial, size: Size) -> float:
    return len(field.sink.received()) / size.readers


def _told(states: set[str]) -> str:
    """Return in words how far a worker was: its furthest row counts."""
    if "data_started" in states:
        return "a mail on its way"
    if "rendered" in states:
        return "rendered rows"
    return "claimed rows" if states else "nothing yet"


def _outcome(
    field: Trial, allowed: int, start: float, stuck: str, *, name: str, forgetful: bool = False
) -> Outcome:
    judgement = field.judge(allowed=allowed, forgetful=forgetful)
    problems = [*([stuck] if stuck else []), *Counter(judgement.broken)]
    if field.crew.failures:
        field.log.append(f"{name}: {field.crew.failures} workers left by themselves, in disorder")
    if judgement.remade:
        field.log.append(f"{name}: {judgement.remade} mails were made anew, with another Date")
    return Outcome(
        kills=field.crew.kills,
        judgement=judgement,
        allowed=allowed + field.excused,
        seconds=time.monotonic() - start,
        notes=(*field.log, *(f"{name}: {problem}" for problem in problems)),
        stuck=stuck,
    )


def _goals(outcomes: Sequence[Outcome]) -> tuple[Goal, ...]:
    lost = sum(outcome.judgement.lost for outcome in outcomes)
    unlike = sum(outcome.judgement.unlike for outcome in outcomes)
    broken = sum(not outcome.is_sound for outcome in outcomes)
    return (
        Goal("digests lost", lost, 0, at_least=False),
        Goal("mails that differ from their first", unlike, 0, at_least=False),
        Goal("runs in which an invariant broke", broken, 0, at_least=False),
    )

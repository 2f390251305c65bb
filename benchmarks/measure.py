"""Seconds and memory: of a call, of calls taking turns, of a process that does nothing else.

Knows nothing of what is measured.
"""

import resource
import statistics
import sys
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import Generic, ParamSpec, TypeVar

__all__ = [
    "Measured",
    "Prepare",
    "Timed",
    "Work",
    "in_own_process",
    "median_ratio",
    "peak_mb",
    "rate",
    "seconds_of",
    "take_turns",
]

Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")

Work = Callable[[], object]
Prepare = Callable[[], Work]

_STATUS = Path("/proc/self/status")


@dataclass(frozen=True, slots=True)
class Timed:
    """So many things in so many seconds."""

    count: int
    seconds: float

    @property
    def rate(self) -> float:
        """Things per second."""
        return self.count / self.seconds


@dataclass(frozen=True, slots=True)
class Measured(Generic[Result]):
    """What a process of its own returned, and the most memory it held."""

    value: Result
    peak_mb: float


def seconds_of(work: Work) -> float:
    """Return how long one call takes."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def take_turns(parts: Mapping[str, Prepare], rounds: int) -> dict[str, list[float]]:
    """Do every part once a round, every other round in reverse, and return their seconds.

    On a machine that others use as well, neighbours in time are comparable and minutes apart are
    not; and who goes second finds warmer caches.

    Args:
        parts: each prepares, outside of the time, what is then called and timed.
        rounds: how often.
    """
    seconds: dict[str, list[float]] = {name: [] for name in parts}
    for number in range(rounds):
        for name in list(parts)[:: 1 if number % 2 == 0 else -1]:
            seconds[name].append(seconds_of(parts[name]()))
    return seconds


def median_ratio(above: Sequence[float], below: Sequence[float]) -> float:
    """Return the median of the ratios within each round."""
    return statistics.median(a / b for a, b in zip(above, below, strict=True))


def rate(timings: Iterable[Timed]) -> float:
    """Return the median rate of several runs, in things per second."""
    return statistics.median(timed.rate for timed in timings)


def in_own_process(
    function: Callable[Arguments, Result], *args: Arguments.args, **kwargs: Arguments.kwargs
) -> Measured[Result]:
    """Call a function of a module in a fresh process that ends after it."""
    with ProcessPoolExecutor(max_workers=1, mp_context=get_context("spawn")) as pool:
        return pool.submit(_measured, function, args, kwargs).result()


def _measured(
    function: Callable[..., Result], args: Sequence[object], kwargs: Mapping[str, object]
) -> Measured[Result]:
    value = function(*args, **kwargs)
    return Measured(value, peak_mb())


def peak_mb() -> float:
    """Return the most memory that this process has held, in MB of 2**20 bytes.

    Linux starts the `ru_maxrss` of a program at that of whoever started it, so that a small process
    of a large one looks large; VmHWM is the program's own. Source: getrusage(2), proc(5).
    """
    if _STATUS.exists():
        for line in _STATUS.read_text(encoding="ascii", errors="replace").splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) / 1024
    # Bytes on macOS, kilobytes elsewhere.
    unit = 2**20 if sys.platform == "darwin" else 2**10
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit

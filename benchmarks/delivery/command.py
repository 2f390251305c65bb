"""The command line of the proofs of delivery."""

import argparse
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date

from rich.console import Console

from benchmarks.delivery.postfix import MissingToolError
from benchmarks.delivery.workers import StuckError
from benchmarks.machine import load_line, machine_lines
from benchmarks.report import Report, show

__all__ = ["PROOFS", "main"]

WIDTH = 140

EPILOG = """
examples:
  python -m benchmarks.delivery --fast           all of them in small
  python -m benchmarks.delivery crash-points     workers killed at every crash point
  python -m benchmarks.delivery year quality     two of them
"""


def _year(fast: bool) -> Iterable[Report]:
    from benchmarks.delivery import year

    yield year.run(year.Size(last=date(2026, 12, 31)) if fast else None)


def _week(fast: bool) -> Iterable[Report]:
    from benchmarks.delivery import week

    size = week.Size()
    yield week.run(replace(size, zones=size.zones[::12], starts=size.starts[:1]) if fast else size)


def _quality(fast: bool) -> Iterable[Report]:
    from benchmarks.delivery import quality

    yield quality.run()


def _hosts(fast: bool) -> Iterable[Report]:
    from benchmarks.delivery import hosts

    yield hosts.run(hosts.Size(readers=200, after_s=5) if fast else None)


def _points(fast: bool) -> Iterable[Report]:
    from benchmarks.delivery import kill

    yield from kill.points(kill.Size(strikes=1) if fast else None)


def _kill(fast: bool) -> Iterable[Report]:
    from benchmarks.delivery import kill

    yield kill.random_moments(kill.Size(readers=200, kills=20) if fast else None)


def _soak(fast: bool) -> Iterable[Report]:
    from benchmarks.delivery import soak

    yield soak.run(soak.Size(readers=200, kills=5, leaving=10) if fast else None)


def _throughput(fast: bool) -> Iterable[Report]:
    from benchmarks.delivery import throughput

    small = throughput.Size(readers=2_000, usual=500, ranked=200, compared=2_000)
    yield throughput.run(small if fast else None)


def _memory(fast: bool) -> Iterable[Report]:
    from benchmarks.delivery import throughput

    yield throughput.memory(throughput.Size(crowds=(200, 2_000)) if fast else None)


PROOFS: Mapping[str, Callable[[bool], Iterable[Report]]] = {
    "year": _year,
    "week": _week,
    "quality": _quality,
    "hosts": _hosts,
    "crash-points": _points,
    "kill": _kill,
    "soak": _soak,
    "throughput": _throughput,
    "memory": _memory,
}
"""In the order in which they are run."""


def main(arguments: Sequence[str]) -> int:
    """Print a table a proof; return 1 when a goal was missed."""
    asked = _parser().parse_args(arguments)
    console = Console(highlight=False, width=None if sys.stdout.isatty() else WIDTH)
    for line in machine_lines(["python", "-m", "benchmarks.delivery", *arguments]):
        console.print(line, markup=False)
    missed = [name for name in asked.proofs or PROOFS if not _prove(console, name, asked.fast)]
    return 1 if missed else 0


def _prove(console: Console, name: str, fast: bool) -> bool:
    """Run one proof; return whether every goal of it was reached."""
    before = load_line()
    reached = True
    try:
        for report in PROOFS[name](fast):
            show(console, report)
            reached = reached and all(goal.is_reached for goal in report.goals)
    except MissingToolError as error:
        console.print(f"\n{name}: skipped, {error}", markup=False)
    except StuckError as error:
        console.print(f"\n{name}: {error}", markup=False)
        reached = False
    console.print(f"load before: {before}; after: {load_line()}", markup=False)
    return reached


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.delivery",
        description="Every digest once, at the reader's own hour, whatever breaks: the proofs.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "proofs", nargs="*", metavar="NAME", help=f"any of {', '.join(PROOFS)}", type=_known
    )
    parser.add_argument("--fast", action="store_true", help="in small: a few minutes for all")
    return parser


def _known(name: str) -> str:
    if name not in PROOFS:
        raise argparse.ArgumentTypeError(f"no proof {name}; there are {', '.join(PROOFS)}")
    return name

"""Runs the benchmarks that are named, or all of them, and prints a table each."""

import argparse
import sys
from collections.abc import Callable, Sequence
from importlib import import_module

from rich.console import Console

from benchmarks.machine import load_line, machine_lines
from benchmarks.report import Report, show

SPEED = {
    "ingest": "benchmarks.ingest",
    "embedding": "benchmarks.embedding",
    "ranking-speed": "benchmarks.ranking_speed",
    "digests": "benchmarks.digests",
}
QUALITY = "ranking"
"""Run by name only: its first run embeds papers for a quarter of an hour."""
NAMES = (*SPEED, QUALITY)


def main(arguments: Sequence[str]) -> None:
    """Measure and print; takes some minutes for each benchmark of speed."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks",
        description=__doc__,
        epilog="Example: python -m benchmarks ingest",
    )
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"one of {', '.join(NAMES)}")
    chosen = parser.parse_args(arguments).names or tuple(SPEED)
    if unknown := set(chosen) - set(NAMES):
        parser.error(f"no benchmark {', '.join(sorted(unknown))}; there are {', '.join(NAMES)}")
    console = Console(highlight=False, width=None if sys.stdout.isatty() else 110)
    for line in machine_lines(["python", "-m", "benchmarks", *arguments]):
        console.print(line, markup=False)
    for name in chosen:
        if name == QUALITY:
            import_module("benchmarks.ranking.command").main([])
        else:
            _measure(console, SPEED[name])


def _measure(console: Console, module: str) -> None:
    run: Callable[[], Report] = import_module(module).run
    before = load_line()
    show(console, run())
    console.print(f"load before: {before}; after: {load_line()}", markup=False)


# Every measured part is a process of its own that imports this module again.
if __name__ == "__main__":
    main(sys.argv[1:])

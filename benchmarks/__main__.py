"""Runs the benchmarks that are named, or all of them, and prints a table each."""

import argparse
import sys
from collections.abc import Callable, Sequence
from importlib import import_module

from rich.console import Console

from benchmarks.machine import load_line, machine_lines
from benchmarks.report import Report, show

NAMES = ("ingest", "embedding", "ranking", "digests")


def main(arguments: Sequence[str]) -> None:
    """Measure and print; takes some minutes for each benchmark."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks",
        description=__doc__,
        epilog="Example: python -m benchmarks ingest",
    )
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"one of {', '.join(NAMES)}")
    chosen = parser.parse_args(arguments).names or NAMES
    if unknown := set(chosen) - set(NAMES):
        parser.error(f"no benchmark {', '.join(sorted(unknown))}; there are {', '.join(NAMES)}")
    console = Console(highlight=False, width=None if sys.stdout.isatty() else 110)
    for line in machine_lines(["python", "-m", "benchmarks", *arguments]):
        console.print(line, markup=False)
    for name in chosen:
        run: Callable[[], Report] = import_module(f"benchmarks.{name}").run
        before = load_line()
        show(console, run())
        console.print(f"load before: {before}; after: {load_line()}", markup=False)


# Every measured part is a process of its own that imports this module again.
if __name__ == "__main__":
    main(sys.argv[1:])

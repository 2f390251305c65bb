"""The command line of the ranking benchmark."""

import argparse
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from rich.console import Console

from benchmarks.corpus import SHARED_DATA
from benchmarks.machine import machine_lines
from benchmarks.ranking.corpora import MissingDataError
from benchmarks.ranking.exchange import export, read_result
from benchmarks.ranking.suite import MODULES, PARTS, TASKS, Suite, bars_of
from benchmarks.ranking.tables import table
from benchmarks.ranking.vectors import DEFAULT_CACHE, VectorCache
from benchmarks.report import show

__all__ = ["main"]

USUAL = ("citeulike", "small", "replay", "prose")
"""What is run when nothing is named: nothing of the month that constants were chosen on."""
WIDTH = 170

EPILOG = """
examples:
  python -m benchmarks.ranking replay                        one part of it
  python -m benchmarks.ranking --task citeulike-5 --export somewhere
  python -m benchmarks.ranking --task citeulike-5 --scores mine.npy
"""


def main(arguments: Sequence[str]) -> int:
    """Print the tables that are asked for; return 1 when nothing could be measured."""
    parser = _parser()
    asked = parser.parse_args(arguments)
    if (asked.export or asked.scores) and not asked.task:
        parser.error("name the task with --task")
    if asked.parts and asked.task:
        parser.error("name parts or one task, not both")
    console = Console(highlight=False, width=None if sys.stdout.isatty() else WIDTH)
    notes = Console(highlight=False, stderr=True)

    def say(line: str) -> None:
        notes.print(line, markup=False, style="dim")

    suite = Suite(asked.data, VectorCache(asked.cache, say=say), slow=not asked.fast, say=say)
    try:
        if asked.task:
            return _one_task(console, suite, asked)
    except (MissingDataError, ValueError, OSError) as error:
        notes.print(str(error), markup=False)
        return 1
    for line in machine_lines(["python", "-m", "benchmarks.ranking", *arguments]):
        console.print(line, markup=False)
    return _all_parts(console, suite, asked.parts or USUAL)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.ranking",
        description="What the ranking is worth, next to what readers would use instead.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    known = (*PARTS, *MODULES)
    parser.add_argument(
        "parts", nargs="*", metavar="PART", help=f"any of {', '.join(known)}", type=_one_of(known)
    )
    parser.add_argument("--data", type=Path, default=SHARED_DATA, help="folder of the corpora")
    parser.add_argument(
        "--cache",
        type=Path,
        default=DEFAULT_CACHE,
        help="folder of vectors; the first run embeds what it needs, for a quarter of an hour",
    )
    parser.add_argument(
        "--fast", action="store_true", help="leave out the classifiers trained for every reader"
    )
    parser.add_argument("--task", choices=TASKS, metavar="TASK", help=f"one of {', '.join(TASKS)}")
    parser.add_argument("--export", type=Path, metavar="DIR", help="write what a ranker may know")
    parser.add_argument("--scores", type=Path, metavar="FILE.npy", help="measure these scores")
    return parser


def _one_of(known: Sequence[str]) -> Callable[[str], str]:
    def checked(name: str) -> str:
        if name not in known:
            raise argparse.ArgumentTypeError(f"no part {name}; there are {', '.join(known)}")
        return name

    return checked


def _one_task(console: Console, suite: Suite, asked: argparse.Namespace) -> int:
    """Write a task out, or measure it: with somebody's scores next to the others."""
    task = suite.task(asked.task)
    if asked.export:
        for path in export(task, asked.export):
            console.print(str(path), markup=False)
        return 0
    theirs = [read_result(task, asked.scores)] if asked.scores else []
    show(console, table(task, [*theirs, *suite.results(asked.task)], bars_of(asked.task)))
    return 0


def _all_parts(console: Console, suite: Suite, parts: Sequence[str]) -> int:
    """Run part by part; one whose corpus is missing says so and is skipped."""
    measured = 0
    for part in parts:
        try:
            for report in suite.reports(part):
                show(console, report)
                measured += 1
        except MissingDataError as error:
            console.print(f"\n{part}: {error}", markup=False)
    return 0 if measured else 1

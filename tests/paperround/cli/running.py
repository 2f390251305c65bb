"""Runs the command line in this process, as a shell would, and keeps what it said."""

import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from importlib import resources
from io import StringIO
from typing import Any

import pytest

from paperround.cli import main

__all__ = ["ADA", "DAY", "Ran", "run", "sample_papers"]

ADA = "ada@example.org"
DAY = "2026-05-08"
"""The last day of the bundled sample."""


@dataclass(frozen=True, slots=True)
class Ran:
    """What a command did."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:  # whatever the command reports
        """The standard output, which must be one JSON document."""
        return json.loads(self.out)

    @property
    def error(self) -> str:
        """The one line that a failed command says."""
        assert self.code == 1, self.err
        assert self.out == ""
        (line,) = self.err.splitlines()
        assert line.startswith("paperround: ")
        return line.removeprefix("paperround: ")

    @property
    def done(self) -> "Ran":
        """The same, if the command did its work."""
        assert self.code == 0, self.err
        return self


def run(*arguments: str) -> Ran:
    """Run one command to its end."""
    out, err = StringIO(), StringIO()
    with (
        redirect_stdout(out),
        redirect_stderr(err),
        _logging_kept(),
        pytest.raises(SystemExit) as ended,
    ):
        main(arguments)
    code = ended.value.code
    assert isinstance(code, int)
    return Ran(code, out.getvalue(), err.getvalue())


def sample_papers(count: int) -> str:
    """Return some papers of the bundled sample, of all its fields, as a file of JSON lines."""
    sample = resources.files("paperround.sources") / "data" / "sample.jsonl"
    lines = sample.read_text("utf-8").splitlines(keepends=True)
    spread = lines[:: -(len(lines) // count)][:count]
    return "".join(line.replace('"summary":', '"abstract":', 1) for line in spread)


@contextmanager
def _logging_kept() -> Iterator[None]:
    """Undo what a command does to the loggers of the process."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    for name in ("paperround", "recommender", "digest", "scheduler"):
        logging.getLogger(name).setLevel(logging.NOTSET)

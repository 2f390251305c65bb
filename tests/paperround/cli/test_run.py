"""`paperround run` and `paperround worker`: processes that end in order."""

import os
import signal
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from paperround.clock import system_clock
from paperround.store.engine import Database
from paperround.store.jobs import take_job
from tests.paperround.cli.running import run

COMMAND = [sys.executable, "-c", "from paperround.cli import main; main()"]
WAIT_S = 30


def _busy_elsewhere(installed: Path) -> None:
    """Let another host be at the jobs that would ask the network."""
    database = Database(f"sqlite:///{installed}/paperround.db")
    now = system_clock()
    with database.write() as session:
        take_job(session, "ingest", "another-host", now, now + timedelta(hours=1))
    database.dispose()


def test_a_worker_sends_what_is_due_and_goes_home(due: Path) -> None:
    """With --until-idle; it exits when nothing is left."""
    ran = run("worker", "--until-idle").done

    assert ran.out == ""
    assert len(list(due.glob("*.eml"))) == 1


@pytest.mark.slow
@pytest.mark.parametrize("command", ["worker", "run"])
def test_a_process_that_is_told_to_stop_ends_in_order(
    due: Path, installed: Path, command: str
) -> None:
    """T29: SIGTERM, exit code 0, and what was due is sent once."""
    _busy_elsewhere(installed)
    process = subprocess.Popen([*COMMAND, command], env=dict(os.environ), stderr=subprocess.PIPE)
    try:
        assert process.stderr is not None
        while b"state=sent" not in (line := process.stderr.readline()):
            assert line, "it ended by itself"
        process.send_signal(signal.SIGTERM)
        assert process.wait(WAIT_S) == 0
    finally:
        process.kill()
        process.communicate()

    assert len(list(due.glob("*.eml"))) == 1


def test_a_worker_does_not_load_torch(due: Path) -> None:
    """It embeds nothing: seconds and hundreds of megabytes on every host."""
    code = (
        "import sys; from paperround.cli import main\n"
        "try: main(['worker', '--until-idle'])\n"
        "except SystemExit as end: assert not end.code, end.code\n"
        "assert 'torch' not in sys.modules"
    )

    subprocess.run([sys.executable, "-c", code], env=dict(os.environ), check=True)

    assert len(list(due.glob("*.eml"))) == 1

"""`paperround serve`, as an operator runs it."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest

pytestmark = pytest.mark.slow

# The command by itself: which commands there are is the business of paperround.cli.main.
PROGRAM = """
import sys, typer
from paperround.cli import init, serve
app = typer.Typer()
init.register(app)
serve.register(app)
app(sys.argv[1:])
"""


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """Point the command to an installation of its own, and create that."""
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(tmp_path),
        "PAPERROUND_DATA_DIR": str(tmp_path / "data"),
        "PAPERROUND_LOG_FORMAT": "text",
    }
    subprocess.run([sys.executable, "-c", PROGRAM, "init"], env=environment, check=True)
    return environment


@pytest.fixture
def serving(environment: dict[str, str]) -> Iterator[subprocess.Popen[str]]:
    """Run the command on a free port."""
    command = [sys.executable, "-c", PROGRAM, "serve", "--port", "0"]
    with subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True) as running:
        yield running
        running.kill()


def test_it_serves_and_stops_when_told(serving: subprocess.Popen[str]) -> None:
    """It says where, writes one line a request without a token, and leaves on SIGTERM."""
    assert serving.stderr is not None
    said = serving.stderr.readline()
    found = re.fullmatch(r"serving http://localhost:8000 on 127\.0\.0\.1 port (\d+)\n", said)
    assert found is not None, said

    base = f"http://127.0.0.1:{found[1]}"
    ready = httpx2.get(f"{base}/readyz")
    forged = httpx2.get(f"{base}/rate/{'x' * 50}")
    serving.send_signal(signal.SIGTERM)
    _, log = serving.communicate(timeout=30)

    assert (ready.status_code, forged.status_code) == (200, 404)
    assert "server" not in ready.headers
    assert "request method=GET route=/rate/{token} status=404 ms=" in log
    assert "xxxxx" not in log
    assert "Traceback" not in log
    assert serving.returncode in (0, -signal.SIGTERM)

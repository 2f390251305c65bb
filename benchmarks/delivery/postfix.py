"""Debian's `smtp-sink` and `smtp-source`: found, or unpacked without being installed; and started.

They come with postfix and are written in C: a sink that is no bottleneck, and the rate that a
client without a database, a template or a line of Python reaches into it.
"""

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO

from benchmarks.measure import Timed

__all__ = ["DEFAULT_CACHE", "MissingToolError", "Postfix", "free_port", "postfix_tools"]

DEFAULT_CACHE = Path(__file__).resolve().parents[2] / ".bench-cache"
"""Ignored by git; what is unpacked once is found again."""
PLACES = ("/usr/sbin", "/usr/lib/postfix/sbin", "/usr/libexec/postfix")
NOBODY = ("-u", "nobody")
"""Whom the sink becomes when root starts it; it refuses to stay root."""
BACKLOG = "1000"
STARTED_WITHIN_S = 10.0


class MissingToolError(Exception):
    """A tool of others is not here and cannot be had; says why."""


@dataclass(frozen=True, slots=True)
class Postfix:
    """The two programs, and what they need to start."""

    sink: Path
    source: Path
    environment: Mapping[str, str] = field(default_factory=dict)
    told: str = ""
    """Where they come from."""

    @contextmanager
    def sinking(self) -> Iterator[int]:
        """Run a sink that takes everything; yields its port."""
        port = free_port()
        user = NOBODY if os.geteuid() == 0 else ()
        command = [str(self.sink), *user, f"127.0.0.1:{port}", BACKLOG]
        with TemporaryFile() as said:
            process = subprocess.Popen(command, env=self._environ(), stdout=said, stderr=said)
            try:
                if not _listens(port):
                    raise MissingToolError(f"smtp-sink does not start: {_text(said)}")
                yield port
            finally:
                process.kill()
                process.wait()

    def send(self, port: int, message: Path, count: int, *, connections: int = 1) -> Timed:
        """Send a message so many times as fast as C does.

        Args:
            port: of the sink, on this machine.
            message: a file with lines that end in LF; CR LF is made of it on the way.
            count: how often, over all connections.
            connections: how many are open at once; none is closed before the end.
        """
        command = [
            *(str(self.source), "-d", "-s", str(connections), "-m", str(count)),
            *("-f", "digest@papers.example", "-t", "ada@reader.example", "-F", str(message)),
            f"127.0.0.1:{port}",
        ]
        start = time.perf_counter()
        subprocess.run(command, env=self._environ(), check=True, capture_output=True)
        return Timed(count, time.perf_counter() - start)

    def _environ(self) -> dict[str, str]:
        return {**os.environ, **self.environment}


def postfix_tools(cache: Path = DEFAULT_CACHE, places: Sequence[str] = PLACES) -> Postfix:
    """Return the tools: the installed ones, else those of the package, unpacked into the cache.

    Args:
        cache: where they are unpacked.
        places: folders to look in besides those of PATH.

    Raises:
        MissingToolError: They are not installed and cannot be unpacked.
    """
    sink, source = _found("smtp-sink", places), _found("smtp-source", places)
    if sink and source:
        return Postfix(sink, source, told="postfix's smtp-sink and smtp-source, as installed")
    root = cache / "postfix"
    if not (root / "usr/sbin/smtp-sink").exists():
        _unpack(root)
    tools = Postfix(
        root / "usr/sbin/smtp-sink",
        root / "usr/sbin/smtp-source",
        {"LD_LIBRARY_PATH": str(root / "usr/lib/postfix")},
        told="smtp-sink and smtp-source of Debian's package postfix, unpacked and not installed",
    )
    _check(tools)
    return tools


def free_port() -> int:
    """Return a port of this machine that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _found(name: str, places: Sequence[str]) -> Path | None:
    path = os.pathsep.join((os.environ.get("PATH", ""), *places))
    found = shutil.which(name, path=path)
    return Path(found) if found else None


def _unpack(root: Path) -> None:
    """Unpack Debian's package below a folder; nothing is installed and no script of it is run."""
    if not (shutil.which("apt-get") and shutil.which("dpkg")):
        raise MissingToolError("smtp-sink is not installed, and this is no Debian to get it from")
    packages = root.parent / "packages"
    packages.mkdir(parents=True, exist_ok=True)
    got = subprocess.run(
        ["apt-get", "download", "postfix"],
        cwd=packages,
        capture_output=True,
        text=True,
    )
    found = sorted(packages.glob("postfix_*.deb"))
    if got.returncode or not found:
        why = (got.stderr.strip().splitlines() or ["no package came"])[-1]
        raise MissingToolError(f"`apt-get download postfix` failed: {why}")
    subprocess.run(["dpkg", "-x", str(found[-1]), str(root)], check=True)


def _check(tools: Postfix) -> None:
    """Refuse tools that lack a library: called with nothing, they explain how to call them."""
    said = subprocess.run(
        [tools.sink], env={**os.environ, **tools.environment}, capture_output=True, text=True
    )
    if "usage" not in said.stderr:
        lines = said.stderr.strip().splitlines() or [f"it ends with {said.returncode}"]
        raise MissingToolError(f"smtp-sink does not run: {lines[-1]}")


def _listens(port: int) -> bool:
    deadline = time.monotonic() + STARTED_WITHIN_S
    while time.monotonic() < deadline:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return True
        time.sleep(0.02)
    return False


def _text(said: IO[bytes]) -> str:
    said.seek(0)
    return said.read().decode(errors="replace").strip() or "it says nothing"

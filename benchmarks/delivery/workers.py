"""Real worker processes: started, stopped, killed without warning, and replaced.

They are what an operator runs: the `paperround` command of this environment, which knows nothing of
being watched. Only processes that were started here are ever touched.
"""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

__all__ = ["WORKER", "Crew", "StuckError", "is_talking_from"]

WORKER = ("worker", "--until-idle")
_COMMAND = Path(sys.executable).with_name("paperround")
_CONNECTIONS = Path("/proc/net/tcp")


class StuckError(Exception):
    """Something that should have happened did not."""


class Crew:
    """Some workers of one installation; whoever leaves in disorder is replaced.

    Args:
        environment: variables of the workers, besides those of this process.
        folder: for their logs.
        size: how many.
        arguments: of the command.
    """

    def __init__(
        self,
        environment: Mapping[str, str],
        folder: Path,
        size: int = 2,
        arguments: Sequence[str] = WORKER,
    ) -> None:
        ours = {name: text for name, text in os.environ.items() if "PAPERROUND" not in name}
        self._environment = {**ours, **environment}
        self._folder = folder
        self._arguments = tuple(arguments)
        self._size = size
        self._alive: dict[int, subprocess.Popen[bytes]] = {}
        self._finished = 0
        self.log = folder / "workers.log"
        self.kills = 0
        """How many were killed here."""
        self.failures = 0
        """How many left by themselves, in disorder."""
        self.started_at: dict[int, float] = {}

    def __enter__(self) -> Self:
        """Start them all."""
        for _ in range(self._size):
            self._start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Leave none behind."""
        for process in self._alive.values():
            process.kill()
            process.wait()

    @property
    def pids(self) -> list[int]:
        """Those that are alive, the oldest first."""
        return [pid for pid, process in self._alive.items() if process.poll() is None]

    @property
    def is_finished(self) -> bool:
        """Whether all have left because nothing is left to be done."""
        return self._finished >= self._size

    def look_after(self) -> None:
        """Replace those who left in disorder; those who found nothing to do stay away."""
        for pid, process in list(self._alive.items()):
            code = process.poll()
            if code is None:
                continue
            del self._alive[pid]
            if code == 0:
                self._finished += 1
            else:
                self.failures += 1
                self._start()

    def kill(self, pid: int) -> None:
        """Kill one, who has no say in it, and start another."""
        process = self._alive.pop(pid)
        process.kill()
        process.wait()
        self.kills += 1
        self._start()

    def kill_all(self) -> None:
        """Kill all of them at once, as a power cut would, and start none."""
        for process in self._alive.values():
            process.kill()
        for process in self._alive.values():
            process.wait()
            self.kills += 1
        self._alive.clear()

    def start_again(self) -> None:
        """Start as many as are missing."""
        while len(self._alive) + self._finished < self._size:
            self._start()

    def freeze(self, pid: int) -> bool:
        """Stop one where it is; return whether it was there to be stopped."""
        process = self._alive.get(pid)
        if process is None or process.poll() is not None:
            return False
        process.send_signal(signal.SIGSTOP)
        return _is_stopped(pid)

    def thaw(self, pid: int) -> None:
        """Let one go on as if no time had passed."""
        with suppress(KeyError):
            self._alive[pid].send_signal(signal.SIGCONT)

    def ask_to_leave(self, within_s: float) -> float:
        """Ask all to come to an end, and return the seconds that the slowest took.

        Raises:
            StuckError: One was still there after this time.
        """
        start = time.monotonic()
        for process in self._alive.values():
            process.terminate()
        for process in self._alive.values():
            try:
                process.wait(max(0.1, start + within_s - time.monotonic()))
            except subprocess.TimeoutExpired:
                raise StuckError(f"a worker did not leave within {within_s:.0f} s") from None
        self._alive.clear()
        return time.monotonic() - start

    def talking_from(self, port: int) -> int | None:
        """Return who of them has the connection from this port."""
        return next((pid for pid in self.pids if is_talking_from(pid, port)), None)

    def _start(self) -> None:
        with self.log.open("ab") as log:
            process = subprocess.Popen(
                [str(_COMMAND), *self._arguments],
                cwd=self._folder,
                env=self._environment,
                stdout=log,
                stderr=log,
            )
        self._alive[process.pid] = process
        self.started_at[process.pid] = time.monotonic()


def is_talking_from(pid: int, port: int) -> bool:
    """Return whether a process has a TCP connection from this port of the machine (proc(5))."""
    inodes = set()
    for line in _CONNECTIONS.read_text(encoding="ascii").splitlines()[1:]:
        fields = line.split()
        if int(fields[1].rpartition(":")[2], 16) == port:
            inodes.add(f"socket:[{fields[9]}]")
    with suppress(OSError):
        for entry in os.scandir(f"/proc/{pid}/fd"):
            with suppress(OSError):
                if os.readlink(entry.path) in inodes:
                    return True
    return False


def _is_stopped(pid: int) -> bool:
    """Wait until a process that was sent SIGSTOP has stopped; the signal takes its time."""
    status = Path(f"/proc/{pid}/stat")
    for _ in range(1_000):
        try:
            state = (
                status.read_text(encoding="ascii", errors="replace").rpartition(")")[2].split()[0]
            )
        except OSError:
            return False
        if state == "T":
            return True
        if state in "ZX":
            return False
        time.sleep(0.001)
    return False

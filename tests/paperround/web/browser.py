"""A headless Chromium that opens pages, with scripts or without, and gives them time to act.

Spoken to over its debugging pipe: JSON ended by NUL, https://chromedevtools.github.io/devtools-protocol/
"""

import json
import os
import select
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

__all__ = ["CHROMIUM", "Browser", "browser"]

CHROMIUM = next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
)
PATIENCE_S = 60.0
BUDGET_MS = 5_000
"""A page's own time: its timers run through it at once."""

AT_3_AND_4 = """
import fcntl, os, sys
above = [fcntl.fcntl(int(end), fcntl.F_DUPFD, 10) for end in sys.argv[1:3]]
os.dup2(above[0], 3)
os.dup2(above[1], 4)
os.execv(sys.argv[3], sys.argv[3:])
"""
"""Starts a command with a pipe at the numbers where Chromium looks for it."""


class Browser:
    """One tab of a running browser.

    Args:
        commands: Where it reads.
        events: Where it writes.
        scripts: Whether pages may run any.
    """

    def __init__(self, commands: int, events: int, *, scripts: bool) -> None:
        self._commands, self._events = commands, events
        self._unread = b""
        self._number = 0
        self._session: str | None = None
        target = self._ask("Target.createTarget", url="about:blank")["targetId"]
        attached = self._ask("Target.attachToTarget", targetId=target, flatten=True)
        self._session = attached["sessionId"]
        self._ask("Page.enable")
        self._ask("Emulation.setScriptExecutionDisabled", value=not scripts)

    def open(self, url: str) -> str:
        """Open a page, let five seconds of its time go by, and return what it is then."""
        self._ask("Page.navigate", url=url)
        self._wait_for("Page.loadEventFired")
        policy = "pauseIfNetworkFetchesPending"
        self._ask("Emulation.setVirtualTimePolicy", policy=policy, budget=BUDGET_MS)
        self._wait_for("Emulation.virtualTimeBudgetExpired")
        root = self._ask("DOM.getDocument", depth=0)["root"]["nodeId"]
        html: str = self._ask("DOM.getOuterHTML", nodeId=root)["outerHTML"]
        self._ask("Emulation.setVirtualTimePolicy", policy="advance")
        return html

    def _ask(self, method: str, **params: Any) -> dict[str, Any]:
        self._number += 1
        command = {"id": self._number, "method": method, "params": params}
        if self._session is not None:
            command["sessionId"] = self._session
        os.write(self._commands, json.dumps(command).encode() + b"\0")
        answer = self._next(lambda it: it.get("id") == self._number)
        assert "error" not in answer, answer
        result: dict[str, Any] = answer["result"]
        return result

    def _wait_for(self, event: str) -> None:
        self._next(lambda it: it.get("method") == event)

    def _next(self, is_wanted: Any) -> dict[str, Any]:
        """Return the next message that is wanted; those before it are dropped."""
        while True:
            while b"\0" not in self._unread:
                ready, _, _ = select.select([self._events], [], [], PATIENCE_S)
                read = os.read(self._events, 65_536) if ready else b""
                assert read, "the browser went away, or to sleep"
                self._unread += read
            line, _, self._unread = self._unread.partition(b"\0")
            message: dict[str, Any] = json.loads(line)
            if is_wanted(message):
                return message


@contextmanager
def browser(folder: Path, *, scripts: bool) -> Iterator[Browser]:
    """Start a browser with a profile of its own, and stop it afterwards."""
    assert CHROMIUM is not None
    theirs_in, commands = os.pipe()
    events, theirs_out = os.pipe()
    options = ["--headless=new", "--no-sandbox", "--disable-gpu", "--remote-debugging-pipe"]
    command = [CHROMIUM, *options, f"--user-data-dir={folder / 'profile'}"]
    ends = [str(theirs_in), str(theirs_out)]
    running = subprocess.Popen(
        [sys.executable, "-c", AT_3_AND_4, *ends, *command],
        pass_fds=(theirs_in, theirs_out),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    os.close(theirs_in)
    os.close(theirs_out)
    try:
        yield Browser(commands, events, scripts=scripts)
    finally:
        os.close(commands)
        os.close(events)
        running.terminate()
        running.wait(timeout=20)

"""An SMTP relay on the loopback that answers as a script says, byte by byte.

For faults that no well-behaved server can be brought to make. One connection after the other.
"""

import socket
import threading
from collections import defaultdict
from collections.abc import Mapping
from types import TracebackType
from typing import Self

__all__ = ["CLOSE", "SILENCE", "STALL", "Script", "ScriptedRelay"]

CLOSE = "CLOSE"
"""Instead of a reply: hang up."""
SILENCE = "SILENCE"
"""Instead of a reply: say nothing until the other side hangs up."""

STALL = "STALL"
"""Instead of a reply: do not even read any more."""

Script = Mapping[str, str | tuple[str, ...]]
"""Command -> reply, or replies in turn of which the last is repeated. Besides the commands there
are GREETING, BODY (what happens after the first bytes of a mail) and DOT."""

_DEFAULTS: Script = {
    "GREETING": "220 relay.example ready",
    "EHLO": "250 relay.example",
    "HELO": "250 relay.example",
    "MAIL": "250 2.1.0 Ok",
    "RCPT": "250 2.1.5 Ok",
    "DATA": "354 go on",
    "DOT": "250 2.0.0 Ok: queued as 4F2E1",
    "RSET": "250 2.0.0 Ok",
    "QUIT": "221 2.0.0 Bye",
}


class _HungUpError(Exception):
    """One side is gone."""


class ScriptedRelay:
    """Listens on a free port of 127.0.0.1 while it is entered.

    Args:
        scripts: one per connection in turn, the last for all further ones; without any, the relay
            is friendly.
    """

    def __init__(self, *scripts: Script) -> None:
        self.scripts = scripts or ({},)
        self.mails: list[bytes] = []
        """The mails that it took, dots unstuffed."""
        self.commands: list[list[str]] = []
        """For each connection, what it was told."""
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self.over = threading.Event()
        self._thread = threading.Thread(target=self._serve, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.over.set()
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join(5)

    def _serve(self) -> None:
        """Answer one connection after the other until the listener is closed."""
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            script = self.scripts[min(len(self.commands), len(self.scripts) - 1)]
            self.commands.append([])
            try:
                _Conversation(self, connection, {**_DEFAULTS, **script}).run()
            except (_HungUpError, OSError):
                pass
            finally:
                connection.close()


class _Conversation:
    """One connection."""

    def __init__(self, relay: ScriptedRelay, connection: socket.socket, script: Script) -> None:
        self.relay = relay
        self.connection = connection
        self.script = script
        self.turns: defaultdict[str, int] = defaultdict(int)
        self.buffer = b""

    def run(self) -> None:
        """Answer until one side hangs up."""
        self._answer("GREETING")
        while True:
            line = self._read_to(b"\r\n").decode("utf-8")
            self.relay.commands[-1].append(line)
            verb = line.split(" ")[0].upper()
            reply = self._answer(verb)
            if verb == "DATA" and reply.startswith("354"):
                self._take_mail()
            if verb == "QUIT":
                return

    def _take_mail(self) -> None:
        """Read a mail to its final dot, unless the script has other plans."""
        if "BODY" in self.script:
            self.connection.recv(1000)
            self._answer("BODY")
        data = self._read_to(b"\r\n.\r\n") + b"\r\n"
        mail = (b"\r\n" + data).replace(b"\r\n..", b"\r\n.")[2:]
        if self._turn("DOT") in (CLOSE, SILENCE) or self._turn("DOT").startswith("2"):
            self.relay.mails.append(mail)
        self._answer("DOT")

    def _turn(self, step: str) -> str:
        """Return the reply whose turn it is."""
        replies = self.script.get(step, "502 5.5.1 what?")
        if isinstance(replies, str):
            return replies
        return replies[min(self.turns[step], len(replies) - 1)]

    def _answer(self, step: str) -> str:
        """Say what the script says."""
        reply = self._turn(step)
        self.turns[step] += 1
        if reply == CLOSE:
            raise _HungUpError
        if reply == STALL:
            self.relay.over.wait(10)
            raise _HungUpError
        if reply == SILENCE:
            while self.connection.recv(4096):
                pass
            raise _HungUpError
        self.connection.sendall(reply.encode() + b"\r\n")
        return reply

    def _read_to(self, end: bytes) -> bytes:
        """Return what comes before the end mark, and take both out of the buffer."""
        while end not in self.buffer:
            octets = self.connection.recv(65536)
            if not octets:
                raise _HungUpError
            self.buffer += octets
        found, _, self.buffer = self.buffer.partition(end)
        return found

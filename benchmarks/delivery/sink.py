"""A relay of ours that counts: which mails came, how often, with which bytes, and when.

A process of its own, which writes a line for every mail before it says that it has taken it. It
can be unkind by chance, and stop in mid-conversation until it is told to go on: that is the moment
to kill whoever is talking. Knows nothing of Paper Round.
"""

import asyncio
import hashlib
import os
import random
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from enum import StrEnum
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path

__all__ = ["Conduct", "Held", "Received", "Sink", "Stage", "running_sink"]

LIMIT = 32 * 2**20
"""Octets of one mail, as told in EHLO."""
FIRST_OCTETS = 4096
"""Of a body, before its reader stops in the middle."""
_END = b"\r\n.\r\n"
_MESSAGE_ID = re.compile(rb"^message-id:\s*(\S+)", re.IGNORECASE | re.MULTILINE)


class Stage(StrEnum):
    """Where in a conversation the sink can stop; it has not answered yet, but for `SENT`."""

    CONNECT = "connect"
    MAIL = "mail"
    RCPT = "rcpt"
    DATA = "data"
    BODY = "body"
    """A part of the body is read."""
    DOT = "dot"
    """The mail is taken and written down, and nobody has been told."""
    SENT = "sent"
    """The answer to the final dot is out."""


@dataclass(frozen=True, slots=True)
class Conduct:
    """How the sink behaves."""

    delay_s: float = 0.0
    """Before each answer to a final dot."""
    refuse: float = 0.0
    """Share of recipients who are told to come later (451)."""
    cut: float = 0.0
    """Share of mails in whose middle the line is cut: the sink does not have them."""
    swallow: float = 0.0
    """Share of mails that are taken, and the line is cut before the answer."""
    hold_at: Stage | None = None
    """Where to stop, once; then it goes on as if nothing had been."""


@dataclass(frozen=True, slots=True)
class Held:
    """The sink has stopped and waits for `Sink.let_go`."""

    stage: Stage
    port: int
    """The client's."""


@dataclass(frozen=True, slots=True)
class Received:
    """One mail that was taken, as often as it was."""

    at: float
    """Seconds since the epoch."""
    message_id: str
    sha256: str
    size: int
    rcpt_to: str
    port: int
    """The client's, which tells one connection from another."""
    answered: bool
    """Whether the client was to be told; if not, nobody can blame it for sending again."""


@dataclass(slots=True)
class Sink:
    """The sink's handle in the process that started it."""

    port: int
    path: Path
    """Where it writes down what it took."""
    _pipe: Connection
    _offset: int = 0
    _read: list[Received] = field(default_factory=list)

    def behave(self, conduct: Conduct) -> None:
        """Make it behave so from now on."""
        self._pipe.send(conduct)

    def wait_held(self, timeout_s: float) -> Held | None:
        """Return where it stopped, or None if it did not in this time."""
        if not self._pipe.poll(timeout_s):
            return None
        held = self._pipe.recv()
        assert isinstance(held, Held)
        return held

    def let_go(self) -> None:
        """Let it go on from where it stopped."""
        self._pipe.send(None)

    def received(self) -> list[Received]:
        """Return everything that it has taken so far."""
        with self.path.open("rb") as file:
            file.seek(self._offset)
            fresh = file.read()
        whole = fresh[: fresh.rfind(b"\n") + 1]
        self._offset += len(whole)
        self._read += map(_parsed, whole.decode().splitlines())
        return self._read


@contextmanager
def running_sink(folder: Path, conduct: Conduct = Conduct(), *, samples: int = 0) -> Iterator[Sink]:
    """Run a sink; yields its handle.

    Args:
        folder: where it writes what it took.
        conduct: how it behaves at first.
        samples: of how many mails it keeps the bytes, as `*.eml` in the folder.
    """
    context = get_context("spawn")
    ours, its = context.Pipe()
    path = folder / "received.tsv"
    path.touch()
    process = context.Process(target=_serve, args=(its, path, conduct, samples), daemon=True)
    process.start()
    try:
        yield Sink(ours.recv(), path, ours)
    finally:
        process.kill()
        process.join()


def _parsed(line: str) -> Received:
    at, message_id, sha256, size, rcpt_to, port, told = line.split("\t")
    return Received(float(at), message_id, sha256, int(size), rcpt_to, int(port), told == "told")


def _serve(pipe: Connection, path: Path, conduct: Conduct, samples: int) -> None:
    """Be the sink, until killed."""
    asyncio.run(_Server(pipe, path, conduct, samples, random.Random(1)).serve())


class _Server:
    """All conversations, and the pipe to whoever started the sink."""

    def __init__(
        self, pipe: Connection, path: Path, conduct: Conduct, samples: int, rng: random.Random
    ) -> None:
        self.conduct = conduct
        self.rng = rng
        self._pipe = pipe
        self._folder = path.parent
        self._file = os.open(path, os.O_WRONLY | os.O_APPEND)
        self._samples = samples
        self._going_on = asyncio.Event()

    async def serve(self) -> None:
        """Take connections on a port of the system's choice."""
        server = await asyncio.start_server(self._lead, "127.0.0.1", 0, limit=LIMIT)
        asyncio.get_running_loop().add_reader(self._pipe.fileno(), self._told)
        self._pipe.send(server.sockets[0].getsockname()[1])
        async with server:
            await server.serve_forever()

    def _told(self) -> None:
        if (said := self._pipe.recv()) is None:
            self._going_on.set()
        else:
            self.conduct = said

    async def _lead(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await _Conversation(self, reader, writer).lead()
        except (ConnectionError, asyncio.IncompleteReadError):
            pass  # Whoever talked was killed: what was not whole was never said.
        finally:
            with suppress(ConnectionError):
                writer.close()

    def is_to_stop(self, stage: Stage) -> bool:
        """Return whether this is where to stop; says yes to one conversation only."""
        is_here = self.conduct.hold_at is stage
        if is_here:
            self.conduct = replace(self.conduct, hold_at=None)
        return is_here

    async def stop(self, stage: Stage, port: int) -> None:
        """Stop until told to go on."""
        self._going_on.clear()
        self._pipe.send(Held(stage, port))
        await self._going_on.wait()

    async def pass_by(self, stage: Stage, port: int) -> None:
        """Stop here if one should."""
        if self.is_to_stop(stage):
            await self.stop(stage, port)

    def take(self, data: bytes, rcpt_to: str, port: int, *, answered: bool) -> None:
        """Write down that a mail came; the line is with the system when this returns."""
        found = _MESSAGE_ID.search(data)
        message_id = found.group(1).decode("ascii", "replace") if found else "-"
        sha256 = hashlib.sha256(data).hexdigest()
        what = (message_id, sha256, f"{len(data)}", rcpt_to)
        whom = (f"{port}", "told" if answered else "untold")
        os.write(self._file, ("\t".join((f"{time.time():.6f}", *what, *whom)) + "\n").encode())
        if self._samples > 0:
            (self._folder / f"{self._samples}.eml").write_bytes(data)
        self._samples -= 1


class _Conversation:
    """One connection."""

    def __init__(
        self, server: _Server, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        self._server = server
        self._reader = reader
        self._writer = writer
        self._port: int = writer.get_extra_info("peername")[1]
        self._rcpt_to = ""

    async def lead(self) -> None:
        """Answer commands until the client leaves or the line is cut."""
        await self._server.pass_by(Stage.CONNECT, self._port)
        self._say("220 counting sink")
        while line := await self._reader.readline():
            verb = line[:4].upper().rstrip()
            if verb == b"QUIT":
                self._say("221 bye")
                return
            if verb == b"DATA":
                if not await self._data():
                    return
            else:
                await self._command(verb, line)

    async def _command(self, verb: bytes, line: bytes) -> None:
        """Answer a command that is not about the body."""
        server = self._server
        if verb == b"EHLO":
            self._say(f"250-sink\r\n250-SIZE {LIMIT}\r\n250-8BITMIME\r\n250 SMTPUTF8")
        elif verb == b"MAIL":
            await server.pass_by(Stage.MAIL, self._port)
            self._say("250 2.1.0 ok")
        elif verb == b"RCPT":
            await server.pass_by(Stage.RCPT, self._port)
            self._rcpt_to = line.partition(b"<")[2].partition(b">")[0].decode(errors="replace")
            if server.rng.random() < server.conduct.refuse:
                self._say("451 4.3.2 not now")
                return
            self._say("250 2.1.5 ok")
        else:
            self._say("250 2.0.0 ok")

    async def _data(self) -> bool:
        """Take a body; return whether the conversation goes on."""
        server, conduct = self._server, self._server.conduct
        await server.pass_by(Stage.DATA, self._port)
        self._say("354 go on")
        stops = server.is_to_stop(Stage.BODY)
        if stops or server.rng.random() < conduct.cut:
            await self._reader.read(FIRST_OCTETS)
            if stops:
                await server.stop(Stage.BODY, self._port)
            self._writer.transport.abort()
            return False
        body = await self._reader.readuntil(_END)
        data = (b"\r\n" + body[:-3]).replace(b"\r\n.", b"\r\n")[2:]
        if conduct.delay_s:
            await asyncio.sleep(conduct.delay_s)
        swallows = server.rng.random() < conduct.swallow
        server.take(data, self._rcpt_to, self._port, answered=not swallows)
        await server.pass_by(Stage.DOT, self._port)
        if swallows:
            self._writer.transport.abort()
            return False
        self._say("250 2.0.0 ok: taken")
        await self._writer.drain()
        await server.pass_by(Stage.SENT, self._port)
        return True

    def _say(self, reply: str) -> None:
        self._writer.write(reply.encode() + b"\r\n")

"""An IMAP server on the loopback with one account and one folder, as much of it as we speak."""

import re
import socket
import ssl
import threading
from contextlib import suppress
from types import TracebackType
from typing import Self

__all__ = ["PASSWORD", "USER", "ImapServer"]

USER, PASSWORD = "bounces@papers.example", 'a "secret" of a test'
_COMMAND = re.compile(rb"(\S+) (UID )?(\S+) ?(.*)\r\n", re.DOTALL)
_FETCH = re.compile(rb"(\d+) \(BODY\.PEEK\[\]<0\.(\d+)>\)")


class ImapServer:
    """Listens on a free port of 127.0.0.1 while it is entered.

    Args:
        mails: What the folder `Bounces` holds, none of it seen.
        context: Encrypts from the first octet on; None does not.
        hang_up_on: A command on which it hangs up instead of answering.
        refuses: Commands that it answers with NO.
    """

    def __init__(
        self,
        mails: list[bytes],
        *,
        context: ssl.SSLContext | None = None,
        hang_up_on: str = "",
        refuses: tuple[str, ...] = (),
    ) -> None:
        self.mails = dict(enumerate(mails, start=101))
        self.seen: set[int] = set()
        self.commands: list[str] = []
        self.hang_up_on = hang_up_on
        self.refuses = refuses
        self._context = context
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
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
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join(5)

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            with suppress(OSError), connection:
                self._talk(connection)

    def _talk(self, connection: socket.socket) -> None:
        if self._context is not None:
            connection = self._context.wrap_socket(connection, server_side=True)
        with connection, connection.makefile("rb") as lines:
            connection.sendall(b"* OK ready\r\n")
            for line in lines:
                match = _COMMAND.fullmatch(line)
                assert match is not None, line
                tag, _, name, rest = match.groups()
                command = name.decode().upper()
                self.commands.append(command)
                if command == self.hang_up_on:
                    return
                connection.sendall(self._answer(command, rest) + self._tagged(tag, command, rest))
                if command == "LOGOUT":
                    return

    def _tagged(self, tag: bytes, command: str, rest: bytes) -> bytes:
        known = rest == f'"{USER}" "{_quoted(PASSWORD)}"'.encode()
        wrong = (
            command in self.refuses
            or (command == "LOGIN" and not known)
            or (command == "SELECT" and rest != b'"Bounces"')
        )
        return tag + (b" NO no\r\n" if wrong else b" OK done\r\n")

    def _answer(self, command: str, rest: bytes) -> bytes:
        """Return what comes before the tagged line."""
        if command == "CAPABILITY":
            return b"* CAPABILITY IMAP4rev1\r\n"
        if command == "SELECT":
            return b"* %d EXISTS\r\n" % len(self.mails)
        if command == "SEARCH":
            assert rest == b"UNSEEN"
            unseen = (str(uid).encode() for uid in self.mails if uid not in self.seen)
            return b"* SEARCH " + b" ".join(unseen) + b"\r\n"
        if command == "FETCH":
            return self._fetched(rest)
        if command == "STORE" and command not in self.refuses:
            uid, _, flags = rest.partition(b" ")
            assert flags == rb"+FLAGS.SILENT (\Seen)"
            self.seen.add(int(uid))
        return b"* BYE\r\n" if command == "LOGOUT" else b""

    def _fetched(self, rest: bytes) -> bytes:
        match = _FETCH.fullmatch(rest)
        assert match is not None, rest
        uid, most = int(match[1]), int(match[2])
        data = self.mails.get(uid)
        if data is None:
            return b""
        piece = data[:most]
        return b"* 1 FETCH (UID %d BODY[]<0> {%d}\r\n%s)\r\n" % (uid, len(piece), piece)


def _quoted(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"')

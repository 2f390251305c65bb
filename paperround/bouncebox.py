"""Where mails come back to: a maildir, a folder of an IMAP account, or standard input.

Gives the bytes of each mail together with a call that marks it as done. Nothing is marked before:
whoever dies in between finds the mail again. Does not care what a mail says.
"""

import imaplib
import ssl
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import BinaryIO, Protocol
from urllib.parse import unquote, urlsplit

from imap_tools import BaseMailBox, ImapToolsError, MailBox, MailBoxUnencrypted
from imap_tools.errors import MailboxFolderSelectError, MailboxLoginError

from digest.bounce import MAX_OCTETS
from paperround.errors import BounceBoxError, SettingsError
from paperround.settings import Settings
from paperround.settings.values import is_local

__all__ = ["BounceBoxError", "Box", "ImapBox", "MaildirBox", "StreamBox", "Waiting", "open_box"]

TIMEOUT_S = 60.0
_CHUNK = 65_536
_SEEN = "S"


@dataclass(frozen=True, slots=True)
class Waiting:
    """One mail that waits to be read."""

    data: bytes = field(repr=False)
    """Its beginning: as much as anybody looks at."""
    done: Callable[[], None]
    """Marks it, so that it is not given again; may be called after others were given."""


class Box(Protocol):
    """A mailbox; iterating gives what waits in it."""

    def __iter__(self) -> Iterator[Waiting]:
        """Give each mail that is not marked.

        Raises:
            BounceBoxError: It cannot be read.
        """
        ...


def open_box(settings: Settings) -> Box:
    """Return the mailbox that the settings name; nothing is opened yet.

    Raises:
        SettingsError: They name none, or one that cannot be.
    """
    where = settings.bounce_mailbox
    if not where:
        raise SettingsError(
            "PAPERROUND_BOUNCE_MAILBOX is not set: write the folder of a maildir, or "
            "imaps://user@host/FOLDER; or give `paperround bounces --maildir DIR`"
        )
    if "://" not in where:
        return MaildirBox(Path(where).expanduser())
    return _imap_box(where, settings.bounce_password.get_secret_value())


def _imap_box(address: str, password: str) -> "ImapBox":
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        raise _malformed("it is no address") from None
    if parts.scheme not in ("imap", "imaps") or not parts.hostname or not parts.username:
        raise _malformed("write imaps://user@host/FOLDER, with %40 for an @ in the user's name")
    if parts.password:
        raise _malformed("the password belongs into PAPERROUND_BOUNCE_PASSWORD")
    if parts.scheme == "imap" and not is_local(parts.hostname):
        raise _malformed("without encryption only this machine may be asked; write imaps://")
    return ImapBox(
        host=parts.hostname,
        port=port or (993 if parts.scheme == "imaps" else 143),
        user=unquote(parts.username),
        password=password,
        folder=unquote(parts.path.strip("/")) or "INBOX",
        tls=parts.scheme == "imaps",
    )


def _malformed(problem: str) -> SettingsError:
    return SettingsError(f"PAPERROUND_BOUNCE_MAILBOX: {problem}")


@dataclass(frozen=True, slots=True)
class StreamBox:
    """One mail from a stream, as a mail server pipes it into a program."""

    stream: BinaryIO

    def __iter__(self) -> Iterator[Waiting]:
        """Give the mail, if there is anything; all of it is read, or the server would complain."""
        data = self.stream.read(MAX_OCTETS)
        while self.stream.read(_CHUNK):
            pass
        if data:
            yield Waiting(data, _nothing)


def _nothing() -> None:
    """Mark nothing: what came by a stream is gone when the program ends."""


@dataclass(frozen=True, slots=True)
class MaildirBox:
    """A maildir: one file per mail, new ones in `new`, seen ones in `cur` with an S."""

    folder: Path

    def __iter__(self) -> Iterator[Waiting]:
        """Give each mail that no program has marked as seen, by the order of their names.

        Raises:
            BounceBoxError: There is no such maildir, or it cannot be read.
        """
        for path in self._waiting():
            # Another program may have taken it since.
            with self._translated(), suppress(FileNotFoundError):
                with path.open("rb") as file:
                    data = file.read(MAX_OCTETS)
                yield Waiting(data, partial(self._mark, path))

    def _waiting(self) -> list[Path]:
        with self._translated():
            new = [path for path in (self.folder / "new").iterdir() if _is_mail(path)]
            current = [path for path in (self.folder / "cur").iterdir() if _is_mail(path)]
        unseen = (path for path in current if _SEEN not in _flags(path))
        return sorted([*new, *unseen], key=lambda path: path.name)

    def _mark(self, path: Path) -> None:
        """Move a mail among the seen ones, in one step, whatever other flags it has."""
        name = path.name.partition(":")[0]
        flags = "".join(sorted({*_flags(path), _SEEN}))
        with self._translated(), suppress(FileNotFoundError):
            path.rename(self.folder / "cur" / f"{name}:2,{flags}")

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except FileNotFoundError as error:
            raise BounceBoxError(
                str(self.folder), "it is no maildir, which has the folders new and cur"
            ) from error
        except OSError as error:
            raise BounceBoxError(str(self.folder), error.strerror or "it failed") from error


def _is_mail(path: Path) -> bool:
    return not path.name.startswith(".") and path.is_file()


def _flags(path: Path) -> str:
    return path.name.partition(":2,")[2]


@dataclass(frozen=True, slots=True)
class ImapBox:
    """A folder of an IMAP account; what is unseen waits, and is marked as seen."""

    host: str
    port: int
    user: str
    password: str = field(repr=False)
    folder: str = "INBOX"
    tls: bool = True
    context: ssl.SSLContext | None = None
    """Whom to trust; None is the system's authorities."""

    def __iter__(self) -> Iterator[Waiting]:
        """Give each unseen mail, fetched one by one.

        Raises:
            BounceBoxError: The server cannot be reached, or refuses.
        """
        with self._translated():
            box = self._connect()
        try:
            with self._translated():
                self._enter(box)
                waiting = box.uids("UNSEEN", charset=None)
            for uid in waiting:
                with self._translated():
                    data = self._fetch(box, uid)
                if data is not None:
                    yield Waiting(data, partial(self._mark, box, uid))
        finally:
            # Whatever becomes of the farewell, what was marked is marked.
            with suppress(OSError, imaplib.IMAP4.error, ImapToolsError):
                box.logout()
            with suppress(OSError):
                box.client.shutdown()

    def _connect(self) -> BaseMailBox:
        if not self.tls:
            return MailBoxUnencrypted(self.host, self.port, timeout=TIMEOUT_S)
        context = self.context or ssl.create_default_context()
        return MailBox(self.host, self.port, timeout=TIMEOUT_S, ssl_context=context)

    def _enter(self, box: BaseMailBox) -> None:
        plain = (self.user + self.password).isascii()
        login = box.login if plain else box.login_utf8
        login(self.user, self.password, initial_folder=None)
        box.folder.set(self.folder)

    def _fetch(self, box: BaseMailBox, uid: str) -> bytes | None:
        """Return the beginning of a mail, without marking it; None if it is gone."""
        answer = box.client.uid("FETCH", uid, f"(BODY.PEEK[]<0.{MAX_OCTETS}>)")
        return _literal(answer[1]) if answer[0] == "OK" else None

    def _mark(self, box: BaseMailBox, uid: str) -> None:
        # Not with the library's own call, which also expunges what others have marked for that.
        with self._translated():
            answer = box.client.uid("STORE", uid, "+FLAGS.SILENT", r"(\Seen)")
        if answer[0] != "OK":
            raise BounceBoxError(self._where, "a mail cannot be marked as seen")

    @property
    def _where(self) -> str:
        return f"{'imaps' if self.tls else 'imap'}://{self.host}:{self.port}/{self.folder}"

    @contextmanager
    def _translated(self) -> Iterator[None]:
        # What servers say may quote the account: it stays out of messages.
        try:
            yield
        except MailboxLoginError as error:
            problem = "the server refuses the user or PAPERROUND_BOUNCE_PASSWORD"
            raise BounceBoxError(self._where, problem) from error
        except MailboxFolderSelectError as error:
            raise BounceBoxError(self._where, "there is no such folder") from error
        except (imaplib.IMAP4.error, ImapToolsError) as error:
            raise BounceBoxError(self._where, "the server broke off or refused") from error
        except ssl.SSLError as error:
            problem = f"its certificate or encryption is not good ({error.reason})"
            raise BounceBoxError(self._where, problem) from error
        except OSError as error:
            problem = f"it cannot be reached ({error.strerror or type(error).__name__})"
            raise BounceBoxError(self._where, problem) from error


def _literal(answer: Iterable[object]) -> bytes | None:
    """Return the octets in an answer to FETCH, which come as the second half of a pair."""
    pairs = (part for part in answer if isinstance(part, tuple) and len(part) > 1)
    found = next((part[1] for part in pairs), None)
    return found if isinstance(found, bytes) else None

"""A folder of `.eml` files: mails for whoever has no relay, and for looking at.

A file appears under its name when it is complete, and not before. Knows nothing of SMTP.
"""

import os
import re
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from tempfile import NamedTemporaryFile

from digest.errors import FolderUnavailableError
from digest.mail.protocol import ClosingMailer, OnData, Receipt
from digest.message import Message

__all__ = ["FolderMailer"]

_MAX_NAME = 120
_UNSAFE = re.compile(r"[^\w.+-]+")
_HEADER_OCTETS = 8_000


class FolderMailer(ClosingMailer):
    """Writes each mail into a folder, `<name>.eml`; the same mail again replaces itself."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def send(self, message: Message, *, on_data: OnData) -> Receipt:
        """Write one mail to disk, synced, and return where it is.

        Raises:
            FolderUnavailableError: the folder cannot be made or written, say for a full disk;
                nothing is left behind.
        """
        on_data()
        path = self.path_of(message)
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            path = self._free(path, message)
            self._write(path, message.data)
        except OSError as error:
            raise FolderUnavailableError(str(path), error.strerror or str(error)) from error
        return Receipt(reply=f"written to {path}", queue_id=path.name)

    def path_of(self, message: Message) -> Path:
        """Return where a mail goes, unless another mail of that name is there already."""
        stem = _UNSAFE.sub("-", message.name)[:_MAX_NAME].strip("-.") or "mail"
        return self.folder / f"{stem}.eml"

    def _free(self, path: Path, message: Message) -> Path:
        """Return the path, or one beside it when it holds a mail with another Message-ID."""
        with suppress(FileNotFoundError), path.open("rb") as file:
            if message.message_id.encode() not in file.read(_HEADER_OCTETS):
                suffix = sha256(message.message_id.encode()).hexdigest()[:8]
                return path.with_name(f"{path.stem}-{suffix}.eml")
        return path

    def _write(self, path: Path, data: bytes) -> None:
        """Write all bytes under another name, sync, and rename."""
        with NamedTemporaryFile(dir=self.folder, suffix=".tmp", delete=False) as file:
            part = Path(file.name)
            try:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
                part.chmod(0o600)
                part.replace(path)
            except OSError:
                part.unlink(missing_ok=True)
                raise

    def close(self) -> None:
        """Do nothing; every mail is on disk when `send` returns."""

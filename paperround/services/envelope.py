"""What every mail gets at the last: a bounce address, and a signature where we sign ourselves."""

from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path

from digest.addresses import a_label
from digest.dkim import SigningKey, load_key, sign_message
from digest.message import Message
from paperround.context import App
from paperround.verp import verp_address

__all__ = ["bounce_address", "signed"]


@dataclass(frozen=True, slots=True)
class _KeyFile:
    """A key's file as it is now: another key in it is another one of these."""

    path: Path
    changed_ns: int


def bounce_address(app: App, reader_id: int, on: date, stream: str) -> str:
    """Return the envelope sender of a mail; with VERP one that names it (A39)."""
    settings = app.settings
    if not settings.bounce_verp:
        return settings.bounce_address
    return verp_address(app.tokens, settings.bounce_address, reader_id, on, stream=stream)


def signed(app: App, message: Message, signed_at: datetime) -> Message:
    """Return a mail signed with DKIM, or as it is where the mail server signs.

    Args:
        app: The application.
        message: The mail.
        signed_at: The mail's own date, so that another try has the same bytes.

    Raises:
        DkimKeyError: The key cannot be read.
    """
    settings = app.settings
    if not (settings.dkim_selector and settings.dkim_key_file):
        return message
    return sign_message(
        message,
        domain=a_label(settings.sender_address.rpartition("@")[2]),
        selector=settings.dkim_selector,
        key=_key(settings.dkim_key_file),
        signed_at=signed_at,
    )


def _key(path: Path) -> SigningKey:
    changed = path.stat().st_mtime_ns if path.exists() else 0
    return _load(_KeyFile(path, changed))


@lru_cache(maxsize=2)
def _load(file: _KeyFile) -> SigningKey:
    return load_key(file.path)

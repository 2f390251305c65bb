"""A file beside the installation that remembers how far the ledger once was.

A database that was restored from a backup forgets what it sent since; this file does not. It holds
one instant and nothing else.
"""

import logging
import os
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from tempfile import NamedTemporaryFile

__all__ = ["read_witness", "witness_file", "write_witness"]

logger = logging.getLogger(__name__)


def witness_file(data_dir: Path) -> Path:
    """Return where an installation's witness is kept."""
    return data_dir / "ledger.witness"


def read_witness(path: Path) -> datetime | None:
    """Return the instant up to which the ledger was seen; None when there is no witness.

    A file that cannot be read is no witness either: it must not keep an installation from sending.
    """
    try:
        seen = datetime.fromisoformat(path.read_text("ascii").strip())
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        logger.warning("witness_unreadable path=%s problem=%r", path, str(error))
        return None
    return seen.astimezone(UTC) if seen.tzinfo is not None else seen.replace(tzinfo=UTC)


def write_witness(path: Path, seen: datetime | None) -> None:
    """Replace the witness in one step, or remove it; a folder that refuses is only logged."""
    try:
        if seen is None:
            path.unlink(missing_ok=True)
        else:
            _replace(path, seen.astimezone(UTC).isoformat())
    except OSError as error:
        logger.warning("witness_not_written path=%s problem=%r", path, str(error))


def _replace(path: Path, text: str) -> None:
    """Write a file so that nobody ever reads half of it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with NamedTemporaryFile("w", dir=path.parent, prefix=path.name, delete=False) as file:
        file.write(text + "\n")
    try:
        os.replace(file.name, path)
    except OSError:
        with suppress(OSError):
            os.unlink(file.name)
        raise

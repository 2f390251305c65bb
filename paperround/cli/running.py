"""What every command begins with: settings, logging, an open installation."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from paperround.context import App
    from paperround.settings import LoadedSettings

__all__ = [
    "FAILED",
    "NEEDS_A_LOOK",
    "STATE",
    "WRONG_USAGE",
    "Address",
    "AsJson",
    "DryRun",
    "day_option",
    "load",
    "opened",
    "parse_day",
]

# arXiv began in 1991, and links in mails count their days until 2199.
FIRST_YEAR, LAST_YEAR = 1991, 2198

FAILED = 1
"""Exit code after an error, which was said in one line."""
WRONG_USAGE = 2
"""Exit code for arguments that make no sense."""
NEEDS_A_LOOK = 3
"""Exit code of a command that did its work and found something wrong."""


@dataclass(slots=True)
class _State:
    verbose: bool = False


STATE = _State()
"""Options of the whole command line, set before any command runs."""


def parse_day(text: str) -> date:
    """Return the date that a text names.

    Raises:
        typer.BadParameter: It names none.
    """
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(f"{text!r} is no date; write 2026-05-04") from None
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise typer.BadParameter(f"{text!r} is not between {FIRST_YEAR} and {LAST_YEAR}")
    return day


AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
DryRun = Annotated[
    bool, typer.Option("--dry-run", help="Check everything and say what would be done; do nothing.")
]
Address = Annotated[str, typer.Argument(help="The reader's mail address.", metavar="ADDRESS")]


def day_option(meaning: str) -> Any:  # Typer's own type of an option is private
    """Return an option that takes a date."""
    return typer.Option(parser=parse_day, metavar="YYYY-MM-DD", help=meaning)


def load() -> "LoadedSettings":
    """Load the settings of this process and set logging up as they say.

    Raises:
        SettingsError: A value is malformed or insecure.
    """
    from paperround.cli.logs import configure_logging
    from paperround.settings import load_settings

    loaded = load_settings(os.environ, Path.cwd())
    configure_logging(loaded.settings.log_format, sys.stderr, verbose=STATE.verbose)
    return loaded


@contextmanager
def opened() -> "Iterator[App]":
    """Open the installation that the settings name, and close it afterwards.

    Raises:
        SettingsError: A value is malformed or insecure.
        StoreError: There is no database of this version.
    """
    from paperround.bootstrap import open_app

    app = open_app(load().settings)
    try:
        yield app
    finally:
        app.database.dispose()

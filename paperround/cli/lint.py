"""`paperround lint`: is a mail fit to be sent?"""

from pathlib import Path
from typing import Annotated

import typer

from paperround.cli.output import note, print_json
from paperround.cli.running import NEEDS_A_LOOK, AsJson

__all__ = ["register"]


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(epilog="Example: paperround lint outbox/2026-05-08-1.eml")(lint)


def lint(
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="Mails: .eml files.")],
    as_json: AsJson = False,
) -> None:
    """Check the raw bytes of mails against what a digest must satisfy; exit code 3 on findings."""
    from digest.lint import lint as check
    from paperround.errors import PaperRoundError

    found = {}
    for path in files:
        try:
            raw = path.read_bytes()
        except OSError as error:
            raise PaperRoundError(f"cannot read {path}: {error.strerror}") from error
        found[path] = check(raw)
    if as_json:
        print_json({str(path): [f"{item}" for item in items] for path, items in found.items()})
    else:
        for path, items in found.items():
            typer.echo(f"{path}: {'clean' if not items else f'{len(items)} findings'}")
            for item in items:
                note(f"  {item}")
    if any(found.values()):
        raise typer.Exit(NEEDS_A_LOOK)

"""`paperround doctor`: what would go wrong, and how to mend it."""

from dataclasses import asdict

import typer

from paperround.cli.output import print_json, print_table
from paperround.cli.running import NEEDS_A_LOOK, AsJson, load

__all__ = ["register"]

SIGNS = {"ok": "ok", "warning": "look", "error": "FAIL"}


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(epilog="Example: paperround doctor")(doctor)


def doctor(as_json: AsJson = False) -> None:
    """Check machine, database, papers, deliveries, relay and sender; exit code 3 on a failure."""
    from paperround.clock import system_clock
    from paperround.services.doctor import examine

    checks = examine(load().settings, system_clock())
    if as_json:
        print_json([asdict(check) for check in checks])
    else:
        print_table(
            ("", "what", "found", "how to mend it"),
            [(SIGNS[check.status], check.what, check.found, check.mend) for check in checks],
        )
    if any(check.status == "error" for check in checks):
        raise typer.Exit(NEEDS_A_LOOK)

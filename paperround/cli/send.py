"""`paperround send`: deliver what is due."""

from typing import Annotated

import typer

from paperround.cli.output import note, print_json, progress
from paperround.cli.running import NEEDS_A_LOOK, AsJson, DryRun, opened

__all__ = ["register"]


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(epilog="Example: paperround send --due")(send)


def send(
    due: Annotated[
        bool, typer.Option("--due", help="Send every digest whose hour has come.")
    ] = False,
    dry_run: DryRun = False,
    as_json: AsJson = False,
) -> None:
    """Send the digests that are due, each once; run it as often as you like."""
    from paperround.services.send import due_now, send_due

    if not due:
        raise typer.BadParameter("say which digests: paperround send --due")
    with opened() as app:
        if dry_run:
            addresses = [reader.address for reader in due_now(app)]
            if as_json:
                print_json({"due": addresses})
            else:
                typer.echo(f"{len(addresses)} due: {', '.join(addresses) or 'nobody'}")
            return
        with progress("sending", "mails") as on_progress:
            report = send_due(app, on_progress=on_progress)
    if as_json:
        print_json(report)
    else:
        for outcome in report.outcomes:
            typer.echo(
                f"{outcome.local_date} {outcome.state:9} {outcome.address}  {outcome.reason}"
            )
        if not report.outcomes:
            typer.echo("Nothing is due.")
    if report.relay_problem:
        note(f"stopped: {report.relay_problem}; what was not sent stays due")
        note("`paperround doctor` looks at the relay")
    if not report.is_clean:
        raise typer.Exit(NEEDS_A_LOOK)

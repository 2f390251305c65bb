"""`paperround send`: deliver what is due."""

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from paperround.cli.output import note, print_json, progress
from paperround.cli.running import NEEDS_A_LOOK, AsJson, DryRun, opened

if TYPE_CHECKING:
    from paperround.services.outcomes import Outcome

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
    from paperround.services.enqueue import due_now
    from paperround.services.send import send_due

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
        outcomes: list[Outcome] = []  # the terminal is told of each; a worker is not
        with progress("sending", "mails") as on_progress:

            def told(outcome: "Outcome") -> None:
                outcomes.append(outcome)
                on_progress(len(outcomes), None)

            report = send_due(app, on_outcome=told)
    if as_json:
        told_of = [asdict(outcome) for outcome in outcomes]
        print_json({"problem": report.problem, "counts": report.counts, "outcomes": told_of})
    else:
        for outcome in outcomes:
            typer.echo(
                f"{outcome.local_date} {outcome.state:9} {outcome.address}  {outcome.reason}"
            )
        if not (outcomes or report.problem):
            typer.echo("Nothing is due.")
    if report.problem:
        note(f"stopped: {report.problem}")
        note("what was not sent stays due; `paperround status` and `paperround doctor` tell more")
    if not report.is_clean:
        raise typer.Exit(NEEDS_A_LOOK)

"""`paperround hold` and `paperround release`: whether this installation may send."""

from typing import Annotated

import typer

from paperround.cli.output import print_json
from paperround.cli.running import AsJson, DryRun, opened

__all__ = ["register"]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command(epilog='Example: paperround hold --because "moving to another machine"')(hold)
    app.command(epilog="Example: paperround release --dry-run")(release)


def hold(
    because: Annotated[str, typer.Option(help="What whoever asks is told.")] = "",
    dry_run: DryRun = False,
) -> None:
    """Send nothing until `paperround release`; what becomes due meanwhile waits."""
    from paperround.services.holding import hold as set_hold

    with opened() as app:
        if dry_run:
            typer.echo("Would hold this installation: nothing would be sent.")
            return
        held = set_hold(app, because)
    typer.echo(f"Held: {held.because}. Nothing is sent until `paperround release`.")


def release(
    skip_due: Annotated[
        bool,
        typer.Option(
            "--skip-due",
            help="Send nothing that is due by now: the state that was lost may have sent it.",
        ),
    ] = False,
    dry_run: DryRun = False,
    as_json: AsJson = False,
) -> None:
    """Confirm that this database is the one that sends: after a restore, a move or a hold."""
    from paperround.services.holding import release as confirm

    with opened() as app:
        done = confirm(app, leave_out=skip_due, dry_run=dry_run)
    if as_json:
        print_json(done)
        return
    if not done.was_held:
        typer.echo("Nothing is held.")
        return
    if skip_due:
        count = done.sending + done.expiring + done.due if dry_run else done.left_out
        typer.echo(f"{'Would release' if dry_run else 'Released'}; digests left out: {count:,}.")
        return
    typer.echo(
        f"{'Would release' if dry_run else 'Released'}; open mails that will be sent: "
        f"{done.sending:,}; too late, so that they expire: {done.expiring:,}; readers who are due: "
        f"{done.due:,}."
    )

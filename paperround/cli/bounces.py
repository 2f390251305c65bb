"""`paperround bounces`, `suppress` and `lift`: mail that comes back, and who gets none any more."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from paperround.cli.output import print_json
from paperround.cli.running import NEEDS_A_LOOK, STATE, Address, AsJson, DryRun, opened

if TYPE_CHECKING:
    from paperround.services.bounces import BounceReport
    from paperround.services.suppression import Suppressed

__all__ = ["register"]

TRY_AGAIN = 75
"""Exit code on which a mail server keeps the mail that it pipes, and tries again: EX_TEMPFAIL."""


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command(epilog="Example: paperround bounces; paperround bounces --maildir ~/Maildir")(
        bounces
    )
    app.command(epilog="Example: paperround suppress ada@example.org")(suppress)
    app.command(epilog="Example: paperround lift ada@example.org")(lift)


def bounces(
    stdin: Annotated[
        bool, typer.Option("--stdin", help="Read one mail that the mail server pipes in.")
    ] = False,
    maildir: Annotated[
        Path | None, typer.Option(help="Read this maildir instead of the mailbox of the settings.")
    ] = None,
    dry_run: DryRun = False,
    as_json: AsJson = False,
) -> None:
    """Take mail that came back: count it, and write no more to addresses that are gone.

    Mails to the address for unsubscribing are taken from the same mailbox. Each mail counts once,
    and is marked as seen only when it was counted.
    """
    if stdin and maildir is not None:
        raise typer.BadParameter("give --stdin or --maildir, not both")
    report = _piped(dry_run=dry_run) if stdin else _taken(maildir, dry_run=dry_run)
    if as_json:
        print_json(report)
    elif not stdin:
        # A mail server may send back what a program says to it.
        typer.echo(f"{'Would take: ' if dry_run else ''}{report}")
    if report.failed:
        raise typer.Exit(TRY_AGAIN if stdin else NEEDS_A_LOOK)


def suppress(address: Address, dry_run: DryRun = False) -> None:
    """Write to an address no more, whoever asks, until its owner confirms a subscription."""
    from paperround.services.suppression import suppress as run

    with opened() as app:
        done = run(app, address, dry_run=dry_run)
    if not done.changed:
        typer.echo(f"{done.address} is suppressed already")
        return
    whom = "a reader" if done.is_reader else "no reader"
    typer.echo(f"{'Would suppress' if dry_run else 'Suppressed'} {done.address}, {whom}")


def lift(address: Address, dry_run: DryRun = False) -> None:
    """Write to an address again; a reader gets the next digest at their next hour."""
    from paperround.services.suppression import lift as run

    with opened() as app:
        done = run(app, address, dry_run=dry_run)
    if not done.changed:
        typer.echo(f"{done.address} is not suppressed")
        return
    typer.echo(f"{'Would lift' if dry_run else 'Lifted'} {done.address}, {_standing(done)}")


def _standing(done: "Suppressed") -> str:
    if not done.is_reader:
        return "no reader"
    return "who gets digests again" if done.active else "who is not subscribed"


def _taken(maildir: Path | None, *, dry_run: bool) -> "BounceReport":
    from paperround.bouncebox import MaildirBox
    from paperround.services.bounces import read_bounces, take_bounces

    with opened() as app:
        if maildir is None:
            return read_bounces(app, dry_run=dry_run)
        return take_bounces(app, MaildirBox(maildir.expanduser()), dry_run=dry_run)


def _piped(*, dry_run: bool) -> "BounceReport":
    """Take a mail from standard input; whatever fails, the mail server has to keep it."""
    from paperround.bouncebox import StreamBox
    from paperround.errors import PaperRoundError
    from paperround.services.bounces import take_bounces

    try:
        with opened() as app:
            box = StreamBox(typer.get_binary_stream("stdin"))
            return take_bounces(app, box, dry_run=dry_run)
    except PaperRoundError as error:
        if STATE.verbose:
            raise
        typer.echo(f"paperround: {' '.join(str(error).split())}", err=True)
        raise typer.Exit(TRY_AGAIN) from error

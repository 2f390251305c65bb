"""`paperround resend`: settle a mail in doubt, or open a failed one again."""

from datetime import date
from typing import Annotated

import typer

from paperround.cli.output import print_json
from paperround.cli.running import Address, AsJson, DryRun, opened, parse_day

__all__ = ["register"]


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(epilog="Example: paperround resend ada@example.org 2026-05-04")(resend)


def resend(
    address: Address,
    day: Annotated[
        date,
        typer.Argument(parser=parse_day, metavar="DATE", help="The date that the mail was for."),
    ],
    as_sent: Annotated[
        bool, typer.Option("--as-sent", help="It arrived: take it as sent, send nothing.")
    ] = False,
    stream: Annotated[
        str, typer.Option(help="The digest, or a notice as `paperround why` calls it.")
    ] = "daily",
    dry_run: DryRun = False,
    as_json: AsJson = False,
) -> None:
    """Send a mail again that is in doubt, failed, expired or was left out."""
    from paperround.services.resend import resend as settle

    with opened() as app:
        done = settle(app, address, day, stream=stream, as_sent=as_sent, dry_run=dry_run)
    if as_json:
        print_json(done)
        return
    which = f"the mail for {done.address} on {done.on}, which was {done.was}"
    if as_sent:
        typer.echo(f"{'Would take' if dry_run else 'Took'} {which}, as sent.")
        return
    how = "the same bytes go out" if done.same_bytes else "it is made anew"
    typer.echo(
        f"{'Would open' if dry_run else 'Opened'} {which}, again: {how} with the next run, until "
        f"{done.expires_at:%Y-%m-%d %H:%M} UTC."
    )

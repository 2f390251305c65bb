"""`paperround reader invite`, `pause`, `resume`, `change`, `move`, `unsubscribe` and `export`."""

from datetime import date
from typing import TYPE_CHECKING, Annotated

import typer

from paperround.cli.output import print_json
from paperround.cli.running import Address, DryRun, day_option, opened

if TYPE_CHECKING:
    from paperround.context import App
    from paperround.store.models import Reader

__all__ = ["At", "Name", "Weekdays", "Zone", "register"]

HOW = "command"
"""What the log of consents says of all that is done here."""

Name = Annotated[str, typer.Option(help="How the digest greets them.")]
Zone = Annotated[str | None, typer.Option(help="IANA time zone.")]
At = Annotated[str | None, typer.Option(help="Local time of day, 07:30.")]
Weekdays = Annotated[str | None, typer.Option(help="mon-fri, mon,thu or daily.")]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    ada = "ada@example.org"
    for command, example in (
        (invite, f"invite {ada} --zone Europe/London"),
        (pause, f"pause {ada} --until 2026-08-24; paperround reader pause {ada} --days 14"),
        (resume, f"resume {ada}"),
        (change, f"change {ada} --at 06:45 --weekdays mon,thu"),
        (move, f"move {ada} ada@example.com"),
        (unsubscribe, f"unsubscribe {ada}"),
        (export, f"export {ada}"),
    ):
        app.command(epilog=f"Example: paperround reader {example}")(command)


def invite(
    address: Address,
    name: Name = "",
    zone: Zone = None,
    at: At = None,
    weekdays: Weekdays = None,
    prose: Annotated[str | None, typer.Option(help="What they care about, in words.")] = None,
    dry_run: DryRun = False,
) -> None:
    """Ask somebody by mail to confirm a subscription, as the page for subscribing does."""
    from paperround.services.subscribe import Subscription, subscribe

    wanted = Subscription(address, name, zone, at, weekdays, prose, wording="invite-1")
    with opened() as installation:
        subscribe(installation, wanted, how=HOW, dry_run=dry_run)
        said = f"Would ask {address} to confirm" if dry_run else _invited(installation, address)
    typer.echo(said)


def pause(
    address: Address,
    until: Annotated[
        date | None, day_option("Local date of the first digest after the pause.")
    ] = None,
    days: Annotated[
        int | None, typer.Option(help="Days without a digest, today being the first.")
    ] = None,
    dry_run: DryRun = False,
) -> None:
    """Send a reader nothing for some time; say until when, or how many days."""
    from paperround.services import preferences

    with opened() as installation:
        if until is not None and days is None:
            reader = preferences.pause(installation, address, until, how=HOW, dry_run=dry_run)
        elif days is not None and until is None:
            reader = preferences.snooze(installation, address, days, how=HOW, dry_run=dry_run)
        else:
            raise typer.BadParameter("give either --until or --days")
    _tell("pause", "Paused", reader, dry_run)


def resume(address: Address, dry_run: DryRun = False) -> None:
    """End a reader's pause."""
    from paperround.services import preferences

    with opened() as installation:
        reader = preferences.resume(installation, address, how=HOW, dry_run=dry_run)
    _tell("resume", "Resumed", reader, dry_run)


def change(
    address: Address,
    zone: Zone = None,
    at: At = None,
    weekdays: Weekdays = None,
    dry_run: DryRun = False,
) -> None:
    """Change when a reader gets digests: never two for one date, and none is left out."""
    from paperround.services import preferences

    with opened() as installation:
        reader = preferences.reschedule(
            installation, address, zone=zone, at=at, weekdays=weekdays, dry_run=dry_run
        )
    _tell("change", "Changed", reader, dry_run)


def move(
    address: Address,
    new_address: Annotated[str, typer.Argument(help="The address they want.", metavar="NEW")],
    dry_run: DryRun = False,
) -> None:
    """Ask a reader's old and new address by mail whether digests shall go to the new one."""
    from paperround.services import preferences

    with opened() as installation:
        preferences.move(installation, address, new_address, how=HOW, dry_run=dry_run)
    said = "Would ask" if dry_run else "Asked"
    typer.echo(f"{said} {address} and {new_address} to confirm the change")
    typer.echo("Next: paperround send --due")


def unsubscribe(address: Address, dry_run: DryRun = False) -> None:
    """Send a reader no more digests; what is known of them stays until they are removed."""
    from paperround.services.leaving import unsubscribe_reader

    with opened() as installation:
        unsubscribe_reader(installation, address, how=HOW, dry_run=dry_run)
    typer.echo(f"{'Would unsubscribe' if dry_run else 'Unsubscribed'} {address}")


def export(address: Address) -> None:
    """Print everything that is kept about a reader, as JSON."""
    from paperround.services.leaving import export_reader

    with opened() as installation:
        print_json(export_reader(installation, address))


def _invited(installation: "App", address: str) -> str:
    """Tell the operator what became of an invitation; a stranger is never told."""
    from paperround.services.readers import show_reader
    from paperround.services.streams import CONFIRM, kind_of
    from paperround.store.models import ReaderState

    shown = show_reader(installation, address)
    if shown.reader.state == ReaderState.ACTIVE:
        return f"{shown.reader.address} is subscribed already; nothing is sent"
    due = [row.due_at for row in shown.deliveries if kind_of(row.stream) == CONFIRM]
    if not due:
        return f"{shown.reader.address} was asked too often already; try again in some days"
    return (
        f"{shown.reader.address} is asked to confirm by the mail of {max(due):%Y-%m-%d %H:%M} UTC\n"
        "Next: paperround send --due"
    )


def _tell(verb: str, done: str, reader: "Reader", dry_run: bool) -> None:
    due = reader.next_due_at
    following = f"the next digest is due {due:%Y-%m-%d %H:%M} UTC" if due else "none is due"
    typer.echo(f"{f'Would {verb}' if dry_run else done} {reader.address}; {following}")

"""`paperround reader add`, `list`, `show` and `remove`: who gets digests."""

from typing import TYPE_CHECKING, Annotated

import typer

from paperround.cli import onboard, subscription
from paperround.cli.output import print_json, print_table
from paperround.cli.running import Address, AsJson, DryRun, opened
from paperround.cli.subscription import At, Name, Weekdays, Zone

if TYPE_CHECKING:
    from paperround.store.models import Reader

__all__ = ["app"]

app = typer.Typer(help="Add, invite, show, change and remove readers.", no_args_is_help=True)
onboard.register(app)


@app.command(
    epilog="Example: paperround reader add ada@example.org --zone Europe/London --at 07:30"
)
def add(
    address: Address,
    name: Name = "",
    zone: Zone = None,
    at: At = None,
    weekdays: Weekdays = None,
    lift_suppression: Annotated[
        bool, typer.Option("--lift-suppression", help="Even if the address is not written to.")
    ] = False,
    dry_run: DryRun = False,
) -> None:
    """Add a reader on your word; `invite` asks them first. An interest makes their first digest."""
    from paperround.services.readers import NewReader, add_reader

    with opened() as installation:
        new = NewReader(address, name, zone, at, weekdays)
        reader = add_reader(installation, new, lift_suppression=lift_suppression, dry_run=dry_run)
    typer.echo(
        f"{'Would add' if dry_run else 'Added'} {reader.address}; the first digest is due "
        f"{reader.next_due_at:%Y-%m-%d %H:%M} UTC"
    )
    typer.echo(f'Next: paperround interest add {reader.address} NAME --prose "..."')


@app.command("list", epilog="Example: paperround reader list --json")
def list_all(as_json: AsJson = False) -> None:
    """List all readers."""
    from paperround.services.readers import list_readers

    with opened() as installation:
        readers = list_readers(installation)
    if as_json:
        print_json([_facts(reader) for reader in readers])
    else:
        print_table(
            ("address", "name", "at", "zone", "weekdays", "state", "next digest (UTC)"),
            [_row(reader) for reader in readers],
        )


@app.command(epilog="Example: paperround reader show ada@example.org")
def show(address: Address, as_json: AsJson = False) -> None:
    """Show a reader with interests and the latest deliveries."""
    from paperround.services.readers import show_reader

    with opened() as installation:
        shown = show_reader(installation, address)
    if as_json:
        print_json(
            _facts(shown.reader)
            | {
                "interests": [row.model_dump() for row in shown.interests],
                "ratings": shown.ratings,
                "deliveries": [row.model_dump() for row in shown.deliveries],
            }
        )
        return
    for label, cell in _facts(shown.reader).items():
        typer.echo(f"{label.replace('_', ' '):16} {cell}")
    typer.echo(f"{'ratings':16} {shown.ratings}")
    for interest in shown.interests:
        typer.echo(f"{'interest':16} {interest.name}: {interest.prose or 'no sentence'}")
    for row in shown.deliveries:
        typer.echo(f"{row.local_date} {row.state:12} {row.subject or row.reason or ''}")


@app.command(epilog="Example: paperround reader remove ada@example.org --yes")
def remove(
    address: Address,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    forget_suppression: Annotated[
        bool,
        typer.Option("--forget-suppression", help="Keep not even a keyed hash of the address."),
    ] = False,
    dry_run: DryRun = False,
) -> None:
    """Delete all that is known of a reader, and write to the address only if its owner asks.

    A keyed hash stays, by which the address is recognised and from which nobody can tell it.
    """
    from paperround.services.leaving import forget_reader
    from paperround.services.readers import show_reader

    with opened() as installation:
        reader = show_reader(installation, address).reader
        if dry_run:
            typer.echo(f"Would remove {reader.address} and all that is known of them.")
            return
        if not yes:
            typer.confirm(f"Remove {reader.address} and all that is known of them?", abort=True)
        forget_reader(installation, address, keep_suppression=not forget_suppression)
    typer.echo(f"Removed {reader.address}")


subscription.register(app)


def _facts(reader: "Reader") -> dict[str, object]:
    from paperround.settings import weekday_names

    return {
        "address": reader.address,
        "name": reader.name,
        "zone": reader.zone,
        "at": reader.digest_at.isoformat("minutes"),
        "weekdays": weekday_names(map(int, reader.weekdays)),
        "state": reader.state,
        "paused_until": reader.paused_until,
        "next_due_at": reader.next_due_at,
    }


def _row(reader: "Reader") -> tuple[object, ...]:
    facts = _facts(reader)
    due = f"{reader.next_due_at:%Y-%m-%d %H:%M}" if reader.next_due_at else "none"
    return (*(facts[name] for name in ("address", "name", "at", "zone", "weekdays", "state")), due)

"""`paperround rate`: a thumbs up or down."""

from enum import StrEnum
from typing import Annotated, Literal

import typer

from paperround.cli.running import Address, DryRun, opened

__all__ = ["register"]


class Verdict(StrEnum):
    """What a reader thinks of a paper."""

    UP = "up"
    DOWN = "down"


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(epilog="Example: paperround rate ada@example.org 2605.00022 up")(rate)


def rate(
    address: Address,
    paper: Annotated[str, typer.Argument(help="The paper, by id or address.")],
    verdict: Annotated[Verdict, typer.Argument(help="up or down.")],
    interest: Annotated[
        str | None, typer.Option(help="The interest it teaches, if not the one it was shown under.")
    ] = None,
    dry_run: DryRun = False,
) -> None:
    """Rate a paper for a reader; the last rating counts and tunes the next digest."""
    from paperround.services.rate import rate as save

    value: Literal[-1, 1] = 1 if verdict is Verdict.UP else -1
    with opened() as app:
        paper_id = save(app, address, paper, value, interest=interest, dry_run=dry_run)
    typer.echo(f"{'Would rate' if dry_run else 'Rated'} {paper_id} {verdict} for {address}")

"""`paperround why`: why a mail did or did not go out."""

from datetime import date
from typing import TYPE_CHECKING, Annotated, Any

import typer

from paperround.cli.output import print_json
from paperround.cli.running import Address, AsJson, opened, parse_day

if TYPE_CHECKING:
    from paperround.services.why import Told, Why

__all__ = ["register"]

DIGEST = "daily"


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(epilog="Example: paperround why ada@example.org 2026-05-04")(why)


def why(
    address: Address,
    day: Annotated[
        date | None,
        typer.Argument(
            parser=parse_day,
            metavar="DATE",
            help="The reader's local date, YYYY-MM-DD; by default it is their today.",
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Say why a reader's mail did or did not go out on a date, and what happened to it."""
    from paperround.services.why import why as ask

    with opened() as app:
        found = ask(app, address, day)
    if as_json:
        print_json(_facts(found))
        return
    for told in found.mails:
        what = "" if told.stream == DIGEST else f" ({told.stream})"
        typer.echo(f"{found.address}, {found.on:%A %Y-%m-%d}{what}: {told.answer.verdict}")
        typer.echo(f"  {told.answer.words}")
        if told.answer.advice:
            typer.echo(f"  What to do: {told.answer.advice}.")
        for line in _timeline(found, told):
            typer.echo(f"  {line}")


def _timeline(found: "Why", told: "Told") -> list[str]:
    from paperround.services.times import clock_time

    if not told.timeline:
        return []
    heading = f"What happened, in {found.zone.key}:"
    return [heading] + [
        f"{clock_time(change.at, found.zone)}  {change.state.replace('_', ' '):12}  "
        f"{f'try {change.attempt}' if change.attempt else '':7}  "
        f"{f'{change.code} ' if change.code else ''}{change.words}".rstrip()
        for change in told.timeline
    ]


def _facts(found: "Why") -> dict[str, Any]:
    return {
        "reader": found.address,
        "date": found.on.isoformat(),
        "zone": found.zone.key,
        "mails": [
            {
                "stream": told.stream,
                "state": told.state,
                "verdict": told.answer.verdict,
                "words": told.answer.words,
                "advice": told.answer.advice,
                "timeline": [
                    {
                        "at": change.at.isoformat(),
                        "state": change.state,
                        "attempt": change.attempt,
                        "code": change.code,
                        "words": change.words,
                    }
                    for change in told.timeline
                ],
            }
            for told in found.mails
        ],
    }

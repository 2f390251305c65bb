"""`paperround embed`: give papers and interests their vectors."""

from datetime import date
from typing import Annotated

import typer

from paperround.cli.output import print_json, progress
from paperround.cli.running import AsJson, DryRun, day_option, opened

__all__ = ["register"]


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(epilog="Example: paperround embed --since 2026-05-01")(embed)


def embed(
    since: Annotated[date | None, day_option("Leave out papers announced earlier.")] = None,
    dry_run: DryRun = False,
    as_json: AsJson = False,
) -> None:
    """Embed every paper and interest that has no vector yet, the newest first."""
    from paperround.services.embed import embed as embed_all
    from paperround.services.embed import pending

    with opened() as app:
        if dry_run:
            count, model = pending(app, since=since), app.settings.model
            if as_json:
                print_json({"model": model, "papers_pending": count})
            else:
                typer.echo(f"Would embed {count:,} papers with {model}.")
            return
        with progress("embedding", "papers") as on_progress:
            report = embed_all(app, since=since, on_progress=on_progress)
    if as_json:
        print_json(report)
    else:
        done = f"papers {report.papers:,}, interests {report.interests:,}"
        typer.echo(f"embedded with {report.model}: {done}")

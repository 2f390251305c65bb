"""`paperround init`: create or upgrade an installation."""

import typer

from paperround.cli.running import DryRun, load

__all__ = ["register"]


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(epilog="Example: paperround init")(init)


def init(dry_run: DryRun = False) -> None:
    """Create the data folder, the secret key and the database, or upgrade them."""
    from paperround.bootstrap import initialise

    settings = load().settings
    where = settings.data_dir
    if dry_run:
        typer.echo(f"Would create or upgrade the installation in {where}.")
        return
    done = initialise(settings)
    typer.echo(f"{'Ready' if done else 'Up to date'}: {where}")
    typer.echo("Next: paperround ingest, paperround embed, paperround reader add ADDRESS")

"""`paperround serve`: the pages that links in mails lead to."""

from typing import Annotated

import typer

from paperround.cli.output import note
from paperround.cli.running import opened

__all__ = ["register"]

HIGHEST_PORT = 65_535


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(epilog="Example: paperround serve --port 8000")(serve)


def serve(
    host: Annotated[
        str, typer.Option(help="Address to listen on; a proxy with a certificate stands before it.")
    ] = "127.0.0.1",
    port: Annotated[
        int, typer.Option(min=0, max=HIGHEST_PORT, help="Port to listen on; 0 is any that is free.")
    ] = 8000,
) -> None:
    """Serve the pages: confirm, unsubscribe, rate, move; until the process is told to stop."""
    from paperround.web import server

    with opened() as app, server.listen(host, port) as listening:
        note(f"serving {app.settings.base_url} on {host} port {listening.getsockname()[1]}")
        server.serve(app, listening)

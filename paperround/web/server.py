"""Serves the pages over HTTP until the process is told to stop."""

import socket

import uvicorn

from paperround.context import App
from paperround.errors import PaperRoundError
from paperround.web.app import create_app

__all__ = ["listen", "serve", "server"]

GRACE_S = 30
"""Seconds that requests have to finish in after SIGTERM."""


def listen(host: str, port: int) -> socket.socket:
    """Open the address that is served; port 0 is any that is free.

    Raises:
        PaperRoundError: Somebody else has it, or there is no such address here.
    """
    try:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        listening = socket.create_server((host, port), family=family)
    except OSError as error:
        problem = error.strerror or str(error)
        raise PaperRoundError(
            f"cannot serve on {host} port {port}: {problem}; choose another --host or --port"
        ) from error
    # asyncio does this itself only for sockets that name their protocol, which this one does not.
    # Without it every answer on a kept connection takes 40 ms more: Nagle waits for a delayed ACK.
    listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listening


def serve(app: App, listening: socket.socket) -> None:
    """Answer requests until SIGINT or SIGTERM, then finish those that are under way."""
    server(app).run(sockets=[listening])


def server(app: App) -> uvicorn.Server:
    """Build the server; it is run with the sockets it listens on."""
    return uvicorn.Server(
        uvicorn.Config(
            create_app(app),
            # Our own line has the route and not the address of the page: that holds a token.
            access_log=False,
            log_config=None,
            server_header=False,
            timeout_graceful_shutdown=GRACE_S,
        )
    )

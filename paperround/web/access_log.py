"""One line per request: method, route, status, milliseconds.

Never the address of a page: a token in a log is a key in a log.
"""

import logging
from time import perf_counter

from starlette.types import ASGIApp, Message, Receive, Scope, Send

__all__ = ["AccessLog", "route_of"]

logger = logging.getLogger(__name__)


def route_of(scope: Scope) -> str:
    """Return the template of the route that a request found, such as `/rate/{token}`, or `-`."""
    return getattr(scope.get("route"), "path", "-")


class AccessLog:
    """Middleware that writes the line."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        status = 0
        began = perf_counter()

        async def send_noting_status(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, send_noting_status)
        finally:
            ms = (perf_counter() - began) * 1000
            line = "request method=%s route=%s status=%d ms=%.1f"
            logger.info(line, scope["method"], route_of(scope), status, ms)

"""Takes the path of the base URL off a request, where a proxy passed it on.

Proxies do either; routes begin at the top in both cases.
"""

from starlette.types import ASGIApp, Receive, Scope, Send

__all__ = ["UnderPath"]


class UnderPath:
    """Middleware that takes a prefix off.

    Args:
        app: What answers.
        prefix: Path of the base URL: `/papers`.
    """

    def __init__(self, app: ASGIApp, *, prefix: str) -> None:
        self._app = app
        self._prefix = prefix

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] == "http" and scope["path"].startswith(f"{self._prefix}/"):
            scope["path"] = scope["path"].removeprefix(self._prefix)
        await self._app(scope, receive, send)

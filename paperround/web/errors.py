"""What people see when something is wrong: one page, which says what to do next.

No page repeats the address, the token or an error's words, and none tells a link of a stranger
from one that never was. What nobody expected is logged with its traceback, less what is private.
"""

import logging
import re
import traceback
from collections.abc import Mapping
from dataclasses import dataclass

from fastapi import FastAPI, Request
from fastapi.responses import Response
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from paperround.errors import (
    ExpiredTokenError,
    StoreError,
    TokenError,
    UnknownPaperError,
    UnknownReaderError,
)
from paperround.tokens import TOKEN_LENGTH
from paperround.web.access_log import route_of
from paperround.web.pages import Pages

__all__ = ["UnexpectedErrors", "add_error_pages"]

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Explanation:
    """What an error page says."""

    status: int
    heading: str
    said: str
    advice: str


_BROKEN = _Explanation(
    404,
    "This link does not work",
    "It was cut short or changed on its way, or what it was for is no longer here.",
    "Open it from the mail once more, or copy the whole address from there.",
)
_EXPIRED = "This link is too old"
_UNKNOWN_PAPER = _Explanation(
    404,
    "This paper is not here",
    "The link is good, but the paper it leads to is not kept here any more.",
    "Other papers of the same digest can still be rated from its mail.",
)
_BUSY = _Explanation(
    503,
    "Not just now",
    "The database did not answer in time. Nothing was changed.",
    "Try again in a minute: the same link stays good.",
)
_BUG = _Explanation(
    500,
    "Something went wrong here",
    "It is our fault, not yours, and the operator can see that it happened.",
    "Try again in a minute. If it happens again, answer any of our mails.",
)
_BY_STATUS = {
    400: ("This could not be read", "What arrived was not complete.", "Go back and try again."),
    404: (
        "There is no such page",
        "Nothing is kept under this address.",
        "If a mail of ours led here, copy the whole address from it.",
    ),
    405: (
        "Not in this way",
        "This address cannot be used like that.",
        "Open the link in a browser and use the button there.",
    ),
    408: ("Too slow", "What you sent did not arrive in time.", "Go back and try again."),
    413: (
        "Too much at once",
        "What was sent is larger than anything that belongs here. Nothing was changed.",
        "Open the link from the mail once more and use the button there.",
    ),
}
_RENEWALS = {
    "confirm": (
        "It was good for a week, or for a request that is over.",
        "Subscribe once more with the same address: a new link comes by mail.",
    ),
    "move": (
        "It was good for a week, or for a request that is over.",
        "Ask for the new address once more: new links come by mail.",
    ),
}
_RENEWAL = (
    "Links in a digest are good for some months.",
    "Open your latest digest: the links in it work. Unsubscribing works from any, however old.",
)


def add_error_pages(web: FastAPI, pages: Pages) -> None:
    """Give every expected error its page."""

    def show(explanation: _Explanation, headers: Mapping[str, str] | None = None) -> Response:
        said = (explanation.heading, explanation.said, explanation.advice)
        return pages.message(explanation.status, *said, headers or {})

    async def broken(request: Request, error: Exception) -> Response:
        return show(_BROKEN)

    async def expired(request: Request, error: Exception) -> Response:
        page = route_of(request.scope).strip("/").partition("/")[0]
        return show(_Explanation(410, _EXPIRED, *_RENEWALS.get(page, _RENEWAL)))

    async def unknown_paper(request: Request, error: Exception) -> Response:
        return show(_UNKNOWN_PAPER)

    async def busy(request: Request, error: Exception) -> Response:
        logger.warning("store_error route=%s problem=%s", route_of(request.scope), error)
        return show(_BUSY, {"Retry-After": "60"})

    async def refused(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        words = _BY_STATUS.get(error.status_code, _BY_STATUS[400])
        return show(_Explanation(error.status_code, *words), error.headers)

    handlers = {
        TokenError: broken,
        ExpiredTokenError: expired,
        UnknownReaderError: broken,
        UnknownPaperError: unknown_paper,
        StoreError: busy,
        HTTPException: refused,
    }
    for kind, handler in handlers.items():
        web.add_exception_handler(kind, handler)


class UnexpectedErrors:
    """Middleware that answers a bug with a page and writes it down.

    The framework's own would have the error go on to the server, which logs what it says.
    """

    def __init__(self, app: ASGIApp, *, pages: Pages) -> None:
        self._app = app
        self._pages = pages

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        started = False

        async def send_noting_start(message: Message) -> None:
            nonlocal started
            started = True
            await send(message)

        try:
            await self._app(scope, receive, send_noting_start)
        except Exception as error:
            trace = _without_secrets("".join(traceback.format_exception(error)))
            logger.error("bug method=%s route=%s\n%s", scope["method"], route_of(scope), trace)
            if not started:
                page = self._pages.message(_BUG.status, _BUG.heading, _BUG.said, _BUG.advice, {})
                await page(scope, receive, send)


_TOKEN = re.compile(rf"[A-Za-z0-9_-]{{{TOKEN_LENGTH},}}")
_ADDRESS = re.compile(r"[^\s'\"<>(),;]+@[^\s'\"<>(),;]+")


def _without_secrets(text: str) -> str:
    """Return a traceback without what looks like a token or a mail address."""
    return _ADDRESS.sub("<address>", _TOKEN.sub("<token>", text))

"""Reads what was posted, whatever form it has: urlencoded, multipart, nothing, or nonsense.

A mail provider's one-click POST must not fail because of how its body was written, so what cannot
be read is an empty form. Only size and slowness are refused.
"""

import asyncio
from collections.abc import Mapping
from typing import Annotated

from fastapi import Depends, Request
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.types import Message

__all__ = ["BODY_READ", "MAX_BODY_BYTES", "Posted"]

MAX_BODY_BYTES = 64 * 1024
MAX_FIELDS = 50
BODY_TIMEOUT_S = 10.0


async def _posted(request: Request) -> Mapping[str, str]:
    body = await _body(request)

    async def replay() -> Message:
        return {"type": "http.request", "body": body, "more_body": False}

    try:
        form = await Request(request.scope, replay).form(max_files=0, max_fields=MAX_FIELDS)
    except HTTPException:
        return {}
    return {name: value for name, value in form.items() if isinstance(value, str)}


async def _body(request: Request) -> bytes:
    """Return the whole body.

    Raises:
        HTTPException: It is too large, too slow, or its sender went away.
    """
    received = bytearray()
    try:
        async with asyncio.timeout(BODY_TIMEOUT_S):
            async for chunk in request.stream():
                received += chunk
                if len(received) > MAX_BODY_BYTES:
                    raise HTTPException(413)
    except TimeoutError:
        raise HTTPException(408) from None
    except ClientDisconnect:
        raise HTTPException(400) from None
    return bytes(received)


Posted = Annotated[Mapping[str, str], Depends(_posted)]
"""A route's parameter that receives the fields of the form; the last of a name counts."""

BODY_READ = Depends(_posted)
"""For a route that takes no fields, whose callers send some all the same."""

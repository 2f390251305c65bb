"""`/rate/TOKEN`: a thumb up or down, stored by the button and never by the link (A34)."""

from typing import Literal

from fastapi import APIRouter, Response

from paperround.services.rating_links import rate_by_link, rating_of
from paperround.web.forms import Posted
from paperround.web.site import READ, Here

router = APIRouter()

VALUES: dict[str, Literal[-1, 1]] = {"up": 1, "down": -1}
"""What the form calls the two answers."""


@router.api_route("/rate/{token}", methods=READ)
def show(token: str, site: Here) -> Response:
    """Show the paper with the link's answer preselected."""
    rating = rating_of(site.app, token)
    return site.pages.page("rate", rating=rating, state="ask")


@router.post("/rate/{token}")
def act(token: str, posted: Posted, site: Here) -> Response:
    """Store the answer and show what else of the digest waits for one."""
    answer = posted.get("value")
    if answer is not None and answer not in VALUES:
        return site.pages.page("rate", status=422, rating=rating_of(site.app, token), state="what")
    rating = rate_by_link(site.app, token, VALUES[answer] if answer else None)
    if not rating.paper.given:
        return site.pages.page("rate", status=422, rating=rating, state="what")
    return site.pages.page("rate", rating=rating, state="saved")

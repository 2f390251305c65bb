"""`/preferences/TOKEN`: what a reader gets and when, and the few changes of it."""

from fastapi import APIRouter, Response

from paperround.services.preference_links import (
    Change,
    ShownPreferences,
    change_by_link,
    preferences_of,
)
from paperround.web.forms import Posted
from paperround.web.pages import masked
from paperround.web.site import READ, Here, Site

router = APIRouter()


@router.api_route("/preferences/{token}", methods=READ)
def show(token: str, site: Here) -> Response:
    """Show what the reader gets, and the buttons."""
    return _page(site, preferences_of(site.app, token))


@router.post("/preferences/{token}")
def act(token: str, posted: Posted, site: Here) -> Response:
    """Carry out one change and show what is then the case."""
    wanted = posted.get("change", "")
    if wanted not in set(Change):
        return _page(site, preferences_of(site.app, token), change="what", status=422)
    return _page(site, change_by_link(site.app, token, Change(wanted)), change=wanted)


def _page(
    site: Site, shown: ShownPreferences, *, change: str | None = None, status: int = 200
) -> Response:
    address = masked(shown.address)
    return site.pages.page(
        "preferences", status=status, shown=shown, address=address, change=change
    )

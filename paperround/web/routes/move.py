"""`/move/TOKEN`: confirm, at the old and at the new address, that digests go to the new one."""

from fastapi import APIRouter, Response

from paperround.services.preferences import Moving, confirm_move, moving
from paperround.web.forms import BODY_READ
from paperround.web.pages import masked
from paperround.web.site import READ, Here, Site

router = APIRouter()


@router.api_route("/move/{token}", methods=READ)
def show(token: str, site: Here) -> Response:
    """Show where digests would go."""
    return _page(site, moving(site.app, token), "ask")


@router.post("/move/{token}", dependencies=[BODY_READ])
def act(token: str, site: Here) -> Response:
    """Confirm; the second of the two makes the change."""
    return _page(site, confirm_move(site.app, token, how="web"), "half")


def _page(site: Site, move: Moving, state: str) -> Response:
    """Show the change, which may be settled already: `state` is what it is if not."""
    if move.taken or move.done:
        state = "taken" if move.taken else "done"
    elif move.confirmed:
        state = "half"
    return site.pages.page("move", old=masked(move.old), new=move.new, state=state)

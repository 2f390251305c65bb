"""`/confirm/TOKEN`: say that an address is one's own, and that digests may come."""

from fastapi import APIRouter, Request, Response

from paperround.services.subscribe import asked, confirm
from paperround.web.forms import BODY_READ
from paperround.web.site import READ, Here

router = APIRouter()


@router.api_route("/confirm/{token}", methods=READ)
def show(token: str, site: Here) -> Response:
    """Show what the link would confirm."""
    subscription = asked(site.app, token)
    state = "already" if subscription.already else "ask"
    return site.pages.page("confirm", address=subscription.address, state=state)


@router.post("/confirm/{token}", dependencies=[BODY_READ])
def act(token: str, request: Request, site: Here) -> Response:
    """Confirm."""
    source = request.client.host if request.client else ""
    subscription = confirm(site.app, token, how="web", source=source)
    return site.pages.page("confirm", address=subscription.address, state="done")

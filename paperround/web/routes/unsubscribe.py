"""`/unsubscribe/TOKEN`: leave the list, by a page's button or in one click (RFC 8058)."""

from fastapi import APIRouter, Response

from paperround.services.leaving import left, unsubscribe
from paperround.web.forms import Posted
from paperround.web.pages import masked
from paperround.web.site import READ, Here

router = APIRouter()


@router.api_route("/unsubscribe/{token}", methods=READ)
def show(token: str, site: Here) -> Response:
    """Show the one button, and change nothing (A11)."""
    leaving = left(site.app, token)
    state = "ask" if leaving.active else "done"
    return site.pages.page("unsubscribe", address=masked(leaving.address), state=state)


@router.post("/unsubscribe/{token}")
def act(token: str, posted: Posted, site: Here) -> Response:
    """Unsubscribe, whoever posts whatever body: only our own page names itself (A10)."""
    how = "web" if posted.get("from") == "page" else "one-click"
    leaving = unsubscribe(site.app, token, how=how)
    return site.pages.page("unsubscribe", address=masked(leaving.address), state="done")

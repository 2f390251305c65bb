"""`/digest/TOKEN`: the web copy of one digest (A45)."""

from fastapi import APIRouter, Response

from paperround.services.web_copies import web_copy
from paperround.web.site import READ, Here

router = APIRouter()


@router.api_route("/digest/{token}", methods=READ)
def show(token: str, site: Here) -> Response:
    """Show the papers of the digest, each with its rating buttons."""
    copy = web_copy(site.app, token)
    return site.pages.page("digest", copy=copy, status=200 if copy.sections else 404)

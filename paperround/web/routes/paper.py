"""`/paper/TOKEN`: one paper with its abstract."""

from fastapi import APIRouter, Response

from paperround.services.rating_links import rating_of
from paperround.web.site import READ, Here

router = APIRouter()


@router.api_route("/paper/{token}", methods=READ)
def show(token: str, site: Here) -> Response:
    """Show the paper."""
    return site.pages.page("paper", rating=rating_of(site.app, token))

"""`/style.css`: the one style sheet, ours and served by us."""

from fastapi import APIRouter, Response

from paperround.web.site import READ, Here

router = APIRouter()

# Its address names its content, so what was kept is never old.
KEPT = {"Cache-Control": "public, max-age=31536000, immutable"}


@router.api_route("/style.css", methods=READ)
def show(site: Here) -> Response:
    """Return the style sheet."""
    return Response(site.pages.style, media_type="text/css; charset=utf-8", headers=KEPT)

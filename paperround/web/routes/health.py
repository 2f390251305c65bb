"""`/healthz` and `/readyz`: for whatever watches the process."""

import logging

from fastapi import APIRouter
from fastapi.responses import PlainTextResponse

from paperround.errors import StoreError
from paperround.services.readiness import check_readiness
from paperround.web.site import READ, Here

router = APIRouter()
logger = logging.getLogger(__name__)


@router.api_route("/healthz", methods=READ)
def alive() -> PlainTextResponse:
    """Say that the process answers."""
    return PlainTextResponse("alive\n")


@router.api_route("/readyz", methods=READ)
def ready(site: Here) -> PlainTextResponse:
    """Say whether the database answers and is of this version; the log says why not."""
    try:
        check_readiness(site.app)
    except StoreError as error:
        logger.warning("not_ready problem=%s", error)
        return PlainTextResponse("not ready\n", 503)
    return PlainTextResponse("ready\n")

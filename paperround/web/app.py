"""Puts the web application together: routes, error pages, and what surrounds every answer."""

from urllib.parse import urlsplit

from fastapi import FastAPI

from paperround.context import App
from paperround.web.access_log import AccessLog
from paperround.web.errors import UnexpectedErrors, add_error_pages
from paperround.web.headers import SecurityHeaders
from paperround.web.pages import Pages
from paperround.web.routes import ROUTERS
from paperround.web.site import Site
from paperround.web.under_path import UnderPath

__all__ = ["create_app"]


def create_app(app: App) -> FastAPI:
    """Build the web application over an open installation; nothing is read or served yet."""
    base = urlsplit(app.settings.base_url)
    pages = Pages(root=base.path, name=app.settings.sender_name, operator=app.settings.operator)
    web = FastAPI(
        # RFC 8058, section 3.1: an answer to a one-click POST is never a redirect.
        redirect_slashes=False,
        openapi_url=None,
    )
    web.state.site = Site(app, pages)
    add_error_pages(web, pages)
    for router in ROUTERS:
        web.include_router(router)
    # The last one added is the outermost.
    if base.path:
        web.add_middleware(UnderPath, prefix=base.path)
    web.add_middleware(UnexpectedErrors, pages=pages)
    web.add_middleware(SecurityHeaders, https=base.scheme == "https")
    web.add_middleware(AccessLog)
    return web

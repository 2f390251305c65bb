"""What every route is given: the open installation, the pages, and how to write a route."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request

from paperround.context import App
from paperround.web.pages import Pages

__all__ = ["READ", "Here", "Site"]

READ = ["GET", "HEAD"]
"""The methods of a route that only shows something."""


@dataclass(frozen=True, slots=True)
class Site:
    """The installation behind the pages, and what renders them."""

    app: App
    pages: Pages


def _site(request: Request) -> Site:
    site: Site = request.app.state.site
    return site


Here = Annotated[Site, Depends(_site)]
"""A route's parameter that receives the site."""

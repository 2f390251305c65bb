"""Renders pages from templates/web; does not know what they are about."""

import hashlib
from collections.abc import Mapping
from typing import Any

from fastapi.responses import HTMLResponse

from paperround.templating import build_environment, templates_folder

__all__ = ["Pages", "masked"]

VERSION_CHARACTERS = 10


class Pages:
    """The templates of one site.

    Args:
        root: Path of the base URL, before every path of ours; empty at the top of a host.
        name: Of the list, for the masthead.
        operator: Who runs this, for the foot of every page; may be empty.
    """

    def __init__(self, *, root: str, name: str, operator: str) -> None:
        self._environment = build_environment()
        self.style = (templates_folder() / "web" / "style.css").read_bytes()
        """The one style sheet; its address changes when it does, so that it can be kept."""
        version = hashlib.sha256(self.style).hexdigest()[:VERSION_CHARACTERS]
        self._environment.globals |= {
            "style_path": f"{root}/style.css?v={version}",
            "site_name": name,
            "operator": operator,
        }

    def page(self, name: str, *, status: int = 200, **values: Any) -> HTMLResponse:
        """Render `web/NAME.html.jinja`; a value that the template wants and lacks is an error.

        Args:
            name: Of the template.
            status: Of the answer.
            values: What the template shows: any, as templates take it.
        """
        template = self._environment.get_template(f"web/{name}.html.jinja")
        return HTMLResponse(template.render(values), status)

    def message(
        self, status: int, heading: str, said: str, advice: str, headers: Mapping[str, str]
    ) -> HTMLResponse:
        """Render the page that says one thing: what happened, to what, and what to do next."""
        page = self.page("message", status=status, heading=heading, said=said, advice=advice)
        page.headers.update(headers)
        return page


def masked(address: str) -> str:
    """Return enough of a mail address to know one's own by: `a…@example.org`.

    Digests are forwarded, and with them their links.
    """
    local, at, domain = address.rpartition("@")
    return f"{local[:1]}…{at}{domain}" if local else ""

"""Links as mails carry them, and what the database holds before and after one is opened."""

from datetime import date
from typing import Any

from sqlalchemy import select

from paperround.context import App
from paperround.services.notices import NEW, OLD, confirm_token, move_token
from paperround.services.preferences import move
from paperround.services.subscribe import Subscription, subscribe
from paperround.store.models import metadata
from paperround.store.readers import reader_at
from paperround.store.subscriptions import address_change_of
from paperround.tokens import Purpose
from tests.paperround.services.conftest import ADA, TODAY

__all__ = [
    "GRACE",
    "PURPOSES",
    "confirm_path",
    "everything",
    "move_paths",
    "signed_path",
]

GRACE = "grace@example.org"

PURPOSES = {
    "confirm": Purpose.CONFIRM,
    "unsubscribe": Purpose.UNSUBSCRIBE,
    "rate": Purpose.RATE,
    "paper": Purpose.RATE,
    "move": Purpose.MOVE,
    "preferences": Purpose.PREFERENCES,
    "digest": Purpose.WEB_COPY,
}
"""What each signed page asks of a token."""


def signed_path(
    app: App,
    page: str,
    *,
    reader_id: int = 1,
    object_id: int = 0,
    value: int = 0,
    on: date = TODAY,
    purpose: Purpose | None = None,
) -> str:
    """Return the path of a page with a token that we signed, by default for that page."""
    token = app.tokens.issue(
        purpose or PURPOSES[page], reader_id, object_id=object_id, value=value, on=on
    )
    return f"/{page}/{token}"


def confirm_path(app: App, address: str = GRACE) -> str:
    """Subscribe an address and return the path of the link that its mail has."""
    subscribe(app, Subscription(address), how="web")
    with app.database.read() as session:
        return f"/confirm/{confirm_token(app, reader_at(session, address))}"


def move_paths(app: App, new: str, address: str = ADA) -> tuple[str, str]:
    """Ask for another address and return the paths for the old and the new one."""
    move(app, address, new, how="web")
    with app.database.read() as session:
        reader = reader_at(session, address)
        assert reader.id is not None
        change = address_change_of(session, reader.id)
        assert change is not None
        session.expunge_all()
    return f"/move/{move_token(app, change, OLD)}", f"/move/{move_token(app, change, NEW)}"


def everything(app: App) -> dict[str, list[tuple[Any, ...]]]:
    """Return all rows of all tables."""
    with app.database.read() as session:
        return {
            table.name: sorted((tuple(row) for row in session.execute(select(table))), key=repr)
            for table in metadata.sorted_tables
        }

"""A client of the pages over each real database."""

import pytest
from fastapi.testclient import TestClient

from paperround.context import App
from paperround.web import create_app
from tests.paperround.services.conftest import app, clock, mailer, stocked
from tests.paperround.web.mailed import Mailed, mailed

__all__ = ["app", "client", "clock", "mailer", "sent", "stocked"]


@pytest.fixture
def client(app: App) -> TestClient:
    """Open the pages as a browser without cookies would; a bug is an error page here too."""
    return TestClient(create_app(app), base_url=app.settings.base_url, follow_redirects=False)


@pytest.fixture
def sent(stocked: App) -> Mailed:
    """Send Ada the digest of the day."""
    return mailed(stocked)

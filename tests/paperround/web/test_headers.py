"""Headers of every answer, whatever it is."""

from dataclasses import replace

import pytest
from fastapi.testclient import TestClient

from paperround.context import App
from paperround.services.readers import NewReader, add_reader
from paperround.web import create_app
from tests.paperround.services.conftest import ADA
from tests.paperround.web.links import signed_path

POLICY = (
    "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)


@pytest.fixture
def path(app: App) -> str:
    """Add Ada, and return a link of hers."""
    add_reader(app, NewReader(ADA, "Ada"))
    return signed_path(app, "unsubscribe")


@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "PUT"])
@pytest.mark.parametrize("page", ["a good link", "/unsubscribe/forged", "/nothing"])
def test_no_page_leaks_or_is_kept(client: TestClient, path: str, method: str, page: str) -> None:
    """T111: no referrer; no script, frame or foreign content; not kept and not indexed."""
    answer = client.request(method, path if page == "a good link" else page)

    expected = {
        "content-security-policy": POLICY,
        "referrer-policy": "no-referrer",
        "x-content-type-options": "nosniff",
        "x-robots-tag": "noindex",
        "cache-control": "no-store",
        "strict-transport-security": "max-age=31536000",
    }
    assert {name: answer.headers[name] for name in expected} == expected
    assert "set-cookie" not in answer.headers
    assert answer.headers["content-type"] == "text/html; charset=utf-8"


def test_without_https_browsers_are_not_told_to_insist(app: App) -> None:
    """On a machine of one's own there is no certificate."""
    settings = app.settings.model_copy(update={"base_url": "http://localhost:8000"})
    client = TestClient(create_app(replace(app, settings=settings)))

    assert "strict-transport-security" not in client.get("/healthz").headers


def test_the_style_sheet_is_ours_and_may_be_kept(client: TestClient, path: str) -> None:
    """Its address changes when it does."""
    page = client.get(path).text
    address = page.partition('<link rel="stylesheet" href="')[2].partition('"')[0]

    answer = client.get(address)

    assert address.startswith("/style.css?v=")
    assert answer.headers["content-type"] == "text/css; charset=utf-8"
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert "prefers-color-scheme: dark" in answer.text
    assert "url(" not in answer.text
    assert "@import" not in answer.text


@pytest.mark.parametrize("prefix", ["/papers", ""])
def test_a_base_url_with_a_path_works_however_the_proxy_passes_it_on(
    app: App, path: str, prefix: str
) -> None:
    """With the path, or without it; links on pages always have it."""
    settings = app.settings.model_copy(update={"base_url": "https://example.com/papers"})
    client = TestClient(create_app(replace(app, settings=settings)))

    answer = client.get(prefix + path)

    assert answer.status_code == 200
    assert 'href="/papers/style.css?v=' in answer.text

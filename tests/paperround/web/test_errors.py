"""What goes wrong has a page, and neither the page nor the log tells a secret."""

import logging
from dataclasses import replace
from datetime import timedelta

import pytest
from fastapi.testclient import TestClient

from paperround.context import App
from paperround.errors import StoreError
from paperround.services.readers import NewReader, add_reader
from paperround.testing import FrozenClock
from paperround.tokens import TOKEN_LENGTH, Purpose, Tokens
from paperround.web import create_app
from paperround.web.forms import MAX_BODY_BYTES
from tests.paperround.services.conftest import ADA
from tests.paperround.web.links import PURPOSES, everything, signed_path

POSTED = ("confirm", "unsubscribe", "rate", "move", "preferences")
"""Pages with a button."""


@pytest.fixture
def ada(app: App) -> App:
    """Add Ada."""
    add_reader(app, NewReader(ADA, "Ada"))
    return app


def bad_tokens(app: App, page: str) -> dict[str, str]:
    """Return tokens that are none, none of ours, or not for this page."""
    token = signed_path(app, page).rpartition("/")[2]
    place = len(token) // 2
    strangers = Tokens(["another secret, long enough to be one of a stranger"])
    others = [purpose for purpose in Purpose if purpose is not PURPOSES[page]]
    return {
        "one character changed": token[:place]
        + ("A" if token[place] != "A" else "B")
        + token[place + 1 :],
        "truncated": token[:-1],
        "cut to nothing": "x",
        "longer": token + "A",
        "upper case": token.upper(),
        "signed by a stranger": strangers.issue(PURPOSES[page], 1, on=app.clock().date()),
        "with a line end": token + "%0A",
        "with a slash": token[:place] + "%2F" + token[place:],
        "not of this alphabet": "%F0%9F%93%B0" * 12,
    } | {
        f"for {purpose.name}": app.tokens.issue(purpose, 1, on=app.clock().date())
        for purpose in others
    }


@pytest.mark.parametrize("page", PURPOSES)
def test_a_token_that_is_not_good_is_a_neutral_page(
    ada: App, client: TestClient, page: str
) -> None:
    """T104: 404 for all of them, which says what to do and repeats nothing."""
    tokens = bad_tokens(ada, page)
    before = everything(ada)

    answers = {name: client.get(f"/{page}/{token}") for name, token in tokens.items()}

    assert {name: it.status_code for name, it in answers.items()} == dict.fromkeys(tokens, 404)
    assert [name for name, it in answers.items() if "copy the whole address" not in it.text] == []
    assert [name for name, it in answers.items() if tokens[name] in it.text.split('"')] == []
    assert everything(ada) == before


@pytest.mark.parametrize("page", POSTED)
def test_a_token_that_is_not_good_changes_nothing(ada: App, client: TestClient, page: str) -> None:
    """A12, T104: nor does the POST that it was made for."""
    tokens = bad_tokens(ada, page)
    before = everything(ada)

    answers = {name: client.post(f"/{page}/{token}") for name, token in tokens.items()}

    assert {name: it.status_code for name, it in answers.items()} == dict.fromkeys(tokens, 404)
    assert everything(ada) == before


@pytest.mark.parametrize("page", [page for page in PURPOSES if page != "unsubscribe"])
def test_a_token_that_is_too_old_says_how_to_get_a_new_one(
    ada: App, client: TestClient, clock: FrozenClock, page: str
) -> None:
    """T104: 410, and the page does not repeat the token either."""
    path = signed_path(ada, page)
    clock.advance(timedelta(days=400))

    answer = client.get(path)

    assert answer.status_code == 410
    assert "This link is too old" in answer.text
    assert path.rpartition("/")[2] not in answer.text


@pytest.mark.parametrize(("kept", "status"), [(True, 200), (False, 404)])
def test_a_rotated_secret_is_good_while_it_is_kept(ada: App, kept: bool, status: int) -> None:
    """A12, T104: links of the secret of before work until the operator drops it."""
    path = signed_path(ada, "unsubscribe")
    former = ["a secret of a test, long enough to be one"] if kept else []
    rotated = replace(ada, tokens=Tokens(["a new secret, after the old one leaked out", *former]))

    assert TestClient(create_app(rotated)).get(path).status_code == status


@pytest.mark.parametrize(
    "path", ["/", "/nothing", "/rate", "/rate/", "/rate/a/b", "/docs", "/openapi.json"]
)
def test_an_address_of_nothing_is_a_page(client: TestClient, path: str) -> None:
    """Never a redirect, and nothing of the framework's own."""
    answer = client.get(path)

    assert answer.status_code == 404
    assert "There is no such page" in answer.text


def test_a_slash_too_many_is_no_redirect(ada: App, client: TestClient) -> None:
    """RFC 8058, section 3.1: a relay would not follow."""
    answer = client.post(signed_path(ada, "unsubscribe") + "/")

    assert answer.status_code == 404
    assert "location" not in answer.headers


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS"])
def test_other_methods_are_refused(ada: App, client: TestClient, method: str) -> None:
    """With the page, and the methods that there are."""
    answer = client.request(method, signed_path(ada, "unsubscribe"))

    assert answer.status_code == 405
    assert "GET" in answer.headers["Allow"]
    assert "use the button there" in answer.text


def test_a_page_without_a_button_takes_no_post(ada: App, client: TestClient) -> None:
    """Reading is all that a web copy is for."""
    assert client.post(signed_path(ada, "digest")).status_code == 405


@pytest.mark.parametrize("page", POSTED)
def test_a_body_that_is_too_large_is_refused(ada: App, client: TestClient, page: str) -> None:
    """Before anything is looked at: 413, and nothing changes."""
    before = everything(ada)

    answer = client.post(signed_path(ada, page), content=b"x" * (MAX_BODY_BYTES + 1))

    assert answer.status_code == 413
    assert "Nothing was changed" in answer.text
    assert everything(ada) == before


def test_a_body_as_large_as_may_be_is_read(ada: App, client: TestClient) -> None:
    """Senders of one-click POSTs are not ours to judge."""
    assert client.post(signed_path(ada, "unsubscribe"), content=b"x" * MAX_BODY_BYTES).is_success


def test_a_database_that_does_not_answer_is_said_so(
    ada: App, caplog: pytest.LogCaptureFixture
) -> None:
    """503 with a time to come back; the log says why."""

    class Broken:
        def read(self) -> None:
            raise StoreError("database sqlite:///x: database is locked")

        write = read

    broken = replace(ada, database=Broken())  # type: ignore[arg-type]
    answer = TestClient(create_app(broken)).get(signed_path(ada, "unsubscribe"))

    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "60"
    assert "Not just now" in answer.text
    assert "locked" not in answer.text
    assert "database is locked" in caplog.text


def test_a_bug_is_a_page_and_a_traceback_without_secrets(
    ada: App, caplog: pytest.LogCaptureFixture
) -> None:
    """500 in our own words; what looks like a token or an address stays out of the log."""
    path = signed_path(ada, "rate")

    class Buggy:
        def read(self) -> None:
            raise ZeroDivisionError(f"dividing <{ADA}> by {path}")

    buggy = replace(ada, database=Buggy())  # type: ignore[arg-type]
    answer = TestClient(create_app(buggy)).get(path)

    assert answer.status_code == 500
    assert "our fault" in answer.text
    assert "Traceback" not in answer.text
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert "Traceback" in caplog.text
    assert "ZeroDivisionError: dividing <<address>> by /rate/<token>" in caplog.text
    assert ADA not in caplog.text
    assert path not in caplog.text


def test_the_log_has_the_route_and_never_the_token(
    ada: App, client: TestClient, caplog: pytest.LogCaptureFixture
) -> None:
    """One line a request: method, route, status, milliseconds."""
    caplog.set_level(logging.INFO)
    path = signed_path(ada, "unsubscribe")
    forged = "/unsubscribe/" + "x" * TOKEN_LENGTH

    for address in (path, forged, "/elsewhere/" + path.rpartition("/")[2]):
        client.get(address)
    client.post(path)

    lines = [
        record.getMessage().rpartition(" ms=")[0]
        for record in caplog.records
        if record.name == "paperround.web.access_log"
    ]
    assert lines == [
        "request method=GET route=/unsubscribe/{token} status=200",
        "request method=GET route=/unsubscribe/{token} status=404",
        "request method=GET route=- status=404",
        "request method=POST route=/unsubscribe/{token} status=200",
    ]
    ours = [it.getMessage() for it in caplog.records if it.name.startswith("paperround")]
    assert path.rpartition("/")[2] not in "\n".join(ours)
    assert ADA not in "\n".join(ours)

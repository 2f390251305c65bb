"""T100: whatever looks at the links of a mail, with or without scripts, changes nothing.

Mail scanners open every link, some of them in a real browser; a click is theirs as easily as a
reader's. Only a button is a reader's own.
"""

import re
from collections.abc import Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from urllib.parse import urlsplit

import httpx2
import pytest

from paperround.context import App
from paperround.services.notices import notice_for
from paperround.services.preferences import move
from paperround.services.readers import show_reader
from paperround.services.subscribe import Subscription, subscribe
from paperround.store.engine import Database
from paperround.store.schema import upgrade_schema
from tests.paperround.services.conftest import ADA, TODAY
from tests.paperround.web.browser import CHROMIUM, browser
from tests.paperround.web.links import GRACE, everything
from tests.paperround.web.mailed import mailed
from tests.paperround.web.serving import served

pytestmark = pytest.mark.slow

TIMES = 5
PAGES = {"confirm", "digest", "move", "paper", "preferences", "rate", "unsubscribe"}

_LINK = re.compile(r"https://[^\s\"'<>]+")


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    """Open one on SQLite: what a page may do does not depend on the kind."""
    database = Database(f"sqlite:///{tmp_path / 'paperround.db'}")
    upgrade_schema(database)
    yield database
    database.dispose()


@pytest.fixture
def links(stocked: App) -> list[str]:
    """Return the paths of every link to us in a digest and in each kind of notice."""
    subscribe(stocked, Subscription(GRACE), how="web")
    move(stocked, ADA, "ada.lovelace@example.com", how="web")
    notices = [(GRACE, "confirm.1"), (ADA, "move-old.1"), (ADA, "move-new.1")]
    mails = [mailed(stocked).message.data] + [
        notice_for(
            stocked, show_reader(stocked, address).reader, stream, TODAY, stocked.clock()
        ).data
        for address, stream in notices
    ]
    found = {link for mail in mails for link in links_of(mail)}
    ours = f"{stocked.settings.base_url}/"
    return sorted(urlsplit(link).path for link in found if link.startswith(ours))


def links_of(data: bytes) -> set[str]:
    """Return all links of a mail: of its header, its text and its HTML."""
    mail = message_from_bytes(data, policy=policy.SMTP)
    assert isinstance(mail, EmailMessage)
    parts = [part.get_content() for part in mail.walk() if not part.is_multipart()]
    header = mail.get("List-Unsubscribe", "")
    return {link for text in (*parts, header) for link in _LINK.findall(text)}


def test_a_plain_client_changes_nothing(stocked: App, links: list[str]) -> None:
    """Every link of every mail, five times by GET and by HEAD."""
    before = everything(stocked)

    with served(stocked) as port, httpx2.Client(base_url=f"http://127.0.0.1:{port}") as client:
        statuses = {
            client.request(method, path).status_code
            for path in links
            for method in ("GET", "HEAD")
            for _ in range(TIMES)
        }

    assert {path.split("/")[1] for path in links} == PAGES
    assert statuses == {200}
    assert everything(stocked) == before


@pytest.mark.skipif(CHROMIUM is None, reason="there is no Chromium here")
@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_a_browser_changes_nothing(
    stocked: App, links: list[str], tmp_path: Path, scripts: bool
) -> None:
    """A35: it runs what there is to run, and waits for five seconds of the page's own time."""
    before = everything(stocked)

    with served(stocked) as port, browser(tmp_path, scripts=scripts) as chromium:
        pages = {path: chromium.open(f"http://127.0.0.1:{port}{path}") for path in links}

    assert [path for path, page in pages.items() if 'class="name">Paper Round<' not in page] == []
    assert everything(stocked) == before


@pytest.mark.skipif(CHROMIUM is None, reason="there is no Chromium here")
def test_the_browser_of_these_tests_runs_scripts(tmp_path: Path) -> None:
    """Otherwise its finding nothing would mean nothing."""
    page = tmp_path / "page.html"
    page.write_text("<p><script>setTimeout(() => document.title = 'it ran', 4000)</script>")

    with browser(tmp_path, scripts=True) as chromium:
        with_scripts = chromium.open(page.as_uri())
    with browser(tmp_path, scripts=False) as chromium:
        without = chromium.open(page.as_uri())

    assert "<title>it ran</title>" in with_scripts
    assert "<title>" not in without

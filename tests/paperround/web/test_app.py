"""The web process is light, and its pages are plain HTML."""

import re
import subprocess
import sys
from html.parser import HTMLParser

import pytest
from fastapi.testclient import TestClient

from paperround.context import App
from paperround.services.linked_papers import UP
from paperround.templating import templates_folder
from tests.paperround.web.links import confirm_path, move_paths, signed_path
from tests.paperround.web.mailed import Mailed

HEAVY = ("torch", "sentence_transformers", "transformers", "sklearn", "scipy")
VOID = {"input", "link", "meta"}


@pytest.mark.slow
def test_the_web_process_never_imports_torch() -> None:
    """It would cost seven seconds and 440 MB; nor does it need scikit-learn or SciPy."""
    code = f"""
import sys
from pathlib import Path
from paperround.bootstrap import build_app
from paperround.settings import Settings
from paperround.store.engine import Database
from paperround.web import create_app
settings = Settings(data_dir=Path("."), secret_key="x" * 40)
create_app(build_app(settings, Database("sqlite:///none.db")))
print(*(name for name in {HEAVY!r} if name in sys.modules))
"""

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.split() == []


class Outline(HTMLParser):
    """Collects what a page consists of, and refuses tags that are not closed in order."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: set[str] = set()
        self.ids: list[str] = []
        self.open: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a tag and its attributes."""
        self.tags.append(tag)
        self.attributes |= {name for name, _ in attrs}
        self.ids += [value or "" for name, value in attrs if name == "id"]
        self.open += [] if tag in VOID else [tag]

    def handle_endtag(self, tag: str) -> None:
        """Close the tag that was opened last."""
        assert self.open.pop() == tag


def all_pages(app: App, client: TestClient, sent: Mailed) -> dict[str, str]:
    """Return pages of all kinds, before and after their buttons."""
    rate = signed_path(app, "rate", object_id=sent.paper_keys[0], value=UP)
    paths = {
        "confirm": confirm_path(app),
        "move": move_paths(app, "ada.lovelace@example.com")[0],
        "rate": rate,
        "preferences": signed_path(app, "preferences"),
        "unsubscribe": signed_path(app, "unsubscribe"),
    }
    shown = {name: client.get(path).text for name, path in paths.items()}
    others = {
        "digest": signed_path(app, "digest", object_id=sent.delivery_id),
        "paper": signed_path(app, "paper", object_id=sent.paper_keys[0]),
        "broken": "/rate/broken",
        "nothing": "/nothing",
    }
    shown |= {name: client.get(path).text for name, path in others.items()}
    done = {f"{name}, done": client.post(path).text for name, path in paths.items()}
    return shown | done


def test_every_page_is_plain_and_well_formed(
    stocked: App, client: TestClient, sent: Mailed
) -> None:
    """A35: no script, no inline style, no handler; language, one heading, labels, unique ids."""
    pages = {name: Outline(page) for name, page in all_pages(stocked, client, sent).items()}

    forbidden = {"script", "style", "iframe", "img", "object", "svg"}
    assert {
        name: forbidden & set(page.tags)
        for name, page in pages.items()
        if forbidden & set(page.tags)
    } == {}
    handlers = re.compile(r"on\w+|style|autofocus|formaction")
    assert [n for n, page in pages.items() if any(map(handlers.fullmatch, page.attributes))] == []
    assert {name: page.tags.count("h1") for name, page in pages.items()} == dict.fromkeys(pages, 1)
    assert [name for name, page in pages.items() if page.open] == []
    assert [name for name, page in pages.items() if len(set(page.ids)) != len(page.ids)] == []
    assert [name for name, page in pages.items() if "lang" not in page.attributes] == []


def test_no_page_repeats_its_token_outside_of_forms(
    stocked: App, client: TestClient, sent: Mailed
) -> None:
    """What a page says about itself is not a key; forms have to name what they post to."""
    path = signed_path(stocked, "unsubscribe")

    pages = [client.get(path).text, client.post(path).text]

    assert [path.rpartition("/")[2] in page for page in pages] == [False, False]


@pytest.mark.parametrize("name", ["email/style.css", "web/style.css"])
def test_mail_and_web_are_of_one_colour(name: str) -> None:
    """Paper, ink and accent of the day and of the night are the same in both sheets."""
    sheet = (templates_folder() / name).read_text()

    shared = {"#ece7dc", "#fdfbf6", "#221e19", "#645c50", "#8c2b1b", "#f3eee2", "#d8d0c0"}
    dark = {"#12110f", "#1d1b18", "#ece5d6", "#b0a694", "#f0a48f", "#322e28", "#45403a"}
    assert (shared | dark) - set(re.findall(r"#[0-9a-f]{6}", sheet)) == set()

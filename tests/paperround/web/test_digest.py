"""The web copy of a digest and the page of one paper: to read, and to rate from."""

from datetime import timedelta

from fastapi.testclient import TestClient

from paperround.context import App
from paperround.services.leaving import forget_reader
from paperround.services.readers import NewReader, add_reader
from paperround.store.models import Paper
from paperround.testing import FrozenClock
from tests.paperround.services.conftest import ADA
from tests.paperround.web.links import GRACE, everything, signed_path
from tests.paperround.web.mailed import Mailed


def copy_path(app: App, sent: Mailed, reader_id: int = 1) -> str:
    """Return the digest's link to its web copy."""
    return signed_path(app, "digest", reader_id=reader_id, object_id=sent.delivery_id)


def test_the_copy_shows_what_the_mail_showed(
    stocked: App, client: TestClient, sent: Mailed
) -> None:
    """A45: papers, order, scores and sections are those of the ledger; nothing is changed."""
    before = everything(stocked)

    page = client.get(copy_path(stocked, sent))

    scores = [f'<p class="score">{paper.score:.1f} ' for paper in sent.shown]
    places = [page.text.index(score) for score in scores]
    assert page.headers["X-Robots-Tag"] == "noindex"
    assert page.text.count('<article class="entry">') == len(sent.shown)
    assert page.text.count('dir="auto">Coding</h2>') == 1
    assert places[0] == min(places)
    assert "Monday, May 4, 2026" in page.text
    assert "shared words" in page.text
    assert everything(stocked) == before


def test_the_copy_has_rating_buttons(stocked: App, client: TestClient, sent: Mailed) -> None:
    """They post what the links of the mail would, and the copy then shows what was given."""
    rate = signed_path(stocked, "rate", object_id=sent.paper_keys[0])
    assert f'action="{rate}"' in client.get(copy_path(stocked, sent)).text

    client.post(rate, data={"value": "up"})

    page = client.get(copy_path(stocked, sent)).text
    assert page.count('class="thumb given"') == 1


def test_a_copy_of_somebody_else_is_not_shown(
    stocked: App, client: TestClient, sent: Mailed
) -> None:
    """Even with a token of ours, were one ever made for the wrong digest."""
    add_reader(stocked, NewReader(GRACE))

    answer = client.get(copy_path(stocked, sent, reader_id=2))

    assert answer.status_code == 404
    assert "This digest is not kept here" in answer.text


def test_a_preview_has_no_copy(stocked: App, client: TestClient) -> None:
    """It was never sent; the page says so."""
    answer = client.get(signed_path(stocked, "digest", object_id=0))

    assert answer.status_code == 404
    assert "a preview" in answer.text


def test_a_copy_ends_after_its_time(
    stocked: App, client: TestClient, sent: Mailed, clock: FrozenClock
) -> None:
    """T104: half a year."""
    clock.advance(timedelta(days=181))

    assert client.get(copy_path(stocked, sent)).status_code == 410


def test_an_erased_reader_has_no_copies(stocked: App, client: TestClient, sent: Mailed) -> None:
    """T107."""
    forget_reader(stocked, ADA)

    assert client.get(copy_path(stocked, sent)).status_code == 404


def test_the_page_of_a_paper_has_its_abstract_and_the_form(
    stocked: App, client: TestClient, sent: Mailed
) -> None:
    """Whole, readable and escaped; nothing is preselected, and looking changes nothing."""
    with stocked.database.write() as session:
        paper = session.get_one(Paper, sent.paper_keys[0])
        paper.title = "If $a<b$ then <script>alert(1)</script>"
        paper.abstract = r"We show $\alpha$ </p><img src=x onerror=alert(1)>. " * 20 + "The end."
    before = everything(stocked)

    page = client.get(signed_path(stocked, "paper", object_id=sent.paper_keys[0])).text

    assert "<script" not in page
    assert "<img" not in page
    assert "We show α" in page
    assert "The end." in page
    assert "Ada Lovelace, Grace Hopper" in page
    assert " checked" not in page
    assert everything(stocked) == before


def test_a_paper_without_anything_is_a_page_too(
    stocked: App, client: TestClient, sent: Mailed
) -> None:
    """No abstract, no authors, no category, no link to the web."""
    with stocked.database.write() as session:
        paper = session.get_one(Paper, sent.paper_keys[0])
        paper.title, paper.abstract, paper.url = "", "", "javascript:alert(1)"
        paper.authors, paper.categories, paper.announced_on = [], [], None

    pages = [
        client.get(signed_path(stocked, "paper", object_id=sent.paper_keys[0])),
        client.get(signed_path(stocked, "rate", object_id=sent.paper_keys[0])),
        client.get(copy_path(stocked, sent)),
    ]

    assert [page.status_code for page in pages] == [200, 200, 200]
    assert [page.text.count("javascript") for page in pages] == [0, 0, 0]

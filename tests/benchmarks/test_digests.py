import email
import email.policy
import re
from collections.abc import Callable
from functools import partial
from html import unescape
from pathlib import Path

import pytest

from benchmarks.corpus import some_papers
from benchmarks.digests import Finished, Size, compose_too, naive, render_and_serialise, run
from benchmarks.editions import PAPERS_EACH, SENDER, digest_for, dispatch_for, readers_of
from benchmarks.naive_mail import NaiveMails, serialise
from digest.lint import lint
from digest.message import build_message
from digest.model import Rendered
from digest.render import Renderer
from paperround.templating import build_environment
from paperround.tokens import Tokens

RECORDS, _ = some_papers(40, Path("/nowhere"))
READER = readers_of(RECORDS, 3)[1]
DIGEST = digest_for(READER, Tokens(["b" * 32]))


@pytest.fixture(scope="module")
def ours() -> Rendered:
    """Render the digest our way."""
    return Renderer(build_environment()).render(DIGEST)


@pytest.fixture(scope="module")
def usual() -> Rendered:
    """Render the digest the usual way."""
    return NaiveMails("css_inline").render(DIGEST)


def words(html: str) -> list[str]:
    """Return what a page says, without its markup."""
    body = html.partition("<body")[2]
    return unescape(re.sub(r"<[^>]*>", " ", "<" + body)).split()


def test_a_digest_is_full() -> None:
    """Fifteen different papers, as in a real one."""
    assert len({entry.card.paper_id for entry in DIGEST.entries}) == PAPERS_EACH == 15


def test_digests_are_the_same_every_time() -> None:
    """All parts are measured on the same work."""
    again = digest_for(readers_of(RECORDS, 3)[1], Tokens(["b" * 32]))

    assert again == DIGEST


def test_our_mail_is_a_good_one(ours: Rendered) -> None:
    """A fast mail that nobody could send would prove nothing."""
    message = build_message(
        ours,
        sender=SENDER,
        addressee=READER.addressee,
        dispatch=dispatch_for(READER, DIGEST),
    )

    assert lint(message.data) == []


def test_the_usual_way_says_the_same_in_plain_text(ours: Rendered, usual: Rendered) -> None:
    """Same output: anything less would be a comparison with nothing."""
    assert (usual.subject, usual.text) == (ours.subject, ours.text)


def test_the_usual_way_says_the_same_in_html(ours: Rendered, usual: Rendered) -> None:
    """Word by word; only the style attributes are spelled differently."""
    assert words(usual.html) == words(ours.html)


def test_the_usual_way_inlines_as_many_styles(ours: Rendered, usual: Rendered) -> None:
    """So that its mail looks the same."""
    assert usual.html.count("style=") >= ours.html.count("style=")


def test_the_usual_mail_can_be_read(usual: Rendered) -> None:
    """Both parts come out of the bytes as they went in."""
    data = serialise(usual, SENDER, READER.addressee, dispatch_for(READER, DIGEST))

    mail = email.message_from_bytes(data, policy=email.policy.default)

    plain = mail.get_body(("plain",))
    assert plain is not None
    assert plain.get_content().splitlines() == usual.text.splitlines()


@pytest.mark.parametrize(
    "part", [render_and_serialise, compose_too, partial(naive, inliner="css_inline")]
)
def test_every_part_makes_all_its_mails(part: Callable[..., Finished]) -> None:
    """Some time and some thousand bytes for each of them."""
    finished = part(RECORDS, 4)

    assert finished.timed.count == 4
    assert finished.timed.rate > 0
    assert 10_000 < finished.median_bytes < 200_000


@pytest.mark.slow
def test_the_whole_benchmark_runs_in_small() -> None:
    """Every part in a process of its own, and one table in the end."""
    size = Size(papers=40, readers=4, naive_readers={"css_inline": 2}, rounds=1)

    report = run(size, Path("/nowhere"))

    assert [len(row) for row in report.rows] == [len(report.columns)] * 3
    assert "bundled sample" in report.notes[0]

import binascii
from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digest.cards import PaperFacts, card
from digest.compose import Policy, compose
from digest.errors import RenderError
from digest.model import Digest, Entry
from digest.render import MAX_ENCODED_BYTES, MAX_HTML_BYTES, Renderer
from paperround.templating import build_environment
from tests.digest.pages import Page, text_links
from tests.digest.papers import digest, edition, entry, minimal_environment, offer

ENVIRONMENT = build_environment()
RENDERER = Renderer(ENVIRONMENT)

anything = st.text(st.characters(codec=None, exclude_categories=()))
hostile = st.sampled_from(
    [
        *("<script>", "</td>", "{{ 7*7 }}", "{% raw %}", "-->", "<!--", "]]>", '"', "'", "&lt;"),
        *("$a<b$", "\\text{<script>}", "%(like)s", "%s", "\u202e", "\u2028", "\ud800", "\x00"),
        *("\r\nBcc: a@b.c", "\0like\0"),
    ]
)
source = st.lists(anything | hostile, max_size=8).map("".join)


def breaking_for(title: str) -> Callable[[str], str]:
    """Return a filter that fails for one title."""

    def checked(text: str) -> str:
        if text == title:
            raise ValueError("a title of bad luck")
        return text

    return checked


def from_sources(title: str, abstract: str) -> Digest:
    """Compose a digest of one paper from what a source and a reader might say."""
    facts = PaperFacts(
        paper_id="arxiv:2605.00001",
        title=f"A {title}",
        abstract=f"An {abstract}",
        url="https://arxiv.example/abs/2605.00001",
        authors=(f"Ada {title}",),
        affiliations=(f"ETH {title}",),
        category="cs.CL",
    )
    made = Entry(card=card(facts, year=2026), score=1.0, score_label="match", links=entry().links)
    result = compose([offer(made, heading=f"On {title}")], edition(), Policy())
    assert isinstance(result, Digest)
    return result


def test_a_paper_that_fails_is_set_plainly_and_reported() -> None:
    """T80: the digest goes out, the paper in it by its bare title."""
    environment = minimal_environment(card_html="<b>{{ card.title | checked }}</b>")
    environment.filters["checked"] = breaking_for("100 % bad <luck>")

    rendered = Renderer(environment).render(digest(entry(1), entry(2, title="100 % bad <luck>")))

    assert "<b>Paper number 1 on parsing</b>" in rendered.html
    assert "100 % bad &lt;luck&gt;</a>" in rendered.html
    assert "100 % bad <luck>" in rendered.text
    assert [(p.paper_id, p.problem) for p in rendered.problems] == [
        ("arxiv:2605.00002", "ValueError: a title of bad luck")
    ]


def test_both_forms_of_a_plain_card_link_to_the_paper() -> None:
    """T80 keeps check A19."""
    environment = minimal_environment(card_html="<b>{{ card.title | checked }}</b>")
    environment.filters["checked"] = breaking_for("bad luck")

    rendered = Renderer(environment).render(digest(entry(1), entry(2, title="bad luck")))

    assert Page(rendered.html).links == text_links(rendered.text) == {entry(2).card.url}


def test_a_plain_card_without_an_address_links_nowhere() -> None:
    """T80: an empty href would lead back to the mail."""
    environment = minimal_environment(card_html="<b>{{ card.title | checked }}</b>")
    environment.filters["checked"] = breaking_for("bad luck")

    rendered = Renderer(environment).render(digest(entry(1), entry(2, title="bad luck", url="")))

    assert '<p dir="auto">bad luck</p>' in rendered.html


@pytest.mark.parametrize("title", ["half \ud83d of it", "a \0 in it"])
def test_a_card_with_what_is_no_text_does_not_spoil_the_mail(title: str) -> None:
    """T84: what cannot be sent is found while there is a paper to blame."""
    rendered = RENDERER.render(digest(entry(1), entry(2, title=title)))

    assert [problem.paper_id for problem in rendered.problems] == ["arxiv:2605.00002"]
    assert rendered.html.encode().count(b"\0") == 0


def test_a_reader_with_what_is_no_text_gets_an_error() -> None:
    """T81: texts of the reader's own have no paper to blame."""
    with pytest.raises(RenderError, match="surrogates"):
        RENDERER.render(replace(digest(entry()), operator="half \ud83d of it"))


def test_when_every_paper_fails_there_is_no_mail() -> None:
    """T81: an error, not a mail without content."""
    renderer = Renderer(minimal_environment(card_html="{{ card.nothing }}"))

    with pytest.raises(RenderError, match="nothing"):
        renderer.render(digest(entry(1), entry(2)))


@pytest.mark.parametrize("name", ["subject_txt", "body_txt", "body_html"])
def test_a_broken_frame_is_an_error_that_names_the_template(name: str) -> None:
    """T81: the templates around the cards have nothing to fall back to."""
    renderer = Renderer(minimal_environment(**{name: "{{ digest.nothing }}"}))

    with pytest.raises(RenderError, match=name.replace("_", ".")):
        renderer.render(digest(entry()))


def test_a_template_that_does_not_compile_is_named() -> None:
    """Somebody edits templates; the error says which."""
    renderer = Renderer(minimal_environment(card_txt="{% if %}"))

    with pytest.raises(RenderError, match=r"card\.txt"):
        renderer.render(digest(entry()))


def test_a_digest_without_papers_is_an_error() -> None:
    """Check A44: a quiet day is decided before, never rendered."""
    with pytest.raises(RenderError, match="no papers"):
        RENDERER.render(digest())


def test_a_mail_is_never_larger_than_allowed() -> None:
    """T83: of 60 papers the deepest are left out, named in the result and counted in the mail."""
    made = digest(*(entry(n, key_sentence="A long sentence. " * 18) for n in range(60)))

    rendered = RENDERER.render(made)

    shown = 60 - len(rendered.dropped)
    assert 0.9 * MAX_HTML_BYTES < len(rendered.html.encode()) <= MAX_HTML_BYTES
    assert rendered.dropped == tuple(e.card.paper_id for e in made.entries[shown:])
    assert f"{len(rendered.dropped)} more did not fit" in rendered.html
    assert f"{len(rendered.dropped)} more did not fit" in rendered.text
    assert rendered.subject.endswith(f"and {shown - 1} more")


@pytest.mark.parametrize("letter", ["é", "解", "🙂", "=", "a"])
def test_a_mail_is_never_larger_than_allowed_as_it_travels(letter: str) -> None:
    """Check A27: quoted-printable makes nine octets of one Chinese character."""
    made = digest(*(entry(n, key_sentence=f"{letter * 70}\n" * 9) for n in range(60)))

    html = RENDERER.render(made).html.encode().replace(b"\n", b"\r\n")

    assert len(binascii.b2a_qp(html)) <= MAX_ENCODED_BYTES


def test_a_mail_of_one_paper_that_is_too_large_is_an_error() -> None:
    """Nothing is left to leave out."""
    with pytest.raises(RenderError, match="times as large"):
        Renderer(ENVIRONMENT, max_html_bytes=1_000).render(digest(entry()))


def test_the_largest_papers_make_a_mail_of_the_usual_size() -> None:
    """T82 and check A27: a megabyte of title and of abstract, 3,300 authors."""
    huge = from_sources("<&> " * 250_000, "word " * 200_000)

    rendered = RENDERER.render(huge)

    assert len(rendered.html.encode()) < 20_000


@pytest.mark.parametrize(
    "text",
    ["$a<b$", r"\text{<script>}", "]]>", "<!--", "<b>", "&lt;", "100 %", "%(like)s", "{{ 1 }}"],
)
def test_hostile_text_is_visible_literally(text: str) -> None:
    """T85: what looks like a tag is shown as it is written."""
    made = replace(entry(1, title=f"On {text}", abstract=text), key_sentence=f"So {text}.")

    rendered = RENDERER.render(digest(replace(made, reason=f"Because of {text}.")))

    page = Page(rendered.html)
    assert f"On {text}" in page.text_of("h3")
    assert f"So {text}." in page.words
    assert f"Because of {text}." in page.words
    assert f"On {text}" in rendered.text


@settings(max_examples=200)
@given(title=source, abstract=source)
def test_no_content_becomes_a_tag(title: str, abstract: str) -> None:
    """T85: whatever a paper and a reader say, the mail has the elements it always has."""
    harmless = Page(RENDERER.render(from_sources("title", "abstract")).html)

    rendered = RENDERER.render(from_sources(title, abstract))

    page = Page(rendered.html)
    assert page.skeleton == harmless.skeleton
    assert page.is_balanced
    assert page.links == text_links(rendered.text)


@settings(max_examples=200)
@given(title=source)
def test_subjects_are_one_line_of_text(title: str) -> None:
    """T84: no line break, no control, no direction override, no half of a character."""
    subject = RENDERER.render(from_sources(title, "abstract")).subject

    assert len(subject.splitlines()) == 1
    assert subject.encode().decode() == subject
    assert set(subject).isdisjoint("\0\r\n\u2028\u2029\u202d\u202e\u2066\u2067")

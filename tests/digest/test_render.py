from dataclasses import replace

import pytest

from digest.render import Renderer
from paperround.templating import build_environment
from tests.digest import papers
from tests.digest.pages import Page, colour_pairs, contrast, text_links
from tests.digest.papers import digest, entry, minimal_environment

ENVIRONMENT = build_environment()
RENDERER = Renderer(ENVIRONMENT)


def test_both_forms_link_to_the_same_addresses() -> None:
    """Check A19: every link of the HTML is in the text, and none besides."""
    rendered = RENDERER.render(digest(entry(1), entry(2), entry(3, code_url="")))

    assert Page(rendered.html).links == text_links(rendered.text)


def test_both_forms_say_the_same() -> None:
    """Check A19: each title, score, sentence and reason is in both."""
    made = digest(entry(1), entry(2))

    rendered = RENDERER.render(made)

    said = [made.summary, made.operator, made.sections[0].note]
    for e in made.entries:
        said += [e.card.title, f"{e.score:.1f}", e.score_label, e.key_sentence, e.reason]
        said += [e.card.category, e.card.date_label, e.card.affiliations]
    assert [text for text in said if text not in Page(rendered.html).words] == []
    assert [text for text in said if text not in " ".join(rendered.text.split())] == []


def test_prospects_are_defined_once_where_they_are_shown() -> None:
    """In both forms, and only those that are shown; without any nothing is said of them."""
    shown = entry(1, prospects="Novelty 93"), entry(2, prospects="Novelty 7"), entry(3)

    rendered = RENDERER.render(digest(*shown))
    plain = RENDERER.render(digest(entry()))

    for form in (Page(rendered.html).words, " ".join(rendered.text.split())):
        assert "Novelty 93" in form
        assert "Novelty 7" in form
        assert form.count("Novelty, 0 to 100: how far") == 1
        assert "Forecast" not in form
    assert "Novelty" not in plain.html + plain.text


def test_unsubscribing_stands_near_the_top_and_in_the_footer() -> None:
    """Check A13: clipped mails have lost their footer."""
    html = RENDERER.render(digest(*map(entry, range(15)))).html

    place = html.index(papers.LINKS.unsubscribe)
    assert place < 20_000
    assert html.rindex(papers.LINKS.unsubscribe) > len(html) - 3_000


def test_the_preheader_is_the_first_text_and_hidden_plainly() -> None:
    """Check A28: these declarations only; others cost points with filters."""
    page = Page(RENDERER.render(digest(entry())).html)
    body = next(i for i, element in enumerate(page.elements) if element.tag == "body")

    first = page.elements[body + 1]

    assert first.texts == [digest().preheader]
    assert first.attributes == {"style": "display:none;max-height:0;overflow:hidden;mso-hide:all"}


def test_layout_tables_are_marked_as_such() -> None:
    """Check A32: a screen reader does not announce rows and columns."""
    page = Page(RENDERER.render(digest(entry())).html)

    assert {e.attributes.get("role") for e in page.elements if e.tag == "table"} == {"presentation"}


def test_every_link_of_an_entry_is_named_for_its_paper() -> None:
    """Check A32: in a list of links, each can be told from the others."""
    page = Page(RENDERER.render(digest(entry(1), entry(2))).html)
    anchors = [e for e in page.elements if e.tag == "a" and "/u/" not in e.attributes["href"]]

    names = {(e.attributes.get("aria-label") or " ".join(e.texts)) for e in anchors}

    assert len(names) == len({e.attributes["href"] for e in anchors})


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_every_text_contrasts_with_what_is_behind_it(*, dark: bool) -> None:
    """Check A29: 4.5 to 1 or more, as inlined and as the rules for dark override it."""
    made = digest(entry())
    html = RENDERER.render(replace(made, sections=(replace(made.sections[0], omitted=3),))).html

    pairs = colour_pairs(Page(html), html, dark=dark)

    assert len(pairs) > 15
    assert {text: pair for text, pair in pairs.items() if contrast(pair) < 4.5} == {}


def test_every_colour_changes_in_the_dark() -> None:
    """Check A29: an inlined colour without its dark twin would stay as it is."""
    html = RENDERER.render(digest(entry())).html
    light = colour_pairs(Page(html), html, dark=False)
    dark = colour_pairs(Page(html), html, dark=True)

    assert [text for text in light if set(light[text]) & set(dark[text])] == []


def test_an_entry_without_code_abstract_or_reason_has_no_empty_place() -> None:
    """What is not known is not mentioned, in either form."""
    bare = entry(1, code_url="", affiliations="", abstract="", authors="", category="")
    bare = replace(bare, key_sentence="", reason="")

    rendered = RENDERER.render(digest(bare))

    assert "Code" not in Page(rendered.html).words
    assert [e.tag for e in Page(rendered.html).elements if e.tag == "p" and not e.texts] == []
    assert "\n\n\n  Thumbs" not in rendered.text


def test_a_paper_without_an_address_has_a_title_without_a_link() -> None:
    """An empty href would lead back to the mail."""
    page = Page(RENDERER.render(digest(entry(1, url=""))).html)

    assert "" not in page.links
    assert "Paper number 1 on parsing" in page.text_of("h3")


def test_the_key_sentence_hangs_under_its_own_start() -> None:
    """Lines of plain text are at most 72 columns wide and keep their indent."""
    long = "word " * 40

    text = RENDERER.render(digest(entry(1, key_sentence=long.strip()))).text

    lines = [line for line in text.split("\n") if line.strip().startswith("word word")]
    assert {len(line) - len(line.lstrip()) for line in lines} == {2}
    assert max(map(len, lines)) <= 72


def test_the_same_digest_gives_the_same_bytes() -> None:
    """Check A47, with a warm cache and with a cold one."""
    made = digest(entry(1), entry(2))

    first, second = RENDERER.render(made), RENDERER.render(made)

    assert first == second == Renderer(build_environment()).render(made)


def test_a_card_is_rendered_once_for_all_its_readers() -> None:
    """Readers differ in score, sentence, reason and links; the template does not run again."""
    seen: list[str] = []

    def noted(title: str) -> str:
        seen.append(title)
        return title

    environment = minimal_environment(card_html="{{ card.title | noted }} {{ score }} {{ lead }}")
    environment.filters["noted"] = noted
    renderer = Renderer(environment)
    renderer.render(digest(entry(1)))

    other = renderer.render(digest(entry(1, score=12.0, key_sentence="Another sentence.")))

    assert seen == ["Paper number 1 on parsing"]
    assert other.html == "Paper number 1 on parsing 12.0 Another sentence."

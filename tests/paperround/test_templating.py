import os
import re
from pathlib import Path

import css_inline
import jinja2
import pytest

from digest.columns import wrap
from digest.render import Renderer
from paperround.templating import (
    STYLE_LINK,
    MailLoader,
    build_environment,
    inline_styles,
    templates_folder,
)
from tests.digest.pages import Page
from tests.digest.papers import digest, entry

FOLDER = templates_folder()
SHEET = (FOLDER / "email/style.css").read_text()
NAMES = sorted(str(path.relative_to(FOLDER)) for path in FOLDER.rglob("*.jinja"))
MAIL_PAGES = [name for name in NAMES if name.startswith("email/") and name.endswith("html.jinja")]


def mail_folder(folder: Path, sheet: str) -> Path:
    """Lay out a folder with one mail and the sheet."""
    (folder / "email").mkdir()
    (folder / "email/style.css").write_text(sheet)
    (folder / "email/a.html.jinja").write_text('<p class="big">{{ said }}</p>')
    return folder


def styles_of_body(page: Page) -> list[tuple[str, dict[str, str]]]:
    """Return tag and style of every element from the body on; css-inline reorders the head."""
    body = next(place for place, element in enumerate(page.elements) if element.tag == "body")
    return [(element.tag, element.style) for element in page.elements[body:]]


def uninlined() -> jinja2.Environment:
    """Make the environment as it would be without inlining."""
    environment = build_environment()
    environment.loader = jinja2.FileSystemLoader(FOLDER)
    return environment


@pytest.mark.parametrize("name", NAMES)
def test_every_template_compiles(name: str) -> None:
    """The wheel is tested with the same list."""
    build_environment().get_template(name)


def test_inlining_templates_gives_what_inlining_the_mail_would() -> None:
    """Element for element, the styles are those that css-inline gives to the finished mail."""
    made = digest(entry(1), entry(2, code_url="", affiliations=""), entry(3, url=""))
    whole = Renderer(uninlined()).render(made).html.replace(STYLE_LINK, f"<style>{SHEET}</style>")
    inliner = css_inline.CSSInliner(keep_at_rules=True, load_remote_stylesheets=False)

    ours = Page(Renderer(build_environment()).render(made).html)

    theirs = Page(inliner.inline(whole))
    assert styles_of_body(ours) == styles_of_body(theirs)
    assert len(styles_of_body(ours)) > 60


def test_rules_of_media_stay_in_the_head() -> None:
    """Only a <style> element can hold what is for the dark or for narrow screens."""
    html = Renderer(build_environment()).render(digest(entry())).html

    head = html[: html.index("</head>")]

    assert "@media (prefers-color-scheme: dark)" in head
    assert "@media (max-width: 480px)" in head
    assert "<link" not in html


def test_classes_stay_only_where_a_rule_needs_them() -> None:
    """Every byte of a class is sent to every reader once per entry."""
    html = Renderer(build_environment()).render(digest(entry())).html
    at_rules = html[html.index("<style>") : html.index("</style>")]

    classes = {c for value in re.findall(r'class="([^"]*)"', html) for c in value.split()}

    assert {name for name in classes if f".{name}" not in at_rules} == set()


@pytest.mark.parametrize("name", MAIL_PAGES)
def test_templates_use_classes_that_the_sheet_knows(name: str) -> None:
    """A misspelt class would be an element without a style."""
    source = (FOLDER / name).read_text()

    used = {c for value in re.findall(r'class="([^"]*)"', source) for c in value.split()}

    assert used - set(re.findall(r"\.([a-z][\w-]*)", SHEET)) == set()


def test_the_sheet_has_no_rule_that_no_template_uses() -> None:
    """Dead rules mislead whoever changes the live ones."""
    sources = "".join((FOLDER / name).read_text() for name in MAIL_PAGES)
    used = {c for value in re.findall(r'class="([^"]*)"', sources) for c in value.split()}

    assert set(re.findall(r"^\s*\.([a-z][\w-]*)", SHEET, re.MULTILINE)) - used == set()


def test_jinja_tags_stay_where_they_are() -> None:
    """No HTML parser sees the source: not in tables, not in attributes, not in comments."""
    source = (
        '<table>{% for a in b %}<tr><td class="x" {{ c }}></td></tr>{% endfor %}</table>{# d #}'
    )

    inlined = inline_styles(source, ".x { color: red }")

    assert inlined == source.replace('class="x"', 'style="color:red"')


def test_later_and_more_classes_cascade_as_css_says() -> None:
    """The order of the sheet decides, not that of the attribute; !important beats both."""
    sheet = ".a { color: red } .b { color: blue; margin: 0 } .c { margin: 1px !important }"

    inlined = inline_styles('<p class="b a"></p><p class="c b"></p>', sheet)

    assert [e.style for e in Page(inlined).elements] == [
        {"color": "blue", "margin": "0"},
        {"color": "blue", "margin": "1px!important"},
    ]


def test_a_class_of_the_media_rules_is_kept_beside_its_style() -> None:
    """The rules for dark find their elements by it."""
    sheet = (
        ".a { color: red } @media (prefers-color-scheme: dark) { .a { color: blue !important } }"
    )

    assert inline_styles('<p class="a b">', sheet) == '<p class="a" style="color:red">'


def test_a_sheet_is_never_fetched_or_read_from_elsewhere(tmp_path: Path) -> None:
    """Check A30: nothing of this machine gets into a mail by way of a link in a template."""
    secret = tmp_path / "secret.css"
    secret.write_text(".a { color: red }")
    source = f'<link rel="stylesheet" href="file://{secret}"><p class="a"></p>'

    assert "red" not in inline_styles(source, f"@import url('file://{secret}');")


def test_html_is_escaped_and_text_is_not() -> None:
    """Escaping is decided by the name of the template: `*.html.jinja` is HTML."""
    rendered = Renderer(build_environment()).render(digest(entry(title="Is a<b & c>d?")))

    assert "Is a&lt;b &amp; c&gt;d?" in rendered.html
    assert "Is a<b & c>d?" in rendered.text


def test_a_template_from_a_string_is_escaped() -> None:
    """What has no name could be anything."""
    template = build_environment().from_string("{{ said }}")

    assert template.render(said="<b>") == "&lt;b&gt;"


def test_an_undefined_name_is_an_error() -> None:
    """A misspelt name in a template does not become a blank in a mail."""
    with pytest.raises(jinja2.UndefinedError):
        build_environment().from_string("{{ nothing }}").render()


def test_text_is_wrapped_by_a_filter() -> None:
    """The text part sets its own lines."""
    template = build_environment().from_string("{{ said | wrap(4) }}")

    assert template.render(said="word " * 30) == wrap("word " * 30, 4)


@pytest.mark.parametrize("changed", ["email/style.css", "email/a.html.jinja"])
def test_an_edited_file_is_seen_by_whoever_edits_templates(tmp_path: Path, changed: str) -> None:
    """With reloading, a change of the sheet counts as one of every mail."""
    folder = mail_folder(tmp_path, ".big { font-size: 20px }")
    environment = jinja2.Environment(loader=MailLoader(folder), auto_reload=True, autoescape=True)
    before = environment.get_template("email/a.html.jinja").render(said="x")
    text = (folder / changed).read_text()

    (folder / changed).write_text(text.replace("20px", "30px").replace("{{ said }}", "{{ said }}!"))
    # Two writes within one tick of the file system's clock would look like one.
    os.utime(folder / changed, (2_000_000_000, 2_000_000_000))

    after = environment.get_template("email/a.html.jinja").render(said="x")
    assert before == '<p style="font-size:20px">x</p>'
    assert after in ('<p style="font-size:30px">x</p>', '<p style="font-size:20px">x!</p>')


def test_a_page_of_the_web_is_left_as_it_is(tmp_path: Path) -> None:
    """Pages have their style sheet beside them."""
    (tmp_path / "page.html.jinja").write_text('<p class="big">\n  {{ said }}</p>')
    environment = jinja2.Environment(loader=MailLoader(tmp_path), autoescape=True)

    assert (
        environment.get_template("page.html.jinja").render(said="x") == '<p class="big">\n  x</p>'
    )

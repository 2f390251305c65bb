"""Build the Jinja environment in which every mail and page is rendered.

A mail has to carry its CSS inside its tags. That is done here, once, when a template is compiled:
the loader adds to every `class="..."` of an HTML mail the declarations that `email/style.css` gives
it. No HTML parser sees a template, because one would move Jinja's tags out of tables and quote
them; css-inline is asked instead what an element of these classes looks like. The price is that the
style sheet may select by class only, which a test holds it to.
"""

import re
from collections.abc import Callable
from functools import cache
from importlib import resources
from pathlib import Path

import css_inline
import jinja2

from digest.columns import wrap

__all__ = ["MailLoader", "build_environment", "inline_styles", "templates_folder"]

STYLE_SHEET = "email/style.css"
STYLE_LINK = '<link rel="stylesheet" href="style.css">'
"""In the head of a mail: replaced by the rules that cannot be inlined, those of @media."""

_CLASSES = re.compile(r' class="([^"{}<>]*)"')
_CLASS_NAME = re.compile(r"\.([A-Za-z][\w-]*)")
_INDENT = re.compile(r"\n[ \t]+")
_STYLE_VALUE = re.compile(r'style="([^"]*)"')
_STYLE_ELEMENT = re.compile(r"<style>(.*)</style>", re.DOTALL)


def build_environment(*, reload: bool = False) -> jinja2.Environment:
    """Build the environment for all templates, of mails and of the web.

    Args:
        reload: Look for changed files at every use, for somebody who edits templates.
    """
    environment = jinja2.Environment(
        loader=MailLoader(templates_folder()),
        # Without arguments, `select_autoescape()` leaves `*.html.jinja` unescaped.
        autoescape=jinja2.select_autoescape(["html.jinja"], default_for_string=True),
        undefined=jinja2.StrictUndefined,
        auto_reload=reload,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["wrap"] = wrap
    return environment


def templates_folder() -> Path:
    """Return where the templates are: in the installed package, or beside it in a checkout."""
    packaged = Path(str(resources.files("paperround"))) / "templates"
    beside = Path(__file__).resolve().parent.parent / "templates"
    return packaged if packaged.is_dir() else beside


def inline_styles(source: str, sheet: str) -> str:
    """Inline a style sheet into the source of an HTML template.

    Args:
        source: HTML with Jinja; classes are literal: `class="entry ink"`.
        sheet: CSS whose rules outside of @media select by class only.

    Returns:
        The source with a style beside every class, without the classes that only served for that,
        with the @media rules in place of the link to the sheet, and without indentation.
    """
    at_rules = _at_rules(sheet)
    kept = frozenset(_CLASS_NAME.findall(at_rules))

    def styled(match: re.Match[str]) -> str:
        names = match[1].split()
        staying = " ".join(name for name in names if name in kept)
        style = _style_of(" ".join(names), sheet)
        return (f' class="{staying}"' if staying else "") + (f' style="{style}"' if style else "")

    inlined = _CLASSES.sub(styled, source)
    return _INDENT.sub("\n", inlined).replace(STYLE_LINK, f"<style>{at_rules}</style>")


class MailLoader(jinja2.FileSystemLoader):
    """Loads templates from a folder; those of HTML mails with their CSS inlined."""

    def get_source(
        self, environment: jinja2.Environment, template: str
    ) -> tuple[str, str, Callable[[], bool]]:
        """Return a template's source, its path, and whether it is still what is on disk."""
        source, path, is_current = super().get_source(environment, template)
        if not (template.startswith("email/") and template.endswith(".html.jinja")):
            return source, path, is_current
        sheet, _, is_sheet_current = super().get_source(environment, STYLE_SHEET)
        return inline_styles(source, sheet), path, lambda: is_current() and is_sheet_current()


@cache
def _inliner() -> css_inline.CSSInliner:
    # Without the second option a template could read any file or address into a mail.
    return css_inline.CSSInliner(keep_at_rules=True, load_remote_stylesheets=False, minify_css=True)


@cache
def _style_of(names: str, sheet: str) -> str:
    """Return the declarations that the sheet gives to an element of these classes."""
    probe = _inliner().inline_fragment(f'<p class="{names}"></p>', sheet)
    found = _STYLE_VALUE.search(probe)
    return found[1] if found else ""


@cache
def _at_rules(sheet: str) -> str:
    """Return the rules of the sheet that only a <style> element can hold."""
    document = f"<html><head><style>{sheet}</style></head><body></body></html>"
    found = _STYLE_ELEMENT.search(_inliner().inline(document))
    return " ".join(found[1].split()) if found else ""

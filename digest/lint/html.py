"""Checks of the HTML: preheader, colours, what mail clients cannot show, images, access, links."""

import re
from collections import defaultdict
from collections.abc import Iterator
from itertools import chain

from digest.lint.finding import Check, Problem, Severity
from digest.lint.mail import Mail, host_of
from digest.lint.page import Page
from digest.lint.styles import contrast, dark_rules, is_important

__all__ = ["CHECKS"]

_PREHEADER = range(40, 101)
_PREHEADER_STYLE = {
    "display": "none",
    "max-height": "0",
    "overflow": "hidden",
    "mso-hide": "all",
}
_MIN_CONTRAST = 4.5  # WCAG 2.2, 1.4.3, level AA
_FORBIDDEN_TAGS = re.compile(
    "svg|math|progress|meter|script|form|iframe|object|embed|video|audio|canvas"
)
_NO_LAYOUT = re.compile(r"(?:inline-)?(?:flex|grid)\b")
_VARIABLE = re.compile(r"var\(\s*--|(?:^|[;{\s])--[\w-]+\s*:")
_SHORTENERS = re.compile(
    r"(?:bit\.ly|t\.co|goo\.gl|tinyurl\.com|ow\.ly|is\.gd|buff\.ly|rebrand\.ly|lnkd\.in|cutt\.ly)"
)
_PIXELS = re.compile(r"\d+(?:px)?%?")


def _pages(mail: Mail) -> Iterator[Page]:
    """Yield the page, if there is one: checks of HTML have nothing to say where there is none."""
    if mail.page:
        yield mail.page


def _a28(mail: Mail) -> Iterator[Problem]:
    for page in _pages(mail):
        first = page.texts[0] if page.texts else None
        if first is None or not first.is_hidden:
            yield Problem("does not begin with a hidden preheader", "text/html")
        else:
            length = len(" ".join(first.text.split()))
            if length not in _PREHEADER:
                yield Problem(f"has {length} characters, not 40 to 100", "preheader")
            if _values(first.style) != _PREHEADER_STYLE:
                wanted = ";".join(f"{name}:{value}" for name, value in _PREHEADER_STYLE.items())
                yield Problem(f"is hidden in other ways than {wanted}", "preheader")


def _values(style: dict[str, str]) -> dict[str, str]:
    """Return a style with its values in one spelling."""
    return {name: value.lower().removesuffix("px") for name, value in style.items()}


def _a29(mail: Mail) -> Iterator[Problem]:
    for page in _pages(mail):
        metas = {e.attributes.get("name", "").lower() for e in page.elements if e.tag == "meta"}
        if "color-scheme" not in metas:
            yield Problem("has no <meta name=color-scheme>", "text/html")
        rules = dark_rules(page.sheet)
        if not rules:
            yield Problem("has no rules for prefers-color-scheme: dark", "text/html")
        for rule in rules:
            for name, value in rule.declared.items():
                if "color" in name and not is_important(value):
                    where = ".".join((rule.tag, *sorted(rule.classes)))
                    yield Problem(f"sets {name} for dark mode without !important", where)
        yield from _colours(page)


def _colours(page: Page) -> Iterator[Problem]:
    """Yield each text that may be hard to read, once for each pair of colours."""
    told = set()
    for run in page.texts:
        if run.is_hidden:
            continue
        for mode, scheme in (("light", run.light), ("dark", run.dark)):
            key = (mode, scheme.ink, scheme.paper)
            if key in told:
                continue
            told.add(key)
            sample = run.text.strip()[:40]
            if scheme.ink is None or scheme.paper is None:
                yield Problem(f"lacks a colour or a background in {mode} mode", sample)
            elif (ratio := contrast(scheme.ink, scheme.paper)) < _MIN_CONTRAST:
                yield Problem(f"has a contrast of {ratio:.1f} in {mode} mode, below 4.5", sample)


def _a30(mail: Mail) -> Iterator[Problem]:
    for page in _pages(mail):
        for element in page.elements:
            if _FORBIDDEN_TAGS.fullmatch(element.tag):
                yield Problem("is not shown by all mail clients", f"<{element.tag}>")
            if _NO_LAYOUT.match(element.style.get("display", "")):
                yield Problem("is laid out by flex or grid", f"<{element.tag}>")
            source = element.attributes.get("src", "").lower()
            if source.startswith("data:") or source.split("?")[0].endswith(".svg"):
                yield Problem("is a data: or SVG image", f"<{element.tag}>")
        styles = chain([page.sheet], (e.attributes.get("style", "") for e in page.elements))
        if any(map(_VARIABLE.search, styles)):
            yield Problem("uses CSS variables", "text/html")


def _a31(mail: Mail) -> Iterator[Problem]:
    for page in _pages(mail):
        for attributes in (e.attributes for e in page.elements if e.tag == "img"):
            where = attributes.get("src", "<img>")[:80]
            if not attributes.get("src", "").startswith(("https://", "data:")):
                yield Problem("is not an absolute https address", where)
            if "alt" not in attributes:
                yield Problem("has no alt text", where)
            sides = [attributes.get(side, "") for side in ("width", "height")]
            if not all(map(_PIXELS.fullmatch, sides)):
                yield Problem("has no width and height", where)
            elif {side.removesuffix("px") for side in sides} <= {"0", "1"}:
                yield Problem("is a tracking pixel", where)


def _a32(mail: Mail) -> Iterator[Problem]:
    for page in _pages(mail):
        if not any(e.tag == "html" and e.attributes.get("lang") for e in page.elements):
            yield Problem("has no language", "<html>")
        if not page.title.strip():
            yield Problem("is missing or empty", "<title>")
        tables = [e for e in page.elements if e.tag == "table"]
        if any(e.attributes.get("role") not in ("presentation", "none") for e in tables):
            yield Problem("lays out without role=presentation", "<table>")
        named = defaultdict(set)
        for link in page.links:
            named[link.name].add(link.href)
        for name in sorted(name for name, hrefs in named.items() if len(hrefs) > 1 or not name):
            message = f"names {len(named[name])} different links; tell them apart by aria-label"
            yield Problem(message, f"link {name[:40]!r}", Severity.WARNING)


def _a33(mail: Mail) -> Iterator[Problem]:
    own = host_of(mail.unsubscribe_url)
    for page in _pages(mail):
        for url in dict.fromkeys(link.href for link in page.links):
            lowered = url.strip().lower()
            if not lowered.startswith(("https://", "mailto:", "#")):
                yield Problem("is not an https address", url[:80])
            elif _SHORTENERS.fullmatch(host_of(url)):
                yield Problem("hides behind a link shortener", url[:80])
            elif "utm_" in lowered and host_of(url) != own:
                yield Problem("carries tracking parameters to another host", url[:80])


CHECKS = (
    Check("A28", "begins with a preheader of 40 to 100 characters, hidden without tricks", _a28),
    Check("A29", "readable in light and dark: color-scheme, !important, contrast of 4.5", _a29),
    Check("A30", "nothing that mail clients cannot show: flex, grid, SVG, forms, scripts", _a30),
    Check("A31", "images have an https address, alt text and a size, and are no pixels", _a31),
    Check("A32", "language, title, role=presentation, link names that differ", _a32),
    Check("A33", "links are https, without shorteners or foreign tracking", _a33),
)

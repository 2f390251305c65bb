"""The HTML of a mail, read once for all checks: elements, links, and texts with their colours.

Renders nothing. Styles are the inline ones and, for dark mode, simple `@media` rules; a text knows
which background lies behind it by asking its ancestors.
"""

from collections import Counter
from dataclasses import dataclass, field, replace
from html.parser import HTMLParser
from typing import Self

from digest.lint.styles import Colour, Rule, colour, dark_rules, declarations, is_important

__all__ = ["Element", "Link", "Page", "Scheme", "TextRun"]

_VOID = frozenset(
    ("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr")
)
_UNSEEN = frozenset(("style", "script", "title", "head", "template"))
_LINK_BLUE = (0, 0, 238)  # what browsers give a link that has no colour


@dataclass(frozen=True, slots=True)
class Scheme:
    """The colours at one place, in light or in dark mode; None where nothing sets them."""

    ink: Colour | None = None
    paper: Colour | None = None


@dataclass(frozen=True, slots=True)
class Element:
    """One element with its attributes and inline style."""

    tag: str
    attributes: dict[str, str]
    style: dict[str, str]


@dataclass(frozen=True, slots=True)
class Link:
    """One link; its name is what a screen reader says."""

    href: str
    name: str
    offset: int
    """Characters of the source before it."""


@dataclass(frozen=True, slots=True)
class TextRun:
    """One piece of text that is not only white space."""

    text: str
    is_hidden: bool
    style: dict[str, str]
    """Inline style of the element it stands in."""
    light: Scheme
    dark: Scheme


@dataclass(slots=True)
class _Frame:
    """An element that is open, and what it hands down."""

    element: Element
    light: Scheme
    dark: Scheme
    is_hidden: bool


@dataclass(slots=True)
class Page:
    """What checks need of an HTML part."""

    source: str
    elements: list[Element] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    texts: list[TextRun] = field(default_factory=list)
    sheet: str = ""
    """The contents of all style elements."""
    title: str = ""
    defect: str = ""
    """Why reading stopped, empty if it did not."""

    @classmethod
    def read(cls, source: str) -> Self:
        """Return the page of an HTML text; never raises, a `defect` says if it is no HTML."""
        page = cls(source)
        reader = _Reader(page)
        try:
            reader.feed(source)
            reader.close()
        except (AssertionError, ValueError, RecursionError) as error:
            # html.parser asserts on markup declarations such as `<![x`.
            page.defect = str(error) or type(error).__name__
        return page


class _Reader(HTMLParser):
    """Fills a page from its source."""

    def __init__(self, page: Page) -> None:
        super().__init__(convert_charrefs=True)
        self.page = page
        self.rules = dark_rules(page.source)
        self.open: list[_Frame] = []
        self.count: Counter[str] = Counter()  # of open elements by name
        self.starts = [0]
        for line in page.source.split("\n"):
            self.starts.append(self.starts[-1] + len(line) + 1)
        self.link: tuple[str, str, int] | None = None
        self.words: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note the element; what is not void stays open."""
        attributes = {name: value or "" for name, value in attrs}
        element = Element(tag, attributes, declarations(attributes.get("style", "")))
        self.page.elements.append(element)
        if tag == "img":
            self.words.append(attributes.get("alt", ""))
        if tag == "a" and "href" in attributes:
            line, column = self.getpos()
            offset = self.starts[line - 1] + column
            self.link = (attributes["href"], attributes.get("aria-label", ""), offset)
            self.words = []
        if tag not in _VOID:
            self.open.append(self._frame(element))
            self.count[tag] += 1

    def _frame(self, element: Element) -> _Frame:
        """Return the frame of an element inside of those that are open."""
        above = self.open[-1] if self.open else None
        light = _painted(element, above.light if above else Scheme())
        dark = _painted(element, above.dark if above else Scheme())
        classes = frozenset(element.attributes.get("class", "").split())
        for rule in self.rules:
            if rule.applies(element.tag, classes):
                dark = _repainted(rule, element, dark)
        hides = element.style.get("display", "").startswith("none") or element.tag in _UNSEEN
        return _Frame(element, light, dark, hides or bool(above and above.is_hidden))

    def handle_endtag(self, tag: str) -> None:
        """Close the innermost open element of this name, and what was left open inside of it."""
        if tag == "a" and self.link:
            href, label, offset = self.link
            name = label or " ".join("".join(self.words).split())
            self.page.links.append(Link(href, name, offset))
            self.link = None
        while self.count[tag]:
            closed = self.open.pop().element.tag
            self.count[closed] -= 1
            if closed == tag:
                return

    def handle_data(self, data: str) -> None:
        """Note a text with the colours around it."""
        inside = self.open[-1] if self.open else None
        tag = inside.element.tag if inside else ""
        if tag == "style":
            self.page.sheet += data
        elif tag == "title":
            self.page.title += data
        elif data.strip() and tag != "script":
            self.words.append(data)
            style = inside.element.style if inside else {}
            schemes = (inside.light, inside.dark) if inside else (Scheme(), Scheme())
            is_hidden = bool(inside and inside.is_hidden)
            self.page.texts.append(TextRun(data, is_hidden, style, *schemes))
        else:
            self.words.append(data)


def _painted(element: Element, scheme: Scheme) -> Scheme:
    """Return the colours inside of an element, from its style and its old attributes."""
    style = element.style
    if element.tag == "a" and "href" in element.attributes:
        scheme = replace(scheme, ink=_LINK_BLUE)
    paper = style.get("background-color") or style.get("background")
    paper = paper or element.attributes.get("bgcolor", "")
    ink = colour(style.get("color", ""))
    return Scheme(ink or scheme.ink, colour(paper) or scheme.paper)


def _repainted(rule: Rule, element: Element, scheme: Scheme) -> Scheme:
    """Return the colours after a rule; an inline style beats one that is not `!important`."""
    for name in ("color", "background-color", "background"):
        value = rule.declared.get(name, "")
        found = colour(value)
        inline = name in element.style or (name != "color" and "background" in element.style)
        if found and (is_important(value) or not inline):
            scheme = replace(scheme, **{"ink" if name == "color" else "paper": found})
    return scheme

"""Read a rendered mail as a browser would: its elements, its texts, its links, its colours."""

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

__all__ = ["Element", "Page", "colour_pairs", "contrast", "text_links"]

_VOID = {"meta", "link", "br", "img", "hr", "input"}
_DARK = re.compile(r"@media \(prefers-color-scheme: ?dark\) ?\{((?:[^{}]*\{[^{}]*\})*)")
_RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")
_URL = re.compile(r"https?://\S+")


@dataclass
class Element:
    """One start tag, with what is around it."""

    tag: str
    attributes: dict[str, str]
    parents: "tuple[Element, ...]" = ()
    texts: list[str] = field(default_factory=list)

    @property
    def style(self) -> dict[str, str]:
        """Declarations of the style attribute, without white space."""
        return declarations(self.attributes.get("style", ""))


class Page(HTMLParser):
    """A parsed mail."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[Element] = []
        self._open: list[Element] = []
        self.feed(html)
        self.close()
        self.is_balanced = not self._open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note the element and who is around it."""
        element = Element(tag, {name: value or "" for name, value in attrs}, tuple(self._open))
        self.elements.append(element)
        if tag not in _VOID:
            self._open.append(element)

    def handle_endtag(self, tag: str) -> None:
        """Close the element that was opened last, which has to be of this tag."""
        assert self._open.pop().tag == tag

    def handle_data(self, data: str) -> None:
        """Keep a text with the element that it stands in."""
        if self._open and data.strip():
            self._open[-1].texts.append(" ".join(data.split()))

    @property
    def skeleton(self) -> list[tuple[str, tuple[str, ...]]]:
        """Tags and the names of their attributes, in order: what no content may change."""
        return [(element.tag, tuple(element.attributes)) for element in self.elements]

    @property
    def links(self) -> set[str]:
        """Every address that something links to."""
        return {e.attributes["href"] for e in self.elements if "href" in e.attributes}

    @property
    def words(self) -> str:
        """Everything that is read, in one line."""
        return " ".join(text for element in self.elements for text in element.texts)

    def text_of(self, tag: str) -> list[str]:
        """Return the texts that stand in elements of this tag, at any depth."""
        return [
            text
            for element in self.elements
            if tag in (element.tag, *(parent.tag for parent in element.parents))
            for text in element.texts
        ]


def text_links(text: str) -> set[str]:
    """Return every address in a plain text."""
    return set(_URL.findall(text))


def declarations(style: str) -> dict[str, str]:
    """Read `name:value;...`, later ones winning as in CSS."""
    pairs = (part.split(":", 1) for part in style.split(";") if ":" in part)
    return {name.strip(): "".join(value.split()) for name, value in pairs}


def colour_pairs(page: Page, html: str, *, dark: bool) -> dict[str, tuple[str, str]]:
    """Return foreground and background behind every text of the body, by the text."""
    overrides = _dark_rules(html) if dark else {}
    body = next(element for element in page.elements if element.tag == "body")
    return {
        text: (_inherited(element, "color", overrides), _behind(element, overrides))
        for element in page.elements
        if body in element.parents
        for text in element.texts
    }


def contrast(pair: tuple[str, str]) -> float:
    """Return the contrast of two colours, 1 to 21.

    Source: https://www.w3.org/TR/WCAG21/#dfn-contrast-ratio
    """
    lighter, darker = sorted(map(_luminance, pair), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (
        c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _dark_rules(html: str) -> dict[str, dict[str, str]]:
    """By class: what the rules for dark say with !important, which alone beats inlined styles."""
    found = _DARK.search(html)
    assert found
    rules: dict[str, dict[str, str]] = {}
    for selectors, body in _RULE.findall(found[1]):
        important = {
            name: value.removesuffix("!important")
            for name, value in declarations(body).items()
            if value.endswith("!important")
        }
        for selector in selectors.split(","):
            rules.setdefault(selector.strip().removeprefix("."), {}).update(important)
    return rules


def _own(element: Element, name: str, overrides: dict[str, dict[str, str]]) -> str:
    classes = element.attributes.get("class", "").split()
    # Rules of one specificity: the last in the sheet wins.
    dark = [rule[name] for key, rule in overrides.items() if key in classes and name in rule]
    return dark[-1] if dark else element.style.get(name, "")


def _inherited(element: Element, name: str, overrides: dict[str, dict[str, str]]) -> str:
    line = (element, *reversed(element.parents))
    return next(value for e in line if (value := _own(e, name, overrides)))


def _behind(element: Element, overrides: dict[str, dict[str, str]]) -> str:
    return _inherited(element, "background-color", overrides)

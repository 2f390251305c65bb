"""CSS as far as checks need it: declarations, colours, contrast, and the rules for dark mode.

Understands what our own templates and css-inline write: inline styles, and `@media` rules whose
selectors are a tag, a class or both. Other selectors are passed over.

Source: WCAG 2.2, success criterion 1.4.3 and its definition of relative luminance.
"""

import re
from dataclasses import dataclass

__all__ = ["Colour", "Rule", "colour", "contrast", "dark_rules", "declarations", "is_important"]

Colour = tuple[int, int, int]
"""Red, green and blue, 0 to 255."""

_HEX = re.compile(r"#([0-9a-f]{6}|[0-9a-f]{3})\b", re.IGNORECASE)
_RGB = re.compile(
    r"rgba?\(\s*(\d{1,3})[,\s]+(\d{1,3})[,\s]+(\d{1,3})\s*(?:[,/]\s*1(?:\.0+)?\s*)?\)"
)
_NAMED = {"white": (255, 255, 255), "black": (0, 0, 0)}
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_DARK = re.compile(r"@media[^{]*prefers-color-scheme\s*:\s*dark[^{]*\{")
_RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")
_SELECTOR = re.compile(r"([a-z0-9]*)((?:\.[\w-]+)*)", re.IGNORECASE)
_IMPORTANT = re.compile(r"\s*!\s*important\s*$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Rule:
    """One simple selector and what it sets."""

    tag: str
    """Empty: any."""
    classes: frozenset[str]
    declared: dict[str, str]

    def applies(self, tag: str, classes: frozenset[str]) -> bool:
        """Tell whether an element is selected."""
        return self.tag in ("", tag) and self.classes <= classes


def declarations(style: str) -> dict[str, str]:
    """Return properties in lower case and their values, the last of each."""
    pairs = (piece.partition(":") for piece in _COMMENT.sub("", style).split(";"))
    return {name.strip().lower(): value.strip() for name, colon, value in pairs if colon}


def is_important(value: str) -> bool:
    """Tell whether a value says `!important`."""
    return bool(_IMPORTANT.search(value))


def dark_rules(sheet: str) -> list[Rule]:
    """Return the rules inside of `@media (prefers-color-scheme: dark)`."""
    rules: list[Rule] = []
    text = _COMMENT.sub("", sheet)
    for start in _DARK.finditer(text):
        block = text[start.end() : _end_of_block(text, start.end())]
        for selectors, body in _RULE.findall(block):
            declared = declarations(body)
            for selector in selectors.split(","):
                if found := _SELECTOR.fullmatch(selector.strip()):
                    classes = frozenset(filter(None, found[2].split(".")))
                    rules.append(Rule(found[1].lower(), classes, declared))
    return rules


def _end_of_block(text: str, start: int) -> int:
    """Return where the block ends whose opening brace stands before `start`."""
    depth = 1
    for brace in re.finditer(r"[{}]", text[start:]):
        depth += 1 if brace[0] == "{" else -1
        if depth == 0:
            return start + brace.start()
    return len(text)


def colour(value: str) -> Colour | None:
    """Return the colour in a value, None if there is none that can be computed."""
    text = value.lower()
    if found := _HEX.search(text):
        digits = found[1] if len(found[1]) == 6 else "".join(sign * 2 for sign in found[1])
        return int(digits[:2], 16), int(digits[2:4], 16), int(digits[4:], 16)
    if found := _RGB.search(text):
        return int(found[1]), int(found[2]), int(found[3])
    return next((known for name, known in _NAMED.items() if name in text.split()), None)


def contrast(one: Colour, other: Colour) -> float:
    """Return the contrast ratio of two colours, from 1 to 21."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: Colour) -> float:
    """Return the relative luminance of a colour, 0 to 1."""
    red, green, blue = (_linear(min(part, 255) / 255) for part in colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(part: float) -> float:
    """Return one channel without the gamma of sRGB."""
    return float(part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4)

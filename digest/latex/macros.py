r"""Macros that need a rule of their own, and how raised and lowered text is written.

`HANDLERS` maps a macro's name to a function that writes it; everything that follows a general rule
(symbols, accents, unknown macros) is written by `digest.latex.writer`.
"""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from digest.latex import symbols

if TYPE_CHECKING:
    from digest.latex.writer import Writer

__all__ = ["HANDLERS", "SOFT", "Call", "lowered", "raised", "resolve_soft_spaces"]

SOFT = "\x01"
"""Exists in a text only while it is written: "a space, if letters would touch"."""

_SOFT_SPACE = re.compile(r"(?<=[^\W_])\x01+(?=[^\W_])")
_MARKS = re.compile(r"[*†‡′″∗⋆°∘]+")
_ORDINAL = re.compile(r"st|nd|rd|th")
_SIMPLE = re.compile(r"[\w.]+|.|[^\s(]*\([^()]*\)")


@dataclass(frozen=True, slots=True)
class Call:
    """One macro in the text; `at` is where its arguments begin, `end` where they must end."""

    name: str
    option: str
    """What stood in square brackets."""
    at: int
    end: int
    depth: int


Handler = Callable[["Writer", Call], tuple[str, int]]
"""Returns what the macro writes and the place of the token to go on with."""


def resolve_soft_spaces(text: str) -> str:
    """Return the text with soft spaces made real between letters or digits, and gone elsewhere."""
    return _SOFT_SPACE.sub(" ", text).replace(SOFT, "")


def raised(text: str) -> str:
    """Return a superscript: `²`, or `^k`, or `^(i+j)` when Unicode has no raised form."""
    text = unicodedata.normalize("NFC", resolve_soft_spaces(text).strip())
    tight = text.replace(" ", "")
    if not tight or _MARKS.fullmatch(tight) or _ORDINAL.fullmatch(tight):
        return tight.replace("∘", "°")
    if all(ord(sign) in symbols.SUPERSCRIPTS for sign in tight):
        return tight.translate(symbols.SUPERSCRIPTS)
    return f"^{text}" if text.isalnum() or len(text) == 1 else f"^({text})"


def lowered(text: str) -> str:
    """Return a subscript: `₂`, or `_k`, or `_(i=1)` when Unicode has no lowered form."""
    text = unicodedata.normalize("NFC", resolve_soft_spaces(text).strip())
    tight = text.replace(" ", "")
    if not tight:
        return ""
    if all(ord(sign) in symbols.SUBSCRIPTS for sign in tight):
        return tight.translate(symbols.SUBSCRIPTS)
    return f"_{text}" if text.isalnum() or len(text) == 1 else f"_({text})"


def _bracketed(text: str) -> str:
    """Return the text in brackets if it would not hold together without."""
    text = resolve_soft_spaces(text).strip()
    return text if _SIMPLE.fullmatch(text) else f"({text})"


def _fraction(writer: "Writer", call: Call) -> tuple[str, int]:
    r"""Write `\frac{a}{b}` as `a/b`."""
    above, at = writer.argument(call.at, call.end, call.depth)
    below, at = writer.argument(at, call.end, call.depth)
    if not above.strip() and not below.strip():
        return SOFT + call.name + SOFT, at
    return f"{_bracketed(above)}/{_bracketed(below)}", at


def _root(writer: "Writer", call: Call) -> tuple[str, int]:
    r"""Write `\sqrt{x}` as `√x`, and `\sqrt[3]{x}` as `³√x`; without argument it is a bare sign."""
    text, at = writer.argument(call.at, call.end, call.depth)
    degree = raised(call.option).lstrip("^") if call.option else ""
    return f"{degree}√{_bracketed(text)}" if text.strip() else "√", at


def _binomial(writer: "Writer", call: Call) -> tuple[str, int]:
    r"""Write `\binom{n}{k}` as `(n choose k)`."""
    above, at = writer.argument(call.at, call.end, call.depth)
    below, at = writer.argument(at, call.end, call.depth)
    return f"({above.strip()} choose {below.strip()})", at


def _link(writer: "Writer", call: Call) -> tuple[str, int]:
    """Write the words of a link and, unless they are the address, the address behind them."""
    address, at = writer.raw_argument(call.at, call.end)
    words, at = writer.argument(at, call.end, call.depth)
    if not words.strip() or words.strip() in address:
        return address or words, at
    return (f"{words} ({address})" if address else words), at


def _address(writer: "Writer", call: Call) -> tuple[str, int]:
    """Write an address as it stands."""
    address, at = writer.raw_argument(call.at, call.end)
    return (address, at) if address else writer.argument(call.at, call.end, call.depth)


def _verbatim(writer: "Writer", call: Call) -> tuple[str, int]:
    r"""Write what stands between two equal signs: `\verb+a_b+`."""
    rest = "".join(writer.tokens[call.at : call.end])
    close = rest.find(rest[:1], 1) if rest[:1].strip() else -1
    if close < 0:
        return "", call.at
    at, consumed = call.at, 0
    while consumed < close + 1:
        consumed += len(writer.tokens[at])
        at += 1
    return rest[1:close] + rest[close + 1 : consumed], at


def _group(writer: "Writer", call: Call) -> tuple[str, int]:
    """Write the argument; fonts and rules above or below it are left out."""
    return writer.argument(call.at, call.end, call.depth)


def _last(writer: "Writer", call: Call) -> tuple[str, int]:
    """Write the last argument of several, the one for readers."""
    at, text = call.at, ""
    for _ in range(symbols.KEEP_LAST[call.name]):
        text, at = writer.argument(at, call.end, call.depth)
    return text, at


def _nothing(writer: "Writer", call: Call) -> tuple[str, int]:
    """Write nothing for a macro whose argument is not for readers."""
    if writer.peek(call.at) != "{":
        return SOFT, call.at
    return SOFT, writer.argument(call.at, call.end, call.depth)[1]


def _cite(writer: "Writer", call: Call) -> tuple[str, int]:
    """Write the keys of a citation in square brackets."""
    keys, at = writer.raw_argument(call.at, call.end)
    place = f", {call.option}" if call.option else ""
    return (f"[{keys}{place}]" if keys else f"{SOFT}{call.name}{SOFT}"), at


def _footnote(writer: "Writer", call: Call) -> tuple[str, int]:
    """Write a footnote in brackets where it was called."""
    text, at = writer.argument(call.at, call.end, call.depth)
    return (f" ({text.strip()})" if text.strip() else ""), at


def _environment(writer: "Writer", call: Call) -> tuple[str, int]:
    r"""Write nothing for `\begin{...}` and `\end{...}`, and skip what describes columns."""
    name, at = writer.raw_argument(call.at, call.end)
    if call.name == "begin":
        at = writer.option(at, call.end)[1]
        if name in ("array", "tabular"):
            at = writer.raw_argument(at, call.end)[1]
    return " ", at


def _blackboard(writer: "Writer", call: Call) -> tuple[str, int]:
    r"""Write `\mathbb{R}` as `ℝ`; letters without a common sign stay as they are."""
    text, at = writer.argument(call.at, call.end, call.depth)
    return symbols.BLACKBOARD.get(text.strip(), text), at


def _over(writer: "Writer", call: Call) -> tuple[str, int]:
    """Write a relation with a sign above or below it as a superscript or subscript."""
    beside, at = writer.argument(call.at, call.end, call.depth)
    base, at = writer.argument(at, call.end, call.depth)
    return base + (lowered(beside) if call.name == "underset" else raised(beside)), at


def _labelled_arrow(writer: "Writer", call: Call) -> tuple[str, int]:
    """Write an arrow with its label as a superscript."""
    label, at = writer.argument(call.at, call.end, call.depth)
    return ("→" if call.name == "xrightarrow" else "←") + raised(label), at


def _modulo(writer: "Writer", call: Call) -> tuple[str, int]:
    r"""Write `\pmod{p}` as `(mod p)`."""
    text, at = writer.argument(call.at, call.end, call.depth)
    return f" (mod {text.strip()})", at


def _scripted(writer: "Writer", call: Call) -> tuple[str, int]:
    """Write raised or lowered text outside of mathematics."""
    text, at = writer.argument(call.at, call.end, call.depth)
    return (raised(text) if call.name in ("textsuperscript", "sp") else lowered(text)), at


def _negated(writer: "Writer", call: Call) -> tuple[str, int]:
    r"""Write `\not=` as `≠`."""
    text, at = writer.argument(call.at, call.end, call.depth)
    return text[:1] + "\u0338" + text[1:] if text.strip() else "not", at


def _dingbat(writer: "Writer", call: Call) -> tuple[str, int]:
    r"""Write `\ding{182}` as `❶`: positions in the Zapf Dingbats font are Unicode's order."""
    number, at = writer.raw_argument(call.at, call.end)
    code = int(number) if number.isascii() and number.isdigit() and len(number) < 4 else 0
    if 33 <= code <= 126:
        return chr(0x2701 + code - 33), at
    if 172 <= code <= 181:
        return chr(0x2460 + code - 172), at
    return (chr(0x2761 + code - 161) if 161 <= code <= 254 else number), at


def _code_point(writer: "Writer", call: Call) -> tuple[str, int]:
    r"""Write `\unicode{x2014}` as `—`."""
    number, at = writer.raw_argument(call.at, call.end)
    digits = re.fullmatch(r"[xX]([0-9A-Fa-f]{2,5})", number)
    return (chr(int(digits[1], 16)) if digits else number), at


def _infix(writer: "Writer", call: Call) -> tuple[str, int]:
    r"""Write `{a \over b}` and `{a \choose b}` with the sign or word between."""
    return (" / " if call.name == "over" else f" {call.name} "), writer.skip_space(
        call.at, call.end
    )


def _constant(text: str) -> Handler:
    """Return a handler that writes always the same and takes nothing."""
    return lambda writer, call: (text, writer.skip_space(call.at, call.end))


HANDLERS: dict[str, Handler] = {
    **dict.fromkeys(("frac", "dfrac", "tfrac", "nicefrac", "cfrac", "sfrac"), _fraction),
    **dict.fromkeys(("binom", "dbinom", "tbinom"), _binomial),
    **dict.fromkeys(("url", "path", "nolinkurl"), _address),
    **dict.fromkeys(symbols.WRAPPERS, _group),
    **dict.fromkeys(symbols.KEEP_LAST, _last),
    **dict.fromkeys(symbols.DROPPED, _nothing),
    **dict.fromkeys(("ref", "eqref", "cref", "Cref", "autoref", "pageref", "cite"), _cite),
    **dict.fromkeys(("footnote", "thanks", "footnotetext"), _footnote),
    **dict.fromkeys(("begin", "end"), _environment),
    **dict.fromkeys(("mathbb", "mathbbm", "mathds", "Bbb", "bb"), _blackboard),
    **dict.fromkeys(("overset", "underset", "stackrel"), _over),
    **dict.fromkeys(("xrightarrow", "xleftarrow"), _labelled_arrow),
    **dict.fromkeys(("textsuperscript", "textsubscript", "sp", "sb"), _scripted),
    **dict.fromkeys(("over", "choose"), _infix),
    **dict.fromkeys(
        ("quad", "qquad", "par", "newline", "linebreak", "space", "cr"), _constant(" ")
    ),
    "sqrt": _root,
    "href": _link,
    "verb": _verbatim,
    "pmod": _modulo,
    "not": _negated,
    "ding": _dingbat,
    "unicode": _code_point,
    "item": _constant(" • "),
}

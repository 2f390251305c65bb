"""Tokens of LaTeX -> text; the general rules, while `digest.latex.macros` has the special ones.

Every part is written once, and `Writer` is used once: it takes apart tokens as it goes.
"""

import re

from digest.latex import symbols
from digest.latex.macros import HANDLERS, SOFT, Call, lowered, raised, resolve_soft_spaces
from digest.latex.tokens import closing_braces, mathematics, tokens

__all__ = ["Writer"]

_MAX_DEPTH = 24
_MAX_OPTION_TOKENS = 60

_TIE_BEFORE = re.compile(r"[\w.,;:)\]}$'\"%]$")
_STAR_MACROS = re.compile(r"(?:operatorname|[cC]ite.*|[hv]space|tag|section)$")
_OPTION_MACROS = re.compile(
    r"(?:[cC]ite.*|sqrt|footnote|footnotemark|includegraphics|item|hyperref|xrightarrow)$"
)
_CONTROLS = {
    **dict.fromkeys(",;:>\n\t\r\\ ", " "),
    **dict.fromkeys("!-/()[]@+<", ""),
    "|": "‖",
}
_QUOTES = {"``": "“", "''": "”"}


class Writer:
    """The tokens of one text, which of them are mathematics, and how each is written."""

    def __init__(self, text: str) -> None:
        self.tokens = tokens(text)
        self.closes = closing_braces(self.tokens)
        self.is_math, self.delimiters = mathematics(self.tokens)

    def write(self) -> str:
        """Return the whole text; at most once."""
        return resolve_soft_spaces(self._write(0, len(self.tokens), 0))

    def _write(self, start: int, end: int, depth: int) -> str:
        """Return the text of the tokens from `start` to before `end`."""
        if depth > _MAX_DEPTH:
            return "".join(part for part in self.tokens[start:end] if part not in "{}")
        written: list[str] = []
        at = start
        while at < end:
            piece, at = self._piece(at, end, depth)
            written.append(piece)
        return "".join(written)

    def _piece(self, at: int, end: int, depth: int) -> tuple[str, int]:
        """Return what the part at `at` writes, with its arguments, and where to go on."""
        part = self.tokens[at]
        if part[:1] == "\\" and len(part) > 1:
            return self._macro(part[1:], at + 1, end, depth)
        if part in ("^", "_"):
            return self._script(part, at, end, depth)
        if part == "$":
            return ("" if at in self.delimiters else "$"), at + 1
        if part in ("{", "}"):
            return "", at + 1
        return self._plain(part, at), at + 1

    def _plain(self, part: str, at: int) -> str:
        """Return what a part writes that takes no argument."""
        if part == "~":
            is_tie = self.is_math[at] or _TIE_BEFORE.search(self.tokens[at - 1] if at else "")
            return " " if is_tie else "~"  # `Fig.~2` has a tie, `by ~50%` means about
        if self.is_math[at]:
            return " " if part == "&" else part
        if part in ("--", "---") and not self._is_option_dash(at):
            return "–" if part == "--" else "—"
        return _QUOTES.get(part, part)

    def _is_option_dash(self, at: int) -> bool:
        """Tell the dashes of a command's option, as in `--verbose`, from a dash."""
        before = self.tokens[at - 1] if at else " "
        return before.isspace() and self.peek(at + 1)[:1].islower()

    def peek(self, at: int) -> str:
        """Return the part at `at`, empty behind the last one."""
        return self.tokens[at] if at < len(self.tokens) else ""

    # What macros take

    def argument(self, at: int, end: int, depth: int) -> tuple[str, int]:
        """Return the text of the next argument, a group or a single sign, and where it ends."""
        at = self.skip_space(at, end)
        part = self.peek(at) if at < end else ""
        if part == "{":
            close = self.closes.get(at, end)
            if close >= end:
                return "", at + 1
            return self._write(at + 1, close, depth + 1), close + 1
        if part in ("", "}", "$", "&") or depth > _MAX_DEPTH:
            return "", at
        if part[0] == "\\" or len(part) == 1:
            return self._piece(at, end, depth + 1)
        self.tokens[at] = part[1:]  # `\frac12` takes one digit of a part of two
        return part[0], at

    def raw_argument(self, at: int, end: int) -> tuple[str, int]:
        """Return the next group as it was written but for escapes, as addresses need it."""
        start = self.skip_space(at, end)
        close = self.closes.get(start, end)
        if self.peek(start) != "{" or close >= end:
            return "", at
        raw = "".join(self.tokens[start + 1 : close])
        return re.sub(r"\\([%#&_~$^{}])(?:\{\})?", r"\1", raw), close + 1

    def option(self, at: int, end: int) -> tuple[str, int]:
        """Return what stands in square brackets at `at`, if they are there, and where it ends."""
        if self.peek(at) != "[":
            return "", at
        stop = min(end, at + _MAX_OPTION_TOKENS)
        for close in range(at, stop):
            if self.tokens[close] == "]":
                return "".join(self.tokens[at + 1 : close]), close + 1
        return "", at

    def take_first(self, at: int, sign: str) -> None:
        """Drop the sign from the beginning of the part at `at`, if it begins with it."""
        if self.peek(at).startswith(sign):
            self.tokens[at] = self.tokens[at][len(sign) :]

    def skip_space(self, at: int, end: int) -> int:
        """Return the place of the first part from `at` on that is not white space."""
        while at < end and not self.tokens[at].strip():
            at += 1
        return at

    # What macros write

    def _macro(self, name: str, at: int, end: int, depth: int) -> tuple[str, int]:
        """Write the macro whose arguments begin at `at`."""
        if name in symbols.ACCENTS or name in symbols.WIDE_ACCENTS:
            return self._accent(name, at, end, depth)
        if not name[0].isalpha():
            return _CONTROLS.get(name, name), at
        if _STAR_MACROS.match(name):
            self.take_first(at, "*")
        if name in symbols.SYMBOLS:
            return self._symbol(name, at, end)
        if name in symbols.WORDS:
            return self._word("mod" if name == "bmod" else name, at), at
        if name in symbols.DECLARATIONS:
            return self._declaration(name, at, end)
        option, at = self.option(at, end) if _OPTION_MACROS.match(name) else ("", at)
        handler = HANDLERS.get("cite" if name.lower().startswith("cite") else name)
        if handler:
            return handler(self, Call(name, option, at, end, depth))
        return self._unknown(name, at, end, depth)

    def _accent(self, name: str, at: int, end: int, depth: int) -> tuple[str, int]:
        """Write a letter with its accent."""
        text, at = self.argument(at, end, depth)
        text = text.replace(SOFT, "")
        if not text.strip():
            return (name if name in ("~", "^") else text), at
        if name in symbols.WIDE_ACCENTS:
            return (text + symbols.WIDE_ACCENTS[name] if len(text) == 1 else text), at
        first = {"ı": "i", "ȷ": "j"}.get(text[0], text[0])
        return first + symbols.ACCENTS[name] + text[1:], at

    def _symbol(self, name: str, at: int, end: int) -> tuple[str, int]:
        """Write a symbol, with a space behind it where there is one before it."""
        symbol = symbols.SYMBOLS[name]
        before = self.peek(at - 2) if at > 1 else ""
        is_letter = symbol.isalpha() and not self.is_math[at - 1]
        return symbol, self.skip_space(at, end) if is_letter or not before.isspace() else at

    def _word(self, name: str, at: int) -> str:
        """Write a name, kept apart from letters and digits beside it."""
        return SOFT + name + ("" if self.peek(at) in ("^", "_") else SOFT)

    def _declaration(self, name: str, at: int, end: int) -> tuple[str, int]:
        r"""Write nothing; in `\left.` the dot is an invisible bracket."""
        if name in ("left", "right"):
            self.take_first(at, ".")
        return SOFT, self.skip_space(at, end)

    def _unknown(self, name: str, at: int, end: int, depth: int) -> tuple[str, int]:
        """Write the argument of a macro that is not known or, without one, its name."""
        if self.peek(at) != "{":
            return self._word(name, at), at
        text, after = self.argument(at, end, depth)
        return (text if text.strip() else self._word(name, after) + text), after

    def _script(self, sign: str, at: int, end: int, depth: int) -> tuple[str, int]:
        """Write what is raised or lowered; outside of mathematics `_` is mostly itself."""
        following = self.peek(at + 1)
        is_script = following == "{" or (sign == "^" and following[:1].isdigit())
        if not (self.is_math[at] or is_script):
            return sign, at + 1
        text, after = self.argument(at + 1, end, depth)
        return (raised(text) if sign == "^" else lowered(text)), after

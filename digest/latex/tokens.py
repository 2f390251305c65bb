"""A LaTeX text as tokens: which are mathematics, and which braces belong together.

Decides where mathematics begins and ends, which in abstracts is a guess: authors write "$5" and
mean dollars. Writes nothing.
"""

import re

__all__ = ["closing_braces", "mathematics", "tokens"]

_MAX_MATH_TOKENS = 1_500

_TOKEN = re.compile(
    r"\\(?:[A-Za-z]+|.)|[{}\[\]$^_~&]|``?|''?|-+|\s+|[^\\{}\[\]$^_~&`'\-\s]+|.", re.DOTALL
)
# "50 and ", "5k for a model, ", "5-": an amount, and words or a dash on the way to the next one.
_MONEY = re.compile(
    r"\d[\d.,]*\s?[kKMB]?\+?(?:\s+\(?[A-Za-z]{2,}\b.*\s|\s*(?:-|–|--|/)\s*)", re.DOTALL
)
_MATH_SIGN = re.compile(r"[\\^_{}=<>+*/|()]")
_OPENING = ("\\(", "\\[")
_CLOSING = ("\\)", "\\]")
_MATH_ENVIRONMENTS = re.compile(
    r"(?:equation|align|gather|multline|eqnarray|displaymath|math|array|cases|split|aligned|gathered"
    r"|alignat|flalign|[pbvVB]?(?:small)?matrix)\*?$"
)


def tokens(text: str) -> list[str]:
    """Return the text cut into macros, special signs, white space and runs of the rest."""
    return _TOKEN.findall(text)


def closing_braces(parts: list[str]) -> dict[int, int]:
    """Return the place of the closing brace for the place of each opening one that has one."""
    closes: dict[int, int] = {}
    opened: list[int] = []
    for at, part in enumerate(parts):
        if part == "{":
            opened.append(at)
        elif part == "}" and opened:
            closes[opened.pop()] = at
    return closes


def mathematics(parts: list[str]) -> tuple[list[bool], frozenset[int]]:
    """Return for each token whether it is mathematics, and the dollars that only delimit it."""
    is_math = _displayed(parts)
    delimiters: set[int] = set()
    dollars = [at for at, part in enumerate(parts) if part == "$"]
    turn = 0
    while turn < len(dollars):
        width = 2 if dollars[turn + 1 : turn + 2] == [dollars[turn] + 1] else 1
        if not _ends_formula(parts, dollars[turn : turn + width + 1], width):
            turn += 1
            continue
        opened, closed = dollars[turn], dollars[turn + width]
        delimiters.update(range(opened, opened + width), range(closed, closed + width))
        is_math[opened : closed + 1] = [True] * (closed + 1 - opened)
        turn += 2 * width
    return is_math, frozenset(delimiters)


def _ends_formula(parts: list[str], dollars: list[int], width: int) -> bool:
    """Tell whether the last of these dollars ends a formula that the ones before it begin."""
    start, closed = dollars[0] + width, dollars[-1]
    if len(dollars) <= width or not 0 < closed - start <= _MAX_MATH_TOKENS:
        return False
    following = parts[closed + 1] if closed + 1 < len(parts) else ""
    return width == 2 or _is_formula("".join(parts[start:closed]), following)


def _is_formula(content: str, following: str) -> bool:
    """Tell a formula between two dollars from the words between two prices."""
    if _MONEY.fullmatch(content):
        return False
    if following[:1].isdigit() and content[:1].isdigit():
        return False
    is_tight = content == content.strip()
    return is_tight or bool(_MATH_SIGN.search(content)) or " " not in content.strip()


def _displayed(parts: list[str]) -> list[bool]:
    r"""Return for each token whether it stands in `\(`, `\[` or an environment of formulas."""
    inside = 0
    flags = []
    for at, part in enumerate(parts):
        if part in _OPENING or (part == "\\begin" and _names_formulas(parts, at)):
            inside += 1
        elif part in _CLOSING or (part == "\\end" and _names_formulas(parts, at)):
            inside = max(0, inside - 1)
        flags.append(inside > 0)
    return flags


def _names_formulas(parts: list[str], at: int) -> bool:
    r"""Tell whether the `\begin` or `\end` at this place is of an environment of formulas."""
    name = parts[at + 2] if at + 2 < len(parts) and parts[at + 1] == "{" else ""
    return bool(_MATH_ENVIRONMENTS.match(name))

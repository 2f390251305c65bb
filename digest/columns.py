"""Set plain text in lines of 72 columns, for the text part of a mail.

`textwrap` would do the same at thirty times the cost, once per paper and reader. Widths are counted
in characters: this neither hyphenates nor knows of double-width letters.
"""

__all__ = ["COLUMNS", "wrap"]

COLUMNS = 72


def wrap(text: str, indent: int = 0, columns: int = COLUMNS) -> str:
    """Break one paragraph into lines, all but the first indented.

    Args:
        text: One paragraph with single spaces between words.
        indent: Columns in front of every line; the first line's are the caller's to write.
        columns: Width of a line with its indent. A longer word has a line of its own.

    Returns:
        The lines, without a newline at the end.
    """
    room = columns - indent
    lines: list[str] = []
    while len(text) > room:
        cut = text.rfind(" ", 0, room + 1)
        if cut < 0:
            cut = text.find(" ", room)
        if cut < 0:
            break
        lines.append(text[:cut])
        text = text[cut + 1 :]
    lines.append(text)
    return ("\n" + " " * indent).join(lines)

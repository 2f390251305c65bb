"""Header lines of a mail, folded and encoded, as bytes.

Each function returns a whole line with its CRLF. Values are cleaned first, so that nothing a title
or a name contains can begin another header. Which headers a digest has is decided in
`digest.message`.

Source: RFC 5322 section 2.2.3 (folding), RFC 2047 (encoded words).
"""

import re
from base64 import b64encode

from digest.characters import one_line

__all__ = ["mailbox", "raw", "unstructured"]

_WIDTH = 78  # RFC 5322 section 2.1.1: lines should be no longer
_MAX_OCTETS = 998  # the same: and must be no longer than this
_MAX_WORD = 75  # RFC 2047 section 2
_MAX_NAME_LINE = 320  # Amazon SES drops longer address headers; Zulip found out
_ATOMS = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~ -]*")
_WRAPPING = len("=?utf-8?q?" + "?=")
# What may stand in a Q-encoded word also inside of a display name (RFC 2047 section 5, rule 3).
_Q_SAFE = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789!*+-/")
_Q_TABLE = {
    byte: chr(byte) if byte in _Q_SAFE else "_" if byte == 0x20 else f"={byte:02X}"
    for byte in range(256)
}


def raw(name: str, value: str) -> bytes:
    """Return a header whose value is ASCII and must stay on one line, as addresses of pages must.

    Raises:
        ValueError: the value is not printable ASCII, or too long for one line.
    """
    line = f"{name}: {value}"
    if not (value.isascii() and value.isprintable() and len(line) <= _MAX_OCTETS):
        raise ValueError(f"{name} cannot hold {value[:80]!r}")
    return line.encode("ascii") + b"\r\n"


def unstructured(name: str, value: str) -> bytes:
    """Return a header of free text: as it is and folded if it is ASCII, else in encoded words."""
    text = one_line(value)
    prefix = f"{name}: "
    if text.isascii() and "=?" not in text:
        folded = _folded(prefix, text)
        if folded is not None:
            return folded
    words = _encoded_words(text, _WIDTH - len(prefix))
    return (prefix + "\r\n ".join(words)).encode("ascii") + b"\r\n"


def mailbox(name: str, display_name: str, address: str) -> bytes:
    """Return a header with one mailbox; a display name that would be too long is left out.

    Args:
        name: of the header: `To`.
        display_name: free text, may be empty.
        address: deliverable addr-spec, written in UTF-8 (RFC 6532) if its local part needs it.
    """
    prefix = f"{name}: "
    phrase = _phrase(one_line(display_name), _WIDTH - len(prefix))
    line = f"{prefix}{phrase} <{address}>"
    if len(line) > _MAX_NAME_LINE or not phrase:
        line = f"{prefix}<{address}>"
    elif max(map(len, line.split("\r\n"))) > _WIDTH:
        line = f"{prefix}{phrase}\r\n <{address}>"
    return line.encode() + b"\r\n"


def _phrase(text: str, room: int) -> str:
    """Return a display name as atoms, as a quoted string or as encoded words."""
    if not text.isascii() or "=?" in text or len(text) + 2 > room:
        return "\r\n ".join(_encoded_words(text, room))
    if _ATOMS.fullmatch(text):
        return text
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _folded(prefix: str, text: str) -> bytes | None:
    """Return the header folded at its spaces, None if a word is too long for a line."""
    lines = [prefix.rstrip() if not text else prefix]
    for number, word in enumerate(text.split(" ")):
        glue = " " if number else ""
        if number and len(lines[-1]) + 1 + len(word) > _WIDTH:
            lines.append(glue + word)
        else:
            lines[-1] += glue + word
    if max(map(len, lines)) > _WIDTH:
        return None
    return "\r\n".join(lines).encode("ascii") + b"\r\n"


def _encoded_words(text: str, first_room: int) -> list[str]:
    """Return encoded words of whole characters, the first of at most `first_room` octets."""
    octets = text.encode()
    is_mostly_ascii = sum(byte in _Q_SAFE for byte in octets) * 3 >= len(octets) * 2
    words: list[str] = []
    start = 0
    while start < len(text):
        room = min(_MAX_WORD if words else first_room, _MAX_WORD) - _WRAPPING
        start, word = _encoded_word(text, start, room, is_mostly_ascii)
        words.append(word)
    return words


def _encoded_word(text: str, start: int, room: int, is_quoted: bool) -> tuple[int, str]:
    """Return where the longest encoded word ends that begins at `start`, and the word itself."""
    used = 0
    end = start
    while end < len(text):
        octets = text[end].encode()
        used += sum(len(_Q_TABLE[byte]) for byte in octets) if is_quoted else len(octets)
        if (used if is_quoted else (used + 2) // 3 * 4) > room and end > start:
            break
        end += 1
    chunk = text[start:end].encode()
    if is_quoted:
        return end, f"=?utf-8?q?{''.join(map(_Q_TABLE.__getitem__, chunk))}?="
    return end, f"=?utf-8?b?{b64encode(chunk).decode('ascii')}?="

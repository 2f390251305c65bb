"""Bounce addresses of their own for every mail: whatever comes back there names the mail.

`bounces@example.org` becomes `bounces+TOKEN@example.org`. The token says whose mail it was, of
which stream and local date, and is signed: nobody can make one for somebody else's mail. It is
base32 and read in either case, because some servers change the case of what stands before the @.

Source: variable envelope return paths; reference checks A39 and T122.
"""

import hmac
import re
import struct
from base64 import b32decode, b32encode
from dataclasses import dataclass
from datetime import date, timedelta

from paperround.tokens import Tokens

__all__ = ["LONGEST_BASE", "Verp", "read_verp", "verp_address"]

_EPOCH = date(2020, 1, 1)
_FIELDS = struct.Struct(">BBIH")  # stream, the reader's number in two pieces, days since the epoch
_MAC_BYTES = 10
_TOKEN_LENGTH = 29  # 18 bytes in base32, without the padding
_TOKEN = re.compile(rf"\+([a-z2-7]{{{_TOKEN_LENGTH}}})@", re.IGNORECASE)
_PADDING = "==="
_MAX_LOCAL_PART = 64  # RFC 5321 section 4.5.3.1.1
_MAX_READER = 2**40

LONGEST_BASE = _MAX_LOCAL_PART - _TOKEN_LENGTH - 1
"""Characters that a bounce address may have before its @ for a token to fit behind them."""

_STREAMS = ("daily", "confirm", "move-old", "move-new")
"""Streams by their number; part of addresses that come back weeks later, so this only grows."""


@dataclass(frozen=True, slots=True)
class Verp:
    """Which mail an address belongs to."""

    reader_id: int
    on: date
    """The reader's local date that the mail was for."""
    stream: str
    """Without the number that tells several notices of a day apart."""


def verp_address(
    tokens: Tokens, bounce_address: str, reader_id: int, on: date, *, stream: str = "daily"
) -> str:
    """Return the envelope sender of one mail: the same for the same mail, on every try.

    Args:
        tokens: Whose secret signs it.
        bounce_address: What the address is made from.
        reader_id: From 0 to 2**40 - 1.
        on: The reader's local date, from 2020 to 2199.
        stream: As in the ledger: `daily`, `move-new.1`.

    Raises:
        ValueError: The bounce address is too long for a token, or a value is out of its range.
    """
    local, _, domain = bounce_address.rpartition("@")
    if len(local) > LONGEST_BASE:
        raise ValueError(
            f"PAPERROUND_BOUNCE_ADDRESS may have {LONGEST_BASE} characters before its @ with "
            f"PAPERROUND_BOUNCE_VERP, not {len(local)}"
        )
    if not 0 <= reader_id < _MAX_READER:
        raise ValueError(f"no bounce address can name reader {reader_id}")
    number = _STREAMS.index(stream.partition(".")[0])
    high, low = divmod(reader_id, 2**32)
    body = _FIELDS.pack(number, high, low, (on - _EPOCH).days)
    return f"{local}+{_encoded(body + _mac(tokens.derive('verp'), body))}@{domain}"


def read_verp(tokens: Tokens, address: str) -> Verp | None:
    """Return which mail an address belongs to; None if it is not one of ours.

    Secrets of before are honoured: reports come days after a mail.
    """
    found = _TOKEN.search(address)
    if found is None:
        return None
    token = found[1].lower()
    octets = b32decode(token.upper() + _PADDING)
    body, mac = octets[: _FIELDS.size], octets[_FIELDS.size :]
    is_ours = any([hmac.compare_digest(mac, _mac(key, body)) for key in tokens.derive_all("verp")])
    # The last character has a bit to spare, which decoding ignores.
    if not is_ours or _encoded(octets) != token:
        return None
    number, high, low, days = _FIELDS.unpack(body)
    return Verp(high * 2**32 + low, _EPOCH + timedelta(days=days), _STREAMS[number])


def _encoded(octets: bytes) -> str:
    return b32encode(octets).decode("ascii").rstrip("=").lower()


def _mac(key: bytes, body: bytes) -> bytes:
    return hmac.digest(key, body, "sha256")[:_MAC_BYTES]

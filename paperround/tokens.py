"""Signed links: short texts that say who may do what, and cannot be made or changed by others.

A token is 50 characters that fit into any address: purpose, key, reader, object, value and day in
21 bytes, and 16 bytes of HMAC-SHA256 over them, in base64url. Whether the reader still exists, and
what the value means, is for the caller to know. The bytes are signed, not encrypted: put nothing
into them that the reader may not see.

Each purpose has its own key, derived from the secret (RFC 5869), so that a token for one purpose
can never serve another. Several secrets make it possible to change them: the first signs, and all
of them verify.
"""

import hashlib
import hmac
import re
import struct
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import IntEnum

from paperround.errors import ExpiredTokenError, ForgedTokenError

__all__ = ["TOKEN_LENGTH", "Claims", "Purpose", "Tokens"]

TOKEN_LENGTH = 50

_MAC_BYTES = 16
_FIELDS = struct.Struct(">BBQQBH")  # purpose, key, reader, object, value, days since the epoch
_EPOCH = date(2020, 1, 1)
_TOKEN = re.compile(rf"[A-Za-z0-9_-]{{{TOKEN_LENGTH}}}")
_SALT = b"paperround tokens v1"


class Purpose(IntEnum):
    """What a token allows; the numbers are part of links in mails and never change."""

    RATE = 1
    """Rate the paper `object_id`; the link's own suggestion is `value`."""
    UNSUBSCRIBE = 2
    """Leave the list; valid for ever, as mails are."""
    CONFIRM = 3
    """Confirm that an address is one's own."""
    WEB_COPY = 4
    """Read the delivery `object_id` in a browser."""
    PREFERENCES = 5
    """Change what one gets, and when."""
    MOVE = 6
    """Confirm one side of a change of address; `value` is 0 for the old address, 1 for the new."""


LIFETIME_DAYS: dict[Purpose, int | None] = {
    Purpose.RATE: 90,
    Purpose.UNSUBSCRIBE: None,
    Purpose.CONFIRM: 7,
    Purpose.WEB_COPY: 180,
    Purpose.PREFERENCES: 90,
    Purpose.MOVE: 7,
}
"""Days after the day of issue on which a token is still good; None is for ever."""


@dataclass(frozen=True, slots=True)
class Claims:
    """What a verified token says."""

    purpose: Purpose
    reader_id: int
    """Unsigned, 64 bits."""
    object_id: int
    """Unsigned, 64 bits; 0 when the purpose needs none."""
    value: int
    """0 to 255; 0 when the purpose needs none."""
    issued_on: date


class Tokens:
    """Issues and verifies tokens with one secret or, while they are being changed, several.

    Args:
        secrets: newest first; the first signs, all verify.

    Raises:
        ValueError: there is no secret, or an empty one.
    """

    def __init__(self, secrets: Sequence[str | bytes]) -> None:
        if isinstance(secrets, str | bytes):
            raise ValueError("secrets is a sequence of secrets, not one secret")
        encoded = [secret.encode() if isinstance(secret, str) else secret for secret in secrets]
        if not encoded or not all(encoded):
            raise ValueError("signed links need at least one secret, and none may be empty")
        self._masters = [_extract(secret) for secret in encoded]
        self._key_ids = [_expand(master, b"key id", 1)[0] for master in self._masters]
        self._keys = [
            {purpose: _expand(master, b"purpose %d" % purpose) for purpose in Purpose}
            for master in self._masters
        ]

    def __repr__(self) -> str:
        return f"Tokens({len(self._masters)} secrets)"

    def derive(self, label: str) -> bytes:
        """Return a key of 32 bytes for another use, such as Message-IDs, from the first secret."""
        return self.derive_all(label)[0]

    def derive_all(self, label: str) -> tuple[bytes, ...]:
        """Return the same key from every secret, newest first, to find what older ones made."""
        info = b"derived " + label.encode()
        return tuple(_expand(master, info) for master in self._masters)

    def issue(
        self, purpose: Purpose, reader_id: int, *, object_id: int = 0, value: int = 0, on: date
    ) -> str:
        """Return a token of 50 characters, the same for the same arguments.

        Args:
            purpose: what it allows.
            reader_id: 0 to 2**64 - 1.
            object_id: the same range; what the purpose is about.
            value: 0 to 255.
            on: the day of issue, from 2020 to 2199.

        Raises:
            ValueError: a number is out of its range.
        """
        days = (on - _EPOCH).days
        try:
            body = _FIELDS.pack(purpose, self._key_ids[0], reader_id, object_id, value, days)
        except struct.error as error:
            raise ValueError(f"a token cannot hold these numbers: {error}") from error
        return urlsafe_b64encode(body + _mac(self._keys[0][purpose], body)).decode().rstrip("=")

    def verify(self, token: str, purpose: Purpose, *, on: date) -> Claims:
        """Return what the token says, if it is ours, for this purpose and not too old.

        Raises:
            ForgedTokenError: it is not ours, was changed, or is for another purpose.
            ExpiredTokenError: it was ours and good until a day before `on`.
        """
        body, mac = _decoded(token)
        stated, key_id, reader_id, object_id, value, days = _FIELDS.unpack(body)
        is_ours = False
        for known, keys in zip(self._key_ids, self._keys, strict=True):
            if known == key_id:  # one byte: two secrets may share it
                is_ours |= hmac.compare_digest(mac, _mac(keys[purpose], body))
        if not is_ours or stated != purpose:
            raise ForgedTokenError
        issued_on = _EPOCH + timedelta(days=days)
        lifetime = LIFETIME_DAYS[purpose]
        if lifetime is not None and on > issued_on + timedelta(days=lifetime):
            last = issued_on + timedelta(days=lifetime)
            raise ExpiredTokenError(datetime.combine(last, time.max, UTC))
        return Claims(purpose, reader_id, object_id, value, issued_on)


def _decoded(token: str) -> tuple[bytes, bytes]:
    """Return the signed bytes and the signature; only the one spelling that we write is taken."""
    if not _TOKEN.fullmatch(token):
        raise ForgedTokenError
    octets = urlsafe_b64decode(token + "==")
    # The last character has four bits to spare, which decoding ignores: without this, sixteen
    # spellings of each token would be good.
    if urlsafe_b64encode(octets).decode().rstrip("=") != token:
        raise ForgedTokenError
    return octets[: _FIELDS.size], octets[_FIELDS.size :]


def _mac(key: bytes, body: bytes) -> bytes:
    """Return the signature of the bytes."""
    return hmac.digest(key, body, "sha256")[:_MAC_BYTES]


def _extract(secret: bytes, salt: bytes = _SALT) -> bytes:
    """Return the pseudo-random key of a secret: HKDF-Extract, RFC 5869 section 2.2."""
    return hmac.digest(salt, secret, "sha256")


def _expand(key: bytes, label: bytes, length: int = 32) -> bytes:
    """Return `length` bytes for a label: HKDF-Expand, RFC 5869 section 2.3."""
    block, output = b"", b""
    for number in range(1, -(-length // hashlib.sha256().digest_size) + 1):
        block = hmac.digest(key, block + label + bytes([number]), "sha256")
        output += block
    return output[:length]

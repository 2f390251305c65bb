"""Signs the bytes of a mail (DKIM), so that receivers can tell that the domain sent just them.

For installations whose mail server does not sign. The same bytes, key and instant give the same
signature: a retry sends what was sent before. Reads no clock and asks no DNS; whether a signature
is good is for others to say, the tests ask dkimpy.

Source: RFC 6376 (DKIM), RFC 8463 (Ed25519), RFC 8058 section 4; reference check A09.
"""

import re
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from hashlib import sha256
from pathlib import Path

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_pem_private_key,
)

from digest.errors import DkimKeyError, MessageError
from digest.message import Message

__all__ = ["DkimKeyError", "SigningKey", "load_key", "public_record", "sign", "sign_message"]

SIGNED = (
    "From",
    "Reply-To",
    "To",
    "Subject",
    "Date",
    "Message-ID",
    "MIME-Version",
    "Content-Type",
    "List-Id",
    "List-Unsubscribe",
    "List-Unsubscribe-Post",
    "Auto-Submitted",
    "Feedback-ID",
)
"""Headers that are signed where they are present."""

# Signed once more than they occur, so that nobody can add another one that readers would see. Not
# Feedback-ID: some relays add one of their own.
OVERSIGNED = frozenset(SIGNED) - {"List-Id", "Auto-Submitted", "Feedback-ID"}

SMALLEST_RSA = 1024
"""Bits; receivers refuse less (RFC 8301), and 2048 is what one should have."""

_WIDTH = 76
_SPACES = re.compile(rb"[ \t]+")
_FOLDS = re.compile(rb"\r\n(?=[ \t])")


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A private key that is fit for signing mails."""

    algorithm: str
    """`rsa-sha256` or `ed25519-sha256`."""
    private: RSAPrivateKey | Ed25519PrivateKey = field(repr=False)


def load_key(path: Path) -> SigningKey:
    """Read a private key in PEM: RSA in PKCS #1 or #8, Ed25519 in PKCS #8.

    Raises:
        DkimKeyError: the file cannot be read, or holds no such key; the message names it.
    """
    try:
        private = load_pem_private_key(path.read_bytes(), password=None)
    except OSError as error:
        raise DkimKeyError(str(path), error.strerror or "it cannot be read") from error
    except TypeError as error:
        raise DkimKeyError(str(path), "the key is encrypted") from error
    except (ValueError, UnsupportedAlgorithm) as error:
        raise DkimKeyError(str(path), "it holds no private key in PEM") from error
    if isinstance(private, Ed25519PrivateKey):
        return SigningKey("ed25519-sha256", private)
    if not isinstance(private, RSAPrivateKey):
        raise DkimKeyError(str(path), "the key is neither RSA nor Ed25519")
    if private.key_size < SMALLEST_RSA:
        raise DkimKeyError(str(path), f"an RSA key of {private.key_size} bits is too small")
    return SigningKey("rsa-sha256", private)


def public_record(key: SigningKey) -> str:
    """Return the text of the TXT record at `SELECTOR._domainkey.DOMAIN` that belongs to a key."""
    public = key.private.public_key()
    if key.algorithm.startswith("ed25519"):
        octets = public.public_bytes(Encoding.Raw, PublicFormat.Raw)
        return f"v=DKIM1; k=ed25519; p={b64encode(octets).decode('ascii')}"
    octets = public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return f"v=DKIM1; k=rsa; p={b64encode(octets).decode('ascii')}"


def sign_message(
    message: Message, *, domain: str, selector: str, key: SigningKey, signed_at: datetime
) -> Message:
    """Return the mail with a signature before its headers; hash and size are those of the whole."""
    data = sign(message.data, domain=domain, selector=selector, key=key, signed_at=signed_at)
    return replace(message, data=data, sha256=sha256(data).hexdigest(), size=len(data))


def sign(data: bytes, *, domain: str, selector: str, key: SigningKey, signed_at: datetime) -> bytes:
    """Return a mail with a `DKIM-Signature` header before all others.

    Args:
        data: the mail, with CRLF line ends.
        domain: of the From address, as A-label.
        selector: under which the public key is found.
        key: from `load_key`.
        signed_at: aware; that of the delivery, not of the try, so that a retry has the same bytes.

    Raises:
        MessageError: the mail has no From header.
    """
    head, _, body = data.partition(b"\r\n\r\n")
    present = list(_headers(head + b"\r\n"))
    names = list(_names_to_sign([name for name, _ in present]))
    if "From" not in names:
        raise MessageError("From", "is missing, so that the mail cannot be signed")
    header = _unsigned(
        algorithm=key.algorithm,
        domain=domain,
        selector=selector,
        seconds=int(signed_at.timestamp()),
        names=names,
        body_hash=b64encode(sha256(_relaxed_body(body)).digest()).decode("ascii"),
    )
    signed = _selected(present, names) + _relaxed_header(header).removesuffix(b"\r\n")
    signature = b64encode(_signature(key, signed)).decode("ascii")
    return header.removesuffix(b"\r\n") + _folded(signature) + b"\r\n" + data


def _signature(key: SigningKey, signed: bytes) -> bytes:
    if isinstance(key.private, Ed25519PrivateKey):
        return key.private.sign(sha256(signed).digest())  # RFC 8463 section 3
    return key.private.sign(signed, PKCS1v15(), SHA256())


def _headers(head: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Yield each header's name in lower case and the whole of it, unfolded."""
    for line in _FOLDS.sub(b"", head).splitlines(keepends=True):
        yield line.partition(b":")[0].strip().lower(), line


def _names_to_sign(present: list[bytes]) -> Iterator[str]:
    for name in SIGNED:
        count = present.count(name.lower().encode("ascii"))
        yield from [name] * (count + (count > 0 and name in OVERSIGNED))


def _selected(present: list[tuple[bytes, bytes]], names: list[str]) -> bytes:
    """Return the headers in the order of their names; of several, the last one first."""
    left: dict[bytes, list[bytes]] = {}
    for name, line in present:
        left.setdefault(name, []).append(line)
    found = (left.get(name.lower().encode("ascii")) for name in names)
    return b"".join(_relaxed_header(lines.pop()) for lines in found if lines)


def _unsigned(
    *, algorithm: str, domain: str, selector: str, seconds: int, names: list[str], body_hash: str
) -> bytes:
    """Return the signature's header with nothing after its `b=`."""
    lines = [
        f"DKIM-Signature: v=1; a={algorithm}; c=relaxed/relaxed; d={domain};",
        f" s={selector}; t={seconds};",
        *_name_lines(names),
        f" bh={body_hash};",
        " b=",
    ]
    return "\r\n".join(lines).encode("ascii") + b"\r\n"


def _name_lines(names: list[str]) -> Iterator[str]:
    line = " h="
    for number, name in enumerate(names, start=1):
        piece = name.lower() + (":" if number < len(names) else ";")
        if len(line) + len(piece) > _WIDTH:
            yield line
            line = " "
        line += piece
    yield line


def _folded(signature: str) -> bytes:
    """Return the signature on lines of its own, which belong to the header."""
    step = _WIDTH - 2
    pieces = [signature[start : start + step] for start in range(0, len(signature), step)]
    return "\r\n  ".join(["", *pieces]).encode("ascii")


def _relaxed_header(line: bytes) -> bytes:
    """Return a header as it is hashed: RFC 6376 section 3.4.2."""
    name, _, value = _FOLDS.sub(b"", line).partition(b":")
    return name.strip().lower() + b":" + _SPACES.sub(b" ", value).strip() + b"\r\n"


def _relaxed_body(body: bytes) -> bytes:
    """Return a body as it is hashed: RFC 6376 section 3.4.4."""
    # Ten times as fast as regular expressions on a mail of 40 kB.
    relaxed = body.replace(b"\t", b" ") + b"\r\n"
    while b"  " in relaxed:
        relaxed = relaxed.replace(b"  ", b" ")
    relaxed = relaxed.replace(b" \r\n", b"\r\n").rstrip(b"\r\n")
    return relaxed + b"\r\n" if relaxed else b""

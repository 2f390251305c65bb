"""What stands for an address where the address itself must not be kept: a keyed hash.

Without the key nobody can tell whose it is, not even by trying all addresses. The key comes from
the secret; hashes that older secrets made are found as long as those are in
`PAPERROUND_FORMER_SECRET_KEYS`.
"""

import hmac
from ipaddress import IPv6Address, ip_address, ip_network

from paperround.context import App

__all__ = ["address_hash", "address_hashes", "mailbox_hash", "source_hash"]

LABEL = "suppression"
IPV6_PREFIX = 64
"""What one household or one machine has: whoever has one address has all of them."""


def address_hash(app: App, address: str) -> str:
    """Return the hash of a mail address, however it is capitalised."""
    return _hashes(app, "address", address.strip().casefold())[0]


def address_hashes(app: App, address: str) -> tuple[str, ...]:
    """Return all hashes that an address may be kept under, the one of today's key first."""
    return _hashes(app, "address", address.strip().casefold())


def mailbox_hash(app: App, address: str) -> str:
    """Return the hash of the mailbox that an address means: `ada+papers@` is `ada@`."""
    local, _, domain = address.strip().casefold().rpartition("@")
    return _hashes(app, "mailbox", f"{local.partition('+')[0]}@{domain}")[0]


def source_hash(app: App, source: str) -> str:
    """Return the hash of the network address that somebody came from; empty when there is none."""
    return _hashes(app, "source", _network(source))[0] if source else ""


def _network(source: str) -> str:
    try:
        address = ip_address(source)
    except ValueError:
        return source
    if not isinstance(address, IPv6Address):
        return str(address)
    if address.ipv4_mapped is not None:
        return str(address.ipv4_mapped)
    return str(ip_network((int(address), IPV6_PREFIX), strict=False))


def _hashes(app: App, kind: str, text: str) -> tuple[str, ...]:
    said = f"{kind}\0{text}".encode()
    return tuple(hmac.digest(key, said, "sha256").hex() for key in app.tokens.derive_all(LABEL))

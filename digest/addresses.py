"""E-mail addresses as they must stand in an envelope and in headers.

The domain becomes its A-label (`xn--...`), the local part is left as it is. Whether a mailbox
exists is not asked, and quoted local parts and addresses of machines (`[127.0.0.1]`) are refused:
no reader has one, and much goes wrong with them.
"""

import re

import idna

from digest.errors import UndeliverableAddressError

__all__ = ["a_label", "deliverable", "split"]

_MAX_LOCAL_OCTETS = 64  # RFC 5321 section 4.5.3.1.1
_MAX_OCTETS = 254  # RFC 5321 section 4.5.3.1.3, less the angle brackets
_ATEXT = r"[\w!#$%&'*+/=?^`{|}~\-]"  # RFC 5322 atext; \w takes in the letters of RFC 6531
_LOCAL = re.compile(rf"{_ATEXT}+(?:\.{_ATEXT}+)*")
_LABEL = re.compile(r"(?!-)[A-Za-z0-9-]{1,63}(?<!-)")


def split(address: str) -> tuple[str, str]:
    """Return the local part and the domain, as they were written.

    Raises:
        UndeliverableAddressError: there is no at sign, or nothing on one side of it.
    """
    local, at, domain = address.rpartition("@")
    if not (at and local and domain):
        raise UndeliverableAddressError(address, "it needs a name, one @ and a domain")
    return local, domain


def deliverable(address: str) -> str:
    """Return the address with its domain as A-label, lower case.

    Args:
        address: an addr-spec without display name: `ada@münchen.example`.

    Returns:
        `ada@xn--mnchen-3ya.example`. The local part keeps its case and its characters; when it
        is not ASCII, a relay needs SMTPUTF8 (RFC 6531) to take it.

    Raises:
        UndeliverableAddressError: no such address can exist; the message says why.
    """
    local, domain = split(address)
    if not _LOCAL.fullmatch(local):
        raise UndeliverableAddressError(address, "what stands before the @ cannot be a mailbox")
    if len(local.encode()) > _MAX_LOCAL_OCTETS:
        raise UndeliverableAddressError(address, "what stands before the @ is over 64 octets")
    result = f"{local}@{a_label(domain, address)}"
    if len(result.encode()) > _MAX_OCTETS:
        raise UndeliverableAddressError(address, "it is over 254 octets")
    return result


def a_label(domain: str, address: str = "") -> str:
    """Return a domain in ASCII and lower case; `address` is named if that is impossible.

    Raises:
        UndeliverableAddressError: no such domain can exist.
    """
    if not domain.isascii():
        try:
            domain = idna.encode(domain, uts46=True).decode("ascii")
        except idna.IDNAError as error:
            problem = f"its domain cannot exist ({error})"
            raise UndeliverableAddressError(address or domain, problem) from error
    if len(domain) > 253 or not all(map(_LABEL.fullmatch, domain.split("."))):
        raise UndeliverableAddressError(address or domain, "its domain cannot exist")
    return domain.lower()

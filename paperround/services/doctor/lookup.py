"""Asks the DNS for texts, and takes no for an answer within seconds."""

from collections.abc import Callable

import dns.exception
import dns.resolver

__all__ = ["LookUp", "dns_lookup"]

LIFETIME_S = 3.0

LookUp = Callable[[str], tuple[str, ...] | None]
"""Returns the TXT records of a name, none when it has none, and None when nobody could be asked."""


def dns_lookup(
    nameservers: tuple[str, ...] = (), port: int = 53, *, lifetime_s: float = LIFETIME_S
) -> LookUp:
    """Return a look-up by this machine's resolver, or by the nameservers given.

    After the first question that nobody answers no further one is asked.
    """
    try:
        resolver = dns.resolver.Resolver(configure=not nameservers)
    except dns.exception.DNSException:
        return lambda _: None
    if nameservers:
        resolver.nameservers = list(nameservers)
    resolver.port = port
    silent = False

    def look_up(name: str) -> tuple[str, ...] | None:
        nonlocal silent
        if silent:
            return None
        try:
            answer = resolver.resolve(name, "TXT", lifetime=lifetime_s)
        except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
            return ()
        except (dns.exception.DNSException, OSError):
            silent = True
            return None
        # One record may be in several pieces, which belong together without a space.
        return tuple(b"".join(record.strings).decode("utf-8", "replace") for record in answer)

    return look_up

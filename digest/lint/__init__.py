"""What is wrong with the bytes of a mail, told without a network.

`lint` takes a mail as it would go to the relay and returns what it finds, in the order of the
checks; no findings means that every check passed. The ids are those of the reference (part A).
Nothing is mended, and nothing but bytes is read: arbitrary bytes give findings, never an error.

Not checked here, because it takes more than the bytes of one mail:

    A09       DKIM: signed by the relay, after us
    A10-A12   what the pages behind the links do: tests of the web side
    A25, A39-A41, A46 (SIZE)   the envelope and the connection: `digest.mail`
    A34, A35, A37   pages again; A42, A49 DNS and mailboxes of the operator
    A38       the operator's address: only who configured it knows whether it is missing
    A43, A44, A50   whether this reader should get a mail today: the services
    A45       that the web copy exists, and is not indexed: the web side
    A47       that the same input gives the same bytes: tests of `digest.message`

Partly checked: A02 (not DKIM alignment), A04 (the clock only when `now` is given), A05 (not
uniqueness), A26 (not that two days differ), A29 (colours from inline styles and simple `@media`
rules; a browser sees more), A32 (not the size of what is tapped), A36 (not what its page does).

A mail without any List-* header is taken for one that belongs to no list, such as a request to
confirm an address. A06, A07, A13 and A14 ask nothing of it, and A36 asks for one link only, which
is how a digest that lost its headers is found.
"""

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType

from digest.lint import body, headers, html
from digest.lint.finding import Finding, Severity
from digest.lint.mail import Mail

__all__ = ["CHECKS", "Finding", "Severity", "lint"]

_CHECKS = sorted((*headers.CHECKS, *body.CHECKS, *html.CHECKS), key=lambda check: check.id)


def _descriptions() -> dict[str, str]:
    """Return what each check asks for; where two modules share an id, both parts of it."""
    asks: dict[str, list[str]] = {}
    for check in _CHECKS:
        asks.setdefault(check.id, []).append(check.asks)
    return {name: "; ".join(parts) for name, parts in asks.items()}


CHECKS: Mapping[str, str] = MappingProxyType(_descriptions())
"""Id of each check -> what it asks for, in one line."""


def lint(raw: bytes, *, now: datetime | None = None) -> list[Finding]:
    """Return what is wrong with a mail, by check.

    Args:
        raw: all octets of the mail, headers and body, as they go to the relay.
        now: aware; when given, the mail's date has to be within five minutes of it.
    """
    mail = Mail(raw, now)
    return [
        Finding(check.id, problem.severity, problem.message, problem.where)
        for check in _CHECKS
        for problem in check.run(mail)
    ]

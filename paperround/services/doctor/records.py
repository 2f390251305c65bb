"""Judges the DNS records by which receivers know a sender: SPF, DKIM and DMARC.

Pure: the texts come in, a `Check` goes out.

Source: RFC 7208 (SPF), RFC 6376 section 3.6.1 (DKIM keys), RFC 7489 section 6.3 (DMARC).
"""

import re
from collections.abc import Iterable, Sequence

from paperround.services.doctor.check import Check

__all__ = [
    "has_policy",
    "is_reserved",
    "judge_dkim",
    "judge_dmarc",
    "judge_spf",
    "organisational_names",
]

MOST_LOOKUPS = 10
"""RFC 7208, section 4.6.4; more is an error at every receiver."""
LOOKUPS = frozenset({"include", "a", "mx", "ptr", "exists", "redirect"})

_SPF_TERM = re.compile(
    r"(?P<sign>[+?~-]?)(?P<name>all|include|a|mx|ptr|ip4|ip6|exists)(?P<rest>[:/].*)?"
    r"|(?P<modifier>[a-z][a-z0-9_.-]*)=.*",
    re.IGNORECASE,
)
_RESERVED = re.compile(
    r"(^|\.)(example\.(com|net|org)|test|example|invalid|localhost|local)$", re.IGNORECASE
)


def is_reserved(domain: str) -> bool:
    """Return whether a domain is for examples and tests only, so that there is nothing to look up.

    Source: RFC 2606, RFC 6762.
    """
    return bool(_RESERVED.search(domain))


def organisational_names(domain: str) -> list[str]:
    """Return where a domain's DMARC policy may be: there, then at parents of two labels or more."""
    labels = domain.split(".")
    return [".".join(labels[start:]) for start in range(max(1, len(labels) - 1))]


def has_policy(texts: Iterable[str]) -> bool:
    """Return whether there is a DMARC policy among the TXT records of a name."""
    return any(_tags(text).get("v") == "DMARC1" for text in texts)


def judge_spf(domain: str, texts: Iterable[str]) -> Check:
    """Judge the TXT records of the domain that failures return to."""
    records = [text for text in texts if text.lower().split()[:1] == ["v=spf1"]]
    if not records:
        mend = f'publish at {domain}: TXT "v=spf1 ... -all", with what your relay asks for'
        return Check("SPF", "warning", f"{domain} has no record", mend)
    if len(records) > 1:
        found = f"{domain} has {len(records)} records, so receivers heed none of them"
        return Check("SPF", "error", found, "leave one")
    terms = records[0].split()[1:]
    unknown = [term for term in terms if not _SPF_TERM.fullmatch(term)]
    if unknown:
        return Check("SPF", "error", f"{domain}: {unknown[0]!r} is no mechanism", "correct it")
    return _judge_terms(domain, records[0], terms)


def _judge_terms(domain: str, record: str, terms: Sequence[str]) -> Check:
    names = [re.split(r"[:/=]", term.lstrip("+?~-").lower())[0] for term in terms]
    lookups = sum(name in LOOKUPS for name in names)
    if lookups > MOST_LOOKUPS:
        found = f"{domain} asks for {lookups} lookups; receivers make {MOST_LOOKUPS}"
        return Check("SPF", "error", found, "name networks (ip4:, ip6:) instead")
    everybody = [term.lower() for term in terms if term.lstrip("+?~-").lower() == "all"]
    if everybody and everybody[0] in {"all", "+all"}:
        return Check("SPF", "error", f"{domain} lets everybody send: {record}", "end with -all")
    if not everybody and "redirect" not in names:
        return Check("SPF", "warning", f"{domain} leaves all others open", "end with ~all or -all")
    if everybody and everybody[0] == "?all":
        return Check("SPF", "warning", f"{domain} says nothing of others", "end with ~all or -all")
    return Check("SPF", "ok", f"{domain}: {record}; your relay must be among them")


def judge_dkim(name: str, texts: Iterable[str], ours: str = "") -> Check:
    """Judge the TXT records at a selector.

    Args:
        name: `SELECTOR._domainkey.DOMAIN`.
        texts: What is published there.
        ours: The record that belongs to the private key; empty when it is not known.
    """
    published = [tags for text in texts if "p" in (tags := _tags(text))]
    publish = f'publish at {name}: TXT "{ours}"' if ours else f"publish a record at {name}"
    if not published:
        return Check("DKIM", "error", f"{name} has no key: signatures count as broken", publish)
    if len(published) > 1:
        return Check("DKIM", "error", f"{name} has {len(published)} keys", "leave one")
    tags = published[0]
    if not tags["p"]:
        return Check("DKIM", "error", f"the key at {name} is revoked", publish)
    if ours and tags["p"] != _tags(ours)["p"]:
        return Check("DKIM", "error", f"the key at {name} is not that of the key file", publish)
    if "y" in tags.get("t", "").split(":"):
        found = f"the key at {name} is marked as a test (t=y)"
        return Check("DKIM", "warning", found, "take t=y out when mails arrive well")
    return Check("DKIM", "ok", f"mails are signed here, and {name} has the key")


def judge_dmarc(domain: str, at: str, texts: Iterable[str]) -> Check:
    """Judge the TXT records at the first of `organisational_names` that has any.

    Args:
        domain: Of the From address.
        at: The domain at whose `_dmarc` they are; `domain` when there are none at all.
        texts: What is published there.
    """
    records = [_tags(text) for text in texts if _tags(text).get("v") == "DMARC1"]
    publish = f'publish at _dmarc.{at}: TXT "v=DMARC1; p=none"; large receivers ask for it'
    if not records:
        return Check("DMARC", "warning", f"{domain} has no record", publish)
    if len(records) > 1:
        found = f"_dmarc.{at} has {len(records)} records, so receivers heed none of them"
        return Check("DMARC", "error", found, "leave one")
    tags = records[0]
    policy = tags.get("sp", tags.get("p", "")) if at != domain else tags.get("p", "")
    if policy not in {"none", "quarantine", "reject"}:
        return Check("DMARC", "error", f"_dmarc.{at} names no policy", publish)
    return Check("DMARC", "ok", f"{domain}: policy {policy}, by _dmarc.{at}")


def _tags(text: str) -> dict[str, str]:
    """Return the `name=value` pairs of a record; white space inside a value means nothing."""
    pairs = (part.partition("=") for part in text.split(";"))
    return {name.strip(): "".join(value.split()) for name, equals, value in pairs if equals}

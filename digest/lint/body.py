"""Checks of the body as a whole: MIME, lines, sizes, and whether both forms say the same."""

import re
from collections.abc import Iterator

from digest.lint.finding import Check, Problem, Severity
from digest.lint.mail import Mail, host_of

__all__ = ["CHECKS"]

_MAX_LINE = 998  # RFC 5322 section 2.1.1
_MAX_ENCODED_LINE = 76  # RFC 2045 section 6.7
_MAX_HTML = 90_000  # Gmail clips at about 102 kB
_WARN_HTML = 70_000
_MAX_ENCODED_HTML = 102 * 1024
_EARLY = 20_000
_BARE = re.compile(rb"(?<!\r)\n|\r(?!\n)")
_UNSUBSCRIBE = re.compile(r"unsubscribe|leave this list|opt out", re.IGNORECASE)
_PREFERENCES = re.compile(r"preferences|frequency|settings|how often", re.IGNORECASE)
_ADDRESS = re.compile(r"[\w.+%-]+(?:@|%40)[\w-]+(?:\.[\w-]+)*\.[A-Za-z]{2,}", re.IGNORECASE)
_SECRET = re.compile(r"[?&](?:email|e-mail|mail|password|passwd|secret|api_?key)=", re.IGNORECASE)


def _a13(mail: Mail) -> Iterator[Problem]:
    if mail.is_notice:
        return
    if mail.text and not _UNSUBSCRIBE.search(mail.text):
        yield Problem("says nowhere how to unsubscribe", "text/plain")
    if not mail.page:
        return
    places = [link.offset for link in mail.page.links if _UNSUBSCRIBE.search(link.name)]
    if not places:
        yield Problem("has no link to unsubscribe", "text/html")
    elif len(mail.page.source[: min(places)].encode()) > _EARLY:
        yield Problem("has its first link to unsubscribe below 20 kB", "text/html")
    if not any(_PREFERENCES.search(link.name) for link in mail.page.links):
        yield Problem("has no link to preferences", "text/html", Severity.WARNING)


def _a18(mail: Mail) -> Iterator[Problem]:
    if mail.value("MIME-Version") != "1.0":
        yield Problem("is not 1.0", "MIME-Version")
    kinds = [part.kind for part in mail.parts[:2]]
    is_alternative = mail.mime.get_content_type() in ("multipart/alternative", "multipart/mixed")
    if not is_alternative or kinds != ["text/plain", "text/html"]:
        yield Problem("is not multipart/alternative of plain text, then HTML", "Content-Type")
    for part in mail.parts[:2]:
        if part.kind in ("text/plain", "text/html") and part.charset != "utf-8":
            yield Problem(f"is in {part.charset}, not in utf-8", part.kind)
    if mail.page and mail.page.defect:
        yield Problem(f"cannot be read as HTML: {mail.page.defect}", "text/html")


def _a19(mail: Mail) -> Iterator[Problem]:
    if not mail.page or not mail.text:
        return
    urls = {link.href for link in mail.page.links if link.href.startswith(("http:", "https:"))}
    for url in sorted(url for url in urls if url not in mail.text):
        yield Problem("is linked in the HTML and missing from the text", url[:100])


def _a20(mail: Mail) -> Iterator[Problem]:
    for number, line in enumerate(re.split(rb"[\r\n]+", mail.raw), start=1):
        if len(line) > _MAX_LINE:
            yield Problem(f"has {len(line)} octets; 998 is the limit", f"line {number}")
    for part in mail.parts:
        if part.encoding not in ("quoted-printable", "base64"):
            continue
        longest = max(map(len, part.payload.splitlines()), default=0)
        if _MAX_ENCODED_LINE < longest <= _MAX_LINE:
            yield Problem(f"has encoded lines of {longest} octets; 76 is the limit", part.kind)


def _a21(mail: Mail) -> Iterator[Problem]:
    bare = len(_BARE.findall(mail.raw))
    if bare:
        yield Problem(f"has {bare} line ends that are not CRLF", "whole mail")


def _a27(mail: Mail) -> Iterator[Problem]:
    html = mail.part("text/html")
    if not html:
        return
    size = len(html.text.encode())
    if size > _MAX_HTML:
        yield Problem(f"has {size} octets; Gmail will clip it, 90,000 is the limit", "text/html")
    elif size > _WARN_HTML:
        yield Problem(f"has {size} octets, near the limit", "text/html", Severity.WARNING)
    elif len(html.payload) > _MAX_ENCODED_HTML:
        message = f"has {len(html.payload)} octets as encoded; Gmail may clip it"
        yield Problem(message, "text/html", Severity.WARNING)


def _a36(mail: Mail) -> Iterator[Problem]:
    links = {link.href for link in mail.page.links} if mail.page else set()
    if mail.is_notice and len(links) != 1:
        message = f"has {len(links)} links: without List-Id and List-Unsubscribe it may have one"
        yield Problem(message, "text/html")


def _a46(mail: Mail) -> Iterator[Problem]:
    for part in mail.parts[2:]:
        yield Problem("is an attachment, or a third form of the mail", part.kind)
    for part in mail.parts[:2]:
        if part.disposition == "attachment":
            yield Problem("is attached", part.kind)


def _a48(mail: Mail) -> Iterator[Problem]:
    links = [link.href for link in mail.page.links] if mail.page else []
    recipient = mail.value("To").rpartition("<")[2].rstrip(">").strip().lower()
    for url in dict.fromkeys([*links, mail.unsubscribe_url]):
        is_mailto = url.lower().startswith("mailto:")
        shows = not is_mailto and (_ADDRESS.search(url) or _SECRET.search(url))
        if shows or (recipient and recipient in url.lower().replace("%40", "@")):
            yield Problem("has an address or a secret in it", host_of(url) or url[:40])


CHECKS = (
    Check("A13", "unsubscribing is linked early in the HTML, and named in the text", _a13),
    Check("A18", "multipart/alternative: plain text, then HTML, both in utf-8", _a18),
    Check("A19", "every link in the HTML stands in the text too", _a19),
    Check("A20", "no line over 998 octets, no encoded one over 76", _a20),
    Check("A21", "line ends are CRLF", _a21),
    Check("A27", "HTML of at most 90,000 octets (a warning from 70,000)", _a27),
    Check("A36", "a mail that belongs to no list asks one thing: it has one link", _a36),
    Check("A46", "no attachments", _a46),
    Check("A48", "no e-mail address and no secret in links", _a48),
)

"""A small mail that is good, for tests that take something away from it."""

from dataclasses import replace
from datetime import UTC, date, datetime
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser

from digest.message import Addressee, Dispatch, Message, Sender, build_message, message_id
from digest.model import Rendered

DAY = date(2026, 5, 4)
SENT_AT = datetime(2026, 5, 4, 5, 30, tzinfo=UTC)
SENDER = Sender("Paper Round", "digest@papers.example")
ADA = Addressee("Ada Lovelace", "ada@reader.example")
LEAVE = "https://papers.example/u/" + "u" * 50

TEXT = f"""Paper Round, Monday, May 4

Unsubscribe: {LEAVE}
Preferences: https://papers.example/p/token

On the Analytical Engine
https://arxiv.org/abs/2605.00022
"""

HTML = f"""<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="color-scheme" content="light dark">
<title>Paper Round, Monday, May 4</title>
<style>@media (prefers-color-scheme: dark) {{
  .page {{ background-color: #111111 !important; color: #eeeeee !important; }}
  .link {{ color: #99bbff !important; }}
}}</style></head>
<body class="page" style="background-color:#ffffff;color:#222222">
<div style="display:none;max-height:0;overflow:hidden;mso-hide:all">\
Today: the Analytical Engine, parsing, and three more papers for you.</div>
<p><a class="link" style="color:#0044aa" href="{LEAVE}">Unsubscribe</a>
<a class="link" style="color:#0044aa" href="https://papers.example/p/token">Preferences</a></p>
<p>Three papers for you.</p>
<table role="presentation"><tr><td>
<a class="link" style="color:#0044aa" href="https://arxiv.org/abs/2605.00022">\
On the Analytical Engine</a>
<img src="https://papers.example/bar.png" alt="match 87" width="60" height="8">
</td></tr></table></body></html>
"""

RENDERED = Rendered("Mon May 4: On the Analytical Engine", TEXT, HTML)

DISPATCH = Dispatch(
    message_id=message_id(b"k" * 32, 1, "Paper Round", DAY, "papers.example"),
    sent_at=SENT_AT,
    stream="Paper Round",
    list_id="digest.papers.example",
    unsubscribe_url=LEAVE,
    feedback_id="digest:all:daily:paperround",
    name="2026-05-04-ada",
)


def mail_to(address: str, *, reader_id: int = 1, text: str = TEXT, html: str = HTML) -> Message:
    """Build the good mail for an address, with a Message-ID of its own."""
    identity = message_id(b"k" * 32, reader_id, "Paper Round", DAY, "papers.example")
    return build_message(
        Rendered(RENDERED.subject, text, html),
        sender=SENDER,
        addressee=Addressee("", address),
        dispatch=replace(DISPATCH, message_id=identity, name=f"2026-05-04-{reader_id}"),
    )


def good_mail() -> Message:
    """Build the good mail for Ada."""
    return build_message(RENDERED, sender=SENDER, addressee=ADA, dispatch=DISPATCH)


def notice(more: str = "") -> Message:
    """Build a good mail that belongs to no list, with more in its HTML and text if wanted."""
    link = "https://papers.example/confirm/" + "c" * 50
    start = HTML.index("<p><a"), HTML.index("</body>")
    link_html = f'<p><a class="link" style="color:#0044aa" href="{link}">Yes</a></p>{more}'
    return build_message(
        Rendered(
            "Please confirm",
            f"Yes: {link}\n{more}\n",
            HTML[: start[0]] + link_html + HTML[start[1] :],
        ),
        sender=SENDER,
        addressee=ADA,
        dispatch=Dispatch(DISPATCH.message_id, SENT_AT),
    )


def parsed(message: Message) -> EmailMessage:
    """Return the mail as the standard library reads it."""
    return BytesParser(EmailMessage, policy=policy.default).parsebytes(message.data)


def body_of(message: Message, kind: str) -> str:
    """Return one form of the mail with plain line ends."""
    part = parsed(message).get_body((kind,))
    assert part is not None
    content = part.get_content()
    assert isinstance(content, str)
    return content.replace("\r\n", "\n")


def line_of(message: Message, name: str) -> bytes:
    """Return the one unfolded header line that begins with a name."""
    return next(
        line for line in message.data.split(b"\r\n") if line.startswith(name.encode() + b":")
    )


def rendered_with(subject: str = RENDERED.subject, text: str = TEXT, html: str = HTML) -> Message:
    """Build a mail to Ada with other words in it."""
    return build_message(
        Rendered(subject, text, html), sender=SENDER, addressee=ADA, dispatch=DISPATCH
    )


def addressed_to(name: str, address: str = "ada@reader.example") -> Message:
    """Build the good mail for somebody else."""
    return build_message(
        RENDERED, sender=SENDER, addressee=Addressee(name, address), dispatch=DISPATCH
    )

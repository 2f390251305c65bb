"""A digest made the usual way, to compare with.

That is: whole templates for each mail, its CSS inlined by a library, an `EmailMessage` serialised.
It uses our templates and style sheet, so that its mails say the same and look the same.
"""

import logging
from collections.abc import Callable
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, formataddr
from importlib.util import find_spec

import css_inline
import jinja2
from markupsafe import Markup

from digest.columns import wrap
from digest.message import Addressee, Dispatch, Sender
from digest.model import Digest, Entry, Rendered
from digest.wording import long_date, prospect_notes
from paperround.templating import STYLE_LINK, STYLE_SHEET, templates_folder

__all__ = ["INLINERS", "NaiveMails", "has_inliner", "serialise"]

_FOLDER = "email/digest"
_TEXT_COLUMN = 2
"""In which leads and reasons begin in the plain text."""

Inline = Callable[[str], str]


def has_inliner(name: str) -> bool:
    """Tell whether the library of this name is installed."""
    return find_spec(name) is not None


def _with_css_inline() -> Inline:
    return css_inline.CSSInliner(keep_at_rules=True, load_remote_stylesheets=False).inline


def _with_premailer() -> Inline:
    from premailer import Premailer

    def inline(html: str) -> str:
        mail: str = Premailer(
            html,
            keep_style_tags=True,
            disable_validation=True,
            allow_network=False,
            cssutils_logging_level=logging.CRITICAL,
        ).transform()
        return mail

    return inline


INLINERS: dict[str, Callable[[], Inline]] = {
    "css_inline": _with_css_inline,
    "premailer": _with_premailer,
}
"""By the name of the library; the second is no dependency of the project."""


class NaiveMails:
    """Renders digests with nothing kept from one mail to the next but the compiled templates."""

    def __init__(self, inliner: str) -> None:
        self._inline = INLINERS[inliner]()
        folder = templates_folder()
        self._sheet = (folder / STYLE_SHEET).read_text(encoding="utf-8")
        self._environment = jinja2.Environment(
            loader=jinja2.FileSystemLoader(folder),
            autoescape=jinja2.select_autoescape(["html.jinja"]),
            undefined=jinja2.StrictUndefined,
            auto_reload=False,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._environment.filters["wrap"] = wrap

    def render(self, digest: Digest) -> Rendered:
        """Render subject, text and HTML."""
        html = self._body("html", digest, self._card_html)
        styled = html.replace(STYLE_LINK, f"<style>{self._sheet}</style>")
        return Rendered(
            subject=" ".join(self._rendered("subject.txt", digest=digest).split()),
            text=self._body("txt", digest, self._card_text),
            html=self._inline(styled),
        )

    def _body(self, kind: str, digest: Digest, card: Callable[[Entry], str]) -> str:
        sections = [
            (section, Markup("".join(map(card, section.entries)))) for section in digest.sections
        ]
        day = long_date(digest.day)
        notes = prospect_notes(digest.entries)
        return self._rendered(
            f"body.{kind}", digest=digest, day=day, sections=sections, prospect_notes=notes
        )

    def _card_html(self, entry: Entry) -> str:
        lead = entry.key_sentence or entry.card.abstract
        return self._card("html", entry, lead, entry.reason)

    def _card_text(self, entry: Entry) -> str:
        lead = wrap(entry.key_sentence or entry.card.abstract, _TEXT_COLUMN)
        return self._card("txt", entry, lead, wrap(entry.reason, _TEXT_COLUMN))

    def _card(self, kind: str, entry: Entry, lead: str, reason: str) -> str:
        return self._rendered(
            f"card.{kind}",
            card=entry.card,
            score=f"{entry.score:.1f}",
            score_label=entry.score_label,
            lead=lead,
            reason=reason,
            like=entry.links.like,
            dislike=entry.links.dislike,
            more=entry.links.more,
        )

    def _rendered(self, name: str, **values: object) -> str:
        return self._environment.get_template(f"{_FOLDER}/{name}.jinja").render(values)


def serialise(
    rendered: Rendered, sender: Sender, addressee: Addressee, dispatch: Dispatch
) -> bytes:
    """Build the mail with the standard library, and return its bytes."""
    mail = EmailMessage(policy=SMTP)
    mail["From"] = formataddr((sender.name, sender.address))
    mail["To"] = formataddr((addressee.name, addressee.address))
    mail["Subject"] = rendered.subject
    mail["Date"] = format_datetime(dispatch.sent_at)
    mail["Message-ID"] = dispatch.message_id
    mail["List-Id"] = f"{dispatch.stream} <{dispatch.list_id}>"
    mail["List-Unsubscribe"] = f"<{dispatch.unsubscribe_url}>"
    mail["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    mail["Auto-Submitted"] = "auto-generated"
    mail["Precedence"] = "bulk"
    mail.set_content(rendered.text, cte="quoted-printable")
    mail.add_alternative(rendered.html, subtype="html", cte="quoted-printable")
    return mail.as_bytes()

"""Notices: short mails with one link, the same bytes every time, and pretty ones."""

import hashlib
import re
from dataclasses import replace
from datetime import timedelta

import pytest

from digest.errors import MessageError, RenderError
from digest.lint import lint
from digest.lint.page import Page
from paperround.context import App
from paperround.services.notices import (
    CONFIRM_WORDING,
    MOVE_WORDING,
    Notice,
    _filled,
    notice_for,
)
from paperround.services.preferences import move
from paperround.services.subscribe import Subscription, subscribe
from paperround.settings import Settings
from paperround.testing import FrozenClock
from tests.digest.mails import body_of, parsed
from tests.paperround.services.subscribers import (
    ADA,
    change,
    join,
    link_in,
    mail,
    number,
    reader,
    streams,
)

NEW = "ada.lovelace@example.com"
EVIL = "Win $1,000 at http://casino.example now"
STREAMS = ["confirm.1", "move-old.1", "move-new.1"]


@pytest.fixture
def asked(app: App) -> App:
    """Have a row of every kind of notice, the answers still to come."""
    join(app, name=EVIL, prose=EVIL, zone="Europe/Berlin")
    move(app, ADA, NEW, how="web")
    change(app, asked_at=app.clock())
    return app


def with_settings(app: App, **changed: object) -> App:
    """Return the same App with other settings."""
    values = app.settings.model_dump() | changed
    return replace(app, settings=Settings(**values))


@pytest.mark.parametrize("stream", STREAMS)
def test_a_notice_passes_every_check(asked: App, clock: FrozenClock, stream: str) -> None:
    """Also those of light and dark, of contrast and of lines (part A)."""
    assert lint(mail(asked, stream).data, now=clock()) == []


@pytest.mark.parametrize("stream", STREAMS)
def test_a_notice_belongs_to_no_list(asked: App, stream: str) -> None:
    """A36: there is nothing to unsubscribe from yet; a machine sent it, it says."""
    message = parsed(mail(asked, stream))

    assert [name for name in message if name.startswith("List-") or name == "Precedence"] == []
    assert message["Auto-Submitted"] == "auto-generated"


@pytest.mark.parametrize("stream", STREAMS)
def test_a_notice_has_one_link_and_it_is_ours(asked: App, stream: str) -> None:
    """A36: the same in both forms."""
    message = mail(asked, stream)
    page, token = link_in(message)

    html = body_of(message, "html")

    assert re.findall(r'href="([^"]*)"', html) == [f"https://papers.example.com/{page}/{token}"]
    assert page == stream.partition("-")[0].partition(".")[0]


@pytest.mark.parametrize("stream", STREAMS)
def test_nothing_that_a_stranger_wrote_is_in_a_notice(asked: App, stream: str) -> None:
    """A36: or forms are filled in to send advertisements to others."""
    message = mail(asked, stream)

    assert "casino" not in message.data.decode().lower()
    assert parsed(message)["To"].addresses[0].display_name == ""


@pytest.mark.parametrize("stream", STREAMS)
def test_both_forms_say_the_same_words(asked: App, stream: str) -> None:
    """Whichever of them is shown."""
    message = mail(asked, stream)
    page = Page.read(body_of(message, "html"))

    shown = [" ".join(run.text.split()) for run in page.texts if not run.is_hidden]

    text = " ".join(body_of(message, "plain").split()).lower()
    assert [said for said in shown if said.lower() not in text] == []
    assert len(shown) == 6


def test_a_notice_goes_to_the_address_that_it_asks(asked: App) -> None:
    """The one for the new address goes there, and does not tell the old one."""
    to = [mail(asked, stream).envelope.rcpt_to for stream in STREAMS]

    assert to == [ADA, ADA, NEW]
    assert NEW in body_of(mail(asked, "move-old.1"), "plain")
    assert ADA not in mail(asked, "move-new.1").data.decode().partition("\r\n\r\n")[2]


@pytest.mark.parametrize("stream", STREAMS)
def test_the_same_notice_is_the_same_bytes(asked: App, clock: FrozenClock, stream: str) -> None:
    """A47, A05: also days later, as long as its date is kept."""
    on, sent_at = clock().date(), clock()
    first = notice_for(asked, reader(asked), stream, on, sent_at)
    clock.advance(timedelta(days=3))

    assert notice_for(asked, reader(asked), stream, on, sent_at) == first


def test_notices_have_message_ids_of_their_own(asked: App, clock: FrozenClock) -> None:
    """A05: by stream and by date."""
    on = clock().date()
    made = [notice_for(asked, reader(asked), stream, on, clock()) for stream in STREAMS]
    later = notice_for(asked, reader(asked), "confirm.1", on + timedelta(days=1), clock())

    assert len({message.message_id for message in [*made, later]}) == 4
    assert len({message.name for message in [*made, later]}) == 4


def test_a_confirmation_says_what_is_agreed_to(asked: App) -> None:
    """How often and when, and until when the link is good; the reader may say no by silence."""
    said = " ".join(body_of(mail(asked, "confirm.1"), "plain").split())

    assert "from Monday to Friday at 07:00 (Europe/Berlin)" in said
    assert "The link is good until Monday, May 11, 2026." in said
    assert "If you did not ask for this, do nothing" in said


def test_a_notice_names_the_operator_and_where_answers_go(asked: App) -> None:
    """A38, A39: like a digest; a long name of the list leaves room for the subject (A26)."""
    name = "The Gazette of Analytical Engines and Their Numbers"
    settings = {
        "operator": "Ada Lovelace, 12 St James's Square, London",
        "reply_to": "ada@example.com",
        "bounce_address": "bounces@example.com",
        "sender_name": name,
    }
    message = mail(with_settings(asked, **settings), "confirm.1")

    assert "St James's Square" in body_of(message, "plain")
    assert "St James&#39;s Square" in body_of(message, "html")
    assert parsed(message)["Reply-To"] == "ada@example.com"
    assert message.envelope.mail_from == "bounces@example.com"
    assert len(parsed(message)["Subject"]) <= 64
    assert [str(finding) for finding in lint(message.data)] == []


def test_a_notice_is_small(asked: App) -> None:
    """It is one question."""
    assert max(mail(asked, stream).size for stream in STREAMS) < 8_000


def test_a_question_that_is_answered_is_not_asked_any_more(app: App, clock: FrozenClock) -> None:
    """Its row may still be waiting when the answer comes; no mail is made for it."""
    join(app)

    for stream in STREAMS:
        with pytest.raises(MessageError, match="waits for a confirmation"):
            notice_for(app, reader(app), stream, clock().date(), clock())


def test_a_template_that_is_broken_is_named() -> None:
    """The ledger keeps the reason, and other mails go on."""
    notice = Notice("Paper Round", "https://papers.example.com/", "May 11", "")

    with pytest.raises(RenderError, match=r"cannot render email/none\.txt"):
        _filled("email/none.txt.jinja", notice)


def test_an_address_in_any_script_gets_its_notice(app: App, clock: FrozenClock) -> None:
    """A24, A25: the domain as an A-label."""
    address = "ada@münchen.example"
    subscribe(app, Subscription(address), how="web")

    message = mail(app, streams(app, address)[0], address)

    assert message.envelope.rcpt_to == "ada@xn--mnchen-3ya.example"
    assert lint(message.data, now=clock()) == []
    assert number(app, address) == 1


@pytest.mark.parametrize(
    ("stream", "wording", "words"),
    [
        ("confirm.1", CONFIRM_WORDING, ("confirm-1", "569bf063c7d8b88a")),
        ("move-old.1", MOVE_WORDING, ("move-1", "6867149656e5cc2e")),
        ("move-new.1", MOVE_WORDING, ("move-1", "448438b9c7231cfa")),
    ],
)
def test_other_words_have_another_name(
    asked: App, stream: str, wording: str, words: tuple[str, str]
) -> None:
    """The log of consents names what was read: whoever changes it raises the number."""
    said = re.sub(r"https:\S+", "", body_of(mail(asked, stream), "plain"))

    assert (wording, hashlib.sha256(said.encode()).hexdigest()[:16]) == words

"""The bytes of a mail: read back by the standard library, and checked line by line."""

import hashlib
from dataclasses import replace
from datetime import UTC, date, datetime
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.addresses import deliverable
from digest.characters import one_line
from digest.errors import MessageError, UndeliverableAddressError
from digest.headers import mailbox, raw, unstructured
from digest.lint import lint
from digest.message import Addressee, Message, Sender, build_message, message_id
from digest.model import Rendered
from tests.digest.mails import ADA, DAY, DISPATCH, HTML, LEAVE, RENDERED, SENDER, TEXT, good_mail


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


# Identity and repetition


def test_the_same_delivery_gives_the_same_bytes() -> None:
    """A retry sends what was sent before (A47)."""
    assert good_mail() == good_mail()


def test_the_hash_and_the_size_are_those_of_the_bytes() -> None:
    """They are kept in place of the mail."""
    message = good_mail()

    assert message.sha256 == hashlib.sha256(message.data).hexdigest()
    assert message.size == len(message.data)


def test_a_message_id_is_known_from_its_parts() -> None:
    """Known answer, so that no release changes it: a retry must find the old one (A05)."""
    identity = message_id(b"k" * 32, 1, "Paper Round", DAY, "Papers.example")

    assert identity == "<v1.nsgaz3f7n5geuson.20260504@papers.example>"


def test_message_ids_differ_by_reader_list_day_and_secret() -> None:
    """Two mails never share one (A05)."""
    identities = {
        message_id(b"k" * 32, 1, "Paper Round", DAY, "a.example"),
        message_id(b"k" * 32, 2, "Paper Round", DAY, "a.example"),
        message_id(b"k" * 32, 1, "Weekly", DAY, "a.example"),
        message_id(b"k" * 32, 1, "Paper Round", date(2026, 5, 5), "a.example"),
        message_id(b"l" * 32, 1, "Paper Round", DAY, "a.example"),
    }

    assert len(identities) == 5


def test_ten_thousand_readers_have_ten_thousand_message_ids() -> None:
    """Eighty bits are enough (A05)."""
    identities = {message_id(b"k" * 32, n, "Paper Round", DAY, "a.example") for n in range(10_000)}

    assert len(identities) == 10_000


# Headers


@pytest.mark.parametrize(
    "line",
    [
        b"List-Unsubscribe: <" + LEAVE.encode() + b">",
        b"List-Unsubscribe-Post: List-Unsubscribe=One-Click",
        b"List-Id: Paper Round <digest.papers.example>",
        b"Auto-Submitted: auto-generated",
        b"X-Auto-Response-Suppress: All",
        b"Precedence: bulk",
        b"Feedback-ID: digest:all:daily:paperround",
        b"Date: Mon, 04 May 2026 05:30:00 +0000",
        b"From: Paper Round <digest@papers.example>",
        b"To: Ada Lovelace <ada@reader.example>",
        b"MIME-Version: 1.0",
    ],
)
def test_a_header_stands_in_the_mail_as_it_must(line: bytes) -> None:
    """Raw, on one line, exactly so (A02-A07, A14-A18)."""
    assert line in good_mail().data.split(b"\r\n")


def test_a_long_way_out_is_neither_folded_nor_encoded() -> None:
    """The standard library would encode it and hide the button (A08, T91)."""
    url = "https://papers.example/" + "x" * 800
    message = build_message(
        RENDERED,
        sender=SENDER,
        addressee=ADA,
        dispatch=replace(
            DISPATCH, unsubscribe_url=url, unsubscribe_mailto="mailto:leave@papers.example"
        ),
    )

    assert line_of(message, "List-Unsubscribe") == (
        f"List-Unsubscribe: <{url}>, <mailto:leave@papers.example>".encode()
    )


def test_a_trial_at_home_without_https_has_no_one_click() -> None:
    """RFC 8058 needs https, and lint says what is missing."""
    message = build_message(
        RENDERED,
        sender=SENDER,
        addressee=ADA,
        dispatch=replace(DISPATCH, unsubscribe_url="http://localhost:8000/u/x"),
    )

    assert b"List-Unsubscribe-Post" not in message.data
    assert {"A06", "A07"} <= {finding.check for finding in lint(message.data)}


def test_answers_go_where_the_sender_wants_them() -> None:
    """Reply-To is there when it is set."""
    sender = replace(SENDER, reply_to="ask@münchen.example")
    message = build_message(RENDERED, sender=sender, addressee=ADA, dispatch=DISPATCH)

    assert line_of(message, "Reply-To") == b"Reply-To: <ask@xn--mnchen-3ya.example>"


def test_bounces_go_to_an_address_of_their_own() -> None:
    """The envelope's sender is not the header's (A39)."""
    dispatch = replace(DISPATCH, bounce_address="bounce+abc@papers.example")
    message = build_message(RENDERED, sender=SENDER, addressee=ADA, dispatch=dispatch)

    assert message.envelope.mail_from == "bounce+abc@papers.example"
    assert message.envelope.rcpt_to == "ada@reader.example"


def test_a_domain_with_umlaut_is_written_as_a_label() -> None:
    """In the header and in the envelope (A24, T89)."""
    message = addressed_to("Ada", "ada@München.example")

    assert line_of(message, "To") == b"To: Ada <ada@xn--mnchen-3ya.example>"
    assert message.envelope.rcpt_to == "ada@xn--mnchen-3ya.example"
    assert message.envelope.smtputf8 is False


def test_a_sharp_s_in_a_domain_is_not_two_esses() -> None:
    """IDNA 2008: they are different domains."""
    assert deliverable("ada@faß.example") == "ada@xn--fa-hia.example"


def test_a_local_part_that_is_not_ascii_needs_smtputf8() -> None:
    """And is written as it is (A25, T89)."""
    message = addressed_to("Ada", "äda@reader.example")

    assert message.envelope.smtputf8 is True
    assert line_of(message, "To") == "To: Ada <äda@reader.example>".encode()
    assert lint(message.data) == []


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("", b"To: <a@b.example>"),
        ("Ada Lovelace", b"To: Ada Lovelace <a@b.example>"),
        ('"Doe, J." <x>', rb'To: "\"Doe, J.\" <x>" <a@b.example>'),
        ("Ada\r\nBcc: c@d.example", b'To: "Ada Bcc: c@d.example" <a@b.example>'),
        ("Gödel", b"To: =?utf-8?q?G=C3=B6del?= <a@b.example>"),
        ("=?utf-8?q?x?=", b"To: =?utf-8?b?PT91dGYtOD9xP3g/PQ==?= <a@b.example>"),
        ("日本", b"To: =?utf-8?b?5pel5pys?= <a@b.example>"),
        ("x" * 300, b"To: <a@b.example>"),
        ("\x00\u202e", b"To: <a@b.example>"),
    ],
)
def test_a_display_name_cannot_break_its_header(name: str, line: bytes) -> None:
    """Quoted, encoded or, when too long, left out (T88)."""
    assert mailbox("To", name, "a@b.example") == line + b"\r\n"


def test_a_subject_in_chinese_is_folded_between_characters() -> None:
    """Encoded words of whole characters, at most 75 octets each (T90)."""
    subject = "漢字" * 100
    lines = unstructured("Subject", subject).split(b"\r\n")

    assert max(map(len, lines)) <= 78
    assert parsed(rendered_with(subject))["Subject"] == subject


def test_a_word_too_long_for_a_line_is_encoded_to_fold_it() -> None:
    """No line of a header exceeds 78 octets (A20)."""
    lines = unstructured("Subject", "x" * 500).split(b"\r\n")

    assert max(map(len, lines)) <= 78


def test_a_value_that_would_begin_a_new_header_is_refused() -> None:
    """Structured values are never mended."""
    with pytest.raises(ValueError, match="X-Test"):
        raw("X-Test", "a\r\nBcc: c@d.example")


# Body


def test_plain_text_comes_before_html() -> None:
    """The last form is the preferred one (A18)."""
    kinds = [part.get_content_type() for part in parsed(good_mail()).walk()]

    assert kinds == ["multipart/alternative", "text/plain", "text/html"]


def test_lines_that_mail_software_minds_survive() -> None:
    """Dots, "From " and spaces at the end (T92)."""
    text = (
        ".\n..\nFrom Ada\n" + "From " + "x" * 200 + "\nends in space \nends in tab\t\n" + "é" * 99
    )

    message = rendered_with(text=text)

    assert body_of(message, "plain") == text + "\n"
    assert b"\r\nFrom " not in message.data


def test_quoted_printable_has_crlf_only_and_short_lines() -> None:
    """Also for a text without any line end (A20, A21)."""
    message = rendered_with(text="x" * 10_000, html="é" * 10_000)

    assert b"\n" not in message.data.replace(b"\r\n", b"")
    body = message.data.partition(b"\r\n\r\n")[2]
    assert max(map(len, body.split(b"\r\n"))) <= 76


@pytest.mark.parametrize("line_end", ["\n", "\r", "\r\n"])
def test_line_ends_of_any_kind_become_one(line_end: str) -> None:
    """A template may have been saved anywhere."""
    assert body_of(rendered_with(text=f"a{line_end}b{line_end}"), "plain") == "a\nb\n"


# Refusals


@pytest.mark.parametrize(
    "address",
    [
        "",
        "ada",
        "@reader.example",
        "ada@",
        "a@b.example, c@d.example",
        "ada@reader.example\r\nBcc: c@d.example",
        "ada lovelace@reader.example",
        ".ada@reader.example",
        "ada..l@reader.example",
        "<ada@reader.example>",
        '"ada"@reader.example',
        "ada@[127.0.0.1]",
        "ada@-reader.example",
        "ada@reader..example",
        "ada@rea_der.example",
        "a" * 65 + "@reader.example",
        "ada@" + "a" * 64 + ".example",
        "ada@" + "a." * 130 + "example",
        "ada@\u200b.example",
        "ada\x00@reader.example",
    ],
)
def test_an_address_that_cannot_exist_is_refused(address: str) -> None:
    """One address, and never two (A03)."""
    with pytest.raises(UndeliverableAddressError, match="cannot be mailed"):
        addressed_to("Ada", address)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("message_id", "v1.abc@papers.example"),
        ("message_id", "<a@b.example>\r\nBcc: c@d.example"),
        ("list_id", "digest"),
        ("list_id", "dígest.example"),
        ("unsubscribe_url", "ftp://papers.example/"),
        ("unsubscribe_url", "https://papers.example/>, <https://evil.example"),
        ("unsubscribe_url", "https://papers.example/" + "x" * 900),
        ("unsubscribe_mailto", "leave@papers.example"),
        ("feedback_id", "a:b:c:d"),
        ("sent_at", datetime(2026, 5, 4)),  # noqa: DTZ001
    ],
)
def test_a_value_that_cannot_stand_in_a_header_is_refused(field: str, value: object) -> None:
    """The message names the field."""
    changes: dict[str, object] = {field: value}
    dispatch = replace(DISPATCH, **changes)  # type: ignore[arg-type]

    with pytest.raises(MessageError, match=field):
        build_message(RENDERED, sender=SENDER, addressee=ADA, dispatch=dispatch)


# Laws

texts = st.text(max_size=300)
lines = st.text(alphabet=st.characters(exclude_categories=["Cs", "Cc"]), max_size=300)


@given(texts)
def test_any_subject_comes_back_as_one_clean_line(subject: str) -> None:
    """Reading is the inverse of writing (T84, T93)."""
    message = rendered_with(subject)

    assert parsed(message)["Subject"] == one_line(subject)
    assert len(parsed(message)) == len(parsed(good_mail()))


@given(texts)
def test_any_name_leaves_exactly_one_address(name: str) -> None:
    """Whatever a reader calls herself (T88, T93)."""
    addresses = parsed(addressed_to(name))["To"].addresses

    assert [address.addr_spec for address in addresses] == ["ada@reader.example"]


@given(st.lists(lines).map("\n".join), st.lists(lines).map("\n".join))
def test_any_body_comes_back_as_it_was(text: str, html: str) -> None:
    """But for the line end that the last line gets (T93)."""
    message = rendered_with(text=text, html=html)

    assert body_of(message, "plain") == text.removesuffix("\n") + "\n"
    assert body_of(message, "html") == html.removesuffix("\n") + "\n"


@given(texts, texts, texts)
def test_any_words_leave_the_headers_in_order(subject: str, name: str, stream: str) -> None:
    """All checks of headers hold but those of what the subject says (T93)."""
    message = build_message(
        Rendered(subject, TEXT, HTML),
        sender=Sender(stream, "digest@papers.example"),
        addressee=Addressee(name, "ada@reader.example"),
        dispatch=replace(DISPATCH, stream=stream),
    )

    assert [finding for finding in lint(message.data) if finding.check != "A26"] == []


@given(st.integers(0, 2**63), st.dates(date(2020, 1, 1), date(2100, 1, 1)))
def test_any_message_id_is_well_formed(reader_id: int, day: date) -> None:
    """And does not show who it is for (A05)."""
    identity = message_id(b"k" * 32, reader_id, "Paper Round", day, "papers.example")
    dispatch = replace(DISPATCH, message_id=identity, sent_at=datetime(2026, 1, 1, tzinfo=UTC))

    message = build_message(RENDERED, sender=SENDER, addressee=ADA, dispatch=dispatch)

    assert lint(message.data) == []

"""The headers of a mail: which there are, and that nothing breaks them."""

from dataclasses import replace

import pytest

from digest.addresses import deliverable
from digest.headers import mailbox, raw, unstructured
from digest.lint import lint
from digest.message import build_message
from tests.digest.mails import (
    ADA,
    DISPATCH,
    LEAVE,
    RENDERED,
    SENDER,
    addressed_to,
    good_mail,
    line_of,
    parsed,
    rendered_with,
)


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


def test_a_long_line_of_words_is_folded_between_them() -> None:
    """As plain text, which every reader can read (A20)."""
    subject = " ".join(["parsing"] * 30)
    lines = unstructured("Subject", subject).split(b"\r\n")

    assert max(map(len, lines)) <= 78
    assert parsed(rendered_with(subject))["Subject"] == subject


def test_a_word_too_long_for_a_line_is_encoded_to_fold_it() -> None:
    """No line of a header exceeds 78 octets (A20)."""
    lines = unstructured("Subject", "x" * 500).split(b"\r\n")

    assert max(map(len, lines)) <= 78


def test_a_header_without_text_has_no_space_behind_it() -> None:
    """Some relays count it as folding."""
    assert unstructured("Subject", "") == b"Subject:\r\n"


def test_a_mail_without_feedback_id_has_no_such_header() -> None:
    """It is of use to large senders only (A17)."""
    dispatch = replace(DISPATCH, feedback_id="")
    message = build_message(RENDERED, sender=SENDER, addressee=ADA, dispatch=dispatch)

    assert b"Feedback-ID" not in message.data
    assert lint(message.data) == []


def test_a_value_that_would_begin_a_new_header_is_refused() -> None:
    """Structured values are never mended."""
    with pytest.raises(ValueError, match="X-Test"):
        raw("X-Test", "a\r\nBcc: c@d.example")

"""The bytes of a mail: the same every time, and read back by the standard library."""

import hashlib
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.characters import one_line
from digest.errors import MessageError, UndeliverableAddressError
from digest.lint import lint
from digest.message import Addressee, Sender, build_message, message_id
from digest.model import Rendered
from tests.digest.mails import (
    ADA,
    DAY,
    DISPATCH,
    HTML,
    RENDERED,
    SENDER,
    TEXT,
    addressed_to,
    body_of,
    good_mail,
    notice,
    parsed,
    rendered_with,
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


# Mails of no list


def test_a_mail_of_no_list_has_no_header_of_lists() -> None:
    """A request to confirm is nothing to unsubscribe from (A36); a machine sent it, it says."""
    mail = parsed(notice())

    assert [name for name in mail if name.startswith("List-") or name == "Precedence"] == []
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["X-Auto-Response-Suppress"] == "All"


@pytest.mark.parametrize("field", ["list_id", "unsubscribe_url"])
def test_a_list_has_a_name_and_a_way_out(field: str) -> None:
    """One without the other is a digest that lost something (A06, A14)."""
    changes: dict[str, str] = {field: ""}
    dispatch = replace(DISPATCH, **changes)  # type: ignore[arg-type]

    with pytest.raises(MessageError, match=field):
        build_message(RENDERED, sender=SENDER, addressee=ADA, dispatch=dispatch)


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
        "a" * 60 + "@" + "b." * 97 + "example",
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

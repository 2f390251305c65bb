"""Each check of a mail: the good mail passes, and a mail with one fault is told that fault."""

import re
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.lint import CHECKS, Finding, Severity, lint
from tests.digest.mails import HTML, SENT_AT, TEXT, good_mail, mail_to, notice

GOOD = good_mail().data
TOO_MUCH = "<!-- " + "x" * 75_000 + " -->"
MANY = "".join(f"<p>{number}</p>" for number in range(12_000))
LINK = 'style="color:#0044aa" class="link"'


def checks(raw: bytes) -> set[str]:
    """Return the ids of the checks that a mail does not pass."""
    return {finding.check for finding in lint(raw)}


def changed(before: bytes, after: bytes) -> bytes:
    """Return the good mail with one thing replaced."""
    assert before in GOOD
    return GOOD.replace(before, after, 1)


def with_html(before: str, after: str) -> bytes:
    """Return the good mail with one thing replaced in its HTML."""
    assert before in HTML
    return mail_to("ada@reader.example", html=HTML.replace(before, after, 1)).data


def test_the_good_mail_passes_every_check() -> None:
    """Also with the clock given."""
    assert lint(GOOD, now=SENT_AT) == []


HEADER_FAULTS = [
    ("A01", b"Subject: ", b"Subject: Second 2\r\nSubject: "),
    ("A01", b"Date: Mon, 04 May 2026 05:30:00 +0000\r\n", b""),
    ("A02", b"From: Paper Round <digest@papers.example>", b"From: a@papers.example, b@x.example"),
    ("A02", b"From: Paper Round <digest@papers.example>", b"From: Paper Round"),
    ("A03", b"To: Ada Lovelace <ada@reader.example>", b"To: a@b.example, c@d.example"),
    ("A03", b"To: Ada", b"Bcc: grace@reader.example\r\nTo: Ada"),
    ("A04", b"Mon, 04 May 2026 05:30:00 +0000", b"yesterday"),
    ("A04", b"05:30:00 +0000", b"05:30:00 -0000"),
    ("A05", b"Message-ID: <v1.", b"Message-ID: <v1.ada."),
    ("A05", b".20260504@papers.example>", b".20260504@elsewhere.example>"),
    ("A05", b".20260504@papers.example>", b".20260504>"),
    ("A06", b"<https://papers.example/u/", b"<https://papers.example/u /"),
    ("A06", b"List-Unsubscribe: ", b"List-Unsubscribe: <mailto:a@b.example>\r\nList-Unsubscribe: "),
    ("A07", b"List-Unsubscribe=One-Click", b"List-Unsubscribe=one-click"),
    ("A07", b"List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n", b""),
    ("A08", b"<https://papers.example/u/", b"<https://papers.example\r\n /u/"),
    ("A08", b"Post: List-Unsubscribe=One-Click", b"Post: =?utf-8?q?List-Unsubscribe=3DOne-Click?="),
    ("A14", b"<digest.papers.example>", b"digest.papers.example"),
    ("A14", b"List-Id: ", b"X-List-Id: "),
    ("A15", b"auto-generated", b"no"),
    ("A16", b"X-Auto-Response-Suppress: All", b"X-Auto-Response-Suppress: OOF"),
    ("A16", b"Precedence: bulk", b"Precedence: first-class"),
    ("A17", b"digest:all:daily:paperround", b"digest:all:daily:ada"),
    ("A18", b"MIME-Version: 1.0\r\n", b""),
    ("A18", b"multipart/alternative", b"multipart/related"),
    ("A18", b"text/plain; charset=utf-8", b"text/plain; charset=latin-1"),
    ("A20", b"Subject: ", b"X-Long: " + b"word " * 20 + b"\r\nSubject: "),
    ("A20", b"On the Analytical Engine\r\nhttps", b"x" * 80 + b"\r\nhttps"),
    ("A20", b"Subject: ", b"X-Long: " + b"x" * 1000 + b"\r\nSubject: "),
    ("A21", b"Analytical Engine\r\nDate", b"Analytical Engine\nDate"),
    ("A21", b"Preferences: https", b"Preferences:\rhttps"),
    ("A22", b"Ada Lovelace", "Ädä Lovelace".encode("latin-1")),
    ("A22", b"Paper Round, Monday", "Paper Round – Monday".encode()),
    ("A23", b"Subject: Mon", b"Subject: \x00Mon"),
    ("A23", b"Subject: Mon May 4: On", b"Subject: =?utf-8?q?4=0D=0ABcc:_x?= On"),
    ("A23", b"Subject: Mon May 4: On", b"Subject: =?utf-8?q?4=E2=80=AEx?= On"),
    ("A24", b"ada@reader.example", b"ada@=?utf-8?q?m=C3=BCnchen?=.example"),
    ("A26", b"Subject: Mon May 4: On", b"Subject: On"),
    ("A26", b"Subject: Mon May 4: On", b"Subject: Mon May 4: On and about and with and on and"),
]


@pytest.mark.parametrize(("check", "before", "after"), HEADER_FAULTS)
def test_a_fault_in_the_bytes_is_found_by_its_check_and_no_other(
    check: str, before: bytes, after: bytes
) -> None:
    """One fault, one check."""
    assert checks(changed(before, after)) == {check}


HTML_FAULTS = [
    ("A13", ">Unsubscribe</a>", ">Farewell</a>"),
    ("A13", ">Preferences</a>", ">Here</a>"),
    ("A13", "</div>\n<p>", "</div>\n<!-- " + "x" * 21_000 + " --><p>"),
    ("A18", "</body>", "<![x</body>"),
    ("A19", "</table>", f"</table><a {LINK} href='https://more.example/'>More</a>"),
    ("A27", "</body>", TOO_MUCH + "</body>"),
    ("A27", "</body>", MANY + "</body>"),
    ("A28", ", parsing, and three more papers for you.", ""),
    ("A28", "display:none;", "display:none;opacity:0;"),
    ("A28", "display:none;max-height:0;overflow:hidden;mso-hide:all", ""),
    ("A29", '<meta name="color-scheme" content="light dark">', ""),
    ("A29", "prefers-color-scheme: dark", "prefers-color-scheme: light"),
    ("A29", "#111111 !important", "#111111"),
    ("A29", "color:#222222", "color:#888888"),
    ("A29", "color:#222222", ""),
    ("A29", "#eeeeee !important", "#555555 !important"),
    ("A29", '<table role="presentation">', '<table role="presentation" bgcolor="#fff">'),
    ("A30", "</table>", "</table><svg></svg>"),
    ("A30", "</table>", "</table><form></form>"),
    ("A30", "</table>", "</table><div style='display: flex'></div>"),
    ("A30", "</table>", "</table><div style='width: var(--width)'></div>"),
    ("A30", "https://papers.example/bar.png", "data:image/png;base64,AAAA"),
    ("A30", "https://papers.example/bar.png", "https://papers.example/bar.svg?x"),
    ("A31", "https://papers.example/bar.png", "http://papers.example/bar.png"),
    ("A31", 'alt="match 87" ', ""),
    ("A31", 'width="60" height="8"', 'width="60"'),
    ("A31", 'width="60" height="8"', 'width="1" height="1"'),
    ("A32", '<html lang="en">', "<html>"),
    ("A32", "<title>Paper Round, Monday, May 4</title>", ""),
    ("A32", '<table role="presentation">', "<table>"),
]


@pytest.mark.parametrize(("check", "before", "after"), HTML_FAULTS)
def test_a_fault_in_the_html_is_found_by_its_check_and_no_other(
    check: str, before: str, after: str
) -> None:
    """One fault, one check."""
    assert checks(with_html(before, after)) == {check}


LINK_FAULTS = [
    ("A33", "http://plain.example/"),
    ("A33", "javascript:alert(1)"),
    ("A33", "https://bit.ly/x"),
    ("A33", "https://other.example/?utm_source=digest"),
    ("A48", "https://papers.example/?reader=grace%40reader.example"),
    ("A48", "https://papers.example/grace@reader.example"),
    ("A48", "https://papers.example/?password=hopper"),
    ("A48", "mailto:ada@reader.example"),
]


@pytest.mark.parametrize(("check", "url"), LINK_FAULTS)
def test_a_bad_link_is_found_by_its_check_and_no_other(check: str, url: str) -> None:
    """The link stands in both forms."""
    html = HTML.replace("</table>", f"</table><a {LINK} href='{url}'>More</a>")
    raw = mail_to("ada@reader.example", text=f"{TEXT}\n{url}\n", html=html).data

    assert checks(raw) == {check}


@pytest.mark.parametrize("url", ["https://video.example/@ada", "https://papers.example/?utm_x=1"])
def test_a_link_that_only_looks_bad_passes(url: str) -> None:
    """A name with an at sign is not an address, and our own host may count its visitors."""
    html = HTML.replace("</table>", f"</table><a {LINK} href='{url}'>More</a>")

    assert checks(mail_to("ada@reader.example", text=TEXT + url, html=html).data) == set()


def test_two_links_of_one_name_are_told_apart_by_their_label() -> None:
    """As thumbs up under each paper (A32)."""
    one = f"<a {LINK} href='https://papers.example/1'>Up</a>"
    two = f"<a {LINK} href='https://papers.example/2'>Up</a>"
    text = TEXT + "https://papers.example/1 https://papers.example/2"
    both = HTML.replace("</table>", f"</table>{one}{two}")
    labelled = both.replace("/2'>", "/2' aria-label='Up: Engines'>")

    same = mail_to("ada@reader.example", text=text, html=both).data
    apart = mail_to("ada@reader.example", text=text, html=labelled).data

    assert checks(same) == {"A32"}
    assert checks(apart) == set()


def test_a_text_without_a_word_on_leaving_is_found() -> None:
    """The plain form has to say it too (A13)."""
    raw = mail_to("ada@reader.example", text=TEXT.replace("Unsubscribe", "Farewell")).data

    assert checks(raw) == {"A13"}


def test_an_attachment_is_found() -> None:
    """A digest has two forms and nothing else (A46)."""
    boundary = re.findall(rb'boundary="([^"]+)"', GOOD)[0]
    extra = b"--" + boundary + b"\r\nContent-Type: application/pdf\r\n\r\nx\r\n"

    raw = GOOD.replace(b"--" + boundary + b"--", extra + b"--" + boundary + b"--")

    assert checks(raw) == {"A46"}


def test_a_sender_who_is_not_ascii_is_found() -> None:
    """Not all relays take mail from one (A02)."""
    raw = changed(b"<digest@papers.example>", "<dïgest@papers.example>".encode())

    assert checks(raw) == {"A02", "A22"}


def test_an_attached_page_is_found() -> None:
    """A mail whose HTML is attached shows none (A46)."""
    raw = changed(
        b"Content-Type: text/html", b"Content-Disposition: attachment\r\nContent-Type: text/html"
    )

    assert checks(raw) == {"A46"}


def test_a_page_that_grows_by_encoding_is_warned_of() -> None:
    """Sixty thousand octets of Chinese are 180,000 as they travel (A27)."""
    findings = lint(with_html("</body>", "<!-- " + "漢" * 20_000 + " --></body>"))

    assert [(finding.check, finding.severity) for finding in findings] == [
        ("A27", Severity.WARNING)
    ]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (b"charset=utf-8", b"charset=klingon"),
        (b"charset=utf-8", b"charset=base64"),
        (b"Subject: Mon", b"Subject: =?klingon?q?4?= Mon"),
        (b"Subject: Mon", b"Subject: =?utf-8?b?A?= Mon"),
        (b"https://papers.example/bar.png", b"https://[papers.example/bar.png"),
        (b"multipart/alternative", b"message/rfc822"),
    ],
)
def test_what_cannot_be_decoded_breaks_nothing(before: bytes, after: bytes) -> None:
    """Charsets, encoded words and addresses that do not exist."""
    assert checks(changed(before, after)) <= set(CHECKS)


def test_a_link_that_is_no_address_breaks_nothing() -> None:
    """Its host is not known, that is all."""
    html = HTML.replace("</table>", f"</table><a {LINK} href='https://[x'>More</a>")

    assert checks(mail_to("ada@reader.example", text=TEXT + "https://[x", html=html).data) == set()


def test_html_alone_is_found() -> None:
    """Plain text is missing (A18)."""
    head = b"MIME-Version: 1.0\r\nContent-Type: text/html; charset=utf-8\r\n\r\n"
    raw = GOOD[: GOOD.index(b"MIME-Version")] + head + HTML.replace("\n", "\r\n").encode()

    assert "A18" in checks(raw)


@pytest.mark.parametrize(("minutes", "expected"), [(4, set()), (6, {"A04"}), (-6, {"A04"})])
def test_the_date_is_compared_with_the_clock_only_within_minutes(
    minutes: int, expected: set[str]
) -> None:
    """Five minutes each way (A04)."""
    findings = lint(GOOD, now=SENT_AT + timedelta(minutes=minutes))

    assert {finding.check for finding in findings} == expected


def test_a_mail_near_the_limit_is_warned_of() -> None:
    """Seventy thousand octets are no error yet (A27)."""
    findings = lint(with_html("</body>", TOO_MUCH + "</body>"))

    assert [finding.severity for finding in findings] == [Severity.WARNING]


def test_a_finding_says_which_check_how_bad_where_and_what() -> None:
    """On one line, for a terminal."""
    finding = Finding("A15", Severity.ERROR, "is not auto-generated", "Auto-Submitted")

    assert str(finding) == "A15 error: Auto-Submitted: is not auto-generated"


def test_a_mail_of_no_list_is_not_asked_for_what_lists_have() -> None:
    """A request to confirm an address has no headers of lists, no way out and no date (A36)."""
    assert lint(notice().data, now=SENT_AT) == []


def test_a_mail_of_no_list_may_have_one_link_only() -> None:
    """Which is also how a digest is found that lost its headers (A36)."""
    two = notice(f"<a {LINK} href='https://papers.example/more'>More</a>")

    assert checks(two.data) == {"A36"}


@pytest.mark.parametrize("name", [b"List-Id", b"List-Unsubscribe", b"List-Unsubscribe-Post"])
def test_one_header_of_lists_makes_a_mail_of_a_list(name: bytes) -> None:
    """So that a digest which lost the others is told what is missing."""
    raw = notice().data.replace(b"Subject: ", name + b": x\r\nSubject: ", 1)

    assert checks(raw) >= {"A06", "A07", "A13", "A14"}


@pytest.mark.parametrize("check", CHECKS)
def test_every_check_has_a_fault_that_it_finds(check: str) -> None:
    """No check without a test."""
    faults = [*HEADER_FAULTS, *HTML_FAULTS, *LINK_FAULTS, ("A36", "", ""), ("A46", "", "")]

    assert check in {fault[0] for fault in faults}


@given(st.binary(max_size=2000))
def test_any_bytes_give_findings_and_no_error(raw: bytes) -> None:
    """A file that is no mail at all is told so."""
    assert "A01" in checks(raw)


@given(st.binary(max_size=300), st.integers(0, len(GOOD)))
def test_a_mail_with_any_bytes_inside_breaks_nothing(noise: bytes, place: int) -> None:
    """Checks read what others wrote."""
    assert checks(GOOD[:place] + noise + GOOD[place:]) <= set(CHECKS)


@given(st.text(max_size=500))
def test_any_html_breaks_nothing(html: str) -> None:
    """Also what no parser understands."""
    assert checks(mail_to("ada@reader.example", html=html).data) <= set(CHECKS)

"""What reports say: those of the usual servers, and those that nobody should send."""

import os
import time
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.bounce import MAX_OCTETS, Report, read_report
from digest.refusals import Kind
from tests.digest.reports import (
    ADA,
    AWAY,
    BOUNCES,
    DELAYED_QMAIL,
    EXCHANGE,
    EXIM_OLD,
    GMAIL,
    IDENTITY,
    POSTFIX,
    QMAIL,
    YAHOO,
    complaint,
    dsn,
    mail,
)

# The shapes of the usual servers (T120)


@pytest.mark.parametrize(
    ("data", "kind", "certain", "status"),
    [
        (POSTFIX, Kind.HARD, True, "5.1.1"),
        (EXIM_OLD, Kind.HARD, False, None),
        (QMAIL, Kind.HARD, True, "5.1.1"),
        (EXCHANGE, Kind.HARD, True, "5.1.10"),
        (GMAIL, Kind.SOFT, False, "5.2.2"),
        (YAHOO, Kind.HARD, False, None),
    ],
    ids=["postfix", "exim", "qmail", "exchange", "gmail", "yahoo"],
)
def test_the_reports_of_the_usual_servers_are_understood(
    data: bytes, kind: Kind, certain: bool, status: str | None
) -> None:
    """Kind, status, recipient, and the mail that they are about (T120)."""
    report = read_report(data)

    assert (report.kind, report.certain, report.status) == (kind, certain, status)
    assert report.action == "failed"
    assert report.recipients == (ADA,)
    assert report.about == (IDENTITY,)
    assert report.addressed[0] == BOUNCES


def test_the_bounce_address_in_the_returned_headers_is_found() -> None:
    """Also where a mailbox is behind a redirection that loses the address it was for."""
    assert "bounces+token@papers.example" in read_report(POSTFIX).addressed


@pytest.mark.parametrize("header", ["To", "Delivered-To", "X-Original-To", "Envelope-To"])
def test_the_address_that_a_report_was_sent_to_is_found(header: str) -> None:
    """Servers write it in different headers."""
    data = POSTFIX.replace(b"To: bounces@", header.encode() + b": bounces+abc@", 1)

    assert "bounces+abc@papers.example" in read_report(data).addressed


def test_a_report_knows_its_own_identity_and_subject() -> None:
    """They tell it from others."""
    report = read_report(POSTFIX)

    assert report.message_id == "<4F2E1@relay.papers.example>"
    assert report.subject == "Undelivered Mail Returned to Sender"


def test_the_words_of_a_report_hold_no_addresses() -> None:
    """They are kept, and addresses are not."""
    report = read_report(POSTFIX)

    assert report.detail == ("550 5.1.1 <(address)>: Recipient address rejected: User unknown")


def test_endless_words_are_cut() -> None:
    """What is kept has a bound."""
    report = read_report(dsn(code="smtp; 550 5.1.1 " + "no " * 10_000))

    assert len(report.detail) <= 200
    assert report.status == "5.1.1"


# What a status says


@pytest.mark.parametrize("action", ["delayed", "delivered", "relayed", "expanded"])
def test_what_has_not_failed_says_nothing_about_the_address(action: str) -> None:
    """Whatever its status (C4)."""
    report = read_report(dsn(action=action))

    assert (report.kind, report.action) == (Kind.NONE, action)


@pytest.mark.parametrize("action", ["failed", "Failed (no such user)", "error", "FAILURE"])
def test_failed_is_understood_however_it_is_written(action: str) -> None:
    """Some put comments behind it, OpenSMTPD has a word of its own."""
    assert read_report(dsn(action=action)).kind is Kind.HARD


def test_a_status_without_an_action_counts_if_it_is_for_good() -> None:
    """Some servers forget it."""
    assert read_report(dsn(action="")).kind is Kind.HARD
    assert read_report(dsn(action="", status="4.4.1", code="")).action == ""


def test_the_code_in_the_words_counts_more_than_the_status() -> None:
    """Many servers make up the status."""
    report = read_report(dsn(status="5.1.1", code="smtp; 550 5.7.1 blocked"))

    assert (report.kind, report.status) == (Kind.NONE, "5.7.1")


def test_given_up_after_days_is_for_now() -> None:
    """The action is failed, the status says why: the mailbox may be there tomorrow."""
    report = read_report(dsn(status="4.4.7", code="smtp; 451 try again later"))

    assert (report.kind, report.status) == (Kind.SOFT, "4.4.7")


def test_a_reply_that_is_for_now_needs_no_status() -> None:
    """The three digits count where nothing else does."""
    assert read_report(dsn(status="", code="smtp; 451 try again later")).kind is Kind.SOFT
    assert read_report(dsn(status="", code="smtp; 550 no")).kind is Kind.HARD


def test_of_several_recipients_the_worst_counts() -> None:
    """A mail of ours has one; its server may have made several of it."""
    second = "\nFinal-Recipient: rfc822; ada@home.example\nAction: failed\nStatus: 5.1.1"
    report = read_report(dsn(action="delivered", status="2.0.0", code="", fields=second))

    assert (report.kind, report.certain) == (Kind.HARD, True)
    assert report.recipients == ("ada@home.example",)


def test_the_original_recipient_comes_first() -> None:
    """The address that we wrote to, before the one that it became."""
    report = read_report(
        dsn(recipient="rfc822; ada@home.example", fields=f"Original-Recipient: rfc822; {ADA}")
    )

    assert report.recipients == (ADA, "ada@home.example")


def test_an_address_that_is_not_ascii_is_found() -> None:
    """RFC 6533, and those who write UTF-8 without asking."""
    assert read_report(dsn(recipient="utf-8; ädä@reader.example")).recipients == (
        "ädä@reader.example",
    )


@pytest.mark.parametrize("kind", ["message/global-delivery-status", "MESSAGE/DELIVERY-STATUS"])
def test_the_status_is_found_in_parts_of_every_name(kind: str) -> None:
    """RFC 6533 has another name for it."""
    data = dsn().replace(
        b"Content-Type: message/delivery-status", b"Content-Type: " + kind.encode()
    )

    assert read_report(data).kind is Kind.HARD


@pytest.mark.parametrize("returned", ["message/rfc822", "text/rfc822-headers"])
def test_the_mail_that_is_returned_is_known_by_its_identity(returned: str) -> None:
    """As a whole, or its headers only."""
    assert read_report(dsn(returned=returned)).about == (IDENTITY,)


def test_a_report_about_nothing_says_so() -> None:
    """Without the mail that it is about, nobody is charged."""
    assert read_report(dsn(about="")).about == ()


# What is no failure


@pytest.mark.parametrize(
    "data",
    [
        AWAY,
        AWAY.replace(b"Subject: Re: Mon", b"Subject: Out of office: Mon"),
        AWAY.replace(b"Auto-Submitted: auto-replied", b"X-Autoreply: yes"),
        AWAY.replace(b"Auto-Submitted: auto-replied", b"Precedence: auto_reply"),
        AWAY.replace(b"Auto-Submitted: auto-replied\r\n", b"").replace(
            b"Re: Mon", b"Automatische Antwort: Mon"
        ),
        AWAY.replace(b"Auto-Submitted: auto-replied\r\n", b"").replace(b"Return-Path: <>\r\n", b""),
    ],
    ids=["auto-replied", "subject", "x-autoreply", "precedence", "german", "person"],
)
def test_whoever_is_away_is_not_gone(data: bytes) -> None:
    """Whatever words an answer quotes (T123)."""
    report = read_report(data)

    assert (report.kind, report.action) == (Kind.NONE, "")


def test_a_server_that_goes_on_trying_says_nothing_about_the_address() -> None:
    """A warning is no failure (C4)."""
    report = read_report(DELAYED_QMAIL)

    assert (report.kind, report.action) == (Kind.NONE, "delayed")


def test_a_receipt_is_no_failure() -> None:
    """Somebody has read a mail."""
    data = dsn().replace(b"message/delivery-status", b"message/disposition-notification")

    assert read_report(data).action == ""


def test_a_server_that_names_an_address_without_a_failure_says_nothing() -> None:
    """The detectors take any address between commas."""
    data = mail(
        f"""
        From: postmaster@reader.example
        Subject: Welcome

        Dear Ada, {ADA}, your mailbox is ready.
        """
    )

    assert read_report(data).action == ""


@pytest.mark.parametrize("kind", ["abuse", "fraud", "opt-out", " Abuse "])
def test_a_reader_who_calls_a_mail_spam_complains(kind: str) -> None:
    """RFC 5965; that says nothing against the address."""
    report = read_report(complaint(kind=kind))

    assert (report.kind, report.action) == (Kind.NONE, "complaint")
    assert report.about == (IDENTITY,)
    assert BOUNCES in report.addressed


@pytest.mark.parametrize("kind", ["not-spam", "auth-failure", "dmarc", "virus", ""])
def test_other_feedback_is_no_complaint(kind: str) -> None:
    """Nothing to act upon."""
    assert read_report(complaint(kind=kind)).action == ""


def test_a_subject_in_encoded_words_is_decoded() -> None:
    """It may hold a token."""
    data = b"Subject: =?utf-8?b?" + b"w6RiYw==" + b"?=\r\n\r\n"

    assert read_report(data).subject == "äbc"


# Whatever anybody sends


def _nested(depth: int) -> bytes:
    levels = (
        f'Content-Type: multipart/mixed; boundary="b{level}"\n\n--b{level}\n'
        for level in range(depth)
    )
    return b"From: mailer-daemon\n" + "".join(levels).encode() + b"--a\n" * 30_000


HOSTILE: dict[str, Callable[[], bytes]] = {
    "nothing": lambda: b"",
    "binary": lambda: os.urandom(3_000_000),
    "zeros": lambda: bytes(3_000_000),
    "one long line": lambda: b"From: mailer-daemon\n\n" + b"a" * 3_000_000,
    "empty lines": lambda: b"From: mailer-daemon\n" + b"\n" * 200_000,
    "nested": lambda: _nested(39),
    "nested deeper": lambda: _nested(5_000),
    "mails in mails": lambda: b"Content-Type: message/rfc822\n\n" * 4_000,
    "many headers": lambda: b"From: mailer-daemon\n" + b"a: b\n" * 40_000,
    "one header": lambda: b"X-Failed-Recipients: " + b"\n (((((((((((((((" * 9_000,
    "parameters": lambda: b"Content-Type: multipart/report" + b'\n ;"' * 40_000,
    "addresses": lambda: b"From: mailer-daemon\n\n" + b",a@" * 50_000,
    "slow for patterns": lambda: (
        b"From: mailer-daemon\n\nYour message could not be delivered\n"
        + (b"a@" * 240 + b"\n") * 280
    ),
    "statuses": lambda: (
        b"Content-Type: message/delivery-status\n\n" + b"Action: failed\nStatus: 5.1.1\n\n" * 5_000
    ),
    "unknown charset": lambda: b"Subject: =?nope?b?YQ==?=\n\nx",
    "not a report": lambda: b"Content-Type: multipart/report; boundary=x\n\nno boundary",
    "status without fields": lambda: b"Content-Type: message/delivery-status\n\n",
}


@pytest.mark.parametrize("make", HOSTILE.values(), ids=HOSTILE)
def test_no_mail_makes_reading_fail_or_last(make: Callable[[], bytes]) -> None:
    """A quarter of a second here; the bound leaves room for slow machines."""
    data = make()

    started = time.process_time()
    read_report(data)

    assert time.process_time() - started < 3


@given(st.binary(max_size=300))
def test_any_octets_are_read(data: bytes) -> None:
    """Never raises."""
    assert read_report(data).kind in Kind


@given(st.data())
def test_damaged_reports_are_read(draw: st.DataObject) -> None:
    """With octets missing, doubled or changed anywhere."""
    data = bytearray(draw.draw(st.sampled_from([POSTFIX, GMAIL, QMAIL, complaint()])))
    for _ in range(draw.draw(st.integers(1, 6))):
        at = draw.draw(st.integers(0, len(data)))
        data[at : at + draw.draw(st.integers(0, 9))] = draw.draw(st.binary(max_size=9))

    report = read_report(bytes(data))

    for text in (report.detail, report.subject, *report.recipients, *report.about):
        assert text.isprintable()
        text.encode()


def test_what_stands_far_behind_is_not_looked_at() -> None:
    """The mail that is returned may be of any size."""
    data = dsn() + b"x" * MAX_OCTETS + b"\r\nMessage-ID: <far@behind.example>\r\n"

    assert read_report(data).about == (IDENTITY,)


def test_a_mail_of_a_person_is_no_report() -> None:
    """Nothing is said about anybody."""
    data = b"From: ada@reader.example\r\nSubject: thanks\r\n\r\nNice papers!\r\n"

    assert read_report(data) == Report(subject="thanks")

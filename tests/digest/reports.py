"""Mails that servers send back, in the shapes that the usual ones give them; all written by us."""

from textwrap import dedent

__all__ = [
    "ADA",
    "AWAY",
    "BOUNCES",
    "DELAYED_QMAIL",
    "EXCHANGE",
    "EXIM_OLD",
    "GMAIL",
    "IDENTITY",
    "POSTFIX",
    "QMAIL",
    "YAHOO",
    "complaint",
    "dsn",
    "mail",
]

ADA = "ada@reader.example"
BOUNCES = "bounces@papers.example"
IDENTITY = "<v1.nsgaz3f7n5geuson.20260504@papers.example>"
"""Of the mail that comes back."""


def mail(text: str) -> bytes:
    """Return an indented text as the bytes of a mail."""
    return dedent(text).lstrip("\n").replace("\n", "\r\n").encode()


def dsn(
    *,
    to: str = BOUNCES,
    message_id: str = "<report-1@mx.reader.example>",
    action: str = "failed",
    status: str = "5.1.1",
    code: str = "smtp; 550 5.1.1 <ada@reader.example>: Recipient address rejected: user unknown",
    recipient: str = f"rfc822; {ADA}",
    fields: str = "",
    about: str = IDENTITY,
    returned: str = "text/rfc822-headers",
) -> bytes:
    """Return a report as RFC 3464 wants it; a field that is empty is left out."""
    lines = {
        "Original-Recipient": "",
        "Final-Recipient": recipient,
        "Action": action,
        "Status": status,
        "Diagnostic-Code": code,
    }
    status_fields = [f"{name}: {value}" for name, value in lines.items() if value]
    return "\r\n".join(
        [
            "From: MAILER-DAEMON@mx.reader.example (Mail Delivery System)",
            f"To: {to}",
            "Subject: Undelivered Mail Returned to Sender",
            *([f"Message-ID: {message_id}"] if message_id else []),
            "Auto-Submitted: auto-replied",
            "MIME-Version: 1.0",
            'Content-Type: multipart/report; report-type=delivery-status; boundary="=_1"',
            "",
            "--=_1",
            "Content-Type: text/plain; charset=us-ascii",
            "",
            "Your message could not be delivered to one or more recipients.",
            "",
            "--=_1",
            "Content-Type: message/delivery-status",
            "",
            "Reporting-MTA: dns; mx.reader.example",
            "",
            *status_fields,
            *(fields.split("\n") if fields else []),
            "",
            "--=_1",
            f"Content-Type: {returned}",
            "",
            "From: Paper Round <digest@papers.example>",
            f"To: {ADA}",
            *([f"Message-ID: {about}"] if about else []),
            "Subject: Mon May 4",
            "",
            "--=_1--",
            "",
        ]
    ).encode()


def complaint(
    *, kind: str = "abuse", to: str = BOUNCES, about: str = IDENTITY, mail_from: str = ""
) -> bytes:
    """Return a feedback report as RFC 5965 wants it."""
    return mail(
        f"""
        From: feedback@provider.example
        To: {to}
        Subject: complaint about message from 192.0.2.1
        Message-ID: <complaint-1@provider.example>
        MIME-Version: 1.0
        Content-Type: multipart/report; report-type=feedback-report; boundary="=_1"

        --=_1
        Content-Type: text/plain

        This is a report about a mail that one of our users calls spam.
        --=_1
        Content-Type: message/feedback-report

        Feedback-Type: {kind}
        User-Agent: Feedback/1.0
        Version: 1
        Original-Mail-From: <{mail_from or BOUNCES}>
        Original-Rcpt-To: <{ADA}>

        --=_1
        Content-Type: message/rfc822

        From: Paper Round <digest@papers.example>
        Message-ID: {about}
        Subject: Mon May 4

        Papers.
        --=_1--
        """
    )


POSTFIX = mail(
    f"""
    Return-Path: <>
    From: MAILER-DAEMON@relay.papers.example (Mail Delivery System)
    Subject: Undelivered Mail Returned to Sender
    To: {BOUNCES}
    Auto-Submitted: auto-replied
    MIME-Version: 1.0
    Content-Type: multipart/report; report-type=delivery-status;
     boundary="4F2E1.1/relay.papers.example"
    Message-Id: <4F2E1@relay.papers.example>

    This is a MIME-encapsulated message.

    --4F2E1.1/relay.papers.example
    Content-Description: Notification
    Content-Type: text/plain; charset=us-ascii

    This is the mail system at host relay.papers.example.

    <{ADA}>: host mx.reader.example[192.0.2.7] said: 550 5.1.1 <{ADA}>:
        Recipient address rejected: User unknown (in reply to RCPT TO command)

    --4F2E1.1/relay.papers.example
    Content-Description: Delivery report
    Content-Type: message/delivery-status

    Reporting-MTA: dns; relay.papers.example
    X-Postfix-Queue-ID: 4F2E1
    X-Postfix-Sender: rfc822; {BOUNCES}
    Arrival-Date: Mon,  4 May 2026 07:00:02 +0000 (UTC)

    Final-Recipient: rfc822; {ADA}
    Original-Recipient: rfc822;{ADA}
    Action: failed
    Status: 5.1.1
    Remote-MTA: dns; mx.reader.example
    Diagnostic-Code: smtp; 550 5.1.1 <{ADA}>: Recipient address
        rejected: User unknown

    --4F2E1.1/relay.papers.example
    Content-Description: Undelivered Message Headers
    Content-Type: text/rfc822-headers

    Return-Path: <bounces+token@papers.example>
    From: Paper Round <digest@papers.example>
    To: {ADA}
    Message-ID: {IDENTITY}
    Subject: Mon May 4: On the Analytical Engine

    --4F2E1.1/relay.papers.example--
    """
)

EXIM_OLD = mail(
    f"""
    X-Failed-Recipients: {ADA}
    Auto-Submitted: auto-replied
    From: Mail Delivery System <Mailer-Daemon@mail.papers.example>
    To: {BOUNCES}
    Subject: Mail delivery failed: returning message to sender
    Message-Id: <E1abcd-0001@mail.papers.example>

    This message was created automatically by mail delivery software.

    A message that you sent could not be delivered to one or more of its
    recipients. This is a permanent error. The following address(es) failed:

      {ADA}
        SMTP error from remote mail server after RCPT TO:<{ADA}>:
        host mx.reader.example [192.0.2.7]: 550 No such user here

    ------ This is a copy of the message, including all the headers. ------

    Return-path: <{BOUNCES}>
    Message-ID: {IDENTITY}
    From: Paper Round <digest@papers.example>
    To: {ADA}

    Section 5.7.1 of the first paper is about something else.
    """
)

QMAIL = mail(
    f"""
    Return-Path: <>
    From: MAILER-DAEMON@mail.reader.example
    To: {BOUNCES}
    Subject: failure notice

    Hi. This is the qmail-send program at mail.reader.example.
    I'm afraid I wasn't able to deliver your message to the following addresses.
    This is a permanent error; I've given up. Sorry it didn't work out.

    <{ADA}>:
    Sorry, no mailbox here by that name. (#5.1.1)

    --- Below this line is a copy of the message.

    Return-Path: <{BOUNCES}>
    Message-ID: {IDENTITY}
    To: {ADA}

    Papers.
    """
)

DELAYED_QMAIL = mail(
    f"""
    From: MAILER-DAEMON@mail.reader.example
    To: {BOUNCES}
    Subject: Warning: message delayed

    This message was created automatically by mail delivery software.
    A message that you sent has not yet been delivered to one or more of its
    recipients:

      {ADA}

    No action is required on your part. Delivery attempts will continue for
    some time.
    """
)

EXCHANGE = mail(
    f"""
    From: <postmaster@reader.example>
    To: {BOUNCES}
    Date: Mon, 4 May 2026 07:00:09 +0000
    Content-Type: multipart/report; report-type=delivery-status;
     boundary="_000_AB"
    Message-ID: <9f8e@MX01.reader.example>
    In-Reply-To: {IDENTITY}
    References: {IDENTITY}
    Subject: Undeliverable: Mon May 4: On the Analytical Engine
    X-Auto-Response-Suppress: DR, OOF, AutoReply
    Auto-Submitted: auto-replied

    --_000_AB
    Content-Type: multipart/alternative; boundary="_001_AB"

    --_001_AB
    Content-Type: text/plain; charset="us-ascii"

    Delivery has failed to these recipients or groups:

    {ADA}
    The email address you entered couldn't be found.
    --_001_AB
    Content-Type: text/html; charset="us-ascii"

    <p>Delivery has failed to these recipients or groups:</p>
    --_001_AB--

    --_000_AB
    Content-Type: message/delivery-status

    Reporting-MTA: dns;MX01.reader.example
    Received-From-MTA: dns;relay.papers.example
    Arrival-Date: Mon, 4 May 2026 07:00:08 +0000

    Final-Recipient: rfc822;{ADA}
    Action: failed
    Status: 5.1.10
    Diagnostic-Code: smtp;550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found
    X-Display-Name: Ada

    --_000_AB
    Content-Type: message/rfc822

    From: Paper Round <digest@papers.example>
    To: <{ADA}>

    Papers.
    --_000_AB--
    """
)

GMAIL = mail(
    f"""
    Return-Path: <>
    From: Mail Delivery Subsystem <mailer-daemon@googlemail.com>
    To: {BOUNCES}
    Auto-Submitted: auto-replied
    Subject: Delivery Status Notification (Failure)
    References: {IDENTITY}
    In-Reply-To: {IDENTITY}
    Message-ID: <6500.1@mx.google.com>
    X-Failed-Recipients: {ADA}
    MIME-Version: 1.0
    Content-Type: multipart/report; boundary="00000000"; report-type=delivery-status

    --00000000
    Content-Type: text/plain; charset="UTF-8"
    Content-Transfer-Encoding: base64

    KiogQWRkcmVzcyBub3QgZm91bmQgKioK
    --00000000
    Content-Type: message/delivery-status

    Reporting-MTA: dns; googlemail.com
    Arrival-Date: Mon, 04 May 2026 00:00:03 -0700 (PDT)
    X-Original-Message-ID: {IDENTITY}

    Final-Recipient: rfc822; {ADA}
    Action: failed
    Status: 5.2.2
    Remote-MTA: dns; mx.reader.example. (192.0.2.7, the server for the domain.)
    Diagnostic-Code: smtp; 552-5.2.2 The email account that you tried to reach is over quota.
     552 5.2.2 Please direct the recipient to their provider - gsmtp
    Last-Attempt-Date: Mon, 04 May 2026 00:00:04 -0700 (PDT)

    --00000000
    Content-Type: message/rfc822

    Message-ID: {IDENTITY}
    To: {ADA}

    Papers.
    --00000000--
    """
)

YAHOO = mail(
    f"""
    From: MAILER-DAEMON@yahoo.com
    To: {BOUNCES}
    Subject: Failure Notice
    Message-ID: <7@mta1.mail.yahoo.com>

    Sorry, we were unable to deliver your message to the following address.

    <{ADA}>:
    Remote host said:
    554 delivery error: dd This user doesn't have a yahoo.com account ({ADA})
    [0] - mta1.mail.yahoo.com [BODY]

    --- Below this line is a copy of the message.

    Message-ID: {IDENTITY}
    To: {ADA}

    Papers.
    """
)

AWAY = mail(
    f"""
    Return-Path: <>
    From: Ada Lovelace <{ADA}>
    To: digest@papers.example
    Subject: Re: Mon May 4: On the Analytical Engine
    In-Reply-To: {IDENTITY}
    Auto-Submitted: auto-replied
    Message-ID: <away-1@reader.example>

    I am away until Monday. Grace's old address answers
    550 5.1.1 user unknown, so please do not write there:
    <grace@reader.example>: host mx.reader.example said: 550 user unknown
    """
)

import smtplib
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from threading import Thread

import pytest

from benchmarks.delivery.sink import Conduct, Sink, Stage, running_sink

MAIL = (
    b"From: ada@example.org\r\nMessage-ID: <one@example.org>\r\nSubject: dots\r\n\r\n"
    b".begins with a dot\r\n..and with two\r\nends\r\n"
)


@pytest.fixture
def sink(tmp_path: Path) -> Iterator[Sink]:
    """Run a sink that takes everything and keeps one mail."""
    with running_sink(tmp_path, samples=1) as running:
        yield running


def send(sink: Sink, times: int = 1) -> None:
    """Send the mail over one connection."""
    with smtplib.SMTP("127.0.0.1", sink.port, timeout=10) as smtp:
        for _ in range(times):
            smtp.sendmail("ada@example.org", ["grace@example.org"], MAIL)


def test_a_mail_is_written_down_with_its_id_and_the_hash_of_its_bytes(sink: Sink) -> None:
    """As it was before dots were doubled on the way."""
    send(sink)

    (mail,) = sink.received()
    assert (mail.message_id, mail.rcpt_to) == ("<one@example.org>", "grace@example.org")
    assert (mail.sha256, mail.size) == (sha256(MAIL).hexdigest(), len(MAIL))
    assert mail.answered


def test_the_same_mail_again_is_written_down_again(sink: Sink) -> None:
    """To count duplicates is what it is there for; what was read is kept between looks."""
    send(sink, times=2)
    first = list(sink.received())
    send(sink)

    assert (len(first), len(sink.received())) == (2, 3)


def test_some_mails_are_kept_as_they_came(sink: Sink, tmp_path: Path) -> None:
    """For the lint; no more of them than wished."""
    send(sink, times=2)

    assert [path.read_bytes() for path in tmp_path.glob("*.eml")] == [MAIL]


def test_a_recipient_is_told_to_come_later(sink: Sink) -> None:
    """And nothing is written down."""
    sink.behave(Conduct(refuse=1.0))

    with pytest.raises(smtplib.SMTPRecipientsRefused):
        send(sink)

    assert sink.received() == []


def test_a_mail_that_is_cut_off_was_never_there(sink: Sink) -> None:
    """The line breaks in its middle."""
    sink.behave(Conduct(cut=1.0))

    with pytest.raises((smtplib.SMTPServerDisconnected, ConnectionError)):
        send(sink)

    assert sink.received() == []


def test_a_mail_that_is_swallowed_is_there_and_nobody_was_told(sink: Sink) -> None:
    """The worst that a relay can do."""
    sink.behave(Conduct(swallow=1.0))

    with pytest.raises((smtplib.SMTPServerDisconnected, ConnectionError)):
        send(sink)

    assert [mail.answered for mail in sink.received()] == [False]


@pytest.mark.parametrize(
    ("stage", "has_it"),
    [(Stage.CONNECT, 0), (Stage.MAIL, 0), (Stage.RCPT, 0), (Stage.DATA, 0), (Stage.DOT, 1)],
)
def test_it_stops_where_it_is_told_and_goes_on_when_it_is_let(
    sink: Sink, stage: Stage, has_it: int
) -> None:
    """Whoever talks to it notices nothing but the wait."""
    sink.behave(Conduct(hold_at=stage))
    talking = Thread(target=send, args=(sink,))
    talking.start()

    held = sink.wait_held(10)
    before = len(sink.received())
    sink.let_go()
    talking.join(10)

    assert held is not None
    assert (held.stage, before, len(sink.received())) == (stage, has_it, 1)
    assert sink.received()[0].port == held.port


def test_nobody_is_held_when_nobody_comes(sink: Sink) -> None:
    """Asking is no waiting for ever."""
    sink.behave(Conduct(hold_at=Stage.MAIL))

    assert sink.wait_held(0.01) is None

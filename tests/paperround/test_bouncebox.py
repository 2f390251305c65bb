"""Mailboxes that mail comes back to: nothing is marked before it is done, and nothing is lost."""

import io
import ssl
from collections.abc import Callable
from pathlib import Path

import pytest
import trustme

from digest.bounce import MAX_OCTETS
from paperround.bouncebox import (
    BounceBoxError,
    Box,
    ImapBox,
    MaildirBox,
    StreamBox,
    Waiting,
    open_box,
)
from paperround.errors import SettingsError
from paperround.settings import Settings
from tests.paperround.imap_server import PASSWORD, USER, ImapServer

MAILS = [f"Subject: {number}\r\n\r\nback\r\n".encode() for number in range(3)]


def _taken(box: Box) -> list[bytes]:
    """Take everything, and mark it."""
    found = []
    for waiting in box:
        found.append(waiting.data)
        waiting.done()
    return found


def _left(box: Box) -> list[bytes]:
    return [waiting.data for waiting in box]


# Maildir


@pytest.fixture
def maildir(tmp_path: Path) -> Path:
    """Make a maildir with three new mails."""
    for name in ("new", "cur", "tmp"):
        (tmp_path / "box" / name).mkdir(parents=True)
    for number, mail in enumerate(MAILS):
        (tmp_path / "box" / "new" / f"{number}.host").write_bytes(mail)
    return tmp_path / "box"


def test_a_maildir_gives_its_new_mails_in_order(maildir: Path) -> None:
    """Names begin with the time."""
    assert _taken(MaildirBox(maildir)) == MAILS
    assert _left(MaildirBox(maildir)) == []


def test_mails_that_were_not_done_are_given_again(maildir: Path) -> None:
    """Whoever dies in between finds them."""
    first, *_ = MaildirBox(maildir)
    first.done()

    assert _left(MaildirBox(maildir)) == MAILS[1:]


def test_a_mail_that_is_done_is_moved_among_the_seen(maildir: Path) -> None:
    """As mail programs do, and with the octets it had."""
    _taken(MaildirBox(maildir))

    assert sorted(path.name for path in (maildir / "cur").iterdir()) == [
        "0.host:2,S",
        "1.host:2,S",
        "2.host:2,S",
    ]
    assert (maildir / "cur" / "0.host:2,S").read_bytes() == MAILS[0]
    assert list((maildir / "new").iterdir()) == []


def test_mails_that_another_program_moved_are_taken_unless_they_are_seen(maildir: Path) -> None:
    """A mail program moves new mails as soon as it looks; other flags stay."""
    (maildir / "new" / "0.host").rename(maildir / "cur" / "0.host:2,")
    (maildir / "new" / "1.host").rename(maildir / "cur" / "1.host:2,RS")
    (maildir / "new" / "2.host").rename(maildir / "cur" / "2.host:2,FT")

    assert _taken(MaildirBox(maildir)) == [MAILS[0], MAILS[2]]
    assert (maildir / "cur" / "2.host:2,FST").exists()


def test_mails_that_somebody_else_takes_meanwhile_do_no_harm(maildir: Path) -> None:
    """Two programs may look at once."""
    waiting = iter(MaildirBox(maildir))
    first = next(waiting)
    for path in (maildir / "new").iterdir():
        path.unlink()

    first.done()

    assert list(waiting) == []


def test_what_is_no_mail_is_left_alone(maildir: Path) -> None:
    """Folders and hidden files."""
    (maildir / "new" / ".hidden").write_bytes(b"x")
    (maildir / "cur" / "folder").mkdir()

    assert _taken(MaildirBox(maildir)) == MAILS


def test_of_a_huge_mail_only_the_beginning_is_read(maildir: Path) -> None:
    """Nobody looks at more."""
    (maildir / "new" / "0.host").write_bytes(b"x" * (MAX_OCTETS + 1))

    assert len(_left(MaildirBox(maildir))[0]) == MAX_OCTETS


def test_a_folder_that_is_no_maildir_is_refused(tmp_path: Path) -> None:
    """The message names it and says what is missing."""
    with pytest.raises(BounceBoxError, match="no maildir, which has the folders new and cur"):
        _left(MaildirBox(tmp_path))


def test_a_maildir_that_cannot_be_written_says_so(maildir: Path) -> None:
    """Else every mail would be taken again and again without a word."""
    first, *_ = MaildirBox(maildir)
    (maildir / "cur").rmdir()
    (maildir / "cur").write_bytes(b"a file")

    with pytest.raises(BounceBoxError, match="Not a directory"):
        first.done()


# Standard input


def test_a_stream_gives_one_mail() -> None:
    """A mail server pipes one mail into one program."""
    assert _taken(StreamBox(io.BytesIO(MAILS[0]))) == [MAILS[0]]


def test_a_stream_is_read_to_its_end() -> None:
    """A mail server takes a pipe that closes early for a failure."""
    stream = io.BytesIO(b"x" * (MAX_OCTETS + 200_000))

    (mail,) = _left(StreamBox(stream))

    assert len(mail) == MAX_OCTETS
    assert stream.read() == b""


def test_an_empty_stream_gives_nothing() -> None:
    """There was no mail."""
    assert _left(StreamBox(io.BytesIO())) == []


# IMAP


def _box(server: ImapServer, *, password: str = PASSWORD, folder: str = "Bounces") -> ImapBox:
    return ImapBox("127.0.0.1", server.port, USER, password, folder, tls=False)


def test_an_imap_folder_gives_its_unseen_mails() -> None:
    """And marks each when it is done."""
    with ImapServer(MAILS) as server:
        assert _taken(_box(server)) == MAILS
        assert _left(_box(server)) == []

    assert server.seen == {101, 102, 103}


def test_fetching_alone_marks_no_mail() -> None:
    """Whoever dies in between finds it again."""
    with ImapServer(MAILS) as server:
        assert _left(_box(server)) == MAILS
        assert _left(_box(server)) == MAILS

    assert server.seen == set()


def test_nothing_is_ever_expunged() -> None:
    """What the operator has marked for that is the operator's."""
    with ImapServer(MAILS) as server:
        _taken(_box(server))

    assert set(server.commands) == {
        *("CAPABILITY", "LOGIN", "SELECT", "SEARCH", "FETCH", "STORE", "LOGOUT")
    }


def test_a_mail_that_is_gone_meanwhile_does_no_harm() -> None:
    """The others are taken."""
    with ImapServer(MAILS) as server:
        waiting = iter(_box(server))
        next(waiting).done()
        del server.mails[102]

        assert [mail.data for mail in waiting] == [MAILS[2]]


def test_of_a_huge_mail_only_the_beginning_is_fetched() -> None:
    """However large it is."""
    with ImapServer([b"x" * (MAX_OCTETS + 1)]) as server:
        assert len(_left(_box(server))[0]) == MAX_OCTETS


def test_a_connection_is_closed_when_nobody_takes_more() -> None:
    """Also when the work ends early."""
    with ImapServer(MAILS) as server:
        waiting = iter(_box(server))
        next(waiting)
        waiting.close()  # type: ignore[attr-defined]  # it is a generator

    assert server.commands[-1] == "LOGOUT"


def _wrong_password(server: ImapServer) -> list[bytes]:
    return _left(_box(server, password="wrong"))


def _wrong_folder(server: ImapServer) -> list[bytes]:
    return _left(_box(server, folder="Elsewhere"))


def _all(server: ImapServer) -> list[bytes]:
    return _taken(_box(server))


@pytest.mark.parametrize(
    ("server", "act", "problem"),
    [
        ({}, _wrong_password, "refuses the user or PAPERROUND_BOUNCE_PASSWORD"),
        ({}, _wrong_folder, "there is no such folder"),
        ({"hang_up_on": "CAPABILITY"}, _all, "broke off"),
        ({"hang_up_on": "FETCH"}, _all, "broke off"),
        ({"hang_up_on": "STORE"}, _all, "broke off"),
        ({"refuses": ("SEARCH",)}, _all, "broke off or refused"),
        ({"refuses": ("STORE",)}, _all, "a mail cannot be marked as seen"),
    ],
)
def test_what_the_server_refuses_is_said_in_one_line(
    server: dict[str, str], act: Callable[[ImapServer], list[bytes]], problem: str
) -> None:
    """What went wrong and where, without the account and its password."""
    with (
        ImapServer(MAILS, **server) as running,  # type: ignore[arg-type]  # of either kind
        pytest.raises(BounceBoxError, match=problem) as caught,
    ):
        act(running)

    assert f"imap://127.0.0.1:{running.port}/" in str(caught.value)
    assert USER not in str(caught.value)
    assert PASSWORD not in str(caught.value)


def test_a_server_that_is_not_there_is_named() -> None:
    """With the reason of the system."""
    with ImapServer([]) as server:
        pass

    with pytest.raises(BounceBoxError, match="cannot be reached"):
        _left(_box(server))


def test_an_encrypted_connection_needs_a_certificate_that_is_good() -> None:
    """A password is for the right server only."""
    authority = trustme.CA()
    served = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(served)
    trusting = ssl.create_default_context()
    authority.configure_trust(trusting)

    with ImapServer(MAILS, context=served) as server:
        account = ("127.0.0.1", server.port, USER, PASSWORD, "Bounces")
        assert _taken(ImapBox(*account, context=trusting)) == MAILS
        with pytest.raises(BounceBoxError, match="certificate"):
            _left(ImapBox(*account))


def test_a_password_that_is_not_ascii_is_sent_in_utf_8() -> None:
    """The server of these tests does not know it; ours must not fail before it is asked."""
    with (
        ImapServer([], refuses=("AUTHENTICATE",)) as server,
        pytest.raises(BounceBoxError, match="broke off or refused"),
    ):
        _left(_box(server, password="geheimnüs"))

    assert "AUTHENTICATE" in server.commands


# Settings


def _settings(where: str, tmp_path: Path) -> Settings:
    return Settings(data_dir=tmp_path, bounce_mailbox=where, bounce_password="secret")


def test_a_folder_is_a_maildir(tmp_path: Path) -> None:
    """Anything without a scheme."""
    assert open_box(_settings("/var/mail/bounces", tmp_path)) == MaildirBox(
        Path("/var/mail/bounces")
    )


def test_the_home_folder_may_be_abbreviated(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As in a shell."""
    monkeypatch.setenv("HOME", str(tmp_path))

    assert open_box(_settings("~/Maildir", tmp_path)) == MaildirBox(tmp_path / "Maildir")


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("imaps://ada@mx.example", ("mx.example", 993, "ada", "INBOX", True)),
        ("imaps://ada@mx.example/", ("mx.example", 993, "ada", "INBOX", True)),
        ("imaps://ada@mx.example:1993/A/B", ("mx.example", 1993, "ada", "A/B", True)),
        (
            "imaps://a%40b.example@mx.example/In%20Box",
            ("mx.example", 993, "a@b.example", "In Box", True),
        ),
        ("imap://ada@localhost/Bounces", ("localhost", 143, "ada", "Bounces", False)),
    ],
)
def test_an_address_names_a_folder_of_an_account(
    tmp_path: Path, address: str, expected: tuple[str, int, str, str, bool]
) -> None:
    """The inbox where no folder is named."""
    box = open_box(_settings(address, tmp_path))

    assert isinstance(box, ImapBox)
    assert (box.host, box.port, box.user, box.folder, box.tls) == expected
    assert box.password == "secret"
    assert "secret" not in repr(box)


@pytest.mark.parametrize(
    ("address", "problem"),
    [
        ("", "PAPERROUND_BOUNCE_MAILBOX is not set"),
        ("pop3://ada@mx.example", "write imaps://user@host/FOLDER"),
        ("imaps://mx.example/INBOX", "write imaps://user@host/FOLDER"),
        ("imaps://ada@mx.example:x/INBOX", "it is no address"),
        ("imaps://ada:pass@mx.example", "belongs into PAPERROUND_BOUNCE_PASSWORD"),
        ("imap://ada@mx.example/INBOX", "without encryption"),
    ],
)
def test_a_mailbox_that_cannot_be_is_refused(tmp_path: Path, address: str, problem: str) -> None:
    """The message names the variable and what to write."""
    with pytest.raises(SettingsError, match=problem) as caught:
        open_box(_settings(address, tmp_path))

    assert "PAPERROUND_BOUNCE_MAILBOX" in str(caught.value)
    assert "pass@" not in str(caught.value)


def test_a_waiting_mail_does_not_show_its_octets() -> None:
    """They hold addresses."""
    assert "Subject" not in repr(Waiting(MAILS[0], lambda: None))

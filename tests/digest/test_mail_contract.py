"""What every mailer promises, and what is particular to the folder and the double."""

import resource
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller

from digest.errors import (
    AmbiguousDeliveryError,
    FolderUnavailableError,
    Phase,
    RecipientRefusedError,
)
from digest.mail import FolderMailer, Mailer, SmtpMailer
from digest.testing import MemoryMailer
from tests.digest.mailing import (
    Inbox,
    Ledger,
    LedgerFullError,
    config,
    free_port,
    full,
    nothing,
)
from tests.digest.mails import good_mail, mail_to

# The contract


@dataclass
class Outlet:
    """A mailer and a way to see what came out of it."""

    mailer: Mailer
    received: Callable[[], list[bytes]]


@contextmanager
def memory_outlet(folder: Path) -> Iterator[Outlet]:
    """Open the double."""
    mailer = MemoryMailer()
    yield Outlet(mailer, lambda: [message.data for message in mailer.messages])


@contextmanager
def folder_outlet(folder: Path) -> Iterator[Outlet]:
    """Open the folder."""
    mailer = FolderMailer(folder / "outbox")
    yield Outlet(
        mailer, lambda: [path.read_bytes() for path in sorted((folder / "outbox").glob("*"))]
    )


@contextmanager
def smtp_outlet(folder: Path) -> Iterator[Outlet]:
    """Open a connection to a real server."""
    inbox = Inbox()
    controller = Controller(inbox, hostname="127.0.0.1", port=free_port())
    controller.start()
    mailer = SmtpMailer(config(controller.port))
    yield Outlet(mailer, lambda: inbox.contents)
    mailer.close()
    controller.stop()


Opener = Callable[[Path], AbstractContextManager[Outlet]]


@pytest.fixture(params=[memory_outlet, folder_outlet, smtp_outlet])
def outlet(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Outlet]:
    """Open each kind of mailer."""
    opener: Opener = request.param
    with opener(tmp_path) as opened:
        yield opened


def test_what_is_sent_arrives_byte_by_byte(outlet: Outlet) -> None:
    """Lines that begin with dots as well (T92)."""
    message = mail_to("ada@reader.example", text=".\n..\n.a\nFrom b\n" + "." * 200)

    outlet.mailer.send(message, on_data=nothing)

    assert outlet.received() == [message.data]


def test_several_mails_arrive_in_their_order(outlet: Outlet) -> None:
    """Over whatever connection there is."""
    messages = [mail_to(f"reader{n}@reader.example", reader_id=n) for n in range(3)]

    for message in messages:
        outlet.mailer.send(message, on_data=nothing)

    assert outlet.received() == [message.data for message in messages]


def test_the_ledger_is_told_once_per_mail(outlet: Outlet) -> None:
    """That from now on the outcome may be uncertain (C1)."""
    ledger = Ledger()

    outlet.mailer.send(good_mail(), on_data=ledger)

    assert ledger.started == 1


def test_nothing_is_sent_when_the_ledger_fails(outlet: Outlet) -> None:
    """And its error is passed on (T36)."""
    with pytest.raises(LedgerFullError):
        outlet.mailer.send(good_mail(), on_data=full)

    assert outlet.received() == []


def test_a_mailer_goes_on_after_the_ledger_failed(outlet: Outlet) -> None:
    """What was begun for the first mail is not mixed into the second."""
    with pytest.raises(LedgerFullError):
        outlet.mailer.send(mail_to("grace@reader.example"), on_data=full)

    outlet.mailer.send(good_mail(), on_data=nothing)

    assert outlet.received() == [good_mail().data]


def test_a_receipt_says_something(outlet: Outlet) -> None:
    """For the ledger, and under which name the receiver knows the mail."""
    receipt = outlet.mailer.send(good_mail(), on_data=nothing)

    assert receipt.reply
    assert receipt.queue_id


def test_a_mailer_can_be_closed_twice_and_used_again(outlet: Outlet) -> None:
    """Closing lets go of connections, no more."""
    outlet.mailer.close()
    outlet.mailer.close()
    with outlet.mailer as mailer:
        mailer.send(good_mail(), on_data=nothing)

    assert outlet.received() == [good_mail().data]


# The folder


def test_a_mail_is_called_as_its_delivery_is(tmp_path: Path) -> None:
    """The same mail again replaces itself."""
    mailer = FolderMailer(tmp_path)

    mailer.send(good_mail(), on_data=nothing)
    mailer.send(good_mail(), on_data=nothing)

    assert [path.name for path in tmp_path.iterdir()] == ["2026-05-04-ada.eml"]


def test_two_mails_of_one_name_do_not_replace_each_other(tmp_path: Path) -> None:
    """Two readers called Ada are two readers."""
    mailer = FolderMailer(tmp_path)
    other = replace(mail_to("ada@other.example", reader_id=2), name=good_mail().name)

    mailer.send(good_mail(), on_data=nothing)
    mailer.send(other, on_data=nothing)

    assert {path.read_bytes() for path in tmp_path.iterdir()} == {good_mail().data, other.data}


@pytest.mark.parametrize("name", ["../../etc/passwd", "a/b", ".", "..", "", "\x00", "x" * 500])
def test_no_name_leaves_the_folder(name: str, tmp_path: Path) -> None:
    """Names come from readers."""
    path = FolderMailer(tmp_path).path_of(replace(good_mail(), name=name))

    assert path.parent == tmp_path
    assert path.suffix == ".eml"
    assert not path.name.startswith(".")


def test_a_mail_is_for_its_owner_only(tmp_path: Path) -> None:
    """It holds links that act in the reader's name."""
    FolderMailer(tmp_path).send(good_mail(), on_data=nothing)

    modes = [path.stat().st_mode & 0o777 for path in tmp_path.iterdir()]

    assert modes == [0o600]


@contextmanager
def small_files() -> Iterator[None]:
    """Let no file grow beyond a thousand bytes, as a full disk would.

    No longer than a test needs it: what the tests themselves print may go to a file.
    """
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_a_full_disk_is_said_and_leaves_nothing_behind(tmp_path: Path) -> None:
    """Half a mail is no mail."""
    mailer, mail = FolderMailer(tmp_path), good_mail()

    with (
        pytest.raises(FolderUnavailableError, match=r"2026-05-04-ada\.eml: .*send again"),
        small_files(),
    ):
        mailer.send(mail, on_data=nothing)

    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_a_file_is_said(tmp_path: Path) -> None:
    """With the path in the message."""
    (tmp_path / "outbox").write_text("not a folder")

    with pytest.raises(FolderUnavailableError, match="outbox"):
        FolderMailer(tmp_path / "outbox").send(good_mail(), on_data=nothing)


# The double


def test_the_double_fails_as_it_is_told() -> None:
    """Before the body nothing was said to the ledger, and after the dot the mail may be there."""
    ledger = Ledger()
    refused = RecipientRefusedError("gone", phase=Phase.RCPT)
    lost = AmbiguousDeliveryError("who knows", phase=Phase.DOT)
    mailer = MemoryMailer([refused, lost])

    with pytest.raises(RecipientRefusedError):
        mailer.send(good_mail(), on_data=ledger)
    with pytest.raises(AmbiguousDeliveryError):
        mailer.send(good_mail(), on_data=ledger)

    assert (ledger.started, len(mailer.messages)) == (1, 1)

"""Encryption and passwords."""

import ssl
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import trustme
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from digest.errors import (
    MailError,
    Phase,
    RelayConfigError,
    RelayUnavailableError,
)
from digest.mail import SmtpConfig, SmtpMailer
from tests.digest.mailing import (
    PASSWORD,
    Inbox,
    config,
    failure_of,
    free_port,
    nothing,
)
from tests.digest.mails import good_mail
from tests.digest.scripted_smtp import CLOSE, ScriptedRelay


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Make an authority and a certificate of its for 127.0.0.1; return authority and key file."""
    folder = tmp_path_factory.mktemp("certificate")
    authority = trustme.CA()
    authority.cert_pem.write_to_path(str(folder / "authority.pem"))
    issued = authority.issue_cert("127.0.0.1")
    issued.private_key_and_cert_chain_pem.write_to_path(str(folder / "server.pem"))
    return folder / "authority.pem", folder / "server.pem"


@pytest.fixture
def server_context(certificate: tuple[Path, Path]) -> ssl.SSLContext:
    """Return what a server needs to encrypt."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate[1])
    return context


def authenticate(
    server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: LoginPassword
) -> AuthResult:
    """Let in who knows the password."""
    is_known = (data.login, data.password) == (b"digest", PASSWORD.encode())
    return AuthResult(success=is_known, handled=False)


@dataclass
class SecureRelay:
    """A real server that encrypts and asks for a password."""

    port: int
    inbox: Inbox
    ca_file: str


@pytest.fixture
def starttls_relay(
    server_context: ssl.SSLContext, certificate: tuple[Path, Path]
) -> Iterator[SecureRelay]:
    """Open a server that wants STARTTLS and a password."""
    inbox = Inbox()
    controller = Controller(
        inbox,
        hostname="127.0.0.1",
        port=free_port(),
        tls_context=server_context,
        require_starttls=True,
        authenticator=authenticate,
        auth_required=True,
    )
    controller.start()
    yield SecureRelay(controller.port, inbox, str(certificate[0]))
    controller.stop()


@pytest.fixture
def tls_relay(
    server_context: ssl.SSLContext, certificate: tuple[Path, Path]
) -> Iterator[SecureRelay]:
    """Open a server that encrypts from the first byte."""
    inbox = Inbox()
    controller = Controller(
        inbox, hostname="127.0.0.1", port=free_port(), ssl_context=server_context
    )
    controller.start()
    yield SecureRelay(controller.port, inbox, str(certificate[0]))
    controller.stop()


def test_starttls_and_a_password_hand_a_mail_over(starttls_relay: SecureRelay) -> None:
    """The way most relays want it (A41)."""
    settings = config(
        starttls_relay.port,
        security="starttls",
        ca_file=starttls_relay.ca_file,
        username="digest",
        password=PASSWORD,
    )

    with SmtpMailer(settings) as mailer:
        mailer.send(good_mail(), on_data=nothing)
        mailer.send(good_mail(), on_data=nothing)

    assert starttls_relay.inbox.contents == [good_mail().data] * 2


def test_tls_from_the_first_byte_hands_a_mail_over(tls_relay: SecureRelay) -> None:
    """Port 465."""
    settings = config(tls_relay.port, security="tls", ca_file=tls_relay.ca_file)

    with SmtpMailer(settings) as mailer:
        mailer.send(good_mail(), on_data=nothing)

    assert tls_relay.inbox.contents == [good_mail().data]


def test_a_certificate_that_nobody_vouches_for_is_refused(starttls_relay: SecureRelay) -> None:
    """Self-signed, and not in the list (A41)."""
    with pytest.raises(RelayConfigError, match="no TLS") as caught:
        SmtpMailer(config(starttls_relay.port, security="starttls")).send(
            good_mail(), on_data=nothing
        )

    assert caught.value.phase is Phase.STARTTLS
    assert starttls_relay.inbox.contents == []


def test_a_certificate_for_another_host_is_refused(tls_relay: SecureRelay) -> None:
    """It is for 127.0.0.1 and not for localhost (A41)."""
    settings = config(tls_relay.port, host="localhost", security="tls", ca_file=tls_relay.ca_file)

    with pytest.raises(RelayConfigError, match="host name"):
        SmtpMailer(settings).send(good_mail(), on_data=nothing)


def test_a_list_of_certificates_that_is_not_there_is_said() -> None:
    """Before anything is sent."""
    with ScriptedRelay({"EHLO": "250-relay.example\r\n250 STARTTLS"}) as relay:
        settings = config(relay.port, security="starttls", ca_file="/nowhere/ca.pem")

        with pytest.raises(RelayConfigError, match=r"/nowhere/ca\.pem"):
            SmtpMailer(settings).send(good_mail(), on_data=nothing)


def test_a_relay_without_starttls_is_not_spoken_to() -> None:
    """Somebody between may have hidden it (T70)."""
    relay = ScriptedRelay()

    error = failure_of(relay, good_mail(), security="starttls", username="digest", password="x")

    assert type(error) is RelayConfigError
    assert error.phase is Phase.STARTTLS
    assert [line.split(" ")[0].upper() for line in relay.commands[0]] == ["EHLO"]


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        ("454 4.7.0 not now", RelayUnavailableError),
        ("501 5.5.4 no", RelayConfigError),
        (CLOSE, RelayUnavailableError),
    ],
)
def test_a_relay_that_fails_at_starttls_gets_nothing(answer: str, kind: type[MailError]) -> None:
    """Never a fall back to plain text (A41, T70)."""
    relay = ScriptedRelay({"EHLO": "250-relay.example\r\n250 STARTTLS", "STARTTLS": answer})

    error = failure_of(relay, good_mail(), security="starttls")

    assert type(error) is kind
    assert [line.split(" ")[0].upper() for line in relay.commands[0]] == ["EHLO", "STARTTLS"]


def test_a_wrong_password_is_the_operators_matter(starttls_relay: SecureRelay) -> None:
    """And it is nowhere in the error (T71)."""
    settings = config(
        starttls_relay.port,
        security="starttls",
        ca_file=starttls_relay.ca_file,
        username="digest",
        password="hunter2hunter2",
    )

    with pytest.raises(RelayConfigError) as caught:
        SmtpMailer(settings).send(good_mail(), on_data=nothing)

    assert (caught.value.phase, caught.value.code) == (Phase.AUTH, 535)
    assert "hunter2" not in str(caught.value) + repr(caught.value) + repr(settings)


def test_a_relay_that_cannot_log_anybody_in_is_a_mistake_in_the_settings(
    tls_relay: SecureRelay,
) -> None:
    """It offers no AUTH."""
    settings = config(
        tls_relay.port,
        security="tls",
        ca_file=tls_relay.ca_file,
        username="digest",
        password=PASSWORD,
    )

    with pytest.raises(RelayConfigError, match="no way to log in"):
        SmtpMailer(settings).send(good_mail(), on_data=nothing)


def test_a_password_is_never_sent_in_the_clear() -> None:
    """Such settings cannot even be made (A41)."""
    with pytest.raises(RelayConfigError, match="without encryption") as caught:
        SmtpConfig("relay.example", 25, "none", username="digest", password=PASSWORD)

    assert PASSWORD not in str(caught.value)

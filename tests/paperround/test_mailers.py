"""Settings choose who takes mails away."""

from pathlib import Path

import pytest
from pydantic import SecretStr

from digest.errors import RelayConfigError
from digest.mail import FolderMailer, SmtpConfig, SmtpMailer
from paperround.mailers import choose_mailer
from paperround.settings import MailerKind, Security, Settings

RELAY = Settings(
    mailer=MailerKind.SMTP,
    smtp_host="relay.example.org",
    smtp_port=465,
    smtp_security=Security.TLS,
    smtp_username="ada",
    smtp_password=SecretStr("hunter2"),
    smtp_timeout_s=7.5,
    smtp_ca_file=Path("relay.pem"),
)


def test_mails_go_to_the_outbox_of_the_data_folder_by_default(tmp_path: Path) -> None:
    """Nothing leaves the machine before somebody asks for it."""
    mailer = choose_mailer(Settings(data_dir=tmp_path))

    assert isinstance(mailer, FolderMailer)
    assert mailer.folder == tmp_path / "outbox"


def test_choosing_a_folder_does_not_create_it(tmp_path: Path) -> None:
    """Nothing is opened yet."""
    choose_mailer(Settings(data_dir=tmp_path))

    assert list(tmp_path.iterdir()) == []


def test_the_outbox_may_be_elsewhere(tmp_path: Path) -> None:
    """By a setting of its own."""
    mailer = choose_mailer(Settings(data_dir=tmp_path, outbox=tmp_path / "mails"))

    assert isinstance(mailer, FolderMailer)
    assert mailer.folder == tmp_path / "mails"


def test_a_relay_is_spoken_to_as_the_settings_say() -> None:
    """Every SMTP setting arrives."""
    mailer = choose_mailer(RELAY)

    assert isinstance(mailer, SmtpMailer)
    assert mailer.config == SmtpConfig(
        host="relay.example.org",
        port=465,
        security="tls",
        username="ada",
        password="hunter2",
        timeout_s=7.5,
        ca_file="relay.pem",
    )


def test_the_systems_certificates_are_trusted_by_default() -> None:
    """No file of certificates means those of the system."""
    mailer = choose_mailer(RELAY.model_copy(update={"smtp_ca_file": None}))

    assert isinstance(mailer, SmtpMailer)
    assert mailer.config.ca_file == ""


def test_choosing_a_relay_does_not_connect() -> None:
    """The first mail does."""
    mailer = choose_mailer(RELAY)

    assert isinstance(mailer, SmtpMailer)
    assert mailer.connections == 0


def test_a_password_is_never_sent_in_the_clear() -> None:
    """The choice itself is refused, before anything is sent."""
    with pytest.raises(RelayConfigError, match="not sent without encryption"):
        choose_mailer(RELAY.model_copy(update={"smtp_security": Security.NONE}))

"""Settings of what leaves as mail and comes back: sender, relay, bounces, signatures."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated, Self

from email_validator import EmailNotValidError, validate_email
from pydantic import Field, SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

__all__ = ["MailSettings", "MailerKind", "Security"]

LONGEST_BOUNCE = 34
"""Characters before the @ of a bounce address that leave room for a token of `paperround.verp`."""


class MailerKind(StrEnum):
    """Where finished mails go."""

    FOLDER = "folder"
    SMTP = "smtp"


class Security(StrEnum):
    """How the connection to the relay is protected."""

    STARTTLS = "starttls"
    TLS = "tls"
    NONE = "none"


class MailSettings(BaseSettings):
    """What an operator can set about mail."""

    model_config = SettingsConfigDict(use_attribute_docstrings=True)

    sender_name: str = "Paper Round"
    """Name of the list and of its sender."""
    sender_address: str = "digest@example.com"
    """From address of digests; its domain must be yours to sign mail for."""
    reply_to: str = ""
    """Where answers go, if not to the sender address."""
    bounce_address: str = ""
    """Envelope sender, where delivery failures return; empty is the sender address."""
    bounce_verp: bool = False
    """Give each mail a bounce address of its own, `bounces+TOKEN@...`; your mail server must put
    them all into one mailbox."""
    bounce_mailbox: str = ""
    """Where delivery failures are read from: a maildir's folder, or `imaps://user@host/FOLDER`."""
    bounce_password: SecretStr = SecretStr("")
    """Password of that IMAP account."""
    unsubscribe_address: str = ""
    """Mails to this address unsubscribe whoever their subject's token names; read from the mailbox
    of bounces."""
    feedback_id: str = ""
    """SenderId of 5 to 15 letters and digits for Gmail's feedback loop; empty leaves it out."""
    dkim_selector: str = ""
    """Sign mails here, under this selector; empty leaves it to your mail server."""
    dkim_key_file: Path | None = None
    """Private key in PEM for that selector, RSA or Ed25519."""
    operator: str = ""
    """Who runs this and where, for the footer of every mail."""
    mailer: MailerKind = MailerKind.FOLDER
    """`folder` writes mails as files, `smtp` hands them to a relay."""
    outbox: Path | None = None
    """Folder of the folder mailer; empty is `outbox` in the data folder."""
    smtp_host: str = ""
    """Name of the mail relay."""
    smtp_port: Annotated[int, Field(ge=1, le=65535)] = 587
    """Port of the mail relay."""
    smtp_security: Security = Security.STARTTLS
    """`starttls`, `tls`, or `none`, which only a relay on this machine may use in production."""
    smtp_username: str = ""
    """Account at the relay; empty means no authentication."""
    smtp_password: SecretStr = SecretStr("")
    """Password of that account."""
    smtp_timeout_s: Annotated[float, Field(gt=0, le=900)] = 60.0
    """Seconds to wait for each answer of the relay."""
    smtp_final_timeout_s: Annotated[float, Field(gt=0, le=1800)] = 600.0
    """Seconds to wait for the answer to a whole mail; RFC 5321 asks for ten minutes, and less makes
    duplicates."""
    smtp_connections: Annotated[int, Field(ge=1, le=50)] = 1
    """Connections to the relay that one process keeps."""
    smtp_per_connection: Annotated[int, Field(ge=0)] = 0
    """Mails after which a connection is replaced; 0 is no limit."""
    smtp_per_second: Annotated[float, Field(ge=0)] = 0.0
    """Mails per second that the relay takes from all workers together; 0 is no limit."""
    smtp_per_hour: Annotated[int, Field(ge=0)] = 0
    """Mails in any hour that the relay takes from all workers together; 0 is no limit."""
    lease_s: Annotated[float, Field(gt=0, le=7200)] = 900.0
    """Seconds after which the work of a silent worker is taken over: longer than a relay may take
    to answer."""
    smtp_ca_file: Path | None = None
    """Certificates to trust instead of the system's, for a relay with a certificate of its own."""

    @field_validator("outbox", "smtp_ca_file", "dkim_key_file")
    @classmethod
    def _expanded(cls, value: Path | None) -> Path | None:
        return value.expanduser() if value is not None else None

    @field_validator("sender_address", "reply_to", "bounce_address", "unsubscribe_address")
    @classmethod
    def _mail_address(cls, value: str) -> str:
        if not value:
            return value
        try:
            return validate_email(value, check_deliverability=False).normalized
        except EmailNotValidError as error:
            raise ValueError(str(error)) from None

    @field_validator("feedback_id")
    @classmethod
    def _sender_id(cls, value: str) -> str:
        if value and not (value.isascii() and value.isalnum() and 5 <= len(value) <= 15):
            raise ValueError("5 to 15 letters and digits, or empty")
        return value

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if self.mailer is MailerKind.SMTP and not self.smtp_host:
            raise ValueError("PAPERROUND_SMTP_HOST is needed when PAPERROUND_MAILER is smtp")
        if bool(self.dkim_selector) != bool(self.dkim_key_file):
            raise ValueError("PAPERROUND_DKIM_SELECTOR and PAPERROUND_DKIM_KEY_FILE go together")
        if self.bounce_verp and not self.bounce_address:
            raise ValueError("PAPERROUND_BOUNCE_VERP needs PAPERROUND_BOUNCE_ADDRESS")
        if self.bounce_verp and len(self.bounce_address.rpartition("@")[0]) > LONGEST_BOUNCE:
            raise ValueError(
                f"PAPERROUND_BOUNCE_ADDRESS may have {LONGEST_BOUNCE} characters before its @ "
                "with PAPERROUND_BOUNCE_VERP"
            )
        if self.lease_s <= self.smtp_final_timeout_s:
            raise ValueError(
                "PAPERROUND_LEASE_S must be longer than PAPERROUND_SMTP_FINAL_TIMEOUT_S, or mails "
                "are doubled while a slow relay thinks"
            )
        return self

"""Every setting, typed, described and checked; insecure values are refused in production.

Where the values come from is decided in `paperround.settings.load`; nothing here reads a file or
opens a connection.
"""

import os
import re
from datetime import time
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Self
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from email_validator import EmailNotValidError, validate_email
from pydantic import Field, SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, PydanticBaseSettingsSource, SettingsConfigDict

from paperround.settings.values import (
    SHORTEST_KEY,
    is_database_url,
    is_local,
    parse_time,
    parse_weekdays,
    sqlalchemy_url,
)
from paperround.taxonomy import check_category

__all__ = ["LogFormat", "MailerKind", "Mode", "Security", "Settings"]

PREFIX = "PAPERROUND_"


class Mode(StrEnum):
    """How strict to be: outside development insecure values are refused."""

    DEVELOPMENT = "development"
    PRODUCTION = "production"


class MailerKind(StrEnum):
    """Where finished mails go."""

    FOLDER = "folder"
    SMTP = "smtp"


class Security(StrEnum):
    """How the connection to the relay is protected."""

    STARTTLS = "starttls"
    TLS = "tls"
    NONE = "none"


class LogFormat(StrEnum):
    """How log lines look: `auto` is text on a terminal and JSON elsewhere."""

    AUTO = "auto"
    TEXT = "text"
    JSON = "json"


def _default_data_dir() -> Path:
    base = os.environ.get("XDG_DATA_HOME") or "~/.local/share"
    return Path(base).expanduser() / "paperround"


class Settings(BaseSettings):
    """Everything an operator can set; each field has its environment variable."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, extra="forbid", frozen=True, use_attribute_docstrings=True
    )

    mode: Mode = Mode.DEVELOPMENT
    """`development`, or `production`, which refuses insecure values."""
    data_dir: Path = Field(default_factory=_default_data_dir)
    """Folder for the SQLite database, the generated secret key and the outbox."""
    database_url: SecretStr = SecretStr("")
    """`sqlite:///path` or `postgresql://user@host/name`; empty is a file in the data folder."""
    secret_key: SecretStr = SecretStr("")
    """Signs links; 32 characters or more. Empty is the key that `paperround init` wrote to the data
    folder."""
    base_url: str = "http://localhost:8000"
    """Public address of the web pages; links in mails begin with it."""
    model: str = "all-MiniLM-L6-v2"
    """Embedding model: the packaged one, or any sentence-transformers name or folder."""
    embed_batch: Annotated[int, Field(ge=1, le=256)] = 16
    """Texts embedded at once; 8 to 16 is fastest on a CPU."""
    categories: Annotated[tuple[str, ...], NoDecode] = (
        "cs.AI",
        "cs.CL",
        "cs.CV",
        "cs.LG",
        "stat.ML",
    )
    """arXiv categories to bring in, separated by commas."""
    contact: str = ""
    """Address or page in the User-Agent, so that sources can reach you; asked for by arXiv."""
    sender_name: str = "Paper Round"
    """Name of the list and of its sender."""
    sender_address: str = "digest@example.com"
    """From address of digests; its domain must be yours to sign mail for."""
    reply_to: str = ""
    """Where answers go, if not to the sender address."""
    bounce_address: str = ""
    """Envelope sender, where delivery failures return; empty is the sender address."""
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
    smtp_ca_file: Path | None = None
    """Certificates to trust instead of the system's, for a relay with a certificate of its own."""
    digest_at: time = time(7, 0)
    """Local time of day at which new readers get their digest."""
    digest_zone: str = "UTC"
    """IANA time zone of new readers."""
    digest_weekdays: str = "mon-fri"
    """Weekdays on which new readers get a digest."""
    digest_quota: Annotated[int, Field(ge=1, le=50)] = 8
    """Papers per interest in one digest, unless the interest says otherwise."""
    digest_threshold: Annotated[float, Field(ge=0, le=100)] = 15.0
    """Lowest match, 0 to 100, that gets into a digest, unless the interest says otherwise."""
    digest_trending: Annotated[int, Field(ge=0, le=20)] = 3
    """Trending papers in one digest."""
    digest_outside: Annotated[int, Field(ge=0, le=5)] = 2
    """Papers a little outside a reader's usual in one digest."""
    digest_lookback_days: Annotated[int, Field(ge=1, le=60)] = 7
    """Days of announcements that a digest looks back over at the most."""
    log_format: LogFormat = LogFormat.AUTO
    """`text`, `json`, or `auto`: text on a terminal, JSON elsewhere."""

    @field_validator("data_dir", "outbox", "smtp_ca_file")
    @classmethod
    def _expanded(cls, value: Path | None) -> Path | None:
        return value.expanduser() if value is not None else None

    @field_validator("categories", mode="before")
    @classmethod
    def _split_categories(cls, value: object) -> object:
        if isinstance(value, str):
            return tuple(filter(None, re.split(r"[\s,]+", value)))
        return value

    @field_validator("categories")
    @classmethod
    def _known_categories(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        if not value:
            raise ValueError("name at least one arXiv category, for example cs.CL")
        return tuple(dict.fromkeys(check_category(code) for code in value))

    @field_validator("base_url")
    @classmethod
    def _absolute_url(cls, value: str) -> str:
        parts = urlsplit(value)
        if parts.scheme not in {"http", "https"} or not parts.hostname or parts.query:
            raise ValueError("give an absolute address such as https://papers.example.org")
        return value.rstrip("/")

    @field_validator("sender_address", "reply_to", "bounce_address")
    @classmethod
    def _mail_address(cls, value: str) -> str:
        if not value:
            return value
        try:
            return validate_email(value, check_deliverability=False).normalized
        except EmailNotValidError as error:
            raise ValueError(str(error)) from None

    @field_validator("digest_at", mode="before")
    @classmethod
    def _local_time(cls, value: object) -> object:
        # Left to pydantic, 7 would be seven seconds past midnight.
        return value if isinstance(value, time) else parse_time(str(value))

    @field_validator("digest_zone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (OSError, ValueError, ZoneInfoNotFoundError):
            raise ValueError(f"unknown time zone {value!r}; write Europe/Berlin or UTC") from None
        return value

    @field_validator("digest_weekdays")
    @classmethod
    def _known_weekdays(cls, value: str) -> str:
        parse_weekdays(value)
        return value

    @field_validator("database_url")
    @classmethod
    def _known_database(cls, value: SecretStr) -> SecretStr:
        url = value.get_secret_value()
        if url and not is_database_url(url):
            raise ValueError("write sqlite:///path/to/file.db or postgresql://user@host/name")
        return value

    @field_validator("secret_key")
    @classmethod
    def _long_key(cls, value: SecretStr) -> SecretStr:
        if 0 < len(value.get_secret_value()) < SHORTEST_KEY:
            raise ValueError(f"{SHORTEST_KEY} characters or more, or empty for a generated one")
        return value

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if self.mailer is MailerKind.SMTP and not self.smtp_host:
            raise ValueError("PAPERROUND_SMTP_HOST is needed when PAPERROUND_MAILER is smtp")
        if self.mode is Mode.PRODUCTION:
            problems = _insecure(self)
            if problems:
                raise ValueError("; ".join(problems))
        return self

    @property
    def database(self) -> str:
        """The database URL in SQLAlchemy's form, with the default filled in."""
        url = self.database_url.get_secret_value()
        if not url:
            return f"sqlite:///{self.data_dir / 'paperround.db'}"
        return sqlalchemy_url(url)

    @property
    def outbox_dir(self) -> Path:
        """The folder of the folder mailer, with the default filled in."""
        return self.outbox or self.data_dir / "outbox"

    @property
    def secret_key_file(self) -> Path:
        """Where `paperround init` keeps the key it generates."""
        return self.data_dir / "secret.key"

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Read nothing but the values given: `load_settings` gathers them itself."""
        return (init_settings,)


def _insecure(settings: Settings) -> list[str]:
    """Return what production refuses, each with its variable and the mend."""
    problems = []
    url = urlsplit(settings.base_url)
    if url.scheme != "https" and not is_local(url.hostname):
        problems.append("PAPERROUND_BASE_URL must begin with https:// in production")
    if settings.sender_address.endswith("@example.com"):
        problems.append("PAPERROUND_SENDER_ADDRESS must be an address of yours in production")
    plain = settings.smtp_security is Security.NONE and not is_local(settings.smtp_host)
    if settings.mailer is MailerKind.SMTP and plain:
        problems.append(
            "PAPERROUND_SMTP_SECURITY=none sends mail in the clear; use starttls or tls"
        )
    return problems

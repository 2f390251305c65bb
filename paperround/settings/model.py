"""Every setting, typed, described and checked; insecure values are refused in production.

Where the values come from is decided in `paperround.settings.load`; nothing here reads a file or
opens a connection.
"""

import os
import re
from datetime import time, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Self
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import Field, SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, PydanticBaseSettingsSource, SettingsConfigDict

from paperround.settings.mail import MailerKind, MailSettings, Security
from paperround.settings.values import (
    SHORTEST_KEY,
    is_database_url,
    is_local,
    parse_time,
    parse_weekdays,
    sqlalchemy_url,
)
from paperround.taxonomy import check_category

__all__ = ["LogFormat", "Mode", "OnAmbiguous", "Settings"]

PREFIX = "PAPERROUND_"


class Mode(StrEnum):
    """How strict to be: outside development insecure values are refused."""

    DEVELOPMENT = "development"
    PRODUCTION = "production"


class OnAmbiguous(StrEnum):
    """What becomes of a mail after a crash that left it in doubt."""

    RESEND = "resend"
    HOLD = "hold"


class LogFormat(StrEnum):
    """How log lines look: `auto` is text on a terminal and JSON elsewhere."""

    AUTO = "auto"
    TEXT = "text"
    JSON = "json"


def _default_data_dir() -> Path:
    base = os.environ.get("XDG_DATA_HOME") or "~/.local/share"
    return Path(base).expanduser() / "paperround"


class Settings(MailSettings):
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
    former_secret_keys: SecretStr = SecretStr("")
    """Keys of before, separated by spaces: links they signed stay good, new ones are not made."""
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
    digest_at: time = time(7, 0)
    """Local time of day at which new readers get their digest."""
    digest_zone: str = "UTC"
    """IANA time zone of new readers."""
    digest_weekdays: str = "mon-fri"
    """Weekdays on which new readers get a digest."""
    digest_spread_minutes: Annotated[int, Field(ge=0, le=60)] = 3
    """Minutes after their hour over which readers are spread, each always at the same one."""
    digest_max_lateness_hours: Annotated[float, Field(gt=0, le=72)] = 12.0
    """Hours after its time at which a digest is not sent any more: the next one makes up for it."""
    on_ambiguous: OnAmbiguous = OnAmbiguous.RESEND
    """What becomes of a mail that the relay may have: `resend` the same bytes, or `hold` it for you
    to decide."""
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

    @field_validator("data_dir")
    @classmethod
    def _expanded_folder(cls, value: Path) -> Path:
        return value.expanduser()

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
    def _secure(self) -> Self:
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
    def former_keys(self) -> tuple[str, ...]:
        """The keys of before, the newest first."""
        return tuple(self.former_secret_keys.get_secret_value().split())

    @property
    def spread(self) -> timedelta:
        """Over how long the readers of one hour are spread."""
        return timedelta(minutes=self.digest_spread_minutes)

    @property
    def max_lateness(self) -> timedelta:
        """How late a digest may be."""
        return timedelta(hours=self.digest_max_lateness_hours)

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

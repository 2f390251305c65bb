"""What an operator can set, and where each value came from."""

from paperround.settings.load import SECRETS, LoadedSettings, load_settings
from paperround.settings.model import (
    LogFormat,
    MailerKind,
    Mode,
    Security,
    Settings,
)
from paperround.settings.values import SHORTEST_KEY, parse_time, parse_weekdays, weekday_names

__all__ = [
    "SECRETS",
    "SHORTEST_KEY",
    "LoadedSettings",
    "LogFormat",
    "MailerKind",
    "Mode",
    "Security",
    "Settings",
    "load_settings",
    "parse_time",
    "parse_weekdays",
    "weekday_names",
]

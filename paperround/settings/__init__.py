"""What an operator can set, and where each value came from."""

from paperround.settings.load import SECRETS, LoadedSettings, load_settings
from paperround.settings.mail import MailerKind, Security
from paperround.settings.model import LogFormat, Mode, OnAmbiguous, Settings
from paperround.settings.values import SHORTEST_KEY, parse_time, parse_weekdays, weekday_names

__all__ = [
    "SECRETS",
    "SHORTEST_KEY",
    "LoadedSettings",
    "LogFormat",
    "MailerKind",
    "Mode",
    "OnAmbiguous",
    "Security",
    "Settings",
    "load_settings",
    "parse_time",
    "parse_weekdays",
    "weekday_names",
]

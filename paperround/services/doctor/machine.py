"""Looks at the machine and the settings: versions, folder, key, clock, zones, model, links."""

import importlib.metadata
import os
import platform
import shutil
from datetime import UTC, datetime
from zoneinfo import available_timezones

from paperround import __version__
from paperround.services.doctor.check import Check
from paperround.settings import SHORTEST_KEY, Mode, Settings
from recommender.embedding import DEFAULT_MODEL, check_packaged_model
from recommender.errors import ModelError

__all__ = ["before_the_store", "links", "model"]

PACKAGES = ("sqlalchemy", "scikit-learn", "sentence-transformers", "torch", "jinja2", "tzdata")
LOW_SPACE_BYTES = 500_000_000
RELEASED_AT = datetime(2026, 11, 21, tzinfo=UTC)


def before_the_store(settings: Settings, now: datetime) -> list[Check]:
    """Look at what every command needs before it can open the database."""
    found = [_versions(), _data_dir(settings), _secret_key(settings), _clock(now), _zones()]
    return [*found, _mode(settings)]


def _versions() -> Check:
    found = [f"paperround {__version__}", f"Python {platform.python_version()}"]
    found += [f"{name} {importlib.metadata.version(name)}" for name in PACKAGES]
    return Check("versions", "ok", ", ".join(found))


def _data_dir(settings: Settings) -> Check:
    path = settings.data_dir
    if not path.is_dir():
        return Check("data folder", "error", f"{path} is missing", "run `paperround init`")
    if not os.access(path, os.W_OK):
        return Check(
            "data folder", "error", f"{path} cannot be written", "change its owner or mode"
        )
    free = shutil.disk_usage(path).free
    if free < LOW_SPACE_BYTES:
        return Check(
            "data folder", "warning", f"{path}: {free / 1e6:,.0f} MB free", "free some space"
        )
    return Check("data folder", "ok", f"{path}, {free / 1e9:,.1f} GB free")


def _secret_key(settings: Settings) -> Check:
    if settings.secret_key.get_secret_value():
        return Check("secret key", "ok", "set by PAPERROUND_SECRET_KEY")
    path = settings.secret_key_file
    if not path.exists():
        return Check("secret key", "error", f"{path} is missing", "run `paperround init`")
    if path.stat().st_size < SHORTEST_KEY:
        return Check(
            "secret key", "error", f"{path} holds no key", f"`rm {path}`, then `paperround init`"
        )
    if path.stat().st_mode & 0o077:
        return Check("secret key", "warning", f"others can read {path}", f"run `chmod 600 {path}`")
    return Check("secret key", "ok", str(path))


def _clock(now: datetime) -> Check:
    found = f"{now:%Y-%m-%d %H:%M} UTC"
    if now < RELEASED_AT:
        mend = "set this machine's clock: due times, leases and links depend on it"
        return Check("clock", "error", f"{found}, before this program was written", mend)
    return Check("clock", "ok", found)


def _zones() -> Check:
    count = len(available_timezones())
    if count < 400:
        return Check("time zones", "error", f"{count} known", "install the tzdata package")
    return Check("time zones", "ok", f"{count} known")


def _mode(settings: Settings) -> Check:
    if settings.mode is Mode.DEVELOPMENT:
        return Check(
            "mode",
            "warning",
            "development: insecure values are let through",
            "set PAPERROUND_MODE=production before inviting readers",
        )
    return Check("mode", "ok", "production")


def model(settings: Settings) -> Check:
    """Look at the embedding model."""
    if settings.model != DEFAULT_MODEL:
        return Check("model", "ok", f"{settings.model}; loaded when something is embedded")
    try:
        path = check_packaged_model()
    except ModelError as error:
        return Check("model", "error", str(error), "install Paper Round again")
    return Check("model", "ok", f"{settings.model}, its weights are the published ones ({path})")


def links(settings: Settings) -> Check:
    """Look at the address that links in mails begin with."""
    if not settings.base_url.startswith("https://"):
        return Check(
            "links",
            "warning",
            f"links in mails begin with {settings.base_url}: readers elsewhere cannot open them, "
            "and one-click unsubscribe needs https",
            "set PAPERROUND_BASE_URL to your public https:// address",
        )
    return Check("links", "ok", settings.base_url)

"""Looks for what would go wrong, and says how to mend it.

Every check is one small function that looks and tells; none of them changes anything, and a failing
one never hides the others.
"""

import importlib.metadata
import os
import platform
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal
from zoneinfo import available_timezones

from digest.errors import MailError
from digest.mail import SmtpMailer
from paperround import __version__
from paperround.errors import StoreError
from paperround.mailers import choose_mailer
from paperround.settings import SHORTEST_KEY, MailerKind, Mode, Settings
from paperround.store.embeddings import count_unembedded
from paperround.store.engine import Database
from paperround.store.papers import count_papers, latest_announcement
from paperround.store.readers import count_readers, readers_without_interests
from paperround.store.schema import check_schema, current_revision
from recommender.embedding import DEFAULT_MODEL, check_packaged_model
from recommender.errors import ModelError

__all__ = ["Check", "examine"]

PACKAGES = ("sqlalchemy", "scikit-learn", "sentence-transformers", "torch", "jinja2", "tzdata")
LOW_SPACE_BYTES = 500_000_000
RELEASED_AT = datetime(2026, 11, 21, tzinfo=UTC)
STALE = timedelta(days=4)
"""arXiv announces nothing from Friday to Sunday evening, and a holiday may be added to that."""


@dataclass(frozen=True, slots=True)
class Check:
    """What one look found."""

    what: str
    status: Literal["ok", "warning", "error"]
    found: str
    mend: str = ""


def examine(settings: Settings, now: datetime) -> list[Check]:
    """Look at everything and return what was found, in the order in which it should be mended."""
    checks = [_versions(), _data_dir(settings), _secret_key(settings), _clock(now), _zones()]
    checks.append(_mode(settings))
    database = Database(settings.database)
    try:
        schema = _database(database)
        checks.append(schema)
        if schema.status == "ok":
            checks += [look(database, settings, now) for look in _STORE_CHECKS]
    finally:
        database.dispose()
    return [*checks, _model(settings), _mail(settings), _links(settings)]


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


def _database(database: Database) -> Check:
    try:
        check_schema(database)
        revision = current_revision(database)
    except StoreError as error:
        return Check("database", "error", str(error), "see the message")
    return Check("database", "ok", f"{database.display_url}, revision {revision}")


def _papers(database: Database, _settings: Settings, now: datetime) -> Check:
    with database.read() as session:
        count, latest = count_papers(session), latest_announcement(session)
    if latest is None:
        return Check("papers", "error", f"{count:,} papers, none announced", "`paperround ingest`")
    found = f"{count:,} papers, the latest announced on {latest}"
    if latest > now.date() + timedelta(days=1):
        return Check("papers", "warning", f"{found}: in the future", "check this machine's clock")
    if now.date() - latest > STALE:
        return Check("papers", "warning", found, "run `paperround ingest` every day, by cron")
    return Check("papers", "ok", found)


def _vectors(database: Database, settings: Settings, now: datetime) -> Check:
    since = now.date() - timedelta(days=settings.digest_lookback_days)
    with database.read() as session:
        missing = count_unembedded(session, settings.model, since=since)
    if missing:
        found = f"{missing:,} recent papers have no vector of {settings.model}"
        return Check("vectors", "warning", found, "run `paperround embed`")
    return Check("vectors", "ok", f"every recent paper has one of {settings.model}")


def _readers(database: Database, _settings: Settings, _now: datetime) -> Check:
    with database.read() as session:
        count = count_readers(session)
        silent = [reader.address for reader in readers_without_interests(session)]
    if not count:
        return Check("readers", "warning", "nobody yet", "`paperround reader add ADDRESS`")
    if silent:
        return Check(
            "readers",
            "warning",
            f"{count:,}, of whom {len(silent):,} have no interest and get nothing",
            f"`paperround interest add {silent[0]} NAME --prose ...`",
        )
    return Check("readers", "ok", f"{count:,}, all with interests")


_STORE_CHECKS: tuple[Callable[[Database, Settings, datetime], Check], ...] = (
    _papers,
    _vectors,
    _readers,
)


def _model(settings: Settings) -> Check:
    if settings.model != DEFAULT_MODEL:
        return Check("model", "ok", f"{settings.model}; loaded when something is embedded")
    try:
        path = check_packaged_model()
    except ModelError as error:
        return Check("model", "error", str(error), "install Paper Round again")
    return Check("model", "ok", f"{settings.model}, its weights are the published ones ({path})")


def _mail(settings: Settings) -> Check:
    if settings.mailer is MailerKind.FOLDER:
        return Check(
            "mail",
            "warning",
            f"mails are files in {settings.outbox_dir}, nobody gets them",
            "set PAPERROUND_MAILER=smtp and PAPERROUND_SMTP_HOST",
        )
    try:
        with choose_mailer(settings) as mailer:
            if isinstance(mailer, SmtpMailer):
                mailer.check()
    except MailError as error:
        return Check("mail", "error", str(error), "check the PAPERROUND_SMTP_* settings")
    security = settings.smtp_security
    return Check("mail", "ok", f"{settings.smtp_host}:{settings.smtp_port}, {security}")


def _links(settings: Settings) -> Check:
    if not settings.base_url.startswith("https://"):
        return Check(
            "links",
            "warning",
            f"links in mails begin with {settings.base_url}: readers elsewhere cannot open them, "
            "and one-click unsubscribe needs https",
            "set PAPERROUND_BASE_URL to your public https:// address",
        )
    return Check("links", "ok", settings.base_url)

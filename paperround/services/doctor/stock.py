"""Looks at the database: is it there, and are papers, vectors and readers in it."""

from datetime import datetime, timedelta

from paperround.errors import StoreError
from paperround.services.doctor.check import Check
from paperround.settings import Settings
from paperround.store.embeddings import count_unembedded
from paperround.store.engine import Database
from paperround.store.papers import count_papers, latest_announcement
from paperround.store.readers import count_readers, readers_without_interests
from paperround.store.schema import check_schema, current_revision

__all__ = ["database", "papers", "readers", "vectors"]

STALE = timedelta(days=4)
"""arXiv announces nothing from Friday to Sunday evening, and a holiday may be added to that."""


def database(store: Database) -> Check:
    """Look whether the database is there and of this version."""
    try:
        check_schema(store)
        revision = current_revision(store)
    except StoreError as error:
        return Check("database", "error", str(error), "see the message")
    return Check("database", "ok", f"{store.display_url}, revision {revision}")


def papers(store: Database, _settings: Settings, now: datetime) -> Check:
    """Look at the papers, and how new they are."""
    with store.read() as session:
        count, latest = count_papers(session), latest_announcement(session)
    if latest is None:
        return Check("papers", "error", f"{count:,} papers, none announced", "`paperround ingest`")
    found = f"{count:,} papers, the latest announced on {latest}"
    if latest > now.date() + timedelta(days=1):
        return Check("papers", "warning", f"{found}: in the future", "check this machine's clock")
    if now.date() - latest > STALE:
        return Check("papers", "warning", found, "run `paperround ingest` every day, by cron")
    return Check("papers", "ok", found)


def vectors(store: Database, settings: Settings, now: datetime) -> Check:
    """Look for recent papers without a vector."""
    since = now.date() - timedelta(days=settings.digest_lookback_days)
    with store.read() as session:
        missing = count_unembedded(session, settings.model, since=since)
    if missing:
        found = f"{missing:,} recent papers have no vector of {settings.model}"
        return Check("vectors", "warning", found, "run `paperround embed`")
    return Check("vectors", "ok", f"every recent paper has one of {settings.model}")


def readers(store: Database, _settings: Settings, _now: datetime) -> Check:
    """Look for readers who would get nothing."""
    with store.read() as session:
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

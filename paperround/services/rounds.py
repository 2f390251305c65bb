"""What one process does all day: bring papers in, send what is due, read bounces, tidy up.

Every piece looks itself whether there is anything to do, so that it may be called as often as one
likes and by as many hosts as one likes: one at a time does it.
"""

import logging
import os
import socket
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime, time, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

from paperround.context import App
from paperround.errors import PaperRoundError
from paperround.services.bounces import read_bounces
from paperround.services.embed import embed
from paperround.services.ingest import ingest
from paperround.services.mails import Mails
from paperround.services.send import Stopping, send_due
from paperround.services.sources import feed_source
from paperround.services.subscribe import purge_unconfirmed
from paperround.settings import Settings
from paperround.sources.protocol import Source
from paperround.store.bounces import forget_bounces
from paperround.store.jobs import finish_job, job_named, take_job
from paperround.store.papers import latest_announcement
from recommender.errors import RecommenderError
from scheduler.due import Due, latest_due
from scheduler.jobs import Job

__all__ = ["OpenSource", "bring_in", "is_expected", "read_mailbox", "rounds", "tidy_up"]

logger = logging.getLogger(__name__)

OpenSource = Callable[[Settings], AbstractContextManager[Source]]

TICK = timedelta(seconds=30)
LEASE = timedelta(hours=2)
"""Embedding a large backlog takes its time; a host that died in it is replaced after this."""
RETRY = timedelta(minutes=20)
PATIENCE = timedelta(hours=12)
"""After which a day without an announcement is taken for a holiday."""

REMEMBERED = timedelta(days=180)
"""For how long reports of failed deliveries are kept."""

# arXiv's feeds change at midnight, Eastern time, from Monday to Friday.
_FEED_AT = time(0, 10)
_FEED_ZONE = ZoneInfo("America/New_York")
_FEED_DAYS = frozenset(range(1, 6))


def rounds(app: App, stopping: Stopping) -> list[Job]:
    """Return the regular work of one process."""
    mails = Mails(app)
    jobs = [
        Job("send", TICK, lambda: send_due(app, mails=mails, stopping=stopping)),
        Job("ingest", timedelta(minutes=5), lambda: bring_in(app)),
        Job("housekeeping", timedelta(hours=1), lambda: tidy_up(app)),
    ]
    if app.settings.bounce_mailbox:
        jobs.append(Job("bounces", timedelta(minutes=5), lambda: read_mailbox(app)))
    return jobs


def bring_in(app: App, *, feed: OpenSource = feed_source) -> bool:
    """Bring in and embed the announcements if new ones are expected; return whether they were.

    A source that fails is asked again after a while; the job's row says why.

    Args:
        app: The application.
        feed: Opens the source, as a context manager.
    """
    now = app.clock()
    with app.database.read() as session:
        last = job_named(session, "ingest")
        latest_on = latest_announcement(session)
        started_at = last.started_at if last is not None else None
    has_day = latest_on is not None and latest_on >= _expected(now).on
    if not is_expected(now, started_at, has_day=has_day):
        return False
    return _once(app, "ingest", lambda: _ingest_and_embed(app, feed))


def is_expected(now: datetime, started_at: datetime | None, *, has_day: bool) -> bool:
    """Return whether it is time to look for new papers.

    Args:
        now: The present instant.
        started_at: When one last looked; None if never.
        has_day: Whether the latest announcement that should be out is here already.
    """
    if has_day:
        return False
    expected_at = _expected(now).at
    if started_at is None or started_at < expected_at:
        return True
    return now - started_at >= RETRY and now - expected_at <= PATIENCE


def tidy_up(app: App) -> bool:
    """Forget what is not needed any more: unconfirmed subscriptions, old reports of failures."""
    return _once(app, "housekeeping", lambda: _forget(app))


def read_mailbox(app: App) -> bool:
    """Take the reports of failed deliveries from the mailbox of bounces."""
    return _once(app, "bounces", lambda: str(read_bounces(app)))


def _expected(now: datetime) -> Due:
    return latest_due(now, at=_FEED_AT, zone=_FEED_ZONE, weekdays=_FEED_DAYS)


def _forget(app: App) -> str:
    unconfirmed = purge_unconfirmed(app)
    with app.database.write() as session:
        reports = forget_bounces(session, app.clock() - REMEMBERED)
    return f"{unconfirmed} unconfirmed and {reports} old reports removed"


def _ingest_and_embed(app: App, feed: OpenSource) -> str:
    with feed(app.settings) as source:
        report = ingest(app, source)
    vectors = embed(app)
    return f"{report.papers.added} papers added, {vectors.papers} embedded"


def _once(app: App, name: str, work: Callable[[], str]) -> bool:
    """Do a job unless another process is at it, and write down what became of it."""
    owner = f"{socket.gethostname()}-{os.getpid()}-{uuid4().hex[:8]}"
    now = app.clock()
    with app.database.write() as session:
        if not take_job(session, name, owner, now, now + LEASE):
            return False
    try:
        outcome = work()
    except (PaperRoundError, RecommenderError) as error:
        logger.error("job_failed name=%s problem=%r", name, str(error))
        outcome = f"failed: {error}"
    with app.database.write() as session:
        finish_job(session, name, owner, app.clock(), outcome)
    logger.info("job name=%s outcome=%r", name, outcome)
    return True

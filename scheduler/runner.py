"""The heartbeat: calls each job every so often, and never decides what is due.

APScheduler drops calls that come a second late, doubles what two schedulers share, and loses days
when clocks change; so it keeps nothing here but a beat in UTC. Whoever is called looks into the
database for what is due, and a beat that is late or lost is made up for by the next one.
"""

import logging
from datetime import UTC, datetime
from types import TracebackType
from typing import Self

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.interval import IntervalTrigger

from scheduler.jobs import Job

__all__ = ["Heartbeat"]

logger = logging.getLogger(__name__)


class Heartbeat:
    """Calls jobs while it is entered; each in a thread of its own, never twice at a time.

    Args:
        jobs: With names of their own.
        first_at: When all are called for the first time: now.
    """

    def __init__(self, jobs: list[Job], first_at: datetime) -> None:
        self._scheduler = BackgroundScheduler(
            timezone=UTC,
            executors={"default": ThreadPoolExecutor(max(1, len(jobs)))},
            job_defaults={"coalesce": True, "misfire_grace_time": None, "max_instances": 1},
        )
        for job in jobs:
            trigger = IntervalTrigger(seconds=job.every.total_seconds(), timezone=UTC)
            self._scheduler.add_job(
                _Guarded(job), trigger, id=job.name, name=job.name, next_run_time=first_at
            )

    def __enter__(self) -> Self:
        """Begin to beat."""
        self._scheduler.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Call nobody any more, and wait for those who were called."""
        self._scheduler.shutdown(wait=True)


class _Guarded:
    """A job whose failure is a line in the log; the next beat calls it again."""

    def __init__(self, job: Job) -> None:
        self._job = job

    def __call__(self) -> None:
        try:
            self._job.call()
        except Exception:
            logger.exception("job_failed name=%s; it is called again in %s", *self._told())

    def _told(self) -> tuple[str, str]:
        return self._job.name, str(self._job.every)

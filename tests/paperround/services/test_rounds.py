"""What one process does all day: each piece when it is time, and one process at a time."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from threading import Event

import pytest

from digest.testing import MemoryMailer
from paperround.context import App
from paperround.errors import SourceUnreachableError
from paperround.records import PaperRecord
from paperround.services.rounds import OpenSource, bring_in, is_expected, rounds, tidy_up
from paperround.settings import Settings
from paperround.sources.protocol import Source
from paperround.sources.testing import FakeSource
from paperround.store.jobs import job_named, take_job
from paperround.store.models import Job
from paperround.store.papers import count_papers
from paperround.testing import FrozenClock
from tests.paperround.services.conftest import AUCTIONS, CODING, paper

# arXiv's feed of Tuesday, May 5, changes at 04:00 UTC.
TUESDAY = datetime(2026, 5, 5, 4, 30, tzinfo=UTC)
HOUR = timedelta(hours=1)


def _feed(*records: PaperRecord) -> OpenSource:
    @contextmanager
    def opened(_settings: Settings) -> Iterator[Source]:
        yield FakeSource(list(records))

    return opened


class _Dead(FakeSource):
    """A source that does not answer."""

    def fetch(self, since: date | None = None) -> Iterator[PaperRecord]:
        """Fail."""
        raise SourceUnreachableError("arXiv", "timed out")


@contextmanager
def _dead(_settings: Settings) -> Iterator[Source]:
    yield _Dead([])


def _job(app: App, name: str) -> Job:
    with app.database.read() as session:
        job = job_named(session, name)
        assert job is not None
        session.expunge(job)
        return job


@pytest.mark.parametrize(
    ("now", "started", "has_day", "expected"),
    [
        (TUESDAY, None, False, True),
        (TUESDAY, None, True, False),
        (TUESDAY, TUESDAY - 3 * HOUR, False, True),
        (TUESDAY, TUESDAY - HOUR / 6, False, False),
        (TUESDAY + HOUR, TUESDAY, False, True),
        (TUESDAY + 13 * HOUR, TUESDAY + 11 * HOUR, False, False),
    ],
)
def test_new_papers_are_looked_for_from_the_announcement_on(
    now: datetime, started: datetime | None, has_day: bool, expected: bool
) -> None:
    """Every twenty minutes until they are there, or it must be a holiday."""
    assert is_expected(now, started, has_day=has_day) is expected


def test_papers_come_in_with_their_vectors_once(app: App, clock: FrozenClock) -> None:
    """The job's row says what it did."""
    clock.now = TUESDAY
    records = [paper(number, CODING, TUESDAY.date()) for number in (1, 2, 3)]

    first = bring_in(app, feed=_feed(*records))
    second = bring_in(app, feed=_feed(paper(4, AUCTIONS, TUESDAY.date())))

    assert (first, second) == (True, False)
    assert _job(app, "ingest").outcome == "3 papers added, 3 embedded"
    with app.database.read() as session:
        assert count_papers(session) == 3


def test_a_source_that_fails_is_written_down_and_asked_again(app: App, clock: FrozenClock) -> None:
    """A dead source never stops the process."""
    clock.now = TUESDAY
    bring_in(app, feed=_dead)
    failed = _job(app, "ingest")
    clock.advance(timedelta(minutes=20))

    again = bring_in(app, feed=_feed(paper(1, CODING, TUESDAY.date())))

    assert "timed out" in failed.outcome
    assert failed.lease_owner is None
    assert again
    assert _job(app, "ingest").outcome.startswith("1 papers added")


def test_a_job_that_another_host_has_is_left_to_it(app: App, clock: FrozenClock) -> None:
    """T02: two hosts do not bring in the same day at once."""
    clock.now = TUESDAY
    with app.database.write() as session:
        take_job(session, "ingest", "another-host", TUESDAY, TUESDAY + HOUR)

    assert bring_in(app, feed=_feed(paper(1, CODING, TUESDAY.date()))) is False


def test_tidying_up_is_a_job_like_others(app: App) -> None:
    """With its outcome in words."""
    assert tidy_up(app)
    assert "0 unconfirmed" in _job(app, "housekeeping").outcome


def test_the_round_sends_what_is_due(
    stocked: App, clock: FrozenClock, mailer: MemoryMailer
) -> None:
    """The heartbeat calls the same function as `paperround send --due`."""
    clock.advance(timedelta(days=1))
    jobs = {job.name: job for job in rounds(stocked, Event())}

    jobs["send"].call()
    jobs["send"].call()

    assert len(mailer.messages) == 1
    assert "bounces" not in jobs

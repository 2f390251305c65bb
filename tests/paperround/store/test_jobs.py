"""Regular work: one process at a time, and its outcome is written down."""

from paperround.store.engine import Database
from paperround.store.jobs import all_jobs, finish_job, job_named, take_job
from tests.paperround.store.rows import LEASE, NOW


def test_a_job_is_done_by_one_process_at_a_time(database: Database) -> None:
    """Until it is finished, or its lease is over."""
    with database.write() as session:
        first = take_job(session, "ingest", "a", NOW, NOW + LEASE)
        second = take_job(session, "ingest", "b", NOW, NOW + LEASE)
        late = NOW + 2 * LEASE
        third = take_job(session, "ingest", "c", late, late + LEASE)

    assert (first, second, third) == (True, False, True)


def test_what_became_of_a_job_is_kept(database: Database) -> None:
    """By whoever still has it: one that lost its lease changes nothing."""
    with database.write() as session:
        take_job(session, "ingest", "a", NOW, NOW + LEASE)
        finish_job(session, "ingest", "b", NOW, "stolen")
        finish_job(session, "ingest", "a", NOW + LEASE, "7 papers added")

    with database.read() as session:
        (job,) = all_jobs(session)
        assert (job.outcome, job.finished_at) == ("7 papers added", NOW + LEASE)
        assert job_named(session, "unheard-of") is None

"""Regular work that one process does at a time, on any number of hosts."""

from datetime import datetime

from sqlalchemy import or_, select, update
from sqlmodel import Session, col

from paperround.store.deliveries import in_place
from paperround.store.dialect import insert_ignoring
from paperround.store.models import Job

__all__ = ["all_jobs", "finish_job", "job_named", "take_job"]


def take_job(session: Session, name: str, owner: str, now: datetime, until: datetime) -> bool:
    """Take a job unless another process has it; its lease ends at `until`."""
    session.execute(insert_ignoring(session, Job).values(name=name, outcome=""))
    free = or_(col(Job.lease_until).is_(None), col(Job.lease_until) < now)
    statement = (
        update(Job)
        .where(col(Job.name) == name, free)
        .values(lease_owner=owner, lease_until=until, started_at=now)
        .returning(col(Job.name))
    )
    return session.execute(in_place(statement)).first() is not None


def finish_job(session: Session, name: str, owner: str, now: datetime, outcome: str) -> None:
    """Let go of a job and write down what became of it; without its lease nothing happens."""
    statement = (
        update(Job)
        .where(col(Job.name) == name, col(Job.lease_owner) == owner)
        .values(lease_owner=None, lease_until=None, finished_at=now, outcome=outcome)
    )
    session.execute(in_place(statement))


def job_named(session: Session, name: str) -> Job | None:
    """Return a job's row; None when it never ran."""
    return session.get(Job, name)


def all_jobs(session: Session) -> list[Job]:
    """Return all jobs by name."""
    return list(session.execute(select(Job).order_by(col(Job.name))).scalars())

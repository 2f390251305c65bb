"""Turns a case into words; pure."""

from paperround.services.why.absence import about_absence
from paperround.services.why.case import Answer, Case
from paperround.services.why.rows import about_row

__all__ = ["explain"]


def explain(case: Case) -> Answer:
    """Return why a mail did or did not go out."""
    return about_row(case, case.row) if case.row is not None else about_absence(case)

"""When arXiv announces what was submitted when.

Knows the weekly rhythm, not the holidays on which arXiv announces nothing, nor papers that its
moderators hold back: the day given here is the earliest possible one.

Source: https://info.arxiv.org/help/availability.html
"""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

__all__ = ["announcement_day"]

_ARXIV_ZONE = ZoneInfo("America/New_York")
_DEADLINE = time(14, 0)
_FRIDAY = 4


def announcement_day(submitted_at: datetime) -> date:
    """Return the day, Monday to Friday, of the listing that announces a submission.

    What arrives before 14:00 US Eastern time on a working day is mailed at 20:00 and stands in the
    listing of the next working day: Monday's papers on Tuesday, Thursday's on Friday, Friday's
    (mailed on Sunday) on Monday; what arrives from Friday 14:00 to Monday 14:00 on Tuesday.

    Args:
        submitted_at: When the first version was submitted; aware, any zone.

    Raises:
        ValueError: `submitted_at` is naive.
    """
    if submitted_at.tzinfo is None:
        raise ValueError("submitted_at must be aware")
    local = submitted_at.astimezone(_ARXIV_ZONE)
    processed_on = local.date()
    if local.time() >= _DEADLINE:
        processed_on += timedelta(days=1)
    return _working_day(_working_day(processed_on) + timedelta(days=1))


def _working_day(day: date) -> date:
    """Return the day itself, or the Monday after a weekend day."""
    return day if day.weekday() <= _FRIDAY else day + timedelta(days=7 - day.weekday())

"""How often and when a reader gets a digest, in words."""

from collections.abc import Sequence

from paperround.store.models import Reader

__all__ = ["how_often"]

# Spelled out because `strftime` and `calendar` follow the locale of the process.
_NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
SHORTEST_RUN = 3
"""Days in a row that are said as "from ... to ..."."""


def how_often(reader: Reader) -> str:
    """Say when a reader's digests come: `from Monday to Friday at 07:00 (Europe/Berlin)`."""
    days = sorted(map(int, reader.weekdays))
    return f"{_days(days)} at {reader.digest_at:%H:%M} ({reader.zone})"


def _days(days: Sequence[int]) -> str:
    names = [_NAMES[day - 1] for day in days]
    if len(names) == len(_NAMES):
        return "every day"
    if len(names) >= SHORTEST_RUN and days[-1] - days[0] == len(days) - 1:
        return f"from {names[0]} to {names[-1]}"
    return "on " + " and ".join(filter(None, (", ".join(names[:-1]), names[-1])))

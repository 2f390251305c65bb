"""When the next mails may go: so many a second and an hour, for all workers of a relay together.

Pure: what is known of the relay comes in, and what is known afterwards goes out. Where it is kept,
and what a mail is, is for others to know.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

__all__ = ["Grant", "Pace", "Pacing", "refund", "reserve"]

BLOCK_S = 2.0
"""Seconds of the line that one worker reserves at once: others wait no longer for theirs."""
MARGIN = 1.02
"""Slots lie so much further apart than the rate asks for, since clocks and networks are uneven."""
SLOW_INTERVAL_S = 0.05
"""Seconds between mails for a relay without a rate that asks for less; times the slowdown."""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Pace:
    """What a relay takes."""

    per_second: float = 0.0
    """Mails per second; 0 is no limit."""
    per_hour: int = 0
    """Mails in any sixty minutes; 0 is no limit."""


@dataclass(frozen=True, slots=True)
class Pacing:
    """What is known of a relay's line."""

    next_slot_at: datetime | None
    minutes: Mapping[int, int]
    """Mails of each minute since the epoch, for the last hour."""
    slowdown: float = 1.0
    """By which the rate is divided, at least 1."""


@dataclass(frozen=True, slots=True)
class Grant:
    """Leave to hand over some mails."""

    count: int
    """How many; 0 when the hour is used up."""
    first_at: datetime
    """When the first may go; when to ask again if there is none."""
    interval: timedelta
    """Between one mail and the next."""

    def slot(self, number: int) -> datetime:
        """Return when the mail of this number, from 0, may go."""
        return self.first_at + number * self.interval

    def missed(self, number: int, now: datetime) -> bool:
        """Return whether a slot is over: what comes late would crowd those who are on time."""
        return bool(self.interval) and now > self.slot(number) + self.interval / 4


def reserve(
    pace: Pace,
    pacing: Pacing,
    wanted: int,
    now: datetime,
    patience: timedelta = timedelta(seconds=30),
) -> tuple[Grant, Pacing]:
    """Reserve slots for some mails and return them with what is known afterwards.

    Whoever would have to wait longer than `patience` reserves none: the line would only grow.

    Slots lie evenly: in any window of a second or longer there are never more than the rate allows.
    The hour is counted by minutes, the running one and the sixty before it, and so never exceeded.
    """
    minute = _minute(now)
    minutes = {at: n for at, n in pacing.minutes.items() if at >= minute - 60}
    interval = _interval(pace, pacing.slowdown)
    count = min(wanted, max(1, int(BLOCK_S / interval))) if interval else wanted
    if pace.per_hour:
        count = min(count, pace.per_hour - sum(minutes.values()))
    if interval and (pacing.next_slot_at or now) - now > patience:
        return Grant(0, pacing.next_slot_at or now, timedelta()), replace(pacing, minutes=minutes)
    if count <= 0:
        again = _EPOCH + timedelta(minutes=min(minutes, default=minute) + 61)
        return Grant(0, again, timedelta()), replace(pacing, minutes=minutes)
    first = max(now, pacing.next_slot_at or now) if interval else now
    step = timedelta(seconds=interval)
    if pace.per_hour:
        minutes[minute] = minutes.get(minute, 0) + count
    after = first + count * step if interval else None
    return Grant(count, first, step), replace(pacing, next_slot_at=after, minutes=minutes)


def refund(pacing: Pacing, count: int, now: datetime) -> Pacing:
    """Return what is known after some reserved mails did not go: the hour has room for others."""
    minutes = dict(pacing.minutes)
    minute = max((at for at in minutes if at <= _minute(now)), default=None)
    if minute is not None:
        minutes[minute] = max(0, minutes[minute] - count)
    return replace(pacing, minutes=minutes)


def _interval(pace: Pace, slowdown: float) -> float:
    if pace.per_second:
        return MARGIN * slowdown / pace.per_second
    return SLOW_INTERVAL_S * slowdown if slowdown > 1 else 0.0


def _minute(at: datetime) -> int:
    return int((at - _EPOCH).total_seconds() // 60)

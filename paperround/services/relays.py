"""The relay's turn: how fast mails go, and when it is left in peace.

What a fault means for the row and for the relay is decided by `verdict`, which is pure, from the
class of the error alone (reference part C4). What all workers must know is kept in the database, so
that a restart neither forgets a limit nor hammers a relay that is down.
"""

import logging
from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from threading import Lock

from digest.errors import (
    MailError,
    MessageRefusedError,
    Phase,
    RateLimitedError,
    RelayUnavailableError,
    SenderRefusedError,
)
from paperround.context import App
from paperround.settings import MailerKind
from paperround.store.models import Relay
from paperround.store.relays import locked_relay
from scheduler.pace import Grant, Pace, Pacing, refund, reserve

__all__ = ["Break", "Tally", "Verdict", "ask", "relay_name", "report", "return_slots", "verdict"]

logger = logging.getLogger(__name__)

PAUSE_MINUTES = (1, 2, 5, 10, 15, 30)
"""How long a relay is left in peace, by faults in a row."""
MIN_REFUSALS = 5
"""Alike refusals of different recipients before the fault is taken to be ours."""
POLICY_SHARE = 0.1
"""Share of a run that may be refused for policy before it is stopped."""
MESSAGE_SHARE = 1 / 3
"""Share of a run that may be refused for content before it is stopped."""
MAX_SLOWDOWN = 64.0
BREATH = timedelta(seconds=30)
"""Pause of a relay that asks for less."""


class Break(StrEnum):
    """What a fault means for the relay."""

    NONE = "none"
    SLOWER = "slower"
    """Half as fast, after a short pause."""
    PAUSE = "pause"
    """Nobody sends for some minutes."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a fault means."""

    relay: Break
    untouched: bool
    """Whether the row is given back as if it had not been tried."""


class Tally:
    """What one run met so far; shared by its connections."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._counts: Counter[str] = Counter()

    def add(self, kind: str) -> None:
        """Count one delivery."""
        with self._lock:
            self._counts[kind] += 1
            self._counts["all"] += 1

    def is_alike(self, kind: str, share: float) -> bool:
        """Return whether so many ended alike that the fault must be ours."""
        count = self._counts[kind]
        return count >= MIN_REFUSALS and count >= share * self._counts["all"]


def verdict(error: MailError, tally: Tally) -> Verdict:
    """Decide what a fault means, after it was counted.

    A relay that is away, or refuses us before it has heard of a recipient, is paused at once and
    the row stays as it was. A refusal of one recipient for policy, or of one mail for its content,
    may be theirs: only many of them are ours.
    """
    if isinstance(error, RelayUnavailableError):
        return Verdict(Break.PAUSE, untouched=True)
    if isinstance(error, SenderRefusedError):
        if error.phase not in (Phase.RCPT, Phase.DATA, Phase.BODY, Phase.DOT):
            return Verdict(Break.PAUSE, untouched=True)
        many = tally.is_alike("policy", POLICY_SHARE)
        return Verdict(Break.PAUSE if many else Break.NONE, untouched=False)
    if isinstance(error, MessageRefusedError):
        many = tally.is_alike("message", MESSAGE_SHARE)
        return Verdict(Break.PAUSE if many else Break.NONE, untouched=False)
    if isinstance(error, RateLimitedError):
        at_us = error.phase not in (Phase.RCPT, Phase.DATA, Phase.BODY, Phase.DOT)
        return Verdict(Break.SLOWER if at_us or error.code == 421 else Break.NONE, untouched=at_us)
    return Verdict(Break.NONE, untouched=False)


def kind_of(error: Exception | None) -> str:
    """Return under what a delivery is tallied."""
    if isinstance(error, SenderRefusedError):
        return "policy"
    return "message" if isinstance(error, MessageRefusedError) else "other"


def relay_name(app: App) -> str:
    """Return what the relay is called in the database."""
    settings = app.settings
    if settings.mailer is MailerKind.FOLDER:
        return f"folder {settings.outbox_dir}"
    return f"{settings.smtp_host}:{settings.smtp_port}"


def ask(app: App, wanted: int) -> tuple[Grant, str]:
    """Ask for leave to hand over some mails.

    Returns:
        The leave and, when the relay is paused, why; then nothing is granted.
    """
    now = app.clock()
    pace = Pace(app.settings.smtp_per_second, app.settings.smtp_per_hour)
    with app.database.write() as session:
        row = locked_relay(session, relay_name(app))
        if row.paused_until is not None and row.paused_until > now:
            return Grant(0, row.paused_until, timedelta()), row.reason
        grant, pacing = reserve(pace, _pacing(row), wanted, now)
        _keep(row, pacing)
    return grant, ""


def return_slots(app: App, count: int) -> None:
    """Give back leave that was not used."""
    if count and app.settings.smtp_per_hour:
        with app.database.write() as session:
            row = locked_relay(session, relay_name(app))
            _keep(row, refund(_pacing(row), count, app.clock()))


def report(app: App, broken: Break, reason: str) -> None:
    """Tell all workers how the relay is: well again, asking for less, or in need of peace."""
    now = app.clock()
    with app.database.write() as session:
        row = locked_relay(session, relay_name(app))
        if broken is Break.NONE:
            row.faults, row.reason, row.paused_until = 0, "", None
            row.slowdown = max(1.0, row.slowdown / 1.5)
            return
        row.faults += 1
        row.reason = reason
        if broken is Break.SLOWER:
            row.slowdown = min(row.slowdown * 2, MAX_SLOWDOWN)
            row.paused_until = now + BREATH
        else:
            row.paused_until = pause_end(row.faults, now)
    logger.error("relay_fault what=%s faults=%d reason=%r", broken, row.faults, reason)


def pause_end(faults: int, now: datetime) -> datetime:
    """Return until when a relay is left in peace after so many faults in a row."""
    return now + timedelta(minutes=PAUSE_MINUTES[min(faults, len(PAUSE_MINUTES)) - 1])


def is_troubled(app: App) -> bool:
    """Return whether there is a fault to be forgotten after a success."""
    with app.database.read() as session:
        row = session.get(Relay, relay_name(app))
        return row is not None and (row.faults > 0 or row.slowdown > 1)


def _pacing(row: Relay) -> Pacing:
    minutes = {int(at): count for at, count in row.minutes.items()}
    return Pacing(row.next_slot_at, minutes, row.slowdown)


def _keep(row: Relay, pacing: Pacing) -> None:
    row.next_slot_at = pacing.next_slot_at
    row.minutes = {str(at): count for at, count in pacing.minutes.items()}

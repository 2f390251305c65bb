"""Preferences by the link of a digest: what a reader gets and when, and a few changes of it.

The token says whose preferences; what a change means is for `services.preferences`.
"""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from zoneinfo import ZoneInfo

from digest.wording import long_date
from paperround.context import App
from paperround.errors import InvalidReaderError
from paperround.services.how_often import how_often
from paperround.services.leaving import unsubscribe_reader
from paperround.services.linked_papers import reader_with
from paperround.services.preferences import reschedule, resume, snooze
from paperround.services.subscribe import Subscription, subscribe
from paperround.store.models import Interest, Reader, ReaderState
from paperround.store.readers import interests_of
from paperround.tokens import Purpose

__all__ = ["Change", "ShownInterest", "ShownPreferences", "change_by_link", "preferences_of"]

PAUSE_DAYS = 30
WEEKLY = "mon"
"""The weekday of those who ask for one digest a week instead."""


class Change(StrEnum):
    """What the link can change; the words are part of the form."""

    PAUSE = "pause"
    RESUME = "resume"
    WEEKLY = "weekly"
    DAILY = "daily"
    """Back to the weekdays that new readers get."""
    UNSUBSCRIBE = "unsubscribe"
    RETURN = "return"
    """Ask for a confirmation mail: coming back is a new agreement (T106)."""


@dataclass(frozen=True, slots=True)
class ShownInterest:
    """One interest in a line."""

    name: str
    quota: int
    threshold: float


@dataclass(frozen=True, slots=True)
class ShownPreferences:
    """What a reader gets and when, in words."""

    address: str
    state: ReaderState
    often: str
    """`from Monday to Friday at 07:00 (Europe/Berlin)`."""
    next_on: str
    """The day of the next digest in full; empty when there is none."""
    interests: tuple[ShownInterest, ...]
    offered: tuple[Change, ...]
    """What there is to change now; anything else is not carried out."""


def preferences_of(app: App, token: str) -> ShownPreferences:
    """Return what a preferences link is about; nothing is changed.

    Raises:
        TokenError: It is not a good link, or its reader is gone.
    """
    claims = app.tokens.verify(token, Purpose.PREFERENCES, on=app.clock().date())
    with app.database.read() as session:
        reader = reader_with(session, claims)
        return _shown(app, reader, interests_of(session, claims.reader_id))


def change_by_link(app: App, token: str, change: Change) -> ShownPreferences:
    """Carry out a change, if it is one that is offered, and return what is then the case.

    Raises:
        TokenError: It is not a good link, or its reader is gone.
    """
    shown = preferences_of(app, token)
    if change not in shown.offered:  # a page that was open for long, or the button pressed twice
        return shown
    # Meanwhile the reader may have left by another link: then what is the case says so.
    with suppress(InvalidReaderError):
        _carry_out(app, shown, change)
    return preferences_of(app, token)


def _carry_out(app: App, shown: ShownPreferences, change: Change) -> None:
    address = shown.address
    match change:
        case Change.PAUSE:
            snooze(app, address, PAUSE_DAYS)
        case Change.RESUME:
            resume(app, address)
        case Change.WEEKLY:
            reschedule(app, address, weekdays=WEEKLY)
        case Change.DAILY:
            reschedule(app, address, weekdays=app.settings.digest_weekdays)
        case Change.UNSUBSCRIBE:
            unsubscribe_reader(app, address, how="web")
        case Change.RETURN:
            subscribe(app, Subscription(address), how="web")


def _shown(app: App, reader: Reader, interests: Sequence[Interest]) -> ShownPreferences:
    state = ReaderState(reader.state)
    today = app.clock().astimezone(ZoneInfo(reader.zone)).date()
    is_paused = reader.paused_until is not None and reader.paused_until > today
    return ShownPreferences(
        address=reader.address,
        state=state,
        often=how_often(reader),
        next_on=long_date(reader.next_due_on)
        if state is ReaderState.ACTIVE and reader.next_due_on
        else "",
        interests=tuple(ShownInterest(it.name, it.quota, it.threshold) for it in interests),
        offered=_offered(state, is_weekly=len(reader.weekdays) == 1, is_paused=is_paused),
    )


def _offered(state: ReaderState, *, is_weekly: bool, is_paused: bool) -> tuple[Change, ...]:
    if state is not ReaderState.ACTIVE:
        return (Change.RETURN,)
    return (
        Change.RESUME if is_paused else Change.PAUSE,
        Change.DAILY if is_weekly else Change.WEEKLY,
        Change.UNSUBSCRIBE,
    )

"""Hold mode: a restored or copied database sends nothing until the operator confirms it.

Two things betray such a database. It lives in another place than the one at which it was last
confirmed; or a file of this host, the witness, has seen the ledger further on than it is now. While
an installation is held, no row is opened and none is sent. After the release, rows that have become
too late meanwhile expire by the ordinary rule, and everything else goes on.

What this cannot see: a whole machine that is set back, its data folder included, and a running
PostgreSQL cluster cloned by its files. Hold those with `paperround hold` before they start.
"""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta

from paperround.context import App
from paperround.services.digests import STREAM
from paperround.services.enqueue import latest_of
from paperround.services.schedule import following
from paperround.services.times import utc
from paperround.settings import Settings
from paperround.store.due import Advance, Opening, due_readers, open_rows
from paperround.store.engine import Database
from paperround.store.installation import (
    Standing,
    backlog,
    bind_if_new,
    confirm,
    place_of,
    progress_of,
    set_held,
    set_progress,
    skip_open,
    standing,
)
from paperround.store.models import Reader
from paperround.store.witness import read_witness, witness_file, write_witness

__all__ = [
    "Held",
    "Released",
    "check_hold",
    "hold",
    "note_progress",
    "present_hold",
    "release",
    "suspicion",
]

logger = logging.getLogger(__name__)

TOLERANCE = timedelta(minutes=10)
"""By how much the ledger may be behind its witness: a power cut takes the last commits (T27)."""
STEP = timedelta(minutes=1)
"""How far the ledger comes before the witness is written again."""
CHUNK = 1000
"""Readers per transaction."""
BY_HAND = "the operator holds it"
LEFT_OUT = "left out at `paperround release`: the state that was lost may have sent it"


@dataclass(frozen=True, slots=True)
class Held:
    """Why nothing is sent."""

    since: datetime
    because: str

    @property
    def message(self) -> str:
        """The whole of it in words, with what to do."""
        return (
            f"nothing is sent since {utc(self.since)}: {self.because}. If this database is the one "
            "to send, say so with `paperround release` (try --dry-run first); if another sends, "
            "leave this one held"
        )


@dataclass(frozen=True, slots=True)
class Released:
    """What a release means, or would mean."""

    was_held: bool
    sending: int
    """Open mails that will be sent."""
    expiring: int
    """Open mails that are too late and will expire."""
    due: int
    """Readers whose hour has come meanwhile."""
    left_out: int = 0
    """Mails that were left out as the operator wished."""


def suspicion(known: Standing, place: str, witness: datetime | None) -> str:
    """Return why a database must not send yet; empty when there is no reason.

    Args:
        known: What the database says of itself.
        place: Where it lives now.
        witness: Up to when this host has seen the ledger; None when it never has.
    """
    if known.place is not None and known.place != place:
        return "this database was copied or moved here; it was last confirmed at another place"
    if witness is None:
        return ""
    if known.progress is None:
        return (
            f"its ledger is empty, but this host has seen mails go out until {utc(witness)}: an "
            "older state was restored"
        )
    if witness - known.progress > TOLERANCE:
        return (
            f"its ledger ends at {utc(known.progress)}, but this host has seen mails go out until "
            f"{utc(witness)}: an older state was restored"
        )
    return ""


def present_hold(database: Database, settings: Settings) -> tuple[Held | None, str]:
    """Return the hold that there is, and why there should be one; changes nothing."""
    with database.read() as session:
        known, place = standing(session), place_of(database, session)
    held = Held(known.held_since, known.held_because) if known.held_since is not None else None
    return held, suspicion(known, place, read_witness(witness_file(settings.data_dir)))


def check_hold(app: App) -> Held | None:
    """Return why nothing may be sent now, or None; sets a hold when the database looks restored.

    To be asked before rows are opened or claimed; costs a few small queries. A database that was
    never confirmed is bound to its place.
    """
    with app.database.read() as session:
        known, place = standing(session), place_of(app.database, session)
    if known.place is None:
        with app.database.write() as session:
            bind_if_new(session, app.database, app.settings.data_dir)
    if known.held_since is not None:
        return Held(known.held_since, known.held_because)
    because = suspicion(known, place, read_witness(witness_file(app.settings.data_dir)))
    if not because:
        return None
    now = app.clock()
    with app.database.write() as session:
        set_held(session, now, because)
    logger.error("held because=%r", because)
    return Held(now, because)


def note_progress(app: App) -> None:
    """Let database and witness remember how far the ledger has come; cheap when it is not far."""
    path = witness_file(app.settings.data_dir)
    seen = read_witness(path)
    with app.database.read() as session:
        reached = progress_of(session)
    if reached is None or (seen is not None and reached - seen < STEP):
        return
    # First the database: the witness must never be ahead of what it bears witness to.
    with app.database.write() as session:
        set_progress(session, reached, "mails finished")
    write_witness(path, reached)


def hold(app: App, because: str = "") -> Held:
    """Hold the installation by the operator's wish; a hold that there is keeps its beginning."""
    now = app.clock()
    because = " ".join(because.split()) or BY_HAND
    with app.database.write() as session:
        bind_if_new(session, app.database, app.settings.data_dir)
        set_held(session, now, because, replace=True)
        since = standing(session).held_since
    logger.info("held because=%r", because)
    return Held(since or now, because)


def release(app: App, *, leave_out: bool = False, dry_run: bool = False) -> Released:
    """Confirm that this database, at this place and in this state, is the one that sends.

    Args:
        app: The application.
        leave_out: Send nothing that is due by now, because the state that was lost may have sent
            it: readers go on with their next digest. Means nothing unless there is a hold.
        dry_run: Only tell.
    """
    now = app.clock()
    held, doubt = present_hold(app.database, app.settings)
    is_held = held is not None or bool(doubt)
    with app.database.read() as session:
        counts = backlog(session, now)
    if dry_run or not is_held:
        leave_out = False
    left_out = _leave_out(app, now) if leave_out else 0
    if not dry_run:
        _confirm(app, now)
        logger.info("released left_out=%d", left_out)
    if leave_out:
        return Released(is_held, 0, 0, 0, left_out)
    return Released(is_held, counts.sending, counts.expiring, counts.due)


def _confirm(app: App, now: datetime) -> None:
    with app.database.write() as session:
        bind_if_new(session, app.database, app.settings.data_dir)
        confirm(session, place_of(app.database, session))
        # Later than any witness: those of other hosts must not hold it again.
        set_progress(session, now, "confirmed by `paperround release`")
    write_witness(witness_file(app.settings.data_dir), now)


def _leave_out(app: App, now: datetime) -> int:
    """Close every open row and pass over every hour that has come; the hold is still on."""
    with app.database.write() as session:
        count = skip_open(session, now, LEFT_OUT)
    while True:
        with app.database.write() as session:
            readers = due_readers(session, now, limit=CHUNK, lock=True)
            openings = [_missed(app, reader, now) for reader in readers]
            advances = [
                _advance(app, reader, now, opening)
                for reader, opening in zip(readers, openings, strict=True)
            ]
            count += open_rows(session, openings, advances, now)
        if not readers:
            return count


def _missed(app: App, reader: Reader, now: datetime) -> Opening:
    assert reader.id is not None
    assert reader.next_due_at is not None
    assert reader.next_due_on is not None
    due = latest_of(app, reader, now)
    expires_at = due.at + app.settings.max_lateness
    return Opening(reader.id, STREAM, due.on, due.at, expires_at, missed=LEFT_OUT)


def _advance(app: App, reader: Reader, now: datetime, opening: Opening) -> Advance:
    assert reader.id is not None
    assert reader.next_due_at is not None
    coming = following(reader, now, app.settings.spread, opening.local_date)
    return Advance(reader.id, reader.next_due_at, coming.at, coming.on)

"""What must hold when everything is over: the ledger and the sink, read side by side.

Judges the invariants I1 to I6 of the reference from what the database says of itself and from what
came out at the other end. Changes nothing.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import func
from sqlmodel import col, select

from benchmarks.delivery.sink import Received
from paperround.context import App
from paperround.store.deliveries import FINAL
from paperround.store.models import Delivery, DeliveryState, OutgoingMail, Reader

__all__ = ["Entry", "Judgement", "entries_of", "judge"]

MARGIN_S = 0.001
"""The ledger's history counts in milliseconds."""
FEW = 3
"""Rows whose history is told when there are too many duplicates."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One row of the ledger, with its address."""

    reader_id: int
    address: str
    stream: str
    state: str
    message_id: str | None
    sha256: str | None
    history: tuple[tuple[datetime, str], ...]
    """Instant and state of every change, in order."""

    @property
    def starts(self) -> int:
        """How often it was committed that a body was about to go out."""
        return sum(state == DeliveryState.DATA_STARTED for _, state in self.history)


@dataclass(slots=True)
class Judgement:
    """What was found."""

    due: int = 0
    states: Counter[str] = field(default_factory=Counter)
    mails: int = 0
    """Taken by the sink."""
    lost: int = 0
    """Readers who should have a mail and have none."""
    duplicates: int = 0
    """Mails beyond the first of a row."""
    unlike: int = 0
    """Rows whose mails were not all of the same bytes."""
    remade: int = 0
    """The same, where the first was forgotten with the commits that were lost."""
    broken: list[str] = field(default_factory=list)
    """Invariants that do not hold, in words."""

    @property
    def is_sound(self) -> bool:
        """Whether nothing is lost, everything is alike, and every invariant holds."""
        return not (self.lost or self.unlike or self.broken)


def entries_of(app: App) -> list[Entry]:
    """Read the whole ledger."""
    query = select(Delivery, col(Reader.address)).where(col(Delivery.reader_id) == col(Reader.id))
    with app.database.read() as session:
        return [
            Entry(
                reader_id=row.reader_id,
                address=address,
                stream=row.stream,
                state=row.state,
                message_id=row.message_id,
                sha256=row.sha256,
                history=_changes(row.history),
            )
            for row, address in session.exec(query)
        ]


def judge(
    app: App,
    received: Sequence[Received],
    *,
    allowed: int = 0,
    left_at: Mapping[str, float] | None = None,
    given_up: frozenset[str] = frozenset(),
    forgetful: bool = False,
) -> Judgement:
    """Compare the ledger with what the sink has taken.

    Args:
        app: the installation, with nobody at work.
        received: everything that the sink has taken.
        allowed: duplicates that are not too many.
        left_at: addresses that unsubscribed, and when, in seconds since the epoch.
        given_up: addresses that need not get a mail.
        forgetful: whether the database has lost its last commits, so that the ledger knows less
            than the sink and a mail may have been made anew.
    """
    left = left_at or {}
    entries = entries_of(app)
    by_id: dict[str, list[Received]] = defaultdict(list)
    for mail in received:
        by_id[mail.message_id].append(mail)
    found = Judgement(due=_count_readers(app), mails=len(received))
    found.states.update(entry.state for entry in entries)
    found.duplicates = len(received) - len(by_id)
    for entry in entries:
        copies = by_id.get(entry.message_id or "", [])
        excused = entry.address in left or entry.address in given_up
        found.lost += not copies and not excused
        if {mail.sha256 for mail in copies} - {entry.sha256}:
            found.remade += forgetful
            found.unlike += not forgetful
        if not forgetful and len(copies) > entry.starts:
            found.broken.append(f"I3: {len(copies)} mails of one row, begun {entry.starts} times")
        if _has_regressed(entry):
            found.broken.append(f"I6: a row went on after its end: {_told(entry)}")
        if entry.address in left and _is_late(entry, copies, left[entry.address]):
            found.broken.append("I5: a mail to somebody who had unsubscribed")
    found.broken += _unbalanced(app, entries, found)
    strangers = by_id.keys() - {entry.message_id for entry in entries}
    if strangers:
        found.broken.append(f"{len(strangers)} mails that the ledger does not know")
    if found.duplicates > allowed:
        found.broken.append(f"I3: {found.duplicates} duplicates, {allowed} are explained by kills")
        found.broken += [
            f"came {len(by_id[entry.message_id])} times: {_told(entry)}"
            for entry in entries
            if entry.message_id and len(by_id[entry.message_id]) > 1
        ][:FEW]
    found.broken += _misdirected(entries, by_id)
    return found


def _unbalanced(app: App, entries: Sequence[Entry], found: Judgement) -> list[str]:
    """Check that there is one row for each reader, and that each is at its end (I1, I2, I4)."""
    broken = []
    keys = Counter((entry.reader_id, entry.stream) for entry in entries)
    if any(count > 1 for count in keys.values()):
        broken.append("I1: two rows for one reader and date")
    unfinished = sum(entry.state not in FINAL for entry in entries)
    if unfinished:
        broken.append(f"I2: {unfinished} rows never ended")
    if found.due != len(entries):
        broken.append(f"I4: {found.due} were due and {len(entries)} rows were opened")
    with app.database.read() as session:
        kept = session.exec(select(func.count()).select_from(OutgoingMail)).one()
    doubtful = found.states[DeliveryState.AMBIGUOUS]
    if kept > doubtful:
        broken.append(f"{kept - doubtful} mails are kept though their rows are at their end")
    return broken


def _misdirected(entries: Sequence[Entry], by_id: Mapping[str, Sequence[Received]]) -> list[str]:
    wrong = sum(
        mail.rcpt_to != entry.address
        for entry in entries
        for mail in by_id.get(entry.message_id or "", ())
    )
    return [f"{wrong} mails went to another reader"] if wrong else []


def _has_regressed(entry: Entry) -> bool:
    """Return whether anything was written after a final state (I6)."""
    states = [state for _, state in entry.history]
    return any(state in FINAL for state in states[:-1])


def _is_late(entry: Entry, copies: Sequence[Received], left_at: float) -> bool:
    """Return whether a mail went out whose body was begun after the reader had left (I5)."""
    begun = [at.timestamp() for at, state in entry.history if state == DeliveryState.DATA_STARTED]
    return bool(copies) and min(begun, default=left_at) > left_at + MARGIN_S


def _told(entry: Entry) -> str:
    begin = entry.history[0][0]
    return " ".join(f"{state}@{(at - begin).total_seconds():.2f}" for at, state in entry.history)


def _changes(history: str) -> tuple[tuple[datetime, str], ...]:
    lines = (line.split("\t") for line in history.splitlines())
    return tuple((datetime.fromisoformat(fields[0]), fields[1]) for fields in lines)


def _count_readers(app: App) -> int:
    with app.database.read() as session:
        return session.exec(select(func.count()).select_from(Reader)).one()

"""What was learned from the ledger: one blob per name and model, the last one counts."""

from datetime import datetime
from typing import NamedTuple

from sqlmodel import Session

from paperround.store.models import Learned

__all__ = ["Lesson", "load_learned", "save_learned"]


class Lesson(NamedTuple):
    """Something learned, and when."""

    blob: bytes
    learned_at: datetime


def load_learned(session: Session, name: str, model: str) -> Lesson | None:
    """Return what was learned last under this name and model; None before the first time."""
    row = session.get(Learned, (name, model))
    return Lesson(row.blob, row.learned_at) if row is not None else None


def save_learned(session: Session, name: str, model: str, blob: bytes, now: datetime) -> None:
    """Keep what was learned, in place of what was learned before."""
    session.merge(Learned(name=name, model=model, blob=blob, learned_at=now))

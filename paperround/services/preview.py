"""Shows what a reader's digest of a day would be; nothing is sent or written down."""

from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from digest.message import Message
from digest.model import Quiet
from paperround.context import App
from paperround.services.day import load_day
from paperround.services.digests import FinishedDigest, digest_for, mail_for
from paperround.store.papers import latest_announcement
from paperround.store.readers import reader_at

__all__ = ["Preview", "preview"]


@dataclass(frozen=True, slots=True)
class Preview:
    """What a reader would get."""

    day: date
    digest: FinishedDigest | Quiet
    message: Message | None
    """None on a quiet day."""
    unembedded: int
    """Papers of the window that have no vector yet, so that only their words count."""
    latest_on: date | None
    """Latest day for which there are papers."""


def preview(app: App, address: str, day: date | None = None) -> Preview:
    """Make a reader's digest of a day; by default of today, where the reader is.

    Raises:
        UnknownReaderError: No reader has this address.
    """
    now = app.clock()
    with app.database.read() as session:
        reader = reader_at(session, address)
        latest_on = latest_announcement(session)
        session.expunge_all()
    on = day or now.astimezone(ZoneInfo(reader.zone)).date()
    papers = load_day(app, on)
    finished = digest_for(app, reader, papers)
    message = (
        mail_for(app, reader, finished.rendered, on, now)
        if isinstance(finished, FinishedDigest)
        else None
    )
    unembedded = sum(paper.vector is None for paper in papers.papers)
    return Preview(on, finished, message, unembedded, latest_on)

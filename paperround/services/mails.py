"""Makes the mails of claimed deliveries, and keeps what they share between one and the next.

A digest's papers are prepared once for all readers of a day; notices have no papers. Nothing is
sent or written down here.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from threading import Lock

from digest.message import Message
from digest.model import Quiet
from paperround.context import App
from paperround.services.day import DayPapers, load_day
from paperround.services.digests import STREAM, FinishedDigest, Rank, digest_for, mail_for
from paperround.services.envelope import signed
from paperround.services.notices import notice_for
from paperround.services.recommend import recommend
from paperround.store.models import Delivery, Reader
from paperround.store.shown import ShownPaper
from paperround.store.stream import stream_version

__all__ = ["Made", "Mails"]

KEPT_DAYS = 3
"""Local dates that run at the same time, from Kiritimati to Pago Pago."""
GLANCE = timedelta(seconds=5)
"""Between two looks at whether papers came in."""
FRESH = timedelta(minutes=15)
"""After which a day is prepared anew: votes and ratings of others go on."""


@dataclass(frozen=True, slots=True)
class Made:
    """A mail and what the ledger keeps of it."""

    message: Message
    subject: str | None = None
    """None for a notice."""
    shown: tuple[ShownPaper, ...] = ()


class Mails:
    """Makes mails; may be shared by threads, and lives as long as its process.

    Args:
        app: The application.
        load: Prepares the papers of a local date.
        rank: Ranks them for a reader.
    """

    def __init__(
        self,
        app: App,
        *,
        load: Callable[[App, date], DayPapers] = load_day,
        rank: Rank = recommend,
    ) -> None:
        self._app = app
        self._load = load
        self._rank = rank
        self._days: dict[date, tuple[DayPapers, datetime, tuple[int, int]]] = {}
        self._lock = Lock()
        self._looked_at: datetime | None = None
        self._seen = (0, 0)

    def make(self, row: Delivery, reader: Reader) -> Made | Quiet:
        """Make the mail of a claimed row, or decide with a reason that there is none today.

        Raises:
            DigestError: It cannot be made.
            StoreError: The database refused.
            RecommenderError: The store's vectors are not those of the model.
        """
        assert row.id is not None
        dated_at = row.dated_at or self._app.clock()
        if row.stream != STREAM:
            on, stream = row.local_date, row.stream
            notice = notice_for(self._app, reader, stream, on, dated_at)
            return Made(signed(self._app, notice, dated_at))
        finished = digest_for(
            self._app, reader, self._day(row.local_date), delivery_id=row.id, rank=self._rank
        )
        if not isinstance(finished, FinishedDigest):
            return finished
        message = mail_for(self._app, reader, finished.rendered, row.local_date, dated_at)
        return Made(signed(self._app, message, dated_at), finished.rendered.subject, finished.shown)

    def _day(self, day: date) -> DayPapers:
        """Return a day's papers: prepared anew when the stream has grown, or after some time."""
        now = self._app.clock()
        with self._lock:
            version = self._version(now)
            known = self._days.get(day)
            if known is not None and known[2] == version and now - known[1] < FRESH:
                return known[0]
            papers = self._load(self._app, day)
            self._days[day] = (papers, now, version)
            while len(self._days) > KEPT_DAYS:
                del self._days[min(self._days)]
            return papers

    def _version(self, now: datetime) -> tuple[int, int]:
        """Return what changes when the stream grows, looked at every few seconds."""
        if self._looked_at is None or not timedelta() <= now - self._looked_at < GLANCE:
            with self._app.database.read() as session:
                self._seen = stream_version(session)
            self._looked_at = now
        return self._seen

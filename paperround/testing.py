"""Doubles for tests of the application: a clock that is set, and an App over a real database.

For tests only: nothing in the package imports this module.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

from digest.mail import Mailer
from digest.render import Renderer
from digest.testing import MemoryMailer
from paperround.context import App
from paperround.settings import Settings
from paperround.store.engine import Database
from paperround.templating import build_environment
from paperround.tokens import Tokens
from recommender.embedding import Embedder
from recommender.testing import HashingEmbedder

__all__ = ["FrozenClock", "make_app"]


class FrozenClock:
    """A clock that stands still until it is moved."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        """Return the instant it is set to."""
        return self.now

    def advance(self, by: timedelta) -> None:
        """Move it."""
        self.now += by


def make_app(
    database: Database,
    data_dir: Path,
    clock: FrozenClock,
    *,
    open_mailer: Callable[[], Mailer] = MemoryMailer,
    embedder: Embedder | None = None,
) -> App:
    """Put an App together that embeds by hashing and keeps its mails in memory."""
    chosen = embedder or HashingEmbedder()
    renderer = Renderer(build_environment())
    return App(
        settings=Settings(
            data_dir=data_dir,
            model=chosen.name,
            base_url="https://papers.example.com",
            sender_address="digest@example.com",
            digest_spread_minutes=0,
        ),
        database=database,
        clock=clock,
        tokens=Tokens(["a secret of a test, long enough to be one"]),
        load_embedder=lambda: chosen,
        open_mailer=open_mailer,
        load_renderer=lambda: renderer,
    )

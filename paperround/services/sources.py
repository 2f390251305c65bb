"""Opens the sources that settings name."""

from collections.abc import Iterator
from contextlib import contextmanager

from paperround import __version__
from paperround.settings import Settings
from paperround.sources.arxiv_feed import ArxivFeed
from paperround.sources.http import PoliteSession, user_agent

__all__ = ["feed_source"]


@contextmanager
def feed_source(settings: Settings, *, timeout_s: float = 30.0) -> Iterator[ArxivFeed]:
    """Open the announcements of the categories that settings name."""
    agent = user_agent(__version__, settings.contact)
    with PoliteSession(agent, timeout_s=timeout_s) as session:
        yield ArxivFeed(settings.categories, session.get)

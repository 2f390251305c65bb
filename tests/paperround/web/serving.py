"""The pages on a real port of this machine, while a test runs."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread

from paperround.context import App
from paperround.web.server import listen, server

__all__ = ["served"]

PATIENCE_S = 10.0


@contextmanager
def served(app: App) -> Iterator[int]:
    """Serve the pages and yield the port; the socket listens before the first request is made."""
    running = server(app)
    with listen("127.0.0.1", 0) as listening:
        thread = Thread(target=running.run, kwargs={"sockets": [listening]})
        thread.start()
        try:
            yield listening.getsockname()[1]
        finally:
            running.should_exit = True
            thread.join(PATIENCE_S)

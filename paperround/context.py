"""The running application as one value: settings, and the things that services act on.

`paperround.bootstrap` builds it and services receive it. It has no behaviour.
"""

from collections.abc import Callable
from dataclasses import dataclass

from digest.mail import Mailer
from digest.render import Renderer
from paperround.clock import Clock
from paperround.settings import Settings
from paperround.store.engine import Database
from paperround.tokens import Tokens
from recommender.embedding import Embedder

__all__ = ["App"]


@dataclass(frozen=True, slots=True)
class App:
    """Everything a use case needs; what is costly to make is made on demand."""

    settings: Settings
    database: Database
    clock: Clock
    tokens: Tokens
    """Signs and verifies links, and derives the keys of other signatures."""
    load_embedder: Callable[[], Embedder]
    """Loads the model, and with it torch: seconds and hundreds of megabytes."""
    open_mailer: Callable[[], Mailer]
    load_renderer: Callable[[], Renderer]
    """The one renderer of this process, with the cards it has rendered."""

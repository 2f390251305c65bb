"""Gives every paper and every described interest its vector, and keeps the statistics over them.

Nothing is embedded twice: a vector belongs to a text, not to a paper. Each batch is committed, so
that a killed run loses one batch at the most.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from paperround.context import App
from paperround.services.progress import Progress, no_progress
from paperround.store.embeddings import (
    count_unembedded,
    load_background,
    save_background,
    save_vectors,
    unembedded_papers,
    unembedded_prose,
    vectors_after,
)
from recommender.background import Background
from recommender.embedding import Embedder, embed_in_batches
from recommender.text import paper_text, prose_text
from recommender.vectors import pack, unpack_rows

__all__ = ["EmbedReport", "embed", "pending", "read_background", "update_background"]

logger = logging.getLogger(__name__)

# Texts are sorted by length within a window, so that a batch is padded little.
WINDOW = 2_048


@dataclass(frozen=True, slots=True)
class EmbedReport:
    """What was embedded."""

    model: str
    papers: int
    interests: int


def pending(app: App, *, since: date | None = None) -> int:
    """Return how many papers have no vector of the configured model yet."""
    with app.database.read() as session:
        return count_unembedded(session, app.settings.model, since=since)


def embed(
    app: App,
    *,
    since: date | None = None,
    on_progress: Progress = no_progress,
) -> EmbedReport:
    """Embed what has no vector yet: interests first, then the newest papers.

    The model is loaded only when there is something to embed.

    Args:
        app: The application.
        since: Leave out papers announced earlier.
        on_progress: Told the number of papers after each batch.

    Raises:
        ModelError: The model is missing or is not the one it should be.
        StoreError: The database refused a batch.
    """
    model = app.settings.model
    with app.database.read() as session:
        prose = {
            interest.prose_hash: prose_text(interest.prose, interest.keywords)
            for interest in unembedded_prose(session, model)
            if interest.prose_hash
        }
        total = count_unembedded(session, model, since=since)
    if not prose and not total:
        update_background(app)  # a run killed after its last batch has left this undone
        return EmbedReport(model, 0, 0)
    embedder = app.load_embedder()
    _embed_texts(app, embedder, list(prose), list(prose.values()), on_progress=no_progress)
    done = _embed_papers(app, embedder, total, since=since, on_progress=on_progress)
    update_background(app)
    logger.info("embedded model=%s papers=%d interests=%d", model, done, len(prose))
    return EmbedReport(model, done, len(prose))


def _embed_papers(
    app: App, embedder: Embedder, total: int, *, since: date | None, on_progress: Progress
) -> int:
    done = 0
    while True:
        with app.database.read() as session:
            window = unembedded_papers(session, app.settings.model, since=since, limit=WINDOW)
        texts = {text_hash: paper_text(title, body) for text_hash, title, body in window}
        if not texts:
            return done
        report = _Shifted(on_progress, done, total)
        _embed_texts(app, embedder, list(texts), list(texts.values()), on_progress=report)
        done += len(texts)


@dataclass(frozen=True, slots=True)
class _Shifted:
    """Tells of a window's progress as part of the whole."""

    on_progress: Progress
    before: int
    total: int

    def __call__(self, done: float, total: float | None) -> None:
        self.on_progress(self.before + done, max(self.total, self.before + done))


def _embed_texts(
    app: App,
    embedder: Embedder,
    hashes: Sequence[str],
    texts: Sequence[str],
    *,
    on_progress: Progress,
) -> None:
    done = 0
    for indices, vectors in embed_in_batches(embedder, texts, size=app.settings.embed_batch):
        packed = [
            (hashes[index], pack(vector)) for index, vector in zip(indices, vectors, strict=True)
        ]
        with app.database.write() as session:
            save_vectors(session, app.settings.model, packed)
        done += len(packed)
        on_progress(done, len(texts))


def read_background(app: App) -> Background | None:
    """Return the statistics as the last run left them; None when there are none yet."""
    with app.database.read() as session:
        kept = load_background(session, app.settings.model)
    return Background.from_bytes(kept[0]) if kept else None


def update_background(app: App) -> Background | None:
    """Count the vectors that came since the last time, and return the statistics of all.

    The statistics and the last vector they count are saved together, so that every vector counts
    once however often this is interrupted. None means that there is no vector of this model.
    """
    model = app.settings.model
    with app.database.write() as session:
        kept = load_background(session, model)
        background = Background.from_bytes(kept[0]) if kept else None
        last_id = kept[1] if kept else 0
        fresh = vectors_after(session, model, last_id, WINDOW)
        while fresh:
            # Four bytes a float32: the first vector tells the dimension.
            dim = len(fresh[0][1]) // 4
            rows = unpack_rows([vector for _, vector in fresh], dim)
            background = (background or Background.empty(dim)).add(rows)
            last_id = fresh[-1][0]
            save_background(session, model, background.to_bytes(), last_id)
            fresh = vectors_after(session, model, last_id, WINDOW)
    return background

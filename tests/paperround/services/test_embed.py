"""Embedding: each text once, each batch kept, the statistics true."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from paperround.context import App
from paperround.services.embed import embed, pending, read_background, update_background
from paperround.services.ingest import ingest
from paperround.services.interests import NewInterest, add_interest
from paperround.services.readers import NewReader, add_reader
from paperround.sources.testing import FakeSource
from paperround.store.embeddings import save_vectors, unembedded_papers, vectors_after
from recommender.background import Background
from recommender.testing import HashingEmbedder
from recommender.vectors import Matrix, unpack_rows
from tests.paperround.services.conftest import ADA, AUCTIONS, CODING, TODAY, paper


class CountingEmbedder(HashingEmbedder):
    """Counts the texts it is given, and dies when it is told to."""

    def __init__(self, dies_after: int = 1_000) -> None:
        super().__init__()
        self.seen: list[str] = []
        self.dies_after = dies_after

    def embed(self, texts: Sequence[str]) -> Matrix:
        """Embed as its parent does."""
        if len(self.seen) >= self.dies_after:
            raise KeyboardInterrupt
        self.seen += texts
        return super().embed(texts)


def _with(app: App, embedder: HashingEmbedder) -> App:
    return replace(app, load_embedder=lambda: embedder)


def _stock(app: App, count: int) -> None:
    topics = [CODING, AUCTIONS] * count
    ingest(app, FakeSource([paper(number, topics[number]) for number in range(1, count + 1)]))


def test_nothing_is_embedded_twice(app: App) -> None:
    """The second run does not even load the model."""
    embedder = CountingEmbedder()
    _stock(app, 5)

    first = embed(_with(app, embedder))
    second = embed(replace(app, load_embedder=lambda: pytest.fail("the model was loaded")))

    assert (first.papers, second.papers, len(embedder.seen)) == (5, 0, 5)


def test_a_killed_run_keeps_the_batches_that_were_done(app: App) -> None:
    """The next run embeds the rest and only the rest."""
    _stock(app, 40)

    with pytest.raises(KeyboardInterrupt):
        embed(_with(app, CountingEmbedder(dies_after=16)))
    left = pending(app)
    rest = CountingEmbedder()
    embed(_with(app, rest))

    assert left == 24
    assert len(rest.seen) == 24


def test_the_words_of_interests_are_embedded_too(app: App) -> None:
    """Once, like everything else."""
    add_reader(app, NewReader(ADA))
    add_interest(app, ADA, NewInterest("Coding", prose=CODING))

    assert [embed(app).interests, embed(app).interests] == [1, 0]


def test_papers_announced_before_a_day_can_wait(app: App) -> None:
    """A first digest needs this week only."""
    ingest(app, FakeSource([paper(1, CODING), paper(2, AUCTIONS, date(2026, 1, 5))]))

    assert embed(app, since=TODAY).papers == 1
    assert pending(app) == 1


def test_progress_counts_up_to_the_whole(app: App) -> None:
    """Batch by batch, with the total known from the start."""
    _stock(app, 20)
    told: list[tuple[float, float | None]] = []

    embed(app, on_progress=lambda done, total: told.append((done, total)))

    assert told == [(16, 20), (20, 20)]


def test_the_statistics_count_every_vector_once(app: App) -> None:
    """However often they are brought up to date."""
    _stock(app, 10)
    embed(app)
    _stock(app, 25)
    embed(app)

    background = update_background(app)

    with app.database.read() as session:
        blobs = [blob for _, blob in vectors_after(session, app.settings.model, 0, limit=100)]
    expected = Background.empty(64).add(unpack_rows(blobs, 64))
    assert background is not None
    assert background.count == len(blobs) == 25
    np.testing.assert_allclose(background.covariance, expected.covariance, atol=1e-9)


def test_statistics_that_a_killed_run_left_undone_are_made_up_for(app: App) -> None:
    """Also when there is nothing left to embed."""
    _stock(app, 16)
    with app.database.write() as session:
        texts = unembedded_papers(session, app.settings.model, limit=20)
        save_vectors(session, app.settings.model, [(key, b"\0" * 256) for key, _, _ in texts])
    before = read_background(app)

    embed(app)

    after = read_background(app)
    assert before is None
    assert after is not None
    assert after.count == 16


def test_an_empty_store_has_no_statistics(app: App) -> None:
    """None, so that those shipped are used."""
    assert update_background(app) is None

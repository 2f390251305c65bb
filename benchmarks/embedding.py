"""Abstracts embedded per second by the service, as a share of a bare loop of `encode()`.

The bare loop is what everybody writes first and nothing is faster than: the same model, texts and
batches, longest texts first, unit vectors, which are then forgotten. The service reads the texts
from SQLite, commits every batch and counts the vectors into the background statistics.
"""

import itertools
import statistics
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Protocol

from pydantic import SecretStr

from benchmarks.corpus import SHARED_DATA, some_papers
from benchmarks.measure import Prepare, Work, in_own_process, median_ratio, take_turns
from benchmarks.report import Goal, Report, Row
from paperround.bootstrap import build_app
from paperround.records import PaperRecord
from paperround.services.embed import embed
from paperround.settings import Settings
from paperround.store.engine import Database
from paperround.store.papers import upsert_papers
from paperround.store.schema import upgrade_schema
from recommender.embedding import BATCH_SIZE, Embedder, check_packaged_model, load_embedder
from recommender.text import paper_text

__all__ = ["BareModel", "compare", "embed_all", "encode_all", "run"]

PAPERS = 400
ROUNDS = 5
NOW = datetime(2026, 5, 15, tzinfo=UTC)

Seconds = dict[str, list[float]]


class BareModel(Protocol):
    """What is called of sentence-transformers."""

    def encode(
        self,
        inputs: list[str],
        /,
        *,
        batch_size: int,
        normalize_embeddings: bool,
        show_progress_bar: bool,
    ) -> object:
        """Return a vector for each text."""
        ...


def run(papers: int = PAPERS, rounds: int = ROUNDS, data: Path = SHARED_DATA) -> Report:
    """Let both take turns in one process, and each once in a process of its own for its memory."""
    records, told = some_papers(papers, data)
    seconds = in_own_process(compare, records, rounds).value
    peaks = {name: in_own_process(compare, records, 0, (name,)).peak_mb for name in _PARTS}
    share = median_ratio(seconds["bare"], seconds["service"])
    n = len(records)
    return Report(
        title="Embedding: abstracts per second",
        columns=("part", "abstracts/s", "seconds", "share", "peak memory"),
        rows=(
            _row("bare encode() loop", n, seconds["bare"], 1.0, peaks["bare"]),
            _row("paperround embed", n, seconds["service"], share, peaks["service"]),
        ),
        goals=(Goal("share of the bare loop's speed", share, 0.95, at_least=True),),
        notes=(
            f"{told}: titles and abstracts, batches of {BATCH_SIZE}.",
            f"The median of {rounds} rounds in which both take turns; the model is loaded before.",
        ),
    )


def compare(
    records: Sequence[PaperRecord], rounds: int, names: Sequence[str] = ("bare", "service")
) -> Seconds:
    """Return the seconds of each round for each of the named parts."""
    with TemporaryDirectory(prefix="paperround-bench-") as folder:
        parts = {name: _PARTS[name](records, Path(folder)) for name in names}
        # The first batches of a fresh model allocate and tune: that round does not count.
        take_turns(parts, rounds=1)
        return take_turns(parts, rounds)


def encode_all(model: BareModel, texts: Sequence[str]) -> int:
    """Embed texts, longest first, forget the vectors, and return how many there were."""
    ordered = sorted(texts, key=len, reverse=True)
    for start in range(0, len(ordered), BATCH_SIZE):
        model.encode(
            ordered[start : start + BATCH_SIZE],
            batch_size=BATCH_SIZE,
            normalize_embeddings=True,
            show_progress_bar=False,
        )
    return len(ordered)


def embed_all(records: Sequence[PaperRecord], folder: Path, embedder: Embedder) -> Work:
    """Make an installation with these papers, and return what embeds them all."""
    settings = Settings(data_dir=folder, secret_key=SecretStr("b" * 32))
    database = Database(settings.database)
    upgrade_schema(database)
    with database.write() as session:
        upsert_papers(session, records, NOW)
    app = build_app(settings, database, lambda: NOW, load=lambda _: embedder)
    return lambda: embed(app).papers


def _bare(records: Sequence[PaperRecord], _folder: Path) -> Prepare:
    from sentence_transformers import SentenceTransformer
    from transformers.utils import logging as transformers_logging

    transformers_logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    model = SentenceTransformer(str(check_packaged_model()), device="cpu", local_files_only=True)
    texts = [paper_text(record.title, record.abstract) for record in records]
    return lambda: lambda: encode_all(model, texts)


def _service(records: Sequence[PaperRecord], folder: Path) -> Prepare:
    embedder = load_embedder()
    numbers = itertools.count()
    return lambda: embed_all(records, folder / str(next(numbers)), embedder)


_PARTS = {"bare": _bare, "service": _service}


def _row(label: str, count: int, seconds: Sequence[float], share: float, peak_mb: float) -> Row:
    usual = statistics.median(seconds)
    return (label, f"{count / usual:.1f}", f"{usual:.2f}", f"{share:.3f}", f"{peak_mb:.0f} MB")

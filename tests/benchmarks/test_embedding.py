from pathlib import Path

from benchmarks.corpus import some_papers
from benchmarks.embedding import embed_all, encode_all
from recommender.testing import HashingEmbedder

RECORDS, _ = some_papers(40, Path("/nowhere"))


class CountingModel:
    """Notes the batches that it is given."""

    def __init__(self) -> None:
        self.batches: list[list[str]] = []

    def encode(
        self,
        inputs: list[str],
        /,
        *,
        batch_size: int,
        normalize_embeddings: bool,
        show_progress_bar: bool,
    ) -> object:
        """Keep the batch."""
        self.batches.append(inputs)
        return None


def test_the_bare_loop_encodes_all_texts_longest_first() -> None:
    """The comparison is with batches as good as ours."""
    model = CountingModel()

    count = encode_all(model, ["a" * length for length in range(1, 41)])

    assert count == 40
    assert [len(batch) for batch in model.batches] == [16, 16, 8]
    assert [len(text) for batch in model.batches for text in batch] == [*range(40, 0, -1)]


def test_the_service_embeds_all_papers(tmp_path: Path) -> None:
    """What is timed is the real thing, in a database of its own."""
    work = embed_all(RECORDS, tmp_path, HashingEmbedder())

    assert work() == 40


def test_there_is_nothing_left_to_embed_afterwards(tmp_path: Path) -> None:
    """So every round needs a new database, and gets one."""
    work = embed_all(RECORDS, tmp_path, HashingEmbedder())
    work()

    assert work() == 0

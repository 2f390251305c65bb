from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from benchmarks.ranking.vectors import VectorCache
from recommender.embedding import Embedder
from recommender.testing import HashingEmbedder
from recommender.vectors import Matrix


class CountingEmbedder(HashingEmbedder):
    """Notes what it was asked to embed."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[str] = []

    def embed(self, texts: Sequence[str]) -> Matrix:
        """Note the texts and embed them."""
        self.asked += texts
        return super().embed(texts)


def cache_of(folder: Path, embedder: Embedder) -> VectorCache:
    """Return a cache in a folder."""
    return VectorCache(folder, "counting", load=lambda _: embedder)


def test_a_text_is_embedded_once_for_all_runs(tmp_path: Path) -> None:
    """The second run asks for nothing that the first has embedded."""
    first, second = CountingEmbedder(), CountingEmbedder()
    cache_of(tmp_path, first)("papers", ["trees", "graphs", "trees"])

    rows = cache_of(tmp_path, second)("papers", ["graphs", "codes"])

    assert sorted(first.asked) == ["graphs", "trees"]
    assert second.asked == ["codes"]
    np.testing.assert_array_equal(rows, HashingEmbedder().embed(["graphs", "codes"]))


def test_the_model_is_not_loaded_when_everything_is_there(tmp_path: Path) -> None:
    """Loading it takes seconds."""
    cache_of(tmp_path, HashingEmbedder())("papers", ["trees"])

    def refuse(_model: str) -> Embedder:
        raise AssertionError("nothing is missing")

    assert len(VectorCache(tmp_path, "counting", load=refuse)("papers", ["trees"])) == 1


def test_vectors_of_two_models_never_meet(tmp_path: Path) -> None:
    """Each has a folder of its own."""
    VectorCache(tmp_path, "a/b", load=lambda _: HashingEmbedder(8))("papers", ["trees"])

    rows = VectorCache(tmp_path, "c", load=lambda _: HashingEmbedder(16))("papers", ["trees"])

    assert rows.shape == (1, 16)


def test_what_was_cut_short_is_embedded_again(tmp_path: Path) -> None:
    """Hashes without their vectors, and vectors that are not whole, do not count."""
    folder = tmp_path / "papers-counting"
    folder.mkdir()
    (folder / "cut.txt").write_text("0" * 64)
    (folder / "cut.part").write_bytes(b"\x93NUMPY")

    assert cache_of(tmp_path, HashingEmbedder())("papers", ["trees"]).shape == (1, 64)


def test_no_texts_have_no_vectors(tmp_path: Path) -> None:
    """And need no folder."""
    assert len(cache_of(tmp_path / "none", HashingEmbedder())("papers", [])) == 0
    assert not (tmp_path / "none").exists()


def test_vectors_need_a_hash_each(tmp_path: Path) -> None:
    """Else they would belong to the wrong texts."""
    with pytest.raises(ValueError, match="2 hashes for 1 vectors"):
        cache_of(tmp_path, HashingEmbedder()).put("papers", ["a", "b"], np.zeros((1, 4), "f4"))


def test_long_work_says_how_far_it_is(tmp_path: Path) -> None:
    """The first run takes a quarter of an hour."""
    said: list[str] = []
    cache = VectorCache(tmp_path, "m", load=lambda _: HashingEmbedder(), say=said.append)

    cache("papers", [f"paper {number}" for number in range(1_500)])

    assert [line.partition(",")[0] for line in said] == ["papers: 0 of 1", "papers: 1", "papers: 1"]

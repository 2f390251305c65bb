"""Vectors that were computed once, kept in a folder by the hash of their text.

A run embeds what no run before it has embedded, and can be stopped at any time. Never committed.
"""

import hashlib
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from recommender.embedding import DEFAULT_MODEL, Embedder, embed_in_batches, load_embedder
from recommender.text import text_hash
from recommender.vectors import Matrix

__all__ = ["DEFAULT_CACHE", "VectorCache", "nobody_listens"]

DEFAULT_CACHE = Path(__file__).resolve().parents[2] / ".bench-cache"
CHUNK = 1_024
"""Texts that are written together: about a minute's work of a small machine."""


def nobody_listens(_line: str) -> None:
    """Hear of the progress, and say nothing."""


class VectorCache:
    """Embeds texts, each once and for all runs.

    A folder per corpus and model holds pairs of files, `<hash>.txt` with the hashes of some texts,
    one a line, and `<hash>.npy` with their vectors, float32 (n, dim).

    Args:
        folder: where they are kept; made when needed.
        model: name of the model, under which its vectors are kept.
        load: loads it, called only when something has to be embedded.
        say: told how far embedding is, a line at a time.
    """

    def __init__(
        self,
        folder: Path = DEFAULT_CACHE,
        model: str = DEFAULT_MODEL,
        *,
        load: Callable[[str], Embedder] = load_embedder,
        say: Callable[[str], None] = nobody_listens,
    ) -> None:
        self._folder, self._model, self._load, self._say = folder, model, load, say

    def __call__(self, corpus: str, texts: Sequence[str]) -> Matrix:
        """Return a unit row for each text, float32 (n_texts, dim), in their order."""
        hashes = [text_hash(text) for text in texts]
        known = self._read(corpus)
        missing = {h: text for h, text in zip(hashes, texts, strict=True) if h not in known}
        if missing:
            self._embed(corpus, missing)
            known = self._read(corpus)
        return np.stack([known[h] for h in hashes]) if hashes else np.empty((0, 0), np.float32)

    def put(self, corpus: str, hashes: Sequence[str], rows: Matrix) -> None:
        """Keep vectors, float32 (n, dim), of the texts that have these hashes.

        Raises:
            ValueError: there are not as many of the one as of the other.
        """
        if len(hashes) != len(rows):
            raise ValueError(f"{len(hashes)} hashes for {len(rows)} vectors")
        folder = self._folder_of(corpus)
        folder.mkdir(parents=True, exist_ok=True)
        listed = "\n".join(hashes)
        path = folder / hashlib.sha256(listed.encode()).hexdigest()[:16]
        path.with_suffix(".txt").write_text(listed + "\n", encoding="ascii")
        # The vectors get their name when they are whole: what was cut short is computed again.
        part = path.with_suffix(".part")
        with part.open("wb") as file:
            np.save(file, rows.astype(np.float32, copy=False))
        part.replace(path.with_suffix(".npy"))

    def _embed(self, corpus: str, missing: dict[str, str]) -> None:
        embedder, hashes = self._load(self._model), list(missing)
        for start in range(0, len(hashes), CHUNK):
            self._say(f"{corpus}: {start:,} of {len(hashes):,} texts embedded")
            chunk = hashes[start : start + CHUNK]
            rows = np.empty((len(chunk), embedder.dim), dtype=np.float32)
            for index, vectors in embed_in_batches(embedder, [missing[h] for h in chunk]):
                rows[index] = vectors
            self.put(corpus, chunk, rows)
        self._say(f"{corpus}: {len(hashes):,} texts embedded, kept in {self._folder}")

    def _read(self, corpus: str) -> dict[str, Matrix]:
        known: dict[str, Matrix] = {}
        for path in sorted(self._folder_of(corpus).glob("*.npy")):
            hashes = path.with_suffix(".txt").read_text(encoding="ascii").split()
            known.update(zip(hashes, np.load(path, allow_pickle=False), strict=True))
        return known

    def _folder_of(self, corpus: str) -> Path:
        return self._folder / f"{corpus}-{self._model.replace('/', '--')}"

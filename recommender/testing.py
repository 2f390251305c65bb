"""Small true stand-ins for tests: they obey the contracts of what they stand for.

No mocks, no network, no model.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from recommender.background import Background, Whitening
from recommender.lexical import Lexicon, tokens
from recommender.papers import Candidates, Interest, PaperFacts, Papers
from recommender.text import paper_text, prose_text
from recommender.vectors import Matrix, unit_rows

__all__ = ["TOPICS", "HashingEmbedder", "TopicCorpus", "topic_corpus"]

TOPICS = {
    "parsing": "treebank parser grammar dependency syntax constituency sentence annotation "
    "morphology corpus lexicalised transition oracle chart tagging",
    "coding": "polar decoder channel cancellation parity lattice codeword erasure list syndrome "
    "puncturing capacity frozen belief trellis",
}
"""Two topics that share no word, so that the right ranking is certain."""


class HashingEmbedder:
    """An embedder without a model: words hashed to signs, so texts that share words are near.

    The same in every process and on every machine.
    """

    def __init__(self, dim: int = 64) -> None:
        self.dim = dim
        self.name = f"hashing-{dim}"

    def embed(self, texts: Sequence[str]) -> Matrix:
        """Return one unit row per text, float32 (n_texts, dim)."""
        rows = np.zeros((len(texts), self.dim), dtype=np.float64)
        for row, text in zip(rows, texts, strict=True):
            # A text without words must have a vector too, and always the same one.
            for word in tokens(text) or [""]:
                row += self._signs(word)
        return unit_rows(rows)

    def _signs(self, word: str) -> Matrix:
        digest = hashlib.shake_256(word.encode("utf-8", "surrogatepass")).digest(-(-self.dim // 8))
        bits = np.unpackbits(np.frombuffer(digest, dtype=np.uint8))[: self.dim]
        # The small ramp keeps words of opposite signs from cancelling to a zero vector.
        return (bits * 2.0 - 1.0 + np.arange(self.dim) * 1e-3).astype(np.float32)


@dataclass(frozen=True, slots=True, eq=False)
class TopicCorpus:
    """Papers of two topics, with everything that ranking needs."""

    papers: Papers
    """Keys are 0 to n - 1."""
    facts: tuple[PaperFacts, ...]
    topic: NDArray[np.str_]
    """Name of each paper's topic, (n,)."""
    lexicon: Lexicon
    whitening: Whitening
    embedder: HashingEmbedder

    def rows(self, topic: str) -> NDArray[np.int64]:
        """Return the rows of a topic's papers."""
        return np.flatnonzero(self.topic == topic)

    def candidates(self, rows: Sequence[int] | NDArray[np.int64]) -> Candidates:
        """Return some papers as candidates, the others as their reference."""
        chosen = np.asarray(rows, dtype=np.int64)
        rest = np.setdiff1d(np.arange(len(self.papers)), chosen)
        facts = tuple(self.facts[row] for row in chosen)
        return Candidates(self.papers.take(chosen), facts, self.papers.take(rest))

    def nothing(self) -> Papers:
        """Return no papers, of this corpus's widths."""
        return Papers.none(self.papers.dim, self.papers.n_terms)

    def interest(
        self,
        liked: Sequence[int] | NDArray[np.int64] = (),
        disliked: Sequence[int] | NDArray[np.int64] = (),
        *,
        prose: str = "",
        keywords: tuple[str, ...] = (),
    ) -> Interest:
        """Return an interest in some of the papers, or in what a sentence says."""
        said = prose_text(prose, keywords)
        return Interest(
            "an interest",
            self.papers.take(np.asarray(liked, dtype=np.int64)),
            self.papers.take(np.asarray(disliked, dtype=np.int64)),
            prose=prose,
            keywords=keywords,
            prose_vector=self.embedder.embed([said])[0] if said else None,
            prose_words=self.lexicon.transform([said]) if said else None,
        )


def topic_corpus(per_topic: int = 30, *, seed: int = 7) -> TopicCorpus:
    """Make up papers of random words, half of one topic and half of the other."""
    rng = np.random.default_rng(seed)
    names = [name for name in TOPICS for _ in range(per_topic)]
    facts = tuple(_made_up(TOPICS[name].split(), row, rng) for row, name in enumerate(names))
    texts = [paper_text(fact.title, fact.abstract) for fact in facts]
    lexicon, embedder = Lexicon().fit(texts), HashingEmbedder()
    vectors = embedder.embed(texts)
    papers = Papers(np.arange(len(texts)), vectors, lexicon.transform(texts))
    whitening = Whitening.of(Background.empty(embedder.dim).add(vectors))
    return TopicCorpus(papers, facts, np.array(names), lexicon, whitening, embedder)


def _made_up(words: list[str], row: int, rng: np.random.Generator) -> PaperFacts:
    drawn = [str(word) for word in rng.choice(words, size=16)]
    abstract = f"We study {' '.join(drawn[4:10])}. Results on {' '.join(drawn[10:])} follow."
    author = f"Ada {chr(97 + row // 26 % 26)}{chr(97 + row % 26)}"
    return PaperFacts(f"{' '.join(drawn[:4])} {row}", abstract, (author,), ("cs.XX",))

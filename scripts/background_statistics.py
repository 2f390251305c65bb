"""Compute the background statistics that are shipped for the default model.

    python scripts/background_statistics.py ../shared/data/arxiv/background_40k.jsonl.gz

Embeds a random sample of the corpus (about 26 abstracts a second on two cores, so 4,000 take some
minutes) and writes mean and covariance, nothing of any paper, into `recommender/data/`. A random
4,000 of 40,000 are enough: 3,000 papers of a corpus whiten as well as all 13,584 of it did.
"""

import argparse
import gzip
import json
from pathlib import Path

import numpy as np

from recommender.background import Background, background_file
from recommender.embedding import DEFAULT_MODEL, embed_in_batches, load_embedder
from recommender.text import paper_text

SEED = 20260504
SAMPLE = 4000


def sample_texts(corpus: Path, size: int) -> list[str]:
    """Return the texts of a random sample of a corpus of JSON lines, always the same one."""
    with gzip.open(corpus, "rt", encoding="utf-8") as file:
        papers = [json.loads(line) for line in file]
    chosen = np.random.default_rng(SEED).choice(len(papers), min(size, len(papers)), replace=False)
    return [paper_text(papers[i]["title"], papers[i]["abstract"]) for i in np.sort(chosen)]


def save(background: Background, path: Path) -> None:
    """Write mean and lower triangle of the covariance in half precision.

    Halves have three digits, and the covariance is scaled to use their range; what is lost is far
    below what another sample of the corpus would change.
    """
    lower = background.covariance[np.tril_indices(background.dim)]
    scale = float(np.abs(lower).max())
    path.parent.mkdir(parents=True, exist_ok=True)
    np.savez_compressed(
        path,
        count=np.int64(background.count),
        mean=background.mean.astype(np.float32),
        lower=(lower / scale).astype(np.float16),
        scale=np.float64(scale),
    )


def main() -> None:
    """Embed, sum up, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--papers", type=int, default=SAMPLE)
    parser.add_argument("--out", type=Path, default=Path("recommender/data"))
    asked = parser.parse_args()
    texts = sample_texts(asked.corpus, asked.papers)
    embedder = load_embedder(DEFAULT_MODEL)
    background = Background.empty(embedder.dim)
    for _, vectors in embed_in_batches(embedder, texts):
        background = background.add(vectors)
        print(f"\r{background.count:,} of {len(texts):,} papers", end="", flush=True)
    path = asked.out / background_file(DEFAULT_MODEL)
    save(background, path)
    print(f"\nwrote {path}: {path.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()

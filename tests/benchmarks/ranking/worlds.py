"""A small world of two topics, in files like those of the corpora: the right order is known."""

import gzip
import json
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path

import numpy as np

from benchmarks.ranking.citeulike import TRAIN, VALIDATION
from benchmarks.ranking.corpora import ANNOUNCED, TITLES
from recommender.testing import TOPICS, HashingEmbedder
from recommender.vectors import Matrix

AUTHORS = 4
"""Of each topic; each announces a paper of their own every fifth day."""


SPELLINGS = "abcdef"
"""Endings of the rarer forms that each word of a topic has: TF-IDF drops what is in every text."""


def embed(_corpus: str, texts: Sequence[str]) -> Matrix:
    """Return vectors without a model."""
    return HashingEmbedder(256).embed(texts)


def drawn(topic: str, rng: np.random.Generator) -> list[str]:
    """Return words of a topic, every second in one of its rarer forms."""
    common = TOPICS[topic].split()
    rare = [word + ending for word in common for ending in SPELLINGS]
    pairs = zip(rng.choice(rare, size=9), rng.choice(common, size=9), strict=True)
    return [str(word) for pair in pairs for word in pair]


def write_announced(data: Path) -> Path:
    """Write papers of eight authors, each in one topic only, from January to May 2026."""
    rng = np.random.default_rng(1)
    lines: list[str] = []
    for number in range(28):
        day = date(2026, 1, 6) + timedelta(days=5 * number)
        for topic in TOPICS:
            for author in range(AUTHORS):
                said = drawn(topic, rng)
                paper = {
                    "id": f"26{day:%m}.{day:%d}{len(lines):03}",
                    "announced": day.isoformat(),
                    "title": " ".join(said[:4]),
                    "abstract": f"We study {' '.join(said[4:])}.",
                    "authors": [f"Ada {topic.title()}{'abcd'[author]}", f"Bo {topic.title()}"],
                    "categories": None,
                }
                lines.append(json.dumps(paper))
    return _zipped(data / ANNOUNCED, lines)


def write_citeulike(data: Path) -> None:
    """Write 130 titles of two topics in turns, and six readers who each keep to one topic."""
    rng = np.random.default_rng(2)
    names = list(TOPICS)
    _zipped(data / TITLES, [" ".join(drawn(names[number % 2], rng)) for number in range(130)])
    pairs = [(reader, paper) for reader in range(6) for paper in range(reader % 2, 130, 2)]
    early = [f"{reader},{paper}" for reader, paper in pairs if paper < 120]
    late = [f"{reader},{paper}" for reader, paper in pairs if paper >= 120]
    _zipped(data / TRAIN, ["reader,paper", *early])
    _zipped(data / VALIDATION, ["reader,paper", *late])


def _zipped(path: Path, lines: Sequence[str]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    with gzip.open(path, "wt", encoding="utf-8") as file:
        file.writelines(f"{line}\n" for line in lines)
    return path

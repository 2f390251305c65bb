"""One reader's day over the corpus of two topics, for the tests of its ranking."""

from dataclasses import replace

import numpy as np

from recommender.interests import InterestModel
from recommender.papers import Interest
from recommender.ranked import DayRanking
from recommender.testing import TopicCorpus

__all__ = ["fitted", "in_topic", "keys_of", "rng"]


def rng() -> np.random.Generator:
    """Return the generator of one reader's day."""
    return np.random.default_rng(2026)


def fitted(corpus: TopicCorpus, *interests: Interest) -> list[InterestModel]:
    """Fit a model on each interest."""
    return [InterestModel().fit(interest, corpus.whitening) for interest in interests]


def in_topic(corpus: TopicCorpus, topic: str, **changes: object) -> Interest:
    """Return an interest in the first papers of a topic, that takes nearly anything above zero."""
    plain = corpus.interest(corpus.rows(topic)[:6])
    return replace(plain, **{"name": topic, "threshold": 4.5, **changes})  # type: ignore[arg-type]


def keys_of(day: DayRanking, section: int = 0) -> list[int]:
    """Return the keys of a section, in order."""
    return [entry.key for entry in day.sections[section].entries]

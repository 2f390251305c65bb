"""What the tests of ranking share."""

import pytest

from recommender.papers import Candidates
from recommender.testing import TopicCorpus, topic_corpus


@pytest.fixture(scope="session")
def corpus() -> TopicCorpus:
    """Sixty papers of two topics that share no word; never changed by a test."""
    return topic_corpus()


@pytest.fixture(scope="module")
def candidates(corpus: TopicCorpus) -> Candidates:
    """Fifteen papers of each topic; keys 15 to 29 are about parsing, 45 to 59 about coding."""
    return corpus.candidates([*range(15, 30), *range(45, 60)])

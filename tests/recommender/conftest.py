"""What the tests of ranking share."""

import pytest

from recommender.testing import TopicCorpus, topic_corpus


@pytest.fixture(scope="session")
def corpus() -> TopicCorpus:
    """Sixty papers of two topics that share no word; never changed by a test."""
    return topic_corpus()

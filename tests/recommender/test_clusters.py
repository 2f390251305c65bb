"""Whether liked papers are one interest or several, and what the parts are called."""

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recommender.clusters import ClusterConfig, cluster_words, find_clusters, silhouette
from recommender.papers import PaperFacts, Papers
from recommender.testing import TOPICS, HashingEmbedder, TopicCorpus, topic_corpus
from recommender.text import paper_text
from recommender.vectors import Matrix, unit_rows

AUCTIONS = (
    "auction bidder revenue truthful welfare budget envy reserve cartel valuation payment "
    "combinatorial sponsored equilibrium"
)


def likes(corpus: TopicCorpus, *sizes: int) -> Matrix:
    """Return the vectors of so many papers on parsing, on coding and on auctions."""
    rng, embedder = np.random.default_rng(3), HashingEmbedder(corpus.papers.dim)
    words = AUCTIONS.split()
    auctions = embedder.embed([" ".join(rng.choice(words, size=14)) for _ in range(30)])
    parts = [corpus.papers.vectors[corpus.rows(topic)] for topic in ("parsing", "coding")]
    return np.vstack(
        [part[:size] for part, size in zip([*parts, auctions], (*sizes, 0, 0), strict=False)]
    )


@pytest.mark.parametrize(
    ("sizes", "expected"), [((30,), 1), ((12,), 1), ((15, 15), 2), ((20, 8), 2), ((12, 9, 15), 3)]
)
def test_every_topic_is_a_cluster(
    corpus: TopicCorpus, sizes: tuple[int, ...], expected: int
) -> None:
    """And one topic stays whole, however many papers of it there are."""
    found = find_clusters(likes(corpus, *sizes), corpus.whitening.mean)

    assert len(found) == expected
    assert sorted(np.bincount(found.of).tolist()) == sorted(sizes)


def test_a_cluster_holds_the_papers_of_one_topic_the_largest_first(corpus: TopicCorpus) -> None:
    """Numbers tell the size of clusters."""
    found = find_clusters(likes(corpus, 8, 14), corpus.whitening.mean)

    assert found.of.tolist() == [1] * 8 + [0] * 14
    assert found.clearness > 0.2


def test_a_few_stray_papers_are_no_interest(corpus: TopicCorpus) -> None:
    """Every cluster has six papers at the least."""
    assert len(find_clusters(likes(corpus, 20, 5), corpus.whitening.mean)) == 1


@given(st.permutations(range(24)))
@settings(max_examples=20)
def test_clusters_do_not_depend_on_the_order_of_papers(
    corpus: TopicCorpus, order: Sequence[int]
) -> None:
    """The same papers are together."""
    vectors = likes(corpus, 10, 14)

    straight = find_clusters(vectors, corpus.whitening.mean)
    mixed = find_clusters(vectors[list(order)], corpus.whitening.mean)

    assert mixed.of.tolist() == straight.of[list(order)].tolist()


@pytest.mark.parametrize("n", [0, 1, 11])
def test_too_few_papers_are_one_interest(corpus: TopicCorpus, n: int) -> None:
    """Clearness is unknown where nothing was divided."""
    found = find_clusters(likes(corpus, n), corpus.whitening.mean)

    assert found.of.tolist() == [0] * n
    assert np.isnan(found.clearness)


def test_copies_of_one_paper_are_one_interest(corpus: TopicCorpus) -> None:
    """However many there are."""
    copies = np.repeat(likes(corpus, 1), 20, axis=0)

    assert len(find_clusters(copies, corpus.whitening.mean)) == 1


def test_papers_without_a_vector_are_in_no_cluster(corpus: TopicCorpus) -> None:
    """They do not hinder the others."""
    vectors = likes(corpus, 10, 10)
    vectors[3], vectors[4] = np.nan, 0.0

    found = find_clusters(vectors, corpus.whitening.mean)

    assert found.of[[3, 4]].tolist() == [-1, -1]
    assert np.bincount(np.delete(found.of, [3, 4])).tolist() == [10, 8]


def test_random_directions_are_one_interest() -> None:
    """What has no structure is not divided."""
    noise = unit_rows(np.random.default_rng(2).standard_normal((60, 64)))

    assert len(find_clusters(noise, np.zeros(64, dtype=np.float32))) == 1


def test_clearness_can_be_asked_for(corpus: TopicCorpus) -> None:
    """A stricter reader keeps them together."""
    strict = ClusterConfig(clearness=0.99)

    assert len(find_clusters(likes(corpus, 15, 15), corpus.whitening.mean, strict)) == 1


@pytest.mark.slow
def test_many_papers_are_divided_like_a_part_of_them() -> None:
    """Nobody's likes are too many: those not looked at go to the cluster they are nearest to."""
    many = topic_corpus(800)

    found = find_clusters(many.papers.vectors, many.whitening.mean)

    assert len(found) == 2
    right = [np.unique(found.of[many.rows(topic)], return_counts=True)[1].max() for topic in TOPICS]
    assert min(right) > 0.99 * 800


def test_the_rounds_are_bounded(corpus: TopicCorpus) -> None:
    """One is enough where clusters are clear."""
    found = find_clusters(likes(corpus, 8, 14), corpus.whitening.mean, ClusterConfig(rounds=1))

    assert len(found) == 2


def test_silhouettes_by_hand() -> None:
    """Papers at 0, 1 and 5, 7 on a line: (5.5 - 1) / 5.5 and so on."""
    at = np.array([0.0, 1.0, 5.0, 7.0])

    width = silhouette(np.abs(at[:, None] - at), np.array([0, 0, 1, 1]))

    np.testing.assert_allclose(width, [5 / 6, 4 / 5, 2.5 / 4.5, 4.5 / 6.5])


def test_silhouettes_where_there_is_nothing_to_compare() -> None:
    """Of a single paper, of one cluster and of copies: zero."""
    flat = np.zeros((3, 3))

    assert silhouette(1 - np.eye(3), np.array([0, 1, 1]))[0] == 0
    assert silhouette(1 - np.eye(3), np.array([0, 0, 0])).tolist() == [0, 0, 0]
    assert silhouette(flat, np.array([0, 1, 1])).tolist() == [0, 0, 0]


def test_labels_are_the_words_that_set_a_cluster_apart(corpus: TopicCorpus) -> None:
    """Spelt as its papers spell them."""
    rows = np.concatenate([corpus.rows("parsing")[:8], corpus.rows("coding")[:8]])
    facts = [corpus.facts[row] for row in rows]

    words = cluster_words(corpus.papers.take(rows), np.repeat([0, 1], 8), facts, corpus.lexicon)

    assert [0 < len(found) <= 4 for found in words] == [True, True]
    for topic, found in zip(("parsing", "coding"), words, strict=True):
        others = [corpus.facts[row].title for row in rows if corpus.topic[row] != topic]
        assert not any(word in title for word in found for title in others)


def test_papers_without_words_have_no_label() -> None:
    """The caller finds another name."""
    from recommender.lexical import Lexicon

    lexicon = Lexicon().fit([paper_text("One thing", ""), paper_text("Another", "")])
    papers = Papers(np.arange(2), np.ones((2, 4), dtype=np.float32), lexicon.transform(["", ""]))
    facts = [PaperFacts(""), PaperFacts("")]

    assert cluster_words(papers, np.array([0, -1]), facts, lexicon) == ((),)

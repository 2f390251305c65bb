from collections.abc import Mapping
from dataclasses import replace
from functools import partial

import numpy as np
import pytest
from scipy.sparse import csr_array, vstack

from benchmarks.ranking.ours import paperround_scores, prose_scores
from benchmarks.ranking.tasks import Task, measure
from recommender.coreaders import MIN_READERS, CoReaders
from recommender.interests import InterestModel
from recommender.kernel import MIN_LANDMARKS, KernelView
from recommender.papers import Candidates, Interest, Papers


def one_by_one(task: Task, query: int) -> np.ndarray:
    """Score a query as a reader's digest does, without blocks."""
    number = int(task.slate[query])
    papers, rows = task.slates[number].papers, task.slates[number].candidates
    titles_only = task.corpus.titles_only
    reference = None if titles_only else papers.take(task.background)
    candidates = Candidates(papers.take(rows), tuple(task.corpus.facts[r] for r in rows), reference)
    if len(task.background) >= MIN_LANDMARKS:
        view = KernelView.of(task.corpus.vectors[task.background], candidates.pool.solid)
        candidates = replace(candidates, kernel=view)
        if task.others is not None:
            coreaders = CoReaders.of(task.others, papers.take(np.arange(len(papers))))
            assert coreaders is not None
            candidates = replace(candidates, lent=coreaders.lend(view))
    nothing = Papers.none(papers.dim, papers.n_terms)
    interest = Interest("mine", papers.take(task.profiles[query]), nothing)
    model = InterestModel()
    return model.fit(interest, task.whitening).score(candidates).total


@pytest.mark.parametrize("name", ["replay-last1", "replay-last5", "replay-all"])
def test_scores_are_those_of_a_readers_digest(replay: Mapping[str, Task], name: str) -> None:
    """Blocks are only faster."""
    task = replay[name]
    scores = paperround_scores(task)

    for query in (0, len(task) - 1):
        span = task.span(int(task.slate[query]))
        np.testing.assert_allclose(scores[query, span], one_by_one(task, query), atol=1e-3)


def test_scores_of_titles_are_those_of_a_readers_digest(citeulike: Mapping[str, Task]) -> None:
    """With the weights for titles."""
    task = citeulike["citeulike"]

    np.testing.assert_allclose(paperround_scores(task)[2], one_by_one(task, 2), atol=1e-3)


def with_a_long_stream(task: Task) -> Task:
    """Return the task with enough earlier papers for a kernel: each of them several times."""
    return replace(task, background=np.sort(np.resize(task.background, MIN_LANDMARKS)))


def test_scores_with_co_readers_are_those_of_a_readers_digest(
    citeulike: Mapping[str, Task],
) -> None:
    """Other readers lend where there are enough of them."""
    task = with_a_long_stream(citeulike["citeulike"])
    assert task.others is not None
    rng = np.random.default_rng(1)
    likes = csr_array((rng.random((MIN_READERS, task.others.shape[1])) < 0.2).astype(np.float32))
    lent = replace(task, others=csr_array(vstack([task.others, likes], format="csr")))

    scores, alone = paperround_scores(lent), paperround_scores(replace(task, others=None))

    np.testing.assert_allclose(scores[2], one_by_one(lent, 2), atol=5e-3)
    assert np.nanmax(np.abs(scores[2] - alone[2])) > 0.05


def test_every_candidate_of_the_slate_is_scored_and_no_other(replay: Mapping[str, Task]) -> None:
    """Unknown is not zero."""
    task = replay["replay-last5"]
    scores = paperround_scores(task)

    for number in range(len(task.slates)):
        inside = np.zeros(len(task.columns), dtype=bool)
        inside[task.span(number)] = True
        np.testing.assert_array_equal(
            np.isfinite(scores[task.queries(number)]),
            np.broadcast_to(inside, (len(task.queries(number)), len(inside))),
        )


def test_a_week_that_nobody_asks_about_is_left_alone(replay: Mapping[str, Task]) -> None:
    """As in a sample of few readers."""
    task = replay["replay-all"]

    alone = paperround_scores(task.take(np.array([0])))

    np.testing.assert_allclose(alone[0], paperround_scores(task)[0], atol=1e-5)


def test_words_alone_find_the_topic(prose: Mapping[str, Task]) -> None:
    """So do vectors alone, and both: a reader who only spoke is served."""
    task = prose["prose-all"]
    halves = [partial(prose_scores, by_vectors=False), partial(prose_scores, by_words=False)]

    reached = [measure(task, score(task)).mean("recall@20") for score in halves]

    assert min([*reached, measure(task, paperround_scores(task)).mean("recall@20")]) == 1.0
    assert measure(task, paperround_scores(task)).mean("mrr") > 0.4


def test_words_are_needed_where_nothing_was_liked(replay: Mapping[str, Task]) -> None:
    """A task without them is refused."""
    with pytest.raises(ValueError, match="replay-all said nothing"):
        prose_scores(replay["replay-all"])


def test_prose_is_the_titles_latest_first(prose: Mapping[str, Task]) -> None:
    """And its vector is that of the text."""
    task = prose["prose-last5"]
    titles = [task.corpus.facts[row].title for row in task.profiles[0]]

    assert task.prose is not None
    assert task.prose[0] == "; ".join(reversed(titles))
    assert task.prose_vectors is not None
    assert task.prose_vectors.shape == (len(task), task.corpus.vectors.shape[1])

"""Paper Round's own scores, through its public interface and with its own defaults.

The one place where a change of that interface is followed; nothing is tuned here.
"""

import numpy as np
from scipy.sparse import csr_array

from benchmarks.ranking.tasks import Rows, Task
from recommender.blocks import BlockReaders, rank_block
from recommender.coreaders import CoReaders
from recommender.interests import InterestModel
from recommender.kernel import LANDMARKS, MIN_LANDMARKS
from recommender.papers import Candidates, Interest, Papers
from recommender.vectors import Matrix

__all__ = ["REFERENCE", "paperround_scores", "prose_scores"]

REFERENCE = 1_000
"""Latest papers before the slate that spreads are measured over too, as in a day's digest."""


def paperround_scores(task: Task) -> Matrix:
    """Score a task as an installation would: by liked papers, or by what readers said."""
    return _liked_scores(task) if task.prose is None else prose_scores(task)


def prose_scores(task: Task, *, by_words: bool = True, by_vectors: bool = True) -> Matrix:
    """Score by readers' own words, as text, as a vector, or both.

    Raises:
        ValueError: the task's readers said nothing.
    """
    if task.prose is None or task.prose_vectors is None:
        raise ValueError(f"the readers of {task.name} said nothing")
    scores, vectors = task.empty_scores(), task.prose_vectors
    for number, slate in enumerate(task.slates):
        candidates = _candidates(task, number)
        for query in task.queries(number).tolist():
            said = task.prose[query]
            nothing = Papers.none(slate.papers.dim, slate.papers.n_terms)
            interest = Interest(
                task.readers[query],
                nothing,
                nothing,
                prose=said,
                prose_vector=vectors[query] if by_vectors else None,
                prose_words=slate.lexicon.transform([said]) if by_words else None,
            )
            model = InterestModel().fit(interest, task.whitening)
            scores[query, task.span(number)] = model.score(candidates).total
    return scores


def _liked_scores(task: Task) -> Matrix:
    scores, coreaders = task.empty_scores(), _coreaders(task)
    for number, slate in enumerate(task.slates):
        queries, span = task.queries(number), task.span(number)
        if len(queries) == 0:
            continue
        readers = _readers(task, queries, slate.papers)
        candidates = slate.papers.take(slate.candidates)
        ranking = rank_block(
            readers,
            candidates,
            task.whitening,
            reference=_reference(task, slate.papers),
            landmarks=_landmarks(task),
            coreaders=coreaders,
            abstracts=not task.corpus.titles_only,
            top=len(candidates),
        )
        place, ranked = ranking.rows, ranking.rows >= 0
        found = np.full(place.shape, np.nan, dtype=np.float32)
        who = np.broadcast_to(np.arange(len(queries))[:, None], place.shape)
        found[who[ranked], place[ranked]] = ranking.totals[ranked]
        scores[queries, span] = found
    return scores


def _readers(task: Task, queries: Rows, papers: Papers) -> BlockReaders:
    profiles = [task.profiles[query] for query in queries]
    pool = np.unique(np.concatenate(profiles))
    indptr = np.concatenate([[0], np.cumsum([len(liked) for liked in profiles])])
    columns = np.searchsorted(pool, np.concatenate(profiles))
    ones = np.ones(len(columns), dtype=np.float32)
    liked = csr_array((ones, columns, indptr), shape=(len(queries), len(pool)))
    return BlockReaders(papers.take(pool), liked)


def _candidates(task: Task, number: int) -> Candidates:
    slate = task.slates[number]
    facts = tuple(task.corpus.facts[row] for row in slate.candidates)
    papers = slate.papers
    return Candidates(papers.take(slate.candidates), facts, _reference(task, papers))


def _landmarks(task: Task) -> Matrix | None:
    """Return vectors of the stream, evenly chosen; none where it is too short."""
    if len(task.background) < MIN_LANDMARKS:
        return None
    places = np.linspace(0, len(task.background) - 1, min(LANDMARKS, len(task.background)))
    vectors: Matrix = task.corpus.vectors[task.background[places.round().astype(np.int64)]]
    return vectors


def _coreaders(task: Task) -> CoReaders | None:
    if task.others is None:
        return None
    liked = np.flatnonzero(task.others.sum(axis=0))
    return CoReaders.of(task.others[:, liked], task.slates[0].papers.take(liked))


def _reference(task: Task, papers: Papers) -> Papers | None:
    """Return the recent stream; a corpus without days has none."""
    if np.isnan(task.corpus.day).all():
        return None
    return papers.take(task.background[-REFERENCE:])

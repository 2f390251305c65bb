"""What others train for every reader: a classifier of liked papers against random others.

Written by us after their published rules. Each costs a reader ten milliseconds to a second, so a
task's readers are sampled for them (see `benchmarks.ranking.entries`).
"""

import functools
import warnings
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from sklearn.exceptions import ConvergenceWarning
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.svm import LinearSVC

from benchmarks.ranking.tasks import Rows, Task, mean_profiles
from recommender.lexical import Sparse
from recommender.vectors import Matrix

__all__ = ["linear_svc", "logistic_regression", "tfidf_centroid"]

NEGATIVES = 5_000
"""Random papers of the background, fewer where it has fewer."""
SEED = 4

Column = NDArray[np.floating]


def linear_svc(task: Task) -> Matrix:
    """Score by a linear support vector machine on TF-IDF, one a reader: arxiv-sanity-lite.

    `TfidfVectorizer(max_features=20_000, ngram_range=(1, 2), min_df=5, max_df=0.1, sublinear_tf)`
    and `LinearSVC(class_weight="balanced", C=0.01, tol=1e-6)`; it takes all other papers as
    negatives, here the background. It reads authors' names too: left out, for in author replay they
    would be the answer.
    """
    rows = _tfidf(task)

    def fitted(liked: Rows) -> Column:
        papers, label, _ = _examples(task, liked)
        svc = LinearSVC(
            class_weight="balanced", C=0.01, tol=1e-6, max_iter=10_000, random_state=SEED
        )
        with warnings.catch_warnings():
            # Ten thousand rounds are its published limit, whether or not they were enough.
            warnings.simplefilter("ignore", ConvergenceWarning)
            svc.fit(rows[papers], label)
        scores: Column = svc.decision_function(rows[task.columns])
        return scores

    return _by_profile(task, fitted)


def logistic_regression(task: Task) -> Matrix:
    """Score by a weighted logistic regression on the vectors, one a reader: Scholar Inbox.

    C = 0.1; liked papers weigh `n / n_liked` together `n`, random ones `S n / n_random` with S = 5.
    Explicit dislikes would share the latter by V = 0.8, but no reader here has any. Published with
    5,000 random negatives and 256 dimensions of GTE-large; here with the vectors that all have.
    """
    vectors = task.corpus.vectors

    def fitted(liked: Rows) -> Column:
        papers, label, weight = _examples(task, liked)
        model = LogisticRegression(C=0.1, max_iter=1_000)
        model.fit(vectors[papers], label, sample_weight=weight)
        scores: Column = vectors[task.columns] @ model.coef_[0]
        return scores

    return _by_profile(task, fitted)


def tfidf_centroid(task: Task) -> Matrix:
    """Score by the TF-IDF cosine to the mean of the liked papers: Rocchio."""
    rows = _tfidf(task)
    scores: Matrix = (mean_profiles(task) @ rows @ rows[task.columns].T).toarray()
    return scores


@functools.lru_cache(maxsize=1)
def _tfidf(task: Task) -> Sparse:
    """Return TF-IDF rows of the corpus, by a vocabulary of what was there before."""
    earlier = task.slates[0].earlier
    vectorizer = TfidfVectorizer(
        max_features=20_000, ngram_range=(1, 2), min_df=5, max_df=0.1, sublinear_tf=True
    )
    vectorizer.fit([task.corpus.texts[row] for row in earlier])
    return csr_array(vectorizer.transform(task.corpus.texts), dtype=np.float32)


def _examples(task: Task, liked: Rows) -> tuple[Rows, NDArray[np.int8], NDArray[np.float64]]:
    """Return papers, whether each is liked, and Scholar Inbox's weight of each."""
    rest = np.setdiff1d(task.background, liked)
    rng = np.random.default_rng(SEED)
    random = rng.choice(rest, min(NEGATIVES, len(rest)), replace=False)
    label = np.repeat([1, 0], [len(liked), len(random)]).astype(np.int8)
    weight = len(label) * np.where(label == 1, 1 / len(liked), 5 / max(len(random), 1))
    return np.concatenate([liked, random]), label, weight


def _by_profile(task: Task, fitted: Callable[[Rows], Column]) -> Matrix:
    """Score each different profile once; a reader's weeks share it."""
    scores, done = task.empty_scores(), dict[bytes, Column]()
    for row, liked in zip(scores, task.profiles, strict=True):
        key = liked.tobytes()
        if key not in done:
            done[key] = fitted(liked)
        row[:] = done[key]
    return scores

"""The papers of a day's window, made ready once for all readers whose digest is due."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from digest.model import Card
from paperround.context import App
from paperround.services.attention import Attention, read_attention
from paperround.services.coreaders import read_coreaders
from paperround.services.embed import read_background
from paperround.services.learned import read_calibration
from paperround.store.papers import StoredPaper, papers_announced
from paperround.store.ratings import Votes, votes_on
from recommender.background import Background, Whitening, choose_background, shipped_background
from recommender.calibration import PRIOR, Calibration
from recommender.kernel import LANDMARKS, MIN_LANDMARKS, KernelView
from recommender.lexical import Lexicon
from recommender.papers import Candidates, PaperFacts, Papers
from recommender.text import paper_text
from recommender.trending import Signals, trending_percentiles
from recommender.vectors import is_known, unpack_rows

__all__ = ["DayPapers", "load_day", "papers_of"]

# Enough of the recent stream to know what an ordinary score is, on a day with three papers too.
REFERENCE_PAPERS = 1_000
REFERENCE_DAYS = 60


@dataclass(frozen=True, slots=True)
class DayPapers:
    """Everything about a day that does not depend on the reader."""

    day: date
    papers: tuple[StoredPaper, ...]
    """Announced within the look-back window, newest first; row-aligned with `candidates`."""
    candidates: Candidates
    lexicon: Lexicon
    whitening: Whitening
    calibration: Calibration = PRIOR
    attention: Attention | None = None
    """What may come of the papers, row-aligned; None where it is not shown."""
    cards: dict[int, Card] = field(default_factory=dict, compare=False, repr=False)
    """By row, what every reader sees of a paper: made when the first reader gets it."""


def load_day(app: App, day: date, *, with_coreaders: bool = True) -> DayPapers:
    """Read and prepare the papers that digests of a day choose from.

    Args:
        app: The application.
        day: The day of the digests.
        with_coreaders: Whether readers lend each other what they like. What they liked has no
            history here, so a replay of past days goes without.

    Raises:
        ModelMismatchError: The store holds vectors of another dimension than the model's.
    """
    first = day - timedelta(days=app.settings.digest_lookback_days - 1)
    before = first - timedelta(days=1)
    model = app.settings.model
    own = read_background(app)
    with app.database.read() as session:
        papers = papers_announced(session, first, day, model=model)
        earlier = papers_announced(
            session,
            before - timedelta(days=REFERENCE_DAYS),
            before,
            model=model,
            limit=LANDMARKS,
        )
        votes = votes_on(session, [paper.key for paper in papers])
    reference = earlier[:REFERENCE_PAPERS]
    lexicon = Lexicon().fit([_text(paper) for paper in [*papers, *reference]])
    dim = _dimension(own, model)
    rows = papers_of(papers, lexicon, dim)
    candidates = Candidates(
        papers=rows,
        facts=tuple(_facts(paper) for paper in papers),
        reference=papers_of(reference, lexicon, dim) if reference else None,
        trending=_trending(papers, votes, day),
    )
    background = choose_background(own, shipped_background(model), rows.vectors)
    candidates = _seen_through(app, candidates, earlier, with_coreaders=with_coreaders)
    whitening, calibration = Whitening.of(background), read_calibration(app)
    # What is learned today is no knowledge of a past day, and a replay shows nothing.
    attention = read_attention(app, day, papers, rows.vectors) if with_coreaders else None
    return DayPapers(day, tuple(papers), candidates, lexicon, whitening, calibration, attention)


def _seen_through(
    app: App, candidates: Candidates, earlier: Sequence[StoredPaper], *, with_coreaders: bool
) -> Candidates:
    """Add the kernel and what co-readers lend, where enough of the stream is known."""
    dim = candidates.papers.dim
    landmarks = unpack_rows([paper.vector for paper in earlier], dim)
    landmarks = landmarks[is_known(landmarks)]
    if len(landmarks) < MIN_LANDMARKS:
        return candidates
    kernel = KernelView.of(landmarks, candidates.pool.solid)
    coreaders = read_coreaders(app, dim) if with_coreaders else None
    return replace(
        candidates, kernel=kernel, lent=coreaders.lend(kernel) if coreaders is not None else None
    )


def papers_of(papers: Sequence[StoredPaper], lexicon: Lexicon, dim: int) -> Papers:
    """Return papers as the recommender takes them: keys, vectors and weighted words."""
    return Papers(
        keys=np.array([paper.key for paper in papers], dtype=np.int64),
        vectors=unpack_rows([paper.vector for paper in papers], dim),
        words=lexicon.transform([_text(paper) for paper in papers]),
    )


def _text(paper: StoredPaper) -> str:
    return paper_text(paper.title, paper.abstract)


def _facts(paper: StoredPaper) -> PaperFacts:
    return PaperFacts(paper.title, paper.abstract, paper.authors, paper.categories)


def _dimension(own: Background | None, model: str) -> int:
    """Return the vectors' dimension; 1 when nothing is embedded and words alone must do."""
    known = own or shipped_background(model)
    return known.dim if known is not None else 1


def _trending(
    papers: Sequence[StoredPaper], votes: dict[int, Votes], day: date
) -> NDArray[np.float64]:
    """Return each paper's trending percentile, NaN where nothing is known of it."""
    nobody = Votes(0, 0)
    ages = [(day - paper.announced_on).days for paper in papers if paper.announced_on]
    signals = Signals(
        upvotes=np.array(
            [np.nan if paper.upvotes is None else paper.upvotes for paper in papers], dtype=float
        ),
        likes=np.array([votes.get(paper.key, nobody).likes for paper in papers], dtype=float),
        dislikes=np.array([votes.get(paper.key, nobody).dislikes for paper in papers], dtype=float),
        age_days=np.array(ages, dtype=float),
    )
    return trending_percentiles(signals)

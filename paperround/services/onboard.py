"""Gets to know a reader by asking: a few papers, chosen so that each answer tells the most.

Asks about papers older than those that the next digests choose from, so that they lose nothing.
What is answered is kept as a rating; what is skipped only counts as asked. Loads no model.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from paperround.context import App
from paperround.services.day import DayPapers, load_day, papers_of
from paperround.services.interests import NewInterest, add_interest
from paperround.services.profiles import Profile, fitted_models, read_profile
from paperround.services.rate import rate
from paperround.store.papers import StoredPaper, latest_announcement, papers_announced
from paperround.store.readers import interest_named, reader_at
from paperround.store.shown import shown_papers
from paperround.taxonomy import check_category
from recommender.clusters import cluster_words
from recommender.interests import InterestModel
from recommender.papers import Candidates, PaperFacts, Papers
from recommender.phrases import has_category
from recommender.ranking import muted
from recommender.selection import best_first, most_telling
from recommender.uncertainty import Uncertainty
from recommender.vectors import Matrix

__all__ = ["FIRST_INTEREST", "Onboarding", "Question", "Sharpness"]

Column = NDArray[np.float64]

FIRST_INTEREST = "For you"
"""Name of the interest that the first liked paper makes for a reader who has none."""
TELLING_WEIGHT = 0.5
"""Of what an answer tells, against what it is expected to be. By replay (120 readers, ten answers,
nDCG@20 of the profile that comes out, `benchmarks.ranking.onboarding`) from a sentence .210 against
.208 for the best papers and .167 for random ones; from nothing .097 against .074 and .039."""
POOL_PAPERS, POOL_DAYS, MIN_POOL = 1_000, 60, 200
BEST_PAPERS = 20
"""The doubt that is told is that about so many of the papers that stand best now."""
SEED = 20_260_505


@dataclass(frozen=True, slots=True)
class Question:
    """A paper that the reader is asked about."""

    paper: StoredPaper
    interest: str | None
    """The interest that expects most of it, which the answer teaches; None when none does."""


@dataclass(frozen=True, slots=True)
class Sharpness:
    """How well a reader is known by now."""

    liked: int
    disliked: int
    words: tuple[str, ...]
    """Those that the liked papers share most, weightiest first."""
    best: tuple[StoredPaper, ...]
    """The three papers of the latest window that would stand first."""
    doubt: float
    """Standard deviation left in what the best papers are worth, in percent of that before
    anything was known: 100 for a stranger."""


class Onboarding:
    """A conversation with one reader; every answer is kept at once, so it can end at any time."""

    def __init__(
        self,
        app: App,
        address: str,
        *,
        categories: Sequence[str] = (),
        interest: str | None = None,
    ) -> None:
        """Prepare the papers to ask about; costs what preparing a digest costs.

        Args:
            app: The application.
            address: The reader's.
            categories: Ask only about papers of these.
            interest: The one that answers teach; by default the one that expects most of a paper.

        Raises:
            UnknownReaderError: No reader has this address.
            UnknownInterestError: The reader has interests, and none of this name.
            UnknownCategoryError: There is no such category.
        """
        wanted = [check_category(code) for code in categories]
        self._app, self._address, self._wanted_interest = app, address, interest
        with app.database.read() as session:
            reader = reader_at(session, address)
            assert reader.id is not None
            self._reader_id = reader.id
            latest = latest_announcement(session)
            on = app.clock().astimezone(ZoneInfo(reader.zone)).date()
        self._day = load_day(app, min(on, latest) if latest else on)
        self._papers = self._to_ask_about()
        self._pool = _candidates(self._papers, self._day)
        self._in_scope = np.array(
            [not wanted or has_category(p.categories, wanted) for p in self._papers], np.bool_
        )
        self._asked: set[int] = set()
        self._refresh()
        if interest is not None and self._profile.interests:
            with app.database.read() as session:
                interest_named(session, reader.id, interest)

    def ask(self) -> Question | None:
        """Return the paper whose answer would tell the most; None when there is none left."""
        totals = self._totals(self._pool)
        best = _best(totals)
        # Before anything is liked there is nothing to expect of any paper.
        worth = best if np.isfinite(best).any() else np.zeros(len(self._papers))
        row = most_telling(
            np.where(self._askable(), worth, np.nan),
            self._uncertainty().doubts(self._pool.papers.vectors),
            weight=TELLING_WEIGHT,
            rng=np.random.default_rng([SEED, self._reader_id, len(self._asked)]),
        )
        if row is None:
            return None
        return Question(self._papers[row], self._taught(totals[:, row]))

    def answer(self, question: Question, value: Literal[-1, 1]) -> None:
        """Keep a thumbs up or down; the first thumbs up of all makes an interest."""
        paper_id, name = question.paper.paper_id, question.interest
        if value > 0 and not self._profile.interests:
            name = self._wanted_interest or FIRST_INTEREST
            add_interest(self._app, self._address, NewInterest(name, like=(paper_id,)))
        rate(self._app, self._address, paper_id, value, interest=name)
        self.skip(question)

    def skip(self, question: Question) -> None:
        """Ask about something else; what was asked is not asked again."""
        self._asked.add(question.paper.key)
        self._refresh()

    def sharpness(self) -> Sharpness:
        """Return how well the reader is known after the answers so far."""
        candidates, totals = self._day.candidates, _best(self._totals(self._day.candidates))
        seen = np.isin(candidates.papers.keys, list(self._profile.papers))
        order = best_first(np.where(seen, np.nan, totals), candidates.papers.keys)
        order = order[np.isfinite(totals[order]) & ~seen[order]]
        near = order[:BEST_PAPERS] if len(order) else np.arange(len(totals))
        doubts = self._uncertainty().of(candidates.papers.vectors[near])
        known = doubts[np.isfinite(doubts)]
        verdicts = [rating.value for rating in self._profile.ratings]
        return Sharpness(
            liked=sum(value > 0 for value in verdicts),
            disliked=sum(value < 0 for value in verdicts),
            words=self._words(),
            best=tuple(self._day.papers[row] for row in order[:3].tolist()),
            doubt=100.0 * float(known.mean()) if len(known) else 100.0,
        )

    def _to_ask_about(self) -> tuple[StoredPaper, ...]:
        """Return the papers before the window; those of the window where there are few others."""
        last = self._day.day - timedelta(days=self._app.settings.digest_lookback_days)
        first = last - timedelta(days=POOL_DAYS)
        model = self._app.settings.model
        with self._app.database.read() as session:
            found = papers_announced(session, first, last, model=model, limit=POOL_PAPERS)
        embedded = [paper for paper in found if paper.vector is not None]
        if len(embedded) >= MIN_POOL:
            return tuple(embedded)
        return self._day.papers[:POOL_PAPERS]

    def _refresh(self) -> None:
        """Learn what is known of the reader by now."""
        app, day = self._app, self._day.day
        with app.database.read() as session:
            self._profile: Profile = read_profile(session, app.settings.model, self._reader_id)
            self._shown = shown_papers(session, self._reader_id, before=day + timedelta(days=1))
        self._models = fitted_models(self._profile, self._day)

    def _askable(self) -> NDArray[np.bool_]:
        """Tell which papers (n,) may be asked about."""
        seen = self._asked | self._shown | self._profile.papers.keys()
        barred = ~self._in_scope | np.isin(self._pool.papers.keys, list(seen))
        for model in self._models:
            barred |= muted(self._pool, model.interest_.mutes)
        return ~barred

    def _totals(self, candidates: Candidates) -> Column:
        """Return what each interest expects of papers (n_interests, n), followed authors aside."""
        rows = [_unprompted(model, candidates) for model in self._models]
        return np.array(rows, dtype=np.float64).reshape(len(rows), len(candidates))

    def _taught(self, totals: Column) -> str | None:
        if self._wanted_interest is not None and self._profile.interests:
            return self._wanted_interest
        if not np.isfinite(totals).any():
            return None
        return self._profile.interests[int(np.nanargmax(totals))].name

    def _uncertainty(self) -> Uncertainty:
        """Return what is left in doubt after all that was named, rated, said or asked."""
        told = self._rated()
        asked = np.isin(self._pool.papers.keys, list(self._asked))
        said = [m.interest_.prose_vector for m in self._models]
        rows = [told.vectors, self._pool.papers.vectors[asked]]
        rows += [vector[None] for vector in said if vector is not None]
        known: Matrix = np.vstack(rows)
        return Uncertainty().fit(known, self._day.whitening)

    def _rated(self) -> Papers:
        dim = self._day.candidates.papers.dim
        return papers_of(tuple(self._profile.papers.values()), self._day.lexicon, dim)

    def _words(self) -> tuple[str, ...]:
        liked = {key for model in self._models for key in model.liked_.keys.tolist()}
        chosen = [paper for key, paper in self._profile.papers.items() if key in liked]
        papers = papers_of(chosen, self._day.lexicon, self._day.candidates.papers.dim)
        together = np.zeros(len(chosen), dtype=np.int64)
        found = cluster_words(papers, together, list(map(_facts, chosen)), self._day.lexicon)
        return found[0] if found else ()


def _candidates(papers: Sequence[StoredPaper], day: DayPapers) -> Candidates:
    if papers is day.papers:
        return day.candidates
    dim = day.candidates.papers.dim
    facts = tuple(map(_facts, papers))
    return Candidates(papers_of(papers, day.lexicon, dim), facts, day.candidates.papers)


def _facts(paper: StoredPaper) -> PaperFacts:
    return PaperFacts(paper.title, paper.abstract, paper.authors, paper.categories)


def _unprompted(model: InterestModel, candidates: Candidates) -> Column:
    """Return a model's totals (n,) without the bonus of followed authors: they are known."""
    scores = model.score(candidates)
    followed = scores.parts.get("followed")
    return scores.total if followed is None else scores.total - followed


def _best(totals: Column) -> Column:
    """Return the highest of the totals (n_interests, n) of each paper, NaN where there is none."""
    best = np.nan_to_num(totals, nan=-np.inf).max(axis=0, initial=-np.inf)
    return np.where(np.isfinite(best), best, np.nan)

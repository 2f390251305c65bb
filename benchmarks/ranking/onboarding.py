"""Which papers to ask a new reader about: what a profile of ten answers is worth, by who chose.

CiteULike's readers are asked about papers out of a pool with some of their own in it. They say yes
to what they kept and to what the profile of all they kept puts among the best of the pool: a reader
likes more than they keep. That is generous to whoever asks near the profile, and alike for all.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from benchmarks.ranking.citeulike import citeulike_tasks
from benchmarks.ranking.corpora import Embed
from benchmarks.ranking.tasks import Rows, Task
from benchmarks.report import Report, Row
from recommender.evaluation import Cutoffs, Evaluation, evaluate, paired
from recommender.interests import InterestModel
from recommender.papers import Candidates, Interest
from recommender.selection import most_telling
from recommender.uncertainty import Doubts, Uncertainty

__all__ = ["RULES", "Setting", "Sitting", "play", "run", "sittings_of"]

Column = NDArray[np.float64]
Choose = Callable[[Column, Doubts, np.random.Generator], int | None]
"""What is expected of each paper of the pool (n,), and what is in doubt; the row to ask about."""

METRIC = "ndcg@20"
SEED = 12


@dataclass(frozen=True, slots=True)
class Setting:
    """How readers are asked."""

    readers: int = 120
    questions: int = 10
    pool: int = 1_000
    own: float = 0.125
    """Share of what a reader kept that is in the pool."""
    yes: float = 0.03
    """Share of the pool that a reader says yes to, besides what they kept."""
    least: int = 20
    """Papers that a reader must have kept."""


def _by_telling(weight: float) -> Choose:
    return lambda worth, doubts, rng: most_telling(worth, doubts, weight=weight, rng=rng)


def _at_random(worth: Column, _doubts: Doubts, rng: np.random.Generator) -> int | None:
    return int(rng.choice(np.flatnonzero(np.isfinite(worth))))


RULES: dict[str, Choose] = {
    "at random": _at_random,
    "the best by the profile": _by_telling(0.0),
    "telling, weight 0.25": _by_telling(0.25),
    "telling, weight 0.5": _by_telling(0.5),
    "telling, weight 1": _by_telling(1.0),
    "the most telling": _by_telling(1e6),
}


@dataclass(frozen=True, slots=True, eq=False)
class Sitting:
    """One reader and the papers to ask about."""

    number: int
    task: Task
    pool: Rows
    says_yes: NDArray[np.bool_]
    """To which papers of the pool (n,)."""
    sentence: int | None
    """The paper whose title is what the reader said of themselves."""


def run(data: Path, embed: Embed, setting: Setting | None = None) -> Report:
    """Ask all readers under every rule, once after a sentence of theirs and once from nothing.

    Raises:
        MissingDataError: the corpus is not in the folder.
    """
    setting = setting or Setting()
    task = citeulike_tasks(data, embed)["citeulike"]
    rows: list[Row] = []
    for start, said in (("a sentence", True), ("nothing", False)):
        sittings = sittings_of(task, setting, said=said)
        results = {name: play(sittings, rule, setting) for name, rule in RULES.items()}
        first = results[next(iter(RULES))]
        rows += [_row(start, name, result, first) for name, result in results.items()]
    return Report(
        title="onboarding: what ten answers are worth, by which papers were asked about",
        columns=("from", "asked about", METRIC, "liked"),
        rows=tuple(rows),
        notes=(
            f"{setting.readers} readers of CiteULike (titles only), {setting.questions} questions "
            f"out of {setting.pool:,} papers; {METRIC} of the profile on the validation papers, "
            "difference to papers at random ± its paired standard error.",
        ),
    )


def sittings_of(task: Task, setting: Setting, *, said: bool) -> list[Sitting]:
    """Return readers and their pools, the same with and without a sentence."""
    asked = np.random.default_rng(SEED).permutation(len(task)).tolist()
    enough = [query for query in asked if len(task.profiles[query]) >= setting.least]
    return [_sitting(task, query, setting, said=said) for query in enough[: setting.readers]]


def _sitting(task: Task, query: int, setting: Setting, *, said: bool) -> Sitting:
    rng = np.random.default_rng([SEED, query])
    kept = rng.permutation(task.profiles[query])
    own = kept[1 : 1 + round(setting.own * len(kept))]
    others = rng.permutation(np.setdiff1d(task.background, kept))[: setting.pool - len(own)]
    pool = np.sort(np.concatenate([own, others]))
    totals = _model(task, kept.tolist(), [], None).score(_candidates(task, pool)).total
    near = totals >= np.nanquantile(totals, 1 - setting.yes)
    return Sitting(query, task, pool, near | np.isin(pool, kept), int(kept[0]) if said else None)


def play(sittings: list[Sitting], rule: Choose, setting: Setting) -> Evaluation:
    """Ask every reader under a rule; one row a reader."""
    worth, liked = zip(*(_asked(sitting, rule, setting) for sitting in sittings), strict=True)
    columns = {METRIC: np.array(worth), "liked": np.array(liked, dtype=np.float64)}
    return Evaluation(MappingProxyType(columns), np.arange(len(sittings)))


def _asked(sitting: Sitting, rule: Choose, setting: Setting) -> tuple[float, int]:
    """Return what the profile is worth in the end, and how many papers were liked."""
    task, pool = sitting.task, sitting.pool
    rng = np.random.default_rng([SEED, sitting.number, 1])
    candidates = _candidates(task, pool)
    liked: list[int] = []
    disliked: list[int] = []
    for _ in range(setting.questions):
        told = [*liked, *disliked, *([] if sitting.sentence is None else [sitting.sentence])]
        worth = _expected(sitting, liked, disliked, candidates)
        worth[np.isin(pool, told)] = np.nan
        known = task.corpus.vectors[np.array(told, dtype=np.int64)]
        doubts = Uncertainty().fit(known, task.whitening).doubts(candidates.papers.vectors)
        row = rule(worth, doubts, rng)
        if row is None:
            break
        (liked if sitting.says_yes[row] else disliked).append(int(pool[row]))
    return _worth(sitting, liked, disliked), len(liked)


def _expected(
    sitting: Sitting, liked: list[int], disliked: list[int], candidates: Candidates
) -> Column:
    """Return what is expected of the candidates (n,), the same of all where nothing is known."""
    if not liked and sitting.sentence is None:
        return np.zeros(len(candidates))
    model = _model(sitting.task, liked, disliked, sitting.sentence)
    total = model.score(candidates).total
    return np.where(np.isin(candidates.papers.keys, [*liked, *disliked]), np.nan, total)


def _worth(sitting: Sitting, liked: list[int], disliked: list[int]) -> float:
    task = sitting.task
    candidates = _candidates(task, task.slates[0].candidates)
    scores = _expected(sitting, liked, disliked, candidates)[None]
    wanted = csr_array(task.relevant[[sitting.number]])
    return evaluate(scores, wanted, cutoffs=Cutoffs(ndcg=(20,))).mean(METRIC)


def _model(
    task: Task, liked: list[int], disliked: list[int], sentence: int | None
) -> InterestModel:
    papers = task.slates[0].papers
    interest = Interest(
        "asked",
        papers.take(np.array(liked, dtype=np.int64)),
        papers.take(np.array(disliked, dtype=np.int64)),
        prose="" if sentence is None else task.corpus.texts[sentence],
        prose_vector=None if sentence is None else task.corpus.vectors[sentence],
        prose_words=None if sentence is None else papers.words[[sentence]],
    )
    return InterestModel().fit(interest, task.whitening)


def _candidates(task: Task, rows: Rows) -> Candidates:
    facts = tuple(task.corpus.facts[row] for row in rows.tolist())
    return Candidates(task.slates[0].papers.take(rows), facts)


def _row(start: str, name: str, result: Evaluation, first: Evaluation) -> Row:
    figure = f"{result.mean(METRIC):.4f}"
    if result is not first:
        apart = paired(result, first, METRIC)
        figure += f" ({apart.mean:+.4f} ± {apart.standard_error:.4f})"
    return (start, name, figure, f"{result.mean('liked'):.1f}")

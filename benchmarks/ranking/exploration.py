"""What papers outside the usual cost and what they gain, replayed day by day.

CiteULike's readers begin with a few papers of the topic they have most of, get ten papers a day
out of some hundred, answer half of what they are shown, and are ranked for by what they answered.
What they kept in truth is what they like. Everything goes through `recommender.ranking.rank_day`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from benchmarks.ranking.citeulike import citeulike_tasks
from benchmarks.ranking.corpora import Embed
from benchmarks.ranking.games import SEED, Game, Setting, games_of
from benchmarks.ranking.tasks import Rows
from benchmarks.report import Report, Row
from recommender.background import Whitening
from recommender.evaluation import Cutoffs, Evaluation, evaluate, evaluate_lists, paired
from recommender.interests import InterestModel
from recommender.papers import Candidates, Interest
from recommender.ranked import Policy
from recommender.ranking import rank_day

__all__ = ["RULES", "Rule", "play", "run"]

METRICS = ("ndcg@10", "found", "topics", "hits", "ndcg@20 after")
FORMER_SHARE = 0.05


@dataclass(frozen=True, slots=True)
class Rule:
    """How a day's papers are chosen."""

    name: str
    slots: int = 2
    policy: Policy = field(default_factory=Policy)
    drawn: bool = False
    """Slots are drawn at random from the best twentieth of what clears no threshold."""


RULES = (
    Rule("ten best", slots=0),
    Rule("8 + 2 drawn at random", drawn=True),
    *(
        Rule(f"8 + 2 by doubt, weight {weight:g}", policy=Policy(doubt_weight=weight))
        for weight in (4.0, 8.0, 16.0)
    ),
)


def run(data: Path, embed: Embed, setting: Setting | None = None) -> Report:
    """Play all readers' days under every rule.

    Raises:
        MissingDataError: the corpus is not in the folder.
    """
    setting = setting or Setting()
    task = citeulike_tasks(data, embed)["citeulike"]
    games = games_of(task, setting)
    results = {rule.name: play(games, rule, setting, task.whitening) for rule in RULES}
    plain = results[RULES[0].name]
    return Report(
        title="exploration: what papers outside the usual cost and gain",
        columns=("rule", *METRICS),
        rows=tuple(_row(name, result, plain) for name, result in results.items()),
        notes=(
            f"{len(games)} readers of CiteULike (titles only), {setting.days} days of about "
            f"{setting.others} papers, {setting.shown} shown a day; difference to the first rule "
            "± its paired standard error.",
            "ndcg@10: mean of the days. found: liked papers that were shown. topics: share of the "
            f"reader's other topics (two papers or more, of {setting.topics} topics) of which one "
            "was found. hits: share of the papers outside that are liked. ndcg@20 after: of the "
            "profile after the last day, on the validation papers.",
        ),
    )


@dataclass(frozen=True, slots=True, eq=False)
class _World:
    """What is the same for all readers."""

    rule: Rule
    setting: Setting
    whitening: Whitening


@dataclass(slots=True)
class _State:
    """What a reader has answered so far, and what was shown."""

    liked: list[int]
    disliked: list[int] = field(default_factory=list)
    found: list[int] = field(default_factory=list)
    outside: list[bool] = field(default_factory=list)


def play(games: Sequence[Game], rule: Rule, setting: Setting, whitening: Whitening) -> Evaluation:
    """Play every reader's days under a rule; one row a reader."""
    columns: dict[str, list[float]] = {name: [] for name in METRICS}
    world = _World(rule, setting, whitening)
    for game in games:
        for name, value in _played(game, world).items():
            columns[name].append(value)
    arrays = {name: np.array(values, dtype=np.float64) for name, values in columns.items()}
    return Evaluation(MappingProxyType(arrays), np.arange(len(games)))


def _played(game: Game, world: _World) -> Mapping[str, float]:
    state, kept = _State(game.start.tolist()), set(game.kept.tolist())
    answers = np.random.default_rng([SEED, game.number, 1])
    lists = []
    for day, candidates in enumerate(game.days):
        answering = answers.random(len(candidates)) < world.setting.answered
        shown, outside = _shown(game, state, candidates, day, world)
        for row in (*shown, *outside):
            paper = int(candidates[row])
            if paper in kept:
                state.found.append(paper)
            if answering[row]:
                (state.liked if paper in kept else state.disliked).append(paper)
        state.outside += [int(candidates[row]) in kept for row in outside]
        scores = np.full(len(candidates), np.nan)
        scores[[*shown, *outside]] = -np.arange(len(shown) + len(outside))
        lists.append((scores, np.isin(candidates, game.kept)))
    daily = evaluate_lists(lists, cutoffs=Cutoffs(ndcg=(10,)))
    return {
        "ndcg@10": daily.mean("ndcg@10"),
        "found": float(len(state.found)),
        "topics": _topics_found(game, state),
        "hits": float(np.mean(state.outside)) if state.outside else float("nan"),
        "ndcg@20 after": _afterwards(game, state, world.whitening),
    }


def _shown(
    game: Game, state: _State, candidates: Rows, day: int, world: _World
) -> tuple[list[int], list[int]]:
    """Return the rows of a day's candidates that are shown, and those outside the usual."""
    rule, whitening = world.rule, world.whitening
    rng = np.random.default_rng([SEED, game.number, 2, day])
    model = _model(game, state, world.setting.shown - rule.slots, whitening)
    there = _candidates(game, candidates)
    slots = 0 if rule.drawn else rule.slots
    policy = replace(rule.policy, outside_slots=slots)
    ranking = rank_day([model], there, rng=rng, policy=policy, whitening=whitening)
    shown = [entry.row for entry in ranking.sections[0].entries]
    if not rule.drawn:
        return shown, [entry.row for entry in ranking.outside]
    return shown, _drawn(model, model.score(there).percent, rng, rule.slots)


def _drawn(
    model: InterestModel, percent: NDArray[np.float64], rng: np.random.Generator, slots: int
) -> list[int]:
    """Draw as Paper Round once did: from the best twentieth of what clears no threshold."""
    below = np.flatnonzero(percent < model.interest_.threshold)
    best = below[np.argsort(-percent[below], kind="stable")]
    reach = best[: max(8, round(FORMER_SHARE * len(best)))]
    return [int(row) for row in rng.permutation(reach)[:slots]]


def _model(game: Game, state: _State, quota: int, whitening: Whitening) -> InterestModel:
    interest = Interest(
        "kept",
        game.papers.take(np.array(state.liked, dtype=np.int64)),
        game.papers.take(np.array(state.disliked, dtype=np.int64)),
        threshold=15.0,
        quota=quota,
    )
    return InterestModel().fit(interest, whitening)


def _candidates(game: Game, rows: Rows) -> Candidates:
    return Candidates(game.papers.take(rows), tuple(game.facts[row] for row in rows.tolist()))


def _topics_found(game: Game, state: _State) -> float:
    """Return the share of a reader's other topics of which a paper was found."""
    counts = np.bincount(game.topic[game.kept])
    others = np.setdiff1d(np.flatnonzero(counts >= 2), game.topic[game.start])
    found = game.topic[np.array(state.found, dtype=np.int64)]
    return float(np.isin(others, found).mean()) if len(others) else float("nan")


def _afterwards(game: Game, state: _State, whitening: Whitening) -> float:
    """Return what the profile is worth on papers that nobody has seen."""
    model = _model(game, state, 10, whitening)
    scores = model.score(_candidates(game, game.after)).total[None]
    wanted = csr_array(np.isin(game.after, game.wanted)[None].astype(np.float32))
    return evaluate(scores, wanted, cutoffs=Cutoffs(ndcg=(20,))).mean("ndcg@20")


def _row(name: str, result: Evaluation, plain: Evaluation) -> Row:
    return (name, *(_figure(result, plain, metric) for metric in METRICS))


def _figure(result: Evaluation, plain: Evaluation, metric: str) -> str:
    mean, digits = result.mean(metric), 2 if metric == "found" else 4
    if not np.isfinite(mean):
        return ""
    if result is plain or metric == "hits":
        return f"{mean:.{digits}f}"
    apart = paired(result, plain, metric)
    return f"{mean:.{digits}f} ({apart.mean:+.{digits}f} ± {apart.standard_error:.{digits}f})"

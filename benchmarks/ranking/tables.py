"""Results as tables: every metric with its standard error, and each ranker against ours.

Formats; runs nothing.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from benchmarks.ranking.entries import OURS, Result
from benchmarks.ranking.tasks import Task
from benchmarks.report import Goal, Report, Row
from recommender.evaluation import Difference, Evaluation, paired

__all__ = ["METRICS", "Bar", "primary_metric", "table"]

METRICS = ("recall@20", "recall@100", "precision@10", "mrr", "auc")
"""Beside nDCG."""
ERRORS = 2.0
"""Paired standard errors by which a difference has to be away from nothing."""


@dataclass(frozen=True, slots=True)
class Bar:
    """By how much Paper Round should be above another ranker."""

    other: str
    metric: str
    percent: float = 0.0


def primary_metric(task: Task) -> str:
    """Return the metric that a task is judged by."""
    return "ndcg@20" if task.corpus.titles_only else "ndcg@10"


def table(task: Task, results: Sequence[Result], bars: Iterable[Bar] = ()) -> Report:
    """Return the table of a task with what was aimed at."""
    metrics = (primary_metric(task), *METRICS)
    by_name = {result.name: result.evaluation for result in results}
    ours = by_name.get(OURS)
    aims = [bar for bar in bars if ours and bar.other in by_name]
    return Report(
        title=f"{task.name}: {task.told}",
        columns=("ranker", *metrics, "ours is above by", "seconds"),
        rows=tuple(_row(result, metrics, ours, len(set(task.readers))) for result in results),
        goals=tuple(goal for bar in aims for goal in _goals(by_name, bar)),
        notes=(
            "mean ± standard error over readers; differences of the same queries, ± their standard "
            f"error, in {metrics[0]}.",
            *(_margin(by_name, bar) for bar in aims if bar.percent),
        ),
    )


def _row(result: Result, metrics: Sequence[str], ours: Evaluation | None, n_readers: int) -> Row:
    sampled = f" ({result.n_readers} readers)" if result.n_readers < n_readers else ""
    figures = [_figure(result.evaluation, name) for name in metrics]
    above = ""
    if ours is not None and result.name != OURS:
        above = _above(paired(ours, result.evaluation, metrics[0]))
    return (f"{result.name}{sampled}", *figures, above, f"{result.seconds:.1f}")


def _figure(evaluation: Evaluation, name: str) -> str:
    return f"{_short(evaluation.mean(name))} ±{_short(evaluation.standard_error(name))}"


def _above(difference: Difference) -> str:
    error = _short(difference.standard_error)
    return f"{_short(difference.mean)} ±{error} ({100 * difference.relative:+.0f} %)"


def _short(value: float) -> str:
    """Return four decimals without the zero before the point."""
    return f"{value:.4f}".replace("0.", ".", 1) if abs(value) < 1 else f"{value:.4f}"


def _goals(by_name: Mapping[str, Evaluation], bar: Bar) -> list[Goal]:
    """Return what a bar asks: so much on the mean, and more than chance explains."""
    found = paired(by_name[OURS], by_name[bar.other], bar.metric)
    what = f"{bar.metric} above {bar.other}"
    goals = [Goal(f"{what}, in paired standard errors", found.errors, ERRORS, at_least=True)]
    if bar.percent:
        goals.append(Goal(f"{what}, in percent", 100 * found.relative, bar.percent, at_least=True))
    return goals


def _margin(by_name: Mapping[str, Evaluation], bar: Bar) -> str:
    """Say how surely ours is above a bar itself, not only above the other ranker."""
    times = 1 + bar.percent / 100
    found = paired(by_name[OURS], by_name[bar.other], bar.metric, times=times)
    return (
        f"{times:.2f} x {bar.other}: ours is {found.mean:+.4f} ±{found.standard_error:.4f} away, "
        f"{found.errors:+.1f} paired standard errors."
    )

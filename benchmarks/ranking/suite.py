"""The tables that are printed: which tasks each part has, and what was aimed at.

Loads what is asked for, once, and runs it; prints nothing.
"""

from collections.abc import Callable, Iterator, Mapping
from importlib import import_module
from pathlib import Path

from benchmarks.ranking.citeulike import SIZES, citeulike_tasks
from benchmarks.ranking.corpora import Embed
from benchmarks.ranking.entries import RECIPE, ZOTERO, Result, entries_of, run_entry
from benchmarks.ranking.prose import prose_tasks
from benchmarks.ranking.replay import APRIL, MAY, PROFILES, replay_tasks
from benchmarks.ranking.tables import Bar, table
from benchmarks.ranking.tasks import Task
from benchmarks.ranking.vectors import nobody_listens
from benchmarks.report import Report

__all__ = ["MODULES", "PARTS", "TASKS", "Suite", "bars_of"]

PARTS: Mapping[str, tuple[str, ...]] = {
    "citeulike": ("citeulike",),
    "small": tuple(f"citeulike-{size}" for size in SIZES),
    "replay": tuple(f"replay-{name}" for name in PROFILES),
    "prose": tuple(f"prose-{name}" for name in PROFILES),
    "tuning": tuple(f"tuning-{name}" for name in PROFILES),
    "tuning-prose": tuple(f"tuning-prose-{name}" for name in PROFILES),
}
"""Names of the tasks of each part; the two of the tuning month are run by name only."""
MODULES: tuple[str, ...] = ("attention", "exploration", "onboarding")
"""Parts that have no task: modules of this package with `run(data, embed) -> Report`."""
TASKS = tuple(name for names in PARTS.values() for name in names)

LOADED_WITH = {"small": "citeulike"}
"""Parts whose tasks come together with those of another."""
SAID_BY = {"prose": "replay", "tuning-prose": "tuning"}
"""Whose authors' titles are the prose."""

FEW = (1, 3, 5)
"""Sizes of profile at which co-readers have to help most."""

Run = Callable[[Path, Embed], Report]


class Suite:
    """All tasks over one folder of corpora, each loaded when first asked for.

    Args:
        data: folder of the corpora.
        embed: turns texts into vectors.
        slow: whether the classifiers that are trained for every reader take part.
        say: told what is being done, a line at a time.
    """

    def __init__(
        self,
        data: Path,
        embed: Embed,
        *,
        slow: bool = True,
        say: Callable[[str], None] = nobody_listens,
    ) -> None:
        self._data, self._embed, self._slow, self._say = data, embed, slow, say
        self._loaded: dict[str, Mapping[str, Task]] = {}

    def task(self, name: str) -> Task:
        """Return a task by its name.

        Raises:
            KeyError: there is none of this name.
            MissingDataError: its corpus is not there.
        """
        part = {task: part for part, names in PARTS.items() for task in names}[name]
        return self._tasks(LOADED_WITH.get(part, part))[name]

    def reports(self, part: str) -> Iterator[Report]:
        """Run a part and yield its tables.

        Raises:
            MissingDataError: its corpus is not there.
        """
        if part in MODULES:
            run: Run = import_module(f"benchmarks.ranking.{part}").run
            yield run(self._data, self._embed)
            return
        for name in PARTS[part]:
            yield table(self.task(name), self.results(name), bars_of(name))

    def results(self, name: str) -> list[Result]:
        """Run everybody who takes part in a task."""
        task, results = self.task(name), []
        for entry in entries_of(task, slow=self._slow):
            self._say(f"{name}: {entry.name}")
            results.append(run_entry(task, entry))
        return results

    def _tasks(self, part: str) -> Mapping[str, Task]:
        if part not in self._loaded:
            self._loaded[part] = self._load(part)
        return self._loaded[part]

    def _load(self, part: str) -> Mapping[str, Task]:
        if part == "citeulike":
            return citeulike_tasks(self._data, self._embed)
        if part.endswith("prose"):
            # The papers and their words are those of the replay: loaded once for both.
            return prose_tasks(self._tasks(SAID_BY[part]), self._embed)
        return replay_tasks(self._data, self._embed, {"replay": MAY, "tuning": APRIL}[part])


def bars_of(name: str) -> tuple[Bar, ...]:
    """Return what is aimed at in a task."""
    if name == "citeulike":
        return (Bar(RECIPE, "ndcg@20"), Bar(RECIPE, "recall@100"))
    if name.startswith("citeulike-"):
        percent = 15.0 if int(name.removeprefix("citeulike-")) in FEW else 6.0
        return tuple(Bar(other, "ndcg@20", percent) for other in ("centroid", "whitened centroid"))
    if name in ("replay-last5", "replay-all", "tuning-last5", "tuning-all"):
        above = {"LinearSVC on TF-IDF": 15.0, "logistic regression": 60.0, ZOTERO: 140.0}
        return tuple(Bar(other, "ndcg@10", percent) for other, percent in above.items())
    if "prose" in name:
        return tuple(Bar(half, "ndcg@10") for half in ("its words alone", "its vectors alone"))
    return ()

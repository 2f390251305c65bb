"""Tasks for other people's rankers: who and what is to be scored goes out, a matrix comes back.

The answers stay here.
"""

import json
from collections.abc import Iterable
from pathlib import Path

import numpy as np

from benchmarks.ranking.entries import Result
from benchmarks.ranking.tasks import Rows, Task, measure
from recommender.evaluation import read_scores

__all__ = ["export", "read_result"]


def export(task: Task, folder: Path) -> list[Path]:
    """Write what a ranker may know of a task, and return the files.

    `task.json` says what it is and which shape scores must have; `rows.jsonl` has a query a line:
    reader, slate, ids of the liked papers (oldest first) or the words said; `columns.jsonl` a
    candidate a line: id, slate and title; `background.txt` ids of papers from before, oldest first;
    `others.jsonl` what other readers liked, one a line, where the task has any.
    Only the candidates of a query's own slate count; for the others anything may stand.
    """
    folder.mkdir(parents=True, exist_ok=True)
    ids, facts = task.corpus.ids, task.corpus.facts
    shape = [len(task), len(task.columns)]
    files = {
        "task.json": [json.dumps({"task": task.name, "what": task.told, "shape": shape})],
        "rows.jsonl": [json.dumps(_query(task, query)) for query in range(len(task))],
        "columns.jsonl": [
            json.dumps({"id": ids[row], "slate": slate.name, "title": facts[row].title})
            for slate in task.slates
            for row in slate.candidates
        ],
        "background.txt": [ids[row] for row in task.background],
    }
    if task.others is not None:
        liked = np.split(task.others.indices, task.others.indptr[1:-1])
        files["others.jsonl"] = [json.dumps(_ids(task, rows)) for rows in liked]
    return [_written(folder / name, lines) for name, lines in files.items()]


def read_result(task: Task, path: Path) -> Result:
    """Measure the scores in a .npy file: (n_queries, n_columns), the higher the better.

    Raises:
        ValueError: it is no matrix of numbers of the task's shape.
        OSError: it cannot be read.
    """
    scores = read_scores(path, (len(task), len(task.columns)))
    return Result(path.name, measure(task, scores), len(set(task.readers)), 0.0)


def _query(task: Task, query: int) -> dict[str, object]:
    told: dict[str, object] = {
        "reader": task.readers[query],
        "slate": task.slates[int(task.slate[query])].name,
    }
    if task.prose is not None:
        return told | {"prose": task.prose[query]}
    return told | {"liked": _ids(task, task.profiles[query])}


def _ids(task: Task, rows: Rows) -> list[str]:
    return [task.corpus.ids[row] for row in rows]


def _written(path: Path, lines: Iterable[str]) -> Path:
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    return path

import json
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest

from benchmarks.ranking.baselines import centroid, oracle
from benchmarks.ranking.exchange import export, read_result
from benchmarks.ranking.tasks import Task, measure


def lines(path: Path) -> list[dict[str, object]]:
    """Return the objects of a file, one a line."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_rows_and_columns_go_out_in_the_order_of_the_matrix(
    replay: Mapping[str, Task], tmp_path: Path
) -> None:
    """A ranker needs nothing else to fill it."""
    task = replay["replay-last1"]

    export(task, tmp_path)

    rows, columns = lines(tmp_path / "rows.jsonl"), lines(tmp_path / "columns.jsonl")
    assert lines(tmp_path / "task.json")[0]["shape"] == [len(rows), len(columns)]
    assert (len(rows), len(columns)) == (len(task), len(task.columns))
    assert rows[0]["liked"] == [task.corpus.ids[task.profiles[0][0]]]
    assert columns[-1]["id"] == task.corpus.ids[task.columns[-1]]
    assert rows[0]["slate"] == columns[0]["slate"]


def test_the_answers_stay_here(replay: Mapping[str, Task], tmp_path: Path) -> None:
    """No line of a query names a candidate."""
    task = replay["replay-all"]

    export(task, tmp_path)

    said = (tmp_path / "rows.jsonl").read_text()
    assert not any(task.corpus.ids[row] in said for row in task.columns)


def test_what_readers_said_goes_out_instead_of_papers(
    prose: Mapping[str, Task], tmp_path: Path
) -> None:
    """Papers would tell more than the task does."""
    task = prose["prose-last1"]

    export(task, tmp_path / "new" / "folder")

    first = lines(tmp_path / "new" / "folder" / "rows.jsonl")[0]
    assert task.prose is not None
    assert first["prose"] == task.prose[0]
    assert "liked" not in first


def test_what_others_liked_goes_out_without_the_readers_themselves(
    citeulike: Mapping[str, Task], tmp_path: Path
) -> None:
    """Four of the six are there to learn from, each with their sixty papers."""
    export(citeulike["citeulike-1"], tmp_path)

    others = (tmp_path / "others.jsonl").read_text().splitlines()

    assert [len(json.loads(line)) for line in others] == [60] * 4


def test_scores_that_come_back_are_measured_as_ours_are(
    replay: Mapping[str, Task], tmp_path: Path
) -> None:
    """By the same code, from a file of numbers."""
    task = replay["replay-all"]
    np.save(tmp_path / "mine.npy", centroid(task))

    result = read_result(task, tmp_path / "mine.npy")

    assert result.name == "mine.npy"
    assert result.evaluation.mean("mrr") == measure(task, centroid(task)).mean("mrr")


def test_a_matrix_of_another_shape_is_refused(replay: Mapping[str, Task], tmp_path: Path) -> None:
    """With the shape that the task has."""
    np.save(tmp_path / "mine.npy", oracle(replay["replay-all"])[:-1])

    with pytest.raises(ValueError, match="the task has"):
        read_result(replay["replay-all"], tmp_path / "mine.npy")

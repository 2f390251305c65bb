from pathlib import Path

import numpy as np
import pytest

from benchmarks.ranking.command import main
from benchmarks.ranking.corpora import read_titles
from benchmarks.ranking.vectors import VectorCache
from recommender.embedding import DEFAULT_MODEL
from recommender.testing import HashingEmbedder
from recommender.text import paper_text, text_hash


@pytest.fixture
def folders(world: Path, tmp_path: Path) -> list[str]:
    """Return the options for the small world with its titles embedded already."""
    texts = [paper_text(record.title, "") for record in read_titles(world)]
    cache = VectorCache(tmp_path, DEFAULT_MODEL)
    cache.put("citeulike", [text_hash(t) for t in texts], HashingEmbedder().embed(texts))
    return ["--data", str(world), "--cache", str(tmp_path)]


def test_a_part_prints_its_machine_and_its_table(
    folders: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    """Without the slow ones when in a hurry."""
    assert main(["citeulike", "--fast", *folders]) == 0

    said = capsys.readouterr().out
    assert "machine: " in said
    assert "whitened centroid" in said
    assert "LinearSVC" not in said
    assert "goal " in said


def test_missing_corpora_are_skipped_with_a_word(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """And a run that measured nothing has failed."""
    assert main(["citeulike", "replay", "--data", str(tmp_path)]) == 1

    said = capsys.readouterr().out
    assert "citeulike: skipped: " in said
    assert "replay: skipped: " in said


def test_a_task_goes_out_and_scores_come_back(
    folders: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Theirs is the first row of the table."""
    out, mine = tmp_path / "out", tmp_path / "mine.npy"
    assert main(["--task", "citeulike", "--export", str(out), *folders]) == 0
    np.save(mine, np.zeros((6, 10), dtype=np.float32))

    assert main(["--task", "citeulike", "--scores", str(mine), "--fast", *folders]) == 0

    said = capsys.readouterr().out
    assert str(out / "rows.jsonl") in said
    assert said.index("mine.npy") < said.index("Paper Round")


def test_scores_of_another_shape_end_with_one_line(
    folders: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Without a traceback."""
    mine = tmp_path / "mine.npy"
    np.save(mine, np.zeros((2, 2)))

    assert main(["--task", "citeulike", "--scores", str(mine), *folders]) == 1

    assert "but the task has 6 readers and 10 candidates" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["speed"], "no part speed; there are citeulike, small"),
        (["--scores", "mine.npy"], "name the task with --task"),
        (["small", "--task", "citeulike"], "parts or one task, not both"),
        (["--task", "replay"], "invalid choice"),
    ],
)
def test_a_wrong_call_is_told_what_there_is(
    arguments: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """By the usual exit code of wrong calls."""
    with pytest.raises(SystemExit, match="2"):
        main(arguments)

    assert message in capsys.readouterr().err

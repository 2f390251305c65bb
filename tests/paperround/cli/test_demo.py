"""`paperround demo`."""

from pathlib import Path

import pytest

from tests.paperround.cli.running import run, sample_papers


@pytest.mark.model
@pytest.mark.slow
def test_one_command_makes_three_digests(tmp_path: Path) -> None:
    """Each as a clean mail and as a page, from the papers of the file that is named."""
    (tmp_path / "papers.jsonl").write_text(sample_papers(20), encoding="utf-8")

    ran = run("demo", "--papers", "papers.jsonl", "--folder", "show").done

    mails = sorted((tmp_path / "show").glob("**/*.eml"))
    assert "Papers   20 from papers.jsonl\n" in ran.out
    assert "The top of Ada's:" in ran.out
    assert [run("lint", str(mail)).code for mail in mails] == [0, 0, 0]
    assert [mail.with_suffix(".html").is_file() for mail in mails] == [True, True, True]


def test_a_file_that_is_missing_is_one_line() -> None:
    """Before anything is asked of the network or the model."""
    ran = run("demo", "--papers", "missing.jsonl", "--folder", "show")

    assert ran.code == 1
    assert "missing.jsonl: cannot be read (No such file or directory)" in ran.err


def test_a_file_without_papers_is_one_line(tmp_path: Path) -> None:
    """It says what was expected."""
    (tmp_path / "papers.jsonl").write_text('{"a": 1}\n', encoding="utf-8")

    ran = run("demo", "--papers", "papers.jsonl", "--folder", "show")

    assert ran.code == 1
    assert "no paper in it (line 1: no id); expected" in ran.err


def test_the_installations_own_settings_are_left_alone(data_dir: Path, tmp_path: Path) -> None:
    """Everything of the demonstration stays in its folder."""
    run("demo", "--papers", "missing.jsonl", "--folder", "show")

    assert not data_dir.exists()
    assert {path.name for path in tmp_path.iterdir()} <= {"show"}

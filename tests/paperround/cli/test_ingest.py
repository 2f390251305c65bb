"""`paperround ingest`."""

import gzip
from pathlib import Path

import pytest

from tests.paperround.cli.running import run

LINE = (
    '{"id": "2605.0000%d", "announced": "2026-05-04", "title": "Paper %d", '
    '"authors": ["Ada Lovelace"], "categories": ["cs.CL"], "abstract": "On parsing."}\n'
)
GOOD = "".join(LINE % (number, number) for number in range(1, 6))


@pytest.fixture
def papers(tmp_path: Path, data_dir: Path) -> Path:
    """Create an empty installation and a file of five papers; return the file."""
    assert run("init").code == 0
    path = tmp_path / "papers.jsonl"
    path.write_text(GOOD, encoding="utf-8")
    return path


def test_a_file_of_papers_is_brought_in(papers: Path) -> None:
    """With a count of what was new."""
    assert "5 records; 5 papers added, 0 changed, 0 known" in run("ingest", str(papers)).done.out


def test_a_second_time_adds_nothing(papers: Path) -> None:
    """All are known already."""
    run("ingest", str(papers))

    assert "0 papers added, 0 changed, 5 known already" in run("ingest", str(papers)).done.out


def test_several_files_are_read_one_after_the_other(papers: Path, tmp_path: Path) -> None:
    """Plain and gzip."""
    zipped = tmp_path / "more.jsonl.gz"
    zipped.write_bytes(gzip.compress((LINE % (6, 6)).encode()))

    ran = run("ingest", str(papers), str(zipped), "--json").done

    assert [report["added"] for report in ran.json] == [5, 1]


def test_the_bundled_sample_is_brought_in(papers: Path) -> None:
    """Without any file or network."""
    (report,) = run("ingest", "--sample", "--json").done.json

    assert report["source"] == "sample"
    assert report["added"] == report["records"] > 100
    assert report["latest_on"] == "2026-05-08"


def test_papers_before_a_day_are_left_out(papers: Path) -> None:
    """That is what --since is for."""
    (report,) = run("ingest", "--sample", "--since", "2026-05-08", "--json").done.json

    assert 0 < report["added"] < 60


def test_a_dry_run_saves_nothing(papers: Path) -> None:
    """It reads the file and says what is in it."""
    ran = run("ingest", str(papers), "--dry-run").done

    assert "5 records; read; nothing was saved" in ran.out
    assert "5 papers added" in run("ingest", str(papers)).done.out


def test_malformed_lines_are_skipped_with_a_sample(papers: Path) -> None:
    """The rest is loaded."""
    papers.write_text(f"{GOOD}not json\n", encoding="utf-8")

    ran = run("ingest", str(papers)).done

    assert "5 papers added" in ran.out
    assert "skipped 1 malformed records, for example:\n  line 6: not JSON" in ran.err


def _truncated(folder: Path) -> Path:
    path = folder / "cut.jsonl.gz"
    path.write_bytes(gzip.compress(GOOD.encode())[:-20])
    return path


def _of_another_kind(folder: Path) -> Path:
    path = folder / "refs.bib"
    path.write_text("@article{key, title={A title}}", encoding="utf-8")
    return path


def _without_papers(folder: Path) -> Path:
    path = folder / "other.jsonl"
    path.write_text('{"a": 1}\n', encoding="utf-8")
    return path


def _missing(folder: Path) -> Path:
    return folder / "missing.jsonl"


@pytest.mark.parametrize(
    ("make", "problem"),
    [
        (_truncated, "is damaged or cut off"),
        (_of_another_kind, "a BibTeX file, which is a reader's library"),
        (_without_papers, "no paper in it (line 1: no id); expected"),
        (_missing, "cannot be read (No such file or directory)"),
        (Path.resolve, "is a folder; give one of the files in it"),
    ],
)
def test_a_file_that_cannot_be_read_is_one_line(
    papers: Path, tmp_path: Path, make: object, problem: str
) -> None:
    """It names the file, and what to do."""
    assert callable(make)
    path = make(tmp_path)

    ran = run("ingest", str(path))

    assert ran.code == 1
    assert problem in ran.err
    assert str(path) in ran.err
    assert "Traceback" not in ran.err


def test_an_unknown_category_is_one_line(papers: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With its neighbours."""
    monkeypatch.setenv("PAPERROUND_CATEGORIES", "cs.CL,cs.XX")

    error = run("ingest").error

    assert error.startswith("PAPERROUND_CATEGORIES (environment): unknown arXiv category 'cs.XX'")
    assert "did you mean" in error

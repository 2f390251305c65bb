"""`paperround embed`, without the model where it is not needed and with it where it is."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.paperround.cli.running import ADA, DAY, Ran, run, sample_papers

PROSE = "How language models reason, with a chain of thought"


def test_a_dry_run_tells_how_many_papers_have_no_vector(installed: Path) -> None:
    """Without loading the model."""
    ran = run("embed", "--dry-run").done

    assert ran.out == "Would embed 124 papers with all-MiniLM-L6-v2.\n"


def test_a_dry_run_is_json_too(installed: Path) -> None:
    """With the name of the model."""
    report = run("embed", "--dry-run", "--json").done.json

    assert report == {"model": "all-MiniLM-L6-v2", "papers_pending": 124}


def test_papers_before_a_day_are_left_out(installed: Path) -> None:
    """That is what --since is for."""
    report = run("embed", "--dry-run", "--json", "--since", DAY).done.json

    assert 0 < report["papers_pending"] < 60


@pytest.mark.model
@pytest.mark.slow
def test_a_model_that_is_missing_is_one_line(
    installed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It names the model and says what may be named; nothing is saved."""
    monkeypatch.setenv("PAPERROUND_MODEL", "no/such-model")
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")

    ran = run("embed")

    assert ran.code == 1
    last = ran.err.splitlines()[-1]
    assert last.startswith("paperround: embedding model 'no/such-model' could not be loaded")
    assert "give the name of a sentence-transformers model" in last
    assert "Would embed 124 papers" in run("embed", "--dry-run").out


@dataclass(frozen=True, slots=True)
class Embedded:
    """An installation of twenty papers after `embed`, and what the commands said."""

    folder: Path
    first: Ran
    second: Ran
    digest: Ran


@pytest.fixture(scope="module")
def embedded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Embedded]:
    """Embed twenty papers and one interest with the packaged model, once for all tests here."""
    folder = tmp_path_factory.mktemp("embedded")
    with pytest.MonkeyPatch.context() as environment:
        (folder / "papers.jsonl").write_text(sample_papers(20), encoding="utf-8")
        environment.setenv("PAPERROUND_DATA_DIR", str(folder / "data"))
        environment.chdir(folder)
        for command in (
            ("init",),
            ("ingest", "papers.jsonl"),
            ("reader", "add", ADA),
            ("interest", "add", ADA, "Reasoning", "--prose", PROSE, "--threshold", "0"),
        ):
            assert run(*command).code == 0
        yield Embedded(
            folder,
            first=run("embed", "--json"),
            second=run("embed"),
            digest=run("preview", ADA, "--day", DAY, "--json"),
        )


@pytest.mark.model
@pytest.mark.slow
def test_papers_and_interests_are_embedded(embedded: Embedded) -> None:
    """All that have no vector."""
    report = embedded.first.done.json

    assert report == {"model": "all-MiniLM-L6-v2", "papers": 20, "interests": 1}


@pytest.mark.model
@pytest.mark.slow
def test_nothing_is_embedded_twice(embedded: Embedded) -> None:
    """The second run finds nothing to do."""
    assert embedded.second.done.out.endswith("papers 0, interests 0\n")


@pytest.mark.model
@pytest.mark.slow
def test_a_digest_of_embedded_papers_has_no_note(embedded: Embedded) -> None:
    """Vectors count in it."""
    ran = embedded.digest.done

    assert ran.err == ""
    assert "prose" in ran.json["papers"][0]["parts"]

"""`paperround interest suggest`: proposed, and done only when told to."""

import json
from pathlib import Path

import pytest

from recommender.testing import topic_corpus
from tests.paperround.cli.embedding import embed_by_hashing
from tests.paperround.cli.running import DAY, run

LIKED = 10
"""Papers on each of two topics."""


@pytest.fixture
def mixed(ada: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Let Ada like ten papers on parsing and ten on coding, as one interest."""
    corpus = topic_corpus(LIKED)
    papers = [
        {
            "id": f"2604.{number:05d}",
            "announced": DAY,
            "title": fact.title,
            "abstract": fact.abstract,
            "authors": list(fact.authors),
            "categories": ["cs.CL"],
        }
        for number, fact in enumerate(corpus.facts, start=1)
    ]
    file = tmp_path / "papers.jsonl"
    file.write_text("\n".join(map(json.dumps, papers)), encoding="utf-8")
    likes = [word for paper in papers for word in ("--like", str(paper["id"]))]
    assert run("ingest", "papers.jsonl").code == 0
    assert run("interest", "add", ada, "Polar codes", "--quota", "9", *likes).code == 0
    embed_by_hashing(monkeypatch)
    return ada


def names(address: str) -> list[str]:
    """Return the names of a reader's interests."""
    return [row["name"] for row in run("interest", "list", address, "--json").json]


def test_a_split_is_proposed_with_its_words_and_papers(mixed: str) -> None:
    """And with the command that makes it so; nothing is changed."""
    lines = run("interest", "suggest", mixed).done.out.splitlines()

    assert lines[0].startswith("Could split 'Polar codes' into 2, which are 0.")
    assert lines[1].startswith("  Polar codes (10 liked, 0 disliked, quota 5): ")
    assert len(lines) == 1 + 2 * 4 + 1
    assert lines[-1] == f"To split: paperround interest suggest {mixed} --apply"
    assert names(mixed) == ["Reasoning", "Polar codes"]


def test_json_tells_every_paper_of_every_part(mixed: str) -> None:
    """By its id."""
    (split,) = run("interest", "suggest", mixed, "--interest", "Polar codes", "--json").done.json

    assert (split["interest"], split["applied"]) == ("Polar codes", False)
    assert [len(part["liked"]) for part in split["parts"]] == [LIKED, LIKED]
    assert [part["quota"] for part in split["parts"]] == [5, 5]


def test_a_split_is_made_when_told_to(mixed: str) -> None:
    """After that there is nothing left to split."""
    (split,) = run("interest", "suggest", mixed, "--json").json

    ran = run("interest", "suggest", mixed, "--apply").done

    assert ran.out.startswith("Split 'Polar codes' into 2")
    assert "To split:" not in ran.out
    assert names(mixed) == ["Reasoning", "Polar codes", split["parts"][1]["name"]]
    assert run("interest", "suggest", mixed).done.out == (
        f"Every interest of {mixed} holds together; nothing to split.\n"
    )


def test_a_dry_run_splits_nothing(mixed: str) -> None:
    """It says what it would do."""
    ran = run("interest", "suggest", mixed, "--apply", "--dry-run").done

    assert ran.out.startswith("Would split 'Polar codes' into 2")
    assert len(names(mixed)) == 2


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        (("nobody@example.org",), "no reader 'nobody@example.org'"),
        (("ada@example.org", "--interest", "Typo"), "no interest 'Typo'; there is 'Reasoning'"),
    ],
)
def test_what_makes_no_sense_is_one_line(
    ada: str, arguments: tuple[str, ...], problem: str
) -> None:
    """And nothing is changed."""
    assert problem in run("interest", "suggest", *arguments).error

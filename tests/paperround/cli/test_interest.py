"""`paperround interest add`, `list` and `remove`."""

from pathlib import Path

import pytest

from tests.paperround.cli.running import ADA, run

LIBRARY = """
@article{a, title={A paper that nobody here has}, abstract={On the parsing of trees.}}
@misc{b, title={Another title}, eprint={2605.00022}, archivePrefix={arXiv}}
"""


def test_an_interest_may_say_everything(ada: str, tmp_path: Path) -> None:
    """Every option arrives."""
    ran = run(
        *("interest", "add", ada, "Parsing", "--prose", "Parsing with little data", "--json"),
        *("--keyword", "treebank", "--keyword", "low resource", "--like", "2605.00022"),
        *("--dislike", "arXiv:2605.00049v1", "--mute-word", "blockchain", "--mute-author", "Alan"),
        *("--mute-category", "cs.cv", "--follow", "Grace", "--quota", "5", "--threshold", "40"),
    ).done

    interest = ran.json["interest"]
    assert (interest["prose"], interest["keywords"]) == (
        "Parsing with little data",
        ["treebank", "low resource"],
    )
    assert (interest["muted_words"], interest["muted_authors"]) == (["blockchain"], ["Alan"])
    assert (interest["muted_categories"], interest["followed_authors"]) == (["cs.CV"], ["Grace"])
    assert (interest["quota"], interest["threshold"]) == (5, 40.0)
    assert ran.json["matched"] == 2


def test_a_library_is_liked(ada: str, tmp_path: Path) -> None:
    """Papers that are here by id, others by their text."""
    (tmp_path / "refs.bib").write_text(LIBRARY, encoding="utf-8")

    ran = run("interest", "add", ada, "Library", "--library", "refs.bib").done

    assert "1 papers found here, 1 kept by title and abstract" in ran.out
    assert "Next: paperround embed" in ran.out


def test_ids_that_nobody_here_has_are_told(ada: str) -> None:
    """They teach nothing yet."""
    ran = run("interest", "add", ada, "New", "--like", "2605.99999").done

    assert "not here, and without a title: 2605.99999" in ran.err


def test_a_dry_run_adds_nothing(ada: str) -> None:
    """It says what it would do."""
    ran = run("interest", "add", ada, "New", "--prose", "Something new", "--dry-run").done

    assert ran.out.startswith("Would add interest 'New'")
    assert len(run("interest", "list", ada, "--json").done.json) == 1


def test_interests_are_listed(ada: str) -> None:
    """As JSON and as a table."""
    (interest,) = run("interest", "list", ada, "--json").done.json
    heading, line = run("interest", "list", ada).done.out.splitlines()

    assert interest["name"] == "Reasoning"
    assert heading.split()[0] == "name"
    assert line.startswith("Reasoning ")


def test_an_interest_is_removed(ada: str) -> None:
    """By its name."""
    ran = run("interest", "remove", ada, "Reasoning").done

    assert ran.out == f"Removed interest 'Reasoning' of {ada}\n"
    assert run("interest", "list", ada, "--json").done.json == []


def test_a_dry_run_removes_nothing(ada: str) -> None:
    """It says what it would do."""
    ran = run("interest", "remove", ada, "Reasoning", "--dry-run").done

    assert ran.out.startswith("Would remove interest 'Reasoning'")
    assert len(run("interest", "list", ada, "--json").done.json) == 1


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        (("add", ADA, "x"), "interest 'x' says nothing yet; give it a sentence"),
        (("add", ADA, "x", "--prose", " \n "), "interest 'x' says nothing yet"),
        (("add", ADA, "x", "--keyword", ""), "interest 'x' says nothing yet"),
        (("add", ADA, "", "--prose", "a"), "an interest needs a name"),
        (("add", ADA, "x" * 81, "--prose", "a"), "an interest needs a name of 1 to 80"),
        (("add", ADA, "x", "--prose", "a" * 5001), "in 5000 characters at the most"),
        (("add", ADA, "x", "--like", "nonsense"), "'nonsense' is not a paper id"),
        (("add", ADA, "x", "--prose", "a", "--dislike", "nonsense"), "is not a paper id"),
        (("add", ADA, "x", "--prose", "a", "--mute-category", "cs.XX"), "category 'cs.XX'; did"),
        (("add", ADA, "x", "--prose", "a", "--quota", "51"), "a quota is 1 to 50 papers, not 51"),
        (("add", ADA, "x", "--prose", "a", "--threshold", "nan"), "is 0 to 100, not nan"),
        (("add", ADA, "x", "--library", "no.bib"), "no.bib: cannot be read"),
        (("add", ADA, "x", "--library", "."), "is a folder; give one file"),
        (("add", "grace@example.org", "x", "--prose", "a"), "no reader 'grace@example.org'"),
        (("remove", ADA, "x"), "no interest 'x'; there is 'Reasoning'"),
        (("list", "grace@example.org"), "no reader 'grace@example.org'"),
    ],
)
def test_what_makes_no_sense_is_one_line(
    ada: str, arguments: tuple[str, ...], problem: str
) -> None:
    """And nothing is changed."""
    before = run("interest", "list", ada, "--json").out

    error = run("interest", *arguments).error

    assert problem in error
    assert run("interest", "list", ada, "--json").out == before

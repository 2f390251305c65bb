from pathlib import Path

import pytest

from benchmarks.ranking.corpora import MissingDataError
from benchmarks.ranking.entries import entries_of
from benchmarks.ranking.suite import PARTS, TASKS, Suite, bars_of
from tests.benchmarks.ranking.worlds import embed


@pytest.fixture(scope="module")
def suite(world: Path) -> Suite:
    """Return all tasks over the small world."""
    return Suite(world, embed, slow=False)


@pytest.mark.parametrize("name", TASKS)
def test_every_task_is_found_by_its_name(suite: Suite, name: str) -> None:
    """And bears it."""
    assert suite.task(name).name == name


@pytest.mark.parametrize("name", TASKS)
def test_whoever_is_to_be_beaten_takes_part(suite: Suite, name: str) -> None:
    """A bar against nobody would never be missed."""
    taking_part = {entry.name for entry in entries_of(suite.task(name))}

    assert {bar.other for bar in bars_of(name)} <= taking_part


def test_months_do_not_share_a_task(suite: Suite) -> None:
    """April is for choosing, May for measuring."""
    april, may = suite.task("tuning-prose-all"), suite.task("prose-all")

    assert april.corpus.day[april.columns].max() < may.corpus.day[may.columns].min()


def test_an_unknown_task_is_a_key_error(suite: Suite) -> None:
    """The command line never asks for one."""
    with pytest.raises(KeyError):
        suite.task("replay-last7")


def test_a_part_has_a_table_for_every_task(suite: Suite) -> None:
    """In the order of the tasks."""
    titles = [report.title for report in suite.reports("small")]

    assert [title.partition(":")[0] for title in titles] == list(PARTS["small"])


def test_a_part_without_its_corpus_is_told_so(tmp_path: Path) -> None:
    """Others may have theirs."""
    with pytest.raises(MissingDataError):
        list(Suite(tmp_path, embed).reports("replay"))

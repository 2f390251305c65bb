from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from benchmarks.ranking.corpora import (
    MissingDataError,
    Record,
    corpus_of,
    read_announced,
    read_titles,
)
from tests.benchmarks.ranking.worlds import embed


def test_announced_papers_come_in_the_order_of_their_days(world: Path) -> None:
    """So that the latest before a day are the last of a list."""
    days = [record.announced_on for record in read_announced(world)]

    assert len(days) == 224
    assert None not in days
    assert days == sorted(day for day in days if day)


def test_a_paper_without_categories_has_none(world: Path) -> None:
    """The corpus says null where it does not know."""
    assert read_announced(world)[0].categories == ()


def test_titles_are_named_by_their_line(world: Path) -> None:
    """The pairs of the split count lines from zero."""
    assert [record.paper_id for record in read_titles(world)[:2]] == ["0", "1"]


@pytest.mark.parametrize("read", [read_announced, read_titles])
def test_a_missing_corpus_says_where_it_should_be_and_what_to_do(
    read: Callable[[Path], list[Record]], tmp_path: Path
) -> None:
    """Nobody has to look into the code for that."""
    with pytest.raises(MissingDataError, match=r"skipped: .*gz is not here.*--data"):
        read(tmp_path)


def test_a_corpus_of_titles_knows_that_it_has_no_abstracts() -> None:
    """Words weigh differently then."""
    titles = corpus_of("titles", [Record("1", "On trees")], embed)
    papers = corpus_of("papers", [Record("1", "On trees", "They grow.")], embed)

    assert (titles.titles_only, papers.titles_only) == (True, False)


def test_a_day_that_nobody_knows_is_not_a_day() -> None:
    """Unknown is not zero."""
    corpus = corpus_of("titles", [Record("1", "On trees")], embed)

    assert np.isnan(corpus.day).all()

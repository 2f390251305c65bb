"""The rolling forecast of attention: fair to everybody, and never told the future."""

import gzip
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest

from benchmarks.ranking.attention import LISTED, months_of, run, stream_of
from benchmarks.ranking.corpora import MissingDataError, Record
from recommender.testing import TOPICS
from tests.benchmarks.ranking.worlds import embed, write_announced

START = date(2026, 1, 1)
PER_DAY = 10


def records_of(days: int) -> list[Record]:
    """Return ten papers a day in turns of two topics, all of one category."""
    rng, names = np.random.default_rng(0), list(TOPICS)
    found = []
    for number in range(days * PER_DAY):
        words = rng.choice(TOPICS[names[number % 2]].split(), size=8)
        announced = START + timedelta(days=number // PER_DAY)
        found.append(
            Record(
                f"{number:05d}",
                " ".join(words[:4]),
                " ".join(words[4:]),
                ("Ada",),
                ("cs.CL",),
                announced,
            )
        )
    return found


def listed_of(records: Sequence[Record], after: int = 1) -> dict[str, date]:
    """List every paper on the first topic, so many days after it was announced."""
    return {
        record.paper_id: record.announced_on + timedelta(days=after)
        for number, record in enumerate(records)
        if number % 2 == 0 and record.announced_on
    }


def test_where_the_right_order_is_certain_the_forecast_is_right() -> None:
    """Only words tell; base rates, age and chance know nothing."""
    records = records_of(60)

    months = list(months_of(stream_of(records, listed_of(records))))

    assert [month.name for month in months] == ["2026-02", "2026-03"]
    for month in months:
        forecast, base, _, chance = month.auc
        assert forecast > 0.99
        assert base == chance == 0.5
        assert month.precision[3] == pytest.approx(0.5)
        assert month.n_listed * 2 == month.n_papers


def test_what_was_listed_later_was_not_known() -> None:
    """Papers that are listed a hundred days on teach nothing before that."""
    records = records_of(60)

    assert list(months_of(stream_of(records, listed_of(records, after=100)))) == []


def test_what_becomes_of_a_months_own_papers_teaches_nothing() -> None:
    """From February on the other topic is listed: February is forecast as January was."""
    records = records_of(59)
    listed = {
        record.paper_id: day + timedelta(days=1)
        for number, record in enumerate(records)
        if (day := record.announced_on) and (number % 2 == 0) == (day < date(2026, 2, 1))
    }

    (february,) = months_of(stream_of(records, listed))

    assert february.auc[0] < 0.01


def test_a_paper_listed_before_its_day_is_not_forecast() -> None:
    """There is nothing to forecast."""
    records = records_of(59)
    listed = listed_of(records)
    early = next(r for r in records if r.announced_on == date(2026, 2, 10))
    before = listed | {early.paper_id: date(2026, 2, 9)}

    sizes = [next(months_of(stream_of(records, known))).n_papers for known in (listed, before)]

    assert sizes[0] - sizes[1] == 1


def test_the_table_reads_the_files(tmp_path: Path) -> None:
    """And lives with a line that was broken within an address."""
    write_announced(tmp_path)
    path = tmp_path / LISTED
    path.parent.mkdir()
    with gzip.open(path, "wt", encoding="utf-8") as file:
        file.write("arxiv_id\thf_date\tupvotes\n2601.00000\t2026-01-07\t3\nrest\t0\t1\n")

    report = run(tmp_path, embed)

    assert report.rows == ()
    assert len(report.columns) == 3 + 8


def test_missing_files_are_named(tmp_path: Path) -> None:
    """The papers, and the listings."""
    with pytest.raises(MissingDataError, match="announced"):
        run(tmp_path, embed)
    write_announced(tmp_path)
    with pytest.raises(MissingDataError, match="upvotes"):
        run(tmp_path, embed)

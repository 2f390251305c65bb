"""One row per paper, whatever the order in which sources speak of it."""

from dataclasses import replace
from datetime import UTC, date, datetime
from functools import reduce
from itertools import permutations
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from paperround.records import AuthorRecord, PaperRecord
from paperround.store.merge import TITLE_KEY_CHARS, merge_record

NOW = datetime(2026, 5, 4, 7, 0, tzinfo=UTC)
FIRST = PaperRecord(
    "arxiv:2605.00001",
    "feed",
    "Polar codes for short blocks",
    abstract="We shorten polar codes.",
    authors=(AuthorRecord("Ada Lovelace", ("Analytical Society",)),),
    categories=("cs.IT", "math.IT"),
    version=1,
    announced_on=date(2026, 5, 4),
    updated_at=datetime(2026, 5, 1, 17, 0, tzinfo=UTC),
)
SECOND = replace(
    FIRST,
    title="Polar codes for very short blocks",
    abstract="We shorten polar codes further.",
    version=2,
    announced_on=None,
    updated_at=datetime(2026, 5, 9, 17, 0, tzinfo=UTC),
)
CROSS_LIST = replace(FIRST, categories=("cs.IT", "eess.SP"), announced_on=None)
VOTES = PaperRecord("arxiv:2605.00001", "votes", FIRST.title, upvotes=12, code_url="https://c.org")


def _merged(*records: PaperRecord) -> dict[str, Any]:
    def step(row: dict[str, Any] | None, record: PaperRecord) -> dict[str, Any]:
        return merge_record(row, record, NOW)

    row = reduce(step, records, None)
    assert row is not None
    return row


def test_a_newer_version_replaces_the_text_and_keeps_the_announcement() -> None:
    """Version 2 is the same paper, announced when version 1 was."""
    row = _merged(FIRST, SECOND)

    assert row["title"] == SECOND.title
    assert row["announced_on"] == date(2026, 5, 4)
    assert [entry["version"] for entry in row["versions"]] == [1, 2]


def test_an_older_version_that_comes_late_changes_no_text() -> None:
    """A back-fill never turns a paper back."""
    assert _merged(SECOND, FIRST)["abstract"] == SECOND.abstract


def test_a_changed_text_has_another_hash() -> None:
    """So that the new text is embedded, and an unchanged one is not."""
    assert _merged(FIRST)["text_hash"] != _merged(FIRST, SECOND)["text_hash"]
    assert _merged(FIRST)["text_hash"] == _merged(FIRST, CROSS_LIST, VOTES)["text_hash"]


def test_a_cross_list_adds_its_category_to_the_paper() -> None:
    """All categories are known in the end, the primary one first."""
    row = _merged(FIRST, CROSS_LIST)

    assert row["categories"][0] == "cs.IT"
    assert set(row["categories"]) == {"cs.IT", "eess.SP", "math.IT"}


def test_what_is_known_is_never_overwritten_by_what_is_not() -> None:
    """A record with votes only leaves authors, abstract and dates alone."""
    row = _merged(FIRST, VOTES)

    assert row["abstract"] == FIRST.abstract
    assert row["authors"] == [{"name": "Ada Lovelace", "affiliations": ["Analytical Society"]}]
    assert (row["upvotes"], row["code_url"]) == (12, "https://c.org")


def test_the_order_of_the_records_does_not_matter() -> None:
    """Text, dates, votes and versions come out the same in all 24 orders."""
    columns = ("title", "abstract", "announced_on", "upvotes", "code_url", "versions", "text_hash")
    outcomes = {
        tuple(str(_merged(*order)[name]) for name in columns)
        for order in permutations((FIRST, SECOND, CROSS_LIST, VOTES))
    }

    assert len(outcomes) == 1


@given(st.lists(st.sampled_from((FIRST, SECOND, CROSS_LIST, VOTES)), min_size=1, max_size=6))
def test_hearing_the_same_again_changes_nothing(records: list[PaperRecord]) -> None:
    """Merging is idempotent: the last record once more leaves the row as it is."""
    row = _merged(*records)

    assert merge_record(row, records[-1], NOW) == row


def test_the_title_key_stays_within_what_databases_can_index() -> None:
    """A title of a megabyte is kept whole; its key is not."""
    row = _merged(replace(FIRST, title="polar " * 170_000))

    assert len(row["title_key"]) <= TITLE_KEY_CHARS
    assert len(row["title"]) > 1_000_000

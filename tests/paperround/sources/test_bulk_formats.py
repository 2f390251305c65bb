"""Each schema is read into the same records, and nothing but sound records comes out."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paperround.records import AuthorRecord, PaperRecord
from paperround.sources.bulk_formats import MalformedError, papers_of
from tests.paperround.sources.lines import CORPUS, DAILY, SNAPSHOT


def papers(line: object, since: date | None = None) -> list[PaperRecord]:
    """Return the papers of a line; malformed ones inside a day are dropped."""
    return list(papers_of(line, since, lambda why: None))


def test_a_line_of_the_plain_schema_is_a_paper() -> None:
    """Every field arrives folded, dated and freed of foreign categories."""
    assert papers(CORPUS) == [
        PaperRecord(
            paper_id="arxiv:2605.00022",
            source="bulk",
            title="On engines",
            abstract="We weave.",
            authors=(AuthorRecord("Ada Lovelace"), AuthorRecord("Grace Höpper")),
            categories=("cs.CL", "cs.AI"),
            announced_on=date(2026, 5, 4),
            published_at=datetime(2026, 5, 1, 10, tzinfo=UTC),
            comment="9 pages, code: https://github.com/ada/engine",
            code_url="https://github.com/ada/engine",
        )
    ]


def test_a_line_of_the_snapshot_is_a_paper() -> None:
    """Versions give number, dates and the announcement; the first of several DOIs is taken."""
    assert papers(SNAPSHOT) == [
        PaperRecord(
            paper_id="arxiv:0704.0001",
            source="bulk",
            title="Calculation",
            abstract="A full calculation.",
            authors=(
                AuthorRecord("Ada Lovelace II", ("Analytical Society",)),
                AuthorRecord("Grace Hopper"),
            ),
            categories=("hep-ph", "cs.CL"),
            version=2,
            announced_on=date(2007, 4, 3),
            published_at=datetime(2007, 4, 2, 17, 18, 42, tzinfo=UTC),
            updated_at=datetime(2007, 7, 24, 20, 10, 27, tzinfo=UTC),
            comment="37 pages",
            journal_ref="Phys.Rev.D76:013009,2007",
            doi="10.1103/physrevd.76.013009",
            licence="http://arxiv.org/licenses/nonexclusive-distrib/1.0/",
        )
    ]


def test_a_day_of_daily_papers_gives_votes_and_code() -> None:
    """The day of Hugging Face is not the day of arXiv, so nothing is announced."""
    [record] = papers(DAILY)

    assert (record.paper_id, record.title) == ("arxiv:2605.00022", "On engines")
    assert (record.upvotes, record.code_url) == (32, "https://github.com/ada/engine")
    assert [author.name for author in record.authors] == ["Ada Lovelace", "Grace Hopper"]
    assert record.announced_on is None


def test_a_corpus_line_without_optional_fields_is_a_paper() -> None:
    """Id and title are all that a paper must have."""
    [record] = papers({"id": "hep-th/9901001", "title": "T", "categories": None})

    assert record == PaperRecord("arxiv:hep-th/9901001", "bulk", "T")


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("text", "not a JSON object"),
        ({**CORPUS, "id": None}, "no id"),
        ({**CORPUS, "id": "0000.0000"}, "not a paper id"),
        ({**CORPUS, "id": {"a": 1}}, "not a paper id"),
        ({**CORPUS, "title": " \n"}, "no title"),
        ({**CORPUS, "title": 7}, "title is not a text"),
        ({**CORPUS, "authors": 7}, "authors is not a list"),
        ({**CORPUS, "announced": "tomorrow"}, "not a date"),
        ({**CORPUS, "published": "2026-13-01"}, "not a time"),
        ({**SNAPSHOT, "versions": [{"created": "soon"}]}, "a version without a time"),
        ({**SNAPSHOT, "versions": [7]}, "a version without a time"),
        ({**SNAPSHOT, "authors_parsed": [7]}, "authors_parsed is not a list of names"),
        ({**DAILY, "response": {}}, "response is not a list"),
    ],
)
def test_a_line_that_is_no_paper_says_why(line: object, why: str) -> None:
    """In a few words, for the log of what was skipped."""
    with pytest.raises(MalformedError, match=why):
        papers(line)


def test_authors_may_stand_in_one_line() -> None:
    """As in old snapshots, which have not parsed them."""
    [record] = papers({**CORPUS, "authors": "Ada Lovelace (Society) and Grace Hopper"})

    assert record.authors == (
        AuthorRecord("Ada Lovelace", ("Society",)),
        AuthorRecord("Grace Hopper"),
    )


def test_authors_may_be_names_and_objects_mixed() -> None:
    """What has no name is left out."""
    [record] = papers({**CORPUS, "authors": ["Ada", {"name": "Grace"}, {"id": 1}, None, " "]})

    assert [author.name for author in record.authors] == ["Ada", "Grace"]


@pytest.mark.parametrize(
    ("field", "name"), [("see text; 10.1000/2", "10.1000/2"), ("none", None), (None, None)]
)
def test_the_first_doi_of_a_field_is_taken(field: str | None, name: str | None) -> None:
    """The field is free text, and a paper without DOI is a paper."""
    [record] = papers({**SNAPSHOT, "doi": field})

    assert record.doi == name


@pytest.mark.parametrize("votes", [-1, 2**40, True, "32", None])
def test_votes_that_are_no_count_are_unknown(votes: object) -> None:
    """Unknown is not zero, and no database column overflows."""
    [record] = papers({**CORPUS, "hf": {"upvotes": votes}})

    assert record.upvotes is None


def test_a_malformed_paper_of_a_day_does_not_cost_the_day() -> None:
    """Its place in the day is told."""
    skipped: list[str] = []
    day = {**DAILY, "response": [{"paper": None}, 7, *DAILY["response"]]}

    assert len(list(papers_of(day, None, skipped.append))) == 1
    assert skipped == ["item 1: no paper", "item 2: no paper"]


def test_text_that_no_database_keeps_is_freed_of_it() -> None:
    """NUL and half surrogate pairs are legal JSON and illegal everywhere else."""
    [record] = papers({**CORPUS, "title": "a\x00b\ud800", "comment": None})

    assert record.title == "a b"


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=6,
)


@given(
    schema=st.sampled_from([CORPUS, SNAPSHOT, DAILY, DAILY["response"][0]["paper"]]),
    changes=st.lists(st.tuples(st.integers(0, 20), json_values), max_size=4),
)
def test_mutated_fields_give_sound_papers_or_are_malformed(
    schema: dict[str, Any], changes: list[tuple[int, Any]]
) -> None:
    """No value of any type in any field gives a paper without id or title, or another error."""
    keys = list(schema)
    mutated = {**schema, **{keys[index % len(keys)]: value for index, value in changes}}
    try:
        records = papers(mutated)
    except MalformedError:
        records = []

    assert all(record.paper_id.startswith(("arxiv:", "doi:")) for record in records)
    assert all(record.title for record in records)

"""Papers in the store, on both databases."""

from dataclasses import replace
from datetime import UTC, date, datetime

from paperround.identity import title_key
from paperround.records import AuthorRecord, PaperRecord
from paperround.store.embeddings import save_vectors
from paperround.store.engine import Database
from paperround.store.papers import (
    Upserted,
    count_papers,
    latest_announcement,
    paper_ids,
    papers_announced,
    papers_by_doi,
    papers_by_key,
    papers_by_title,
    upsert_papers,
)

NOW = datetime(2026, 5, 4, 7, 0, tzinfo=UTC)
POLAR = PaperRecord(
    "arxiv:2605.00001",
    "feed",
    "Polar codes for short blocks",
    abstract="We shorten polar codes.",
    authors=(AuthorRecord("Ada Lovelace", ("Society",)), AuthorRecord("Grace Hopper", ("Navy",))),
    categories=("cs.IT",),
    version=1,
    announced_on=date(2026, 5, 4),
    doi="10.1000/polar",
)
AUCTION = PaperRecord(
    "arxiv:2605.00002",
    "feed",
    "Auctions with {Étalé} bidders",
    categories=("cs.GT",),
    announced_on=date(2026, 5, 5),
)


def _add(database: Database, *records: PaperRecord) -> Upserted:
    with database.write() as session:
        return upsert_papers(session, records, NOW)


def test_a_second_run_adds_nothing(database: Database) -> None:
    """Upserts are idempotent."""
    first = _add(database, POLAR, AUCTION)
    second = _add(database, POLAR, AUCTION)

    assert first == Upserted(added=2)
    assert second == Upserted(unchanged=2)


def test_versions_and_cross_lists_in_one_batch_are_one_paper(database: Database) -> None:
    """One row, one addition."""
    newer = replace(POLAR, title="Polar codes, shortened", version=2)

    added = _add(database, POLAR, newer, replace(POLAR, categories=("cs.IT", "eess.SP")))

    assert added == Upserted(added=1)
    with database.read() as session:
        (paper,) = papers_announced(session, NOW.date(), NOW.date(), model="m")
        assert paper.title == "Polar codes, shortened"
        assert paper.categories == ("cs.IT", "eess.SP")


def test_a_changed_record_changes_its_paper_only(database: Database) -> None:
    """The report says what was changed and what was not."""
    _add(database, POLAR, AUCTION)

    again = _add(database, replace(POLAR, comment="12 pages"), AUCTION)

    assert again == Upserted(changed=1, unchanged=1)


def test_papers_of_a_window_come_newest_first(database: Database) -> None:
    """Both ends of the window count; papers never announced do not."""
    _add(database, POLAR, AUCTION, PaperRecord("doi:10.1000/x", "library", "Unannounced"))

    with database.read() as session:
        papers = papers_announced(session, date(2026, 5, 4), date(2026, 5, 5), model="m")
        only_last = papers_announced(session, date(2026, 5, 5), date(2026, 5, 9), model="m")

    assert [paper.paper_id for paper in papers] == [AUCTION.paper_id, POLAR.paper_id]
    assert [paper.paper_id for paper in only_last] == [AUCTION.paper_id]


def test_a_paper_comes_with_authors_affiliations_and_its_vector(database: Database) -> None:
    """Of the model asked for, and of no other."""
    _add(database, POLAR)
    with database.write() as session:
        key = paper_ids(session, [POLAR.paper_id])[POLAR.paper_id]
        text_hash = papers_by_key(session, [key], model="m")[key].text_hash
        save_vectors(session, "m", [(text_hash, b"\0\0\0\0")])

    with database.read() as session:
        paper = papers_by_key(session, [key], model="m")[key]
        other = papers_by_key(session, [key], model="another")[key]

    assert paper.authors == ("Ada Lovelace", "Grace Hopper")
    assert paper.affiliations == ("Society", "Navy")
    assert (paper.vector, other.vector) == (b"\0\0\0\0", None)


def test_papers_are_found_by_id_doi_and_title(database: Database) -> None:
    """Titles match whatever their accents, braces and case."""
    _add(database, POLAR, AUCTION)

    with database.read() as session:
        by_id = paper_ids(session, ["arxiv:2605.00001", "arxiv:9999.99999"])
        by_doi = papers_by_doi(session, ["10.1000/polar"])
        by_title = papers_by_title(session, [title_key("auctions with ETALE bidders")])

    assert list(by_id) == ["arxiv:2605.00001"]
    assert by_doi == {"10.1000/polar": by_id["arxiv:2605.00001"]}
    assert len(by_title) == 1


def test_a_title_that_two_papers_share_finds_neither(database: Database) -> None:
    """Guessing between two papers is worse than asking."""
    _add(database, POLAR, replace(POLAR, paper_id="arxiv:2605.00009"))

    with database.read() as session:
        assert papers_by_title(session, [title_key(POLAR.title)]) == {}


def test_an_empty_store_has_no_latest_announcement(database: Database) -> None:
    """None, not an error."""
    with database.read() as session:
        assert (count_papers(session), latest_announcement(session)) == (0, None)


def test_the_latest_announcement_is_the_latest_day(database: Database) -> None:
    """Whatever the order of arrival."""
    _add(database, AUCTION, POLAR)

    with database.read() as session:
        assert latest_announcement(session) == date(2026, 5, 5)


def test_a_title_of_a_megabyte_with_3300_authors_is_kept(database: Database) -> None:
    """Both databases store it, index included, and give it back."""
    authors = tuple(AuthorRecord(f"Author {number}") for number in range(3_300))
    huge = replace(POLAR, title="A " * 500_000 + "title", authors=authors)

    _add(database, huge)

    with database.read() as session:
        (paper,) = papers_announced(session, NOW.date(), NOW.date(), model="m")
        assert (len(paper.title), len(paper.authors)) == (1_000_005, 3_300)

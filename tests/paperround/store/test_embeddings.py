"""Vectors in the store: each text once, the newest papers first."""

from dataclasses import replace
from datetime import UTC, date, datetime

from paperround.records import PaperRecord
from paperround.store.embeddings import (
    count_unembedded,
    load_background,
    save_background,
    save_vectors,
    unembedded_papers,
    vectors_after,
    vectors_of,
)
from paperround.store.engine import Database
from paperround.store.papers import paper_ids, upsert_papers
from paperround.store.ratings import save_rating
from paperround.store.readers import name_papers
from tests.paperround.store.rows import saved_interest, saved_reader

NOW = datetime(2026, 5, 4, 7, 0, tzinfo=UTC)
OLD = PaperRecord("arxiv:2604.00001", "feed", "Old paper", announced_on=date(2026, 4, 1))
NEW = PaperRecord("arxiv:2605.00001", "feed", "New paper", announced_on=date(2026, 5, 4))
LIBRARY = PaperRecord("doi:10.1000/1", "library", "Library paper")


def _add(database: Database, *records: PaperRecord) -> None:
    with database.write() as session:
        upsert_papers(session, records, NOW)


def test_library_papers_come_first_and_then_the_newest(database: Database) -> None:
    """Profiles need the former, the next digest the latter."""
    _add(database, OLD, NEW, LIBRARY)

    with database.read() as session:
        texts = unembedded_papers(session, "m", limit=10)

    assert [title for _, title, _ in texts] == ["Library paper", "New paper", "Old paper"]


def test_a_text_with_a_vector_of_the_model_is_done(database: Database) -> None:
    """Of another model it is not."""
    _add(database, NEW)
    with database.write() as session:
        ((text_hash, _, _),) = unembedded_papers(session, "m", limit=10)
        save_vectors(session, "m", [(text_hash, b"abcd")])

    with database.read() as session:
        assert count_unembedded(session, "m") == 0
        assert count_unembedded(session, "another") == 1


def test_papers_of_the_same_text_share_one_vector(database: Database) -> None:
    """Nothing is embedded twice."""
    _add(database, NEW, replace(NEW, paper_id="arxiv:2605.00002"))
    with database.write() as session:
        text_hash, _, _ = unembedded_papers(session, "m", limit=1)[0]
        save_vectors(session, "m", [(text_hash, b"abcd")])

    with database.read() as session:
        assert count_unembedded(session, "m") == 0


def test_papers_announced_before_a_day_can_be_left_out(database: Database) -> None:
    """Those that a reader named or rated stay in: profiles are made of them."""
    ignored = replace(OLD, paper_id="arxiv:2604.00002", title="Ignored paper")
    _add(database, OLD, NEW, LIBRARY, ignored)
    with database.write() as session:
        keys = paper_ids(session, [OLD.paper_id, LIBRARY.paper_id])
        reader = saved_reader(session)
        interest = saved_interest(session, reader)
        name_papers(session, interest, [keys[LIBRARY.paper_id]], liked=True, now=NOW)
        save_rating(session, reader, keys[OLD.paper_id], -1, interest_id=None, now=NOW)

    with database.read() as session:
        texts = unembedded_papers(session, "m", since=date(2026, 5, 1), limit=10)
        count = count_unembedded(session, "m", since=date(2026, 5, 1))

    assert [title for _, title, _ in texts] == ["Library paper", "New paper", "Old paper"]
    assert count == 3


def test_a_vector_that_is_there_stays(database: Database) -> None:
    """Two embedders at once do no harm."""
    for vector in (b"aaaa", b"bbbb"):
        with database.write() as session:
            save_vectors(session, "m", [("hash", vector)])

    with database.read() as session:
        assert vectors_of(session, "m", ["hash", "unknown"]) == {"hash": b"aaaa"}


def test_vectors_come_in_the_order_they_were_made(database: Database) -> None:
    """From any point on, so that statistics can go on where they stopped."""
    for text_hash in ("a", "b", "c"):
        with database.write() as session:
            save_vectors(session, "m", [(text_hash, text_hash.encode() * 4)])

    with database.read() as session:
        first, *rest = vectors_after(session, "m", 0, limit=10)
        after = vectors_after(session, "m", first[0], limit=10)

    assert after == rest
    assert [vector for _, vector in rest] == [b"bbbb", b"cccc"]


def test_statistics_are_kept_per_model(database: Database) -> None:
    """The latest ones replace those before."""
    for statistics, last_id in ((b"one", 1), (b"two", 2)):
        with database.write() as session:
            save_background(session, "m", statistics, last_id)

    with database.read() as session:
        assert load_background(session, "m") == (b"two", 2)
        assert load_background(session, "another") is None

"""Readers and interests in the store, on both databases."""

import pytest

from paperround.errors import DuplicateReaderError, UnknownInterestError, UnknownReaderError
from paperround.store.deliveries import deliveries_of
from paperround.store.engine import Database
from paperround.store.ratings import ratings_of, save_rating
from paperround.store.readers import (
    add_reader,
    all_readers,
    count_readers,
    interest_named,
    interest_papers,
    interests_of,
    name_papers,
    reader_at,
    readers_without_interests,
    remove_interest,
    remove_reader,
)
from tests.paperround.store.rows import (
    NOW,
    new_reader,
    opened_row,
    saved_interest,
    saved_papers,
    saved_reader,
)


def test_an_address_subscribes_once_however_it_is_capitalised(database: Database) -> None:
    """Ada and ADA are one reader."""
    with database.write() as session:
        saved_reader(session, "ada@example.org")

    with pytest.raises(DuplicateReaderError), database.write() as session:
        add_reader(session, new_reader("ADA@example.org"))


def test_a_reader_is_found_by_any_spelling_of_the_address(database: Database) -> None:
    """Space around it and capitals do not matter."""
    with database.write() as session:
        saved_reader(session, "ada@example.org")

    with database.read() as session:
        assert reader_at(session, " Ada@Example.org ").address == "ada@example.org"


def test_an_unknown_address_is_said_to_be_unknown(database: Database) -> None:
    """The error names it."""
    with (
        database.read() as session,
        pytest.raises(UnknownReaderError, match="grace@example"),
    ):
        reader_at(session, "grace@example.org")


def test_removing_a_reader_removes_all_that_is_theirs(database: Database) -> None:
    """Interests, ratings and deliveries go; papers and other readers stay."""
    with database.write() as session:
        ada, grace = saved_reader(session), saved_reader(session, "grace@example.org")
        (paper,) = saved_papers(session, 1)
        interest = saved_interest(session, ada)
        name_papers(session, interest, [paper], liked=True, now=NOW)
        save_rating(session, ada, paper, 1, interest_id=interest, now=NOW)
        opened_row(session, ada)
        remove_reader(session, reader_at(session, "ada@example.org"))

    with database.read() as session:
        assert [reader.id for reader in all_readers(session)] == [grace]
        assert interests_of(session, ada) == []
        assert ratings_of(session, ada) == []
        assert deliveries_of(session, ada) == []


def test_readers_who_have_said_nothing_yet_are_known(database: Database) -> None:
    """They get no digest, and the doctor says so."""
    with database.write() as session:
        ada, grace = saved_reader(session), saved_reader(session, "grace@example.org")
        saved_interest(session, ada)

    with database.read() as session:
        assert count_readers(session) == 2
        assert [reader.id for reader in readers_without_interests(session)] == [grace]


def test_an_interest_of_the_same_name_is_replaced(database: Database) -> None:
    """Its papers stay."""
    with database.write() as session:
        ada = saved_reader(session)
        (paper,) = saved_papers(session, 1)
        first = saved_interest(session, ada, prose="polar codes")
        name_papers(session, first, [paper], liked=True, now=NOW)
        second = saved_interest(session, ada, prose="LDPC codes", muted_words=["quantum"])

    with database.read() as session:
        (interest,) = interests_of(session, ada)
        assert (first, interest.prose, interest.muted_words) == (second, "LDPC codes", ["quantum"])
        assert len(interest_papers(session, [second])) == 1


def test_an_unknown_interest_is_told_with_those_there_are(database: Database) -> None:
    """So that a slip of the pen is easily mended."""
    with database.write() as session:
        ada = saved_reader(session)
        saved_interest(session, ada, "coding theory")

    with (
        database.read() as session,
        pytest.raises(UnknownInterestError, match="there is 'coding theory'"),
    ):
        interest_named(session, ada, "codes")


def test_the_last_word_on_a_named_paper_counts(database: Database) -> None:
    """Liked first and disliked later is disliked, and named once."""
    with database.write() as session:
        interest = saved_interest(session, saved_reader(session))
        (paper,) = saved_papers(session, 1)
        name_papers(session, interest, [paper, paper], liked=True, now=NOW)
        name_papers(session, interest, [paper], liked=False, now=NOW)

    with database.read() as session:
        assert [row.liked for row in interest_papers(session, [interest])] == [False]


def test_ratings_outlive_the_interest_they_were_given_under(database: Database) -> None:
    """They teach all interests from then on."""
    with database.write() as session:
        ada = saved_reader(session)
        interest = saved_interest(session, ada)
        (paper,) = saved_papers(session, 1)
        save_rating(session, ada, paper, 1, interest_id=interest, now=NOW)
        remove_interest(session, interest_named(session, ada, "coding"))

    with database.read() as session:
        assert [row.interest_id for row in ratings_of(session, ada)] == [None]

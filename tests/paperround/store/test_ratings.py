"""Ratings in the store: idempotent, and the last one wins."""

from datetime import timedelta
from typing import Literal
from uuid import uuid4

from hypothesis import given
from hypothesis import strategies as st

from paperround.store.engine import Database
from paperround.store.ratings import Votes, ratings_of, save_rating, votes_on
from tests.paperround.store.rows import NOW, saved_papers, saved_reader


def test_rating_twice_alike_is_one_rating_of_the_first_time(database: Database) -> None:
    """A repeated click changes nothing, not even the time."""
    later = NOW + timedelta(hours=1)
    with database.write() as session:
        ada = saved_reader(session)
        (paper,) = saved_papers(session, 1)
        save_rating(session, ada, paper, 1, interest_id=None, now=NOW)
        save_rating(session, ada, paper, 1, interest_id=None, now=later)

    with database.read() as session:
        assert [(row.value, row.rated_at) for row in ratings_of(session, ada)] == [(1, NOW)]


@given(st.lists(st.sampled_from((-1, 1)), min_size=1, max_size=5))
def test_the_last_rating_wins(database: Database, values: list[Literal[-1, 1]]) -> None:
    """Whatever came before."""
    with database.write() as session:
        ada = saved_reader(session, f"{uuid4().hex}@example.org")
        (paper,) = saved_papers(session, 1)
        for value in values:
            save_rating(session, ada, paper, value, interest_id=None, now=NOW)

    with database.read() as session:
        assert [row.value for row in ratings_of(session, ada)] == [values[-1]]


def test_votes_are_counted_by_paper(database: Database) -> None:
    """Likes and dislikes apart; papers without a vote are left out."""
    with database.write() as session:
        readers = [saved_reader(session, f"{name}@example.org") for name in ("ada", "grace")]
        first, second, third = saved_papers(session, 3)
        for reader in readers:
            save_rating(session, reader, first, 1, interest_id=None, now=NOW)
        save_rating(session, readers[0], second, -1, interest_id=None, now=NOW)

    with database.read() as session:
        votes = votes_on(session, [first, second, third])

    assert votes == {first: Votes(2, 0), second: Votes(0, 1)}

"""What all readers like together."""

from sqlmodel import Session

from paperround.store.embeddings import save_vectors
from paperround.store.engine import Database
from paperround.store.papers import papers_by_key
from paperround.store.pooled import pooled_likes, vectors_of_papers
from paperround.store.ratings import save_rating
from paperround.store.readers import name_papers
from tests.paperround.store.rows import NOW, saved_interest, saved_papers, saved_reader

MODEL = "hashing"


def _likes(session: Session, reader: int, papers: list[int]) -> None:
    for paper in papers:
        save_rating(session, reader, paper, 1, interest_id=None, now=NOW)


def test_likes_are_those_rated_and_those_named(database: Database) -> None:
    """Each pair once; what was rated down is not liked, though it was named."""
    with database.write() as session:
        a, b, c = saved_papers(session, 3)
        ada = saved_reader(session)
        interest = saved_interest(session, ada)
        _likes(session, ada, [a])
        save_rating(session, ada, b, -1, interest_id=None, now=NOW)
        name_papers(session, interest, [a, b, c], liked=True, now=NOW)

        pairs = pooled_likes(session, at_most=10)

    assert pairs.readers.tolist() == [ada, ada]
    assert pairs.papers.tolist() == sorted([a, c])


def test_readers_with_the_most_likes_are_chosen(database: Database) -> None:
    """Where not all may lend."""
    with database.write() as session:
        papers = saved_papers(session, 3)
        ada, grace = saved_reader(session), saved_reader(session, "grace@example.org")
        _likes(session, ada, papers[:1])
        _likes(session, grace, papers)

        pairs = pooled_likes(session, at_most=1)

    assert set(pairs.readers.tolist()) == {grace}


def test_nobody_likes_anything_at_first(database: Database) -> None:
    """Two empty columns."""
    with database.read() as session:
        pairs = pooled_likes(session, at_most=10)

    assert pairs.readers.shape == pairs.papers.shape == (0,)


def test_vectors_are_found_by_the_key_of_the_paper(database: Database) -> None:
    """Of this model only; what has none is left out, however many are asked for."""
    with database.write() as session:
        first, second = saved_papers(session, 2)
        text_hash = papers_by_key(session, [first], model=MODEL)[first].text_hash
        save_vectors(session, MODEL, [(text_hash, b"1234")])

        found = vectors_of_papers(session, MODEL, [first, second, *range(10_000, 11_200)])
        of_another = vectors_of_papers(session, "another", [first])

    assert found == {first: b"1234"}
    assert of_another == {}

import pytest

from benchmarks.ranking.authors import by_author, is_stranger, is_telling
from benchmarks.ranking.corpora import Record


def paper(*authors: str) -> Record:
    """Return a paper of these authors."""
    return Record("1", "On trees", authors=authors)


@pytest.mark.parametrize("name", ["Ada Lovelace", "Bo Li", "Jean-Luc de la Fosse", "M. Ada Byron"])
def test_two_words_of_two_letters_tell_a_person(name: str) -> None:
    """As far as a name can."""
    assert is_telling(name)


@pytest.mark.parametrize("name", ["Chen", "C. V. Raman", "A. Lovelace", "Weinan E", "", "Al. Bo."])
def test_initials_and_single_words_tell_nobody(name: str) -> None:
    """Too many people share them."""
    assert not is_telling(name)


def test_papers_of_an_author_keep_their_order_and_count_once() -> None:
    """Even where a list of authors names somebody twice."""
    papers = [paper("Ada Byron", "Bo Li"), paper("Bo Li", "Bo Li"), paper("Chen")]

    assert by_author(papers) == {"Ada Byron": [0], "Bo Li": [0, 1]}


def test_an_author_with_a_coauthor_again_is_no_stranger() -> None:
    """Two people of one name rarely share coauthors."""
    assert not is_stranger("Bo Li", [paper("Bo Li", "Ada Byron")], [paper("Ada Byron", "Bo Li")])


def test_an_author_with_others_only_may_be_somebody_else() -> None:
    """The author's own name proves nothing."""
    assert is_stranger("Bo Li", [paper("Bo Li", "Ada Byron")], [paper("Bo Li", "Max Born")])
    assert is_stranger("Bo Li", [paper("Bo Li")], [paper("Bo Li")])

"""Interests: from words, ids and libraries, and nothing is lost on the way."""

import pytest

from paperround.context import App
from paperround.errors import (
    IdentityError,
    InvalidInterestError,
    UnknownCategoryError,
    UnknownInterestError,
    UnknownReaderError,
)
from paperround.records import LibraryItem
from paperround.services.ingest import ingest
from paperround.services.interests import (
    NewInterest,
    add_interest,
    list_interests,
    remove_interest,
)
from paperround.services.readers import NewReader, add_reader
from paperround.sources.testing import FakeSource
from paperround.store.papers import papers_by_key
from paperround.store.readers import interest_papers
from tests.paperround.services.conftest import ADA, CODING, paper


@pytest.fixture
def ada(app: App) -> App:
    """Add Ada, and two papers that she may like."""
    ingest(app, FakeSource([paper(1, CODING), paper(2, CODING)]))
    add_reader(app, NewReader(ADA))
    return app


def test_liked_papers_are_found_by_any_shape_of_their_id(ada: App) -> None:
    """Bare, with version, as an address: each paper once."""
    likes = ("2605.00001v3", "https://arxiv.org/abs/2605.00001", "arXiv:2605.00002")

    report = add_interest(ada, ADA, NewInterest("Coding", like=likes))

    assert (report.matched, report.kept_as_text, report.unresolved) == (2, 0, ())


def test_a_library_item_is_matched_by_title_when_it_has_no_id(ada: App) -> None:
    """Case and punctuation do not matter."""
    title = paper(1, CODING).title.upper() + "."

    report = add_interest(ada, ADA, NewInterest("Coding", library=(LibraryItem(title),)))

    assert report.matched == 1


def test_a_library_item_that_no_paper_matches_teaches_by_its_text(ada: App) -> None:
    """It is kept as a paper that is never announced, and liked."""
    item = LibraryItem("Incentives in matching", doi="10.1000/match", authors=("Alan Turing",))

    report = add_interest(ada, ADA, NewInterest("Matching", library=(item,)))

    assert report.kept_as_text == 1
    assert report.interest.id is not None
    with ada.database.read() as session:
        (named,) = interest_papers(session, [report.interest.id])
        kept = papers_by_key(session, [named.paper_id], model="m")[named.paper_id]
    assert (kept.paper_id, kept.announced_on) == ("doi:10.1000/match", None)
    assert (kept.title, kept.authors) == ("Incentives in matching", ("Alan Turing",))


def test_an_item_with_neither_id_nor_doi_is_kept_by_its_title(ada: App) -> None:
    """Adding the same library again keeps it once."""
    new = NewInterest("Matching", library=(LibraryItem("A little known thesis"),))
    add_interest(ada, ADA, new)

    report = add_interest(ada, ADA, new)

    assert report.matched == 1
    assert report.kept_as_text == 0


def test_an_id_that_is_not_here_is_told(ada: App) -> None:
    """It brings no text, so it can teach nothing yet."""
    report = add_interest(ada, ADA, NewInterest("Coding", like=("2401.00001",)))

    assert report.unresolved == ("2401.00001",)


@pytest.mark.parametrize(
    ("new", "problem"),
    [
        (NewInterest("", prose="x"), "needs a name"),
        (NewInterest("A" * 81, prose="x"), "needs a name of 1 to 80"),
        (NewInterest("Empty"), "says nothing yet; give it a sentence"),
        (NewInterest("Long", prose="x" * 5_001), "in 5000 characters"),
        (NewInterest("Many", prose="x", quota=51), "a quota is 1 to 50 papers, not 51"),
        (NewInterest("High", prose="x", threshold=101), "a threshold is 0 to 100, not 101"),
    ],
)
def test_an_interest_that_makes_no_sense_is_refused(
    ada: App, new: NewInterest, problem: str
) -> None:
    """With the field and its bounds."""
    with pytest.raises(InvalidInterestError, match=problem):
        add_interest(ada, ADA, new)

    assert list_interests(ada, ADA) == []


def test_an_unknown_category_cannot_be_muted(ada: App) -> None:
    """The nearest one is suggested."""
    with pytest.raises(UnknownCategoryError, match="cs"):
        add_interest(ada, ADA, NewInterest("Coding", prose="x", mute_categories=("cs.CX",)))


def test_a_liked_paper_has_to_be_named_by_an_id(ada: App) -> None:
    """A slip of the pen is told before anything is kept."""
    with pytest.raises(IdentityError, match="polar codes"):
        add_interest(ada, ADA, NewInterest("Coding", like=("polar codes",)))

    assert list_interests(ada, ADA) == []


def test_an_unknown_reader_has_no_interests(app: App) -> None:
    """Nothing is added for nobody."""
    with pytest.raises(UnknownReaderError):
        add_interest(app, ADA, NewInterest("Coding", prose="x"))


def test_a_dry_run_resolves_and_keeps_nothing(ada: App) -> None:
    """What would be found is told."""
    new = NewInterest("Coding", like=("2605.00001",), library=(LibraryItem("Unknown"),))

    report = add_interest(ada, ADA, new, dry_run=True)

    assert (report.matched, report.kept_as_text) == (1, 1)
    assert list_interests(ada, ADA) == []


def test_a_removed_interest_is_gone(ada: App) -> None:
    """Removing it again says which there are."""
    add_interest(ada, ADA, NewInterest("Coding", prose=CODING))
    add_interest(ada, ADA, NewInterest("Auctions", prose="auctions"))
    remove_interest(ada, ADA, "Coding", dry_run=True)
    remove_interest(ada, ADA, "Coding")

    with pytest.raises(UnknownInterestError, match="there is 'Auctions'"):
        remove_interest(ada, ADA, "Coding")

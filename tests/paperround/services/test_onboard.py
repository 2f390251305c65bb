"""Onboarding: which papers are asked about, and what the answers do."""

from datetime import date

import pytest

from paperround.context import App
from paperround.errors import UnknownCategoryError, UnknownInterestError
from paperround.services.embed import embed
from paperround.services.ingest import ingest
from paperround.services.interests import NewInterest, add_interest, list_interests
from paperround.services.onboard import FIRST_INTEREST, Onboarding, Question
from paperround.services.readers import NewReader, add_reader, show_reader
from paperround.sources.testing import FakeSource
from paperround.store.ratings import ratings_of
from tests.paperround.services.conftest import ADA, AUCTIONS, CODING, paper

GRACE = "grace@example.org"


def given(app: App, address: str) -> list[tuple[int, int | None]]:
    """Return a reader's ratings and what they teach."""
    reader = show_reader(app, address).reader
    assert reader.id is not None
    with app.database.read() as session:
        return [(row.value, row.interest_id) for row in ratings_of(session, reader.id)]


def asked(talk: Onboarding, count: int) -> list[str]:
    """Return what is asked when nothing is answered."""
    found = []
    for _ in range(count):
        question = talk.ask()
        assert question is not None
        found.append(question.paper.paper_id)
        talk.skip(question)
    return found


def is_coding(question: Question | None) -> bool:
    """Tell whether a question is about a paper on coding."""
    assert question is not None
    words = question.paper.title.lower().replace(",", "").split()
    return bool(set(words) & (set(CODING.split()) - set(AUCTIONS.split())))


@pytest.fixture
def grace(stocked: App) -> App:
    """Add Grace, of whom nothing is known, beside Ada, who likes coding."""
    add_reader(stocked, NewReader(GRACE, "Grace", "UTC"))
    return stocked


def test_no_paper_is_asked_about_twice(grace: App) -> None:
    """However often nothing is answered; in the end there are none left."""
    talk = Onboarding(grace, GRACE)

    found = asked(talk, 40)

    assert len(set(found)) == 40
    assert talk.ask() is None


def test_the_same_reader_is_asked_the_same(grace: App) -> None:
    """Nothing depends on chance."""
    assert asked(Onboarding(grace, GRACE), 5) == asked(Onboarding(grace, GRACE), 5)


def test_first_questions_cover_what_there_is(grace: App) -> None:
    """Of a stranger nothing is known: both topics are asked about at once."""
    talk = Onboarding(grace, GRACE)
    first = talk.ask()
    assert first is not None
    talk.skip(first)

    assert {is_coding(first), is_coding(talk.ask())} == {True, False}


def test_the_first_thumbs_up_makes_an_interest(grace: App) -> None:
    """From then on there is something to fill a digest with."""
    talk = Onboarding(grace, GRACE)
    first = talk.ask()
    assert first is not None
    assert first.interest is None

    talk.answer(first, 1)

    (interest,) = list_interests(grace, GRACE)
    assert interest.name == FIRST_INTEREST
    assert given(grace, GRACE) == [(1, interest.id)]


def test_thumbs_down_alone_make_no_interest(grace: App) -> None:
    """They are kept, and teach what will be there."""
    talk = Onboarding(grace, GRACE)
    first = talk.ask()
    assert first is not None

    talk.answer(first, -1)

    assert list_interests(grace, GRACE) == []
    assert given(grace, GRACE) == [(-1, None)]
    assert talk.sharpness().best == ()


def test_answers_sharpen_the_profile(grace: App) -> None:
    """Three thumbs up for coding: coding stands first, its words are told, doubt has fallen."""
    talk = Onboarding(grace, GRACE, interest="Codes")
    before = talk.sharpness()
    for question in iter(talk.ask, None):
        if is_coding(question):
            talk.answer(question, 1)
        else:
            talk.answer(question, -1)
        if talk.sharpness().liked == 3:
            break

    after = talk.sharpness()

    assert (before.liked, before.doubt, before.words, before.best) == (0, 100.0, (), ())
    assert after.doubt < before.doubt
    assert set(" ".join(after.words).lower().split()) <= set(CODING.split())
    assert len(after.best) == 3
    assert all(is_coding(Question(found, None)) for found in after.best)
    assert [row.name for row in list_interests(grace, GRACE)] == ["Codes"]


def test_a_reader_with_likes_is_asked_near_them(stocked: App) -> None:
    """Ada likes coding, and the answer teaches that interest."""
    question = Onboarding(stocked, ADA).ask()

    assert is_coding(question)
    assert question is not None
    assert question.interest == "Coding"


def test_a_reader_with_a_sentence_only_is_asked_near_it(grace: App) -> None:
    """Nothing was rated yet."""
    add_interest(grace, GRACE, NewInterest("Markets", prose="auction revenue and bidders budget"))
    embed(grace)
    talk = Onboarding(grace, GRACE)

    question = talk.ask()
    assert question is not None
    talk.answer(question, 1)

    assert not is_coding(question)
    assert question.interest == "Markets"
    assert talk.sharpness().liked == 1


def test_only_papers_of_the_wanted_categories_are_asked_about(grace: App) -> None:
    """A whole archive counts, and a category without papers gives no question."""
    assert Onboarding(grace, GRACE, categories=("cs.IT",)).ask() is not None
    assert Onboarding(grace, GRACE, categories=("math.AG",)).ask() is None
    with pytest.raises(UnknownCategoryError):
        Onboarding(grace, GRACE, categories=("cs.NOPE",))


def test_muted_papers_are_never_asked_about(grace: App) -> None:
    """A mute is absolute here too."""
    add_interest(grace, GRACE, NewInterest("All", keywords=("polar",), mute_categories=("cs.IT",)))

    assert Onboarding(grace, GRACE).ask() is None


def test_older_papers_are_asked_about_where_there_are_enough(grace: App) -> None:
    """The next digests lose nothing by it."""
    earlier = date(2026, 4, 20)
    ingest(grace, FakeSource([paper(n, CODING, earlier) for n in range(1000, 1220)]))
    embed(grace)

    question = Onboarding(grace, GRACE).ask()

    assert question is not None
    assert question.paper.announced_on == earlier


def test_answers_teach_the_interest_that_was_named(stocked: App) -> None:
    """Whatever expects most of the paper."""
    add_interest(stocked, ADA, NewInterest("Markets", keywords=("auction",)))
    talk = Onboarding(stocked, ADA, interest="Markets")
    question = talk.ask()

    assert question is not None
    assert question.interest == "Markets"
    with pytest.raises(UnknownInterestError, match="'Coding'"):
        Onboarding(stocked, ADA, interest="Typo")


def test_a_followed_author_is_no_reason_to_ask(stocked: App) -> None:
    """That the reader likes those papers is known."""
    plain = Onboarding(stocked, ADA).ask()
    add_interest(
        stocked, ADA, NewInterest("Coding", threshold=0.0, follow_authors=("Grace Hopper 2",))
    )

    assert Onboarding(stocked, ADA).ask() == plain


def test_with_nothing_embedded_there_is_nothing_to_ask_about(app: App) -> None:
    """Unknown papers tell nothing, and no error is made of it."""
    add_reader(app, NewReader(ADA))
    ingest(app, FakeSource([paper(1, CODING)]))
    talk = Onboarding(app, ADA)

    assert talk.ask() is None
    assert talk.sharpness().doubt == 100.0

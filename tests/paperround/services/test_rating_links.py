"""Ratings by link: what is shown, what is stored, and what is nobody's to rate."""

import re
from datetime import timedelta
from email import message_from_bytes, policy

import pytest

from paperround.context import App
from paperround.errors import ExpiredTokenError, ForgedTokenError, UnknownPaperError
from paperround.services.leaving import forget_reader
from paperround.services.linked_papers import DOWN, UP
from paperround.services.rating_links import NAMED_AUTHORS, rate_by_link, rating_of
from paperround.services.readers import NewReader, add_reader
from paperround.store.models import Paper, Rating
from paperround.store.ratings import ratings_of
from paperround.testing import FrozenClock
from paperround.tokens import Purpose
from tests.paperround.services.conftest import ADA, TODAY
from tests.paperround.web.mailed import Mailed, mailed

GRACE = "grace@example.org"


@pytest.fixture
def sent(stocked: App) -> Mailed:
    """Send Ada the digest of the day."""
    return mailed(stocked)


def link(app: App, sent: Mailed, place: int = 0, value: int = UP) -> str:
    """Return the token of the digest's link that rates its paper at a place."""
    key = sent.paper_keys[place]
    return app.tokens.issue(Purpose.RATE, sent.reader_id, object_id=key, value=value, on=sent.on)


def ratings(app: App, reader_id: int) -> list[Rating]:
    """Return what a reader rated."""
    with app.database.read() as session:
        return ratings_of(session, reader_id)


@pytest.mark.parametrize(("label", "suggested"), [("Thumbs up", 1), ("Thumbs down", -1)])
def test_the_links_of_a_mail_suggest_what_they_say(
    stocked: App, sent: Mailed, label: str, suggested: int
) -> None:
    """What the mail writes into its links is what the pages read."""
    mail = message_from_bytes(sent.message.data, policy=policy.SMTP)
    part = mail.get_body(("plain",))
    assert part is not None
    link = rf"{label} +https://papers\.example\.com/rate/(\S+)"
    tokens = re.findall(link, part.get_content())

    pages = [rating_of(stocked, token) for token in tokens]

    assert [page.paper.stored.key for page in pages] == sent.paper_keys
    assert {page.suggested for page in pages} == {suggested}


@pytest.mark.parametrize(("value", "suggested"), [(UP, 1), (DOWN, -1), (0, 0), (77, 0)])
def test_a_link_suggests_its_own_verdict(
    stocked: App, sent: Mailed, value: int, suggested: int
) -> None:
    """A34: a suggestion is all it is, for nothing is stored by looking."""
    page = rating_of(stocked, link(stocked, sent, value=value))

    assert (page.suggested, page.preselected, page.paper.given) == (suggested, suggested, 0)
    assert ratings(stocked, sent.reader_id) == []


def test_a_link_without_a_suggestion_preselects_what_was_given(stocked: App, sent: Mailed) -> None:
    """The page of a paper shows the verdict of before."""
    rate_by_link(stocked, link(stocked, sent, value=DOWN), None)

    page = rating_of(stocked, link(stocked, sent, value=0))

    assert (page.suggested, page.preselected) == (0, -1)


def test_saving_without_a_choice_stores_what_the_link_suggests(stocked: App, sent: Mailed) -> None:
    """Under the interest that showed the paper."""
    page = rate_by_link(stocked, link(stocked, sent, value=DOWN), None)

    (rating,) = ratings(stocked, sent.reader_id)
    assert (rating.paper_id, rating.value) == (sent.paper_keys[0], -1)
    assert rating.interest_id == sent.shown[0].interest_id is not None
    assert page.paper.given == -1


def test_the_readers_choice_beats_the_suggestion(stocked: App, sent: Mailed) -> None:
    """They looked at the form, after all."""
    page = rate_by_link(stocked, link(stocked, sent, value=UP), -1)

    assert page.paper.given == -1


def test_without_choice_or_suggestion_nothing_is_stored(stocked: App, sent: Mailed) -> None:
    """The page asks again."""
    page = rate_by_link(stocked, link(stocked, sent, value=0), None)

    assert page.paper.given == 0
    assert ratings(stocked, sent.reader_id) == []


def test_rating_twice_stores_one_rating_and_the_last_one_wins(
    stocked: App, sent: Mailed, clock: FrozenClock
) -> None:
    """T110: the same again changes nothing, not even the time."""
    token = link(stocked, sent)
    rate_by_link(stocked, token, 1)
    first = ratings(stocked, sent.reader_id)
    clock.advance(timedelta(hours=1))

    rate_by_link(stocked, token, 1)
    again = ratings(stocked, sent.reader_id)
    rate_by_link(stocked, token, -1)
    (last,) = ratings(stocked, sent.reader_id)

    assert again == first
    assert (last.value, last.rated_at) == (-1, clock())


def test_the_rest_of_the_digest_waits_in_its_order(stocked: App, sent: Mailed) -> None:
    """One click becomes several ratings; what is rated is not asked again."""
    page = rate_by_link(stocked, link(stocked, sent, 0), 1)
    page = rate_by_link(stocked, link(stocked, sent, 2), 1)

    waiting = [paper.stored.key for paper in page.unrated]
    assert waiting == [key for place, key in enumerate(sent.paper_keys) if place not in (0, 2)]


def test_a_paper_that_no_digest_showed_has_nothing_beside_it(stocked: App, sent: Mailed) -> None:
    """And teaches all interests."""
    shown = set(sent.paper_keys)
    key = next(number for number in range(1, 41) if number not in shown)
    token = stocked.tokens.issue(Purpose.RATE, sent.reader_id, object_id=key, value=UP, on=TODAY)

    page = rate_by_link(stocked, token, None)

    assert page.unrated == ()
    assert ratings(stocked, sent.reader_id)[0].interest_id is None


def test_a_link_rates_for_its_own_reader_only(stocked: App, sent: Mailed) -> None:
    """T110: whoever holds Grace's link can do nothing to Ada's ratings."""
    add_reader(stocked, NewReader(GRACE))
    theirs = stocked.tokens.issue(
        Purpose.RATE, 2, object_id=sent.paper_keys[0], value=DOWN, on=TODAY
    )
    rate_by_link(stocked, link(stocked, sent), 1)

    page = rate_by_link(stocked, theirs, None)

    assert [rating.value for rating in ratings(stocked, sent.reader_id)] == [1]
    assert [rating.value for rating in ratings(stocked, 2)] == [-1]
    assert page.unrated == ()


def test_an_unknown_paper_cannot_be_rated(stocked: App, sent: Mailed) -> None:
    """T110: not seen and not stored."""
    token = stocked.tokens.issue(Purpose.RATE, sent.reader_id, object_id=999, value=UP, on=TODAY)

    with pytest.raises(UnknownPaperError):
        rating_of(stocked, token)
    with pytest.raises(UnknownPaperError):
        rate_by_link(stocked, token, None)
    assert ratings(stocked, sent.reader_id) == []


def test_links_of_an_erased_reader_are_no_links(stocked: App, sent: Mailed) -> None:
    """T107: they tell nothing about whether there ever was one."""
    forget_reader(stocked, ADA)

    with pytest.raises(ForgedTokenError):
        rating_of(stocked, link(stocked, sent))
    with pytest.raises(ForgedTokenError):
        rate_by_link(stocked, link(stocked, sent), 1)


def test_other_links_do_not_rate(stocked: App, sent: Mailed) -> None:
    """T104: each link is good for one thing."""
    other = stocked.tokens.issue(Purpose.WEB_COPY, sent.reader_id, object_id=1, on=TODAY)

    with pytest.raises(ForgedTokenError):
        rate_by_link(stocked, other, 1)


def test_a_link_ends_after_its_time(stocked: App, sent: Mailed, clock: FrozenClock) -> None:
    """T104: and so do the links on the page it led to, which are as old as the digest."""
    page = rating_of(stocked, link(stocked, sent))
    further = page.unrated[0].rate_path.rpartition("/")[2]
    clock.advance(timedelta(days=91))

    with pytest.raises(ExpiredTokenError):
        rate_by_link(stocked, link(stocked, sent), 1)
    with pytest.raises(ExpiredTokenError):
        rate_by_link(stocked, further, 1)


def test_a_thousand_authors_are_cut(stocked: App, sent: Mailed) -> None:
    """Collaborations have thousands."""
    with stocked.database.write() as session:
        paper = session.get_one(Paper, sent.paper_keys[0])
        paper.authors = [{"name": f"Ada {n}", "affiliations": []} for n in range(1_234)]

    page = rating_of(stocked, link(stocked, sent))

    assert page.authors.endswith(f"Ada {NAMED_AUTHORS - 1} and {1_234 - NAMED_AUTHORS:,} more")

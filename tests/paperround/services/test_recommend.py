"""Recommendation: the right papers, each once, and taught by ratings."""

from datetime import timedelta

import pytest

from paperround.context import App
from paperround.services.day import load_day
from paperround.services.embed import embed
from paperround.services.ingest import ingest
from paperround.services.interests import NewInterest, add_interest
from paperround.services.rate import rate
from paperround.services.readers import NewReader, add_reader, show_reader
from paperround.services.recommend import Recommendation, recommend
from paperround.services.send import send_due
from paperround.sources.testing import FakeSource
from paperround.testing import FrozenClock
from tests.paperround.services.conftest import ADA, AUCTIONS, CODING, TODAY, paper


def _recommended(app: App, address: str = ADA) -> Recommendation:
    return recommend(app, show_reader(app, address).reader, load_day(app, app.clock().date()))


def _shown(found: Recommendation, section: int = 0) -> list[int]:
    """Return the numbers of the papers of a section; odd ones are on coding."""
    entries = found.ranking.sections[section].entries
    return [int(found.papers[entry.row].paper_id[-5:]) for entry in entries]


def test_liked_papers_bring_their_topic_to_the_top(stocked: App) -> None:
    """All of Ada's papers are on coding; which are the odd ones."""
    numbers = _shown(_recommended(stocked))

    assert len(numbers) == stocked.settings.digest_quota
    assert {number % 2 for number in numbers} == {1}


def test_liked_papers_are_not_recommended_themselves(stocked: App) -> None:
    """Ada knows them."""
    add_interest(stocked, ADA, NewInterest("Coding", like=("2605.00001",), threshold=0.0))

    assert 1 not in _shown(_recommended(stocked))


def test_reasons_name_liked_papers_and_shared_words(stocked: App) -> None:
    """What is said to be liked was liked, and the words are the topic's."""
    found = _recommended(stocked)
    reasons = found.ranking.sections[0].entries[0].reasons

    assert reasons is not None
    liked = {found.known[key].paper_id for key, _ in reasons.nearest}
    assert liked <= {"arxiv:2605.00101", "arxiv:2605.00102", "arxiv:2605.00103"}
    assert set(" ".join(reasons.words).split()) <= set(CODING.split())


def test_a_sentence_alone_is_a_profile(stocked: App) -> None:
    """Without vectors its words decide."""
    add_reader(stocked, NewReader("grace@example.org"))
    new = NewInterest("Auctions", prose="Auction mechanisms and bidders", threshold=0.0)
    add_interest(stocked, "grace@example.org", new)

    numbers = _shown(_recommended(stocked, "grace@example.org"))

    assert numbers
    assert {number % 2 for number in numbers} == {0}


def test_a_thumbs_down_outweighs_a_liked_paper(stocked: App) -> None:
    """The rating is the later word."""
    for number in (101, 102, 103):
        rate(stocked, ADA, f"2605.{number:05d}", -1)

    numbers = _shown(_recommended(stocked))

    assert {number % 2 for number in numbers} != {1}


def test_a_muted_author_never_appears(stocked: App) -> None:
    """Mutes are absolute."""
    new = NewInterest("Coding", prose=CODING, mute_authors=("Grace Hopper 5",), threshold=0.0)
    add_interest(stocked, ADA, new)

    found = _recommended(stocked)

    assert 5 not in _shown(found)
    assert found.ranking.counts.muted >= 1


def test_a_paper_is_shown_once(stocked: App, clock: FrozenClock) -> None:
    """What the first digest showed is not in the second; new papers are."""
    clock.advance(timedelta(days=1))
    send_due(stocked)
    clock.advance(timedelta(days=1))
    new = [paper(number, CODING, clock().date()) for number in range(201, 206)]
    ingest(stocked, FakeSource(new))
    embed(stocked)

    numbers = _shown(_recommended(stocked))

    assert set(numbers) == {201, 202, 203, 204, 205}


def test_a_paper_that_came_in_late_is_still_news(stocked: App, clock: FrozenClock) -> None:
    """Announced on the last digest's own day, but known to us only afterwards."""
    clock.advance(timedelta(days=1))
    send_due(stocked)
    clock.advance(timedelta(hours=3))
    ingest(stocked, FakeSource([paper(301, CODING, clock().date())]))
    embed(stocked)
    clock.advance(timedelta(days=1))

    assert _shown(_recommended(stocked)) == [301]


def test_the_same_day_is_ranked_alike_every_time(stocked: App) -> None:
    """Also the papers outside the usual, which are drawn by a seed of reader and day."""
    first, second = _recommended(stocked), _recommended(stocked)

    assert first.ranking == second.ranking


def test_votes_make_a_paper_trend(stocked: App) -> None:
    """A paper that others like, outside Ada's own interests."""
    for number in range(5):
        address = f"reader{number}@example.org"
        add_reader(stocked, NewReader(address))
        rate(stocked, address, "2605.00002", 1)

    found = _recommended(stocked)

    assert [found.papers[entry.row].paper_id for entry in found.trending] == ["arxiv:2605.00002"]


@pytest.mark.parametrize("interests", [0, 2])
def test_there_is_one_section_per_interest(stocked: App, interests: int) -> None:
    """None for a reader without any."""
    add_reader(stocked, NewReader("grace@example.org"))
    for topic in (CODING, AUCTIONS)[:interests]:
        add_interest(stocked, "grace@example.org", NewInterest(topic[:7], prose=topic))

    assert len(_recommended(stocked, "grace@example.org").ranking.sections) == interests


def test_a_day_without_papers_has_empty_sections(stocked: App, clock: FrozenClock) -> None:
    """Nothing breaks over a long silence."""
    clock.advance(timedelta(days=60))

    found = _recommended(stocked)

    assert (found.papers, found.papers_read) == ((), 0)
    assert _shown(found) == []
    assert load_day(stocked, TODAY).papers != ()

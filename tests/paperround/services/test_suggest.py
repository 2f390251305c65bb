"""Splitting an interest that holds several: proposed by clusters, and nothing is lost."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from paperround.context import App
from paperround.errors import UnknownInterestError
from paperround.records import PaperRecord
from paperround.services.embed import embed
from paperround.services.ingest import ingest
from paperround.services.interests import NewInterest, add_interest, list_interests
from paperround.services.rate import rate
from paperround.services.readers import NewReader, add_reader, show_reader
from paperround.services.suggest import apply_split, suggest_splits
from paperround.sources.testing import FakeSource
from paperround.store.models import Interest, InterestPaper, Rating
from paperround.store.ratings import ratings_of
from paperround.store.readers import interest_papers
from tests.paperround.services.conftest import ADA, AUCTIONS, CODING, paper

EARLIER = date(2026, 4, 1)


def ids(first: int, count: int) -> tuple[str, ...]:
    """Return the ids of some papers."""
    return tuple(f"2605.{number:05d}" for number in range(first, first + count))


def on(number: int, topic: str) -> PaperRecord:
    """Return an earlier paper that speaks of nothing but its topic."""
    said = " ".join(np.random.default_rng(number).permutation(topic.split())[:10])
    plain = paper(number, topic, EARLIER)
    return replace(plain, title=f"{said} {number}", abstract=f"We study {said}. This is {said}.")


@pytest.fixture
def mixed(app: App) -> App:
    """Add Ada, who likes twelve papers on coding and eight on auctions as one interest."""
    today = [paper(n, topic) for n, topic in enumerate([CODING, AUCTIONS] * 20, start=1)]
    coding = [on(n, CODING) for n in range(101, 121)]
    auctions = [on(n, AUCTIONS) for n in range(201, 221)]
    ingest(app, FakeSource([*today, *coding, *auctions]))
    add_reader(app, NewReader(ADA, "Ada"))
    add_interest(
        app,
        ADA,
        NewInterest(
            "Decoding",
            keywords=("polar codes", "decoding"),
            like=(*ids(101, 12), *ids(201, 8)),
            dislike=(*ids(115, 1), *ids(215, 2)),
            mute_words=("blockchain",),
            mute_categories=("cs.CV",),
            follow_authors=("Grace Hopper",),
            quota=10,
            threshold=20.0,
        ),
    )
    embed(app)
    return app


def taught(app: App) -> tuple[list[Interest], list[InterestPaper], list[Rating]]:
    """Return all that Ada's interests know."""
    reader = show_reader(app, ADA).reader
    assert reader.id is not None
    interests = list_interests(app, ADA)
    with app.database.read() as session:
        named = interest_papers(session, [row.id for row in interests if row.id is not None])
        return interests, named, ratings_of(session, reader.id)


def test_clear_clusters_are_proposed_with_words_of_their_own(mixed: App) -> None:
    """The part that is nearest to the interest's words keeps its name and comes first."""
    (split,) = suggest_splits(mixed, ADA)

    coding, auctions = split.parts
    assert (coding.name, len(coding.liked), len(coding.disliked)) == ("Decoding", 12, 1)
    assert (len(auctions.liked), len(auctions.disliked)) == (8, 2)
    assert auctions.name.casefold() == ", ".join(auctions.words[:2]).casefold()
    assert set(" ".join(auctions.words).lower().split()) <= set(AUCTIONS.split())
    assert split.clearness > 0.2


def test_the_words_decide_which_part_keeps_the_name(mixed: App) -> None:
    """Also where it is the smaller one."""
    add_interest(mixed, ADA, NewInterest("Decoding", keywords=("auction", "revenue")))

    (split,) = suggest_splits(mixed, ADA)

    assert [len(part.liked) for part in split.parts] == [8, 12]


def test_one_coherent_interest_is_not_split(stocked: App) -> None:
    """Nor is one with a handful of papers."""
    assert suggest_splits(stocked, ADA) == []


def test_a_proposal_changes_nothing(mixed: App) -> None:
    """It may be made any number of times."""
    before = taught(mixed)

    assert suggest_splits(mixed, ADA) == suggest_splits(mixed, ADA)
    assert taught(mixed) == before


def test_a_split_moves_every_paper_and_loses_none(mixed: App) -> None:
    """Liked and disliked ones go to their part."""
    _, before, _ = taught(mixed)
    (split,) = suggest_splits(mixed, ADA)

    apply_split(mixed, ADA, split)

    interests, after, _ = taught(mixed)
    assert sorted((i.paper_id, i.liked) for i in after) == sorted(
        (i.paper_id, i.liked) for i in before
    )
    for row, part in zip(interests, split.parts, strict=True):
        assert row.name == part.name
        named = {item.paper_id: item.liked for item in after if item.interest_id == row.id}
        wanted = {p.key: True for p in part.liked} | {p.key: False for p in part.disliked}
        assert named == wanted


def test_a_split_carries_settings_and_shares_the_quota(mixed: App) -> None:
    """The words stay with the part that keeps the name."""
    (split,) = suggest_splits(mixed, ADA)

    apply_split(mixed, ADA, split)

    kept, born = list_interests(mixed, ADA)
    assert (kept.quota, born.quota) == (6, 4)
    assert (kept.keywords, born.keywords) == (["polar codes", "decoding"], [])
    for row in (kept, born):
        assert (row.threshold, row.muted_words) == (20.0, ["blockchain"])
        assert (row.muted_categories, row.followed_authors) == (["cs.CV"], ["Grace Hopper"])


def test_ratings_of_an_only_interest_go_to_their_part(mixed: App) -> None:
    """Also those that were given under no interest."""
    for number, value in ((113, 1), (213, 1), (214, -1)):
        rate(mixed, ADA, f"2605.{number:05d}", 1 if value > 0 else -1)
    (split,) = suggest_splits(mixed, ADA)

    apply_split(mixed, ADA, split)

    (kept, born), _, ratings = taught(mixed)
    assert [(row.value, row.interest_id) for row in ratings] == [
        (1, kept.id),
        (1, born.id),
        (-1, born.id),
    ]


def test_ratings_that_teach_another_interest_stay_there(mixed: App) -> None:
    """And what teaches all interests goes on doing so."""
    add_interest(mixed, ADA, NewInterest("Markets", keywords=("market",)))
    rate(mixed, ADA, "2605.00201", 1, interest="Markets")
    rate(mixed, ADA, "2605.00202", 1)
    (split,) = suggest_splits(mixed, ADA, interest="Decoding")

    apply_split(mixed, ADA, split)

    interests, _, ratings = taught(mixed)
    markets = next(row for row in interests if row.name == "Markets")
    assert [row.interest_id for row in ratings] == [markets.id, None]


def test_once_split_there_is_nothing_left_to_split(mixed: App) -> None:
    """Applying is the end of it."""
    (split,) = suggest_splits(mixed, ADA)

    apply_split(mixed, ADA, split)

    assert suggest_splits(mixed, ADA) == []


def test_a_name_that_is_taken_gets_a_number(mixed: App) -> None:
    """Names of a reader's interests differ."""
    (split,) = suggest_splits(mixed, ADA)
    add_interest(mixed, ADA, NewInterest(split.parts[1].name.upper(), keywords=("else",)))

    (again,) = suggest_splits(mixed, ADA, interest="Decoding")

    assert again.parts[1].name == f"{split.parts[1].name} 2"


def test_papers_without_a_vector_stay_where_they_were(mixed: App) -> None:
    """They are in no cluster, and nothing is lost."""
    ingest(mixed, FakeSource([on(301, AUCTIONS), on(302, AUCTIONS)]))
    add_interest(
        mixed,
        ADA,
        NewInterest("Decoding", keywords=("polar codes",), like=ids(301, 1), dislike=ids(302, 1)),
    )

    (split,) = suggest_splits(mixed, ADA)

    coding = split.parts[0]
    assert "arxiv:2605.00301" in {found.paper_id for found in coding.liked}
    assert "arxiv:2605.00302" in {found.paper_id for found in coding.disliked}


def test_an_interest_that_is_not_there_cannot_be_looked_at(mixed: App) -> None:
    """Whether it is named, or went away after the proposal."""
    with pytest.raises(UnknownInterestError, match="'Decoding'"):
        suggest_splits(mixed, ADA, interest="Typo")

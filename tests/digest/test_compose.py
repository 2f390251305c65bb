from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.compose import Offer, Policy, compose, share_out, trim
from digest.model import Digest, Quiet, SectionKind
from tests.digest.papers import edition, entry, offer

POLICY = Policy()
TRENDING, OUTSIDE = SectionKind.TRENDING, SectionKind.OUTSIDE

counts = st.lists(st.integers(0, 12), max_size=6)


def composed(*offers: Offer, policy: Policy = POLICY) -> Digest:
    """Compose what has to become a mail."""
    result = compose(offers, edition(), policy)
    assert isinstance(result, Digest)
    return result


def quiet(*offers: Offer, papers_read: int = 212, policy: Policy = POLICY) -> Quiet:
    """Compose what has to become a quiet day."""
    result = compose(offers, edition(papers_read=papers_read), policy)
    assert isinstance(result, Quiet)
    return result


def ids(digest: Digest) -> list[list[int]]:
    """For each section the numbers of its papers."""
    return [[int(e.card.paper_id[-5:]) for e in s.entries] for s in digest.sections]


def test_interests_come_first_then_trending_then_outside() -> None:
    """Sections stand in the order of their kinds, interests as they were offered."""
    digest = composed(
        offer(entry(1), kind=OUTSIDE, heading="A little outside your usual"),
        offer(entry(2), kind=TRENDING, heading="Trending"),
        offer(entry(3), heading="Parsing"),
        offer(entry(4), heading="Auctions"),
    )

    assert [section.heading for section in digest.sections] == [
        "Parsing",
        "Auctions",
        "Trending",
        "A little outside your usual",
    ]


def test_the_given_order_is_kept_whatever_the_scores() -> None:
    """Diversity put the papers in this order; composing does not sort them again."""
    digest = composed(offer(entry(1, score=50), entry(2, score=90), entry(3, score=70)))

    assert ids(digest) == [[1, 2, 3]]


def test_a_paper_stands_under_the_interest_it_matches_best() -> None:
    """Of two interests with the same paper, the one with the higher score has it."""
    digest = composed(
        offer(entry(1, score=60), entry(2)), offer(entry(1, score=80), entry(3), heading="Auctions")
    )

    assert ids(digest) == [[2], [1, 3]]


def test_a_trending_paper_of_an_interest_is_not_shown_again() -> None:
    """A paper appears once in a mail."""
    digest = composed(offer(entry(1)), offer(entry(1), entry(2), kind=TRENDING))

    assert ids(digest) == [[1], [2]]


def test_a_paper_offered_twice_under_a_heading_is_shown_once() -> None:
    """The first of the two stays where it was."""
    digest = composed(offer(entry(1), entry(2), entry(1)))

    assert ids(digest) == [[1, 2]]


def test_a_paper_beyond_its_interests_quota_may_still_be_trending() -> None:
    """What an interest has no room for is free for the sections after it."""
    narrow = replace(offer(entry(1), entry(2)), quota=1)

    digest = composed(narrow, offer(entry(2), kind=TRENDING))

    assert ids(digest) == [[1], [2]]


def test_papers_below_the_threshold_are_left_out() -> None:
    """A score equal to the threshold clears it, a lower one or none at all does not."""
    papers = [entry(1, score=25), entry(2, score=24.9), entry(3, score=float("nan"))]

    digest = composed(replace(offer(*papers), threshold=25))

    assert ids(digest) == [[1]]


def test_what_cleared_the_threshold_but_not_the_quota_is_counted() -> None:
    """The reader learns how much more there was for an interest."""
    digest = composed(replace(offer(*(entry(n) for n in range(1, 8))), quota=5))

    assert [section.omitted for section in digest.sections] == [2]


def test_room_is_shared_rank_by_rank() -> None:
    """The first paper of each section comes before the second of any."""
    digest = composed(
        offer(entry(1), entry(2), entry(3)),
        offer(entry(4), heading="Auctions"),
        offer(entry(5), entry(6), kind=TRENDING),
        policy=Policy(max_entries=4),
    )

    assert ids(digest) == [[1, 2], [4], [5]]


@given(wanted=counts, room=st.integers(0, 60))
def test_shares_fill_the_room_and_exceed_no_wish(wanted: list[int], room: int) -> None:
    """As much is given as there is room and demand for, and nobody gets more than asked."""
    given_places = share_out(wanted, room)

    assert sum(given_places) == min(room, sum(wanted))
    assert all(got <= want for got, want in zip(given_places, wanted, strict=True))


@given(wanted=counts, room=st.integers(0, 60))
def test_nobody_has_two_more_than_one_who_still_wants(wanted: list[int], room: int) -> None:
    """Shares are as even as the wishes allow, those in front first."""
    given_places = share_out(wanted, room)
    unsatisfied = [got for got, want in zip(given_places, wanted, strict=True) if got < want]

    assert max(given_places, default=0) - min(unsatisfied, default=99) <= 1
    assert unsatisfied == sorted(unsatisfied, reverse=True)


def test_a_policy_without_room_is_refused() -> None:
    """A mail has room for one paper at least."""
    with pytest.raises(ValueError, match="max_entries"):
        Policy(max_entries=0)


def test_a_day_below_the_threshold_is_quiet_and_says_so() -> None:
    """Check A44: no empty mail, but a decision with its reason and the best score there was."""
    result = quiet(replace(offer(entry(1, score=12.5), entry(2, score=9)), threshold=25))

    assert result.reason == "None of 212 new papers reached your threshold of 25."
    assert result.best_score == 12.5


def test_quiet_days_name_the_range_of_several_thresholds() -> None:
    """Interests may have thresholds of their own."""
    parsing = replace(offer(entry(1, score=12.5)), threshold=25)
    auctions = replace(offer(entry(2, score=30)), threshold=40)

    assert quiet(parsing, auctions).reason.endswith("your thresholds of 25 to 40.")


@pytest.mark.parametrize(
    ("offers", "papers_read", "reason"),
    [
        ([offer()], 0, "There were no new papers."),
        ([offer()], 212, "None of 212 new papers came into question."),
        (
            [replace(offer(entry(score=3)), threshold=25)],
            1,
            "The one new paper did not reach your threshold of 25.",
        ),
        ([], 212, "There is no interest yet to choose papers by."),
        ([offer(entry(), kind=OUTSIDE)], 212, "There is no interest yet to choose papers by."),
    ],
)
def test_each_kind_of_quiet_day_has_its_reason(
    offers: Sequence[Offer], papers_read: int, reason: str
) -> None:
    """What was missing is said: papers, interests, or a score."""
    assert quiet(*offers, papers_read=papers_read).reason == reason


def test_trending_alone_makes_no_mail() -> None:
    """A reader asked for papers on their interests, not for the charts."""
    assert quiet(offer(), offer(entry(), kind=TRENDING)).best_score is None


def test_trending_alone_makes_a_mail_where_the_policy_says_so() -> None:
    """For readers who want the charts anyway."""
    digest = composed(offer(entry(), kind=TRENDING), policy=Policy(trending_alone=True))

    assert [section.kind for section in digest.sections] == [TRENDING]


def test_the_subject_names_the_day_and_the_best_paper() -> None:
    """Check A26: the best match of any interest leads, wherever it stands."""
    digest = composed(
        offer(entry(1, score=60)),
        offer(entry(2, score=88, title="Auctions, at last")),
        offer(entry(3, score=99), kind=TRENDING),
    )

    assert digest.subject == "Fri May 15: Auctions, at last and 2 more"


def test_the_preheader_names_the_papers_after_the_best() -> None:
    """Check A28: what stands beside the subject in a list of mails does not repeat it."""
    digest = composed(offer(entry(1, title="First"), entry(2, title="Second"), entry(3)))

    assert digest.preheader.startswith("Second · Paper number 3")


@given(titles=st.lists(st.text(min_size=1), min_size=1, max_size=6))
def test_subject_and_preheader_have_their_lengths(titles: list[str]) -> None:
    """Checks A26 and A28 hold for any titles: at most 60 characters, and 40 to 100."""
    digest = composed(offer(*(entry(n, title=title) for n, title in enumerate(titles))))

    assert len(digest.subject) <= 60
    assert 40 <= len(digest.preheader) <= 100


@pytest.mark.parametrize(
    ("read", "numbers", "said"),
    [
        (1998, [1, 2], "Read 1,998 new papers for you; 2 are worth your time."),
        (1, [1], "Read 1 new paper for you; 1 is worth your time."),
        (0, [1], "Found 1 paper that is worth your time today."),
        (0, [1, 2], "Found 2 papers that are worth your time today."),
    ],
)
def test_the_summary_counts_what_was_read_and_found(
    read: int, numbers: list[int], said: str
) -> None:
    """One line, right in number; the count read is left out where it is not known."""
    digest = compose([offer(*map(entry, numbers))], edition(papers_read=read), POLICY)

    assert isinstance(digest, Digest)
    assert digest.summary == said


def test_trimming_takes_the_deepest_papers_and_counts_them() -> None:
    """The last of the longest list goes first; texts are told anew."""
    digest = composed(offer(*map(entry, range(1, 5))), offer(entry(7), entry(8), kind=TRENDING))

    trimmed = trim(digest, 3)

    assert ids(trimmed) == [[1, 2], [7]]
    assert [section.omitted for section in trimmed.sections] == [2, 1]
    assert trimmed.subject.endswith("and 2 more")
    assert "3 are worth" in trimmed.summary


def test_trimming_never_takes_the_last_paper() -> None:
    """A digest without papers is a quiet day, which is decided elsewhere."""
    digest = composed(offer(entry(1), entry(2)), offer(entry(7), kind=TRENDING))

    assert ids(trim(digest, 99)) == [[1]]


@pytest.mark.parametrize(
    ("zone", "label"),
    [
        ("Pacific/Kiritimati", "Fri May 15"),
        ("Europe/Berlin", "Thu May 14"),
        ("America/Los_Angeles", "Thu May 14"),
        ("Pacific/Pago_Pago", "Wed May 13"),
    ],
)
def test_the_day_is_the_readers_own(zone: str, label: str) -> None:
    """Check A50: at one instant, readers of other zones have other days."""
    instant = datetime(2026, 5, 14, 10, 30, tzinfo=UTC)
    local: date = instant.astimezone(ZoneInfo(zone)).date()

    digest = compose([offer(entry())], edition(day=local), POLICY)

    assert isinstance(digest, Digest)
    assert digest.subject.startswith(f"{label}: ")

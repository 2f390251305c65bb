"""Profiles: what the store knows of a reader, now or before an instant."""

from datetime import timedelta

from paperround.context import App
from paperround.services.day import load_day
from paperround.services.interests import NewInterest, add_interest
from paperround.services.profiles import Profile, fitted_models, read_profile
from paperround.services.rate import rate
from paperround.testing import FrozenClock
from tests.paperround.services.conftest import ADA, AUCTIONS, MORNING, TODAY

HOUR = timedelta(hours=1)


def _profile(app: App, **options: object) -> Profile:
    with app.database.read() as session:
        return read_profile(session, app.settings.model, 1, **options)  # type: ignore[arg-type]


def test_a_profile_holds_what_was_named_and_what_was_rated(stocked: App) -> None:
    """With the papers themselves."""
    rate(stocked, ADA, "2605.00001", -1)

    profile = _profile(stocked)

    assert [row.name for row in profile.interests] == ["Coding"]
    assert (len(profile.named), len(profile.ratings), len(profile.papers)) == (3, 1, 4)


def test_before_an_instant_only_what_was_there_is_known(stocked: App, clock: FrozenClock) -> None:
    """Ratings, named papers and whole interests that came later are not; nor what came just then.

    Papers that only they speak of are not either.
    """
    clock.advance(HOUR)
    rate(stocked, ADA, "2605.00001", -1)
    add_interest(stocked, ADA, NewInterest("Auctions", prose=AUCTIONS, like=("2605.00002",)))

    earlier = _profile(stocked, before=MORNING + HOUR)
    later = _profile(stocked, before=MORNING + HOUR + timedelta(seconds=1))

    assert [row.name for row in earlier.interests] == ["Coding"]
    assert (len(earlier.named), len(earlier.ratings), len(earlier.papers)) == (3, 0, 3)
    assert [row.name for row in later.interests] == ["Coding", "Auctions"]
    assert (len(later.named), len(later.ratings), len(later.papers)) == (4, 1, 5)


def test_nothing_is_known_before_the_beginning(stocked: App) -> None:
    """Not even an interest."""
    profile = _profile(stocked, before=MORNING)

    assert (profile.interests, profile.papers) == ((), {})
    assert fitted_models(profile, load_day(stocked, TODAY)) == []


def test_a_rating_outweighs_the_description(stocked: App) -> None:
    """It is the later word, and it teaches every interest that it is not kept from."""
    add_interest(stocked, ADA, NewInterest("Auctions", prose=AUCTIONS))
    rate(stocked, ADA, "2605.00101", -1)
    rate(stocked, ADA, "2605.00002", 1, interest="Auctions")

    coding, auctions = fitted_models(_profile(stocked), load_day(stocked, TODAY))

    assert (len(coding.interest_.liked), len(coding.interest_.disliked)) == (2, 1)
    assert (len(auctions.interest_.liked), len(auctions.interest_.disliked)) == (1, 1)

"""`paperround evaluate`."""

import os
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from xml.etree import ElementTree

import pytest

from paperround.bootstrap import open_app
from paperround.context import App
from paperround.services.interests import NewInterest, add_interest
from paperround.services.learned import read_calibration
from paperround.services.rate import rate
from paperround.services.readers import NewReader, add_reader
from paperround.services.send import send_due
from paperround.settings import load_settings
from paperround.store.deliveries import deliveries_of
from paperround.store.papers import papers_announced, papers_by_key
from paperround.store.shown import items_of
from paperround.testing import FrozenClock
from recommender.calibration import PRIOR
from tests.paperround.cli.running import ADA, Ran, run

MORNING = datetime(2026, 5, 7, 6, 0, tzinfo=UTC)
REASONING = "How language models reason, with a chain of thought"


@pytest.fixture
def app(installed: Path) -> Iterator[App]:
    """Open the installation of the commands, at a time when its papers were new."""
    opened = open_app(load_settings(os.environ, installed.parent).settings)
    yield replace(opened, clock=FrozenClock(MORNING))
    opened.database.dispose()


@pytest.fixture
def rated(app: App) -> App:
    """Send Ada two digests; of each she likes the upper half and dislikes the rest."""
    reader = add_reader(app, NewReader(ADA, "Ada", "UTC", "07:00", "daily"))
    add_interest(app, ADA, NewInterest("Reasoning", prose=REASONING, threshold=0.0))
    for hours in (2, 24):
        assert isinstance(app.clock, FrozenClock)
        app.clock.advance(timedelta(hours=hours))
        send_due(app)
        app.clock.advance(timedelta(minutes=5))
        assert reader.id is not None
        with app.database.read() as session:
            latest = deliveries_of(session, reader.id)[0]
            assert latest.id is not None
            keys = [item.paper_id for item in items_of(session, latest.id)]
            papers = papers_by_key(session, keys, model="")
        for place, key in enumerate(keys):
            rate(app, ADA, papers[key].paper_id, 1 if place < len(keys) / 2 else -1)
    return app


@pytest.fixture
def nothing(ada: str) -> Ran:
    """Evaluate an installation without ratings."""
    assert ada
    return run("evaluate").done


def test_without_ratings_it_says_what_to_do(nothing: Ran) -> None:
    """There is nothing wrong with that."""
    assert nothing.out.startswith("Nothing to evaluate yet: no past digest has a rating. Rate")


def test_what_is_about_nothing_is_none_in_json(ada: str) -> None:
    """JSON has no NaN."""
    found = run("evaluate", "--json").done.json

    assert found["digests"] == 0
    assert found["window"]["Paper Round"]["ndcg@10"]["mean"] is None
    assert found["calibration"]["after"]["brier"] is None
    assert found["calibration"]["learned"] == {"intercept": -3.1, "slope": 3.0, "ratings": 0}


def test_a_diagram_is_svg(ada: str, tmp_path: Path) -> None:
    """No other kind of image is drawn."""
    path = tmp_path / "reliability.svg"

    assert f"diagram: {path}" in run("evaluate", "--plot", str(path)).done.err
    assert ElementTree.parse(path).getroot().tag == "{http://www.w3.org/2000/svg}svg"
    assert run("evaluate", "--plot", "reliability.png").code == 2


def test_a_dry_run_draws_and_keeps_nothing(ada: str, tmp_path: Path) -> None:
    """It says so."""
    path = tmp_path / "reliability.svg"

    assert run("evaluate", "--plot", str(path), "--calibrate", "--dry-run").code == 0

    assert not path.exists()


def test_a_place_that_cannot_be_written_is_one_line(ada: str, tmp_path: Path) -> None:
    """And names the file."""
    path = tmp_path / "nowhere" / "reliability.svg"

    assert run("evaluate", "--plot", str(path)).error.startswith(f"cannot write the diagram {path}")


def test_nothing_is_calibrated_without_ratings(ada: str) -> None:
    """Scores stay as they are."""
    assert "scores stay as they are" in run("evaluate", "--calibrate").done.err


@pytest.mark.parametrize(
    "arguments", [("--since", "yesterday"), ("--at-most", "0"), ("--plot", "x.pdf")]
)
def test_arguments_that_make_no_sense_are_refused(ada: str, arguments: tuple[str, ...]) -> None:
    """With the exit code of wrong usage."""
    assert run("evaluate", *arguments).code == 2


def test_a_table_compares_rankers_and_checks_scores(rated: App) -> None:
    """For all that was new, for what was shown, and for the scores."""
    assert rated
    ran = run("evaluate").done

    assert ran.out.startswith("From 2026-05-07 to 2026-05-08: 2 digests of 1 reader with ")
    assert "Liked papers among all that were new:" in ran.out
    assert "Liked papers among those that the digest showed:" in ran.out
    assert "Scores against the latest ratings (" in ran.out
    assert ran.out.count("Paper Round ") == 2
    assert "nan" not in ran.out


def test_json_says_the_same_with_errors_and_leads(rated: App) -> None:
    """Paper Round's lead over itself is nothing."""
    assert rated
    found = run("evaluate", "--json").done.json
    ours, chance = (found["window"][name]["ndcg@10"] for name in ("Paper Round", "random"))

    assert found["digests"] == ours["digests"] == 2
    assert ours["lead_over_it"]["mean"] == 0.0
    assert chance["lead_over_it"]["mean"] == pytest.approx(ours["mean"] - chance["mean"])
    assert found["calibration"]["learned"]["ratings"] == found["ratings"]
    assert sum(each["count"] for each in found["calibration"]["after"]["bins"]) > 0


def test_one_digest_has_no_error(rated: App) -> None:
    """So none is printed, and none is in the JSON."""
    assert rated
    arguments = ("evaluate", "--since", "2026-05-08")

    assert "nan" not in run(*arguments).done.out
    found = run(*arguments, "--json").done.json
    assert found["window"]["random"]["mrr"]["standard_error"] is None


def test_what_cannot_be_told_is_a_dash(app: App) -> None:
    """No digest showed the only paper that was rated, and its author is muted."""
    add_reader(app, NewReader(ADA))
    with app.database.read() as session:
        (seen, *_) = papers_announced(session, MORNING.date(), MORNING.date(), model="")
    muted = NewInterest("Reasoning", prose=REASONING, mute_authors=(seen.authors[0],))
    add_interest(app, ADA, muted)
    assert isinstance(app.clock, FrozenClock)
    app.clock.advance(timedelta(days=1))
    rate(app, ADA, seen.paper_id, 1)

    ran = run("evaluate").done

    assert "nan" not in ran.out
    assert " -  " in ran.out.partition("among those that the digest showed:")[2]
    assert "Scores against" not in ran.out


def test_calibrating_keeps_what_was_learned(rated: App) -> None:
    """And tells what scores become."""
    ran = run("evaluate", "--calibrate").done
    learned = read_calibration(rated)

    assert learned.ratings > 0
    assert learned != PRIOR
    assert f"Calibrated with {learned.ratings} ratings: " in ran.err


def test_a_dry_run_calibrates_nothing(rated: App) -> None:
    """It tells what it would do."""
    ran = run("evaluate", "--calibrate", "--dry-run").done

    assert "Would calibrate with " in ran.err
    assert read_calibration(rated) == PRIOR


def test_without_calibrate_nothing_is_kept(rated: App) -> None:
    """Looking changes nothing."""
    assert run("evaluate").code == 0

    assert read_calibration(rated) == PRIOR

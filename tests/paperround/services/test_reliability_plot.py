"""The reliability diagram: true to its numbers, and an image that any viewer opens."""

from xml.etree import ElementTree

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from paperround.services.reliability_plot import reliability_svg
from recommender.reliability import Reliability, reliability

SVG = "{http://www.w3.org/2000/svg}"
NOTHING = reliability([], [])


def _drawn(before: Reliability, after: Reliability) -> ElementTree.Element:
    return ElementTree.fromstring(reliability_svg(before, after, taught=1_200))


def _discs(drawing: ElementTree.Element) -> list[ElementTree.Element]:
    return drawing.findall(f"{SVG}g/{SVG}circle")


def test_a_bin_is_drawn_where_it_belongs() -> None:
    """At 75 % shown and 50 % thumbs up: three quarters to the right, half way up."""
    (disc,) = _discs(_drawn(NOTHING, reliability([75, 75], [0, 1])))

    assert disc.get("cx") == f"{64 + 300:.1f}"
    assert disc.get("cy") == f"{56 + 200:.1f}"


def test_each_bin_says_its_numbers() -> None:
    """Whoever points at it reads them."""
    drawing = _drawn(NOTHING, reliability([75, 75], [0, 1]))

    assert [title.text for title in drawing.iter(f"{SVG}title")] == [
        "2 ratings: 75 % shown, 50 % thumbs up"
    ]


def test_areas_go_with_ratings() -> None:
    """Four times the ratings, twice the radius; what few ratings make can still be seen."""
    found = reliability([5] * 16 + [55] * 4 + [95], [0] * 21)
    radii = [float(disc.get("r", "")) for disc in _discs(_drawn(NOTHING, found))]

    assert radii == [11.0, 5.5, 3.0]


@pytest.mark.parametrize(
    ("after", "said"),
    [
        (reliability([75, 75], [0, 1]), "2 later ratings; learned from 1,200 earlier"),
        (reliability([75, 75], [0, 1]), "learned: expected error 0.250, Brier 0.312, log loss"),
        (NOTHING, "learned: no later ratings"),
    ],
)
def test_the_drawing_says_what_was_measured(after: Reliability, said: str) -> None:
    """In words, and nothing about nothing."""
    texts = [text.text or "" for text in _drawn(NOTHING, after).iter(f"{SVG}text")]

    assert [text for text in texts if said in text]
    assert not [text for text in texts if "nan" in text]


@given(st.lists(st.tuples(st.floats(0, 100), st.booleans()), max_size=40))
def test_everything_is_inside_the_frame(ratings: list[tuple[float, bool]]) -> None:
    """Whatever the ratings are; and it is well-formed."""
    found = reliability([p for p, _ in ratings], [v for _, v in ratings])
    drawing = _drawn(found, found)
    places = [float(disc.get(axis, "")) for disc in _discs(drawing) for axis in ("cx", "cy")]

    assert len(places) == 4 * len(found.bins)
    assert all(np.isfinite(places))
    assert all(56 <= place <= 64 + 400 for place in places)

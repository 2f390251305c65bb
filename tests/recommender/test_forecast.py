"""The forecast of attention: learns what is there, and says when there is too little."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from recommender.errors import BlobError
from recommender.forecast import MIN_LISTED, Announcement, Forecast
from recommender.paper_form import FORM, form_rows
from recommender.testing import TOPICS

Past = tuple[list[Announcement], NDArray[np.bool_]]


def papers_on(topic: str, n: int, seed: int = 0) -> list[Announcement]:
    """Return papers that say eight words of a topic each."""
    words, rng = TOPICS[topic].split(), np.random.default_rng(seed)
    said = [rng.choice(words, size=8) for _ in range(n)]
    return [Announcement(" ".join(w[:3]), " ".join(w[3:])) for w in said]


@pytest.fixture(scope="module")
def past() -> Past:
    """Return two hundred papers of two topics; those on parsing were listed."""
    return papers_on("parsing", 100) + papers_on("coding", 100), np.arange(200) < 100


@pytest.fixture(scope="module")
def forecast(past: Past) -> Forecast:
    """Return what is learned from them."""
    return learned(*past)


def learned(papers: list[Announcement], listed: NDArray[np.bool_]) -> Forecast:
    """Return the forecast, of which there is one."""
    forecast = Forecast.fit(papers, listed)
    assert forecast is not None
    return forecast


def test_papers_like_those_listed_are_forecast_to_be(forecast: Forecast) -> None:
    """New papers of two topics that share no word are told apart."""
    high = forecast.points(papers_on("parsing", 20, seed=1))
    low = forecast.points(papers_on("coding", 20, seed=1))

    assert high.min() > 0 > low.max()
    assert (forecast.n_papers, forecast.n_listed) == (200, 100)


@pytest.mark.parametrize(
    ("yes", "no"),
    [
        (Announcement("A", "See https://github.com/a/b"), Announcement("A", "See nothing")),
        (Announcement("A", categories=("cs.CL",)), Announcement("A", categories=("cs.IT",))),
        (
            Announcement("A", categories=("cs.CL", "cs.IT")),
            Announcement("A", categories=("cs.IT", "cs.CL")),
        ),
    ],
)
def test_form_and_categories_tell_too(yes: Announcement, no: Announcement) -> None:
    """A link to code, a category, the primary one of two, with all else alike."""
    forecast = learned([yes, no] * 60, np.arange(120) % 2 == 0)

    points = forecast.points([yes, no])

    assert points[0] > 0 > points[1]


def test_nothing_but_the_base_rate_is_forecast_where_papers_do_not_differ() -> None:
    """One of four was listed, so a quarter is the chance."""
    forecast = learned([Announcement("Same")] * 400, np.arange(400) < 100)

    (points,) = forecast.points([Announcement("Same")])

    np.testing.assert_allclose(1 / (1 + np.exp(-points)), 0.25, atol=0.01)


def test_the_order_of_the_past_does_not_matter(past: Past, forecast: Forecast) -> None:
    """The same papers give the same forecast."""
    papers, listed = past
    order = np.random.default_rng(3).permutation(len(papers))

    other = learned([papers[row] for row in order], listed[order])

    np.testing.assert_allclose(other.points(papers), forecast.points(papers), atol=0.02)


def test_too_few_listed_papers_teach_nothing() -> None:
    """Nor too few that were not, nor none at all."""
    papers = papers_on("coding", 2 * MIN_LISTED)
    for n_listed in (0, MIN_LISTED - 1, MIN_LISTED + 1, 2 * MIN_LISTED):
        assert Forecast.fit(papers, np.arange(2 * MIN_LISTED) < n_listed) is None
    assert Forecast.fit(papers, np.arange(2 * MIN_LISTED) < MIN_LISTED) is not None
    assert Forecast.fit([], []) is None


def test_labels_are_as_many_as_papers(past: Past) -> None:
    """Or the call is refused."""
    with pytest.raises(ValueError, match="200 papers have labels"):
        Forecast.fit(past[0], past[1][1:])


def test_no_papers_have_no_forecast(forecast: Forecast) -> None:
    """An empty day is a day."""
    assert forecast.points([]).shape == (0,)


def test_a_kept_forecast_says_the_same(forecast: Forecast, past: Past) -> None:
    """To the last bit."""
    again = Forecast.from_bytes(forecast.to_bytes())

    np.testing.assert_array_equal(again.points(past[0]), forecast.points(past[0]))
    assert (again.n_papers, again.n_listed) == (200, 100)


def test_bytes_that_are_no_forecast_are_named(forecast: Forecast) -> None:
    """Nothing, something else, half of one."""
    blob = forecast.to_bytes()
    for wrong in (b"", b"{}", blob[: len(blob) // 2], blob[:-8]):
        with pytest.raises(BlobError, match="no forecast"):
            Forecast.from_bytes(wrong)


@settings(max_examples=25, deadline=None)
@given(
    st.lists(
        st.builds(
            Announcement,
            title=st.text(max_size=40),
            abstract=st.text(max_size=80),
            comment=st.text(max_size=20),
            n_authors=st.integers(0, 5_000),
            categories=st.lists(st.text(max_size=6), max_size=3).map(tuple),
        ),
        max_size=5,
    )
)
def test_any_paper_has_points(forecast: Forecast, papers: list[Announcement]) -> None:
    """Finite, and the same on its own as among others."""
    together = forecast.points(papers)

    assert np.isfinite(together).all()
    for paper, points in zip(papers, together, strict=True):
        np.testing.assert_allclose(forecast.points([paper]), [points], rtol=1e-9, atol=1e-9)


def test_the_form_of_a_paper_by_hand() -> None:
    """What is counted, and what is found in which text."""
    paper = Announcement(
        "GPT-4V: a survey?",
        "Code at https://github.com/a/b. We reach 95 %.",
        "Accepted at X, 9 pages",
        12,
        ("cs.CL", "cs.IT"),
    )

    row = dict(zip(FORM, form_rows([paper])[0], strict=True))

    expected = {
        "authors (log)": np.log1p(12),
        "ten authors or more": 1.0,
        "twenty authors or more": 0.0,
        "categories": 2.0,
        "title: name and colon": 1.0,
        "title: question": 1.0,
        "title: survey": 1.0,
        "title: five words at most": 1.0,
        "abstract: digits": np.log1p(2),
        "abstract: repository": 1.0,
        "abstract: percent": 1.0,
        "said: project page": 0.0,
        "comment: accepted": 1.0,
        "comment: pages": 1.0,
        "comment: workshop": 0.0,
    }
    assert {name: row[name] for name in expected} == pytest.approx(expected)


def test_the_form_of_no_papers_is_empty() -> None:
    """With its columns."""
    assert form_rows([]).shape == (0, len(FORM))

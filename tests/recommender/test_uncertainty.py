"""How unsure the linear model is, against the formula written out."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recommender.background import Background, Whitening
from recommender.errors import ModelMismatchError, NotFittedError
from recommender.testing import TopicCorpus
from recommender.uncertainty import Prior, Uncertainty, UncertaintyConfig
from recommender.vectors import Matrix, unit_rows

DIM = 6
NONE: Matrix = np.empty((0, DIM), dtype=np.float32)


def rows(n: int, seed: int = 0) -> Matrix:
    """Return random unit rows (n, DIM)."""
    return unit_rows(np.random.default_rng(seed).standard_normal((n, DIM)))


@pytest.fixture(scope="module")
def whitening() -> Whitening:
    """Whiten by the statistics of two hundred random papers."""
    return Whitening.of(Background.empty(DIM).add(rows(200, seed=1)))


def written_out(rated: Matrix, papers: Matrix, whitening: Whitening) -> np.ndarray:
    """Return the variances of papers, before and after, by the formula of the primal."""
    axes, spectrum = whitening.axes.astype(float), whitening.spectrum.astype(float)
    a = UncertaintyConfig().ridge
    prior = axes @ np.diag(1 / (spectrum + a)) @ axes.T / (spectrum / (spectrum + a)).sum()
    x, z = rated - whitening.mean, papers - whitening.mean
    posterior = np.linalg.inv(np.linalg.inv(prior) + x.T @ x)
    return np.stack([np.diag(z @ covariance @ z.T) for covariance in (prior, posterior)])


@pytest.mark.parametrize("n_rated", [1, DIM, 3 * DIM])
def test_the_spread_is_that_of_bayesian_linear_regression(
    whitening: Whitening, n_rated: int
) -> None:
    """With few papers in the dual, with many in the primal."""
    rated, papers = rows(n_rated, seed=2), rows(9, seed=3)
    before, after = written_out(rated, papers, whitening)

    doubts = Uncertainty().fit(rated, whitening).doubts(papers)

    np.testing.assert_allclose(doubts.prior, before, rtol=1e-4)
    np.testing.assert_allclose(doubts.variance, after, rtol=1e-3)
    np.testing.assert_allclose(doubts.share, np.sqrt(after / before), rtol=1e-3)


@pytest.mark.parametrize("n_rated", [0, 2, 3 * DIM])
def test_an_answer_counts_at_once_as_if_it_had_been_there(
    whitening: Whitening, n_rated: int
) -> None:
    """Adding answers one by one is fitting on all of them."""
    rated, papers = rows(n_rated, seed=4), rows(8, seed=5)

    step_by_step = Uncertainty().fit(rated, whitening).doubts(papers).after(3).after(6)
    at_once = Uncertainty().fit(np.vstack([rated, papers[[3, 6]]]), whitening).doubts(papers)

    np.testing.assert_allclose(step_by_step.variance, at_once.variance, rtol=1e-3, atol=1e-6)


@pytest.mark.parametrize("n_rated", [0, 2, 3 * DIM])
def test_telling_is_by_how_much_the_mean_variance_falls(whitening: Whitening, n_rated: int) -> None:
    """Known before the answer is."""
    doubts = Uncertainty().fit(rows(n_rated), whitening).doubts(rows(8, seed=6))

    fallen = [float((doubts.variance - doubts.after(row).variance).mean()) for row in range(8)]

    np.testing.assert_allclose(doubts.telling, fallen, rtol=1e-2, atol=1e-6)


def test_an_answer_halves_the_variance_of_a_usual_paper(whitening: Whitening) -> None:
    """The stream's papers have a prior variance of one on average, and so has an answer."""
    papers = rows(200, seed=1)
    doubts = Uncertainty().fit(NONE, whitening).doubts(papers)
    usual = int(np.argmin(np.abs(doubts.prior - 1.0)))

    assert doubts.prior.mean() == pytest.approx(1.0, rel=0.02)
    assert doubts.after(usual).variance[usual] == pytest.approx(0.5, rel=0.05)


def test_nothing_rated_leaves_all_in_doubt(whitening: Whitening) -> None:
    """A share of one throughout."""
    np.testing.assert_allclose(Uncertainty().fit(NONE, whitening).of(rows(5)), 1.0, rtol=1e-5)


@settings(max_examples=40)
@given(st.lists(st.integers(0, 19), max_size=12), st.integers(0, 19))
def test_doubt_never_grows(whitening: Whitening, rated: list[int], further: int) -> None:
    """Whatever is answered, and to whatever; it stays between nothing and all."""
    papers = rows(20, seed=7)

    before = Uncertainty().fit(papers[rated], whitening).of(papers)
    after = Uncertainty().fit(papers[[*rated, further]], whitening).of(papers)

    assert np.all(after <= before + 1e-4)
    assert np.all((after >= 0) & (before <= 1))


def test_doubt_falls_most_about_what_is_like_the_rated(corpus: TopicCorpus) -> None:
    """Papers of the topic that was rated are surer than those of the other."""
    vectors = corpus.papers.vectors
    rated, others = corpus.rows("parsing")[:8], corpus.rows("parsing")[8:]

    doubts = Uncertainty().fit(vectors[rated], corpus.whitening).of(vectors)

    assert doubts[others].mean() < doubts[corpus.rows("coding")].mean() - 0.02


def test_without_a_background_unit_vectors_have_a_prior_of_one() -> None:
    """All directions count alike."""
    nothing = np.zeros(DIM, dtype=np.float32)
    level = Whitening(nothing, np.eye(DIM, dtype=np.float32), nothing)

    doubts = Uncertainty().fit(NONE, level).doubts(rows(4))

    np.testing.assert_allclose(doubts.prior, 1.0, rtol=1e-5)


def test_a_paper_without_a_vector_is_of_unknown_doubt(whitening: Whitening) -> None:
    """Rated it teaches nothing; asked about it changes nothing."""
    papers = rows(4)
    papers[0], papers[1] = np.nan, 0.0

    uncertainty = Uncertainty().fit(papers, whitening)
    doubts = uncertainty.doubts(papers)

    assert uncertainty.n_rated_ == 2
    assert np.isnan(doubts.share).tolist() == [True, True, False, False]
    assert doubts.telling[:2].tolist() == [0.0, 0.0]
    assert doubts.after(0) is doubts
    assert len(doubts) == 4


def test_of_the_streams_mean_nothing_is_in_doubt(whitening: Whitening) -> None:
    """The model has no doubt of it from the start, and does not divide by zero."""
    doubts = Uncertainty().fit(NONE, whitening).doubts(whitening.mean[None])

    assert doubts.share.tolist() == [0.0]


def test_directions_can_be_known_beforehand(whitening: Whitening) -> None:
    """Once a day, for all readers; of a paper without a vector there is none."""
    papers = rows(6)
    papers[2] = np.nan
    uncertainty = Uncertainty().fit(rows(3, seed=9), whitening)

    directions = Prior.of(whitening).directions(papers)

    assert np.isnan(directions).any(axis=1).tolist() == [row == 2 for row in range(6)]
    np.testing.assert_array_equal(
        uncertainty.doubts_along(directions).share, uncertainty.doubts(papers).share
    )


def test_no_papers_have_no_doubts(whitening: Whitening) -> None:
    """An empty day is no error."""
    doubts = Uncertainty().fit(rows(2), whitening).doubts(NONE)

    assert (len(doubts), doubts.share.tolist(), doubts.telling.tolist()) == (0, [], [])


def test_it_has_to_be_fitted_first_and_with_one_model(whitening: Whitening) -> None:
    """Errors say what to do."""
    with pytest.raises(NotFittedError, match="Uncertainty"):
        Uncertainty().of(rows(1))
    with pytest.raises(ModelMismatchError, match="6 dimensions"):
        Uncertainty().fit(np.ones((1, 3), dtype=np.float32), whitening)
    with pytest.raises(ModelMismatchError, match="6 dimensions"):
        Uncertainty().fit(NONE, whitening).of(np.ones((1, 3), dtype=np.float32))


@pytest.mark.parametrize("n_rated", [0, 1, 10_000])
def test_any_number_of_rated_papers_will_do(whitening: Whitening, n_rated: int) -> None:
    """None, one, or ten thousand."""
    share = Uncertainty().fit(rows(n_rated), whitening).of(rows(3, seed=8))

    assert np.all(np.isfinite(share))

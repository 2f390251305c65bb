"""The score that is shown."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from recommender.interests import Scores, match_percent


@given(st.lists(st.floats(-1e9, 1e9), min_size=2, max_size=2))
def test_the_score_shown_rises_with_the_total(totals: list[float]) -> None:
    """And stays between 0 and 100."""
    low, high = match_percent(sorted(totals))

    assert 0 <= low <= high <= 100


def test_the_score_shown_by_hand() -> None:
    """Its prior at a few places; unknown stays unknown."""
    shown = Scores(np.array([0.0, 2.0, 5.0, 10.0, np.nan]), {}).percent

    np.testing.assert_allclose(shown, [4.3, 22.7, 68.0, 93.5, np.nan], atol=0.1)

"""The package's own face: its public names."""

import pytest

import recommender


def test_every_public_name_resolves() -> None:
    """On first use, from wherever it lives."""
    assert all(getattr(recommender, name) is not None for name in recommender.__all__)


def test_other_names_do_not() -> None:
    """With the usual error."""
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = recommender.nothing

"""What is learned holds until something else is."""

from dataclasses import replace

import pytest

from paperround.context import App
from paperround.services.learned import read_calibration, save_calibration
from paperround.store.learned import save_learned
from recommender.calibration import PRIOR, Calibration
from recommender.errors import BlobError


def test_a_new_installation_has_the_prior(app: App) -> None:
    """Until it learns."""
    assert read_calibration(app) == PRIOR


def test_the_last_calibration_holds(app: App) -> None:
    """With all its figures."""
    save_calibration(app, Calibration(-2.0, 2.5, 100))
    save_calibration(app, Calibration(-1.0, 2.0, 300))

    assert read_calibration(app) == Calibration(-1.0, 2.0, 300)


def test_another_model_begins_with_the_prior(app: App) -> None:
    """Its scores are other scores."""
    save_calibration(app, Calibration(-1.0, 2.0, 300))
    other = replace(app, settings=app.settings.model_copy(update={"model": "another"}))

    assert read_calibration(other) == PRIOR


def test_bytes_that_are_no_calibration_are_named(app: App) -> None:
    """Rather than to show wrong numbers."""
    with app.database.write() as session:
        save_learned(session, "calibration", app.settings.model, b"{", app.clock())

    with pytest.raises(BlobError, match="no calibration"):
        read_calibration(app)

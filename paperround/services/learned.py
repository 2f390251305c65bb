"""What this installation has learned from its ledger, and what holds until it has.

Learning itself is `paperround evaluate --calibrate`.
"""

from paperround.context import App
from paperround.store.learned import load_learned, save_learned
from recommender.calibration import PRIOR, Calibration

__all__ = ["read_calibration", "save_calibration"]

CALIBRATION = "calibration"


def read_calibration(app: App) -> Calibration:
    """Return the calibration learned under the configured model; the prior before the first.

    Raises:
        BlobError: The store holds something else under its name.
    """
    with app.database.read() as session:
        kept = load_learned(session, CALIBRATION, app.settings.model)
    return Calibration.from_bytes(kept.blob) if kept is not None else PRIOR


def save_calibration(app: App, calibration: Calibration) -> None:
    """Keep a calibration; scores shown from now on follow it."""
    with app.database.write() as session:
        save_learned(session, CALIBRATION, app.settings.model, calibration.to_bytes(), app.clock())

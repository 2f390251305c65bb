"""A small installation whose readers are all due."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks.delivery.installation import Crowd, Installation, installed
from paperround.context import App

CROWD = Crowd(readers=4, papers=20, liked=10)


@pytest.fixture
def installation(tmp_path: Path) -> Iterator[Installation]:
    """Set one up on SQLite, with papers of the bundled sample."""
    with installed(tmp_path, "sqlite", CROWD, data=Path("/nowhere")) as found:
        yield found


@pytest.fixture
def app(installation: Installation) -> Iterator[App]:
    """Open it."""
    with installation.opened(installation.at_relay(1)) as opened:
        yield opened

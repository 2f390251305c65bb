"""Where the real corpora lie beside the project, for the tests that read them."""

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import pytest

__all__ = ["SHARED_DATA", "needs_data"]

Test = TypeVar("Test", bound=Callable[..., None])

SHARED_DATA = Path(__file__).resolve().parents[2].parent / "shared" / "data"


def needs_data(path: str) -> Callable[[Test], Test]:
    """Mark a test that reads `path` of the shared data, to be skipped where that is missing."""

    def marked(test: Test) -> Test:
        is_missing = not (SHARED_DATA / path).exists()
        skip = pytest.mark.skipif(is_missing, reason=f"{path} of the shared data is not here")
        marked_test: Test = pytest.mark.data(skip(test))
        return marked_test

    return marked

"""How often a reader's digests come, in words."""

from datetime import time

import pytest

from paperround.services.how_often import how_often
from tests.paperround.store.rows import new_reader


@pytest.mark.parametrize(
    ("weekdays", "said"),
    [
        ("1234567", "every day"),
        ("12345", "from Monday to Friday"),
        ("567", "from Friday to Sunday"),
        ("7", "on Sunday"),
        ("14", "on Monday and Thursday"),
        ("12", "on Monday and Tuesday"),
        ("135", "on Monday, Wednesday and Friday"),
        ("1237", "on Monday, Tuesday, Wednesday and Sunday"),
    ],
)
def test_days_are_said_as_people_say_them(weekdays: str, said: str) -> None:
    """With the hour and the zone."""
    reader = new_reader()
    reader.weekdays, reader.digest_at, reader.zone = weekdays, time(6, 5), "Asia/Tokyo"

    assert how_often(reader) == f"{said} at 06:05 (Asia/Tokyo)"

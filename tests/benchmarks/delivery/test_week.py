from datetime import timedelta
from pathlib import Path

import pytest

from benchmarks.delivery.week import AUTUMN, Size, run


@pytest.mark.slow
def test_days_in_fast_time_bring_one_mail_for_each_date() -> None:
    """Over the end of summer time, and where the date is another one (T131)."""
    zones = ("Europe/Berlin", "America/Havana", "Pacific/Kiritimati", "Pacific/Pago_Pago")

    report = run(Size(zones, (AUTUMN,), days=2, step=timedelta(hours=2)), Path("/nowhere"))

    assert all(goal.is_reached for goal in report.goals)
    assert report.rows[0][1:6] == ("8", "8", "0", "0", "0")

"""What a delivery's row keeps of its past."""

from datetime import timedelta

import pytest

from paperround.services.history import Change, parse_history
from paperround.store.claims import claim_due
from paperround.store.deliveries import DeliveryChange, change_delivery
from paperround.store.engine import Database
from paperround.store.models import Delivery, DeliveryState
from tests.paperround.ledger import line, saved_delivery
from tests.paperround.store.rows import NOW, saved_reader


def test_every_change_is_one_line() -> None:
    """The oldest first, with the relay's code where it had one."""
    history = line(0, "claimed", 1, "by host-7") + line(1, "deferred", 1, "mailbox full", "452")

    assert parse_history(history) == (
        Change(NOW, "claimed", 1, None, "by host-7"),
        Change(NOW + timedelta(minutes=1), "deferred", 1, 452, "mailbox full"),
    )


def test_what_the_ledger_writes_can_be_read(database: Database) -> None:
    """Words of several lines and tabs are one line there."""
    until = NOW + timedelta(minutes=15)
    with database.write() as session:
        number = saved_delivery(session, saved_reader(session))
        claim_due(session, "host-7", NOW, until=until, limit=1)
        words = DeliveryChange(DeliveryState.DEFERRED, code=452, reason="full\r\n\tcome back")
        change_delivery(session, number, "host-7", words, NOW)
    with database.read() as session:
        row = session.get(Delivery, number)
        assert row is not None
        changes = parse_history(row.history)

    assert [change.state for change in changes] == ["claimed", "deferred"]
    assert changes[-1] == Change(NOW, "deferred", 1, 452, "full come back")


@pytest.mark.parametrize(
    "broken",
    ["", "\n", "yesterday\tsent\t1\t-\twell\n", "2026-05-04T07:00:00+00:00\tsent\n", "x\ty\tz\n"],
)
def test_a_line_that_cannot_be_read_hides_no_other(broken: str) -> None:
    """It is left out."""
    assert [change.state for change in parse_history(broken + line(0, "sent", 1, ""))] == ["sent"]


def test_an_instant_without_zone_is_in_utc() -> None:
    """As all of the store is."""
    (change,) = parse_history("2026-05-04T07:00:00\tsent\t1\t250\tOk\n")

    assert change.at == NOW

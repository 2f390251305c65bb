"""What the doctor sees in the ledger, on both databases."""

from datetime import timedelta

import pytest

from paperround.context import App
from paperround.services.doctor import Check, delivery
from paperround.services.holding import hold
from paperround.store.jobs import take_job
from paperround.store.models import DeliveryState
from paperround.store.relays import locked_relay
from paperround.store.witness import witness_file, write_witness
from paperround.testing import FrozenClock
from tests.paperround.ledger import saved_delivery
from tests.paperround.store.rows import NOW, day, new_reader, saved_reader

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
CHECKS = (
    delivery.hold,
    delivery.relay,
    delivery.heartbeat,
    delivery.leases,
    delivery.doubts,
    delivery.punctuality,
)


def _checks(app: App) -> dict[str, Check]:
    checks = [look(app.database, app.settings, app.clock()) for look in CHECKS]
    return {check.what: check for check in checks}


def _reader(app: App, due: timedelta) -> int:
    reader = new_reader()
    reader.next_due_at = NOW + due
    with app.database.write() as session:
        session.add(reader)
        session.flush()
        assert reader.id is not None
        return reader.id


def test_a_new_installation_is_well(app: App) -> None:
    """Nothing was due, nothing is held."""
    assert {check.status for check in _checks(app).values()} == {"ok"}


def test_a_day_that_went_well_is_told(app: App) -> None:
    """With how late it was at the most."""
    ada = _reader(app, DAY)
    with app.database.write() as session:
        fields = {"due_at": NOW - MINUTE, "finished_at": NOW}
        saved_delivery(session, ada, DeliveryState.SENT, **fields)

    checks = _checks(app)

    assert {check.status for check in checks.values()} == {"ok"}
    assert checks["punctuality"].found == "1 of 1 sent in the last 24 hours; 99 % within 1 min"


def test_a_hold_is_a_failure(app: App) -> None:
    """Nothing is sent; the mend is the release."""
    hold(app, "moving house")

    check = _checks(app)["hold"]

    assert check.status == "error"
    assert check.found == "nothing is sent since 2026-05-04 07:00 UTC: moving house"
    assert "`paperround release`" in check.mend


def test_a_hold_to_come_is_a_failure(app: App) -> None:
    """T16: it is told before the next run sets it, and looking does not set it."""
    with app.database.write() as session:
        saved_delivery(session, saved_reader(session), DeliveryState.SENT, finished_at=NOW - DAY)
    write_witness(witness_file(app.settings.data_dir), NOW)

    first, second = _checks(app)["hold"], _checks(app)["hold"]

    assert first == second
    assert first.status == "error"
    assert first.found.startswith("the next run will send nothing: its ledger ends at")


def test_a_relay_in_peace_is_a_failure(app: App, clock: FrozenClock) -> None:
    """Until its time is over."""
    with app.database.write() as session:
        row = locked_relay(session, "smtp.example.org:587")
        row.paused_until, row.reason = NOW + MINUTE, "535 authentication failed"

    check = _checks(app)["relay"]
    clock.advance(MINUTE)

    assert check.status == "error"
    assert "smtp.example.org:587 until 2026-05-04 07:01 UTC: 535 auth" in check.found
    assert _checks(app)["relay"].status == "ok"


@pytest.mark.parametrize(
    ("due", "sign", "status"),
    [
        (-4 * MINUTE, None, "ok"),
        (-6 * MINUTE, None, "error"),
        (-6 * MINUTE, -HOUR, "error"),
        (-6 * MINUTE, -MINUTE, "warning"),
    ],
)
def test_what_waits_while_nobody_works_is_a_failure(
    app: App, due: timedelta, sign: timedelta | None, status: str
) -> None:
    """Five minutes are forgiven; while somebody works, it is only slow."""
    _reader(app, due)
    if sign is not None:
        with app.database.write() as session:
            take_job(session, "ingest", "host", NOW + sign, NOW + DAY)

    check = _checks(app)["heartbeat"]

    assert check.status == status
    assert bool(check.mend) is (status != "ok")


def test_rows_of_workers_that_died_are_found(app: App) -> None:
    """Long after their lease."""
    ada = _reader(app, DAY)
    with app.database.write() as session:
        fields = {"lease_until": NOW - HOUR, "retry_at": NOW - DAY}
        saved_delivery(session, ada, DeliveryState.CLAIMED, **fields)

    check = _checks(app)["leases"]

    assert check.status == "warning"
    assert check.found == "mails left behind by workers that died: 1"


def test_mails_in_doubt_are_found(app: App) -> None:
    """However old they are."""
    ada = _reader(app, DAY)
    with app.database.write() as session:
        fields = {"local_date": day(1), "due_at": NOW - 3 * DAY}
        saved_delivery(session, ada, DeliveryState.AMBIGUOUS, **fields)

    check = _checks(app)["doubts"]

    assert check.status == "warning"
    assert "`paperround resend READER DATE`" in check.mend


def test_a_bad_day_is_found(app: App) -> None:
    """What was late, failed and expired, each with its number."""
    ada = _reader(app, DAY)
    with app.database.write() as session:
        states = (DeliveryState.SENT, DeliveryState.FAILED, DeliveryState.EXPIRED)
        for number, state in enumerate(states, start=1):
            fields = {"local_date": day(number), "due_at": NOW - HOUR, "finished_at": NOW}
            saved_delivery(session, ada, state, **fields)

    check = _checks(app)["punctuality"]

    assert check.status == "warning"
    assert check.found == (
        "1 of 3 sent in the last 24 hours; 99 % within 1 h; 1 late, 1 failed, 1 expired"
    )

"""Whether a mail is still wanted, by what it is."""

from datetime import timedelta

import pytest

from paperround.store.engine import Database
from paperround.store.models import AddressChange, ReaderState
from paperround.store.readers import reader_at
from paperround.store.wanted import wanted_rows
from tests.paperround.store.rows import NOW, TODAY, claimed_rows, opened_row, saved_reader

ADA = "ada@example.org"
ACTIVE, UNCONFIRMED = ReaderState.ACTIVE, ReaderState.UNCONFIRMED
LEFT = ReaderState.UNSUBSCRIBED


@pytest.mark.parametrize(
    ("stream", "state", "waits", "wanted"),
    [
        ("daily", ACTIVE, False, True),
        ("daily", LEFT, False, False),
        ("daily", UNCONFIRMED, True, False),
        ("daily", ReaderState.SUPPRESSED, False, False),
        ("confirm.1", UNCONFIRMED, True, True),
        ("confirm.2", LEFT, True, True),
        ("confirm.1", UNCONFIRMED, False, False),
        ("confirm.1", ACTIVE, True, False),
        ("move-new.1", ACTIVE, True, True),
        ("move-old.1", ACTIVE, False, False),
        ("move-old.1", LEFT, True, False),
    ],
)
def test_the_reader_decides_until_the_last_instant(
    database: Database, stream: str, state: ReaderState, waits: bool, wanted: bool
) -> None:
    """A43, I5: a digest for the subscribed, a question for whoever was asked."""
    with database.write() as session:
        ada = saved_reader(session)
        reader = reader_at(session, ADA)
        reader.state = state
        reader.asked_at = NOW if waits else None
        if waits:
            session.add(AddressChange(reader_id=ada, address="x", address_key="x", asked_at=NOW))
        opened_row(session, ada, stream=stream)
        (row,) = claimed_rows(session)

        assert wanted_rows(session, [row]) == ({row.id} if wanted else set())


@pytest.mark.parametrize(("days", "wanted"), [(0, True), (1, False)])
def test_a_pause_holds_for_a_digest_that_is_open_already(
    database: Database, days: int, wanted: bool
) -> None:
    """Until the very date on which digests resume."""
    with database.write() as session:
        ada = saved_reader(session)
        reader_at(session, ADA).paused_until = TODAY + timedelta(days=days)
        opened_row(session, ada)
        (row,) = claimed_rows(session)

        assert wanted_rows(session, [row]) == ({row.id} if wanted else set())

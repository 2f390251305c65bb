"""What all workers know of a relay."""

from paperround.store.engine import Database
from paperround.store.relays import all_relays, locked_relay


def test_a_relay_is_made_once_and_remembered(database: Database) -> None:
    """T73: across restarts, too."""
    with database.write() as session:
        row = locked_relay(session, "relay.example:25")
        row.faults, row.minutes = 2, {"29630000": 7}
    with database.write() as session:
        again = locked_relay(session, "relay.example:25")
        known = again.faults, again.minutes

    assert known == (2, {"29630000": 7})
    with database.read() as session:
        assert [row.name for row in all_relays(session)] == ["relay.example:25"]

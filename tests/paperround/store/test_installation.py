"""Which database this is."""

from uuid import uuid4

import pytest
from sqlalchemy import text

from paperround.store.engine import Database
from paperround.store.installation import place_of, progress_of, set_progress
from paperround.store.models import DeliveryState
from tests.conftest import PostgresqlServer
from tests.paperround.ledger import saved_delivery
from tests.paperround.store.rows import NOW, saved_reader


def _place(database: Database) -> str:
    with database.read() as session:
        return place_of(database, session)


def test_a_place_has_a_name_that_stays(database: Database) -> None:
    """A file is known by its inode, a server's database by cluster and number."""
    place = _place(database)
    database.dispose()

    assert place.startswith(f"{database.dialect}:")
    assert _place(database) == place


def test_a_file_that_is_gone_has_no_place(tmp_path_factory: pytest.TempPathFactory) -> None:
    """While it is open somebody may have taken it away."""
    database = Database(f"sqlite:///{tmp_path_factory.mktemp('gone') / 'paperround.db'}")
    with database.read() as session:
        session.execute(text("SELECT 1"))
        assert database.path is not None
        database.path.unlink()
        assert place_of(database, session) == "sqlite:gone"
    database.dispose()


def test_a_server_that_keeps_its_identity_to_itself_is_no_obstacle(
    postgresql_server: PostgresqlServer,
) -> None:
    """Then the database's number has to do."""
    role = f"reader_{uuid4().hex}"
    url = postgresql_server.create()
    owner = Database(url)
    with owner.engine.begin() as connection:
        connection.execute(text("REVOKE EXECUTE ON FUNCTION pg_control_system() FROM PUBLIC"))
        connection.execute(text(f"CREATE ROLE {role}"))

    with owner.read() as session:
        whole = place_of(owner, session)
        session.execute(text(f"SET LOCAL ROLE {role}"))
        partly = place_of(owner, session)
    owner.dispose()
    postgresql_server.run(f"DROP ROLE {role}")

    assert partly == f"postgresql:-/{whole.rpartition('/')[2]}"


def test_progress_is_the_latest_of_rows_and_note(database: Database) -> None:
    """And the note never goes back."""
    with database.write() as session:
        assert progress_of(session) is None
        saved_delivery(session, saved_reader(session), DeliveryState.SENT, finished_at=NOW)
        assert progress_of(session) == NOW
        later = NOW.replace(day=5)
        set_progress(session, later, "confirmed")
        set_progress(session, NOW, "mails finished")

        assert progress_of(session) == later

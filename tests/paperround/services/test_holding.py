"""A restored or copied database never sends old mail (T16)."""

import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import text

from paperround.context import App
from paperround.services.holding import (
    check_hold,
    note_progress,
    present_hold,
    release,
    suspicion,
)
from paperround.store.engine import Database
from paperround.store.installation import Standing, bind_if_new
from paperround.store.models import DeliveryState
from paperround.store.readers import reader_at, remove_reader
from paperround.store.schema import upgrade_schema
from paperround.store.witness import read_witness, witness_file, write_witness
from tests.conftest import PostgresqlServer
from tests.paperround.ledger import saved_delivery
from tests.paperround.store.rows import NOW, saved_reader

YESTERDAY = NOW - timedelta(days=1)
HERE = "sqlite:7"


def _sent(app: App, *, at: timedelta = timedelta(), address: str = "ada@example.org") -> None:
    """Let a reader have got a digest, and the installation have noted it."""
    with app.database.write() as session:
        reader_id = saved_reader(session, address)
        saved_delivery(session, reader_id, DeliveryState.SENT, finished_at=NOW + at)
    note_progress(app)


@pytest.mark.parametrize(
    ("known", "place", "witness", "doubt"),
    [
        (Standing(HERE, None, "", NOW), HERE, NOW, ""),
        (Standing(HERE, None, "", NOW), HERE, None, ""),
        (Standing(None, None, "", None), HERE, None, ""),
        (Standing(HERE, None, "", NOW), HERE, NOW - timedelta(days=3), ""),
        (Standing(HERE, None, "", NOW), HERE, NOW + timedelta(minutes=10), ""),
        (Standing(HERE, None, "", NOW), "sqlite:8", NOW, "copied or moved here"),
        (Standing(HERE, None, "", NOW), HERE, NOW + timedelta(minutes=11), "older state"),
        (Standing(None, None, "", NOW), HERE, NOW + timedelta(minutes=11), "older state"),
        (Standing(HERE, None, "", None), HERE, NOW, "its ledger is empty"),
    ],
)
def test_place_and_witness_decide(
    known: Standing, place: str, witness: datetime | None, doubt: str
) -> None:
    """T16, T27: another place or a ledger of long ago is suspicious; minutes are a power cut."""
    found = suspicion(known, place, witness)

    assert doubt in found
    assert bool(found) is bool(doubt)


def test_a_fresh_installation_is_not_held(app: App) -> None:
    """It is bound to its place at the first look, and asked again it says the same."""
    assert check_hold(app) is None
    assert check_hold(app) is None


def test_a_database_that_goes_on_is_not_held(app: App) -> None:
    """However often one looks."""
    check_hold(app)
    _sent(app)

    assert check_hold(app) is None


@pytest.fixture
def copied(app: App, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[App]:
    """Let the database be bound, copy it, and open an App on the copy, on the same host."""
    check_hold(app)
    _sent(app)
    app.database.dispose()
    if app.database.path is not None:
        shutil.copy(app.database.path, tmp_path / "copy.db")
        url = f"sqlite:///{tmp_path / 'copy.db'}"
    else:
        server: PostgresqlServer = request.getfixturevalue("postgresql_server")
        name = f"paperround_{uuid4().hex}"
        server.run(f"CREATE DATABASE {name} TEMPLATE {app.database.engine.url.database}")
        url = server.address.replace("/postgres?", f"/{name}?")
    database = Database(url)
    yield replace(app, database=database)
    database.dispose()


def test_a_copy_is_held(copied: App) -> None:
    """T16: with the instant and the reason, and it stays so."""
    held = check_hold(copied)

    assert held is not None
    assert held.since == NOW
    assert "copied or moved here" in held.because
    assert check_hold(copied) == held


def test_the_original_of_a_copy_goes_on(app: App, copied: App) -> None:
    """A copy that somebody looks at stops nobody."""
    check_hold(copied)

    assert check_hold(app) is None


def test_a_copy_sends_after_its_release(copied: App) -> None:
    """And from then on it is the one."""
    check_hold(copied)
    release(copied)

    assert check_hold(copied) is None


def _set_back(app: App, saved: bytes | None) -> None:
    """Set a database back to what it was: its file, or its rows."""
    app.database.dispose()
    if app.database.path is not None:
        assert saved is not None
        with app.database.path.open("r+b") as file:  # the same inode
            file.truncate()
            file.write(saved)
        return
    with app.database.write() as session:
        session.execute(text("DELETE FROM delivery WHERE finished_at > :at"), {"at": YESTERDAY})
        session.execute(text("UPDATE job SET finished_at = :at"), {"at": YESTERDAY})


def _file(app: App) -> bytes | None:
    app.database.dispose()  # the last connection writes the log of SQLite back into the file
    return app.database.path.read_bytes() if app.database.path is not None else None


def test_yesterdays_state_is_held(app: App) -> None:
    """T16: a backup that is written over the file has its inode, but not its memory."""
    check_hold(app)
    _sent(app, at=-timedelta(days=1))
    backup = _file(app)
    _sent(app, address="grace@example.org")

    _set_back(app, backup)
    held = check_hold(app)

    assert held is not None
    assert "its ledger ends at 2026-05-03 07:00 UTC" in held.because
    assert "go out until 2026-05-04 07:00 UTC" in held.because


def test_what_a_power_cut_takes_is_not_held(app: App) -> None:
    """T27: the last commits of two minutes may be gone, and nothing is said about it."""
    check_hold(app)
    _sent(app, at=-timedelta(minutes=2))
    before = _file(app)
    _sent(app, address="grace@example.org")

    if app.database.path is not None:
        _set_back(app, before)
    else:
        with app.database.write() as session:
            session.execute(text("DELETE FROM delivery WHERE finished_at = :at"), {"at": NOW})
            at = NOW - timedelta(minutes=2)
            session.execute(text("UPDATE job SET finished_at = :at"), {"at": at})

    assert check_hold(app) is None


def test_a_state_from_before_the_first_mail_is_held(app: App) -> None:
    """T16: it has readers, all of whom would be due again."""
    check_hold(app)
    _sent(app)
    with app.database.write() as session:
        session.execute(text("DELETE FROM delivery"))
        session.execute(text("DELETE FROM job"))

    held = check_hold(app)

    assert held is not None
    assert "its ledger is empty" in held.because


def test_readers_who_leave_take_no_progress_along(app: App) -> None:
    """Their deliveries go with them; the database remembers that they were."""
    check_hold(app)
    _sent(app, at=-timedelta(days=1))
    _sent(app, address="grace@example.org")
    with app.database.write() as session:
        remove_reader(session, reader_at(session, "grace@example.org"))

    assert check_hold(app) is None


def test_an_old_witness_says_nothing_of_a_new_database(app: App, tmp_path: Path) -> None:
    """Whoever deletes the database and begins anew in the same folder is not held."""
    write_witness(witness_file(tmp_path), NOW + timedelta(days=1))

    with app.database.write() as session:
        bind_if_new(session, app.database, tmp_path)

    assert check_hold(app) is None
    assert read_witness(witness_file(tmp_path)) is None


def test_an_old_backup_of_an_older_version_is_held(app: App, tmp_path: Path) -> None:
    """It was never bound, but it has readers, and the witness knows better."""
    with app.database.write() as session:
        saved_delivery(session, saved_reader(session), DeliveryState.SENT, finished_at=YESTERDAY)
    write_witness(witness_file(tmp_path), NOW)

    held = check_hold(app)

    assert held is not None
    assert "older state was restored" in held.because


def test_looking_changes_nothing(app: App, tmp_path: Path) -> None:
    """`paperround doctor` may look at any time."""
    _sent(app)
    write_witness(witness_file(tmp_path), NOW + timedelta(days=1))

    held, doubt = present_hold(app.database, app.settings)

    assert held is None
    assert "older state was restored" in doubt
    assert present_hold(app.database, app.settings) == (held, doubt)


def test_progress_is_noted_by_the_minute(app: App, tmp_path: Path) -> None:
    """A batch of mails does not cost a file each time."""
    _sent(app)
    _sent(app, at=timedelta(seconds=59), address="grace@example.org")
    assert read_witness(witness_file(tmp_path)) == NOW

    _sent(app, at=timedelta(seconds=60), address="alan@example.org")
    assert read_witness(witness_file(tmp_path)) == NOW + timedelta(minutes=1)


def test_nothing_finished_is_no_progress(app: App, tmp_path: Path) -> None:
    """There is nothing to bear witness to."""
    note_progress(app)

    assert read_witness(witness_file(tmp_path)) is None


def test_an_upgraded_file_of_an_older_version_is_bound_once(tmp_path: Path) -> None:
    """`paperround init` binds it; a second time does nothing."""
    database = Database(f"sqlite:///{tmp_path / 'old.db'}")
    upgrade_schema(database)

    with database.write() as session:
        first = bind_if_new(session, database, tmp_path)
        second = bind_if_new(session, database, tmp_path)
    database.dispose()

    assert (first, second) == (True, False)

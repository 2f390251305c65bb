"""Installations on real SQLite files, for commands to work on."""

import shutil
from datetime import timedelta
from pathlib import Path

import pytest
from sqlmodel import select

from paperround.clock import system_clock
from paperround.store.engine import Database
from paperround.store.models import Reader
from tests.paperround.cli.running import ADA, run

# Commands ask the real clock, so that what they send is of the real day.
NOW = system_clock()
LINE = (
    '{{"id": "2605.{number:05d}", "announced": "{day}", "title": "A chain of thought, {number}", '
    '"authors": ["Ada Lovelace"], "categories": ["cs.CL"], '
    '"abstract": "Language models reason with a chain of thought about topic{number}."}}'
)


def _settings(data_dir: Path) -> dict[str, str]:
    return {
        "COLUMNS": "200",
        "NO_COLOR": "1",
        "PAPERROUND_DATA_DIR": str(data_dir),
        "PAPERROUND_BASE_URL": "https://papers.example.org",
        "PAPERROUND_SENDER_ADDRESS": "digest@papers.example.org",
        "PAPERROUND_LOG_FORMAT": "text",
    }


@pytest.fixture(scope="session")
def stocked_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Create one installation with the bundled sample, to be copied."""
    folder = tmp_path_factory.mktemp("stocked") / "data"
    with pytest.MonkeyPatch.context() as environment:
        for variable, value in _settings(folder).items():
            environment.setenv(variable, value)
        assert run("init").code == 0
        assert run("ingest", "--sample").code == 0
    return folder


@pytest.fixture(autouse=True)
def data_dir(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Point commands to a data folder that is not there yet, and return it."""
    folder = tmp_path / "data"
    for variable, value in _settings(folder).items():
        monkeypatch.setenv(variable, value)
    monkeypatch.chdir(tmp_path)
    return folder


@pytest.fixture
def installed(data_dir: Path, stocked_folder: Path) -> Path:
    """Install the bundled sample into the data folder, and return that."""
    shutil.copytree(stocked_folder, data_dir)
    # A copied installation sends nothing until somebody says that it may.
    assert run("release").code == 0
    return data_dir


@pytest.fixture
def due(installed: Path, tmp_path: Path) -> Path:
    """Make Ada's digest due since a minute, with five papers of today; return the outbox."""
    lines = [LINE.format(number=number, day=NOW.date()) for number in range(90001, 90006)]
    (tmp_path / "today.jsonl").write_text("\n".join(lines), encoding="utf-8")
    assert run("ingest", "today.jsonl").code == 0
    since = NOW - timedelta(minutes=1)
    assert run("reader", "add", ADA, "--at", f"{since:%H:%M}", "--weekdays", "daily").code == 0
    interest = ("--keyword", "chain of thought", "--threshold", "0")
    assert run("interest", "add", ADA, "Reasoning", *interest).code == 0
    database = Database(f"sqlite:///{installed}/paperround.db")
    with database.write() as session:
        reader = session.exec(select(Reader)).one()
        reader.next_due_at, reader.next_due_on = since, since.date()
    database.dispose()
    return installed / "outbox"


@pytest.fixture
def ada(installed: Path) -> str:
    """Add Ada, who has one interest in words, and return her address."""
    assert run("reader", "add", ADA, "--name", "Ada", "--weekdays", "daily").code == 0
    interest = ("interest", "add", ADA, "Reasoning")
    prose = "How language models reason, with a chain of thought"
    assert run(*interest, "--prose", prose, "--keyword", "chain of thought").code == 0
    return ADA

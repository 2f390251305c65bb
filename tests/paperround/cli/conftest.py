"""Installations on real SQLite files, for commands to work on."""

import shutil
from pathlib import Path

import pytest

from tests.paperround.cli.running import ADA, run


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
    return data_dir


@pytest.fixture
def ada(installed: Path) -> str:
    """Add Ada, who has one interest in words, and return her address."""
    assert run("reader", "add", ADA, "--name", "Ada", "--weekdays", "daily").code == 0
    interest = ("interest", "add", ADA, "Reasoning")
    prose = "How language models reason, with a chain of thought"
    assert run(*interest, "--prose", prose, "--keyword", "chain of thought").code == 0
    return ADA

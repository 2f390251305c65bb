"""The file that remembers how far the ledger once was."""

import logging
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from paperround.store.witness import read_witness, witness_file, write_witness
from tests.paperround.store.rows import NOW


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Return where a witness is kept, in a folder that is not there yet."""
    return witness_file(tmp_path / "data")


def test_without_a_file_there_is_no_witness(path: Path) -> None:
    """Nothing is created by looking."""
    assert read_witness(path) is None
    assert not path.parent.exists()


@pytest.mark.parametrize("seen", [NOW, NOW.astimezone(ZoneInfo("Asia/Tokyo"))])
def test_what_is_written_is_read(path: Path, seen: datetime) -> None:
    """To the microsecond, in UTC, with nothing else in the folder."""
    write_witness(path, seen)

    assert read_witness(path) == NOW
    assert [file.name for file in path.parent.iterdir()] == ["ledger.witness"]


def test_a_witness_can_be_dismissed(path: Path) -> None:
    """Twice, too."""
    write_witness(path, NOW)

    write_witness(path, None)
    write_witness(path, None)

    assert read_witness(path) is None


@pytest.mark.parametrize("content", [b"", b"yesterday", b"\xff\xfe", b"\0" * 4096])
def test_a_witness_that_makes_no_sense_is_none(
    path: Path, content: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    """A file that a power cut left empty must not keep anybody from sending."""
    path.parent.mkdir()
    path.write_bytes(content)

    with caplog.at_level(logging.WARNING):
        assert read_witness(path) is None
    assert "witness_unreadable" in caplog.text


def test_an_instant_without_zone_is_in_utc(path: Path) -> None:
    """As somebody may write it by hand."""
    path.parent.mkdir()
    path.write_text("2026-05-04T07:00:00")

    assert read_witness(path) == NOW


def test_a_folder_that_refuses_is_logged(path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Sending goes on without a witness."""
    path.parent.write_text("in the way")

    with caplog.at_level(logging.WARNING):
        write_witness(path, NOW)
    assert "witness_not_written" in caplog.text


def test_a_file_that_cannot_be_replaced_leaves_nothing_behind(path: Path) -> None:
    """Half a witness is none."""
    path.mkdir(parents=True)

    write_witness(path, NOW)

    assert [file.name for file in path.parent.iterdir()] == ["ledger.witness"]

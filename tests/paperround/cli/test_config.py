"""`paperround config`."""

from pathlib import Path

import pytest

from paperround.settings import Settings
from tests.paperround.cli.running import run


def test_every_setting_is_printed_with_its_origin(data_dir: Path) -> None:
    """As the variable that sets it."""
    lines = {line.split()[0]: line for line in run("config").done.out.splitlines()}

    expected = {f"PAPERROUND_{name.upper()}" for name in Settings.model_fields}
    assert lines.keys() == expected | {"setting"}
    assert lines["PAPERROUND_DATA_DIR"].split()[1:] == [str(data_dir), "environment"]
    assert lines["PAPERROUND_MODEL"].split()[1:] == ["all-MiniLM-L6-v2", "default"]


def test_settings_are_json(tmp_path: Path) -> None:
    """By name, each with value and origin."""
    (tmp_path / "paperround.toml").write_text('[digest]\nzone = "Europe/Berlin"', "utf-8")

    report = run("config", "--json").done.json

    assert report.keys() == Settings.model_fields.keys()
    assert report["digest_zone"]["value"] == "Europe/Berlin"
    assert report["digest_zone"]["from"].endswith("paperround.toml")
    assert report["categories"]["value"] == "cs.AI, cs.CL, cs.CV, cs.LG, stat.ML"


@pytest.mark.parametrize("form", [(), ("--json",)])
def test_secrets_are_never_printed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, form: tuple[str, ...]
) -> None:
    """Only that there is one, wherever it came from."""
    (tmp_path / "password").write_text("hunter2", encoding="utf-8")
    monkeypatch.setenv("PAPERROUND_SMTP_PASSWORD_FILE", str(tmp_path / "password"))
    monkeypatch.setenv("PAPERROUND_SECRET_KEY", "k" * 32)
    monkeypatch.setenv("PAPERROUND_DATABASE_URL", "postgresql://ada:swordfish@db.example.org/x")

    ran = run("config", *form).done

    assert "hunter2" not in ran.out
    assert "k" * 32 not in ran.out
    assert "swordfish" not in ran.out
    assert ran.out.count("(set, not shown)") == 2
    assert "ada:***@db.example.org/x" in ran.out


def test_nothing_need_be_installed(data_dir: Path) -> None:
    """It is what one looks at before `init`."""
    run("config")

    assert not data_dir.exists()


def test_a_mistyped_variable_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    """With the one that was meant."""
    monkeypatch.setenv("PAPERROUND_SMTP_HOTS", "relay.example.org")

    error = run("config").error

    assert error == (
        "PAPERROUND_SMTP_HOTS: there is no such setting; did you mean PAPERROUND_SMTP_HOST?"
    )

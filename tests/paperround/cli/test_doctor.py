"""`paperround doctor`."""

from pathlib import Path
from typing import Any

import pytest

from tests.paperround.cli.running import Ran, run


def _checks(ran: Ran) -> dict[str, Any]:
    return {check["what"]: check for check in ran.json}


def test_an_installation_that_works_ends_with_zero(ada: str) -> None:
    """Warnings are no failures."""
    ran = run("doctor", "--json")

    assert ran.code == 0
    assert {check["status"] for check in ran.json} == {"ok", "warning"}


def test_every_warning_says_how_to_mend_it(ada: str) -> None:
    """Nobody is left alone with one."""
    checks = run("doctor", "--json").json

    assert all(check["mend"] for check in checks if check["status"] != "ok")


def test_the_report_is_a_table_for_people(ada: str) -> None:
    """With what was found and how to mend it."""
    ran = run("doctor").done

    assert ran.out.splitlines()[0].split()[:2] == ["what", "found"]
    assert "PAPERROUND_MODE=production" in ran.out


def test_nothing_installed_is_a_failure(data_dir: Path) -> None:
    """The exit code is 3, the mend is `init`, and nothing is created by looking."""
    ran = run("doctor", "--json")

    checks = _checks(ran)
    assert ran.code == 3
    assert checks["data folder"]["mend"] == "run `paperround init`"
    assert checks["database"]["status"] == "error"
    assert not data_dir.exists()


def test_a_key_that_others_can_read_is_found(installed: Path) -> None:
    """With the command that mends it."""
    (installed / "secret.key").chmod(0o644)

    check = _checks(run("doctor", "--json"))["secret key"]

    assert check["status"] == "warning"
    assert check["mend"] == f"run `chmod 600 {installed}/secret.key`"


def test_a_key_file_without_a_key_is_found(installed: Path) -> None:
    """Every other command would end with it."""
    (installed / "secret.key").write_bytes(b"")

    ran = run("doctor", "--json")

    assert ran.code == 3
    assert _checks(ran)["secret key"]["found"].endswith("holds no key")


def test_a_file_that_is_no_database_is_found(installed: Path) -> None:
    """And the other checks are made all the same."""
    (installed / "paperround.db").write_bytes(b"my diary " * 1000)

    ran = run("doctor", "--json")

    checks = _checks(ran)
    assert ran.code == 3
    assert "file is not a database" in checks["database"]["found"]
    assert checks["model"]["status"] == "ok"


@pytest.mark.parametrize(
    ("security", "username", "problem"),
    [("starttls", "", "127.0.0.1"), ("none", "ada", "not sent without encryption")],
)
def test_a_relay_that_cannot_be_used_is_found(
    installed: Path,
    monkeypatch: pytest.MonkeyPatch,
    security: str,
    username: str,
    problem: str,
) -> None:
    """Before the first mail is due."""
    monkeypatch.setenv("PAPERROUND_MAILER", "smtp")
    monkeypatch.setenv("PAPERROUND_SMTP_HOST", "127.0.0.1")
    monkeypatch.setenv("PAPERROUND_SMTP_PORT", "1")
    monkeypatch.setenv("PAPERROUND_SMTP_SECURITY", security)
    monkeypatch.setenv("PAPERROUND_SMTP_USERNAME", username)

    ran = run("doctor", "--json")

    check = _checks(ran)["mail"]
    assert ran.code == 3
    assert check["status"] == "error"
    assert problem in check["found"]


def test_a_reader_without_interest_is_found(installed: Path) -> None:
    """They would get nothing, and not know why."""
    run("reader", "add", "ada@example.org")

    check = _checks(run("doctor", "--json"))["readers"]

    assert check["status"] == "warning"
    assert "paperround interest add ada@example.org" in check["mend"]


def test_a_link_that_readers_cannot_open_is_found(
    installed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The default leads to the operator's own machine."""
    monkeypatch.setenv("PAPERROUND_BASE_URL", "http://localhost:8000")

    assert _checks(run("doctor", "--json"))["links"]["status"] == "warning"

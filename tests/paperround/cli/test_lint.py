"""`paperround lint`."""

from pathlib import Path

import pytest

from digest.lint import CHECKS
from tests.paperround.cli.running import DAY, run


@pytest.fixture
def mail(ada: str, tmp_path: Path) -> Path:
    """Write the mail of a digest and return where it is."""
    assert run("preview", ada, "--day", DAY, "--eml", "mail.eml").code == 0
    return tmp_path / "mail.eml"


def test_our_own_mail_is_clean(mail: Path) -> None:
    """It says so, on one line."""
    ran = run("lint", str(mail)).done

    assert ran.out == f"{mail}: clean\n"
    assert ran.err == ""


def test_findings_are_told_one_a_line(mail: Path) -> None:
    """Each with the id of its check; the exit code is 3."""
    mail.write_bytes(mail.read_bytes().replace(b"List-Unsubscribe-Post", b"X-Something-Else"))

    ran = run("lint", str(mail))

    assert ran.code == 3
    assert ran.out == f"{mail}: 1 findings\n"
    assert ran.err.startswith("  A07 error: List-Unsubscribe-Post: ")


def test_findings_are_json(mail: Path) -> None:
    """By file."""
    (mail.parent / "empty.eml").write_bytes(b"")

    ran = run("lint", str(mail), "empty.eml", "--json")

    assert ran.code == 3
    assert ran.json[str(mail)] == []
    assert {finding[:3] for finding in ran.json["empty.eml"]} <= CHECKS.keys()


def test_a_mail_without_https_links_is_found(
    ada: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One-click unsubscribing needs them."""
    monkeypatch.setenv("PAPERROUND_BASE_URL", "http://localhost:8000")
    run("preview", ada, "--day", DAY, "--eml", "plain.eml")

    assert "A06 error: List-Unsubscribe" in run("lint", "plain.eml").err


@pytest.mark.parametrize(
    ("name", "problem"), [("missing.eml", "No such file"), (".", "Is a directory")]
)
def test_a_file_that_cannot_be_read_is_one_line(name: str, problem: str) -> None:
    """It names the file."""
    assert run("lint", name).error.startswith(f"cannot read {name}: {problem}")

"""What holds for all commands: help, errors, exit codes, and what is not loaded."""

import json
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from paperround import __version__
from paperround.cli import main
from paperround.errors import StoreMissingError
from scripts.reference_docs import command_paths
from tests.paperround.cli.running import ADA, run

HEAVY = ("torch", "sentence_transformers", "transformers")
SLOW = (*HEAVY, "sklearn", "scipy", "numpy", "sqlalchemy", "sqlmodel", "alembic", "jinja2")

PROBE = """
import json, sys
from paperround.cli import main
try:
    main(sys.argv[1:])
except SystemExit as ended:
    code = ended.code
print(json.dumps([code, sorted(sys.modules)]), file=sys.stderr)
"""


def _loaded(*arguments: str) -> tuple[int, set[str]]:
    """Run a command in a process of its own; return its exit code and the modules it loaded."""
    done = subprocess.run(
        [sys.executable, "-c", PROBE, *arguments], capture_output=True, text=True, check=True
    )
    code, modules = json.loads(done.stderr.splitlines()[-1])
    return code, set(modules)


@pytest.mark.parametrize("name", command_paths())
def test_the_help_of_every_command_has_an_example(name: str) -> None:
    """Which begins with the command itself."""
    shown = " ".join(run(*name.split(), "--help").done.out.split())

    assert f"paperround {name}" in shown.partition("Example")[2]


@pytest.mark.parametrize("name", command_paths())
def test_every_option_says_what_it_is_for(name: str) -> None:
    """No option or argument is left to guessing."""
    silent = [
        parameter.name
        for parameter in command_paths()[name].params
        if not getattr(parameter, "help", None)
    ]

    assert silent == []


@pytest.mark.parametrize("flag", ["--help", "-h"])
def test_the_help_lists_every_command(flag: str) -> None:
    """Groups by their first word."""
    shown = run(flag).done.out

    assert [name for name in command_paths() if name.split()[0] not in shown] == []


def test_the_version_is_told() -> None:
    """On one line."""
    assert run("--version").done.out == f"paperround {__version__}\n"


@pytest.mark.parametrize(
    "arguments",
    [
        ("fly",),
        ("reader", "fly"),
        ("init", "--fly"),
        ("init", "everything"),
        ("preview",),
        ("preview", ADA, "--day", "2026-02-30"),
        ("preview", ADA, "--day", "0001-01-01"),
        ("preview", ADA, "--day", "9999-12-31"),
        ("ingest", "--since", "yesterday"),
        ("ingest", "papers.jsonl", "--sample"),
        ("rate", ADA, "2605.00022", "sideways"),
        ("send",),
    ],
)
def test_what_cannot_be_understood_ends_with_two(
    installed: Path, arguments: tuple[str, ...]
) -> None:
    """And with usage instead of a traceback."""
    ran = run(*arguments)

    assert ran.code == 2
    assert ran.out == ""
    assert "Usage: paperround" in ran.err
    assert "Traceback" not in ran.err


def test_an_argument_that_is_no_text_is_refused(installed: Path) -> None:
    """Bytes in another encoding, which no database keeps."""
    ran = run("reader", "add", ADA, "--name", "Ad\udce4")

    assert ran.code == 2
    assert ran.err == "paperround: the argument 'Ad\\udce4' is not UTF-8 text\n"


def test_an_error_is_one_line(data_dir: Path) -> None:
    """On the standard error, with what to do next, and no traceback."""
    error = run("reader", "list").error

    assert error.startswith(f"no Paper Round database at sqlite:///{data_dir}/paperround.db")
    assert error.endswith("create it with `paperround init`")


def test_an_error_has_its_traceback_when_asked_for() -> None:
    """For bug reports: it is raised instead of being told in one line."""
    with pytest.raises(StoreMissingError):
        main(["-v", "reader", "list"])


def test_a_setting_that_is_wrong_ends_every_command(monkeypatch: pytest.MonkeyPatch) -> None:
    """With its name and the mend."""
    monkeypatch.setenv("PAPERROUND_DIGEST_ZONE", "Mars/Olympus")

    error = run("config").error

    assert error.startswith("PAPERROUND_DIGEST_ZONE (environment): unknown time zone")


@pytest.mark.parametrize("arguments", [("init",), ("reader", "list"), ("ingest", "--sample")])
def test_a_database_of_a_newer_version_is_left_alone(
    installed: Path, arguments: tuple[str, ...]
) -> None:
    """Whatever the command is."""
    with sqlite3.connect(installed / "paperround.db") as database:
        database.execute("UPDATE alembic_version SET version_num = 'm9999'")

    error = run(*arguments).error

    assert "is of a newer version (revision m9999); install that version" in error


def test_a_file_that_is_no_database_is_named(data_dir: Path) -> None:
    """With the settings that point to it."""
    data_dir.mkdir()
    (data_dir / "paperround.db").write_text("my diary " * 1000)

    assert "paperround.db: file is not a database; check" in run("reader", "list").error


def test_the_help_loads_nothing_that_is_slow() -> None:
    """It answers at once."""
    code, modules = _loaded("--help")

    assert code == 0
    assert modules.isdisjoint(SLOW)


@pytest.mark.slow
@pytest.mark.parametrize(
    "arguments",
    [
        ("config",),
        ("reader", "list"),
        ("preview", ADA, "--day", "2026-05-08"),
        ("lint", "paperround.eml"),
        ("doctor",),
        ("send", "--due"),
        ("reader", "onboard", ADA, "--json"),
        ("interest", "suggest", ADA),
    ],
    ids=lambda arguments: arguments[0],
)
def test_commands_that_embed_nothing_do_not_load_torch(
    ada: str, arguments: tuple[str, ...]
) -> None:
    """Seven seconds and hundreds of megabytes, for nothing."""
    assert run("preview", ada, "--day", "2026-05-08", "--eml", "paperround.eml").code == 0

    code, modules = _loaded(*arguments)

    assert code == 0
    assert modules.isdisjoint(HEAVY)

"""The documentation names all there is, and nothing that is not."""

import re
import shlex
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import Any

import pytest

from digest.lint import CHECKS
from paperround.settings import SECRETS, Settings, load_settings
from scripts.reference_docs import DOCUMENTS, TREES, command_paths, error_classes, refreshed

ROOT = Path(__file__).resolve().parent.parent
INDEXES = [path for path in (ROOT / "README.md", ROOT / "docs/README.md") if path.exists()]
DOCS = sorted((ROOT / "docs").glob("**/*.md"))
PROSE = [*sorted(ROOT.glob("*.md")), *DOCS]

_SHELL = re.compile(r"^```sh\n(.*?)^```", re.DOTALL | re.MULTILINE)
_LINK = re.compile(r"\]\(([^)\s]+)\)")
# What a machine of ours would leave behind; examples may speak of /var/lib and of ~.
_MACHINE_PATH = re.compile(r"(?<![\w.])/(?:work|home|root|Users|tmp)/[\w.-]+")


def _all_docs() -> str:
    return "\n".join(path.read_text("utf-8") for path in PROSE)


def _shell_lines(path: Path) -> Iterator[str]:
    """Return the commands in a document's blocks of shell, one by one."""
    for block in _SHELL.findall(path.read_text("utf-8")):
        for line in block.replace("\\\n", " ").splitlines():
            yield from (part.strip() for part in line.split("&&") if part.strip())


def _calls(program: str) -> list[str]:
    """Return what the documents give to a program as arguments."""
    lines = chain.from_iterable(map(_shell_lines, PROSE))
    pattern = re.compile(rf"(?:\w+=\S+ )*(?:\S*/)?{program}(?: (.*?))?(?:#.*)?$")
    return [match[1] or "" for match in map(pattern.match, lines) if match]


def _parsed(call: str) -> Any:  # Typer's own type of a context is private
    """Parse a call of the command line without running it."""
    words = shlex.split(call)
    commands = command_paths()
    name = next(
        (" ".join(words[:count]) for count in (2, 1) if " ".join(words[:count]) in commands), None
    )
    assert name is not None, f"there is no command `paperround {call}`"
    return commands[name].make_context(name, words[len(name.split()) :])


def _anchors(path: Path) -> set[str]:
    headings = re.findall(r"^#+ (.*)$", path.read_text("utf-8"), re.MULTILINE)
    kept = (re.sub(r"[^\w\- ]", "", heading.lower()) for heading in headings)
    return {heading.replace(" ", "-") for heading in kept}


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_a_generated_document_is_current(path: Path) -> None:
    """Otherwise run `python -m scripts.reference_docs`."""
    text = path.read_text("utf-8")

    assert text == refreshed(text, DOCUMENTS[path])


def test_generating_twice_changes_nothing() -> None:
    """The second time finds its own markers."""
    parts = {"what": lambda: "new"}
    text = "before\n<!-- what:begin -->\nold\n<!-- what:end -->\nafter\n"

    once = refreshed(text, parts)

    assert once == "before\n<!-- what:begin -->\nnew\n<!-- what:end -->\nafter\n"
    assert refreshed(once, parts) == once


def test_a_document_without_a_place_is_refused() -> None:
    """Rather than to leave a part out without a word."""
    with pytest.raises(ValueError, match="<!-- what:begin -->"):
        refreshed("<!-- what:end -->", {"what": str})


@pytest.mark.parametrize("name", Settings.model_fields)
def test_every_setting_is_documented(name: str) -> None:
    """Under the name of its variable."""
    documented = (ROOT / "docs/configuration.md").read_text("utf-8")

    assert f"`PAPERROUND_{name.upper()}`" in documented


@pytest.mark.parametrize("name", command_paths())
def test_every_command_is_documented(name: str) -> None:
    """Under its whole name."""
    assert f"## `paperround {name}`\n" in (ROOT / "docs/commands.md").read_text("utf-8")


@pytest.mark.parametrize(
    "error", [error for root in TREES for error in error_classes(root)], ids=lambda it: it.__name__
)
def test_every_error_is_documented(error: type[Exception]) -> None:
    """By the name of its class."""
    assert f"`{error.__name__}`" in (ROOT / "docs/errors.md").read_text("utf-8")


@pytest.mark.parametrize("check", CHECKS)
def test_every_check_of_mails_is_documented(check: str) -> None:
    """By the id that a finding begins with."""
    assert f"`{check}`" in _all_docs()


@pytest.mark.parametrize(
    "kind", sorted(path.name for path in (ROOT / "templates/email").iterdir() if path.is_dir())
)
def test_every_kind_of_mail_is_documented(kind: str) -> None:
    """By the name of the folder of its templates."""
    assert re.search(rf"\b{kind}\b", _all_docs(), re.IGNORECASE)


def test_variables_in_the_documents_exist() -> None:
    """A setting that was renamed is renamed everywhere."""
    known = {f"PAPERROUND_{name.upper()}" for name in Settings.model_fields}
    known |= {f"PAPERROUND_{name.upper()}_FILE" for name in SECRETS} | {"PAPERROUND_CONFIG"}

    named = set(re.findall(r"PAPERROUND_[A-Z_]*[A-Z](?![A-Z_*<])", _all_docs()))

    assert named - known == set()


@pytest.mark.parametrize("call", sorted(set(_calls("paperround"))))
def test_a_command_in_the_documents_can_be_typed(call: str) -> None:
    """It exists, and takes these arguments."""
    assert _parsed(call).params is not None


@pytest.mark.parametrize("call", sorted(set(_calls("make"))))
def test_a_target_in_the_documents_exists(call: str) -> None:
    """In the Makefile; bare `make` lists them."""
    targets = re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)

    assert call in ("", *targets)


def test_the_example_of_a_settings_file_is_one(tmp_path: Path) -> None:
    """The TOML in the documentation is loaded."""
    text = (ROOT / "docs/configuration.md").read_text("utf-8")
    example = re.search(r"^```toml\n(.*?)^```", text, re.DOTALL | re.MULTILINE)
    assert example
    (tmp_path / "paperround.toml").write_text(example[1], encoding="utf-8")

    settings = load_settings({}, tmp_path).settings

    assert settings.smtp_host == "relay.example.org"
    assert settings.sender_address == "digest@papers.example.org"


@pytest.mark.parametrize("path", PROSE, ids=lambda path: path.name)
def test_no_document_names_a_path_of_a_machine(path: Path) -> None:
    """What works on one machine only is no documentation."""
    assert _MACHINE_PATH.findall(path.read_text("utf-8")) == []


@pytest.mark.parametrize("path", PROSE, ids=lambda path: path.name)
def test_links_between_documents_lead_somewhere(path: Path) -> None:
    """To a file that is there, and a heading in it."""
    links = [link for link in _LINK.findall(path.read_text("utf-8")) if "://" not in link]
    targets = [(link, *link.partition("#")[::2]) for link in links]
    files = {link: (path.parent / name).resolve() if name else path for link, name, _ in targets}

    missing = [link for link, file in files.items() if not file.exists()]
    dangling = [
        link for link, _, anchor in targets if anchor and anchor not in _anchors(files[link])
    ]

    assert missing == []
    assert dangling == []


@pytest.mark.parametrize("path", DOCS, ids=lambda path: path.name)
def test_every_document_can_be_found(path: Path) -> None:
    """From the README, or from the index of the documents."""
    linked = {
        (index.parent / link.partition("#")[0]).resolve()
        for index in INDEXES
        for link in _LINK.findall(index.read_text("utf-8"))
    }

    assert path in linked or path in INDEXES

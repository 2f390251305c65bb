"""Write into docs/ what the code says of itself: settings, commands, errors, checks of mails.

    python -m scripts.reference_docs

Only what stands between `<!-- NAME:begin -->` and `<!-- NAME:end -->` is written; the rest of the
documents is for people to write. A test fails as long as a document is not what this would write.
"""

import inspect
import re
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from enum import Enum
from pathlib import Path
from typing import Any

import typer
from annotated_types import Ge, Gt, Le
from pydantic import SecretStr
from pydantic.fields import FieldInfo

from digest.errors import DigestError, MailError
from digest.lint import CHECKS
from paperround.cli.main import app
from paperround.errors import PaperRoundError
from paperround.settings import SECRETS, Settings
from recommender.errors import RecommenderError

__all__ = ["DOCUMENTS", "command_paths", "error_classes", "main", "refreshed"]

DOCS = Path(__file__).resolve().parent.parent / "docs"
WIDTH = 88

# The default folder depends on who asks.
DERIVED_DEFAULTS = {"data_dir": "`$XDG_DATA_HOME/paperround`, or `~/.local/share/paperround`"}
TREES: tuple[type[Exception], ...] = (PaperRoundError, DigestError, RecommenderError)
SAMPLE_DAY = datetime(2026, 5, 4, tzinfo=UTC)


def settings_table() -> str:
    """Return a table of all settings: variable, default, meaning."""
    rows = [
        (f"`PAPERROUND_{name.upper()}`", _default(name, field), _meaning(name, field))
        for name, field in Settings.model_fields.items()
    ]
    return _table(("variable", "default", "meaning"), rows)


def _default(name: str, field: FieldInfo) -> str:
    if name in DERIVED_DEFAULTS:
        return DERIVED_DEFAULTS[name]
    value = field.default
    if isinstance(value, SecretStr) or value in (None, ""):
        return ""
    if isinstance(value, Enum):
        return f"`{value.value}`"
    return f"`{','.join(value) if isinstance(value, tuple) else value}`"


def _meaning(name: str, field: FieldInfo) -> str:
    parts = [" ".join((field.description or "").split())]
    low = [bound.ge for bound in field.metadata if isinstance(bound, Ge)]
    above = [bound.gt for bound in field.metadata if isinstance(bound, Gt)]
    high = [bound.le for bound in field.metadata if isinstance(bound, Le)]
    parts += [f"At least {number}." for number in low]
    parts += [f"More than {number}." for number in above]
    parts += [f"At the most {number}." for number in high]
    if name in SECRETS:
        parts.append(f"A secret: may be in a file named by `PAPERROUND_{name.upper()}_FILE`.")
    return " ".join(parts)


def command_paths() -> dict[str, Any]:
    """Return every command by its words, `reader add`, in the order of the help."""
    return dict(_commands(typer.main.get_command(app), ()))


def _commands(command: Any, path: tuple[str, ...]) -> Iterator[tuple[str, Any]]:
    if not hasattr(command, "commands"):
        yield " ".join(path), command
        return
    for name, inner in command.commands.items():
        yield from _commands(inner, (*path, name))


def commands_reference() -> str:
    """Return the help of every command and its examples."""
    sections = []
    for name, command in command_paths().items():
        _, _, examples = (command.epilog or "").partition(": ")
        lines = "\n".join(examples.split("; "))
        sections.append(
            f"## `paperround {name}`\n\n```sh\n{lines}\n```\n\n"
            f"```text\n{_help(f'paperround {name}', command)}\n```"
        )
    return "\n\n".join(sections)


def _help(name: str, command: Any) -> str:
    """Return a command's help as plain text: without boxes, colours, or a terminal's width."""
    command.rich_markup_mode = None
    command.epilog = None
    context = typer.Context(command, info_name=name, terminal_width=WIDTH, max_content_width=WIDTH)
    lines = command.get_help(context).splitlines()
    return "\n".join(line.rstrip() for line in lines).strip()


def error_classes(root: type[Exception]) -> list[type[Exception]]:
    """Return a tree of errors, parents before their children, as in the source."""
    children = [child for child in root.__subclasses__() if child.__module__ == root.__module__]
    return [root, *(found for child in children for found in error_classes(child))]


def errors_table(root: type[Exception]) -> str:
    """Return a table of a tree of errors: class, parent, meaning, message."""
    rows = [
        (
            f"`{error.__name__}`",
            f"`{error.__base__.__name__}`" if error is not root and error.__base__ else "",
            (error.__doc__ or "").splitlines()[0],
            _message(error),
        )
        for error in error_classes(root)
    ]
    return _table(("error", "is a", "means", "its line, and what to do"), rows)


def _message(error: type[Exception]) -> str:
    """Return the message of an error whose values are replaced by their names."""
    if "__init__" not in vars(error) or error is MailError:
        return ""
    parameters = list(inspect.signature(error).parameters.values())
    message = str(error(*(_placeholder(parameter) for parameter in parameters)))
    return " ".join(message.replace("'", "").split())


def _placeholder(parameter: inspect.Parameter) -> object:
    """Return a value of the parameter's type that reads as its name."""
    name = parameter.name.upper()
    samples: dict[object, object] = {
        Path: Path(name),
        datetime: SAMPLE_DAY,
        int: 7,
        tuple[str, ...]: (name,),
    }
    return samples.get(parameter.annotation, name)


def checks_table() -> str:
    """Return a table of the checks of `paperround lint`."""
    return _table(("check", "asks for"), [(f"`{name}`", asks) for name, asks in CHECKS.items()])


def _table(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [headings, ["---"] * len(headings), *rows]
    return "\n".join(f"| {' | '.join(_cell(cell) for cell in line)} |" for line in lines)


def _cell(text: str) -> str:
    # Outside of code, Markdown would take <name> for a tag and drop it.
    escaped = re.sub(r"(`[^`]*`)|[<>]", lambda found: found[1] or f"\\{found[0]}", text)
    return escaped.replace("|", "\\|")


DOCUMENTS: dict[Path, dict[str, Callable[[], str]]] = {
    DOCS / "configuration.md": {"settings": settings_table},
    DOCS / "commands.md": {"commands": commands_reference},
    DOCS / "errors.md": {
        "paperround": lambda: errors_table(PaperRoundError),
        "digest": lambda: errors_table(DigestError),
        "recommender": lambda: errors_table(RecommenderError),
    },
    DOCS / "digest.md": {"checks": checks_table},
}
"""Document -> the names of its generated parts, and what writes them."""


def refreshed(text: str, parts: dict[str, Callable[[], str]]) -> str:
    """Return a document with its generated parts written anew.

    Raises:
        ValueError: The document has no place for one of them.
    """
    for name, write in parts.items():
        begin, end = f"<!-- {name}:begin -->", f"<!-- {name}:end -->"
        before, found_begin, rest = text.partition(begin)
        _, found_end, after = rest.partition(end)
        if not (found_begin and found_end):
            raise ValueError(f"no {begin} ... {end} in the document")
        text = f"{before}{begin}\n{write()}\n{end}{after}"
    return text


def main() -> None:
    """Bring all documents up to date."""
    for path, parts in DOCUMENTS.items():
        path.write_text(refreshed(path.read_text("utf-8"), parts), encoding="utf-8")


if __name__ == "__main__":
    main()

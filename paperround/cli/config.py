"""`paperround config`: the settings in force, and where each came from."""

from typing import TYPE_CHECKING

import typer

from paperround.cli.output import print_json, print_table
from paperround.cli.running import AsJson, load

if TYPE_CHECKING:
    from paperround.settings import LoadedSettings

__all__ = ["register"]


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(epilog="Example: paperround config --json")(config)


def config(as_json: AsJson = False) -> None:
    """Print every setting with its value and origin; secrets are never shown."""
    loaded = load()
    values = _values(loaded)
    if as_json:
        print_json(
            {name: {"value": value, "from": loaded.origins[name]} for name, value in values.items()}
        )
    else:
        print_table(
            ("setting", "value", "from"),
            [(f"PAPERROUND_{n.upper()}", v, loaded.origins[n]) for n, v in values.items()],
        )


def _values(loaded: "LoadedSettings") -> dict[str, str]:
    from pydantic import SecretStr

    from paperround.store.engine import Database

    def shown(value: object) -> str:
        if isinstance(value, SecretStr):
            return "(set, not shown)" if value.get_secret_value() else ""
        if isinstance(value, tuple):
            return ", ".join(map(str, value))
        return "" if value is None else str(value)

    settings = loaded.settings
    values = {name: shown(getattr(settings, name)) for name in type(settings).model_fields}
    return values | {"database_url": Database(settings.database).display_url}

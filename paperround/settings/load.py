"""Gathers the values of all settings and remembers where each came from.

In this order of precedence: environment variables `PAPERROUND_<FIELD>`; for secrets the file named
by `PAPERROUND_<FIELD>_FILE`; one TOML file (`PAPERROUND_CONFIG`, else `paperround.toml` in the
working folder, where `[smtp] host` and `smtp_host` are the same); the defaults.
"""

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any, NamedTuple

from pydantic import ValidationError

from paperround.errors import SettingsError
from paperround.folding import is_text
from paperround.settings.model import PREFIX, Settings

__all__ = ["SECRETS", "LoadedSettings", "load_settings"]

CONFIG_VARIABLE = f"{PREFIX}CONFIG"
DEFAULT_CONFIG_FILE = "paperround.toml"
SECRETS = ("secret_key", "former_secret_keys", "smtp_password", "bounce_password", "database_url")
"""Settings whose value may be in a file that `PAPERROUND_<FIELD>_FILE` names."""


@dataclass(frozen=True, slots=True)
class LoadedSettings:
    """Settings together with the place each value came from."""

    settings: Settings
    origins: Mapping[str, str]
    """Field name to `environment`, `file PATH`, the TOML file's path, or `default`."""


class _Found(NamedTuple):
    value: Any  # TOML and the environment give values of any type; Settings checks them
    origin: str


def load_settings(environ: Mapping[str, str], working_dir: Path) -> LoadedSettings:
    """Gather and check all settings.

    Args:
        environ: Environment variables; those that begin with `PAPERROUND_` count.
        working_dir: Folder whose `paperround.toml` is read when no other is named.

    Raises:
        SettingsError: A value is malformed, unknown or insecure; the message names the variable.
    """
    found = (
        _from_toml(environ, working_dir) | _from_secret_files(environ) | _from_environment(environ)
    )
    origins = dict.fromkeys(Settings.model_fields, "default")
    origins.update({name: item.origin for name, item in found.items()})
    try:
        settings = Settings(**{name: item.value for name, item in found.items()})
    except ValidationError as error:
        raise SettingsError(_explain(error, origins)) from None
    return LoadedSettings(settings, origins)


def _variable(name: str) -> str:
    return f"{PREFIX}{name.upper()}"


def _from_environment(environ: Mapping[str, str]) -> dict[str, _Found]:
    known = {_variable(name): name for name in Settings.model_fields}
    elsewhere = {f"{_variable(name)}_FILE" for name in SECRETS} | {CONFIG_VARIABLE}
    ours = {key: value for key, value in environ.items() if key.startswith(PREFIX)}
    for variable in sorted(ours.keys() - known.keys() - elsewhere):
        near = _nearest(variable.removeprefix(PREFIX).lower(), show=_variable)
        raise SettingsError(f"{variable}: there is no such setting{near}")
    for variable in sorted(name for name, value in ours.items() if not is_text(value)):
        raise SettingsError(f"{variable} (environment): is not UTF-8 text")
    return {
        known[variable]: _Found(value, "environment")
        for variable, value in ours.items()
        if value and variable in known
    }


def _from_secret_files(environ: Mapping[str, str]) -> dict[str, _Found]:
    found = {}
    for name in SECRETS:
        variable = f"{_variable(name)}_FILE"
        if path := environ.get(variable):
            try:
                value = Path(path).read_text(encoding="utf-8").strip()
            except OSError as error:
                problem = f"cannot read {path}: {error.strerror}"
                raise SettingsError(f"{variable}: {problem}") from error
            except UnicodeDecodeError:
                # The decoder's own message would show bytes of the secret.
                raise SettingsError(f"{variable}: {path} is not UTF-8 text") from None
            found[name] = _Found(value, f"file {path}")
    return found


def _from_toml(environ: Mapping[str, str], working_dir: Path) -> dict[str, _Found]:
    named = environ.get(CONFIG_VARIABLE)
    path = Path(named) if named else working_dir / DEFAULT_CONFIG_FILE
    if not named and not path.exists():
        return {}
    try:
        flat = _flatten(tomllib.loads(path.read_text(encoding="utf-8")))
    except OSError as error:
        raise SettingsError(f"{CONFIG_VARIABLE}: cannot read {path}: {error.strerror}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path}: not valid TOML: {error}") from error
    for key in sorted(flat.keys() - Settings.model_fields.keys()):
        raise SettingsError(f"{path}: there is no setting {key!r}{_nearest(key, show=str)}")
    return {name: _Found(value, str(path)) for name, value in flat.items()}


def _flatten(tables: Mapping[str, Any]) -> dict[str, Any]:
    flat: dict[str, Any] = {}
    for key, value in tables.items():
        if isinstance(value, dict):
            flat.update({f"{key}_{inner}": item for inner, item in value.items()})
        else:
            flat[key] = value
    return flat


def _nearest(name: str, show: Callable[[str], str]) -> str:
    """Return what was likely meant; the prefix, which all share, would make all alike."""
    near = get_close_matches(name, Settings.model_fields, n=1)
    if near:
        return f"; did you mean {show(near[0])}?"
    return "; remove it, and `paperround config` lists them all"


def _explain(error: ValidationError, origins: Mapping[str, str]) -> str:
    """Turn pydantic's report into one line that names variables, never their values."""
    parts = []
    for item in error.errors(include_url=False, include_input=False, include_context=False):
        message = item["msg"].removeprefix("Value error, ")
        if item["loc"]:
            name = str(item["loc"][0])
            message = f"{_variable(name)} ({origins.get(name, 'default')}): {message}"
        parts.append(message)
    return "; ".join(parts)

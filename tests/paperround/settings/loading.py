"""Loads settings as the program does, from an environment and a TOML file written by the test."""

from pathlib import Path

from paperround.settings import LoadedSettings, load_settings

__all__ = ["KEY", "loaded"]

KEY = "k" * 32


def loaded(folder: Path, toml: str = "", **variables: str) -> LoadedSettings:
    """Load settings from variables, without their prefix, and the TOML file of a folder."""
    if toml:
        (folder / "paperround.toml").write_text(toml, encoding="utf-8")
    environ = {f"PAPERROUND_{name.upper()}": value for name, value in variables.items()}
    return load_settings(environ | {"PATH": "/bin"}, folder)

"""The command line: one file per command, each a thin layer over a service."""

from paperround.cli.main import main

__all__ = ["main"]

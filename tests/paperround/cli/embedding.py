"""Vectors for installations of tests, by hashing: loading the real model takes seconds."""

import os
from dataclasses import replace
from pathlib import Path

import pytest

from paperround.bootstrap import open_app
from paperround.services.embed import embed
from paperround.settings import load_settings
from recommender.testing import HashingEmbedder

__all__ = ["embed_by_hashing"]


def embed_by_hashing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Embed everything in this test's installation, and let its commands use that model."""
    embedder = HashingEmbedder()
    monkeypatch.setenv("PAPERROUND_MODEL", embedder.name)
    app = open_app(load_settings(os.environ, Path.cwd()).settings)
    embed(replace(app, load_embedder=lambda: embedder))
    app.database.dispose()

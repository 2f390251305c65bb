"""Builds the App from settings: the one place that chooses implementations."""

import os
import secrets
from collections.abc import Callable
from contextlib import ExitStack
from functools import cache

from digest.render import Renderer
from paperround.clock import Clock, system_clock
from paperround.context import App
from paperround.errors import SettingsError
from paperround.mailers import choose_mailer
from paperround.settings import SHORTEST_KEY, Settings
from paperround.store.engine import Database
from paperround.store.installation import bind_if_new
from paperround.store.schema import check_schema, upgrade_schema
from paperround.templating import build_environment
from paperround.tokens import Tokens
from recommender.embedding import Embedder, load_embedder

__all__ = ["build_app", "initialise", "open_app", "secret_key"]


def initialise(settings: Settings) -> bool:
    """Create what an installation needs: the data folder, a secret key, the database.

    What is there already is kept; the database is upgraded. Returns whether anything was done.

    Raises:
        SettingsError: The data folder cannot be written.
        StoreError: The database cannot be created or upgraded.
    """
    created = _ensure_secret_key(settings)
    database = Database(settings.database)
    try:
        upgraded = upgrade_schema(database)
        with database.write() as session:
            bind_if_new(session, database, settings.data_dir)
        return upgraded or created
    finally:
        database.dispose()


def open_app(settings: Settings, clock: Clock = system_clock) -> App:
    """Open an installation.

    Raises:
        StoreError: The database is missing, or of another version.
        SettingsError: There is no secret key.
    """
    database = Database(settings.database)
    with ExitStack() as on_error:
        on_error.callback(database.dispose)
        check_schema(database)
        app = build_app(settings, database, clock)
        on_error.pop_all()
    return app


def build_app(
    settings: Settings,
    database: Database,
    clock: Clock = system_clock,
    *,
    load: Callable[[str], Embedder] = load_embedder,
) -> App:
    """Put an App together; nothing costly is loaded yet.

    Raises:
        SettingsError: There is no secret key.
    """
    return App(
        settings=settings,
        database=database,
        clock=clock,
        tokens=Tokens([secret_key(settings), *settings.former_keys]),
        load_embedder=cache(lambda: load(settings.model)),
        open_mailer=lambda: choose_mailer(settings),
        load_renderer=cache(lambda: Renderer(build_environment())),
    )


def secret_key(settings: Settings) -> str:
    """Return the key that links are signed with.

    Raises:
        SettingsError: None is set, and `paperround init` has not generated one.
    """
    if value := settings.secret_key.get_secret_value():
        return value
    try:
        value = settings.secret_key_file.read_text(encoding="utf-8", errors="replace").strip()
    except OSError as error:
        raise SettingsError(
            f"no secret key: set PAPERROUND_SECRET_KEY, or let `paperround init` write one to "
            f"{settings.secret_key_file} ({error.strerror})"
        ) from error
    # Whoever creates the file may be killed, or find the disk full, before the key is in it.
    if len(value) < SHORTEST_KEY:
        raise SettingsError(
            f"{settings.secret_key_file} holds no secret key of {SHORTEST_KEY} characters or more; "
            "remove it and run `paperround init`"
        )
    return value


def _ensure_secret_key(settings: Settings) -> bool:
    path = settings.secret_key_file
    if settings.secret_key.get_secret_value() or path.exists():
        return False
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        # Created for its owner only from the first moment, and never over another one.
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as error:
        raise SettingsError(
            f"PAPERROUND_DATA_DIR: cannot write {path}: {error.strerror}"
        ) from error
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(secrets.token_urlsafe(48) + "\n")
    return True

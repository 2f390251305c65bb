"""An installation is created once, kept as it is, and opened only when it is whole."""

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pydantic import SecretStr
from sqlalchemy import text

from paperround.bootstrap import build_app, initialise, open_app, secret_key
from paperround.errors import SettingsError, StoreError, StoreMissingError, StoreNewerError
from paperround.settings import Settings
from paperround.store.engine import Database
from paperround.store.schema import check_schema
from paperround.tokens import Purpose
from recommender.embedding import Embedder
from recommender.testing import HashingEmbedder

NOW = datetime(2026, 5, 4, 7, 0, tzinfo=UTC)
KEY = SecretStr("k" * 32)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Return the settings of an installation that is not there yet."""
    return Settings(data_dir=tmp_path / "data")


def test_initialise_creates_all_that_an_installation_needs(settings: Settings) -> None:
    """The data folder, the key, and a database of this version."""
    done = initialise(settings)

    assert done
    assert settings.secret_key_file.is_file()
    check_schema(Database(settings.database))


def test_a_second_time_nothing_is_done(settings: Settings) -> None:
    """And it says so."""
    initialise(settings)
    files = {path: path.read_bytes() for path in settings.data_dir.glob("*.[dk]*")}

    done = initialise(settings)

    assert not done
    assert {path: path.read_bytes() for path in settings.data_dir.glob("*.[dk]*")} == files


def test_the_key_is_its_owners_only(settings: Settings) -> None:
    """Whatever the umask of the process lets others read."""
    before = os.umask(0)
    initialise(settings)
    os.umask(before)

    assert settings.secret_key_file.stat().st_mode & 0o777 == 0o600


def test_a_key_that_is_there_is_never_replaced(settings: Settings) -> None:
    """Links in mails that were sent would break."""
    settings.data_dir.mkdir()
    settings.secret_key_file.write_text("the key of old, long enough to be one")

    initialise(settings)

    assert secret_key(settings) == "the key of old, long enough to be one"


def test_two_installations_have_different_keys(tmp_path: Path) -> None:
    """Each of 64 characters that nobody can guess."""
    installations = [Settings(data_dir=tmp_path / name) for name in ("one", "two")]
    for settings in installations:
        initialise(settings)

    keys = {secret_key(settings) for settings in installations}

    assert [len(key) for key in keys] == [64, 64]


def test_a_key_from_the_settings_needs_no_file(settings: Settings) -> None:
    """None is written, and the configured one signs."""
    settings = settings.model_copy(update={"secret_key": KEY})

    initialise(settings)

    assert not settings.secret_key_file.exists()
    assert secret_key(settings) == "k" * 32


def test_a_missing_key_that_is_added_counts_as_done(settings: Settings) -> None:
    """Though the database is there already."""
    initialise(settings)
    settings.secret_key_file.unlink()

    assert initialise(settings)


def test_a_folder_that_cannot_be_made_is_named_with_its_variable(tmp_path: Path) -> None:
    """A file of that name, say, is in the way."""
    (tmp_path / "data").write_text("in the way")

    with pytest.raises(SettingsError, match=r"PAPERROUND_DATA_DIR: cannot write .*data"):
        initialise(Settings(data_dir=tmp_path / "data"))


def test_a_file_that_is_no_database_is_left_alone(settings: Settings) -> None:
    """The message names it and the settings."""
    settings.data_dir.mkdir()
    database = settings.data_dir / "paperround.db"
    database.write_text("my diary, not a database at all" * 100)

    with pytest.raises(StoreError, match=r"paperround\.db: .*check PAPERROUND_DATABASE_URL"):
        initialise(settings)

    assert database.read_text().startswith("my diary")


def test_opening_what_was_never_created_says_how_to_create_it(settings: Settings) -> None:
    """Looking creates nothing."""
    with pytest.raises(StoreMissingError, match="create it with `paperround init`"):
        open_app(settings)

    assert not settings.data_dir.exists()


def test_a_database_of_a_newer_program_is_refused(settings: Settings) -> None:
    """By `open_app` and by `initialise`, which must not upgrade it downwards."""
    initialise(settings)
    with Database(settings.database).write() as session:
        session.execute(text("UPDATE alembic_version SET version_num = 'm9999'"))

    with pytest.raises(StoreNewerError, match="revision m9999"):
        open_app(settings)
    with pytest.raises(StoreNewerError, match="revision m9999"):
        initialise(settings)


def test_opening_without_a_key_says_where_it_is_missed(settings: Settings) -> None:
    """And both ways to get one."""
    initialise(settings)
    settings.secret_key_file.unlink()

    with pytest.raises(SettingsError, match=r"set PAPERROUND_SECRET_KEY, or let `paperround init`"):
        open_app(settings)


@pytest.mark.parametrize("content", [b"", b"\n", b"short", b"\xff" * 8])
def test_a_key_file_without_a_key_is_refused(settings: Settings, content: bytes) -> None:
    """A crash may have left it empty; a guessable key would be worse than none."""
    initialise(settings)
    settings.secret_key_file.write_bytes(content)

    with pytest.raises(SettingsError, match=r"secret\.key holds no secret key of 32 characters"):
        open_app(settings)


def test_an_opened_installation_is_what_the_settings_say(settings: Settings) -> None:
    """Its clock is the one that was given, and its links are signed with its key."""
    initialise(settings)

    app = open_app(settings, lambda: NOW)

    token = app.tokens.issue(Purpose.UNSUBSCRIBE, 7, on=NOW.date())
    assert app.settings is settings
    assert app.clock() == NOW
    assert app.tokens.verify(token, Purpose.UNSUBSCRIBE, on=NOW.date()).reader_id == 7
    app.database.dispose()


def test_two_openings_verify_each_others_links(settings: Settings) -> None:
    """A link in a mail outlives the process that wrote it."""
    initialise(settings)
    token = open_app(settings).tokens.issue(Purpose.UNSUBSCRIBE, 7, on=NOW.date())

    claims = open_app(settings).tokens.verify(token, Purpose.UNSUBSCRIBE, on=NOW.date())

    assert claims.reader_id == 7


def test_the_model_is_loaded_once_and_only_when_it_is_asked_for(settings: Settings) -> None:
    """By the name that the settings give."""
    initialise(settings)
    settings = settings.model_copy(update={"model": "hashing"})
    asked: list[str] = []

    def load(name: str) -> Embedder:
        asked.append(name)
        return HashingEmbedder()

    app = build_app(settings, Database(settings.database), load=load)
    before = list(asked)
    first, second = app.load_embedder(), app.load_embedder()

    assert before == []
    assert asked == ["hashing"]
    assert first is second


def test_templates_are_compiled_once(settings: Settings) -> None:
    """All digests of a process share one renderer, and the cards that it has rendered."""
    initialise(settings)

    app = open_app(settings)

    assert app.load_renderer() is app.load_renderer()

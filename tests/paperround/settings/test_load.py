"""Where the value of a setting comes from, and who wins."""

from pathlib import Path

import pytest

from paperround.errors import SettingsError
from paperround.settings import load_settings
from tests.paperround.settings.loading import KEY, loaded


def _secret_file(folder: Path, text: str) -> str:
    path = folder / "secret.txt"
    path.write_text(text, encoding="utf-8")
    return str(path)


def test_a_default_is_said_to_be_one(tmp_path: Path) -> None:
    """With nothing set, every origin is `default`."""
    assert set(loaded(tmp_path).origins.values()) == {"default"}


def test_every_setting_has_an_origin(tmp_path: Path) -> None:
    """Set or not."""
    found = loaded(tmp_path, model="another")

    assert found.origins.keys() == type(found.settings).model_fields.keys()


def test_a_file_wins_over_the_default(tmp_path: Path) -> None:
    """And is named as the origin."""
    found = loaded(tmp_path, toml='model = "from-file"')

    assert found.settings.model == "from-file"
    assert found.origins["model"] == str(tmp_path / "paperround.toml")


def test_the_environment_wins_over_the_file(tmp_path: Path) -> None:
    """Others of the file stay."""
    found = loaded(tmp_path, toml='model = "from-file"\noperator = "Ada"', model="from-env")

    assert (found.settings.model, found.settings.operator) == ("from-env", "Ada")
    assert found.origins["model"] == "environment"


def test_a_secret_file_wins_over_the_toml_file(tmp_path: Path) -> None:
    """Space around the secret is not part of it."""
    path = _secret_file(tmp_path, f"  {KEY}\n")

    found = loaded(tmp_path, toml=f'secret_key = "{"t" * 32}"', secret_key_file=path)

    assert found.settings.secret_key.get_secret_value() == KEY
    assert found.origins["secret_key"] == f"file {path}"


def test_the_environment_wins_over_a_secret_file(tmp_path: Path) -> None:
    """The nearest word counts."""
    found = loaded(tmp_path, secret_key=KEY, secret_key_file=_secret_file(tmp_path, "f" * 32))

    assert found.settings.secret_key.get_secret_value() == KEY
    assert found.origins["secret_key"] == "environment"


@pytest.mark.parametrize("name", ["secret_key", "smtp_password", "database_url"])
def test_every_secret_may_be_in_a_file(tmp_path: Path, name: str) -> None:
    """`PAPERROUND_<NAME>_FILE` names it."""
    secret = "sqlite:///a-secret-of-32-characters-or-more.db"

    found = loaded(tmp_path, **{f"{name}_file": _secret_file(tmp_path, secret)})

    assert getattr(found.settings, name).get_secret_value() == secret


def test_an_empty_variable_is_not_set(tmp_path: Path) -> None:
    """Compose files pass variables on that nobody has set."""
    found = loaded(tmp_path, toml='model = "from-file"', model="")

    assert found.settings.model == "from-file"


def test_tables_of_the_file_are_flattened(tmp_path: Path) -> None:
    """`[smtp] host` is smtp_host; tables and plain names mix."""
    found = loaded(
        tmp_path,
        toml='smtp_port = 25\n[smtp]\nhost = "relay.example.org"\n[digest]\nquota = 5\n',
    )

    assert found.settings.smtp_host == "relay.example.org"
    assert (found.settings.smtp_port, found.settings.digest_quota) == (25, 5)


def test_the_file_may_be_elsewhere(tmp_path: Path) -> None:
    """PAPERROUND_CONFIG names it, and the one in the working folder is not read then."""
    elsewhere = tmp_path / "elsewhere.toml"
    elsewhere.write_text('model = "elsewhere"', encoding="utf-8")

    found = loaded(tmp_path, toml='operator = "not read"', config=str(elsewhere))

    assert (found.settings.model, found.settings.operator) == ("elsewhere", "")


def test_a_working_folder_without_file_is_fine(tmp_path: Path) -> None:
    """The file is optional."""
    assert load_settings({}, tmp_path).settings.model == "all-MiniLM-L6-v2"


def test_variables_of_others_do_not_matter(tmp_path: Path) -> None:
    """Only those with our prefix are looked at."""
    assert load_settings({"PAPER_MODEL": "x", "MODEL": "y"}, tmp_path).origins["model"] == "default"


@pytest.mark.parametrize(
    ("variable", "nearest"),
    [
        ("smtp_hst", "did you mean PAPERROUND_SMTP_HOST?"),
        ("smtp_host_file", "did you mean PAPERROUND_SMTP_HOST?"),
        ("zzz", "`paperround config` lists them all"),
    ],
)
def test_an_unknown_variable_comes_with_the_nearest(
    tmp_path: Path, variable: str, nearest: str
) -> None:
    """A mistyped name would otherwise be without any effect."""
    with pytest.raises(SettingsError) as caught:
        loaded(tmp_path, **{variable: "x"})

    assert str(caught.value).startswith(f"PAPERROUND_{variable.upper()}: there is no such setting")
    assert nearest in str(caught.value)


def test_an_unknown_name_in_the_file_comes_with_the_nearest(tmp_path: Path) -> None:
    """The message has the path of the file too."""
    with pytest.raises(SettingsError, match=r"paperround\.toml: .*'smtp_hots'.*smtp_host\?"):
        loaded(tmp_path, toml='[smtp]\nhots = "relay.example.org"')


def test_a_file_that_is_not_toml_is_refused(tmp_path: Path) -> None:
    """With the place of the mistake."""
    with pytest.raises(SettingsError, match=r"paperround\.toml: not valid TOML: .*line 2"):
        loaded(tmp_path, toml='model = "x"\nmodel = ?')


def test_a_file_that_is_not_text_is_refused(tmp_path: Path) -> None:
    """UTF-16, say, from an editor of another system."""
    (tmp_path / "paperround.toml").write_bytes('model = "x"'.encode("utf-16"))

    with pytest.raises(SettingsError, match=r"paperround\.toml: not valid TOML"):
        loaded(tmp_path)


def test_a_named_file_that_is_missing_is_refused(tmp_path: Path) -> None:
    """Whoever names a file wants it to be read."""
    with pytest.raises(SettingsError, match=r"PAPERROUND_CONFIG: cannot read .*No such file"):
        loaded(tmp_path, config=str(tmp_path / "missing.toml"))


def test_a_secret_file_that_is_missing_is_refused(tmp_path: Path) -> None:
    """The variable and the path are in the message."""
    path = tmp_path / "missing"

    with pytest.raises(SettingsError) as caught:
        loaded(tmp_path, smtp_password_file=str(path))

    problem = f"PAPERROUND_SMTP_PASSWORD_FILE: cannot read {path}: No such file or directory"
    assert str(caught.value) == problem


def test_a_secret_file_that_is_not_text_is_refused_without_its_bytes(tmp_path: Path) -> None:
    """The decoder's own message would show some."""
    path = tmp_path / "key"
    path.write_bytes(b"\xff\xfe secret")

    with pytest.raises(SettingsError, match=r"PAPERROUND_SECRET_KEY_FILE: .* is not UTF-8 text$"):
        loaded(tmp_path, secret_key_file=str(path))


def test_a_secret_from_a_file_is_checked_as_any_other(tmp_path: Path) -> None:
    """The message has the path, and not the secret."""
    path = _secret_file(tmp_path, "tooshort")

    with pytest.raises(SettingsError) as caught:
        loaded(tmp_path, secret_key_file=path)

    assert str(caught.value).startswith(f"PAPERROUND_SECRET_KEY (file {path}): 32 characters")
    assert "tooshort" not in str(caught.value)

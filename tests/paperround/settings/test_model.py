"""What every setting accepts, and how it says no."""

from datetime import time
from pathlib import Path

import pytest
from pydantic import ValidationError

from paperround.errors import SettingsError
from paperround.settings import MailerKind, Security, Settings
from tests.paperround.settings.loading import KEY, loaded

# A value that each setting refuses, and what the message says of it.
REFUSED = {
    "mode": ("staging", "'development' or 'production'"),
    "database_url": ("mysql://ada@localhost/x", "write sqlite:///path"),
    "secret_key": ("short", "32 characters or more"),
    "base_url": ("papers.example.org", "give an absolute address such as https://"),
    "embed_batch": ("0", "greater than or equal to 1"),
    "categories": ("cs.CL, cs.XX", "unknown arXiv category 'cs.XX'"),
    "sender_address": ("ada", "@-sign"),
    "reply_to": ("ada@", "after the @-sign"),
    "bounce_address": ("@example.org", "before the @-sign"),
    "unsubscribe_address": ("leave", "@-sign"),
    "feedback_id": ("a b", "5 to 15 letters and digits"),
    "bounce_verp": ("perhaps", "valid boolean"),
    "mailer": ("pigeon", "'folder' or 'smtp'"),
    "smtp_port": ("70000", "less than or equal to 65535"),
    "smtp_security": ("ssl", "'starttls', 'tls' or 'none'"),
    "smtp_timeout_s": ("0", "greater than 0"),
    "smtp_final_timeout_s": ("1801", "less than or equal to 1800"),
    "smtp_connections": ("0", "greater than or equal to 1"),
    "smtp_per_connection": ("-1", "greater than or equal to 0"),
    "smtp_per_second": ("-1", "greater than or equal to 0"),
    "smtp_per_hour": ("-1", "greater than or equal to 0"),
    "lease_s": ("0", "greater than 0"),
    "digest_spread_minutes": ("61", "less than or equal to 60"),
    "digest_max_lateness_hours": ("0", "greater than 0"),
    "on_ambiguous": ("maybe", "'resend' or 'hold'"),
    "digest_at": ("25:00", "write 07:30"),
    "digest_zone": ("Mars/Olympus", "unknown time zone 'Mars/Olympus'"),
    "digest_weekdays": ("mon-blursday", "names no weekday"),
    "digest_quota": ("51", "less than or equal to 50"),
    "digest_threshold": ("101", "less than or equal to 100"),
    "digest_trending": ("many", "valid integer"),
    "digest_outside": ("-1", "greater than or equal to 0"),
    "digest_lookback_days": ("61", "less than or equal to 60"),
    "log_format": ("xml", "'auto', 'text' or 'json'"),
}
# Any text or path will do for these.
FREE = {
    *("contact", "data_dir", "model", "operator", "outbox", "sender_name"),
    *("smtp_ca_file", "smtp_host", "smtp_password", "smtp_username"),
    *("former_secret_keys", "bounce_mailbox", "bounce_password", "dkim_selector", "dkim_key_file"),
}
PRODUCTION = {
    "mode": "production",
    "base_url": "https://papers.example.org",
    "sender_address": "digest@papers.example.org",
}


def test_every_setting_is_checked_or_is_free_text() -> None:
    """A new setting has to be put into one of the two lists above."""
    assert REFUSED.keys() | FREE == Settings.model_fields.keys()
    assert not REFUSED.keys() & FREE


@pytest.mark.parametrize("name", REFUSED)
def test_a_refused_variable_is_named(tmp_path: Path, name: str) -> None:
    """The message has the variable, that the environment set it, and what is wrong."""
    value, problem = REFUSED[name]

    with pytest.raises(SettingsError) as caught:
        loaded(tmp_path, **{name: value})

    message = str(caught.value)
    assert message.startswith(f"PAPERROUND_{name.upper()} (environment): ")
    assert problem in message
    assert "\n" not in message


@pytest.mark.parametrize("name", REFUSED)
def test_a_refused_line_of_the_file_is_named(tmp_path: Path, name: str) -> None:
    """The message has the variable, the path of the TOML file, and what is wrong."""
    value, problem = REFUSED[name]

    with pytest.raises(SettingsError) as caught:
        loaded(tmp_path, toml=f'{name} = "{value}"')

    message = str(caught.value)
    assert message.startswith(f"PAPERROUND_{name.upper()} ({tmp_path / 'paperround.toml'}): ")
    assert problem in message


def test_all_that_is_wrong_is_said_at_once(tmp_path: Path) -> None:
    """Nobody wants to mend one setting, run again, and read of the next."""
    with pytest.raises(SettingsError, match=r"PAPERROUND_MODE.*; PAPERROUND_DIGEST_QUOTA"):
        loaded(tmp_path, mode="staging", digest_quota="0")


def test_a_mistyped_category_comes_with_its_neighbours(tmp_path: Path) -> None:
    """What was likely meant is in the message."""
    with pytest.raises(SettingsError, match=r"'cs\.XX'; did you mean .*cs\."):
        loaded(tmp_path, categories="cs.XX")


@pytest.mark.parametrize("text", ["cs.CL,stat.ML", "cs.cl  stat.ml", " cs.CL,\n stat.ML,cs.CL "])
def test_categories_are_separated_by_commas_or_space(tmp_path: Path, text: str) -> None:
    """They come out as arXiv spells them, each once."""
    assert loaded(tmp_path, categories=text).settings.categories == ("cs.CL", "stat.ML")


def test_categories_may_be_a_list_in_the_file(tmp_path: Path) -> None:
    """TOML has lists."""
    settings = loaded(tmp_path, toml='categories = ["cs.CL", "hep-th"]').settings

    assert settings.categories == ("cs.CL", "hep-th")


def test_no_category_is_refused(tmp_path: Path) -> None:
    """There would be nothing to deliver."""
    with pytest.raises(SettingsError, match=r"PAPERROUND_CATEGORIES .*at least one"):
        loaded(tmp_path, categories=",")


def test_the_hour_may_be_a_time_in_the_file(tmp_path: Path) -> None:
    """TOML has times of day."""
    assert loaded(tmp_path, toml="[digest]\nat = 06:30:00").settings.digest_at == time(6, 30)


def test_a_number_is_no_hour(tmp_path: Path) -> None:
    """Seven would be taken for seven seconds past midnight."""
    with pytest.raises(SettingsError, match=r"PAPERROUND_DIGEST_AT .*write 07:30"):
        loaded(tmp_path, toml="digest_at = 7")


def test_a_tilde_means_the_home_folder(tmp_path: Path) -> None:
    """No shell has seen the TOML file."""
    settings = loaded(tmp_path, toml='data_dir = "~/papers"').settings

    assert settings.data_dir == Path.home() / "papers"


def test_the_base_url_ends_without_a_slash(tmp_path: Path) -> None:
    """Links are joined to it with one."""
    settings = loaded(tmp_path, base_url="https://papers.example.org/daily/").settings

    assert settings.base_url == "https://papers.example.org/daily"


def test_the_database_is_a_file_in_the_data_folder_by_default(tmp_path: Path) -> None:
    """So are the outbox and the key."""
    settings = loaded(tmp_path, data_dir=str(tmp_path)).settings

    assert settings.database == f"sqlite:///{tmp_path}/paperround.db"
    assert settings.outbox_dir == tmp_path / "outbox"
    assert settings.secret_key_file == tmp_path / "secret.key"


def test_a_postgresql_address_is_given_our_driver(tmp_path: Path) -> None:
    """Operators write what their provider tells them."""
    settings = loaded(tmp_path, database_url="postgres://ada@db.example.org/x").settings

    assert settings.database == "postgresql+psycopg://ada@db.example.org/x"


def test_smtp_without_a_relay_is_refused(tmp_path: Path) -> None:
    """The message names both variables."""
    with pytest.raises(SettingsError, match=r"PAPERROUND_SMTP_HOST .*PAPERROUND_MAILER is smtp"):
        loaded(tmp_path, mailer="smtp")


@pytest.mark.parametrize(
    ("variables", "problem"),
    [
        ({"base_url": "http://papers.example.org"}, "PAPERROUND_BASE_URL must begin with https"),
        ({"sender_address": "a@example.com"}, "PAPERROUND_SENDER_ADDRESS must be an address of"),
        (
            {"mailer": "smtp", "smtp_host": "relay.example.org", "smtp_security": "none"},
            "PAPERROUND_SMTP_SECURITY=none sends mail in the clear",
        ),
    ],
)
def test_production_refuses_what_is_insecure(
    tmp_path: Path, variables: dict[str, str], problem: str
) -> None:
    """Each refusal names its variable and the mend."""
    with pytest.raises(SettingsError, match=problem):
        loaded(tmp_path, **(PRODUCTION | variables))


def test_production_refuses_the_defaults_all_at_once(tmp_path: Path) -> None:
    """An address of example.com is nobody's."""
    with pytest.raises(SettingsError, match="PAPERROUND_SENDER_ADDRESS"):
        loaded(tmp_path, mode="production")


def test_development_lets_insecure_values_through(tmp_path: Path) -> None:
    """Trying it out needs no certificate."""
    settings = loaded(
        tmp_path, mailer="smtp", smtp_host="relay.example.org", smtp_security="none"
    ).settings

    assert settings.smtp_security is Security.NONE


def test_production_accepts_a_relay_on_this_machine_in_the_clear(tmp_path: Path) -> None:
    """Nobody can listen in between."""
    variables = {"mailer": "smtp", "smtp_host": "localhost", "smtp_security": "none"}

    settings = loaded(tmp_path, **(PRODUCTION | variables)).settings

    assert settings.mailer is MailerKind.SMTP


def test_secrets_are_not_in_what_settings_show_of_themselves(tmp_path: Path) -> None:
    """Neither `repr` nor `str` has them, so that no log can."""
    settings = loaded(
        tmp_path,
        secret_key=KEY,
        smtp_password="hunter2",
        database_url="postgresql://ada:swordfish@db.example.org/x",
    ).settings

    shown = f"{settings!r} {settings}"
    assert KEY not in shown
    assert "hunter2" not in shown
    assert "swordfish" not in shown


@pytest.mark.parametrize(
    ("name", "value"),
    [("secret_key", "tooshort"), ("database_url", "mysql://ada:tooshort@localhost/x")],
)
def test_a_refused_secret_is_not_in_the_message(tmp_path: Path, name: str, value: str) -> None:
    """Messages end up in logs and bug reports."""
    with pytest.raises(SettingsError) as caught:
        loaded(tmp_path, **{name: value})

    assert "tooshort" not in str(caught.value)
    assert caught.value.__cause__ is None


def test_a_secret_of_another_type_is_not_in_the_message(tmp_path: Path) -> None:
    """A key that is a number in the file is refused without being repeated."""
    with pytest.raises(SettingsError) as caught:
        loaded(tmp_path, toml="secret_key = 31415926")

    assert "31415926" not in str(caught.value)


def test_settings_cannot_be_changed(tmp_path: Path) -> None:
    """What was checked at the start stays so."""
    settings = loaded(tmp_path).settings

    with pytest.raises(ValidationError, match="frozen"):
        settings.model = "another"  # type: ignore[misc]


def test_every_setting_is_described() -> None:
    """The reference in the documentation is made of these sentences."""
    assert all(field.description for field in Settings.model_fields.values())


def test_settings_read_nothing_by_themselves(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only what is given counts: the loader has looked everywhere already."""
    monkeypatch.setenv("PAPERROUND_MODEL", "from-the-environment")

    assert Settings().model == "all-MiniLM-L6-v2"

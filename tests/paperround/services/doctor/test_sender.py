"""How mails leave: the signature, and what the DNS says of the sender."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from digest.dkim import load_key, public_record
from paperround.services.doctor.check import Check
from paperround.services.doctor.lookup import LookUp
from paperround.services.doctor.sender import sender
from paperround.settings import MailerKind, Settings

DOMAIN = "papers.uni.edu"
GOOD: dict[str, tuple[str, ...]] = {
    DOMAIN: ("v=spf1 mx -all",),
    "_dmarc.uni.edu": ("v=DMARC1; p=quarantine",),
    f"_dmarc.{DOMAIN}": ("a wildcard's text",),
}


@pytest.fixture
def key_file(tmp_path: Path) -> Path:
    """Return a file with a private key that only its owner can read."""
    path = tmp_path / "dkim.pem"
    private = Ed25519PrivateKey.generate()
    path.write_bytes(private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    path.chmod(0o600)
    return path


@pytest.fixture
def settings_of(tmp_path: Path) -> Callable[..., Settings]:
    """Return what makes settings of an installation that sends by SMTP."""

    def make(**fields: Any) -> Settings:
        values: dict[str, Any] = {
            "data_dir": tmp_path,
            "mailer": MailerKind.SMTP,
            "smtp_host": "127.0.0.1",
            "sender_address": f"digest@{DOMAIN}",
        }
        return Settings(**(values | fields))

    return make


def _dns(records: dict[str, tuple[str, ...]]) -> LookUp:
    return lambda name: records.get(name, ())


def _nobody(name: str) -> None:
    return None


def _never(name: str) -> None:
    raise AssertionError(f"nobody should ask for {name}")


def _by_name(checks: Any) -> dict[str, Check]:
    return {check.what: check for check in checks}


def test_a_sender_in_good_order_is_told(
    settings_of: Callable[..., Settings], key_file: Path
) -> None:
    """DKIM here, SPF, and the policy of the parent: a wildcard's text is none."""
    settings = settings_of(dkim_selector="s1", dkim_key_file=key_file)
    records = GOOD | {f"s1._domainkey.{DOMAIN}": (public_record(load_key(key_file)),)}

    found = _by_name(sender(settings, _dns(records)))

    assert {name: check.status for name, check in found.items()} == {
        "DKIM": "ok",
        "SPF": "ok",
        "DMARC": "ok",
    }
    assert found["DKIM"].found == f"mails are signed here, and s1._domainkey.{DOMAIN} has the key"
    assert found["DMARC"].found == f"{DOMAIN}: policy quarantine, by _dmarc.uni.edu"


def test_without_a_selector_the_mail_server_signs(settings_of: Callable[..., Settings]) -> None:
    """And is told which headers one-click unsubscribe needs (A09)."""
    found = _by_name(sender(settings_of(), _dns(GOOD)))

    assert found["DKIM"].status == "ok"
    assert "List-Unsubscribe-Post" in found["DKIM"].found


def test_a_domain_without_records_says_what_to_publish(
    settings_of: Callable[..., Settings], key_file: Path
) -> None:
    """A42: all three of them."""
    settings = settings_of(dkim_selector="s1", dkim_key_file=key_file)

    found = _by_name(sender(settings, _dns({})))

    assert {name: check.status for name, check in found.items()} == {
        "DKIM": "error",
        "SPF": "warning",
        "DMARC": "warning",
    }
    assert all("publish at" in check.mend for check in found.values())


def test_without_a_resolver_one_cannot_look(
    settings_of: Callable[..., Settings], key_file: Path
) -> None:
    """That is a warning: nothing is known to be wrong."""
    settings = settings_of(dkim_selector="s1", dkim_key_file=key_file)

    found = _by_name(sender(settings, _nobody))

    assert {check.status for check in found.values()} == {"warning"}
    assert all("cannot look" in check.found for check in found.values())


@pytest.mark.parametrize(
    "fields", [{"mailer": MailerKind.FOLDER}, {"sender_address": "digest@papers.example.org"}]
)
def test_where_no_mail_goes_out_nobody_is_asked(
    settings_of: Callable[..., Settings], key_file: Path, fields: dict[str, Any]
) -> None:
    """Files on this machine need no records, and names for examples have none."""
    settings = settings_of(dkim_selector="s1", dkim_key_file=key_file, **fields)

    (check,) = sender(settings, _never)

    assert (check.what, check.status) == ("DKIM", "ok")
    assert check.found.startswith("signed here for s1._domainkey.")


@pytest.mark.parametrize("content", [None, b"", b"-----BEGIN PRIVATE KEY-----\nno\n"])
def test_a_key_that_cannot_sign_is_found(
    settings_of: Callable[..., Settings], tmp_path: Path, content: bytes | None
) -> None:
    """Before a mail is due."""
    path = tmp_path / "dkim.pem"
    if content is not None:
        path.write_bytes(content)

    found = _by_name(sender(settings_of(dkim_selector="s1", dkim_key_file=path), _dns(GOOD)))

    assert found["DKIM key"].status == "error"
    assert str(path) in found["DKIM key"].found
    assert "DKIM" not in found


def test_a_key_that_others_can_read_is_found(
    settings_of: Callable[..., Settings], key_file: Path
) -> None:
    """With the command that mends it; the record is looked at all the same."""
    key_file.chmod(0o640)
    settings = settings_of(dkim_selector="s1", dkim_key_file=key_file)

    found = _by_name(sender(settings, _dns(GOOD)))

    assert found["DKIM key"].status == "warning"
    assert found["DKIM key"].mend == f"run `chmod 600 {key_file}`"
    assert "DKIM" in found


@pytest.mark.parametrize(
    ("bounces", "aligned"),
    [
        (f"b@{DOMAIN}", True),
        (f"b@bounces.{DOMAIN}", True),
        ("b@uni.edu", True),
        ("b@relay.net", False),
        ("b@other.edu", False),
    ],
)
def test_failures_return_to_the_senders_domain(
    settings_of: Callable[..., Settings], bounces: str, aligned: bool
) -> None:
    """Or SPF does not count for DMARC (A39); its record is that of the domain of bounces."""
    domain = bounces.partition("@")[2]
    records = GOOD | {domain: ("v=spf1 mx -all",)}

    found = _by_name(sender(settings_of(bounce_address=bounces), _dns(records)))

    assert ("alignment" not in found) is aligned
    assert found["SPF"].found.startswith(f"{domain}: ")


def test_a_domain_in_other_letters_is_asked_for_in_ascii(
    settings_of: Callable[..., Settings],
) -> None:
    """A24: the DNS knows it as A-label."""
    settings = settings_of(sender_address="digest@münchen.de")
    asked: list[str] = []

    def look_up(name: str) -> tuple[str, ...]:
        asked.append(name)
        return ()

    list(sender(settings, look_up))

    assert asked == ["xn--mnchen-3ya.de", "_dmarc.xn--mnchen-3ya.de"]

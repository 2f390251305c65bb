"""What every mail gets at the last: a bounce address, and a signature where we sign ourselves."""

from dataclasses import replace
from pathlib import Path

import dkim
import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from digest.dkim import load_key, public_record
from digest.errors import DkimKeyError
from digest.message import Message
from paperround.context import App
from paperround.services.envelope import bounce_address, signed
from paperround.verp import read_verp
from tests.digest.mails import good_mail
from tests.paperround.services.conftest import MORNING, TODAY


@pytest.fixture
def key_file(tmp_path: Path) -> Path:
    """Write a private key."""
    return _write_key(tmp_path / "dkim.pem")


def _write_key(path: Path) -> Path:
    key = generate_private_key(65537, 2048)
    path.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    return path


def _with(app: App, **values: object) -> App:
    return replace(app, settings=app.settings.model_copy(update=values))


def _verifies(message: Message, path: Path) -> bool:
    record = public_record(load_key(path)).encode()
    return bool(dkim.verify(message.data, dnsfunc=lambda name, timeout=5: record))


def test_the_mail_server_signs_unless_told_otherwise(app: App) -> None:
    """Nothing is added."""
    assert signed(app, good_mail(), MORNING) == good_mail()


def test_a_signed_mail_verifies_and_is_the_same_on_every_try(app: App, key_file: Path) -> None:
    """A09: by dkimpy's judgement; and its hash and size are its own."""
    signing = _with(app, dkim_selector="s1", dkim_key_file=key_file)

    first, second = signed(signing, good_mail(), MORNING), signed(signing, good_mail(), MORNING)

    assert _verifies(first, key_file)
    assert first == second
    assert first.size == len(first.data) > good_mail().size
    assert b"d=example.com" in first.data


def test_a_new_key_in_the_same_file_is_used(app: App, key_file: Path) -> None:
    """Without a restart."""
    signing = _with(app, dkim_selector="s1", dkim_key_file=key_file)
    signed(signing, good_mail(), MORNING)
    key_file.unlink()
    _write_key(key_file)

    assert _verifies(signed(signing, good_mail(), MORNING), key_file)


def test_a_key_that_is_missing_says_so(app: App, tmp_path: Path) -> None:
    """With the file, and what to do."""
    signing = _with(app, dkim_selector="s1", dkim_key_file=tmp_path / "missing.pem")

    with pytest.raises(DkimKeyError, match=r"missing\.pem"):
        signed(signing, good_mail(), MORNING)


def test_a_bounce_address_names_the_mail(app: App) -> None:
    """A39: with VERP; without it all have the same one."""
    plain = _with(app, bounce_address="bounces@example.com")
    verp = _with(plain, bounce_verp=True)

    own = bounce_address(verp, 7, TODAY, "daily")
    named = read_verp(app.tokens, own)

    assert bounce_address(plain, 7, TODAY, "daily") == "bounces@example.com"
    assert named is not None
    assert (named.reader_id, named.on, named.stream) == (7, TODAY, "daily")

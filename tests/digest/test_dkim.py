"""Signatures of mails, as another implementation judges them: dkimpy."""

import hashlib
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import dkim
import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    KeySerializationEncryption,
    NoEncryption,
    PrivateFormat,
)
from hypothesis import given
from hypothesis import strategies as st

from digest.dkim import DkimKeyError, SigningKey, load_key, public_record, sign, sign_message
from digest.errors import MessageError
from digest.lint import lint
from tests.digest.mails import addressed_to, good_mail, rendered_with

# In the past of whoever runs the tests: dkimpy refuses a signature from the future.
SIGNED_AT = datetime(2024, 5, 6, 5, 30, tzinfo=UTC)
DOMAIN, SELECTOR = "papers.example", "paperround"
PLAIN = b"From: a@papers.example\r\nSubject: x\r\n\r\n"

Private = rsa.RSAPrivateKey | ed25519.Ed25519PrivateKey | ec.EllipticCurvePrivateKey


def _written(
    folder: Path,
    private: Private,
    form: PrivateFormat = PrivateFormat.PKCS8,
    encryption: KeySerializationEncryption | None = None,
) -> Path:
    path = folder / "dkim.pem"
    path.write_bytes(private.private_bytes(Encoding.PEM, form, encryption or NoEncryption()))
    return path


@pytest.fixture(scope="module")
def rsa_private() -> rsa.RSAPrivateKey:
    """Make one key for all tests: it takes a while."""
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


@pytest.fixture(scope="module")
def rsa_key(tmp_path_factory: pytest.TempPathFactory, rsa_private: rsa.RSAPrivateKey) -> SigningKey:
    """Load that key."""
    return load_key(_written(tmp_path_factory.mktemp("rsa"), rsa_private))


@pytest.fixture(scope="module")
def ed25519_key(tmp_path_factory: pytest.TempPathFactory) -> SigningKey:
    """Load a key of the other kind."""
    return load_key(_written(tmp_path_factory.mktemp("ed"), ed25519.Ed25519PrivateKey.generate()))


@pytest.fixture(params=["rsa_key", "ed25519_key"])
def key(request: pytest.FixtureRequest) -> SigningKey:
    """Take a key of each kind."""
    found: SigningKey = request.getfixturevalue(request.param)
    return found


def _signed(data: bytes, key: SigningKey, at: datetime = SIGNED_AT) -> bytes:
    return sign(data, domain=DOMAIN, selector=SELECTOR, key=key, signed_at=at)


class _Curve:
    """Takes the arguments in dkimpy's order."""

    def __init__(self, key: SigningKey) -> None:
        self.public = key.private.public_key()

    def verify(self, digest: bytes, signature: bytes) -> None:
        assert isinstance(self.public, ed25519.Ed25519PublicKey)
        self.public.verify(signature, digest)


class _Judge(dkim.DKIM):  # type: ignore[misc]  # dkimpy has no types
    """dkimpy with the curve of cryptography: its own is in a package that nothing else needs."""

    def __init__(self, data: bytes, key: SigningKey) -> None:
        super().__init__(data)
        self.key = key

    def verify_sig(self, sig: Any, include_headers: Any, sig_header: Any, dnsfunc: Any) -> bool:
        self.pk, self.keysize, self.ktag = _Curve(self.key), 256, b"ed25519"
        try:
            return bool(self.verify_sig_process(sig, include_headers, sig_header, dnsfunc))
        except (InvalidSignature, NameError):
            # dkimpy names its own package while it looks whether it knows the error.
            return False


def _is_good(data: bytes, key: SigningKey) -> bool:
    """Ask dkimpy, which asks the DNS for the record that we would publish."""

    def txt(name: bytes, timeout: float = 5) -> bytes:
        assert name == b"paperround._domainkey.papers.example."
        return public_record(key).encode()

    judge = _Judge(data, key) if key.algorithm.startswith("ed25519") else dkim.DKIM(data)
    try:
        return bool(judge.verify(dnsfunc=txt))
    except dkim.DKIMException:
        return False


def test_another_implementation_finds_a_signature_good(key: SigningKey) -> None:
    """The DNS record is the one that `doctor` asks the operator to publish (A09)."""
    assert _is_good(_signed(good_mail().data, key), key)


def test_a_signed_mail_is_what_it_was_behind_its_signature(key: SigningKey) -> None:
    """One header comes before all others, and nothing else changes."""
    data = good_mail().data

    signed = _signed(data, key)

    assert signed.endswith(b"\r\n" + data)
    assert signed.startswith(b"DKIM-Signature: v=1; a=" + key.algorithm.encode())
    assert max(map(len, signed.removesuffix(data).split(b"\r\n"))) <= 78


def test_the_same_delivery_is_signed_alike_every_time(key: SigningKey) -> None:
    """A retry sends the same bytes, whenever it comes (A47)."""
    data = good_mail().data

    assert _signed(data, key) == _signed(data, key)
    assert _signed(data, key) != _signed(data, key, SIGNED_AT + timedelta(seconds=1))


def test_both_headers_of_one_click_are_signed(key: SigningKey) -> None:
    """RFC 8058 section 4: without that no provider shows the button (A09)."""
    header = _signed(good_mail().data, key).partition(b"\r\nFrom:")[0]
    names = b"".join(header.split()).partition(b"h=")[2].partition(b";")[0].split(b":")

    assert {b"list-unsubscribe", b"list-unsubscribe-post"} <= set(names)
    assert {b"from", b"to", b"subject", b"date", b"message-id", b"list-id"} <= set(names)
    assert {b"mime-version", b"content-type", b"auto-submitted", b"feedback-id"} <= set(names)
    assert names.count(b"from") == 2
    assert names.count(b"feedback-id") == 1


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (b"List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n", b""),
        (b"List-Unsubscribe=One-Click", b"List-Unsubscribe=Two-Clicks"),
        (b"<https://papers.example/u/", b"<https://elsewhere.example/u/"),
        (b"From: Paper Round", b"From: Paper Rounds"),
        (b"ada@reader.example", b"eve@reader.example"),
        (b"Subject: Mon", b"Subject: Tue"),
        (b"May 2026", b"May 2027"),
        (b"List-Id: Paper", b"List-Id: Other"),
        (b"Feedback-ID: digest", b"Feedback-ID: another"),
        (b"On the Analytical Engine", b"On the Difference Engine"),
    ],
)
def test_whoever_changes_a_signed_mail_breaks_its_signature(
    before: bytes, after: bytes, key: SigningKey
) -> None:
    """Headers and body alike (A09)."""
    signed = _signed(good_mail().data, key)
    assert before in signed

    assert not _is_good(signed.replace(before, after), key)


@pytest.mark.parametrize(
    "added",
    [
        b"From: eve@elsewhere.example",
        b"To: everybody@elsewhere.example",
        b"Subject: Another",
        b"List-Unsubscribe: <https://elsewhere.example/>",
        b"List-Unsubscribe-Post: List-Unsubscribe=Two-Clicks",
        b"Content-Type: text/html",
    ],
)
def test_whoever_adds_another_header_of_a_kind_breaks_the_signature(
    added: bytes, key: SigningKey
) -> None:
    """Oversigned: readers would see one and the signature would be about the other (A01)."""
    signature, _, rest = _signed(good_mail().data, key).partition(b"\r\nFrom:")

    assert not _is_good(signature + b"\r\n" + added + b"\r\nFrom:" + rest, key)


@pytest.mark.parametrize(
    "added", [b"Received: from relay.example", b"Feedback-ID: 1.eu:relay", b"X-Spam-Score: 0"]
)
def test_relays_may_add_headers_of_their_own(added: bytes, key: SigningKey) -> None:
    """Above ours, as relays do."""
    assert _is_good(added + b"\r\n" + _signed(good_mail().data, key), key)


def test_white_space_that_relays_change_does_no_harm(key: SigningKey) -> None:
    """Both canonicalisations are relaxed."""
    signed = _signed(good_mail().data, key).replace(b"Subject: Mon", b"subject:  Mon")

    assert _is_good(signed + b"\r\n\r\n", key)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\r\n\r\n\r\n",
        b"one line",
        b"spaces  and\ttabs \t\r\n at \t the end \r\n",
        b" \r\n\t\r\nonly space before\r\n \r\n\r\n",
        b"two\r\n\r\nparagraphs  \r\n\r\n",
    ],
)
def test_bodies_of_every_shape_are_signed_well(body: bytes, key: SigningKey) -> None:
    """Corners of RFC 6376 section 3.4.4."""
    assert _is_good(_signed(PLAIN + body, key), key)


@given(st.lists(st.sampled_from([b"a", b" ", b"\t", b"\r\n", b"=", b"b "]), max_size=30))
def test_any_body_is_signed_well(ed25519_key: SigningKey, pieces: list[bytes]) -> None:
    """Whatever its white space is like; SMTP ends every mail with a line end."""
    data = PLAIN + b"".join(pieces) + b"\r\n"

    assert _is_good(_signed(data, ed25519_key), ed25519_key)


@given(st.text(max_size=60), st.text(max_size=60))
def test_any_subject_and_name_are_signed_well(
    ed25519_key: SigningKey, subject: str, name: str
) -> None:
    """However they are folded and encoded (T88, T90)."""
    assert _is_good(_signed(rendered_with(subject=subject).data, ed25519_key), ed25519_key)
    mail = addressed_to(name)
    assert _is_good(_signed(mail.data, ed25519_key), ed25519_key)


def test_a_mail_to_a_local_part_that_is_not_ascii_is_signed_well(key: SigningKey) -> None:
    """Its headers are in UTF-8 (A25)."""
    assert _is_good(_signed(addressed_to("Ada", "ädä@reader.example").data, key), key)


def test_a_signed_message_knows_its_hash_and_its_size(key: SigningKey) -> None:
    """The ledger keeps them."""
    message = good_mail()

    signed = sign_message(message, domain=DOMAIN, selector=SELECTOR, key=key, signed_at=SIGNED_AT)

    assert signed.data == _signed(message.data, key)
    assert signed.sha256 == hashlib.sha256(signed.data).hexdigest()
    assert signed.size == len(signed.data)
    assert (signed.envelope, signed.message_id) == (message.envelope, message.message_id)


def test_a_signed_mail_passes_the_lint(key: SigningKey) -> None:
    """The signature is one more header, folded well (A20)."""
    assert lint(_signed(good_mail().data, key)) == lint(good_mail().data)


def test_a_mail_without_sender_is_not_signed(key: SigningKey) -> None:
    """RFC 6376 section 5.4: From must be."""
    with pytest.raises(MessageError, match="From is missing"):
        _signed(b"Subject: x\r\n\r\nbody", key)


@pytest.mark.parametrize("form", [PrivateFormat.PKCS8, PrivateFormat.TraditionalOpenSSL])
def test_both_forms_of_rsa_keys_are_read(
    tmp_path: Path, rsa_private: rsa.RSAPrivateKey, form: PrivateFormat
) -> None:
    """`BEGIN PRIVATE KEY` and `BEGIN RSA PRIVATE KEY`."""
    key = load_key(_written(tmp_path, rsa_private, form))

    assert key.algorithm == "rsa-sha256"
    assert public_record(key).startswith("v=DKIM1; k=rsa; p=MIIBIjAN")


def test_the_record_of_a_short_key_is_short(ed25519_key: SigningKey) -> None:
    """RFC 8463 section 4: the 32 octets themselves."""
    record = public_record(ed25519_key)

    assert record.startswith("v=DKIM1; k=ed25519; p=")
    assert len(record) == len("v=DKIM1; k=ed25519; p=") + 44


def _encrypted(folder: Path) -> Path:
    private = ed25519.Ed25519PrivateKey.generate()
    return _written(folder, private, encryption=BestAvailableEncryption(b"secret"))


def _small(folder: Path) -> Path:
    # Of two Mersenne primes; nobody makes keys of that size any more, so it has to be composed.
    p, q, e = 2**521 - 1, 2**127 - 1, 65537
    d = pow(e, -1, (p - 1) * (q - 1))
    public = rsa.RSAPublicNumbers(e, p * q)
    numbers = rsa.RSAPrivateNumbers(p, q, d, d % (p - 1), d % (q - 1), pow(q, -1, p), public)
    return _written(folder, numbers.private_key())


def _other(folder: Path) -> Path:
    return _written(folder, ec.generate_private_key(ec.SECP256R1()))


def _nothing(folder: Path) -> Path:
    (folder / "dkim.pem").write_bytes(b"-----BEGIN PRIVATE KEY-----\nbm9uZQ==\n")
    return folder / "dkim.pem"


@pytest.mark.parametrize(
    ("make", "problem"),
    [
        (lambda folder: folder / "none.pem", "No such file"),
        (lambda folder: folder, "Is a directory"),
        (_encrypted, "the key is encrypted"),
        (_other, "neither RSA nor Ed25519"),
        (_small, "an RSA key of 648 bits is too small"),
        (_nothing, "it holds no private key in PEM"),
    ],
)
def test_a_key_that_cannot_sign_is_named_with_what_to_do(
    tmp_path: Path, make: Callable[[Path], Path], problem: str
) -> None:
    """One line: which file, why, and how to get a good one."""
    path = make(tmp_path)

    with pytest.raises(DkimKeyError, match=problem) as caught:
        load_key(path)

    assert caught.value.path == str(path)
    assert "openssl genrsa -out" in str(caught.value)


def test_a_key_does_not_show_itself(key: SigningKey) -> None:
    """Neither in logs nor in tracebacks."""
    assert "private" not in repr(key).lower()

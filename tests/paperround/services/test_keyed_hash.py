"""Keyed hashes: what stands for an address, and hides it."""

from dataclasses import replace

import pytest

from paperround.context import App
from paperround.services.keyed_hash import (
    address_hash,
    address_hashes,
    mailbox_hash,
    source_hash,
)
from paperround.tokens import Tokens

ADA = "ada@example.org"


def test_an_address_has_one_hash_however_it_is_written(app: App) -> None:
    """Capitals and spaces around it do not matter."""
    assert address_hash(app, " ADA@Example.org ") == address_hash(app, ADA)
    assert address_hash(app, "ada2@example.org") != address_hash(app, ADA)


def test_nobody_finds_an_address_without_the_key(app: App) -> None:
    """Another secret makes another hash, so trying all addresses is in vain."""
    other = replace(app, tokens=Tokens(["another secret"]))

    assert address_hash(other, ADA) != address_hash(app, ADA)
    assert "ada" not in address_hash(app, ADA)


def test_hashes_of_former_secrets_are_known(app: App) -> None:
    """The one of today first."""
    changed = replace(
        app, tokens=Tokens(["another secret", "a secret of a test, long enough to be one"])
    )

    assert address_hashes(changed, ADA)[1:] == address_hashes(app, ADA)
    assert address_hashes(changed, ADA)[0] == address_hash(changed, ADA)


def test_all_names_of_a_mailbox_have_one_hash(app: App) -> None:
    """What stands behind a plus reaches the same."""
    assert mailbox_hash(app, "ada+papers@example.org") == mailbox_hash(app, ADA)
    assert mailbox_hash(app, "ada@example.com") != mailbox_hash(app, ADA)


def test_kinds_of_hashes_never_meet(app: App) -> None:
    """An address, a mailbox and a source of the same letters are three things."""
    assert len({address_hash(app, ADA), mailbox_hash(app, ADA), source_hash(app, ADA)}) == 3


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("2001:db8::1", "2001:db8::ffff:2"),
        ("2001:DB8:0::1", "2001:db8::1"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("testclient", "testclient"),
    ],
)
def test_addresses_of_one_machine_are_one_source(app: App, one: str, other: str) -> None:
    """IPv6 gives a household 2**64 of them."""
    assert source_hash(app, one) == source_hash(app, other)


@pytest.mark.parametrize(
    ("one", "other"), [("2001:db8::1", "2001:db8:0:1::1"), ("192.0.2.7", "192.0.2.8")]
)
def test_machines_are_told_apart(app: App, one: str, other: str) -> None:
    """A limit is for one of them."""
    assert source_hash(app, one) != source_hash(app, other)


def test_no_source_has_no_hash(app: App) -> None:
    """A command comes from nowhere."""
    assert source_hash(app, "") == ""

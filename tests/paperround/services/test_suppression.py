"""Addresses that are not written to, by the operator's word."""

import pytest

from paperround.context import App
from paperround.errors import InvalidReaderError
from paperround.services.leaving import forget_reader, unsubscribe_reader
from paperround.services.suppression import Suppressed, lift, suppress
from paperround.store.models import ReaderState
from paperround.testing import FrozenClock
from tests.digest.reports import ADA
from tests.paperround.services.bouncing import consents, reader, saved, sent, suppression

NOBODY = "nobody@reader.example"


def test_a_reader_is_written_to_no_more(app: App) -> None:
    """At once: what is claimed is asked again before it goes out."""
    ada = saved(app)

    done = suppress(app, ADA.upper().replace("READER.EXAMPLE", "reader.example"))

    row, kept = reader(app, ada), suppression(app)
    assert (done.changed, done.is_reader, done.active) == (True, True, False)
    assert (row.state, row.next_due_at) == (ReaderState.SUPPRESSED, None)
    assert kept is not None
    assert kept.reason == "operator"
    assert consents(app, ada)[-1] == ("suppressed", "command")


def test_an_address_of_nobody_can_be_barred(app: App) -> None:
    """Before anybody brings it in."""
    assert suppress(app, NOBODY) == Suppressed(NOBODY, True, False, False)
    assert suppress(app, NOBODY).changed is False
    assert suppression(app, NOBODY) is not None


def test_lifting_brings_a_reader_back_at_their_next_hour(app: App, clock: FrozenClock) -> None:
    """And never on a date that was served."""
    ada = saved(app)
    sent(app, ada)
    suppress(app, ADA)

    done = lift(app, ADA)

    row = reader(app, ada)
    assert done == Suppressed(ADA, True, True, True)
    assert row.state == ReaderState.ACTIVE
    assert row.next_due_on is not None
    assert row.next_due_on > clock().date()
    assert (row.soft_bounces, row.hard_bounces, row.bounced_on) == (0, 0, None)
    assert suppression(app) is None
    assert consents(app, ada)[-1] == ("lifted", "command")


def test_lifting_what_is_not_suppressed_changes_nothing(app: App) -> None:
    """Nor does it write into the log."""
    ada = saved(app)
    before = consents(app, ada)

    assert lift(app, ADA) == Suppressed(ADA, False, True, True)
    assert lift(app, NOBODY) == Suppressed(NOBODY, False, False, False)
    assert consents(app, ada) == before


def test_whoever_left_does_not_come_back_by_the_operator(app: App) -> None:
    """Only by a new confirmation."""
    ada = saved(app)
    unsubscribe_reader(app, ADA, how="command")
    suppress(app, ADA)

    done = lift(app, ADA)

    assert (done.changed, done.active) == (True, False)
    assert reader(app, ada).state == ReaderState.UNSUBSCRIBED
    assert suppression(app) is None


def test_the_address_of_somebody_who_was_forgotten_can_be_lifted(app: App) -> None:
    """There is no reader then, only the hash."""
    saved(app)
    forget_reader(app, ADA)

    assert lift(app, ADA) == Suppressed(ADA, True, False, False)
    assert suppression(app) is None


def test_a_dry_run_changes_nothing(app: App) -> None:
    """And says what would be done."""
    ada = saved(app)

    assert suppress(app, ADA, dry_run=True).changed
    assert reader(app, ada).state == ReaderState.ACTIVE
    suppress(app, ADA)
    assert lift(app, ADA, dry_run=True) == Suppressed(ADA, True, True, True)
    assert reader(app, ada).state == ReaderState.SUPPRESSED


def test_what_is_no_address_is_refused(app: App) -> None:
    """Rather than hashed."""
    with pytest.raises(InvalidReaderError):
        suppress(app, "not an address")
    with pytest.raises(InvalidReaderError):
        lift(app, "not an address")

"""What a fault means for the row and for the relay, and what all workers know of it."""

from dataclasses import replace
from datetime import timedelta

import pytest

from digest.errors import (
    AmbiguousDeliveryError,
    FolderUnavailableError,
    MailError,
    MessageRefusedError,
    Phase,
    ProtocolFaultError,
    RateLimitedError,
    RecipientDeferredError,
    RecipientRefusedError,
    RelayConfigError,
    RelayUnavailableError,
    SenderRefusedError,
)
from paperround.context import App
from paperround.services.relays import (
    Break,
    Tally,
    Verdict,
    ask,
    is_troubled,
    kind_of,
    relay_name,
    report,
    return_slots,
    verdict,
)
from paperround.settings import MailerKind
from paperround.testing import FrozenClock

THEIRS = Verdict(Break.NONE, untouched=False)
DOWN = Verdict(Break.PAUSE, untouched=True)


@pytest.mark.parametrize(
    ("kind", "phase", "code", "meaning"),
    [
        (RelayUnavailableError, Phase.CONNECT, 421, DOWN),
        (RelayUnavailableError, Phase.BODY, None, DOWN),
        (RelayConfigError, Phase.AUTH, 535, DOWN),
        (SenderRefusedError, Phase.CONNECT, 554, DOWN),
        (SenderRefusedError, Phase.MAIL, 550, DOWN),
        (SenderRefusedError, Phase.RCPT, 550, THEIRS),
        (RateLimitedError, Phase.MAIL, 421, Verdict(Break.SLOWER, untouched=True)),
        (RateLimitedError, Phase.RCPT, 421, Verdict(Break.SLOWER, untouched=False)),
        (RateLimitedError, Phase.RCPT, 451, THEIRS),
        (RecipientRefusedError, Phase.RCPT, 550, THEIRS),
        (RecipientDeferredError, Phase.RCPT, 452, THEIRS),
        (MessageRefusedError, Phase.DOT, 552, THEIRS),
        (ProtocolFaultError, Phase.RCPT, 503, THEIRS),
        (AmbiguousDeliveryError, Phase.DOT, None, THEIRS),
    ],
)
def test_the_class_and_the_phase_decide(
    kind: type[MailError], phase: Phase, code: int | None, meaning: Verdict
) -> None:
    """C4: a greylisted address is its own affair, a relay that is away is everybody's."""
    assert verdict(kind("said so", phase=phase, code=code), Tally()) == meaning


def test_a_full_disk_stops_the_run() -> None:
    """T36: the folder of mails counts as a relay."""
    assert verdict(FolderUnavailableError("/x", "no space"), Tally()) == DOWN


@pytest.mark.parametrize(
    ("kind", "refused", "others", "relay"),
    [
        (SenderRefusedError, 4, 0, Break.NONE),
        (SenderRefusedError, 5, 20, Break.PAUSE),
        (SenderRefusedError, 5, 80, Break.NONE),
        (MessageRefusedError, 5, 8, Break.PAUSE),
        (MessageRefusedError, 5, 20, Break.NONE),
    ],
)
def test_many_alike_refusals_are_our_fault(
    kind: type[MailError], refused: int, others: int, relay: Break
) -> None:
    """T72: 20 % of 5.7.1 open the breaker; a few among many do not."""
    tally, error = Tally(), kind("550 5.7.1 blocked", phase=Phase.RCPT, code=550)
    for _ in range(refused):
        tally.add(kind_of(error))
    for _ in range(others):
        tally.add(kind_of(None))

    assert verdict(error, tally) == Verdict(relay, untouched=False)


def _paced(app: App, per_second: float = 0.0, per_hour: int = 0) -> App:
    pace = {"smtp_per_second": per_second, "smtp_per_hour": per_hour}
    return replace(app, settings=app.settings.model_copy(update=pace))


def test_a_paused_relay_grants_nothing_and_says_why(app: App, clock: FrozenClock) -> None:
    """T67, T71: to every worker, also after a restart."""
    report(app, Break.PAUSE, "535 5.7.8 wrong password")

    grant, why = ask(app, 20)
    clock.advance(timedelta(minutes=1))
    again, _ = ask(app, 20)

    assert (grant.count, why) == (0, "535 5.7.8 wrong password")
    assert again.count == 20


def test_each_fault_in_a_row_pauses_longer(app: App, clock: FrozenClock) -> None:
    """Up to half an hour; no thundering herd at a relay that comes back."""
    pauses = []
    for _ in range(8):
        report(app, Break.PAUSE, "gone")
        pauses.append(ask(app, 1)[0].first_at - clock())

    assert [pause / timedelta(minutes=1) for pause in pauses] == [1, 2, 5, 10, 15, 30, 30, 30]


def test_a_success_forgets_the_faults(app: App, clock: FrozenClock) -> None:
    """And lets the rate recover."""
    report(app, Break.SLOWER, "421 slow down")
    clock.advance(timedelta(seconds=30))
    slow = ask(app, 20)[0].interval
    troubled = is_troubled(app)
    for _ in range(3):
        report(app, Break.NONE, "")

    assert slow > timedelta()
    assert troubled
    assert not is_troubled(app)
    assert ask(app, 20)[0].interval == timedelta()


def test_the_hour_is_shared_and_what_was_not_used_comes_back(app: App) -> None:
    """T73: across processes, since it is kept in the database."""
    paced = _paced(app, per_hour=10)
    first, _ = ask(paced, 8)
    second, _ = ask(paced, 8)
    return_slots(paced, 4)
    third, _ = ask(paced, 8)

    assert (first.count, second.count, third.count) == (8, 2, 4)


def test_a_relay_is_known_by_host_and_port(app: App) -> None:
    """Two relays have two breakers."""
    smtp = {"mailer": MailerKind.SMTP, "smtp_host": "relay.example", "smtp_port": 25}

    assert relay_name(replace(app, settings=app.settings.model_copy(update=smtp))) == (
        "relay.example:25"
    )
    assert relay_name(app).startswith("folder ")

"""C3 and C4, row by row: what each fault of a relay makes of the delivery, the reader, the relay.

A scripted relay says the words byte by byte; everything else is real.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import count

import pytest

from digest.mail import SmtpConfig, SmtpMailer
from paperround.context import App
from paperround.services.interests import NewInterest, add_interest
from paperround.services.readers import NewReader, add_reader, show_reader
from paperround.services.relays import relay_name
from paperround.services.send import SendReport, send_due
from paperround.settings import MailerKind, OnAmbiguous
from paperround.store.models import DeliveryState, Reader, ReaderState, Relay
from paperround.testing import FrozenClock
from tests.digest.mailing import free_port
from tests.digest.scripted_smtp import CLOSE, SILENCE, Script, ScriptedRelay
from tests.paperround.services.conftest import ADA

SENT, PENDING, DEFERRED = DeliveryState.SENT, DeliveryState.PENDING, DeliveryState.DEFERRED
FAILED, AMBIGUOUS = DeliveryState.FAILED, DeliveryState.AMBIGUOUS
ACTIVE, SUPPRESSED = ReaderState.ACTIVE, ReaderState.SUPPRESSED

Sending = Callable[[App, int], App]


@dataclass(frozen=True, slots=True)
class After:
    """What is there after one run."""

    row: DeliveryState
    attempt: int
    reader: ReaderState = ACTIVE
    soft: int = 0
    hard: int = 0
    faults: int = 0
    paused: bool = False
    slower: bool = False


def _through(app: App, port: int, **config: object) -> App:
    """Return an App that sends to a port of this machine, impatiently."""
    values = {"timeout_s": 1.0, "final_timeout_s": 1.0, "security": "none"} | config
    smtp = SmtpConfig("127.0.0.1", port, **values)  # type: ignore[arg-type]
    settings = app.settings.model_copy(
        update={"mailer": MailerKind.SMTP, "smtp_host": "127.0.0.1", "smtp_port": port}
    )
    return replace(app, settings=settings, open_mailer=lambda: SmtpMailer(smtp))


def _after(app: App, address: str = ADA) -> After:
    shown = show_reader(app, address)
    with app.database.read() as session:
        relay = session.get(Relay, relay_name(app))
        assert relay is not None
        return After(
            row=DeliveryState(shown.deliveries[0].state),
            attempt=shown.deliveries[0].attempt,
            reader=ReaderState(shown.reader.state),
            soft=shown.reader.soft_bounces,
            hard=shown.reader.hard_bounces,
            faults=relay.faults,
            paused=relay.paused_until is not None,
            slower=relay.slowdown > 1,
        )


WELL = After(SENT, 1)
DOWN = After(PENDING, 0, faults=1, paused=True)
SLOWER = After(PENDING, 0, faults=1, paused=True, slower=True)
LATER = After(DEFERRED, 1)


@pytest.mark.parametrize(
    ("script", "after"),
    [
        pytest.param({}, WELL, id="T45 success"),
        pytest.param({"GREETING": "421 4.3.2 busy"}, DOWN, id="T46 421 banner"),
        pytest.param({"GREETING": SILENCE}, DOWN, id="T47 banner hangs"),
        pytest.param({"GREETING": "554 5.7.1 blocked"}, DOWN, id="T48 554 banner"),
        pytest.param({"MAIL": "451 4.3.0 try later"}, SLOWER, id="T49 MAIL 451"),
        pytest.param({"MAIL": "550 5.7.1 not you"}, DOWN, id="T50 MAIL 550"),
        pytest.param(
            {"RCPT": "550 5.1.1 no such user"},
            After(FAILED, 1, SUPPRESSED, soft=1, hard=1),
            id="T51 RCPT 550 5.1.1",
        ),
        pytest.param(
            {"RCPT": "550 user unknown"},
            After(FAILED, 1, soft=1, hard=1),
            id="T52 RCPT 550 without code",
        ),
        pytest.param(
            {"RCPT": "452 4.2.2 mailbox full"}, After(DEFERRED, 1, soft=1), id="T53 RCPT 452"
        ),
        pytest.param({"RCPT": "451 4.7.1 greylisted"}, LATER, id="T54 RCPT 451 greylisting"),
        pytest.param({"RCPT": "550 5.7.1 policy"}, LATER, id="T55 RCPT 550 5.7.1"),
        pytest.param({"DATA": "451 4.3.0 later"}, LATER, id="T56 DATA 451"),
        pytest.param({"DATA": "554 5.6.0 content"}, After(FAILED, 1), id="T57 DATA 554"),
        pytest.param({"DOT": "451 4.3.0 later"}, LATER, id="T59 dot 451"),
        pytest.param({"DOT": "552 5.3.4 too big"}, After(FAILED, 1), id="T60 dot 552"),
        pytest.param({"DOT": SILENCE}, LATER, id="T61 dot, no reply"),
        pytest.param({"DOT": CLOSE}, LATER, id="T62 dot, connection drops"),
        pytest.param({"QUIT": SILENCE}, WELL, id="T62 QUIT hangs"),
        pytest.param({"EHLO": "250-x\r\n250 SIZE 1000"}, After(FAILED, 1), id="T64 SIZE"),
        pytest.param({"RCPT": "503 5.5.1 bad sequence"}, LATER, id="C4 protocol"),
        pytest.param(
            {"RCPT": "421 4.7.0 slow down"},
            After(DEFERRED, 1, faults=1, paused=True, slower=True),
            id="C4 421 at RCPT",
        ),
    ],
)
def test_every_fault_has_its_row(
    stocked: App, clock: FrozenClock, script: Script, after: After
) -> None:
    """T45 to T64: state, tries, counters of the reader, state of the relay."""
    clock.advance(timedelta(days=1))

    with ScriptedRelay(script) as relay:
        app = _through(stocked, relay.port)
        send_due(app)

    assert _after(app) == after


def test_a_drop_in_the_middle_of_the_body_is_never_taken_for_a_delivery(
    stocked: App, clock: FrozenClock
) -> None:
    """T58: harmless, or in doubt where the kernel had taken the whole mail before it noticed."""
    clock.advance(timedelta(days=1))

    with ScriptedRelay({"BODY": CLOSE}) as relay:
        app = _through(stocked, relay.port)
        send_due(app)

    assert _after(app) in (DOWN, LATER)


@pytest.mark.parametrize("reply", [SILENCE, CLOSE])
def test_a_mail_in_doubt_waits_for_the_operator_who_wants_to_decide(
    stocked: App, clock: FrozenClock, reply: str
) -> None:
    """T61, T62 with `on_ambiguous = hold`: one mail, and the row says so."""
    clock.advance(timedelta(days=1))
    with ScriptedRelay({"DOT": reply}, {}) as relay:
        app = _through(stocked, relay.port)
        app = replace(
            app, settings=app.settings.model_copy(update={"on_ambiguous": OnAmbiguous.HOLD})
        )
        send_due(app)
        clock.advance(timedelta(hours=1))
        send_due(app)

    assert (len(relay.mails), _after(app).row) == (1, AMBIGUOUS)


def _crowd(app: App, number: int) -> list[str]:
    addresses = [f"reader{n}@example.org" for n in range(number)]
    for address in addresses:
        add_reader(app, NewReader(address, "", "UTC", "07:00", "daily"))
        add_interest(app, address, NewInterest("Coding", keywords=("codes",), threshold=0.0))
    return addresses


def _runs(app: App, clock: FrozenClock, minutes: int) -> list[SendReport]:
    reports = []
    for _ in range(minutes):
        reports.append(send_due(app))
        clock.advance(timedelta(minutes=1))
    return reports


def test_a_relay_that_cuts_after_some_mails_gets_all_of_them(
    stocked: App, clock: FrozenClock
) -> None:
    """T63: 421 after the fifth on each connection; the second connection takes the rest."""
    _crowd(stocked, 11)
    clock.advance(timedelta(days=1))
    cut: Script = {"MAIL": (*["250 2.1.0 Ok"] * 5, "421 4.7.0 enough for one connection")}

    with ScriptedRelay(cut) as relay:
        report = send_due(_through(stocked, relay.port))

    assert (report.count(SENT), len(relay.mails), len(relay.commands)) == (12, 12, 3)


def test_a_relay_without_extensions_is_good_enough(stocked: App, clock: FrozenClock) -> None:
    """T65: no 8BITMIME, no SMTPUTF8, no PIPELINING, not even EHLO."""
    clock.advance(timedelta(days=1))
    with ScriptedRelay({"EHLO": "502 5.5.1 what?"}) as relay:
        report = send_due(_through(stocked, relay.port))

    assert (report.count(SENT), len(relay.mails)) == (1, 1)


def test_a_greylisted_mail_is_delivered_once(stocked: App, clock: FrozenClock) -> None:
    """T66: refused, refused, taken."""
    grey: Script = {"RCPT": ("451 4.7.1 greylisted",)}
    clock.advance(timedelta(days=1))

    with ScriptedRelay(grey, grey, {}) as relay:
        _runs(_through(stocked, relay.port), clock, 15)

    assert len(relay.mails) == 1


def test_after_two_hours_without_a_relay_all_are_served_in_order(
    stocked: App, clock: FrozenClock
) -> None:
    """T67: few knocks at a closed door, no try counted, the longest waiting first."""
    addresses = _crowd(stocked, 4)
    clock.advance(timedelta(days=1))
    knocks = count()
    down = _through(stocked, free_port())
    opened = down.open_mailer

    def counted() -> SmtpMailer:
        next(knocks)
        mailer = opened()
        assert isinstance(mailer, SmtpMailer)
        return mailer

    _runs(replace(down, open_mailer=counted), clock, 120)
    with ScriptedRelay() as relay:
        up = replace(down, open_mailer=_through(stocked, relay.port).open_mailer)
        clock.advance(timedelta(minutes=30))
        send_due(up)

    assert len(relay.mails) == 5
    assert all(show_reader(stocked, one).deliveries[0].attempt == 1 for one in addresses)
    assert sum("relay" in line for line in show_reader(stocked, ADA).deliveries[0].history) == 0


def test_a_relay_that_hides_its_encryption_is_not_spoken_to(
    stocked: App, clock: FrozenClock
) -> None:
    """T70: STARTTLS stripped; nothing is sent, nobody is charged."""
    clock.advance(timedelta(days=1))
    with ScriptedRelay() as relay:
        app = _through(stocked, relay.port, security="starttls")
        send_due(app)

    assert (relay.mails, _after(app)) == ([], DOWN)


def test_refusals_for_policy_open_the_breaker_and_suppress_nobody(
    stocked: App, clock: FrozenClock
) -> None:
    """T72: one in five refused with 5.7.1."""
    addresses = _crowd(stocked, 60)
    clock.advance(timedelta(days=1))
    fifth: Script = {"RCPT": (*["250 Ok"] * 4, "550 5.7.1 blocked") * 20}

    with ScriptedRelay(fifth) as relay:
        app = _through(stocked, relay.port)
        report = send_due(app)

    readers: list[Reader] = [show_reader(app, address).reader for address in addresses]
    assert "5.7.1" in report.problem or "blocked" in report.problem
    assert len(relay.mails) < 61
    assert _after(app).paused
    assert {reader.state for reader in readers} == {ACTIVE}
    assert {reader.hard_bounces for reader in readers} == {0}

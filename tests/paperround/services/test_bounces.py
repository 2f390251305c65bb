"""Mails that came back: whom they are about, and whether they count."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlmodel import select

from paperround.bouncebox import BounceBoxError, MaildirBox, Waiting
from paperround.context import App
from paperround.errors import StoreError
from paperround.services.bounces import BounceReport, read_bounces, take_bounces
from paperround.services.leaving import forget_reader
from paperround.services.notices import confirm_token
from paperround.services.subscribe import Subscription, confirm, subscribe
from paperround.store.models import Bounce, ReaderState
from paperround.testing import FrozenClock
from paperround.tokens import Purpose
from tests.digest.reports import ADA, AWAY, BOUNCES, DELAYED_QMAIL, IDENTITY, complaint, dsn
from tests.paperround.services.bouncing import (
    LEAVE,
    Tray,
    bouncing,
    consents,
    counted,
    note,
    reader,
    returned,
    saved,
    saved_at_once,
    sent,
    suppression,
    take,
    verp,
)

GRACE = "grace@reader.example"
DAY = timedelta(days=1)


@pytest.fixture
def app(app: App) -> App:
    """Take bounces and mails that unsubscribe."""
    return bouncing(app)


# Whom a report is about


def test_a_bounce_address_names_the_reader(app: App) -> None:
    """VERP first: nobody can make one up (A39)."""
    ada, grace = saved(app), saved(app, GRACE)

    report = take(app, dsn(to=verp(app, grace), recipient=f"rfc822; {GRACE}", about=""))

    assert counted(report) == {"hard": 1, "suppressed": 1}
    assert reader(app, grace).state == ReaderState.SUPPRESSED
    assert reader(app, ada).state == ReaderState.ACTIVE


def test_without_a_bounce_address_the_message_id_names_the_reader(app: App) -> None:
    """The fall-back where the relay takes one envelope sender only (A39)."""
    ada = saved(app)
    sent(app, ada, message_id=IDENTITY)

    report = take(app, dsn())

    assert counted(report) == {"hard": 1, "suppressed": 1}


def test_a_recipient_alone_proves_nothing(app: App) -> None:
    """Anybody can write that a mailbox is gone."""
    ada = saved(app)

    report = take(app, dsn(about=""))

    assert counted(report) == {"unknown": 1}
    assert reader(app, ada).state == ReaderState.ACTIVE


@pytest.mark.parametrize(
    "to", ["bounces+" + "a" * 29 + "@papers.example", "bounces+x@papers.example"]
)
def test_a_forged_report_is_kept_and_charged_to_nobody(app: App, to: str) -> None:
    """T122."""
    ada = saved(app)
    sent(app, ada, message_id="<another@papers.example>")

    report = take(app, dsn(to=to))

    assert counted(report) == {"unknown": 1}
    assert returned(app, ada) == []
    with app.database.read() as session:
        (row,) = session.exec(select(Bounce)).all()
        assert (row.reader_id, row.kind, row.status) == (None, "hard", "5.1.1")


def test_a_message_id_with_another_recipient_charges_nobody(app: App) -> None:
    """Whoever got a digest passed on knows its Message-ID."""
    ada = saved(app)
    sent(app, ada, message_id=IDENTITY)

    report = take(app, dsn(recipient="rfc822; eve@elsewhere.example"))

    assert counted(report) == {"past": 1}
    assert returned(app, ada) == []


def test_an_address_that_mail_is_passed_on_to_charges_the_reader(app: App) -> None:
    """Signed by us, so it is their mail that did not arrive."""
    ada = saved(app)

    report = take(app, dsn(to=verp(app, ada), recipient="rfc822; ada@home.example"))

    assert counted(report) == {"hard": 1, "suppressed": 1}


def test_addresses_are_compared_as_servers_write_them(app: App) -> None:
    """Case, and domains that are not ASCII (A24)."""
    ada = saved(app, "ada@münchen.example")
    sent(app, ada, message_id=IDENTITY)

    report = take(app, dsn(recipient="rfc822; ADA@xn--mnchen-3ya.example"))

    assert counted(report) == {"hard": 1, "suppressed": 1}


def test_a_report_about_somebody_who_was_forgotten_names_nobody(app: App) -> None:
    """T107."""
    ada = saved(app)
    data = dsn(to=verp(app, ada))
    forget_reader(app, ADA)

    assert counted(take(app, data)) == {"unknown": 1}


@pytest.mark.parametrize("recipient", [".ada.@reader.example", "ada@-reader.example"])
def test_an_address_that_cannot_be_is_nobodys(app: App, recipient: str) -> None:
    """Servers write odd things; comparing them must not fail."""
    ada = saved(app)
    sent(app, ada, message_id=IDENTITY)

    assert counted(take(app, dsn(recipient=f"rfc822; {recipient}"))) == {"past": 1}


# What is over


def test_a_bounce_from_before_a_change_of_address_charges_nobody(
    app: App, clock: FrozenClock
) -> None:
    """T124: it is the old address that is gone."""
    ada = saved(app, "ada@new.example")
    data = dsn(to=verp(app, ada), recipient=f"rfc822; {ADA}")
    clock.advance(timedelta(hours=1))
    note(app, ada, "moved")

    report = take(app, data)

    assert counted(report) == {"past": 1}
    assert reader(app, ada).state == ReaderState.ACTIVE
    assert returned(app, ada) == []


def test_a_bounce_of_the_new_address_charges_the_reader(app: App, clock: FrozenClock) -> None:
    """T124: also on the day of the change."""
    ada = saved(app, "ada@new.example")
    note(app, ada, "moved")
    clock.advance(timedelta(hours=1))

    report = take(app, dsn(to=verp(app, ada), recipient="rfc822; ada@new.example"))

    assert counted(report) == {"hard": 1, "suppressed": 1}


@pytest.mark.parametrize("named", ["bounce address", "message id"])
def test_an_address_that_a_reader_only_wishes_for_is_not_theirs(app: App, named: str) -> None:
    """What asks the new address to confirm says nothing about the old one."""
    ada = saved(app)
    sent(app, ada, stream="move-new.1", message_id=IDENTITY)
    to = verp(app, ada, stream="move-new.1") if named == "bounce address" else BOUNCES

    report = take(app, dsn(to=to, recipient=""))

    assert counted(report) == {"past": 1}


def test_a_new_confirmation_forgives_what_bounced_before(app: App, clock: FrozenClock) -> None:
    """T126: also reports of mails of before that come only now."""
    ada = saved(app)
    first, late = dsn(to=verp(app, ada)), dsn(to=verp(app, ada), message_id="<late@x.example>")
    assert counted(take(app, first)) == {"hard": 1, "suppressed": 1}
    clock.advance(DAY)
    subscribe(app, Subscription(ADA), how="web")
    confirm(app, confirm_token(app, reader(app, ada)), how="web")

    report = take(app, late)

    row = reader(app, ada)
    assert counted(report) == {"past": 1}
    assert row.state == ReaderState.ACTIVE
    assert row.next_due_at is not None
    assert (row.soft_bounces, row.hard_bounces, row.bounced_on) == (0, 0, None)
    assert suppression(app) is None


# What counts


def test_a_reader_whose_mailbox_is_gone_is_written_to_no_more(app: App) -> None:
    """C4: at once, where the code leaves no doubt."""
    ada = saved(app)

    take(app, dsn(to=verp(app, ada)))

    row, kept = reader(app, ada), suppression(app)
    assert row.state == ReaderState.SUPPRESSED
    assert (row.next_due_at, row.next_due_on) == (None, None)
    assert kept is not None
    assert kept.reason == "bounce"
    assert ADA not in kept.address_hash
    assert consents(app, ada)[-1] == ("suppressed", "bounce")


def test_the_same_report_counts_once(app: App) -> None:
    """T121: however often it comes, by whatever way."""
    ada = saved(app)
    data = dsn(to=verp(app, ada), code="smtp; 550 no", status="")

    reports = [take(app, data), take(app, b"Received: by another\r\n" + data, data)]

    assert [counted(report) for report in reports] == [{"hard": 1}, {"repeated": 2}]
    assert len(returned(app, ada)) == 1


def test_the_same_report_without_an_identity_counts_once(app: App) -> None:
    """T121: then its content tells it."""
    ada = saved(app)
    data = dsn(to=verp(app, ada), message_id="")

    assert counted(take(app, data, b"Received: by another\r\n" + data)) == {
        "hard": 1,
        "repeated": 1,
        "suppressed": 1,
    }


@pytest.mark.parametrize(
    ("data", "outcome"),
    [
        (AWAY, "ignored"),
        (DELAYED_QMAIL, "unknown"),
        (b"From: grace@reader.example\r\nSubject: hello\r\n\r\nhello\r\n", "ignored"),
        (b"", "ignored"),
    ],
    ids=["away", "delayed", "a person", "nothing"],
)
def test_what_is_no_failure_changes_nothing(app: App, data: bytes, outcome: str) -> None:
    """T123; and each is marked as done."""
    ada = saved(app)
    tray = Tray([data])

    assert counted(take_bounces(app, tray)) == {outcome: 1}
    assert tray.done == [0]
    assert reader(app, ada).bounced_on is None


def test_a_warning_about_a_mail_of_ours_is_kept_and_changes_nothing(app: App) -> None:
    """The server goes on trying (C4)."""
    ada = saved(app)

    report = take(app, dsn(to=verp(app, ada), action="delayed", status="4.4.1", code=""))

    assert counted(report) == {"ignored": 1}
    assert reader(app, ada).bounced_on is None
    assert [(row.kind, row.status) for row in returned(app, ada)] == [("none", "4.4.1")]


def test_a_refusal_of_policy_costs_the_reader_nothing(app: App) -> None:
    """T72: it is about us."""
    ada = saved(app)

    report = take(app, dsn(to=verp(app, ada), code="smtp; 550 5.7.1 blocked", status="5.7.1"))

    assert counted(report) == {"policy": 1}
    assert reader(app, ada).bounced_on is None
    assert reader(app, ada).state == ReaderState.ACTIVE


def test_what_is_kept_of_a_report_holds_no_address(app: App) -> None:
    """Status and words, for whoever asks why."""
    ada = saved(app)

    take(app, dsn(to=verp(app, ada)))

    (row,) = returned(app, ada)
    assert (row.kind, row.status) == ("hard", "5.1.1")
    assert row.detail == "550 5.1.1 <(address)>: Recipient address rejected: user unknown"


# Complaints and mails that unsubscribe


def test_whoever_calls_a_digest_spam_is_unsubscribed(app: App) -> None:
    """What they want is plain, and the address is well."""
    ada = saved(app)

    report = take(app, complaint(mail_from=verp(app, ada)))

    assert counted(report) == {"complaints": 1}
    assert reader(app, ada).state == ReaderState.UNSUBSCRIBED
    assert consents(app, ada)[-1] == ("unsubscribed", "complaint")
    assert suppression(app) is None


def test_an_old_complaint_does_not_end_a_new_subscription(app: App, clock: FrozenClock) -> None:
    """The same report counts once."""
    ada = saved(app)
    data = complaint(mail_from=verp(app, ada))
    take(app, data)
    clock.advance(DAY)
    subscribe(app, Subscription(ADA), how="web")
    confirm(app, confirm_token(app, reader(app, ada)), how="web")

    assert counted(take(app, data)) == {"repeated": 1}
    assert reader(app, ada).state == ReaderState.ACTIVE


def _leaving(token: str, to: str = LEAVE) -> bytes:
    return f"From: {ADA}\r\nTo: {to}\r\nSubject: {token}\r\n\r\n".encode()


@pytest.mark.parametrize("subject", ["{}", "unsubscribe {}", "Re: {}", "=?utf-8?q?{}?="])
def test_a_mail_with_a_token_unsubscribes(app: App, subject: str) -> None:
    """A06: for clients that know mailto only."""
    ada = saved(app)
    token = app.tokens.issue(Purpose.UNSUBSCRIBE, ada, on=app.clock().date())

    report = take(app, _leaving(subject.format(token)))

    assert counted(report) == {"unsubscribed": 1}
    assert reader(app, ada).state == ReaderState.UNSUBSCRIBED
    assert consents(app, ada)[-1] == ("unsubscribed", "mail")


def test_a_mail_with_a_token_that_is_not_ours_does_nothing(app: App) -> None:
    """T104: forged, or for something else."""
    ada = saved(app)
    rate = app.tokens.issue(Purpose.RATE, ada, on=app.clock().date())

    assert counted(take(app, _leaving("a" * 50), _leaving(rate))) == {"unknown": 2}
    assert reader(app, ada).state == ReaderState.ACTIVE


def test_a_mail_to_another_address_unsubscribes_nobody(app: App) -> None:
    """Nor does one without a token."""
    ada = saved(app)
    token = app.tokens.issue(Purpose.UNSUBSCRIBE, ada, on=app.clock().date())

    report = take(app, _leaving(token, to="digest@papers.example"), _leaving("unsubscribe"))

    assert counted(report) == {"ignored": 2}
    assert reader(app, ada).state == ReaderState.ACTIVE


def test_without_an_address_for_it_nobody_is_unsubscribed_by_mail(app: App) -> None:
    """The setting is empty by default."""
    ada = saved(app)
    token = app.tokens.issue(Purpose.UNSUBSCRIBE, ada, on=app.clock().date())
    deaf = replace(app, settings=app.settings.model_copy(update={"unsubscribe_address": ""}))

    assert counted(take(deaf, _leaving(token))) == {"ignored": 1}


# The mailbox


def test_a_mail_is_marked_only_after_it_is_committed(app: App) -> None:
    """Whoever dies in between takes it again, and counts it once."""
    ada = saved(app)
    kept: list[int] = []

    class Watching(Tray):
        def __iter__(self) -> Iterator[Waiting]:
            for waiting in super().__iter__():
                yield Waiting(waiting.data, lambda: kept.append(len(returned(app, ada))))

    take_bounces(app, Watching([dsn(to=verp(app, ada))]))

    assert kept == [1]


def test_what_was_taken_before_a_mailbox_broke_off_stays_taken(app: App) -> None:
    """And the operator is told."""
    ada = saved(app)

    class Breaking(Tray):
        def __iter__(self) -> Iterator[Waiting]:
            yield from super().__iter__()
            raise BounceBoxError("imaps://mx.example", "the server broke off")

    tray = Breaking([dsn(to=verp(app, ada))])

    with pytest.raises(BounceBoxError, match="broke off"):
        take_bounces(app, tray)

    assert tray.done == [0]
    assert reader(app, ada).state == ReaderState.SUPPRESSED


def test_a_mail_that_meets_a_bug_stays_and_the_others_are_taken(app: App) -> None:
    """The log has its traceback."""
    ada = saved(app)
    tray = Tray([7, dsn(to=verp(app, ada))])  # type: ignore[list-item]  # a bug of a mailbox

    report = take_bounces(app, tray)

    assert counted(report) == {"failed": 1, "hard": 1, "suppressed": 1}
    assert tray.done == [1]


def test_a_database_that_refuses_ends_the_work(app: App) -> None:
    """Nothing is marked, so nothing is lost."""
    ada = saved(app)
    tray = Tray([dsn(to=verp(app, ada))])
    _rename(app, "bounce", "elsewhere")
    try:
        with pytest.raises(StoreError):
            take_bounces(app, tray)
    finally:
        _rename(app, "elsewhere", "bounce")

    assert tray.done == []
    assert counted(take_bounces(app, tray)) == {"hard": 1, "suppressed": 1}


def _rename(app: App, table: str, to: str) -> None:
    with app.database.write() as session:
        session.connection().exec_driver_sql(f"ALTER TABLE {table} RENAME TO {to}")


def test_a_dry_run_counts_and_changes_nothing(app: App) -> None:
    """Not even the mailbox."""
    ada = saved(app)
    token = app.tokens.issue(Purpose.UNSUBSCRIBE, ada, on=app.clock().date())
    mails = [dsn(to=verp(app, ada)), _leaving(token), _leaving("a" * 50)]
    tray = Tray([*mails, complaint(mail_from=verp(app, ada))])

    report = take_bounces(app, tray, dry_run=True)

    assert counted(report) == {"hard": 1, "unsubscribed": 1, "unknown": 1, "complaints": 1}
    assert tray.done == []
    assert returned(app, ada) == []
    assert reader(app, ada).state == ReaderState.ACTIVE


@pytest.mark.slow
def test_of_a_thousand_and_one_reports_none_is_lost(app: App, tmp_path: Path) -> None:
    """T125: each is counted, and each is marked."""
    for name in ("new", "cur", "tmp"):
        (tmp_path / "box" / name).mkdir(parents=True)
    readers = saved_at_once(app, 1001)
    for number, reader_id in enumerate(readers):
        recipient = f"rfc822; reader{number}@reader.example"
        identity = f"<{number}@mx.reader.example>"
        data = dsn(to=verp(app, reader_id), recipient=recipient, message_id=identity)
        (tmp_path / "box" / "new" / f"{number:04d}.host").write_bytes(data)

    report = take_bounces(app, MaildirBox(tmp_path / "box"))

    assert (report.read, report.hard, report.suppressed) == (1001, 1001, 1001)
    assert len(list((tmp_path / "box" / "cur").iterdir())) == 1001
    with app.database.read() as session:
        charged = session.exec(select(Bounce.reader_id)).all()
    assert sorted(number for number in charged if number is not None) == sorted(readers)


def test_the_mailbox_is_the_one_of_the_settings(app: App, tmp_path: Path) -> None:
    """Which may be a maildir."""
    for name in ("new", "cur"):
        (tmp_path / "box" / name).mkdir(parents=True)
    (tmp_path / "box" / "new" / "1").write_bytes(AWAY)
    settings = app.settings.model_copy(update={"bounce_mailbox": str(tmp_path / "box")})

    report = read_bounces(replace(app, settings=settings))

    assert str(report) == "1 read, 1 ignored"


def test_a_count_says_in_words_what_there_was() -> None:
    """For the log of jobs; what there was none of is left out."""
    report = BounceReport(read=4, hard=1, ignored=3, suppressed=1)

    assert str(report) == "4 read, 1 hard, 3 ignored, 1 suppressed"
    assert str(BounceReport()) == "0 read"


def test_several_programs_may_take_the_same_mail(app: App) -> None:
    """One counts it, the other finds it counted."""
    ada = saved(app)
    data = dsn(to=verp(app, ada))
    first, second = Tray([data]), Tray([data])

    reports = [take_bounces(app, first), take_bounces(app, second)]

    assert [counted(report) for report in reports] == [
        {"hard": 1, "suppressed": 1},
        {"repeated": 1},
    ]
    assert (first.done, second.done) == ([0], [0])


def test_a_bounce_of_a_confirmation_mail_leaves_the_subscription_unconfirmed(app: App) -> None:
    """So that it is forgotten with the others that nobody confirmed; the address is noted."""
    subscribe(app, Subscription(ADA), how="web")
    data = dsn(to=verp(app, 1, stream="confirm.1"))

    report = take(app, data)

    assert counted(report) == {"hard": 1, "suppressed": 1}
    assert reader(app, 1).state == ReaderState.UNCONFIRMED
    assert suppression(app) is not None

"""Mails that came back: whom they are about, and whether they count.

A report names its mail by the bounce address it was sent to, or by the Message-ID that it returns;
its recipient alone proves nothing, for anybody can write one. Each report counts once. What follows
for the reader is `paperround.services.charging`. Mails that unsubscribe come the same way.
"""

import logging
import re
from collections import Counter
from dataclasses import dataclass, fields
from datetime import date, timedelta
from enum import StrEnum
from hashlib import sha256

from digest.addresses import deliverable
from digest.bounce import Report, read_report
from digest.errors import UndeliverableAddressError
from digest.refusals import Judgement, Kind
from paperround.bouncebox import Box, open_box
from paperround.context import App
from paperround.errors import StoreError, TokenError
from paperround.services.charging import after_refusal, charge, utc_day
from paperround.services.leaving import left, unsubscribe
from paperround.services.streams import MOVE_NEW, kind_of
from paperround.store import bounces as store
from paperround.store.engine import Session
from paperround.store.models import Bounce, Reader
from paperround.store.readers import reader_of
from paperround.store.subscriptions import lock_reader
from paperround.tokens import TOKEN_LENGTH, Purpose
from paperround.verp import read_verp

__all__ = ["BounceReport", "Outcome", "after_refusal", "read_bounces", "take_bounces"]

logger = logging.getLogger(__name__)

_TOKEN = re.compile(rf"(?<![\w-])[A-Za-z0-9_-]{{{TOKEN_LENGTH}}}(?![\w-])")


class Outcome(StrEnum):
    """What became of one mail of the mailbox."""

    HARD = "hard"
    SOFT = "soft"
    POLICY = "policy"
    """Refused for what we or the mail are, not for the address."""
    IGNORED = "ignored"
    """No report, or one of a delay or a delivery."""
    REPEATED = "repeated"
    UNKNOWN = "unknown"
    """It names no mail of ours: forged, or of another sender."""
    PAST = "past"
    """About an address or a subscription that is over: charged to nobody."""
    COMPLAINTS = "complaints"
    UNSUBSCRIBED = "unsubscribed"
    FAILED = "failed"
    """A bug was met; the mail stays in the mailbox."""


@dataclass(frozen=True, slots=True)
class BounceReport:
    """How many mails of each outcome there were."""

    read: int = 0
    hard: int = 0
    soft: int = 0
    policy: int = 0
    ignored: int = 0
    repeated: int = 0
    unknown: int = 0
    past: int = 0
    complaints: int = 0
    unsubscribed: int = 0
    failed: int = 0
    suppressed: int = 0
    """Readers who are not written to any more."""

    def __str__(self) -> str:
        counts = ((field.name, getattr(self, field.name)) for field in fields(self)[1:])
        return ", ".join([f"{self.read} read", *(f"{n} {name}" for name, n in counts if n)])


@dataclass(frozen=True, slots=True)
class _Subject:
    """Which mail a report is about."""

    reader: Reader
    on: date
    stream: str
    signed: bool
    """Whether a bounce address names it, which nobody can make up."""


def read_bounces(app: App, *, dry_run: bool = False) -> BounceReport:
    """Take all reports from the mailbox that the settings name.

    Raises:
        BounceBoxError: It cannot be read; what was taken so far stays taken.
        StoreError: The database refused.
    """
    return take_bounces(app, open_box(app.settings), dry_run=dry_run)


def take_bounces(app: App, box: Box, *, dry_run: bool = False) -> BounceReport:
    """Take all reports from a mailbox, one transaction each; only then each is marked as done.

    Args:
        app: The application.
        box: Where they are.
        dry_run: Only count: nothing is charged and nothing marked.

    Raises:
        BounceBoxError: It cannot be read on; what was taken so far stays taken.
        StoreError: The database refused.
    """
    counts: Counter[str] = Counter()
    for mail in box:
        outcome, suppressed = _take_safely(app, mail.data, dry_run=dry_run)
        counts.update({"read": 1, outcome.value: 1, "suppressed": int(suppressed)})
        if not dry_run and outcome is not Outcome.FAILED:
            mail.done()
    report = BounceReport(**counts)
    logger.info("bounces %s", " ".join(f"{name}={count}" for name, count in counts.items()))
    return report


def _take_safely(app: App, data: bytes, *, dry_run: bool) -> tuple[Outcome, bool]:
    try:
        return _take(app, data, dry_run=dry_run)
    except StoreError:
        raise
    except Exception:
        # A bug that one mail meets must not cost all others their count.
        logger.exception("bounce_met_a_bug")
        return Outcome.FAILED, False


def _take(app: App, data: bytes, *, dry_run: bool) -> tuple[Outcome, bool]:
    """Take one mail; return what it was, and whether somebody is written to no more by it."""
    report = read_report(data)
    if token := _token(app, report):
        return _leave(app, token, dry_run=dry_run), False
    if not report.action:
        return Outcome.IGNORED, False
    key = _key(report, data)
    with app.database.read() as session:
        outcome, reader_id = _decide(app, session, report, key)
    if not dry_run and outcome is not Outcome.REPEATED:
        return _write_down(app, report, key, outcome, reader_id)
    return outcome, False


def _token(app: App, report: Report) -> str:
    """Return the token in the subject of a mail to the address for unsubscribing."""
    address = app.settings.unsubscribe_address
    if not address or not any(_same(address, other) for other in report.addressed):
        return ""
    found = _TOKEN.search(report.subject)
    return found[0] if found else ""


def _leave(app: App, token: str, *, dry_run: bool) -> Outcome:
    try:
        if dry_run:
            left(app, token)
        else:
            unsubscribe(app, token, how="mail")
    except TokenError:
        return Outcome.UNKNOWN
    return Outcome.UNSUBSCRIBED


def _key(report: Report, data: bytes) -> str:
    """Return what tells a report from others, however often and by whatever way it comes."""
    if report.message_id:
        known = "\0".join([report.message_id, *sorted(report.addressed)]).encode()
    else:
        known = data.replace(b"\r\n", b"\n").partition(b"\n\n")[2]
    return f"mail:{sha256(known).hexdigest()}"


def _decide(app: App, session: Session, report: Report, key: str) -> tuple[Outcome, int | None]:
    """Return what a report is, and whom it is charged to."""
    if store.has_report(session, key):
        return Outcome.REPEATED, None
    subject = _subject(app, session, report)
    if subject is None:
        return Outcome.UNKNOWN, None
    if _is_past(session, subject, report):
        return Outcome.PAST, None
    if report.action == "complaint":
        return Outcome.COMPLAINTS, subject.reader.id
    if report.kind is Kind.NONE:
        refused = report.action == "failed"
        return Outcome.POLICY if refused else Outcome.IGNORED, subject.reader.id
    return Outcome(report.kind.value), subject.reader.id


def _subject(app: App, session: Session, report: Report) -> _Subject | None:
    for address in report.addressed:
        named = read_verp(app.tokens, address)
        if named is not None:
            reader = reader_of(session, named.reader_id)
            return _Subject(reader, named.on, named.stream, signed=True) if reader else None
    row = store.delivery_about(session, report.about)
    reader = reader_of(session, row.reader_id) if row is not None else None
    if row is None or reader is None:
        return None
    return _Subject(reader, row.local_date, kind_of(row.stream), signed=False)


def _is_past(session: Session, subject: _Subject, report: Report) -> bool:
    """Tell whether a report is about an address, or a time, that says nothing about today's."""
    reader = subject.reader
    assert reader.id is not None
    began = store.last_said(session, reader.id, ("confirmed", "lifted"))
    if subject.stream == MOVE_NEW or (began is not None and subject.on < utc_day(began)):
        return True
    if any(_same(reader.address, other) for other in report.recipients):
        return False
    # It names another address: one that mail is passed on to, or one of before a change.
    if report.recipients and not subject.signed:
        return True
    moved = store.last_said(session, reader.id, ("moved",))
    return moved is not None and utc_day(moved) >= subject.on - timedelta(days=1)


def _write_down(
    app: App, report: Report, key: str, outcome: Outcome, reader_id: int | None
) -> tuple[Outcome, bool]:
    now = app.clock()
    if outcome is Outcome.COMPLAINTS and reader_id is not None:
        # Before it is noted that the report was taken: doing it twice does no harm.
        token = app.tokens.issue(Purpose.UNSUBSCRIBE, reader_id, on=utc_day(now))
        unsubscribe(app, token, how="complaint")
    row = Bounce(
        report=key,
        reader_id=reader_id,
        kind=report.kind,
        status=report.status,
        detail=report.detail,
        at=now,
    )
    suppressed = False
    with app.database.write() as session:
        # First of all: two reports at once would otherwise wait for each other.
        reader = lock_reader(session, reader_id) if reader_id is not None else None
        if reader is None:
            row.reader_id = None
        if not store.add_bounce(session, row):
            return Outcome.REPEATED, False
        if reader is not None and report.kind is not Kind.NONE:
            judgement = Judgement(report.kind, report.certain)
            suppressed = charge(app, session, reader, judgement)
    logger.info("bounce reader=%s status=%s outcome=%s", row.reader_id, report.status, outcome)
    return outcome, suppressed


def _same(one: str, other: str) -> bool:
    return _canonical(one) == _canonical(other)


def _canonical(address: str) -> str:
    try:
        return deliverable(address).casefold()
    except UndeliverableAddressError:
        return address.casefold()

"""The words for a date that has no row in the ledger; pure."""

from collections.abc import Callable
from datetime import UTC, datetime

from paperround.services.times import moment, span, utc
from paperround.services.why.case import Answer, Case, Verdict
from paperround.services.why.obstacles import obstacle
from paperround.settings import weekday_names
from paperround.store.models import Consent, DeliveryState, ReaderState

__all__ = ["about_absence"]

LEFT = {"unsubscribed": Verdict.UNSUBSCRIBED, "suppressed": Verdict.SUPPRESSED}
WANTED = {"confirmed", "resumed", "lifted"}
STANDING = {"asked", "paused", *LEFT, *WANTED}
"""Entries of the consent log that say whether mail is wanted."""


def about_absence(case: Case) -> Answer:
    """Return why nothing was due for a reader on a date."""
    questions: tuple[Callable[[Case], Answer | None], ...] = (
        _before_the_beginning,
        _no_subscription,
        _paused,
        _unwanted_weekday,
        _to_come,
        _overdue,
        _not_wanted_then,
        _passed,
    )
    for ask in questions:
        answer = ask(case)
        if answer is not None:
            return answer
    return Answer(
        Verdict.NOT_RUN,
        f"Nothing was opened for that date. Either nothing ran here from {utc(case.due.at)} until "
        "the next digest was due, for after a longer break only the latest digest is made up for; "
        "or the reader had another hour, zone or weekdays then.",
    )


def _before_the_beginning(case: Case) -> Answer | None:
    began = case.reader.added_at
    if case.due.on >= began.astimezone(case.zone).date():
        return None
    words = f"They were no reader yet: added at {moment(began, case.zone)}."
    return Answer(Verdict.TOO_EARLY, words)


def _no_subscription(case: Case) -> Answer | None:
    """Tell of a subscription that does not stand, unless it did when the digest was due."""
    state = case.reader.state
    if state == ReaderState.ACTIVE:
        return None
    if state == ReaderState.UNCONFIRMED:
        return _unconfirmed(case)
    entry = _last(case, {state})
    if entry is not None and case.due.at < entry.at:
        return None
    return _left(case, ReaderState(state), entry)


def _unconfirmed(case: Case) -> Answer:
    asked = case.reader.asked_at
    if asked is None:
        return Answer(Verdict.UNCONFIRMED, "The address was never confirmed, nor asked about.")
    words = f"The address is not confirmed. Its owner was asked at {moment(asked, case.zone)}"
    mail = case.confirmation
    if mail is not None:
        why = f", {mail.reason}" if mail.reason and mail.state != DeliveryState.SENT else ""
        words += f" (that mail is {mail.state.replace('_', ' ')}{why})"
    until = (asked + case.link_lifetime).astimezone(UTC).date()
    if until < case.now.astimezone(UTC).date():
        again = "they have to subscribe again"
        return Answer(Verdict.UNCONFIRMED, f"{words}; the link was good until {until}.", again)
    return Answer(Verdict.UNCONFIRMED, f"{words}; the link is good until {until}.")


def _left(case: Case, state: ReaderState, entry: Consent | None) -> Answer:
    when = f" since {moment(entry.at, case.zone)} ({entry.how})" if entry is not None else ""
    if state is ReaderState.UNSUBSCRIBED:
        words = f"They are unsubscribed{when}."
        return Answer(Verdict.UNSUBSCRIBED, words, "only they can subscribe again")
    came_back = entry is None or entry.how == "bounce"
    because = "mail to it came back" if came_back else "the operator does not want it"
    words = f"Nothing is sent to the address{when}, because {because}."
    if case.bounces:
        report = case.bounces[-1]
        reply = " ".join(filter(None, (report.kind, report.status, report.detail))).rstrip(". ")
        words += f" The last report, at {utc(report.at)}: {reply}."
    lift = f"`paperround lift {case.reader.address}`, or they subscribe again and confirm"
    return Answer(Verdict.SUPPRESSED, words, lift)


def _paused(case: Case) -> Answer | None:
    until = case.reader.paused_until
    if until is None or case.due.on >= until:
        return None
    entry = _last(case, {"paused"})
    if entry is not None and case.due.at < entry.at:
        return None
    since = f" since {moment(entry.at, case.zone)} ({entry.how})" if entry is not None else ""
    return Answer(Verdict.PAUSED, f"They pause{since}; the first digest after it is for {until}.")


def _unwanted_weekday(case: Case) -> Answer | None:
    if str(case.due.on.isoweekday()) in case.reader.weekdays:
        return None
    wanted = weekday_names(map(int, case.reader.weekdays))
    day = f"{case.due.on:%A}"
    return Answer(Verdict.WEEKDAY, f"No digest is wanted on a {day}: they asked for {wanted}.")


def _to_come(case: Case) -> Answer | None:
    """Tell when it will be due; the time that is set goes before the one that the rule gives."""
    planned = case.reader.next_due_at if case.reader.next_due_on == case.due.on else None
    at = planned or case.due.at
    if at <= case.now or _is_passed_over(case):
        return None
    words = f"Not due yet: it is due at {moment(at, case.zone)}, in {span(at - case.now)}."
    if case.has_interest:
        return Answer(Verdict.NOT_YET, words)
    return Answer(
        Verdict.NOT_YET,
        f"{words} They have no interest yet, so there will be nothing to send.",
        f"`paperround interest add {case.reader.address} NAME --prose ...`",
    )


def _overdue(case: Case) -> Answer | None:
    coming, on = case.reader.next_due_at, case.reader.next_due_on
    if coming is None or on is None or coming > case.now or case.due.on < on:
        return None
    at = coming if case.due.on == on else case.due.at
    stands, advice = obstacle(case, at)
    words = f"Due since {moment(at, case.zone)}, and no run has opened it yet."
    return Answer(Verdict.OVERDUE, f"{words} {stands}".rstrip(), advice)


def _not_wanted_then(case: Case) -> Answer | None:
    """Tell of an entry in the consent log that said, when it was due, that no mail was wanted."""
    entry = _last(case, STANDING, case.due.at)
    if entry is None or entry.what in WANTED:
        return None
    verdict = LEFT.get(entry.what) or (
        Verdict.PAUSED if entry.what == "paused" else Verdict.UNCONFIRMED
    )
    said = "not confirmed yet" if entry.what == "asked" else entry.what
    words = f"They were {said} then: {entry.what} at {moment(entry.at, case.zone)} ({entry.how})."
    return Answer(verdict, words)


def _passed(case: Case) -> Answer | None:
    """Tell of a subscription that began, or was changed, on that date after its hour."""
    began = case.reader.confirmed_at or case.reader.added_at
    if case.due.at <= began:
        words = f"Its hour, {moment(case.due.at, case.zone)}, had passed when they became a reader"
        return Answer(Verdict.PASSED, f"{words}, at {moment(began, case.zone)}.{_next(case)}")
    if not _is_passed_over(case):
        return None
    words = "Their hour, zone or weekdays were changed: that date was passed over or served before."
    return Answer(Verdict.PASSED, f"{words}{_next(case)}")


def _is_passed_over(case: Case) -> bool:
    """Return whether it is a date of now or later, and the next digest is for a later one."""
    coming = case.reader.next_due_on
    today = case.now.astimezone(case.zone).date()
    return coming is not None and today <= case.due.on < coming


def _next(case: Case) -> str:
    coming = case.reader.next_due_at
    return f" The next is due at {moment(coming, case.zone)}." if coming is not None else ""


def _last(case: Case, what: set[str], until: datetime | None = None) -> Consent | None:
    found = [
        entry
        for entry in case.consents
        if entry.what in what and (until is None or entry.at <= until)
    ]
    return found[-1] if found else None

"""The words for a mail that has a row in the ledger; pure."""

from collections.abc import Callable
from datetime import datetime, timedelta

from paperround.services.history import parse_history
from paperround.services.times import moment, span, utc
from paperround.services.why.case import Answer, Case, Verdict
from paperround.services.why.obstacles import obstacle
from paperround.store.models import Bounce, Delivery, DeliveryState

__all__ = ["about_row", "resend_command"]

ON_TIME = timedelta(minutes=1)
SOON = timedelta(minutes=2)
"""A row that waits no longer than this waits its turn."""


def about_row(case: Case, row: Delivery) -> Answer:
    """Return what became of a mail that has a row."""
    return _ABOUT[DeliveryState(row.state)](case, row)


def resend_command(case: Case, row: Delivery) -> str:
    """Return the command that opens a delivery again."""
    stream = "" if row.stream == "daily" else f" --stream {row.stream}"
    return f"`paperround resend {case.reader.address} {row.local_date}{stream}`"


def _sent(case: Case, row: Delivery) -> Answer:
    words = (
        f"Sent at {_finished(case, row)}, {_lateness(row)}"
        f"{_with_papers(case.papers)}.{_reply(row, 'It was taken')}"
        f"{f' Message-ID {row.message_id}.' if row.message_id else ''}"
    )
    if not case.bounces:
        return Answer(Verdict.SENT, words)
    reports = " ".join(map(_bounce, case.bounces))
    return Answer(Verdict.BOUNCED, f"{words} {reports}")


def _quiet(case: Case, row: Delivery) -> Answer:
    advice = "" if case.has_interest else _give_interest(case)
    words = f"Nothing was sent, on purpose: {_reason(row)}. Decided at {_finished(case, row)}."
    return Answer(Verdict.QUIET, words, advice)


def _skipped(case: Case, row: Delivery) -> Answer:
    words = f"Left out: {_reason(row)}. Decided at {_finished(case, row)}."
    return Answer(Verdict.SKIPPED, words)


def _failed(case: Case, row: Delivery) -> Answer:
    words = f"Failed for good at {_finished(case, row)}, after {_tries(row)}.{_reply(row)}"
    advice = f"when the cause is mended, {resend_command(case, row)} opens it again"
    return Answer(Verdict.FAILED, words, advice)


def _expired(case: Case, row: Delivery) -> Answer:
    length = span(row.expires_at - row.due_at)
    trouble = _trouble(row)
    words = (
        f"Not sent within {length} of its time, {moment(row.due_at, case.zone)}: {_reason(row)}."
        f"{f' What stood in its way: {trouble}.' if trouble else ''}"
        " What was best comes with the next digest"
    )
    coming = case.reader.next_due_at
    words += f", at {moment(coming, case.zone)}." if coming is not None else "."
    return Answer(Verdict.EXPIRED, words)


def _ambiguous(case: Case, row: Delivery) -> Answer:
    words = f"In doubt: {_reason(row)}. The relay may have it or not, and it is held for you."
    command = resend_command(case, row)
    advice = f"{command} sends the same mail again; with --as-sent you say that it arrived"
    return Answer(Verdict.AMBIGUOUS, words, advice)


def _deferred(case: Case, row: Delivery) -> Answer:
    stands, advice = obstacle(case, row.retry_at)
    words = (
        f"Not sent yet, after {_tries(row)}.{_reply(row)} {_next_try(case, row)}"
        f" It is given up at {moment(row.expires_at, case.zone)}."
    )
    return Answer(Verdict.DEFERRED, _joined(words, stands), advice)


def _pending(case: Case, row: Delivery) -> Answer:
    since = max(row.due_at, row.retry_at)
    stands, advice = obstacle(case, since)
    words = f"Due since {moment(row.due_at, case.zone)}, and nobody has taken it yet."
    if case.now - since > SOON and not stands:
        words += " Others were due before: it waits its turn."
    trouble = _trouble(row)
    if trouble:
        words += f" What stood in its way so far: {trouble}."
    return Answer(Verdict.WAITING, _joined(words, stands), advice)


def _working(case: Case, row: Delivery) -> Answer:
    doing = {
        DeliveryState.CLAIMED: "Being made",
        DeliveryState.RENDERED: "Made, and about to be handed over",
        DeliveryState.DATA_STARTED: "On its way to the relay",
    }[DeliveryState(row.state)]
    owner, until = row.lease_owner or "an unknown worker", row.lease_until
    if until is not None and until < case.now:
        return _silent(case, row, owner, until)
    lease = f", under a lease until {utc(until)}" if until is not None else ""
    words = f"{doing} by worker {owner}{lease}; {_tries(row)} so far."
    return Answer(Verdict.WORKING, words)


def _silent(case: Case, row: Delivery, owner: str, until: datetime) -> Answer:
    words = f"Worker {owner} took it and fell silent; its lease ended at {utc(until)}."
    if row.state != DeliveryState.DATA_STARTED:
        words += " Nothing was handed over: the next run takes it back."
    elif case.holds_doubts:
        words += " The relay may have the mail: the next run holds it for you to decide."
    else:
        words += " The relay may have the mail: the next run sends the same bytes again."
    stands, advice = obstacle(case, until)
    return Answer(Verdict.SILENT, _joined(words, stands), advice)


_ABOUT: dict[DeliveryState, Callable[[Case, Delivery], Answer]] = {
    DeliveryState.PENDING: _pending,
    DeliveryState.CLAIMED: _working,
    DeliveryState.RENDERED: _working,
    DeliveryState.DATA_STARTED: _working,
    DeliveryState.DEFERRED: _deferred,
    DeliveryState.SENT: _sent,
    DeliveryState.QUIET: _quiet,
    DeliveryState.SKIPPED: _skipped,
    DeliveryState.FAILED: _failed,
    DeliveryState.EXPIRED: _expired,
    DeliveryState.AMBIGUOUS: _ambiguous,
}


def _finished(case: Case, row: Delivery) -> str:
    return moment(row.finished_at or row.due_at, case.zone)


def _lateness(row: Delivery) -> str:
    late = (row.finished_at or row.due_at) - row.due_at
    return "on time" if late < ON_TIME else f"{span(late)} after its time"


def _with_papers(papers: int | None) -> str:
    if papers is None:
        return ""
    return f", with {papers} paper{'' if papers == 1 else 's'}"


def _tries(row: Delivery) -> str:
    return f"{row.attempt} {'try' if row.attempt == 1 else 'tries'}"


def _reply(row: Delivery, begin: str = "The last answer") -> str:
    """Return the relay's words as a sentence; its code is often their beginning."""
    words = _reason(row)
    code = str(row.code) if row.code is not None else ""
    said = words if words.startswith(code) else f"{code} {words}"
    return f" {begin}: {said}."


def _reason(row: Delivery) -> str:
    return (row.reason or "no reason was written down").rstrip(". ")


def _trouble(row: Delivery) -> str:
    """Return the last words of the history about a try that came to nothing."""
    tried = [change for change in parse_history(row.history) if change.attempt > 0]
    states = {DeliveryState.DEFERRED, DeliveryState.PENDING}
    told = [change.words for change in tried if change.state in states and change.words]
    return told[-1].rstrip(". ") if told else ""


def _next_try(case: Case, row: Delivery) -> str:
    wait = row.retry_at - case.now
    if wait <= timedelta():
        return f"The next try is due since {moment(row.retry_at, case.zone)}."
    return f"The next try is at {moment(row.retry_at, case.zone)}, in {span(wait)}."


def _bounce(report: Bounce) -> str:
    said = " ".join(filter(None, (report.status, report.detail))).rstrip(". ")
    return f"It came back at {utc(report.at)} ({report.kind}){f': {said}' if said else ''}."


def _give_interest(case: Case) -> str:
    return f"`paperround interest add {case.reader.address} NAME --prose ...`"


def _joined(words: str, more: str) -> str:
    return f"{words} {more}" if more else words

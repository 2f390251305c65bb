"""Looks at the ledger: is anything held, left behind, late or in doubt, and does anybody send."""

from datetime import datetime, timedelta

from paperround.services.digests import STREAM
from paperround.services.doctor.check import Check
from paperround.services.holding import present_hold
from paperround.services.status import counted, lateness
from paperround.services.times import span, utc
from paperround.settings import Settings
from paperround.store.engine import Database
from paperround.store.models import DeliveryState
from paperround.store.operations import (
    last_sign,
    lost_leases,
    older_by_state,
    overdue_since,
    tally,
)
from paperround.store.relays import all_relays

__all__ = ["doubts", "heartbeat", "hold", "leases", "punctuality", "relay"]

DAY = timedelta(days=1)
PATIENCE = timedelta(minutes=5)
"""How long what is due may wait, and a lease be over, before it is worth a word."""
RELEASE = "`paperround release` if this database is the one that is to send; see --dry-run first"


def hold(store: Database, settings: Settings, _now: datetime) -> Check:
    """Look whether the installation may send at all."""
    held, doubt = present_hold(store, settings)
    if held is not None:
        found = f"nothing is sent since {utc(held.since)}: {held.because}"
        return Check("hold", "error", found, RELEASE)
    if doubt:
        return Check("hold", "error", f"the next run will send nothing: {doubt}", RELEASE)
    return Check("hold", "ok", "this database may send")


def relay(store: Database, _settings: Settings, now: datetime) -> Check:
    """Look whether a relay is left in peace."""
    with store.read() as session:
        paused = [
            f"{row.name} until {utc(row.paused_until)}: {row.reason or 'no reason was given'}"
            for row in all_relays(session)
            if row.paused_until is not None and row.paused_until > now
        ]
    if paused:
        mend = "mend what it says; mails go out by themselves then"
        return Check("relay", "error", f"left in peace, {'; '.join(paused)}", mend)
    return Check("relay", "ok", "not left in peace")


def heartbeat(store: Database, _settings: Settings, now: datetime) -> Check:
    """Look whether anybody sends what is due."""
    with store.read() as session:
        since, sign = overdue_since(session, now - PATIENCE), last_sign(session)
    last = f"last seen at work {utc(sign)}" if sign is not None else "never seen at work"
    if since is None:
        return Check("heartbeat", "ok", f"nothing waits; {last}")
    found = f"mails wait since {utc(since)}, {span(now - since)} ago; {last}"
    if sign is None or sign < since:
        mend = "start `paperround run`, or `paperround send --due` by cron every few minutes"
        return Check("heartbeat", "error", found, mend)
    mend = "`paperround status` says why; more workers: `paperround worker`"
    return Check("heartbeat", "warning", found, mend)


def leases(store: Database, _settings: Settings, now: datetime) -> Check:
    """Look for rows whose worker died and that nobody took back."""
    with store.read() as session:
        count = lost_leases(session, now - PATIENCE)
    if count:
        found = f"mails left behind by workers that died: {count:,}"
        return Check("leases", "warning", found, "the next run takes them back: see heartbeat")
    return Check("leases", "ok", "no mail is left behind")


def doubts(store: Database, _settings: Settings, now: datetime) -> Check:
    """Look for mails that wait for the operator's word."""
    with store.read() as session:
        count = older_by_state(session, now).get(DeliveryState.AMBIGUOUS, 0)
    if count:
        found = f"mails that may have arrived or not, and wait for your word: {count:,}"
        return Check("doubts", "warning", found, "`paperround resend READER DATE`, or --as-sent")
    return Check("doubts", "ok", "no mail is in doubt")


def punctuality(store: Database, _settings: Settings, now: datetime) -> Check:
    """Look how the last day's digests fared."""
    with store.read() as session:
        tallies = tally(session, STREAM, now - DAY, now)
    count, late = counted(tallies), lateness(tallies)
    if not count.due:
        return Check("punctuality", "ok", "nothing was due in the last 24 hours")
    bad = {"late": count.late, "failed": count.failed, "expired": count.expired}
    told = ", ".join(f"{number:,} {name}" for name, number in bad.items() if number)
    within = (
        f"; 99 % within {span(timedelta(seconds=late.p99_s))}" if late.p99_s is not None else ""
    )
    found = f"{count.sent:,} of {count.due:,} sent in the last 24 hours{within}"
    if told:
        mend = "`paperround status`, and `paperround why READER` for one of them"
        return Check("punctuality", "warning", f"{found}; {told}", mend)
    return Check("punctuality", "ok", found)

"""How often something may be asked for, by whom; kept in the database, as keyed hashes.

The limits hold for all processes together and across restarts. Whoever is over one is not told.
"""

from dataclasses import dataclass
from datetime import timedelta

from paperround.context import App
from paperround.services.keyed_hash import mailbox_hash, source_hash
from paperround.store.engine import Session
from paperround.store.subscriptions import count_in_window

__all__ = ["LONGEST", "MAILBOX", "SOURCE", "SUPPRESSED", "Limit", "allows_mail", "allows_source"]


@dataclass(frozen=True, slots=True)
class Limit:
    """So many times within so long."""

    times: int
    within: timedelta


SOURCE = Limit(20, timedelta(hours=1))
"""Requests from one network address: a lecture hall is one, and so is a script."""
MAILBOX = Limit(3, timedelta(days=1))
"""Requests to confirm that reach one mailbox, whatever name it is written to."""
SUPPRESSED = Limit(1, timedelta(days=7))
"""The same for an address that bounced or that asked to be forgotten: enough for its owner to come
back, too little for others to be a nuisance."""
LONGEST = SUPPRESSED.within


def allows_source(app: App, session: Session, source: str) -> bool:
    """Count a request from a network address; return whether it is within its limit.

    Args:
        app: The application.
        session: A writing transaction.
        source: Network address; a command has none, and no limit.
    """
    return not source or _allows(app, session, f"source:{source_hash(app, source)}", SOURCE)


def allows_mail(app: App, session: Session, address: str, *, suppressed: bool) -> bool:
    """Count a request to confirm that would go to an address; return whether it may."""
    hashed = mailbox_hash(app, address)
    if suppressed:
        return _allows(app, session, f"suppressed:{hashed}", SUPPRESSED)
    return _allows(app, session, f"mailbox:{hashed}", MAILBOX)


def _allows(app: App, session: Session, key: str, limit: Limit) -> bool:
    return count_in_window(session, key, app.clock(), limit.within) <= limit.times

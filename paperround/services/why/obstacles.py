"""What stands in the way of a mail that could go out now."""

from datetime import datetime, timedelta

from paperround.services.times import span, utc
from paperround.services.why.case import Case

__all__ = ["obstacle"]

PATIENCE = timedelta(minutes=2)
"""How long what is due may wait before somebody should have looked: four beats of the heart."""


def obstacle(case: Case, since: datetime) -> tuple[str, str]:
    """Return what stands in the way and what to do about it; twice empty when nothing does.

    Args:
        case: The case.
        since: From when on the mail could have gone out.
    """
    if case.held is not None:
        return (
            f"The installation is held since {utc(case.held.since)}: {case.held.because}.",
            "`paperround release`, if this is the database that is to send",
        )
    if case.relay is not None and case.relay.paused_until is not None:
        return (
            f"The relay {case.relay.name} is left in peace until {utc(case.relay.paused_until)}"
            f"{f', because {case.relay.reason}' if case.relay.reason else ''}.",
            "`paperround doctor` looks at the relay",
        )
    if case.now - since < PATIENCE:
        return "", ""
    start = "start `paperround run`, or `paperround send --due` by cron"
    if case.last_sign is None:
        return "Nothing has ever run here.", start
    if case.last_sign < since:
        ago = span(case.now - case.last_sign)
        return f"Nothing has run here since {utc(case.last_sign)}, {ago} ago.", start
    return "", ""

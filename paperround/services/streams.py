"""Names of the streams: which kinds of mail the ledger knows."""

__all__ = ["BY_TOKEN", "CONFIRM", "DAILY", "MOVE_NEW", "MOVE_OLD", "NOTICES", "kind_of", "numbered"]

DAILY = "daily"
"""The one list there is."""
CONFIRM = "confirm"
"""Asks to confirm a subscription."""
MOVE_OLD = "move-old"
"""Asks the address that a reader has to confirm a change of it."""
MOVE_NEW = "move-new"
"""Asks the address that a reader wants."""

NOTICES = (CONFIRM, MOVE_OLD, MOVE_NEW)

BY_TOKEN = (DAILY,)
"""What the value of a link to unsubscribe names, by its place; links are for ever, so this only
grows."""


def numbered(kind: str, number: int) -> str:
    """Return the stream of a day's first, second, third notice of a kind: `confirm.2`."""
    return f"{kind}.{number}"


def kind_of(stream: str) -> str:
    """Return which kind of notice a stream is."""
    return stream.partition(".")[0]

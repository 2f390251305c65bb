"""Makes all checks, in the order in which what they find should be mended."""

from collections.abc import Callable
from datetime import datetime

from paperround.services.doctor import delivery, machine, sender, stock
from paperround.services.doctor.check import Check
from paperround.services.doctor.lookup import LookUp, dns_lookup
from paperround.settings import Settings
from paperround.store.engine import Database

__all__ = ["examine"]

_STORE_CHECKS: tuple[Callable[[Database, Settings, datetime], Check], ...] = (
    stock.papers,
    stock.vectors,
    stock.readers,
    delivery.hold,
    delivery.relay,
    delivery.heartbeat,
    delivery.leases,
    delivery.doubts,
    delivery.punctuality,
)


def examine(settings: Settings, now: datetime, *, look_up: LookUp | None = None) -> list[Check]:
    """Look at everything and return what was found, in the order in which it should be mended.

    Args:
        settings: The installation's.
        now: The present instant.
        look_up: Asks the DNS; by default this machine's resolver does.
    """
    checks = machine.before_the_store(settings, now)
    database = Database(settings.database)
    try:
        schema = stock.database(database)
        checks.append(schema)
        if schema.status == "ok":
            checks += [look(database, settings, now) for look in _STORE_CHECKS]
    finally:
        database.dispose()
    checks += [machine.model(settings), sender.mail(settings)]
    checks += sender.sender(settings, look_up or dns_lookup())
    return [*checks, machine.links(settings)]

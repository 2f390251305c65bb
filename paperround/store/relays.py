"""What all workers know of a relay, in one row that they take turns to change."""

from sqlalchemy import select
from sqlmodel import Session, col

from paperround.store.dialect import insert_ignoring
from paperround.store.models import Relay

__all__ = ["all_relays", "locked_relay"]


def locked_relay(session: Session, name: str) -> Relay:
    """Return a relay's row, made when it is missing; nobody else changes it meanwhile."""
    query = select(Relay).where(col(Relay.name) == name).with_for_update()
    row: Relay | None = session.execute(query).scalar_one_or_none()
    if row is None:
        new = insert_ignoring(session, Relay)
        session.execute(new.values(name=name, minutes={}, slowdown=1.0, faults=0, reason=""))
        row = session.execute(query).scalar_one()
    return row


def all_relays(session: Session) -> list[Relay]:
    """Return what is known of every relay."""
    return list(session.execute(select(Relay).order_by(col(Relay.name))).scalars())

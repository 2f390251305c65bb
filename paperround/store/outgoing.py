"""The bytes of mails on their way: kept once rendered, let go when their delivery is final."""

import zlib
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import select
from sqlmodel import Session, col

from paperround.store.dialect import insert_into
from paperround.store.models import OutgoingMail

__all__ = ["KeptMail", "keep_mail", "keep_mails", "kept_mails"]

LEVEL = 1
"""Of compression: a digest shrinks to a quarter in half a millisecond; more takes longer."""


@dataclass(frozen=True, slots=True)
class KeptMail:
    """One mail as it goes over the wire, and its envelope."""

    delivery_id: int
    mail_from: str
    rcpt_to: str
    smtputf8: bool
    name: str
    data: bytes


def keep_mail(session: Session, mail: KeptMail) -> None:
    """Keep one mail's bytes; those of an earlier rendering are replaced."""
    keep_mails(session, [mail])


def keep_mails(session: Session, mails: Iterable[KeptMail]) -> None:
    """Keep mails' bytes; those of an earlier rendering are replaced."""
    statement = insert_into(session, OutgoingMail)
    columns = ("mail_from", "rcpt_to", "smtputf8", "name", "data")
    rows = [
        {
            "delivery_id": mail.delivery_id,
            "mail_from": mail.mail_from,
            "rcpt_to": mail.rcpt_to,
            "smtputf8": mail.smtputf8,
            "name": mail.name,
            "data": zlib.compress(mail.data, LEVEL),
        }
        for mail in mails
    ]
    if rows:
        session.connection().execute(
            statement.on_conflict_do_update(
                index_elements=["delivery_id"],
                set_={name: getattr(statement.excluded, name) for name in columns},
            ),
            rows,
        )


def kept_mails(session: Session, delivery_ids: Iterable[int]) -> dict[int, KeptMail]:
    """Return the mails that were rendered before, by delivery."""
    query = select(OutgoingMail).where(col(OutgoingMail.delivery_id).in_(list(delivery_ids)))
    return {
        row.delivery_id: KeptMail(
            row.delivery_id,
            row.mail_from,
            row.rcpt_to,
            row.smtputf8,
            row.name,
            zlib.decompress(row.data),
        )
        for row in session.execute(query).scalars()
    }

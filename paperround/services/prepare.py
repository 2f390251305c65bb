"""Makes the mails of claimed deliveries and keeps their bytes, before anything is handed over.

Nothing is open in the database while a mail is made. A mail that cannot be made, or is not wanted
any more, costs nobody else theirs.
"""

import logging
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from hashlib import sha256

from digest.addresses import deliverable
from digest.errors import DigestError, DkimKeyError
from digest.message import Envelope, Message
from digest.model import Quiet
from paperround.context import App
from paperround.errors import StoreError, UnexpectedError
from paperround.services.digests import STREAM
from paperround.services.mails import Made, Mails
from paperround.services.outcomes import UNWANTED, Outcome, Ready, after_error
from paperround.store.deliveries import DeliveryChange, change_delivery, change_together
from paperround.store.models import Delivery, DeliveryState, Reader
from paperround.store.outgoing import KeptMail, keep_mails, kept_mails
from paperround.store.readers import readers_of
from paperround.store.shown import record_shown
from paperround.store.wanted import wanted_rows
from recommender.errors import RecommenderError

__all__ = ["prepare"]

logger = logging.getLogger(__name__)


def prepare(
    app: App, owner: str, rows: Sequence[Delivery], mails: Mails
) -> tuple[list[Ready], list[Outcome]]:
    """Make the mails of claimed rows and keep their bytes, all in one transaction.

    A mail that was rendered before is taken as it is: every try sends the same bytes. A row whose
    mail cannot be made, or is not wanted, is finished here; that never costs others their mail.

    Raises:
        StoreError: The database refused; the rows stay claimed until their lease ends.
        RecommenderError: The store's vectors are not those of the model.
        DkimKeyError: No mail can be signed.
    """
    with app.database.read() as session:
        readers = readers_of(session, [row.reader_id for row in rows])
        kept = kept_mails(session, [row.id for row in rows if row.id is not None])
        welcome = wanted_rows(session, rows)
        session.expunge_all()
    made: list[tuple[Delivery, Reader, Made]] = []
    ready: list[Ready] = []
    finished: list[tuple[Delivery, DeliveryChange]] = []
    for row in rows:
        reader = readers.get(row.reader_id)
        known = kept.get(row.id or 0)
        if reader is None or row.id not in welcome:
            finished.append((row, DeliveryChange(DeliveryState.SKIPPED, reason=UNWANTED)))
        elif known is not None and _is_for(known, row, reader):
            ready.append(Ready(row, _kept_message(row, known), reader.address))
        else:
            one = _make(app, mails, row, reader)
            if isinstance(one, Made):
                made.append((row, reader, one))
            else:
                finished.append((row, one))
    outcomes = _write_down(app, owner, made, finished, readers)
    ready += [Ready(row, one.message, reader.address) for row, reader, one in made]
    return sorted(ready, key=lambda item: item.row.due_at), outcomes


def _make(app: App, mails: Mails, row: Delivery, reader: Reader) -> Made | DeliveryChange:
    """Make a row's mail, or return what becomes of the row without one."""
    try:
        made = mails.make(row, reader)
    except (StoreError, RecommenderError, DkimKeyError):
        # Neither this reader's fault nor a bug: the run ends, and says why.
        raise
    except DigestError as error:
        return after_error(error, row.attempt, app.clock())
    except Exception as error:
        # A bug that one reader's data meets must not cost all others their digest.
        logger.exception("delivery id=%s met a bug", row.id)
        return after_error(UnexpectedError(error), row.attempt, app.clock())
    if isinstance(made, Quiet):
        return DeliveryChange(DeliveryState.QUIET, reason=made.reason)
    return made


def _write_down(
    app: App,
    owner: str,
    made: Sequence[tuple[Delivery, Reader, Made]],
    finished: Sequence[tuple[Delivery, DeliveryChange]],
    readers: dict[int, Reader],
) -> list[Outcome]:
    """Keep what was made, and finish what needs no mail."""
    now = app.clock()
    if not (made or finished):
        return []
    with app.database.write() as session:
        rendered = {row.id: _rendered(row, one, now) for row, _, one in made if row.id}
        held = change_together(session, owner, rendered, now)
        kept = [(row.id, one) for row, _, one in made if row.id in held and row.id]
        record_shown(session, {number: one.shown for number, one in kept})
        keep_mails(session, (_to_keep(number, one.message) for number, one in kept))
        for row, change in finished:
            assert row.id is not None
            is_open = change.state is DeliveryState.DEFERRED
            done = change if is_open else replace(change, finished_at=now)
            change_delivery(session, row.id, owner, done, now)
    return [_outcome(row, readers.get(row.reader_id), change) for row, change in finished]


def _rendered(row: Delivery, made: Made, now: datetime) -> DeliveryChange:
    return DeliveryChange(
        DeliveryState.RENDERED,
        dated_at=row.dated_at or now,
        message_id=made.message.message_id,
        subject=made.subject,
        size=made.message.size,
        sha256=made.message.sha256,
    )


def _to_keep(delivery_id: int, message: Message) -> KeptMail:
    envelope = message.envelope
    return KeptMail(
        delivery_id,
        envelope.mail_from,
        envelope.rcpt_to,
        envelope.smtputf8,
        message.name,
        message.data,
    )


def _is_for(kept: KeptMail, row: Delivery, reader: Reader) -> bool:
    """Return whether kept bytes go to where the reader is now: a digest follows them elsewhere."""
    return row.stream != STREAM or kept.rcpt_to == deliverable(reader.address)


def _kept_message(row: Delivery, kept: KeptMail) -> Message:
    return Message(
        envelope=Envelope(kept.mail_from, kept.rcpt_to, kept.smtputf8),
        message_id=row.message_id or "",
        data=kept.data,
        sha256=sha256(kept.data).hexdigest(),
        size=len(kept.data),
        name=kept.name,
    )


def _outcome(row: Delivery, reader: Reader | None, change: DeliveryChange) -> Outcome:
    assert row.id is not None
    logger.info("delivery id=%d state=%s attempt=%d", row.id, change.state, row.attempt)
    return Outcome(
        delivery_id=row.id,
        local_date=row.local_date,
        state=change.state,
        address=reader.address if reader is not None else "",
        reason=change.reason or "",
    )

"""Doubles for tests, which pass the same contract tests as what they stand for.

For tests only: nothing in the packages imports this module.
"""

from collections.abc import Iterable

from digest.errors import AmbiguousDeliveryError, MailError, Phase
from digest.mail import Receipt
from digest.mail.protocol import ClosingMailer, OnData
from digest.message import Message

__all__ = ["MemoryMailer"]


class MemoryMailer(ClosingMailer):
    """Keeps what it is given in `messages`, and fails when it is told to.

    Args:
        failures: one for each mail to come, None for none; when they run out, all goes well. A
            failure behaves as a relay's would in its phase: `on_data` is called if the phase is
            that of the body or the final dot, and the receiver of an ambiguous one has the mail.
    """

    def __init__(self, failures: Iterable[MailError | None] = ()) -> None:
        self.messages: list[Message] = []
        self.closed = 0
        """How often `close` was called."""
        self._failures = iter(failures)

    def send(self, message: Message, *, on_data: OnData) -> Receipt:
        """Keep the mail, or raise the failure whose turn it is."""
        failure = next(self._failures, None)
        if failure is not None and failure.phase not in (Phase.BODY, Phase.DOT):
            raise failure
        on_data()
        if failure is None or isinstance(failure, AmbiguousDeliveryError):
            self.messages.append(message)
        if failure is not None:
            raise failure
        number = len(self.messages)
        return Receipt(reply=f"kept as mail {number}", queue_id=str(number))

    def close(self) -> None:
        """Count that it was called."""
        self.closed += 1

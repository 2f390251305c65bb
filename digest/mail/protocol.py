"""What every mailer promises."""

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from types import TracebackType
from typing import Protocol, Self

from digest.message import Message

__all__ = ["ClosingMailer", "Mailer", "OnData", "Receipt"]

OnData = Callable[[], None]
"""Called once per mail, after the receiver agreed to take it and before its first byte."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """The receiver's word that it has the mail."""

    reply: str
    """What it said, on one line."""
    code: int | None = None
    """Of the SMTP reply; None where there is no SMTP."""
    queue_id: str = ""
    """Under which the receiver knows the mail; empty when it did not say."""


class Mailer(Protocol):
    """Hands mails over, one after the other; also a context manager that closes itself.

    A mailer may be used again after `close`, and is not shared between threads.
    """

    def send(self, message: Message, *, on_data: OnData) -> Receipt:
        """Hand one mail over.

        Args:
            message: what to send, and the envelope.
            on_data: the caller notes here that from now on the outcome may be uncertain. What it
                raises ends the sending, with nothing handed over, and is passed on.

        Raises:
            MailError: the mail was not handed over, or perhaps not; the class says what to do.
        """
        ...

    def close(self) -> None:
        """Let go of connections; never raises, and may be called twice."""
        ...

    def __enter__(self) -> Self:
        """Return the mailer itself."""
        ...

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close it."""
        ...


class ClosingMailer(ABC):
    """What mailers share: closing themselves at the end of a `with` block."""

    @abstractmethod
    def close(self) -> None:
        """Let go of connections; never raises, and may be called twice."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

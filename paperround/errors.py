"""Every error the application raises on purpose, in one tree.

    PaperRoundError                  printed as one line by the command line, exit code 1
    |-- SettingsError                a setting is missing, malformed or insecure
    |-- SourceError                  papers cannot be brought in
    |   |-- SourceFileError          ... from this file
    |   |-- SourceUnreachableError   ... because the source did not answer
    |   `-- UnknownCategoryError     ... because arXiv has no such category
    |-- LibraryError                 a reader's library file cannot be read
    |-- IdentityError (ValueError)   a text names no paper
    |-- StoreError                   the database refuses
    |   |-- StoreMissingError        there is no database yet
    |   |-- StoreOutdatedError       it is older than this program
    |   |-- StoreNewerError          it was written by a newer program
    |   |-- StoreFullError           the disk is full
    |   `-- LeaseLostError           a delivery was taken over by another worker
    |-- UnknownReaderError           no reader has this address
    |-- DuplicateReaderError         a reader has this address already
    |-- InvalidReaderError           a reader's field makes no sense
    |-- UnknownInterestError         the reader has no interest of this name
    |-- InvalidInterestError         an interest's field makes no sense
    |-- UnknownPaperError            the store has no such paper
    |-- UnknownDeliveryError         the ledger has nothing for a reader and a date
    |-- SettledDeliveryError         a delivery is not the operator's to settle
    |-- BounceBoxError               the mailbox of bounces cannot be read
    |-- UnexpectedError              a bug, met while one delivery was made
    `-- TokenError                   a signed link cannot be honoured
        |-- ForgedTokenError         ... it was not signed by us
        `-- ExpiredTokenError        ... its time is over

The libraries below have trees of their own: `recommender.errors`, `digest.errors`.
"""

from datetime import date, datetime
from pathlib import Path

__all__ = [
    "BounceBoxError",
    "DuplicateReaderError",
    "ExpiredTokenError",
    "ForgedTokenError",
    "IdentityError",
    "InvalidInterestError",
    "InvalidReaderError",
    "LeaseLostError",
    "LibraryError",
    "PaperRoundError",
    "SettingsError",
    "SettledDeliveryError",
    "SourceError",
    "SourceFileError",
    "SourceUnreachableError",
    "StoreError",
    "StoreFullError",
    "StoreMissingError",
    "StoreNewerError",
    "StoreOutdatedError",
    "TokenError",
    "UnexpectedError",
    "UnknownCategoryError",
    "UnknownDeliveryError",
    "UnknownInterestError",
    "UnknownPaperError",
    "UnknownReaderError",
]


class PaperRoundError(Exception):
    """Root of all errors that Paper Round raises on purpose."""


class SettingsError(PaperRoundError):
    """A setting is missing, malformed or insecure."""


class SourceError(PaperRoundError):
    """Papers cannot be brought in."""


class SourceFileError(SourceError):
    """A file of papers cannot be read, or is not in a known format."""

    def __init__(self, path: Path, problem: str) -> None:
        self.path = path
        super().__init__(f"{path}: {problem}")


class SourceUnreachableError(SourceError):
    """A source did not answer, or answered with something that is not a batch of papers."""

    def __init__(self, source: str, problem: str) -> None:
        self.source = source
        super().__init__(f"{source}: {problem}")


class UnknownCategoryError(SourceError, ValueError):
    """arXiv has no such category."""

    def __init__(self, category: str, nearest: tuple[str, ...] = ()) -> None:
        self.category = category
        self.nearest = nearest
        hint = f"; did you mean {' or '.join(nearest)}?" if nearest else ""
        super().__init__(f"unknown arXiv category {category!r}{hint}")


class LibraryError(PaperRoundError):
    """A reader's library file cannot be read, or holds nothing recognisable."""

    def __init__(self, where: str, problem: str) -> None:
        self.where = where
        super().__init__(f"{where}: {problem}")


class IdentityError(PaperRoundError, ValueError):
    """A text does not name a paper."""

    def __init__(self, text: str) -> None:
        self.text = text
        super().__init__(
            f"{text[:80]!r} is not a paper id; give an arXiv id (2605.00022, hep-th/9901001), "
            "its address, or a DOI (10.1000/182)"
        )


class StoreError(PaperRoundError):
    """The database refuses, for a reason that the message names."""


class StoreMissingError(StoreError):
    """There is no database at the configured place yet."""

    def __init__(self, url: str) -> None:
        self.url = url
        super().__init__(f"no Paper Round database at {url}; create it with `paperround init`")


class StoreOutdatedError(StoreError):
    """The database is older than this program and has to be upgraded first."""

    def __init__(self, url: str) -> None:
        self.url = url
        super().__init__(
            f"the database at {url} is of an older version; upgrade it with `paperround init`"
        )


class StoreNewerError(StoreError):
    """The database was written by a newer version of this program."""

    def __init__(self, url: str, revision: str) -> None:
        self.url = url
        self.revision = revision
        super().__init__(
            f"the database at {url} is of a newer version (revision {revision}); "
            "install that version of paperround or point PAPERROUND_DATABASE_URL elsewhere"
        )


class StoreFullError(StoreError):
    """The disk that holds the database is full; the running transaction was rolled back."""

    def __init__(self, url: str) -> None:
        self.url = url
        super().__init__(
            f"the disk that holds {url} is full; nothing of this step was saved: "
            "free some space and run the same command again"
        )


class LeaseLostError(StoreError):
    """A delivery's lease ended and another worker took it over; this one must not send it."""

    def __init__(self, delivery_id: int) -> None:
        self.delivery_id = delivery_id
        super().__init__(f"delivery {delivery_id} was taken over by another worker")


class UnknownReaderError(PaperRoundError, LookupError):
    """No reader has this address."""

    def __init__(self, address: str) -> None:
        self.address = address
        super().__init__(f"no reader {address!r}; `paperround reader list` shows who there is")


class DuplicateReaderError(PaperRoundError):
    """A reader has this address already."""

    def __init__(self, address: str) -> None:
        self.address = address
        super().__init__(
            f"there is a reader {address!r} already; change them with `paperround interest add` "
            "or remove them with `paperround reader remove`"
        )


class InvalidReaderError(PaperRoundError, ValueError):
    """A reader's address, zone, hour or weekdays make no sense."""


class UnknownInterestError(PaperRoundError, LookupError):
    """The reader has no interest of this name."""

    def __init__(self, name: str, known: tuple[str, ...] = ()) -> None:
        self.name = name
        self.known = known
        hint = f"; there is {', '.join(map(repr, known))}" if known else ""
        super().__init__(f"no interest {name!r}{hint}")


class InvalidInterestError(PaperRoundError, ValueError):
    """An interest's name, quota, threshold or content makes no sense."""


class UnknownPaperError(PaperRoundError, LookupError):
    """The store has no such paper."""

    def __init__(self, paper_id: str) -> None:
        self.paper_id = paper_id
        super().__init__(f"no paper {paper_id!r} here; bring it in with `paperround ingest`")


class UnknownDeliveryError(PaperRoundError, LookupError):
    """The ledger has nothing for this reader and this date."""

    def __init__(self, address: str, on: date) -> None:
        self.address = address
        self.on = on
        super().__init__(
            f"nothing was due for {address} on {on}; `paperround why {address} {on}` says why"
        )


class SettledDeliveryError(PaperRoundError):
    """A delivery is not the operator's to settle: it was sent, or is still under way."""

    def __init__(self, problem: str, advice: str) -> None:
        super().__init__(f"{problem}; {advice}")


class BounceBoxError(PaperRoundError):
    """The mailbox that failed mails come back to cannot be read; `where` names it."""

    def __init__(self, where: str, problem: str) -> None:
        self.where = where
        super().__init__(
            f"cannot read the mailbox of bounces {where}: {problem}; nothing is lost, what was not "
            "read is taken the next time"
        )


class UnexpectedError(PaperRoundError):
    """A bug, met while one delivery was made; the log has its traceback."""

    def __init__(self, error: Exception) -> None:
        self.error = error
        super().__init__(
            f"a bug of Paper Round ({type(error).__name__}); the log has its traceback: "
            "please report it"
        )


class TokenError(PaperRoundError):
    """A signed link cannot be honoured; the message never contains the token."""


class ForgedTokenError(TokenError):
    """A token was not signed by us, was changed, or is meant for something else."""

    def __init__(self) -> None:
        super().__init__("this link is not valid; ask for a new one")


class ExpiredTokenError(TokenError):
    """A token was ours, but its time is over."""

    def __init__(self, expired_at: datetime) -> None:
        self.expired_at = expired_at
        super().__init__(f"this link expired on {expired_at:%Y-%m-%d}; ask for a new one")

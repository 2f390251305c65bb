"""The tables, and nothing but the tables.

SQLModel does not validate `table=True` classes: rows are built by the query modules from values
that were checked at the edge. Lists that are always read whole and never joined on (authors,
categories, versions, mutes) are JSON.
"""

from datetime import date, datetime, time
from enum import StrEnum
from typing import Any, ClassVar

from sqlalchemy import CheckConstraint, Index, LargeBinary, MetaData, UniqueConstraint
from sqlmodel import Field, SQLModel

from paperround.store.types import JsonValue, UtcDateTime

__all__ = [
    "AddressChange",
    "Background",
    "Bounce",
    "Consent",
    "Delivery",
    "DeliveryItem",
    "DeliveryState",
    "Embedding",
    "Installation",
    "Interest",
    "InterestPaper",
    "Job",
    "Learned",
    "OutgoingMail",
    "Paper",
    "Rating",
    "Reader",
    "ReaderState",
    "Relay",
    "Suppression",
    "Throttle",
    "metadata",
]

# Named constraints: Alembic can drop and alter them on both databases only by name.
NAMING_CONVENTION = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class _Table(SQLModel):
    metadata: ClassVar[MetaData] = MetaData(naming_convention=NAMING_CONVENTION)


metadata = _Table.metadata


class Paper(_Table, table=True):
    """One paper, whatever the number of its versions, cross-lists and sources."""

    id: int | None = Field(default=None, primary_key=True)
    paper_id: str = Field(unique=True)
    """Canonical identity, `arxiv:2605.00022`."""
    title: str
    title_key: str = Field(index=True)
    """Folded for matching, see `paperround.identity.title_key`."""
    abstract: str
    authors: list[dict[str, Any]] = Field(sa_type=JsonValue)
    """`{"name": ..., "affiliations": [...]}` in the order of the title page."""
    categories: list[str] = Field(sa_type=JsonValue)
    """The primary category first."""
    versions: list[dict[str, Any]] = Field(sa_type=JsonValue)
    """`{"version": 1, "at": "2026-05-01T17:59:59+00:00"}`, oldest first."""
    announced_on: date | None = Field(default=None, index=True)
    published_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    updated_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    comment: str | None = None
    journal_ref: str | None = None
    doi: str | None = Field(default=None, index=True)
    licence: str | None = None
    url: str
    code_url: str | None = None
    upvotes: int | None = None
    source: str
    """The source that brought it in first."""
    text_hash: str = Field(index=True)
    """Of the text that is embedded for it, see `recommender.text`."""
    added_at: datetime = Field(sa_type=UtcDateTime)


class Embedding(_Table, table=True):
    """The vector of one text under one model."""

    __table_args__ = (UniqueConstraint("model", "text_hash"),)

    id: int | None = Field(default=None, primary_key=True)
    model: str
    text_hash: str
    vector: bytes = Field(sa_type=LargeBinary)
    """Little-endian float32, unit length."""


class Background(_Table, table=True):
    """Running sums over all vectors of one model, for mean and covariance."""

    model: str = Field(primary_key=True)
    statistics: bytes = Field(sa_type=LargeBinary)
    """As `recommender.vectors.Background` packs them."""
    last_embedding_id: int
    """Every embedding up to this one is counted."""


class Learned(_Table, table=True):
    """Something learned from what the store holds; it can always be learned again."""

    name: str = Field(primary_key=True)
    """What it is: `calibration`."""
    model: str = Field(primary_key=True)
    """The embedding model that it was learned under: scores of two models are not alike."""
    blob: bytes = Field(sa_type=LargeBinary)
    """As the part of `recommender` that learned it packs it."""
    learned_at: datetime = Field(sa_type=UtcDateTime)


class ReaderState(StrEnum):
    """Where a subscription stands; only an active one gets digests."""

    UNCONFIRMED = "unconfirmed"
    """Somebody gave this address; its owner has not confirmed it yet."""
    ACTIVE = "active"
    UNSUBSCRIBED = "unsubscribed"
    SUPPRESSED = "suppressed"
    """Mail to this address comes back; lifted by a new confirmation."""


class Reader(_Table, table=True):
    """Someone who gets digests."""

    # SQLite would give the number of a reader who was forgotten to the next one, and with it the
    # links in the mails of the former.
    __table_args__ = (Index(None, "state", "next_due_at"), {"sqlite_autoincrement": True})

    id: int | None = Field(default=None, primary_key=True)
    address: str
    address_key: str = Field(unique=True)
    """Case-folded, so that nobody subscribes twice."""
    name: str
    zone: str
    """IANA name."""
    digest_at: time
    """Local wall time."""
    weekdays: str
    """ISO weekdays: `12345`."""
    state: str
    """A `ReaderState`."""
    paused_until: date | None = None
    """The local date of the first digest after a pause; None when there is no pause."""
    next_due_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    """None when nothing is due: unconfirmed, unsubscribed or suppressed."""
    next_due_on: date | None = None
    """The local date that the next digest is for."""
    asked_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    """When the subscription that waits for confirmation was asked for; None when none waits."""
    confirmed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    soft_bounces: int = 0
    """Days in a row on which mail failed, as of the last one."""
    hard_bounces: int = 0
    """Days on which mail was refused for good."""
    bounced_on: date | None = None
    """The day, in UTC, of the last bounce that was counted: one a day."""
    added_at: datetime = Field(sa_type=UtcDateTime)


class AddressChange(_Table, table=True):
    """A reader's wish for another address, which both addresses have to confirm."""

    __tablename__ = "address_change"

    reader_id: int = Field(primary_key=True, foreign_key="reader.id", ondelete="CASCADE")
    address: str
    address_key: str
    asked_at: datetime = Field(sa_type=UtcDateTime)
    old_confirmed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    new_confirmed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class Consent(_Table, table=True):
    """What a reader agreed to or took back: when, how, and on which wording."""

    id: int | None = Field(default=None, primary_key=True)
    reader_id: int = Field(foreign_key="reader.id", index=True, ondelete="CASCADE")
    at: datetime = Field(sa_type=UtcDateTime)
    what: str
    """`asked`, `confirmed`, `unsubscribed`, `moved`, `paused`, `resumed`, `suppressed`, `lifted`
    and so on."""
    how: str
    """`web`, `one-click`, `mail`, `command`, `bounce` or `complaint`."""
    wording: str = ""
    """Name and version of the text that was agreed to."""
    source: str = ""
    """Keyed hash of the network address it came from; empty when there was none."""


class Suppression(_Table, table=True):
    """An address that is not written to any more, kept as a keyed hash only."""

    address_hash: str = Field(primary_key=True)
    reason: str
    """`bounce`, `deleted` or `operator`."""
    at: datetime = Field(sa_type=UtcDateTime)


class Throttle(_Table, table=True):
    """How often something was asked for in a window of time, by a keyed hash of who asked."""

    key: str = Field(primary_key=True)
    since: datetime = Field(sa_type=UtcDateTime)
    """When the window began."""
    count: int


class Bounce(_Table, table=True):
    """One report of a failed delivery; the same report is kept once."""

    id: int | None = Field(default=None, primary_key=True)
    report: str = Field(unique=True)
    """Hash that tells one report from another."""
    reader_id: int | None = Field(
        default=None, foreign_key="reader.id", index=True, ondelete="CASCADE"
    )
    """None when it names nobody here."""
    kind: str
    """`hard`, `soft` or `none`."""
    status: str | None = None
    """Enhanced status code: `5.1.1`."""
    detail: str = ""
    """The other side's words, without addresses."""
    at: datetime = Field(sa_type=UtcDateTime)


class Interest(_Table, table=True):
    """One named interest of a reader."""

    __table_args__ = (
        UniqueConstraint("reader_id", "name"),
        CheckConstraint("quota BETWEEN 1 AND 50", name="quota"),
        CheckConstraint("threshold BETWEEN 0 AND 100", name="threshold"),
    )

    id: int | None = Field(default=None, primary_key=True)
    reader_id: int = Field(foreign_key="reader.id", ondelete="CASCADE")
    name: str
    prose: str
    """A sentence or more in the reader's own words; may be empty."""
    prose_hash: str | None = Field(default=None, index=True)
    """Of the text that is embedded for it; None when there is none."""
    keywords: list[str] = Field(sa_type=JsonValue)
    muted_words: list[str] = Field(sa_type=JsonValue)
    muted_authors: list[str] = Field(sa_type=JsonValue)
    muted_categories: list[str] = Field(sa_type=JsonValue)
    followed_authors: list[str] = Field(sa_type=JsonValue)
    quota: int
    threshold: float
    added_at: datetime = Field(sa_type=UtcDateTime)


class InterestPaper(_Table, table=True):
    """A paper that a reader named as liked or disliked when describing an interest."""

    __tablename__ = "interest_paper"

    interest_id: int = Field(primary_key=True, foreign_key="interest.id", ondelete="CASCADE")
    paper_id: int = Field(primary_key=True, foreign_key="paper.id", index=True)
    liked: bool
    added_at: datetime = Field(sa_type=UtcDateTime)


class Rating(_Table, table=True):
    """A reader's verdict on a paper; the last one counts."""

    __table_args__ = (
        UniqueConstraint("reader_id", "paper_id"),
        CheckConstraint("value IN (-1, 1)", name="value"),
    )

    id: int | None = Field(default=None, primary_key=True)
    reader_id: int = Field(foreign_key="reader.id", ondelete="CASCADE")
    paper_id: int = Field(foreign_key="paper.id", index=True)
    value: int
    """1 for a thumbs up, -1 for a thumbs down."""
    interest_id: int | None = Field(
        default=None, foreign_key="interest.id", index=True, ondelete="SET NULL"
    )
    """The interest it teaches; None teaches all of them."""
    rated_at: datetime = Field(sa_type=UtcDateTime)


class DeliveryState(StrEnum):
    """Where a delivery stands; the last six are final, but an operator may settle a doubt."""

    PENDING = "pending"
    CLAIMED = "claimed"
    RENDERED = "rendered"
    """Its bytes are kept: every further try sends just them."""
    DATA_STARTED = "data_started"
    """The body may have reached the relay: after a crash nobody knows."""
    DEFERRED = "deferred"
    SENT = "sent"
    QUIET = "quiet"
    """Decided to send nothing, with the reason."""
    SKIPPED = "skipped"
    FAILED = "failed"
    EXPIRED = "expired"
    AMBIGUOUS = "ambiguous"
    """The relay may have it, and the operator wants to decide."""


class Delivery(_Table, table=True):
    """One mail of one stream to one reader for one local date: never two."""

    __table_args__ = (
        UniqueConstraint("reader_id", "stream", "local_date"),
        Index(None, "state", "retry_at", "id"),
        Index(None, "due_at"),
        Index(None, "message_id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    reader_id: int = Field(foreign_key="reader.id", ondelete="CASCADE")
    stream: str
    local_date: date
    due_at: datetime = Field(sa_type=UtcDateTime)
    expires_at: datetime = Field(sa_type=UtcDateTime)
    """Not to be sent any more from then on."""
    state: str
    attempt: int
    retry_at: datetime = Field(sa_type=UtcDateTime)
    """Not to be claimed before; first the due time itself."""
    lease_owner: str | None = None
    lease_until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    dated_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    """The mail's Date: when it was first made; kept when it is sent again."""
    message_id: str | None = None
    subject: str | None = None
    size: int | None = None
    """Bytes of the message."""
    sha256: str | None = None
    """Of the message's bytes."""
    code: int | None = None
    """The relay's last reply code."""
    reason: str | None = None
    """In words: the relay's reply, why it was quiet, why it failed."""
    finished_at: datetime | None = Field(default=None, sa_type=UtcDateTime, index=True)
    history: str = ""
    """One line per change: instant, state, attempt, code and words, separated by tabs."""


class OutgoingMail(_Table, table=True):
    """The bytes of a mail from when it is rendered until its delivery is final."""

    __tablename__ = "outgoing_mail"

    delivery_id: int = Field(primary_key=True, foreign_key="delivery.id", ondelete="CASCADE")
    mail_from: str
    rcpt_to: str
    smtputf8: bool
    name: str
    """What the mail is called in a folder."""
    data: bytes = Field(sa_type=LargeBinary)
    """Of the whole message, compressed by zlib."""


class Relay(_Table, table=True):
    """What all workers know of one relay: when the next mail may go, and whether it is well."""

    name: str = Field(primary_key=True)
    """`host:port`."""
    next_slot_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    """No mail goes before."""
    minutes: dict[str, int] = Field(sa_type=JsonValue)
    """Mails handed over in each minute of the last hour, by its number since the epoch."""
    slowdown: float = 1.0
    """By which the configured rate is divided: doubled when the relay asks for it."""
    paused_until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    """The breaker is open until then."""
    faults: int = 0
    """Faults of the relay in a row."""
    reason: str = ""
    """Why it is paused, in the relay's words."""


class Installation(_Table, table=True):
    """Which database this is, and whether it may send."""

    id: int = Field(default=1, primary_key=True)
    place: str
    """Where it lived when it last was confirmed; another place means that it is a copy."""
    held_since: datetime | None = Field(default=None, sa_type=UtcDateTime)
    """Nothing is sent while this is set."""
    held_because: str = ""


class Job(_Table, table=True):
    """One piece of regular work, which one process does at a time."""

    name: str = Field(primary_key=True)
    """`ingest`, `housekeeping`."""
    lease_owner: str | None = None
    lease_until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    started_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    finished_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    outcome: str = ""
    """In words: what it did, or why it failed."""


class DeliveryItem(_Table, table=True):
    """One paper that was shown, at which rank and why; never shown to this reader again."""

    __tablename__ = "delivery_item"

    delivery_id: int = Field(primary_key=True, foreign_key="delivery.id", ondelete="CASCADE")
    rank: int = Field(primary_key=True)
    """From 1, in the order of the mail."""
    paper_id: int = Field(foreign_key="paper.id", index=True)
    section: str
    """`interest`, `trending` or `outside`."""
    interest_id: int | None = Field(
        default=None, foreign_key="interest.id", index=True, ondelete="SET NULL"
    )
    score: float
    """0 to 100, as shown."""
    reasons: dict[str, Any] = Field(sa_type=JsonValue)

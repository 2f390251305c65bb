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
    "Background",
    "Delivery",
    "DeliveryItem",
    "DeliveryState",
    "Embedding",
    "Interest",
    "InterestPaper",
    "Learned",
    "Paper",
    "Rating",
    "Reader",
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


class Reader(_Table, table=True):
    """Someone who gets digests."""

    __table_args__ = (Index(None, "active", "next_due_at"),)

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
    active: bool
    next_due_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    next_due_on: date | None = None
    """The local date that the next digest is for."""
    added_at: datetime = Field(sa_type=UtcDateTime)


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
    """Where a delivery stands; the last five are final."""

    PENDING = "pending"
    CLAIMED = "claimed"
    DATA_STARTED = "data_started"
    """The body may have reached the relay: after a crash nobody knows."""
    DEFERRED = "deferred"
    SENT = "sent"
    QUIET = "quiet"
    """Decided to send nothing, with the reason."""
    SKIPPED = "skipped"
    FAILED = "failed"
    EXPIRED = "expired"


class Delivery(_Table, table=True):
    """One digest of one reader for one local date: never two."""

    __table_args__ = (
        UniqueConstraint("reader_id", "stream", "local_date"),
        Index(None, "state", "retry_at", "id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    reader_id: int = Field(foreign_key="reader.id", ondelete="CASCADE")
    stream: str
    local_date: date
    due_at: datetime = Field(sa_type=UtcDateTime)
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
    finished_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


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

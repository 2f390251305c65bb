"""Papers, readers, interests, ratings and the delivery ledger."""

import sqlalchemy as sa
from alembic import op

from paperround.store.types import JsonValue, UtcDateTime

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply the change."""
    op.create_table(
        "background",
        sa.Column("model", sa.String(), nullable=False),
        sa.Column("statistics", sa.LargeBinary(), nullable=False),
        sa.Column("last_embedding_id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("model", name=op.f("pk_background")),
    )
    op.create_table(
        "embedding",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("model", sa.String(), nullable=False),
        sa.Column("text_hash", sa.String(), nullable=False),
        sa.Column("vector", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_embedding")),
        sa.UniqueConstraint("model", "text_hash", name=op.f("uq_embedding_model_text_hash")),
    )
    op.create_table(
        "paper",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("paper_id", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("title_key", sa.String(), nullable=False),
        sa.Column("abstract", sa.String(), nullable=False),
        sa.Column("authors", JsonValue, nullable=False),
        sa.Column("categories", JsonValue, nullable=False),
        sa.Column("versions", JsonValue, nullable=False),
        sa.Column("announced_on", sa.Date(), nullable=True),
        sa.Column("published_at", UtcDateTime(), nullable=True),
        sa.Column("updated_at", UtcDateTime(), nullable=True),
        sa.Column("comment", sa.String(), nullable=True),
        sa.Column("journal_ref", sa.String(), nullable=True),
        sa.Column("doi", sa.String(), nullable=True),
        sa.Column("licence", sa.String(), nullable=True),
        sa.Column("url", sa.String(), nullable=False),
        sa.Column("code_url", sa.String(), nullable=True),
        sa.Column("upvotes", sa.Integer(), nullable=True),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("text_hash", sa.String(), nullable=False),
        sa.Column("added_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_paper")),
        sa.UniqueConstraint("paper_id", name=op.f("uq_paper_paper_id")),
    )
    with op.batch_alter_table("paper") as batch_op:
        batch_op.create_index(batch_op.f("ix_paper_announced_on"), ["announced_on"], unique=False)
        batch_op.create_index(batch_op.f("ix_paper_doi"), ["doi"], unique=False)
        batch_op.create_index(batch_op.f("ix_paper_text_hash"), ["text_hash"], unique=False)
        batch_op.create_index(batch_op.f("ix_paper_title_key"), ["title_key"], unique=False)

    op.create_table(
        "reader",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("address_key", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("zone", sa.String(), nullable=False),
        sa.Column("digest_at", sa.Time(), nullable=False),
        sa.Column("weekdays", sa.String(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("next_due_at", UtcDateTime(), nullable=True),
        sa.Column("next_due_on", sa.Date(), nullable=True),
        sa.Column("added_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reader")),
        sa.UniqueConstraint("address_key", name=op.f("uq_reader_address_key")),
    )
    with op.batch_alter_table("reader") as batch_op:
        batch_op.create_index(
            batch_op.f("ix_reader_active_next_due_at"), ["active", "next_due_at"], unique=False
        )

    op.create_table(
        "delivery",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("reader_id", sa.Integer(), nullable=False),
        sa.Column("stream", sa.String(), nullable=False),
        sa.Column("local_date", sa.Date(), nullable=False),
        sa.Column("due_at", UtcDateTime(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("retry_at", UtcDateTime(), nullable=False),
        sa.Column("lease_owner", sa.String(), nullable=True),
        sa.Column("lease_until", UtcDateTime(), nullable=True),
        sa.Column("dated_at", UtcDateTime(), nullable=True),
        sa.Column("message_id", sa.String(), nullable=True),
        sa.Column("subject", sa.String(), nullable=True),
        sa.Column("size", sa.Integer(), nullable=True),
        sa.Column("sha256", sa.String(), nullable=True),
        sa.Column("code", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("finished_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["reader_id"],
            ["reader.id"],
            name=op.f("fk_delivery_reader_id_reader"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delivery")),
        sa.UniqueConstraint(
            "reader_id",
            "stream",
            "local_date",
            name=op.f("uq_delivery_reader_id_stream_local_date"),
        ),
    )
    with op.batch_alter_table("delivery") as batch_op:
        batch_op.create_index(
            batch_op.f("ix_delivery_state_retry_at_id"), ["state", "retry_at", "id"], unique=False
        )

    op.create_table(
        "interest",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("reader_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("prose", sa.String(), nullable=False),
        sa.Column("prose_hash", sa.String(), nullable=True),
        sa.Column("keywords", JsonValue, nullable=False),
        sa.Column("muted_words", JsonValue, nullable=False),
        sa.Column("muted_authors", JsonValue, nullable=False),
        sa.Column("muted_categories", JsonValue, nullable=False),
        sa.Column("followed_authors", JsonValue, nullable=False),
        sa.Column("quota", sa.Integer(), nullable=False),
        sa.Column("threshold", sa.Float(), nullable=False),
        sa.Column("added_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("quota BETWEEN 1 AND 50", name=op.f("ck_interest_quota")),
        sa.CheckConstraint("threshold BETWEEN 0 AND 100", name=op.f("ck_interest_threshold")),
        sa.ForeignKeyConstraint(
            ["reader_id"],
            ["reader.id"],
            name=op.f("fk_interest_reader_id_reader"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_interest")),
        sa.UniqueConstraint("reader_id", "name", name=op.f("uq_interest_reader_id_name")),
    )
    with op.batch_alter_table("interest") as batch_op:
        batch_op.create_index(batch_op.f("ix_interest_prose_hash"), ["prose_hash"], unique=False)

    op.create_table(
        "delivery_item",
        sa.Column("delivery_id", sa.Integer(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("paper_id", sa.Integer(), nullable=False),
        sa.Column("section", sa.String(), nullable=False),
        sa.Column("interest_id", sa.Integer(), nullable=True),
        sa.Column("score", sa.Float(), nullable=False),
        sa.Column("reasons", JsonValue, nullable=False),
        sa.ForeignKeyConstraint(
            ["delivery_id"],
            ["delivery.id"],
            name=op.f("fk_delivery_item_delivery_id_delivery"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["interest_id"],
            ["interest.id"],
            name=op.f("fk_delivery_item_interest_id_interest"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["paper_id"], ["paper.id"], name=op.f("fk_delivery_item_paper_id_paper")
        ),
        sa.PrimaryKeyConstraint("delivery_id", "rank", name=op.f("pk_delivery_item")),
    )
    with op.batch_alter_table("delivery_item") as batch_op:
        batch_op.create_index(
            batch_op.f("ix_delivery_item_interest_id"), ["interest_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_delivery_item_paper_id"), ["paper_id"], unique=False)

    op.create_table(
        "interest_paper",
        sa.Column("interest_id", sa.Integer(), nullable=False),
        sa.Column("paper_id", sa.Integer(), nullable=False),
        sa.Column("liked", sa.Boolean(), nullable=False),
        sa.Column("added_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["interest_id"],
            ["interest.id"],
            name=op.f("fk_interest_paper_interest_id_interest"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["paper_id"], ["paper.id"], name=op.f("fk_interest_paper_paper_id_paper")
        ),
        sa.PrimaryKeyConstraint("interest_id", "paper_id", name=op.f("pk_interest_paper")),
    )
    with op.batch_alter_table("interest_paper") as batch_op:
        batch_op.create_index(batch_op.f("ix_interest_paper_paper_id"), ["paper_id"], unique=False)

    op.create_table(
        "rating",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("reader_id", sa.Integer(), nullable=False),
        sa.Column("paper_id", sa.Integer(), nullable=False),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.Column("interest_id", sa.Integer(), nullable=True),
        sa.Column("rated_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("value IN (-1, 1)", name=op.f("ck_rating_value")),
        sa.ForeignKeyConstraint(
            ["interest_id"],
            ["interest.id"],
            name=op.f("fk_rating_interest_id_interest"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(["paper_id"], ["paper.id"], name=op.f("fk_rating_paper_id_paper")),
        sa.ForeignKeyConstraint(
            ["reader_id"],
            ["reader.id"],
            name=op.f("fk_rating_reader_id_reader"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rating")),
        sa.UniqueConstraint("reader_id", "paper_id", name=op.f("uq_rating_reader_id_paper_id")),
    )
    with op.batch_alter_table("rating") as batch_op:
        batch_op.create_index(batch_op.f("ix_rating_interest_id"), ["interest_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_rating_paper_id"), ["paper_id"], unique=False)

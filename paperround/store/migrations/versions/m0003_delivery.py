"""What it takes to deliver for years: subscription life, relays, bounces, one-time bytes."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from paperround.store.types import JsonValue, UtcDateTime

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

HOURS_LATE = 12
"""Lateness that rows of before may have: the constant of the version that wrote them."""


def upgrade() -> None:
    """Apply the change."""
    _readers()
    _deliveries()
    _subscription_life()
    _operations()


def _readers() -> None:
    with op.batch_alter_table("reader") as batch_op:
        batch_op.drop_index(batch_op.f("ix_reader_active_next_due_at"))
        batch_op.add_column(sa.Column("state", sa.String(), nullable=True))
        batch_op.add_column(sa.Column("paused_until", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("asked_at", UtcDateTime(), nullable=True))
        batch_op.add_column(sa.Column("confirmed_at", UtcDateTime(), nullable=True))
        batch_op.add_column(
            sa.Column("soft_bounces", sa.Integer(), nullable=False, server_default="0")
        )
        batch_op.add_column(
            sa.Column("hard_bounces", sa.Integer(), nullable=False, server_default="0")
        )
        batch_op.add_column(sa.Column("bounced_on", sa.Date(), nullable=True))
    op.execute("UPDATE reader SET state = CASE WHEN active THEN 'active' ELSE 'unsubscribed' END")
    with op.batch_alter_table("reader", table_kwargs={"sqlite_autoincrement": True}) as batch_op:
        batch_op.alter_column("state", existing_type=sa.String(), nullable=False)
        batch_op.alter_column("soft_bounces", existing_type=sa.Integer(), server_default=None)
        batch_op.alter_column("hard_bounces", existing_type=sa.Integer(), server_default=None)
        batch_op.drop_column("active")
        batch_op.create_index(
            batch_op.f("ix_reader_state_next_due_at"), ["state", "next_due_at"], unique=False
        )


def _deliveries() -> None:
    with op.batch_alter_table("delivery") as batch_op:
        batch_op.add_column(sa.Column("expires_at", UtcDateTime(), nullable=True))
        batch_op.add_column(sa.Column("history", sa.String(), nullable=False, server_default=""))
    delivery = sa.table("delivery", sa.column("due_at", UtcDateTime()), sa.column("expires_at"))
    if op.get_context().dialect.name == "sqlite":
        expires: sa.ColumnElement[Any] = sa.func.strftime(
            "%Y-%m-%d %H:%M:%f000", delivery.c.due_at, f"+{HOURS_LATE} hours"
        )
    else:
        expires = delivery.c.due_at + sa.text(f"INTERVAL '{HOURS_LATE} hours'")
    op.execute(delivery.update().values(expires_at=expires))
    with op.batch_alter_table("delivery") as batch_op:
        batch_op.alter_column("expires_at", existing_type=UtcDateTime(), nullable=False)
        batch_op.alter_column("history", existing_type=sa.String(), server_default=None)
        batch_op.create_index(batch_op.f("ix_delivery_due_at"), ["due_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_delivery_message_id"), ["message_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_delivery_finished_at"), ["finished_at"], unique=False)
    op.create_table(
        "outgoing_mail",
        sa.Column("delivery_id", sa.Integer(), nullable=False),
        sa.Column("mail_from", sa.String(), nullable=False),
        sa.Column("rcpt_to", sa.String(), nullable=False),
        sa.Column("smtputf8", sa.Boolean(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["delivery_id"],
            ["delivery.id"],
            name=op.f("fk_outgoing_mail_delivery_id_delivery"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("delivery_id", name=op.f("pk_outgoing_mail")),
    )


def _subscription_life() -> None:
    op.create_table(
        "address_change",
        sa.Column("reader_id", sa.Integer(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("address_key", sa.String(), nullable=False),
        sa.Column("asked_at", UtcDateTime(), nullable=False),
        sa.Column("old_confirmed_at", UtcDateTime(), nullable=True),
        sa.Column("new_confirmed_at", UtcDateTime(), nullable=True),
        _of_reader("address_change"),
        sa.PrimaryKeyConstraint("reader_id", name=op.f("pk_address_change")),
    )
    op.create_table(
        "consent",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("reader_id", sa.Integer(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("what", sa.String(), nullable=False),
        sa.Column("how", sa.String(), nullable=False),
        sa.Column("wording", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        _of_reader("consent"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent")),
    )
    op.create_index(op.f("ix_consent_reader_id"), "consent", ["reader_id"], unique=False)
    op.create_table(
        "suppression",
        sa.Column("address_hash", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("address_hash", name=op.f("pk_suppression")),
    )
    op.create_table(
        "throttle",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("since", UtcDateTime(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_throttle")),
    )
    op.create_table(
        "bounce",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("report", sa.String(), nullable=False),
        sa.Column("reader_id", sa.Integer(), nullable=True),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=True),
        sa.Column("detail", sa.String(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        _of_reader("bounce"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bounce")),
        sa.UniqueConstraint("report", name=op.f("uq_bounce_report")),
    )
    op.create_index(op.f("ix_bounce_reader_id"), "bounce", ["reader_id"], unique=False)


def _operations() -> None:
    op.create_table(
        "relay",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("next_slot_at", UtcDateTime(), nullable=True),
        sa.Column("minutes", JsonValue, nullable=False),
        sa.Column("slowdown", sa.Float(), nullable=False),
        sa.Column("paused_until", UtcDateTime(), nullable=True),
        sa.Column("faults", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_relay")),
    )
    op.create_table(
        "installation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("place", sa.String(), nullable=False),
        sa.Column("held_since", UtcDateTime(), nullable=True),
        sa.Column("held_because", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_installation")),
    )
    op.create_table(
        "job",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("lease_owner", sa.String(), nullable=True),
        sa.Column("lease_until", UtcDateTime(), nullable=True),
        sa.Column("started_at", UtcDateTime(), nullable=True),
        sa.Column("finished_at", UtcDateTime(), nullable=True),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_job")),
    )


def _of_reader(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["reader_id"],
        ["reader.id"],
        name=op.f(f"fk_{table}_reader_id_reader"),
        ondelete="CASCADE",
    )

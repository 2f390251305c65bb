"""${message}."""

import sqlalchemy as sa
from alembic import op

from paperround.store.types import JsonValue, UtcDateTime

revision = "${up_revision}"
down_revision = ${repr(down_revision)}
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply the change."""
    ${upgrades if upgrades else "pass"}

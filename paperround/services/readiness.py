"""Whether this process can serve: the database answers and is of this version."""

from paperround.context import App
from paperround.store.schema import check_schema

__all__ = ["check_readiness"]


def check_readiness(app: App) -> None:
    """Make sure that requests can be answered; nothing is changed.

    Raises:
        StoreError: The database is missing, of another version, or does not answer.
    """
    check_schema(app.database)

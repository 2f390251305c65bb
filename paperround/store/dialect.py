"""The few statements that SQLite and PostgreSQL spell in modules of their own."""

from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, SQLModel

__all__ = ["Insert", "insert_ignoring", "insert_into"]

Insert = postgresql.Insert | sqlite.Insert


def insert_into(session: Session, model: type[SQLModel]) -> Insert:
    """Return an INSERT that can say what to do on a conflict."""
    if session.get_bind().dialect.name == "postgresql":
        return postgresql.insert(model)
    return sqlite.insert(model)


def insert_ignoring(session: Session, model: type[SQLModel]) -> Insert:
    """Return an INSERT that leaves alone what is there already."""
    return insert_into(session, model).on_conflict_do_nothing()

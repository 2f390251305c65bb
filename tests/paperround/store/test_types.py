"""Instants are aware and in UTC on both databases."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy.exc import StatementError

from paperround.records import PaperRecord
from paperround.store.engine import Database
from paperround.store.models import Paper
from paperround.store.papers import upsert_papers


def _add(database: Database, now: datetime) -> None:
    with database.write() as session:
        upsert_papers(session, [PaperRecord("arxiv:2605.00001", "test", "A title")], now)


def test_an_instant_comes_back_aware_and_in_utc(database: Database) -> None:
    """Whatever the zone it was given in."""
    berlin = datetime(2026, 5, 4, 9, 30, tzinfo=timezone(timedelta(hours=2)))

    _add(database, berlin)

    with database.read() as session:
        paper = session.get(Paper, 1)
        assert paper is not None
        assert paper.added_at == berlin
        assert paper.added_at.tzinfo is UTC


def test_a_naive_instant_is_refused(database: Database) -> None:
    """A time without a zone is a bug on its way in."""
    naive = datetime(2026, 5, 4, 9, 30)  # noqa: DTZ001

    with pytest.raises(StatementError, match="has no time zone"):
        _add(database, naive)

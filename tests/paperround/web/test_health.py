"""What a process says of itself to whatever watches it."""

from dataclasses import replace
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import text

from paperround.context import App
from paperround.store.engine import Database
from paperround.web import create_app


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_a_process_that_answers_is_alive(client: TestClient, method: str) -> None:
    """Whatever its database does."""
    assert client.request(method, "/healthz").status_code == 200


def test_it_is_ready_when_the_database_is_of_its_version(client: TestClient) -> None:
    """Then requests can be answered."""
    answer = client.get("/readyz")

    assert (answer.status_code, answer.text) == (200, "ready\n")


def test_it_is_not_ready_on_a_database_of_another_version(app: App, client: TestClient) -> None:
    """An upgrade is to come, or went further than this program."""
    with app.database.engine.begin() as connection:
        before = connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one()
        connection.execute(text("UPDATE alembic_version SET version_num = 'm9999'"))

    answer = client.get("/readyz")

    with app.database.engine.begin() as connection:
        restore = text("UPDATE alembic_version SET version_num = :before")
        connection.execute(restore, {"before": before})
    assert (answer.status_code, answer.text) == (503, "not ready\n")
    assert client.get("/healthz").status_code == 200


def test_it_is_not_ready_without_a_database(
    app: App, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """The log says what is missing; the answer does not tell strangers."""
    missing = replace(app, database=Database(f"sqlite:///{tmp_path / 'none.db'}"))

    answer = TestClient(create_app(missing)).get("/readyz")

    assert (answer.status_code, answer.text) == (503, "not ready\n")
    assert "paperround init" in caplog.text
    assert not (tmp_path / "none.db").exists()

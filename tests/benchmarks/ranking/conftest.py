"""The small world, made once, and its tasks."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from benchmarks.ranking.citeulike import citeulike_tasks
from benchmarks.ranking.prose import prose_tasks
from benchmarks.ranking.replay import replay_tasks
from benchmarks.ranking.tasks import Task
from tests.benchmarks.ranking.worlds import embed, write_announced, write_citeulike


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the files of the corpora."""
    folder = tmp_path_factory.mktemp("world")
    write_announced(folder)
    write_citeulike(folder)
    return folder


@pytest.fixture(scope="session")
def replay(world: Path) -> Mapping[str, Task]:
    """Return the tasks of May."""
    return replay_tasks(world, embed)


@pytest.fixture(scope="session")
def prose(replay: Mapping[str, Task]) -> Mapping[str, Task]:
    """Return the tasks of May with words for profiles."""
    return prose_tasks(replay, embed)


@pytest.fixture(scope="session")
def citeulike(world: Path) -> Mapping[str, Task]:
    """Return the tasks of CiteULike."""
    return citeulike_tasks(world, embed)

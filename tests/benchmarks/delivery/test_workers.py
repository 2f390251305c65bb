import os
import socket
from pathlib import Path

import pytest

from benchmarks.delivery.workers import Crew, StuckError, is_talking_from


def test_who_talks_is_found_by_the_port_they_talk_from() -> None:
    """The sink knows the port, and the harness its processes."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        with socket.create_connection(("127.0.0.1", port)) as ours:
            from_port = ours.getsockname()[1]

            assert is_talking_from(os.getpid(), from_port)

        assert not is_talking_from(os.getpid(), from_port)


def test_a_process_that_is_gone_talks_to_nobody() -> None:
    """It may have died since one looked."""
    assert not is_talking_from(2**22 + 1, 25)


def test_who_leaves_in_order_is_not_replaced(tmp_path: Path) -> None:
    """Nothing was left to be done."""
    with Crew({}, tmp_path, 2, ("--help",)) as crew:
        while not crew.is_finished:
            crew.look_after()

    assert (crew.kills, crew.failures) == (0, 0)
    assert crew.log.read_text(encoding="utf-8").count("Usage") == 2


def test_who_leaves_in_disorder_is_replaced(tmp_path: Path) -> None:
    """As a service manager would; and it is counted."""
    with Crew({}, tmp_path, 1, ("no-such-command",)) as crew:
        while crew.failures < 2:
            crew.look_after()

        assert not crew.is_finished


def test_who_is_killed_is_replaced_at_once(tmp_path: Path) -> None:
    """And the one who was frozen before can be killed as well."""
    with Crew({}, tmp_path, 1, ("--help",)) as crew:
        (pid,) = crew.pids
        frozen = crew.freeze(pid)

        crew.kill(pid)

        assert frozen
        assert crew.kills == 1
        assert pid not in crew.pids


def test_nobody_else_can_be_frozen(tmp_path: Path) -> None:
    """Only processes that were started here are ever touched."""
    with Crew({}, tmp_path, 1, ("--help",)) as crew:
        assert not crew.freeze(os.getppid())


def test_who_does_not_leave_when_asked_is_told_of(tmp_path: Path) -> None:
    """A frozen one cannot hear it (T29)."""
    with Crew({}, tmp_path, 1, ("--help",)) as crew:
        crew.freeze(crew.pids[0])

        with pytest.raises(StuckError, match="did not leave"):
            crew.ask_to_leave(within_s=0.1)

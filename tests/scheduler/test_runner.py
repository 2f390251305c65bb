"""The heartbeat: every job at the start and again, one failing job costs no other."""

from collections.abc import Callable
from datetime import timedelta
from threading import Event, Lock

import pytest

from paperround.clock import system_clock
from scheduler.jobs import Job
from scheduler.runner import Heartbeat

OFTEN = timedelta(milliseconds=20)
WAIT_S = 10.0


def _counting(times: int) -> tuple[Callable[[], None], Event]:
    """Return a call that sets an event after so many times."""
    done, lock, calls = Event(), Lock(), [0]

    def call() -> None:
        with lock:
            calls[0] += 1
            if calls[0] >= times:
                done.set()

    return call, done


def test_a_job_is_called_at_the_start_and_again() -> None:
    """A first beat that lies in the past is not lost."""
    call, done = _counting(3)

    with Heartbeat([Job("send", OFTEN, call)], system_clock()):
        assert done.wait(WAIT_S)


def test_a_failing_job_is_logged_and_called_again(caplog: pytest.LogCaptureFixture) -> None:
    """And the others go on."""
    done = Event()
    calls: list[int] = []

    def fail() -> None:
        calls.append(1)
        if len(calls) > 1:
            done.set()
        raise ZeroDivisionError

    other, other_done = _counting(2)
    with Heartbeat([Job("fail", OFTEN, fail), Job("other", OFTEN, other)], system_clock()):
        assert done.wait(WAIT_S)
        assert other_done.wait(WAIT_S)

    assert "job_failed name=fail" in caplog.text
    assert "ZeroDivisionError" in caplog.text


def test_a_job_is_never_called_twice_at_a_time() -> None:
    """A slow one is waited for: by itself and, at the end, by everybody."""
    inside, most, entered, finished = [0], [0], Event(), Event()

    def slow() -> None:
        inside[0] += 1
        most[0] = max(most[0], inside[0])
        entered.set()
        finished.wait(0.2)
        inside[0] -= 1

    with Heartbeat([Job("slow", OFTEN, slow)], system_clock()):
        assert entered.wait(WAIT_S)

    assert (most[0], inside[0]) == (1, 0)

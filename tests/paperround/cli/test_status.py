"""`paperround status`."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from paperround.cli.status import watch
from paperround.services.holding import Held
from paperround.services.status import Count, JobState, Lateness, RelayState, Status, counted
from paperround.store.operations import Tally
from tests.paperround.cli.running import run
from tests.paperround.store.rows import NOW

MINUTE = timedelta(minutes=1)


def _status(count: Count | None = None, **fields: Any) -> Status:
    values: dict[str, Any] = {
        "at": NOW,
        "since": NOW - timedelta(days=1),
        "today": count or counted([]),
        "lateness": Lateness(None, None, None),
        "older_open": 0,
        "older_ambiguous": 0,
        "next_due_at": None,
        "due_in_next_hour": 0,
        "due_later_today": 0,
        "held": None,
        "relay": RelayState("smtp.example.org:587"),
        "jobs": (),
        "last_sign": None,
        "readers": {},
        "bounces": {},
    }
    return Status(**(values | fields))


BUSY = _status(
    counted(
        [
            *(Tally("sent", late, 400) for late in (12, 130)),
            Tally("pending", 700, 150),
            Tally("deferred", 0, 40),
            Tally("failed", 0, 10),
        ]
    ),
    lateness=Lateness(12, 130, 130),
)


def _watched(found: Status, *, terminal: bool, looks: int = 2) -> str:
    """Return what is shown until somebody interrupts."""
    out = StringIO()
    console = Console(file=out, force_terminal=terminal, width=100, color_system=None)
    waits: list[float] = []

    def pause(seconds: float) -> None:
        waits.append(seconds)
        if len(waits) == looks:
            raise KeyboardInterrupt

    watch(lambda: found, console, pause)
    assert waits == [2.0] * looks
    return out.getvalue()


def test_a_day_that_was_sent_is_told(due: Path) -> None:
    """How many, how late, and what comes."""
    run("send", "--due")

    out = run("status").done.out

    assert "UTC, digests due in the last 24 hours: 1" in out
    assert "  sent              1  half of them within " in out
    assert "readers     1 active" in out
    assert "bounces     none in the last 24 hours" in out
    assert "sending     last seen at work " in out


def test_the_counts_are_json_and_add_up(due: Path) -> None:
    """I4: what is due and not opened yet is open."""
    today = run("status", "--json").done.json["today"]

    assert today["balanced"] is True
    assert (today["due"], today["open"], today["over"]) == (1, 1, 0)


def test_a_new_installation_says_what_to_do(installed: Path) -> None:
    """Nobody is due, and nothing has run but the release of the copy."""
    out = run("status").done.out

    assert "digests due in the last 24 hours: 0" in out
    assert "next        nobody is due" in out
    assert "readers     nobody yet" in out


def test_a_hold_is_told(installed: Path) -> None:
    """With how to end it."""
    run("hold", "--because", "moving house")

    out = run("status").done.out

    assert "sending     HELD: nothing is sent since " in out
    assert "`paperround release`" in out


@pytest.mark.parametrize(
    ("found", "line"),
    [
        (BUSY, "  sent            800  half of them within 12 s of their time, 99 % within 2 min,"),
        (BUSY, "  late            150  of these: more than 10 minutes after their time"),
        (_status(), "sending     nothing has run yet: `paperround run`"),
        (_status(last_sign=NOW - MINUTE), "sending     last seen at work 1 min ago, 2026-05-04"),
        (_status(held=Held(NOW, "moving")), "sending     HELD: nothing is sent since 2026-05-04"),
        (_status(older_ambiguous=2), "older       0 open, 2 in doubt, from before"),
        (
            _status(next_due_at=NOW + MINUTE, due_in_next_hour=1200, due_later_today=4000),
            "next        2026-05-04 07:01 UTC; 1,200 within the hour, 4,000 until midnight UTC",
        ),
        (_status(), "relay       smtp.example.org:587 is well"),
        (
            _status(relay=RelayState("smtp:25", slowdown=4.0)),
            "relay       smtp:25 is well, slowed down 4 times",
        ),
        (
            _status(relay=RelayState("smtp:25", NOW + MINUTE, reason="421 busy")),
            "relay       smtp:25 is left in peace until 2026-05-04 07:01 UTC: 421 busy",
        ),
        (
            _status(jobs=(JobState("ingest", NOW - MINUTE, NOW, False, "12 papers"),)),
            "ingest      2026-05-04 07:00 UTC: 12 papers",
        ),
        (
            _status(jobs=(JobState("ingest", NOW, None, True, ""),)),
            "ingest      running since 2026-05-04 07:00 UTC",
        ),
        (
            _status(jobs=(JobState("ingest", NOW, None, False, ""),)),
            "ingest      never finished",
        ),
        (
            _status(readers={"unconfirmed": 12, "active": 1980}, bounces={"soft": 3}),
            "readers     1,980 active, 12 unconfirmed",
        ),
        (_status(replace(counted([]), due=1)), "  these do not add up: please report it"),
    ],
)
def test_everything_has_its_line(found: Status, line: str) -> None:
    """On a terminal, where it is shown anew every two seconds."""
    assert line in _watched(found, terminal=True)


def test_a_run_under_way_has_a_bar() -> None:
    """How many of those due are decided; afterwards there is none."""
    over = _status(counted([Tally("sent", 0, 1000)]))

    assert "today ━" in _watched(BUSY, terminal=True)
    assert "810/1000" in _watched(BUSY, terminal=True)
    assert "━" not in _watched(over, terminal=True)


@pytest.mark.parametrize(
    ("found", "more"), [(BUSY, ""), (replace(BUSY, held=Held(NOW, "moving")), ", held")]
)
def test_a_log_gets_a_line_a_look(found: Status, more: str) -> None:
    """No terminal, no bar."""
    out = _watched(found, terminal=False)

    assert out == 2 * (
        "07:00:00 UTC: 1,000 due: 800 sent, 150 open, 40 deferred, 0 quiet, 0 skipped, 10 failed, "
        f"0 expired, 0 ambiguous{more}\n"
    )


def test_an_interruption_is_no_error(installed: Path) -> None:
    """Ctrl-C at any time, in the middle of a look, too."""

    def look() -> Status:
        raise KeyboardInterrupt

    silent: Callable[[float], None] = lambda _: None  # noqa: E731 - one that waits for nothing
    watch(look, Console(file=StringIO(), force_terminal=True), silent)
    watch(look, Console(file=StringIO(), force_terminal=False), silent)

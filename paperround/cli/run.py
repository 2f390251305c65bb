"""`paperround run` and `paperround worker`: the processes that keep the round going."""

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Thread
from typing import TYPE_CHECKING, Annotated

import typer

from paperround.cli.running import opened

if TYPE_CHECKING:
    from paperround.context import App

__all__ = ["register"]

GRACE_S = 25.0
"""Seconds in which what is on its way may be finished; service managers kill after thirty."""
TICK_S = 5.0


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command(epilog="Example: paperround run")(run)
    app.command(epilog="Example: paperround worker")(worker)


def run() -> None:
    """Do everything in one process: bring papers in, embed, rank, send, read bounces, tidy up.

    Ends in order on SIGTERM or Ctrl-C: what is on its way is finished, the rest stays due.
    """
    from paperround.services.rounds import rounds
    from scheduler.runner import Heartbeat

    with (
        opened() as app,
        _until_told() as stopping,
        _grace(stopping),
        Heartbeat(rounds(app, stopping), app.clock()),
    ):
        typer.echo("Paper Round is running; Ctrl-C ends it.", err=True)
        stopping.wait()


def worker(
    until_idle: Annotated[
        bool, typer.Option("--until-idle", help="End when nothing is left to be sent.")
    ] = False,
) -> None:
    """Send what is due, and nothing else; as many of these as you like, on any host."""
    from paperround.services.mails import Mails
    from paperround.services.send import send_due

    with opened() as app, _until_told() as stopping, _grace(stopping):
        mails = Mails(app)
        while not stopping.is_set():
            send_due(app, mails=mails, stopping=stopping)
            if until_idle and _is_idle(app):
                return
            stopping.wait(TICK_S / 10 if until_idle else TICK_S)


def _is_idle(app: "App") -> bool:
    from paperround.services.enqueue import is_idle

    return is_idle(app)


@contextmanager
def _until_told() -> Iterator[Event]:
    """Yield what is set by SIGTERM and SIGINT."""
    stopping = Event()
    before = {
        number: signal.signal(number, lambda *_: stopping.set())
        for number in (signal.SIGTERM, signal.SIGINT)
    }
    try:
        yield stopping
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def _grace(stopping: Event) -> Iterator[None]:
    """Leave the process when its end takes longer than a service manager waits.

    A relay may take ten minutes to answer a whole mail. Its row is in doubt then, as after a crash,
    and dealt with in the same way.
    """
    done = Event()

    def guard() -> None:
        stopping.wait()
        if not done.wait(GRACE_S):
            print("paperround: a relay does not answer; leaving without it", file=sys.stderr)  # noqa: T201
            os._exit(0)

    Thread(target=guard, daemon=True).start()
    try:
        yield
    finally:
        done.set()
        stopping.set()

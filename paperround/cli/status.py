"""`paperround status`: today at a glance."""

import time
from collections.abc import Callable, Iterator
from dataclasses import asdict
from datetime import timedelta
from typing import TYPE_CHECKING, Annotated, Any

import typer

from paperround.cli.output import print_json
from paperround.cli.running import AsJson, opened

if TYPE_CHECKING:
    from rich.console import RenderableType

    from paperround.services.status import JobState, RelayState, Status

__all__ = ["register", "watch"]

REFRESH_S = 2.0
STATES = ("sent", "open", "deferred", "quiet", "skipped", "failed", "expired", "ambiguous")


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(epilog="Example: paperround status --watch")(status)


def status(
    watching: Annotated[
        bool, typer.Option("--watch", help="Look again every two seconds, until Ctrl-C.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Show what was due in the last 24 hours, what became of it, and what stands in the way."""
    from rich.console import Console

    from paperround.services.status import status as look

    with opened() as app:
        if watching and not as_json:
            watch(lambda: look(app), Console())
            return
        found = look(app)
    if as_json:
        print_json(_facts(found))
        return
    for line in _lines(found):
        typer.echo(line)
    console = Console()
    if console.is_terminal and _is_running(found):
        console.print(_bar(found))


def watch(
    look: "Callable[[], Status]", console: Any, pause: Callable[[float], None] = time.sleep
) -> None:
    """Look again and again until interrupted.

    Args:
        look: Looks once.
        console: A rich console; one that is no terminal gets a line per look.
        pause: Waits some seconds; raises KeyboardInterrupt when it is enough.
    """
    from rich.live import Live

    try:
        if not console.is_terminal:
            while True:
                console.print(_short(look()), soft_wrap=True, highlight=False, markup=False)
                pause(REFRESH_S)
        with Live(_picture(look()), console=console, auto_refresh=False) as live:
            while True:
                live.update(_picture(look()), refresh=True)
                pause(REFRESH_S)
    except KeyboardInterrupt:
        return


def _facts(found: "Status") -> dict[str, Any]:
    facts = asdict(found)
    facts["today"] |= {"over": found.today.over, "balanced": found.today.is_balanced}
    return facts


def _is_running(found: "Status") -> bool:
    return found.today.open + found.today.deferred > 0


def _picture(found: "Status") -> "RenderableType":
    from rich.console import Group
    from rich.text import Text

    lines = Text("\n".join(_lines(found)))
    return Group(lines, _bar(found)) if _is_running(found) else Group(lines)


def _bar(found: "Status") -> "RenderableType":
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    bars = Progress(TextColumn("today"), BarColumn(), MofNCompleteColumn())
    bars.add_task("", total=found.today.due, completed=found.today.over)
    return bars.get_renderable()


def _short(found: "Status") -> str:
    """Return one line for a log."""
    counts = ", ".join(f"{getattr(found.today, name):,} {name}" for name in STATES)
    held = ", held" if found.held is not None else ""
    return f"{found.at:%H:%M:%S} UTC: {found.today.due:,} due: {counts}{held}"


def _lines(found: "Status") -> Iterator[str]:
    today = found.today
    yield f"{found.at:%Y-%m-%d %H:%M} UTC, digests due in the last 24 hours: {today.due:,}"
    for name in STATES:
        number = getattr(today, name)
        if number or name == "sent":
            yield f"  {name:9} {number:>9,}{_lateness(found) if name == 'sent' else ''}"
    if today.late:
        yield f"  {'late':9} {today.late:>9,}  of these: more than 10 minutes after their time"
    if not today.is_balanced:
        yield "  these do not add up: please report it, with the output of `paperround doctor`"
    if found.older_open or found.older_ambiguous:
        older = f"{found.older_open:,} open, {found.older_ambiguous:,} in doubt"
        yield f"older       {older}, from before; `paperround why` says more"
    yield f"next        {_next(found)}"
    yield f"sending     {_sending(found)}"
    yield f"relay       {_relay(found.relay)}"
    for job in found.jobs:
        yield f"{job.name:11} {_job(job)}"
    yield f"readers     {_counts(found.readers) or 'nobody yet'}"
    yield f"bounces     {_counts(found.bounces) or 'none in the last 24 hours'}"


def _lateness(found: "Status") -> str:
    from paperround.services.times import span

    late = found.lateness
    if late.p50_s is None or late.p99_s is None or late.max_s is None:
        return ""
    p50, p99, most = (span(timedelta(seconds=s)) for s in (late.p50_s, late.p99_s, late.max_s))
    return f"  half of them within {p50} of their time, 99 % within {p99}, all within {most}"


def _next(found: "Status") -> str:
    from paperround.services.times import utc

    if found.next_due_at is None:
        return "nobody is due"
    return (
        f"{utc(found.next_due_at)}; {found.due_in_next_hour:,} within the hour, "
        f"{found.due_later_today:,} until midnight UTC"
    )


def _sending(found: "Status") -> str:
    from paperround.services.times import span, utc

    if found.held is not None:
        return f"HELD: {found.held.message}"
    if found.last_sign is None:
        return "nothing has run yet: `paperround run`"
    return f"last seen at work {span(found.at - found.last_sign)} ago, {utc(found.last_sign)}"


def _relay(relay: "RelayState") -> str:
    from paperround.services.times import utc

    slower = f", slowed down {relay.slowdown:.3g} times" if relay.slowdown > 1 else ""
    if relay.paused_until is not None:
        until = f"{relay.name} is left in peace until {utc(relay.paused_until)}"
        return f"{until}: {relay.reason or 'no reason was given'}{slower}"
    return f"{relay.name} is well{slower}"


def _job(job: "JobState") -> str:
    from paperround.services.times import utc

    if job.is_running and job.started_at is not None:
        return f"running since {utc(job.started_at)}"
    if job.finished_at is None:
        return "never finished"
    return f"{utc(job.finished_at)}: {job.outcome or 'done'}"


def _counts(numbers: dict[str, int]) -> str:
    return ", ".join(f"{number:,} {name}" for name, number in sorted(numbers.items()))

"""The whole path under load: claim, compose, render, serialise, keep, send, commit.

Into the same sink, in the same run, postfix's own `smtp-source` sends the same message: what a
client in C reaches that has it all in memory. The machine's cores are shared by everybody: workers,
sink and database.
"""

import os
import statistics
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlmodel import col, select

from benchmarks.delivery.installation import KINDS, Crowd, Installation, installed
from benchmarks.delivery.load import Load, Prepared, Rooms, run_workers
from benchmarks.delivery.postfix import DEFAULT_CACHE, Postfix, postfix_tools
from benchmarks.measure import Timed
from benchmarks.report import Goal, Report, Row
from paperround.context import App
from paperround.services.day import load_day
from paperround.services.digests import FinishedDigest, digest_for, mail_for
from paperround.store.models import Delivery, DeliveryState, Reader

__all__ = ["Size", "memory", "run"]

WORKERS = 2
CORES = os.cpu_count() or 1
GOAL = 300.0
PAPERS = 300
"""New today: two days of the categories that the corpus covers."""
QUOTA = 10
"""For the ranking: with trending and outside, fifteen papers."""
USUAL = Rooms(5, 3, 2)
"""Fifteen papers."""
SMALL = Rooms(2, 2, 1)
"""Seven papers, a mail of 40 kB."""


@dataclass(frozen=True, slots=True)
class Size:
    """How much of it."""

    kinds: tuple[str, ...] = KINDS
    readers: int = 20_000
    usual: int = 5_000
    """Readers whose digest has fifteen papers."""
    ranked: int = 2_000
    """Readers whose papers are ranked on the way as well."""
    compared: int = 6_000
    """Mails of smtp-source, before and after."""
    crowds: tuple[int, ...] = (1_000, 10_000, 100_000)
    """Readers whose worker's memory is watched."""


@dataclass(frozen=True, slots=True)
class Finished:
    """One run of the workers."""

    timed: Timed
    cpu_s: float
    peak_mb: float
    lateness_s: tuple[float, ...]
    """Of every mail, since the workers began: everybody was due then."""
    size: float
    """Of a mail in the middle."""


def run(size: Size | None = None, cache: Path = DEFAULT_CACHE) -> Report:
    """Measure the whole path on each database, with the ranking done beforehand and on the way.

    Raises:
        MissingToolError: smtp-sink cannot be had.
    """
    size = size or Size()
    tools = postfix_tools(cache)
    parts = (
        (f"{SMALL.all} papers", size.readers, SMALL),
        (f"{USUAL.all} papers", size.usual, USUAL),
        (f"{USUAL.all} papers, ranked", size.ranked, None),
    )
    rows: list[Row] = []
    rates: list[float] = []
    for kind in size.kinds:
        for label, readers, rooms in parts:
            crowd = Crowd(readers, PAPERS, quota=QUOTA)
            finished, ceiling = _measure(tools, kind, crowd, rooms, size.compared)
            rows.append(_row(f"{kind}, {label}", finished, ceiling))
            if rooms is SMALL:
                rates.append(finished.timed.rate / CORES)
    return Report(
        title="Throughput: the whole path into smtp-sink",
        columns=(
            "database",
            "mails",
            "bytes",
            "mails/s",
            "/s/core",
            "CPU ms",
            "smtp-source/s",
            "share",
            "late p50",
            "p99",
            "memory",
        ),
        rows=tuple(rows),
        goals=tuple(
            Goal(f"mails/s/core at 40 kB, {kind}", rate, GOAL, at_least=True)
            for kind, rate in zip(size.kinds, rates, strict=True)
        ),
        notes=(
            f"{WORKERS} workers of one connection each on {CORES} cores, which the sink and the "
            f"database share; mails/s/core is over all {CORES}, CPU ms is that of the workers.",
            f"{tools.told}; smtp-source with as many connections, before and after each run.",
            "Late: seconds from the begin, when all are due at once, to the committed `sent`.",
            "Memory is the larger peak of both workers. Papers were chosen beforehand, but for "
            "those that are ranked on the way.",
        ),
    )


def memory(size: Size | None = None, cache: Path = DEFAULT_CACHE) -> Report:
    """Watch a worker's memory as readers become more."""
    size = size or Size()
    tools = postfix_tools(cache)
    found = [
        _measure(tools, "sqlite", Crowd(readers, PAPERS, quota=QUOTA), SMALL, 0)[0]
        for readers in size.crowds
    ]
    return Report(
        title="Memory of a worker as readers become more",
        columns=("readers", "mails/s", "memory", "seconds", "late p50", "p99"),
        rows=tuple(
            (
                f"{readers:,}",
                f"{one.timed.rate:,.0f}",
                f"{one.peak_mb:.0f} MB",
                f"{one.timed.seconds:.0f}",
                *_percentiles(one.lateness_s),
            )
            for readers, one in zip(size.crowds, found, strict=True)
        ),
        goals=(
            Goal(
                "the largest crowd's memory over the smallest's",
                found[-1].peak_mb / found[0].peak_mb,
                1.25,
                at_least=False,
            ),
        ),
        notes=("SQLite, papers chosen beforehand; the larger peak of two workers.",),
    )


def _measure(
    tools: Postfix, kind: str, crowd: Crowd, rooms: Rooms | None, compared: int
) -> tuple[Finished, float]:
    """Send everything that is due; return it with what smtp-source reaches."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="paperround-load-")))
        installation = stack.enter_context(installed(folder, kind, crowd))
        port = stack.enter_context(tools.sinking())
        environment = installation.at_relay(port)
        app = stack.enter_context(installation.opened(environment))
        message = _example(app, installation, folder, rooms or USUAL)
        sources = [_source(tools, port, message, compared)]
        app.database.dispose()
        loads = run_workers([environment] * WORKERS, folder, rooms)
        sources.append(_source(tools, port, message, compared))
        finished = _finished(app, loads)
    return finished, statistics.mean(sources)


def _source(tools: Postfix, port: int, message: Path, count: int) -> float:
    if not count:
        return 0.0
    return tools.send(port, message, count, connections=WORKERS).rate


def _example(app: App, installation: Installation, folder: Path, rooms: Rooms) -> Path:
    """Write one of the mails to a file, with the line ends that smtp-source wishes for."""
    with app.database.read() as session:
        reader = session.exec(select(Reader).limit(1)).one()
    day = load_day(app, installation.due_at.date())
    made = digest_for(app, reader, day, delivery_id=1, rank=Prepared(rooms))
    assert isinstance(made, FinishedDigest)
    path = folder / "example.eml"
    data = mail_for(app, reader, made.rendered, day.day, app.clock()).data
    path.write_bytes(data.replace(b"\r\n", b"\n"))
    return path


def _finished(app: App, loads: Sequence[Load]) -> Finished:
    began = min(load.began for load in loads)
    with app.database.read() as session:
        query = select(Delivery.finished_at, Delivery.size).where(
            col(Delivery.state) == DeliveryState.SENT
        )
        rows = session.exec(query).all()
    ends = [at.timestamp() for at, _ in rows if at is not None]
    return Finished(
        timed=Timed(len(rows), max(ends) - began),
        cpu_s=sum(load.cpu_s for load in loads),
        peak_mb=max(load.peak_mb for load in loads),
        lateness_s=tuple(sorted(end - began for end in ends)),
        size=statistics.median(size or 0 for _, size in rows),
    )


def _percentiles(lateness_s: Sequence[float]) -> Iterator[str]:
    for share in (0.5, 0.99):
        yield f"{lateness_s[min(len(lateness_s) - 1, int(share * len(lateness_s)))]:.1f} s"


def _row(label: str, finished: Finished, ceiling: float) -> Row:
    timed = finished.timed
    return (
        label,
        f"{timed.count:,}",
        f"{finished.size:,.0f}",
        f"{timed.rate:,.0f}",
        f"{timed.rate / CORES:,.0f}",
        f"{1000 * finished.cpu_s / timed.count:.2f}",
        f"{ceiling:,.0f}",
        f"{timed.rate / ceiling:.0%}",
        *_percentiles(finished.lateness_s),
        f"{finished.peak_mb:.0f} MB",
    )

"""Digests rendered and serialised per second on one core, beside the usual way of doing it.

The usual way (`benchmarks.naive_mail`) renders every mail as a whole, inlines its CSS with a
library and serialises an `EmailMessage`; its mails say the same. All parts make the same digests:
of readers who get random papers of the same days.
"""

import statistics
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from benchmarks.corpus import SHARED_DATA, some_papers
from benchmarks.editions import PAPERS_EACH, SENDER, Reader, digest_for, dispatch_for, readers_of
from benchmarks.measure import Measured, Timed, in_own_process, rate, seconds_of
from benchmarks.naive_mail import INLINERS, NaiveMails, has_inliner, serialise
from benchmarks.report import Goal, Report, Row
from digest.message import build_message
from digest.model import Digest
from digest.render import Renderer
from paperround.records import PaperRecord
from paperround.templating import build_environment
from paperround.tokens import Tokens

__all__ = ["Finished", "Size", "compose_too", "naive", "render_and_serialise", "run"]

GOAL = 300.0
_OURS = "render + serialise"


@dataclass(frozen=True, slots=True)
class Size:
    """How much of each is made."""

    papers: int = 300
    """Two days of the categories that the corpus covers."""
    readers: int = 2_000
    naive_readers: dict[str, int] = field(
        default_factory=lambda: {"css_inline": 300, "premailer": 40}
    )
    """Fewer where each takes long; they would gain nothing from more."""
    rounds: int = 5


@dataclass(frozen=True, slots=True)
class Finished:
    """How long all mails took, and how large they are in the middle."""

    timed: Timed
    median_bytes: float


Runs = Sequence[Measured[Finished]]


def run(size: Size | None = None, data: Path = SHARED_DATA) -> Report:
    """Measure every part in processes of its own, in turns."""
    size = size or Size()
    records, told = some_papers(size.papers, data)
    parts = {
        _OURS: partial(in_own_process, render_and_serialise, records, size.readers),
        "compose + render + serialise": partial(in_own_process, compose_too, records, size.readers),
    } | {
        f"the usual way with {name}": partial(in_own_process, naive, records, n, name)
        for name, n in size.naive_readers.items()
        if has_inliner(name)
    }
    runs: dict[str, list[Measured[Finished]]] = {name: [] for name in parts}
    for _ in range(size.rounds):
        for name, measure in parts.items():
            runs[name].append(measure())
    ours = runs[_OURS]
    return Report(
        title="Digests: mails per second on one core",
        columns=("part", "mails/s", "ms each", "ours is faster by", "bytes each", "peak memory"),
        rows=tuple(_row(name, measured, ours) for name, measured in runs.items()),
        goals=(Goal("mails per second and core", _rate(ours), GOAL, at_least=True),),
        notes=_notes(told, size),
    )


def render_and_serialise(records: Sequence[PaperRecord], n: int) -> Finished:
    """Make mails of digests that are composed already; no card is cut before the clock starts."""
    readers = readers_of(records, n)
    tokens = Tokens(["b" * 32])
    digests = [digest_for(reader, tokens) for reader in readers]
    renderer = Renderer(build_environment())
    sizes: list[int] = []

    def work() -> None:
        for reader, digest in zip(readers, digests, strict=True):
            sizes.append(_mail(renderer, reader, digest))

    return _finished(seconds_of(work), sizes)


def compose_too(records: Sequence[PaperRecord], n: int) -> Finished:
    """Make mails from papers as their source wrote them: cards, links and composition as well."""
    readers = readers_of(records, n)
    tokens = Tokens(["b" * 32])
    renderer = Renderer(build_environment())
    sizes: list[int] = []

    def work() -> None:
        for reader in readers:
            sizes.append(_mail(renderer, reader, digest_for(reader, tokens)))

    return _finished(seconds_of(work), sizes)


def naive(records: Sequence[PaperRecord], n: int, inliner: str) -> Finished:
    """Make mails of digests that are composed already, the usual way."""
    readers = readers_of(records, n)
    tokens = Tokens(["b" * 32])
    digests = [digest_for(reader, tokens) for reader in readers]
    mails = NaiveMails(inliner)
    sizes: list[int] = []

    def work() -> None:
        for reader, digest in zip(readers, digests, strict=True):
            rendered, dispatch = mails.render(digest), dispatch_for(reader, digest)
            sizes.append(len(serialise(rendered, SENDER, reader.addressee, dispatch)))

    return _finished(seconds_of(work), sizes)


def _mail(renderer: Renderer, reader: Reader, digest: Digest) -> int:
    message = build_message(
        renderer.render(digest),
        sender=SENDER,
        addressee=reader.addressee,
        dispatch=dispatch_for(reader, digest),
    )
    return message.size


def _finished(seconds: float, sizes: Sequence[int]) -> Finished:
    return Finished(Timed(len(sizes), seconds), statistics.median(sizes))


def _rate(runs: Runs) -> float:
    return rate(measured.value.timed for measured in runs)


def _row(label: str, runs: Runs, ours: Runs) -> Row:
    faster = statistics.median(
        our.value.timed.rate / their.value.timed.rate for our, their in zip(ours, runs, strict=True)
    )
    return (
        label,
        f"{_rate(runs):,.0f}",
        f"{1000 / _rate(runs):.2f}",
        f"{faster:.1f} x",
        f"{runs[0].value.median_bytes:,.0f}",
        f"{max(measured.peak_mb for measured in runs):.0f} MB",
    )


def _notes(told: str, size: Size) -> tuple[str, ...]:
    missing = [name for name in INLINERS if not has_inliner(name)]
    return (
        f"{told}; {size.readers:,} readers with {PAPERS_EACH} of them each, drawn at random.",
        f"The median of {size.rounds} rounds, each part in a process of its own with one thread.",
        *(f"{name} is not installed: without it the table is a row shorter." for name in missing),
    )

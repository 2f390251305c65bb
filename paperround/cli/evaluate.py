"""`paperround evaluate`: what the ranking is worth here, by replay of the ledger."""

from collections.abc import Mapping
from datetime import date
from math import isfinite
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from paperround.cli.output import note, print_json, print_table, progress
from paperround.cli.running import AsJson, DryRun, day_option, opened

if TYPE_CHECKING:
    from paperround.services.evaluate import LedgerEvaluation
    from recommender.evaluation import Evaluation
    from recommender.reliability import Reliability

__all__ = ["register"]

MANY = 1_000
"""Readers' days that a replay takes by default: a minute or a few."""


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(epilog="Example: paperround evaluate --since 2026-04-01 --plot reliability.svg")(
        evaluate
    )


def evaluate(
    since: Annotated[date | None, day_option("Leave out digests of earlier days.")] = None,
    at_most: Annotated[
        int, typer.Option(min=1, help="So many digests, spread evenly over the days.")
    ] = MANY,
    plot: Annotated[
        Path | None, typer.Option(help="Draw the reliability diagram into this .svg file.")
    ] = None,
    calibrate: Annotated[
        bool, typer.Option("--calibrate", help="Show scores as these ratings teach from now on.")
    ] = False,
    dry_run: DryRun = False,
    as_json: AsJson = False,
) -> None:
    """Replay past digests against their ratings: what is the ranking worth, do scores come true?"""
    from paperround.services.evaluate import evaluate as replayed
    from paperround.services.learned import save_calibration

    if plot is not None and plot.suffix.lower() != ".svg":
        raise typer.BadParameter(f"{plot} is no .svg file; the diagram is drawn as SVG")
    with opened() as app:
        with progress("Replaying", "digests") as on_progress:
            found = replayed(app, since=since, at_most=at_most, on_progress=on_progress)
        if calibrate and found.ratings and not dry_run:
            save_calibration(app, found.calibration.learned)
    if plot is not None:
        _draw(plot, found, dry_run=dry_run)
    if as_json:
        print_json(_facts(found))
    else:
        _print(found)
    if calibrate:
        _tell_calibrated(found, dry_run=dry_run)


def _draw(path: Path, found: "LedgerEvaluation", *, dry_run: bool) -> None:
    from paperround.errors import PaperRoundError
    from paperround.services.reliability_plot import reliability_svg

    check = found.calibration
    drawing = reliability_svg(check.before, check.after, taught=check.taught)
    if dry_run:
        return
    try:
        path.write_text(drawing, encoding="utf-8")
    except OSError as error:
        raise PaperRoundError(f"cannot write the diagram {path}: {error.strerror}") from error
    note(f"diagram: {path}")


def _tell_calibrated(found: "LedgerEvaluation", *, dry_run: bool) -> None:
    learned = found.calibration.learned
    if not learned.ratings:
        note("Nothing to calibrate with; scores stay as they are.")
        return
    shown = ", ".join(f"{percent:.0f} % at {total}" for total, percent in _examples(found).items())
    done = "Would calibrate" if dry_run else "Calibrated"
    note(f"{done} with {learned.ratings:,} ratings: {shown} standard deviations.")


def _examples(found: "LedgerEvaluation") -> dict[int, float]:
    totals = [0, 2, 4, 8]
    return dict(zip(totals, found.calibration.learned.percent(totals).tolist(), strict=True))


def _print(found: "LedgerEvaluation") -> None:
    if not found.digests:
        typer.echo(
            "Nothing to evaluate yet: no past digest has a rating. "
            "Rate papers with `paperround rate`, or from the mail."
        )
        return
    typer.echo(
        f"From {found.first} to {found.last}: {_count(found.digests, 'digest')} of "
        f"{_count(found.readers, 'reader')} with {_count(found.ratings, 'rating')}, "
        "each ranked once more by what was rated before.\n"
    )
    typer.echo("Liked papers among all that were new:")
    _print_rankers(found.window, ("ndcg@10", "recall@20", "mrr", "auc"))
    typer.echo("\nLiked papers among those that the digest showed:")
    _print_rankers(found.shown, ("ndcg@10", "mrr", "auc"))
    check = found.calibration
    if not check.after.count:
        return
    typer.echo(
        f"\nScores against the latest ratings ({check.after.count:,}), "
        f"learned from those before ({check.taught:,}):"
    )
    _print_calibration({"as shipped": check.before, "learned": check.after})
    typer.echo()
    _print_bins(check.after)


def _print_rankers(rankers: "Mapping[str, Evaluation]", names: tuple[str, ...]) -> None:
    from recommender.evaluation import paired

    (ours, best), *_ = rankers.items()

    def ahead(ranker: str, other: "Evaluation") -> str:
        if ranker == ours:
            return ""
        apart = paired(best, other, names[0])
        return _figure(apart.mean, apart.standard_error, "+")

    headings = ["ranker", *(f"{name} ± error" for name in names), f"{ours}'s lead in {names[0]}"]
    print_table(
        headings,
        [
            [
                ranker,
                *(_figure(each.mean(name), each.standard_error(name)) for name in names),
                ahead(ranker, each),
            ]
            for ranker, each in rankers.items()
        ],
    )


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def _figure(mean: float, standard_error: float, sign: str = "") -> str:
    """Print a mean with its error; one digest alone has none, and none at all no mean."""
    if not isfinite(mean):
        return "-"
    return f"{mean:{sign}.3f}" + (f" ± {standard_error:.3f}" if isfinite(standard_error) else "")


def _print_calibration(found: "Mapping[str, Reliability]") -> None:
    print_table(
        ["score", "Brier", "log loss", "expected error"],
        [
            [name, f"{each.brier:.3f}", f"{each.log_loss:.3f}", f"{each.expected_error:.3f}"]
            for name, each in found.items()
        ],
    )


def _print_bins(found: "Reliability") -> None:
    print_table(
        ["score", "ratings", "shown", "thumbs up", "95 % interval"],
        [
            [
                f"{each.low:.0f}-{each.high:.0f}",
                each.count,
                f"{each.predicted:.0f} %",
                f"{each.observed:.0f} %",
                f"{each.interval[0]:.0f}-{each.interval[1]:.0f} %",
            ]
            for each in found.bins
        ],
    )


def _facts(found: "LedgerEvaluation") -> Any:  # JSON of several depths
    from dataclasses import asdict

    return _plain(
        {
            "first": found.first,
            "last": found.last,
            "digests": found.digests,
            "readers": found.readers,
            "ratings": found.ratings,
            "window": _ranker_facts(found.window),
            "shown": _ranker_facts(found.shown),
            "calibration": asdict(found.calibration),
        }
    )


def _ranker_facts(rankers: "Mapping[str, Evaluation]") -> dict[str, dict[str, object]]:
    from dataclasses import asdict

    from recommender.evaluation import paired

    best = next(iter(rankers.values()))
    return {
        ranker: {
            name: {
                "mean": each.mean(name),
                "standard_error": each.standard_error(name),
                "digests": each.count(name),
                "lead_over_it": asdict(paired(best, each, name)),
            }
            for name in each.names
        }
        for ranker, each in rankers.items()
    }


def _plain(value: Any) -> Any:  # whatever JSON can hold
    """Replace what JSON cannot tell: a figure about nothing is none."""
    if isinstance(value, dict):
        return {key: _plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    return None if isinstance(value, float) and not isfinite(value) else value

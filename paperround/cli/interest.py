"""`paperround interest`: what a reader cares about."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from paperround.cli import suggest
from paperround.cli.output import note, print_json, print_table
from paperround.cli.running import Address, AsJson, DryRun, opened

if TYPE_CHECKING:
    from paperround.services.interests import InterestReport

__all__ = ["app"]

app = typer.Typer(help="Add, list, split and remove a reader's interests.", no_args_is_help=True)
suggest.register(app)

Name = Annotated[str, typer.Argument(help="The interest's name, the heading of its section.")]


@app.command(
    epilog="Example: paperround interest add ada@example.org parsing "
    '--prose "Parsing with little data" --like 2605.00022 --library refs.bib'
)
def add(
    address: Address,
    name: Name,
    prose: Annotated[str, typer.Option(help="A sentence in the reader's words.")] = "",
    keyword: Annotated[list[str] | None, typer.Option(help="A word or phrase.")] = None,
    like: Annotated[list[str] | None, typer.Option(help="A liked paper, by id or address.")] = None,
    dislike: Annotated[list[str] | None, typer.Option(help="A disliked paper.")] = None,
    library: Annotated[
        list[Path] | None, typer.Option(help="A BibTeX file, or a list of arXiv ids.")
    ] = None,
    mute_word: Annotated[list[str] | None, typer.Option(help="Never show papers with it.")] = None,
    mute_author: Annotated[list[str] | None, typer.Option(help="Never show theirs.")] = None,
    mute_category: Annotated[list[str] | None, typer.Option(help="Never show any of it.")] = None,
    follow: Annotated[list[str] | None, typer.Option(help="An author, always on top.")] = None,
    quota: Annotated[int | None, typer.Option(help="Papers in one digest, 1 to 50.")] = None,
    threshold: Annotated[float | None, typer.Option(help="Lowest match, 0 to 100.")] = None,
    dry_run: DryRun = False,
    as_json: AsJson = False,
) -> None:
    """Add an interest, or change the one of the same name and add to its papers."""
    from paperround.library import read_library
    from paperround.services.interests import NewInterest, add_interest

    libraries = [read_library(path) for path in library or ()]
    new = NewInterest(
        name=name,
        prose=prose,
        keywords=tuple(keyword or ()),
        like=tuple(like or ()),
        dislike=tuple(dislike or ()),
        library=tuple(item for found in libraries for item in found.items),
        mute_words=tuple(mute_word or ()),
        mute_authors=tuple(mute_author or ()),
        mute_categories=tuple(mute_category or ()),
        follow_authors=tuple(follow or ()),
        quota=quota,
        threshold=threshold,
    )
    with opened() as installation:
        report = add_interest(installation, address, new, dry_run=dry_run)
    problems = [problem for found in libraries for problem in found.problems]
    if as_json:
        print_json(_facts(report, problems))
    else:
        typer.echo("Would add" if dry_run else "Added", nl=False)
        _tell(report, problems)


@app.command("list", epilog="Example: paperround interest list ada@example.org")
def list_all(address: Address, as_json: AsJson = False) -> None:
    """List a reader's interests."""
    from paperround.services.interests import list_interests

    with opened() as installation:
        interests = list_interests(installation, address)
    if as_json:
        print_json([row.model_dump() for row in interests])
        return
    print_table(
        ("name", "sentence", "keywords", "quota", "threshold"),
        [
            (row.name, row.prose, ", ".join(row.keywords), row.quota, f"{row.threshold:g}")
            for row in interests
        ],
    )


@app.command(epilog="Example: paperround interest remove ada@example.org parsing")
def remove(address: Address, name: Name, dry_run: DryRun = False) -> None:
    """Remove an interest; ratings given under it stay."""
    from paperround.services.interests import remove_interest

    with opened() as installation:
        remove_interest(installation, address, name, dry_run=dry_run)
    typer.echo(f"{'Would remove' if dry_run else 'Removed'} interest {name!r} of {address}")


def _facts(report: "InterestReport", problems: Sequence[str]) -> dict[str, object]:
    return {
        "interest": report.interest.model_dump(),
        "matched": report.matched,
        "kept_as_text": report.kept_as_text,
        "unresolved": report.unresolved,
        "problems": problems,
    }


def _tell(report: "InterestReport", problems: Sequence[str]) -> None:
    typer.echo(
        f" interest {report.interest.name!r}: {report.matched} papers found here, "
        f"{report.kept_as_text} kept by title and abstract"
    )
    for problem in problems:
        note(f"library: {problem}")
    if report.unresolved:
        note(f"not here, and without a title: {', '.join(report.unresolved)}")
    typer.echo("Next: paperround embed")

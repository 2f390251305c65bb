"""`paperround interest suggest`: finds interests that hold several, and splits them."""

from typing import TYPE_CHECKING, Annotated

import typer

from paperround.cli.output import print_json
from paperround.cli.running import Address, AsJson, DryRun, opened

if TYPE_CHECKING:
    from paperround.services.suggest import Part, Split

__all__ = ["register"]

SHOWN_PAPERS = 3


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(epilog="Example: paperround interest suggest ada@example.org --apply")(suggest)


def suggest(
    address: Address,
    interest: Annotated[str | None, typer.Option(help="Look at this interest only.")] = None,
    apply: Annotated[bool, typer.Option("--apply", help="Split as proposed.")] = False,
    dry_run: DryRun = False,
    as_json: AsJson = False,
) -> None:
    """Propose to split interests whose liked papers fall into clear clusters.

    The part nearest to the interest's own words keeps its name and words; the others are called
    by words of their own. Mutes, follows and the threshold go to all, the quota is shared out.
    """
    from paperround.services.suggest import apply_split, suggest_splits

    with opened() as installation:
        splits = suggest_splits(installation, address, interest=interest)
        applied = apply and not dry_run
        for split in splits if applied else ():
            apply_split(installation, address, split)
    if as_json:
        print_json([_facts(split, applied=applied) for split in splits])
        return
    for split in splits:
        _tell(split, "Split" if applied else "Would split" if apply else "Could split")
    if not splits:
        typer.echo(f"Every interest of {address} holds together; nothing to split.")
    elif not apply:
        typer.echo(f"To split: paperround interest suggest {address} --apply")


def _tell(split: "Split", done: str) -> None:
    from paperround.services.cards import plain_title

    typer.echo(
        f"{done} {split.interest.name!r} into {len(split.parts)}, "
        f"which are {split.clearness:.2f} apart (clear from 0.20, at the most 1)"
    )
    for part in split.parts:
        rated = f"{len(part.liked)} liked, {len(part.disliked)} disliked"
        typer.echo(f"  {part.name} ({rated}, quota {part.quota}): {', '.join(part.words)}")
        for paper in part.liked[:SHOWN_PAPERS]:
            typer.echo(f"    {plain_title(paper.title)}")


def _facts(split: "Split", *, applied: bool) -> dict[str, object]:
    return {
        "interest": split.interest.name,
        "clearness": round(split.clearness, 4),
        "applied": applied,
        "parts": [_part(part) for part in split.parts],
    }


def _part(part: "Part") -> dict[str, object]:
    return {
        "name": part.name,
        "words": part.words,
        "quota": part.quota,
        "liked": [paper.paper_id for paper in part.liked],
        "disliked": [paper.paper_id for paper in part.disliked],
    }

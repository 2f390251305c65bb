"""`paperround reader onboard`: gets to know a reader by asking about a few papers."""

import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated

import typer

from paperround.cli.output import print_json
from paperround.cli.running import Address, AsJson, DryRun, opened

if TYPE_CHECKING:
    from paperround.services.onboard import Onboarding, Question, Sharpness

__all__ = ["register"]

DEFAULT_PAPERS = 8
ANSWERS = {"y": "yes", "n": "no", "s": "skip", "q": "quit"}


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(
        epilog="Example: paperround reader onboard ada@example.org --category cs.CL --papers 6"
    )(onboard)


def onboard(
    address: Address,
    papers: Annotated[
        int, typer.Option(min=1, max=50, help="How many to ask about.")
    ] = DEFAULT_PAPERS,
    category: Annotated[
        list[str] | None, typer.Option(help="Ask only about papers of this category.")
    ] = None,
    interest: Annotated[
        str | None, typer.Option(help="The interest that answers teach, if not the nearest one.")
    ] = None,
    dry_run: DryRun = False,
    as_json: AsJson = False,
) -> None:
    """Ask about a few papers, chosen so that each answer tells the most.

    Answers are kept as ratings at once. Where nobody can answer, and with --json or --dry-run, it
    prints the papers that it would ask about and keeps nothing.
    """
    from paperround.services.onboard import Onboarding

    with opened() as installation:
        talk = Onboarding(installation, address, categories=category or (), interest=interest)
        if as_json or dry_run or not sys.stdin.isatty():
            _list(talk, papers, as_json=as_json)
        else:
            _converse(talk, papers, _typed)


def _list(talk: "Onboarding", papers: int, *, as_json: bool) -> None:
    questions: list[Question] = []
    while len(questions) < papers and (question := talk.ask()) is not None:
        questions.append(question)
        talk.skip(question)
    if as_json:
        print_json([_facts(question) for question in questions])
        return
    for question in questions:
        typer.echo(f"{question.paper.paper_id}  {_title(question)}")
    if not questions:
        typer.echo(_NOTHING)


def _converse(talk: "Onboarding", papers: int, answered: Callable[[], str]) -> None:
    start = talk.sharpness()
    typer.echo("y: I would read this. n: not for me. s: cannot tell. q: enough.")
    for number in range(1, papers + 1):
        question = talk.ask()
        if question is None:
            typer.echo(_NOTHING)
            break
        _show(question, f"{number}/{papers}")
        verdict = answered()
        if verdict == "q":
            break
        if verdict == "s":
            talk.skip(question)
            continue
        talk.answer(question, 1 if verdict == "y" else -1)
        _tell(talk.sharpness(), start)
    _end(talk.sharpness())


def _typed() -> str:
    """Return y, n, s or q; the end of the input is a q."""
    while True:
        try:
            said = input("Would you read it? [y/n/s/q] ").strip().lower()
        except EOFError:
            return "q"
        if said[:1] in ANSWERS and ANSWERS[said[:1]].startswith(said):
            return said[0]
        typer.echo("Answer y for yes, n for no, s to skip or q to quit.")


def _show(question: "Question", place: str) -> None:
    from digest.wording import author_line
    from paperround.services.cards import readable_sentence

    paper = question.paper
    typer.echo(f"\n[{place}] {_title(question)}")
    typer.echo(f"{author_line(paper.authors)} · {' '.join(paper.categories[:3])} · {paper.url}")
    if paper.abstract:
        typer.echo(readable_sentence(paper.abstract))


def _tell(now: "Sharpness", start: "Sharpness") -> None:
    """Say what the answer did."""
    from paperround.services.cards import plain_title

    typer.echo(
        f"  {now.liked} up, {now.disliked} down; doubt about your best papers: "
        f"{start.doubt:.0f} % at the start, {now.doubt:.0f} % now"
    )
    if now.words:
        typer.echo(f"  your words: {', '.join(now.words)}")
    for place, paper in enumerate(now.best, start=1):
        typer.echo(f"  {place}. {plain_title(paper.title)}")


def _end(now: "Sharpness") -> None:
    typer.echo(f"\n{now.liked + now.disliked} papers rated so far.", nl=False)
    if now.best:
        typer.echo(" The next digest uses them.")
    else:
        typer.echo(" A digest needs a thumbs up, or: paperround interest add")


def _title(question: "Question") -> str:
    from paperround.services.cards import plain_title

    return plain_title(question.paper.title)


def _facts(question: "Question") -> dict[str, object]:
    return {
        "paper": question.paper.paper_id,
        "title": _title(question),
        "url": question.paper.url,
        "categories": question.paper.categories,
        "announced_on": question.paper.announced_on,
        "interest": question.interest,
    }


_NOTHING = "There is no paper to ask about; bring some in with `paperround ingest` and `embed`."

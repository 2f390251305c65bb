"""`paperround preview`: what a reader's digest would be."""

import webbrowser
from datetime import date
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import TYPE_CHECKING, Annotated

import typer

from paperround.cli.output import note, print_json
from paperround.cli.running import Address, AsJson, day_option, opened

if TYPE_CHECKING:
    from paperround.services.preview import Preview

__all__ = ["register"]


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(epilog="Example: paperround preview ada@example.org --day 2026-05-08 --open")(
        preview
    )


def preview(
    address: Address,
    day: Annotated[date | None, day_option("The digest of this day; by default today's.")] = None,
    html: Annotated[Path | None, typer.Option(help="Write the page to this file.")] = None,
    eml: Annotated[Path | None, typer.Option(help="Write the mail to this file.")] = None,
    open_page: Annotated[bool, typer.Option("--open", help="Show it in the browser.")] = False,
    as_json: AsJson = False,
) -> None:
    """Print the digest a reader would get on a day; nothing is sent or kept."""
    from paperround.services.preview import preview as make

    with opened() as app:
        result = make(app, address, day)
    if result.unembedded:
        note(f"{result.unembedded:,} papers have no vector yet; run `paperround embed` first")
    _write(result, html, eml, open_page=open_page)
    if as_json:
        print_json(_facts(result))
    else:
        typer.echo(_text(result))


def _write(result: "Preview", html: Path | None, eml: Path | None, *, open_page: bool) -> None:
    from digest.model import Quiet

    if isinstance(result.digest, Quiet) or result.message is None:
        return
    if html is not None:
        _save("page", html, result.digest.rendered.html.encode())
    if eml is not None:
        _save("mail", eml, result.message.data)
    if open_page:
        with NamedTemporaryFile("w", suffix=".html", delete=False, encoding="utf-8") as page:
            page.write(result.digest.rendered.html)
        webbrowser.open(Path(page.name).as_uri())


def _save(what: str, path: Path, data: bytes) -> None:
    from paperround.errors import PaperRoundError

    try:
        path.write_bytes(data)
    except OSError as error:
        raise PaperRoundError(f"cannot write the {what} {path}: {error.strerror}") from error
    note(f"{what}: {path}")


def _text(result: "Preview") -> str:
    from digest.model import Quiet

    if not isinstance(result.digest, Quiet):
        rendered = result.digest.rendered
        return f"Subject: {rendered.subject}\n\n{rendered.text}"
    hint = ""
    if result.latest_on is not None and result.latest_on < result.day:
        hint = f" The latest papers here are of {result.latest_on}: try --day {result.latest_on}."
    return f"Nothing on {result.day}: {result.digest.reason}{hint}"


def _facts(result: "Preview") -> dict[str, object]:
    from digest.model import Quiet

    if isinstance(result.digest, Quiet):
        return {"day": result.day, "quiet": result.digest.reason}
    papers = {paper.key: paper.paper_id for paper in result.digest.recommendation.papers}
    return {
        "day": result.day,
        "subject": result.digest.rendered.subject,
        "papers": [
            {
                "paper": papers[shown.paper_key],
                "section": shown.section,
                "score": shown.score,
                **shown.reasons,
            }
            for shown in result.digest.shown
        ],
    }

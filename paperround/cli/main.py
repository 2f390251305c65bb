"""Puts the commands together and turns errors into one line and an exit code.

Exit codes: 0 done; 1 an error, said in one line; 2 wrong usage; 3 done, but something needs a look.
"""

import sys
from collections.abc import Sequence
from typing import Annotated

import typer

from digest.errors import DigestError
from paperround import __version__
from paperround.cli import (
    bounces,
    config,
    demo,
    doctor,
    embed,
    evaluate,
    hold,
    ingest,
    init,
    interest,
    lint,
    preview,
    rate,
    reader,
    resend,
    run,
    send,
    serve,
    status,
    why,
)
from paperround.cli.running import FAILED, STATE, WRONG_USAGE
from paperround.errors import PaperRoundError
from paperround.folding import is_text
from recommender.errors import RecommenderError

__all__ = ["app", "main"]

app = typer.Typer(
    name="paperround",
    help="Deliver each reader the new research papers most worth their time.",
    epilog="Try it: paperround demo",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
for command in (
    *(init, ingest, embed, rate, preview, send),
    *(run, serve, status, why, hold, resend, bounces),
    *(lint, evaluate, doctor, config, demo),
):
    command.register(app)
app.add_typer(reader.app, name="reader")
app.add_typer(interest.app, name="interest")


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"paperround {__version__}")
        raise typer.Exit


@app.callback()
def options(
    verbose: Annotated[
        bool, typer.Option("--verbose", "-v", help="Say more, and show tracebacks.")
    ] = False,
    _version_wanted: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    """Take the options that hold for all commands."""
    STATE.verbose = verbose


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line; the process ends with an exit code.

    Args:
        arguments: Without the program's name; by default those of this process.
    """
    given = list(sys.argv[1:] if arguments is None else arguments)
    for argument in given:
        if not is_text(argument):
            typer.echo(f"paperround: the argument {argument!r} is not UTF-8 text", err=True)
            sys.exit(WRONG_USAGE)
    try:
        app(given, prog_name="paperround")
    except (PaperRoundError, DigestError, RecommenderError) as error:
        if STATE.verbose:
            raise
        typer.echo(f"paperround: {' '.join(str(error).split())}", err=True)
        sys.exit(FAILED)

"""What strangers think of our bytes: SpamAssassin, html-validate, and our own lint.

A digest of fifteen papers and each kind of notice, made as a worker makes them. Both tools run
offline and are those of others; where one cannot be had, its column says so.
"""

import email
import email.policy
import json
import os
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeVar

from sqlmodel import select

from benchmarks.delivery.installation import Crowd, installed
from benchmarks.delivery.postfix import DEFAULT_CACHE, MissingToolError
from benchmarks.report import Goal, Report, Row
from digest.lint import Severity, lint
from digest.message import Message
from paperround.context import App
from paperround.services.day import load_day
from paperround.services.digests import FinishedDigest, digest_for, mail_for
from paperround.services.moves import move
from paperround.services.notices import notice_for
from paperround.services.subscribe import Subscription, subscribe
from paperround.store.models import Delivery, Reader

__all__ = ["Opinion", "assassin", "mails_of", "run", "validator"]

PAPERS = 200
QUOTA = 10
"""With trending and outside, fifteen papers."""
MOST_POINTS = 0.5
STRUCTURE = re.compile(
    r"MIME|HTML_(?!MESSAGE$)|INVIS|LOW_CONTRAST|HIDDEN|FONT|BOUNDARY|MISSING_|BASE64|QP_|LINE"
)
"""Rules about structure and hidden text; that a mail has HTML at all is a rule without points."""
VALIDATE = "html-validate@10"
"""The newest that runs on the Node of Debian 12 and newer."""
_RULES = {
    "root": True,
    "extends": ["html-validate:recommended"],
    # Style sheets do not reach every mailbox: in a mail, styles have to be inline.
    "rules": {"no-inline-style": "off"},
}
_HIT = re.compile(r"^\s*(-?\d+\.\d+) ([A-Z][A-Z0-9_]+) ", re.MULTILINE)
_POINTS = re.compile(r"Content analysis details:\s+\((-?\d+\.\d+) points")


@dataclass(frozen=True, slots=True)
class Opinion:
    """What SpamAssassin says of one mail."""

    points: float
    hits: dict[str, float]
    """Rules that matched, with their points."""

    @property
    def without_credit(self) -> float:
        """The points that count against it; what speaks for it is left out."""
        return sum(points for points in self.hits.values() if points > 0)

    @property
    def about_structure(self) -> list[str]:
        """Rules about structure or hidden text that matched."""
        return [name for name in self.hits if STRUCTURE.search(name)]


Tool = TypeVar("Tool")
Assassin = Callable[[bytes], Opinion]
Validator = Callable[[str], list[str]]
"""From a page to what is wrong with it at the level of errors."""


def run(cache: Path = DEFAULT_CACHE) -> Report:
    """Ask all of them about every kind of mail."""
    told: list[str] = []
    judge = _or_none(assassin, told)
    validate = _or_none(lambda: validator(cache), told)
    rows: list[Row] = []
    worst, structural, faults = 0.0, 0, 0
    for label, message in mails_of():
        findings = [one for one in lint(message.data) if one.severity is Severity.ERROR]
        opinion = judge(message.data) if judge else None
        errors = validate(_html(message.data)) if validate else None
        if opinion:
            worst = max(worst, opinion.without_credit)
            structural += len(opinion.about_structure)
            hits = ", ".join(f"{name} {points:+.1f}" for name, points in opinion.hits.items())
            told.append(f"SpamAssassin on the {label}: {hits or 'no rule'}.")
        faults += len(errors or ()) + len(findings)
        told += [f"html-validate on the {label}: {error}" for error in errors or ()]
        told += [f"lint on the {label}: {one}" for one in findings]
        rows.append(_row(label, message, opinion, errors, len(findings)))
    goals = [Goal("errors of html-validate and lint", faults, 0, at_least=False)]
    if judge:
        goals.append(Goal("points of SpamAssassin", worst, MOST_POINTS, at_least=False))
        goals.append(Goal("rules about structure", structural, 0, at_least=False))
    return Report(
        title="Quality of the bytes: what others' tools say of our mails",
        columns=("mail", "bytes", "points", "against it", "HTML errors", "lint errors"),
        rows=tuple(rows),
        goals=tuple(goals),
        notes=tuple(told),
    )


def mails_of() -> Iterator[tuple[str, Message]]:
    """Yield a digest of fifteen papers, and a notice of each kind."""
    crowd = Crowd(readers=1, papers=PAPERS, quota=QUOTA)
    with (
        TemporaryDirectory() as folder,
        installed(Path(folder), "sqlite", crowd) as installation,
        installation.opened() as app,
    ):
        now = app.clock()
        with app.database.read() as session:
            reader = session.exec(select(Reader)).one()
        made = digest_for(app, reader, load_day(app, installation.due_at.date()), delivery_id=1)
        assert isinstance(made, FinishedDigest)
        yield "digest", mail_for(app, reader, made.rendered, now.date(), now)
        subscribe(app, Subscription("grace@reader.example", prose="Quantum walks"), how="web")
        move(app, reader.address, "ada@elsewhere.example", how="web")
        yield from _notices(app, now)


def _notices(app: App, now: datetime) -> Iterator[tuple[str, Message]]:
    """Yield the notices that the ledger has."""
    with app.database.read() as session:
        rows = session.exec(select(Delivery, Reader).join(Reader)).all()
        session.expunge_all()
    for row, reader in rows:
        yield f"notice {row.stream}", notice_for(app, reader, row.stream, row.local_date, now)


def assassin() -> Assassin:
    """Return SpamAssassin without the network; installed where root may do so.

    Raises:
        MissingToolError: It is not here and cannot be had.
    """
    if shutil.which("spamassassin") is None:
        _install("spamassassin")

    def judged(data: bytes) -> Opinion:
        said = subprocess.run(
            ["spamassassin", "-L", "-t", "-x"], input=data, capture_output=True, check=True
        ).stdout.decode(errors="replace")
        report = said[said.rindex("Content analysis details:") :]
        points = _POINTS.search(report)
        assert points is not None
        hits = {name: float(value) for value, name in _HIT.findall(report)}
        return Opinion(float(points.group(1)), hits)

    return judged


def validator(cache: Path) -> Validator:
    """Return html-validate, at the level of errors; fetched into the cache.

    Raises:
        MissingToolError: It is not there and cannot be fetched.
    """
    home = cache / "html-validate"
    program = home / "node_modules/.bin/html-validate"
    if not program.exists():
        _npm_install(home)
    home.joinpath(".htmlvalidate.json").write_text(json.dumps(_RULES), encoding="utf-8")

    def errors_of(page: str) -> list[str]:
        path = home / "page.html"
        path.write_text(page, encoding="utf-8")
        command = [str(program), "--formatter", "json", str(path)]
        said = subprocess.run(command, cwd=home, capture_output=True, text=True)
        if not said.stdout.startswith("["):
            raise MissingToolError(f"html-validate does not run: {said.stderr.strip()[-200:]}")
        return [
            f"line {one['line']}: {one['message']} ({one['ruleId']})"
            for result in json.loads(said.stdout)
            for one in result["messages"]
            if one["severity"] == 2
        ]

    return errors_of


def _install(package: str) -> None:
    """Install a package of Debian, which only root can."""
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        raise MissingToolError(f"{package} is not installed: `apt-get install {package}`")
    command = ["apt-get", "install", "--yes", "--no-install-recommends", package]
    if subprocess.run(command, capture_output=True).returncode:
        raise MissingToolError(f"`apt-get install {package}` failed")


def _npm_install(home: Path) -> None:
    if shutil.which("npm") is None:
        raise MissingToolError("html-validate needs npm, which is not installed")
    home.mkdir(parents=True, exist_ok=True)
    command = ["npm", "install", "--no-audit", "--no-fund", "--prefix", str(home), VALIDATE]
    if subprocess.run(command, capture_output=True).returncode:
        raise MissingToolError(f"`npm install {VALIDATE}` failed")


def _or_none(get: Callable[[], Tool], told: list[str]) -> Tool | None:
    try:
        return get()
    except MissingToolError as error:
        told.append(f"left out: {error}")
        return None


def _html(data: bytes) -> str:
    mail = email.message_from_bytes(data, policy=email.policy.default)
    part = mail.get_body(("html",))
    assert part is not None
    content: str = part.get_content()
    return content


def _row(
    label: str, message: Message, opinion: Opinion | None, errors: list[str] | None, findings: int
) -> Row:
    return (
        label,
        f"{message.size:,}",
        f"{opinion.points:.1f}" if opinion else "-",
        f"{opinion.without_credit:.1f}" if opinion else "-",
        "-" if errors is None else f"{len(errors)}",
        f"{findings}",
    )

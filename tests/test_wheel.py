"""The built wheel stands on its own: templates, migrations, model statistics and sample inside."""

import os
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

pytestmark = [pytest.mark.slow, pytest.mark.wheel, pytest.mark.model]

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="module")
def python(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the wheel, install it into an empty environment, and return that one's Python.

    Dependencies are borrowed from the environment of the tests: a path file makes their folder
    known, while the path file in it that leads to the checkout is not followed.
    """
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder)]
    subprocess.run([*build, str(ROOT)], check=True, capture_output=True)
    (wheel,) = folder.glob("*.whl")
    subprocess.run([sys.executable, "-m", "venv", str(folder / "venv")], check=True)
    python = folder / "venv" / "bin" / "python"
    install = [str(python), "-m", "pip", "install", "--quiet", "--no-deps", "--no-index"]
    subprocess.run([*install, str(wheel)], check=True, capture_output=True)
    (site_packages,) = (folder / "venv").glob("lib/python*/site-packages")
    (site_packages / "borrowed.pth").write_text(sysconfig.get_paths()["purelib"] + "\n")
    return python


def _run(python: Path, folder: Path, *arguments: str) -> str:
    environment = {"PATH": os.environ["PATH"], "HOME": str(folder), "LANG": "C.UTF-8"}
    done = subprocess.run(
        [str(python), *arguments],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_packages_come_from_the_wheel(python: Path, tmp_path: Path) -> None:
    """Not from the checkout."""
    code = "import paperround, recommender, digest, scheduler as s; print(paperround.__file__, s)"

    where = _run(python, tmp_path, "-c", code)

    assert str(ROOT / "paperround") not in where
    assert str(python.parent.parent) in where


def test_every_template_compiles(python: Path, tmp_path: Path) -> None:
    """From the wheel's own folder; every template of the checkout is there."""
    code = (
        "from paperround.templating import build_environment\n"
        "e = build_environment()\n"
        "names = [n for n in e.list_templates() if n.endswith('.jinja')]\n"
        "print(*sorted(e.get_template(n).name for n in names), sep='\\n')"
    )

    compiled = _run(python, tmp_path, "-c", code).split()

    templates = ROOT / "templates"
    assert compiled == sorted(
        path.relative_to(templates).as_posix() for path in templates.rglob("*.jinja")
    )


def test_the_demonstration_runs(python: Path, tmp_path: Path) -> None:
    """Three readers, three mails, three pages, and the lint finds nothing in them."""
    command = str(python.parent / "paperround")

    told = _run(python, tmp_path, command, "demo", "--offline")
    mails = sorted(str(path) for path in tmp_path.glob("demo/sample/outbox/*.eml"))
    linted = _run(python, tmp_path, command, "lint", *mails)

    assert "bundled sample" in told
    assert len(mails) == len(list(tmp_path.glob("demo/sample/outbox/*.html"))) == 3
    assert linted.count("clean") == 3

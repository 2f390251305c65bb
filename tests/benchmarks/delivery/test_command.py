import pytest

from benchmarks.delivery.command import PROOFS, main


def test_an_unknown_proof_is_refused_by_name(capsys: pytest.CaptureFixture[str]) -> None:
    """With the names that there are."""
    with pytest.raises(SystemExit):
        main(["speed"])

    assert "no proof speed; there are year, week, quality" in capsys.readouterr().err


def test_the_help_names_every_proof(capsys: pytest.CaptureFixture[str]) -> None:
    """And an example."""
    with pytest.raises(SystemExit):
        main(["--help"])

    said = " ".join(capsys.readouterr().out.split())
    assert all(name in said for name in PROOFS)
    assert "python -m benchmarks.delivery --fast" in said

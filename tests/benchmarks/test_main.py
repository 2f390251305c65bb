import pytest

from benchmarks.__main__ import main
from benchmarks.machine import load_line, machine_lines


def test_an_unknown_benchmark_is_refused_by_name(capsys: pytest.CaptureFixture[str]) -> None:
    """With the names that there are."""
    with pytest.raises(SystemExit):
        main(["speed"])

    assert "no benchmark speed; there are ingest, embedding" in capsys.readouterr().err


def test_the_machine_and_the_command_stand_above_the_figures() -> None:
    """A figure without its machine says nothing."""
    machine, command = machine_lines(["python", "-m", "benchmarks"])

    assert "cores" in machine
    assert "Python 3." in machine
    assert command == "command: python -m benchmarks"


def test_the_load_is_told_as_two_numbers() -> None:
    """Others may use the machine as well."""
    assert load_line().count(" min)") == 2

"""The result of one benchmark as a value, and how it looks on a terminal."""

from dataclasses import dataclass

from rich.console import Console
from rich.table import Table

__all__ = ["Goal", "Report", "Row", "show"]

Row = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Goal:
    """What a figure should be, and what it is."""

    what: str
    value: float
    limit: float
    at_least: bool
    """Whether more is better."""

    @property
    def is_reached(self) -> bool:
        """Whether the figure is on the right side of its limit."""
        return self.value >= self.limit if self.at_least else self.value <= self.limit

    def __str__(self) -> str:
        wanted = f"{'at least' if self.at_least else 'at most'} {self.limit:,g}"
        verdict = "reached" if self.is_reached else "MISSED"
        return f"goal {verdict}: {self.what} {_figure(self.value)}, wanted {wanted}"


@dataclass(frozen=True, slots=True)
class Report:
    """One table with what belongs to it."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    goals: tuple[Goal, ...] = ()
    notes: tuple[str, ...] = ()
    """What was measured on, one sentence each."""


def show(console: Console, report: Report) -> None:
    """Print a report."""
    table = Table(title=report.title, title_justify="left", box=None, pad_edge=False)
    for number, column in enumerate(report.columns):
        table.add_column(column, justify="left" if number == 0 else "right", no_wrap=number > 0)
    for row in report.rows:
        table.add_row(*row)
    console.print()
    console.print(table)
    for line in (*map(str, report.goals), *report.notes):
        console.print(line, markup=False)


def _figure(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.2f}"

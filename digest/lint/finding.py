"""What a check looks like, and what it finds."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from digest.lint.mail import Mail

__all__ = ["Check", "Finding", "Problem", "Severity"]


class Severity(StrEnum):
    """How bad it is."""

    ERROR = "error"
    """Some readers or relays will not get the mail as it is meant."""
    WARNING = "warning"
    """Works, and should be better."""


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong, before it is known which check said so."""

    message: str
    """One sentence: what is wrong and, where it is not plain, what it should be."""
    where: str
    """Header name, part or link."""
    severity: Severity = Severity.ERROR


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong with a mail."""

    check: str
    """`A06`; a key of `digest.lint.CHECKS`."""
    severity: Severity
    message: str
    where: str

    def __str__(self) -> str:
        return f"{self.check} {self.severity}: {self.where}: {self.message}"


@dataclass(frozen=True, slots=True)
class Check:
    """One rule: its id in the reference, what it asks for, and how it is checked."""

    id: str
    asks: str
    run: Callable[[Mail], Iterator[Problem]]

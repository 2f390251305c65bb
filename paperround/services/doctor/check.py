"""What one look found."""

from dataclasses import dataclass
from typing import Literal

__all__ = ["Check"]


@dataclass(frozen=True, slots=True)
class Check:
    """What one look found."""

    what: str
    status: Literal["ok", "warning", "error"]
    found: str
    mend: str = ""

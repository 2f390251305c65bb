"""Tells in plain words why a mail did or did not go out on a reader's date, from the ledger alone.

`gather` reads what the answer depends on into a `Case`; `rows` and `absence` turn a case into words
and are pure.
"""

from paperround.services.why.case import Answer, Case, Verdict
from paperround.services.why.explain import explain
from paperround.services.why.gather import Told, Why, why

__all__ = ["Answer", "Case", "Told", "Verdict", "Why", "explain", "why"]

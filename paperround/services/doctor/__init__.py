"""Looks for what would go wrong, and says how to mend it.

Every check is one small function that looks and tells; none of them changes anything, and a failing
one never hides the others.
"""

from paperround.services.doctor.check import Check
from paperround.services.doctor.examine import examine

__all__ = ["Check", "examine"]

"""The rules of `check`: what is wrong in a plan or worth a look, why, and what to do about it.

`check` looks for everything that a plan alone can tell. What shows itself while files are read is found by storage
and goes through `chosen`, so that a plan's settings count for both. `fixed` mends what can be mended safely. May use
the gates and the rooms below them.
"""

from __future__ import annotations

from .catalog import RULES
from .checking import check
from .finding_index import FindingIndex
from .fixes import fix, fixed
from .rule import FAMILIES, Check, Hit, Rule, View
from .selection import chosen
from .settings import code_of, is_known

__all__ = [
    "FAMILIES",
    "RULES",
    "Check",
    "FindingIndex",
    "Hit",
    "Rule",
    "View",
    "check",
    "chosen",
    "code_of",
    "fix",
    "fixed",
    "is_known",
]

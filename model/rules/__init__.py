"""The rules of `check`: what is wrong in a plan or worth a look, why, and what to do about it.

`check` looks for everything that a plan alone can tell; what shows itself while files are read is found by storage
and goes through `chosen`, so that a plan's settings count for both. `fixed` mends what can be mended safely.
"""

from __future__ import annotations

from collections.abc import Iterable

from ..findings import Finding
from ..plan import Plan
from .catalog import RULES
from .fixes import fix, fixed
from .rule import FAMILIES, Context, Rule
from .selection import Selection, chosen
from .settings import playbook_findings

__all__ = ["FAMILIES", "RULES", "Context", "Rule", "check", "chosen", "fix", "fixed", "playbook_findings"]

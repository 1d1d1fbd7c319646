"""All findings of a plan, as `check` gives them: of reading and of the rules, with files and lines."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping

from ...model.derived.derived import Derived
from ...model.records.address import Address
from ...model.records.findings import Finding
from ...storage.plan.workspace import Workspace


def find_problems(
    workspace: Workspace, derived: Derived, wanted: Callable[[Address | None], bool] = lambda _: True
) -> tuple[Finding, ...]:
    """What was found about some records, or all; files are looked into for lines, so it is asked when one looks."""
    from ...model.rules.selection import chosen

    reading = chosen(derived.snapshot.findings, derived.plan)
    found = [*(one for one in reading if wanted(one.address)), *derived.findings().listed(wanted)]
    return tuple(workspace.located(found))


def outgrown_problems(workspace: Workspace, derived: Derived) -> tuple[Finding, ...]:
    """Estimates that are much older than what they are of, as the history has it; none where git has no answer."""
    from ...storage.disk.repository import GitProblem
    from ...storage.git.estimate_age import outgrown_findings

    found = outgrown_findings(workspace.root, workspace.files, derived.snapshot, workspace.environment)
    return () if isinstance(found, GitProblem) else tuple(found)


def count_problems(derived: Derived) -> Mapping[str, int]:
    """How many findings there are of each severity."""
    from ...model.rules.selection import chosen

    reading = chosen(derived.snapshot.findings, derived.plan)
    return Counter(derived.findings().counts) + Counter(one.severity for one in reading)

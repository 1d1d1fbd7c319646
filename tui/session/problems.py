"""All findings of a plan, as `check` gives them; computed off the screen's thread."""

from __future__ import annotations

import datetime as dt

from ...model.plan.findings import Finding
from ...storage.plan.workspace import Workspace


def find_problems(workspace: Workspace, today: dt.date) -> list[Finding]:
    """What reading and the rules have found in the plan as it is now, with files and lines."""
    from ...model.rules import Context, check, chosen
    from ...storage.plan.playbook import playbook_of

    plan = workspace.plan
    playbook, own = playbook_of(workspace.files)
    context = Context.of(playbook, today, workspace.broken())
    reading = chosen([*workspace.reading_findings, *own], plan)
    return [*reading, *workspace.located(check(plan, context))]

"""What the head line of the board says: where one is, and what narrows the view."""

from __future__ import annotations

from ...model.plan.plan import Plan
from ...model.playbook.outline import stage_word
from ...model.text.amounts import counted
from .view_state import ViewState


def place_of(plan: Plan, state: ViewState) -> tuple[str, ...]:
    """The open project or the portfolio, then what is shown of it."""
    project = plan.projects.get(state.project)
    if project is None:
        words = [plan.board.title or "portfolio", counted(len(plan.projects), "project")]
    else:
        words = [project.title or project.id, stage_word(project.stage), f"cycle {project.cycle}"]
    if state.filter:
        words.append(f"filter: {state.filter}")
    if state.group != "step":
        words.append(f"by {state.group}")
    if state.marks:
        words.append(f"{len(state.marks)} marked")
    return tuple(words)

"""The condition that all gates share: a second person can decide."""

from __future__ import annotations

from ..edit.deciders import lacks_to_decide, who_may_decide
from .condition import Case, VerdictWithReasons, condition, met, not_met


@condition("second-person")
def second_person(case: Case) -> VerdictWithReasons:
    """The project has a lead, and another person may decide."""
    project, snapshot = case.record, case.figures.snapshot
    if not project.lead:
        return not_met(
            f"{project.id} has no lead: kedge project set {project.id} lead=PERSON (e on the project on the board)"
        )
    may = who_may_decide(snapshot, project, case.gate)
    if may:
        return met(f"led by {project.lead}; may decide: {', '.join(one.id for one in may)}")
    others = [one.id for one in snapshot.plan.people.values() if one.id != project.lead]
    if not others:
        return not_met(
            f"no person but {project.lead} is in the plan: kedge person add NAME role={_role(case)}"
        )
    return not_met(*(lacks_to_decide(snapshot, project, one, case.gate) for one in others[:3]))


def _role(case: Case) -> str:
    return case.gate.roles[0] if case.gate.roles else "ROLE"

"""What is changed in place: the figure of a row, its day, its owner, the sizes that follow."""

from __future__ import annotations

from collections.abc import Mapping

from ...model.plan.change import Path
from ...model.records.strategy import Budget
from ...model.requirements.proposals import keep
from ..screens import row_edits
from ..screens.row_edits import ActsOnRow
from ..screens.sections import Place
from .project_data import BUDGET

VALUES: Mapping[str, str] = {
    "goal": "target",
    "business": "figure",
    "technical": "figure",
    "metric": "actual",
    "stage": "cap",
    "allocation": "share",
    "person": "share",
    "resource": "cost",
}
"""The figure that is set in place, by kind."""
DAYS: Mapping[str, str] = {"goal": "by", "metric": "by", "milestone": "due"}
OWNERS: Mapping[str, str] = {
    "goal": "owner",
    "metric": "owner",
    "milestone": "owner",
    "resource": "owner",
    "stage": "approved_by",
}


def value_path(place: Place) -> Path:
    """The field that `value` sets, from the record or entry on; empty where there is none."""
    if place.field[:1] == (BUDGET,):
        return place.field
    name = VALUES.get(place.address.kind)
    return (name,) if name else ()


def set_value(screen: ActsOnRow) -> None:
    """Asks for the figure of the row; a value that was measured, and money that was spent, are of today."""
    place, today = screen.place, screen.today
    path = value_path(place)
    of_budget = path[0] == BUDGET

    def also(_: object) -> Mapping[Path, object]:
        if place.address.kind == "metric":
            return {("measured_on",): today}
        return {(BUDGET, "spent_until"): today} if path == (BUDGET, "spent") else {}

    name = BUDGET.capitalize() if of_budget else row_edits.called(screen)
    row_edits.set_figure(screen, path, name, also, Budget if of_budget else None)


def set_day(screen: ActsOnRow) -> None:
    """Asks for the due date."""
    row_edits.set_day(screen, DAYS[screen.place.address.kind])


def set_owner(screen: ActsOnRow) -> None:
    """Picks who answers for it."""
    name = OWNERS[screen.place.address.kind]
    row_edits.set_person(screen, name, "approved the money of" if name == "approved_by" else "answers for")


def take_sizes(screen: ActsOnRow) -> None:
    """Keeps the technical requirements that follow from the business ones, as one step."""
    screen.make(lambda: keep(screen.session.derived.snapshot, screen.project))

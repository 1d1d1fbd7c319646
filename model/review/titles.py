"""What things are called in a review: by their titles, of the later side, or of the earlier one where they are gone."""

from __future__ import annotations

from collections.abc import Mapping

from ..plan.plan import Plan, holder_id
from ..records.address import Address
from ..records.base import Entry, Record
from ..records.kinds import ENTRIES, KINDS
from ..text.named import named, quoted

_BOARD = "the board's settings"


class Titles:
    """The titles of records and entries in some states of a plan."""

    def __init__(self, *plans: Plan) -> None:
        """The latest one last: its titles come first."""
        self._plans = tuple(reversed(plans))
        self.has_projects = len({name for plan in plans for name in plan.projects}) > 1
        """Whether there are several, so that a sentence has to say which one it is about."""

    def label(self, address: Address) -> str:
        """The title alone; the id where there is none."""
        entries = (_entry(plan, address) for plan in self._plans)
        found = next((one for one in entries if one is not None), None)
        return found.label if found is not None and found.label else address.id

    def named(self, address: Address) -> str:
        """The title with the id, as a sentence has it."""
        return named(self.label(address), address.id)

    def short(self, address: Address) -> str:
        """The title in quotes, or the id where there is none."""
        return _short(self.label(address), address.id)

    def record(self, record: Record) -> str:
        """A record that changed, as a cause: `"Feature table"`, `the strategy of churn`."""
        kind = record.KIND
        if kind == "board":
            return _BOARD
        if KINDS[kind].single and record.label == record.id:
            return f"the {kind}{self.of(record.project)}"
        return _short(record.label, record.id)

    def of(self, project: str) -> str:
        """` of churn`, where there is more than one project."""
        return f" of {project}" if self.has_projects and project else ""

    def of_named(self, project: str) -> str:
        """The same with the project's title."""
        return f" of {self.named(Address('project', project, project))}" if self.has_projects else ""

    def inside(self, project: str) -> str:
        """`churn: `, before what belongs to it."""
        return f"{project}: " if self.has_projects and project else ""


def _short(label: str, name: str) -> str:
    return label if label == name else quoted(label)


def _entry(plan: Plan, address: Address) -> Entry | None:
    """A record, or an entry inside one."""
    kind = ENTRIES.get(address.kind)
    if kind is None:
        return plan.get(address)
    holder = plan.get(Address(kind.record, address.project, holder_id(kind.record, address.project)))
    section: Mapping[str, Entry] = getattr(holder, kind.section, {})
    return section.get(address.id)

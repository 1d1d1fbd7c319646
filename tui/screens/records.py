"""The records that are no cards: goals, people, metrics, stages, the project, the plan's settings.

They have no column of the board: here is how one comes to their forms, from the list of records and from the palette.
"""

from __future__ import annotations

from collections.abc import Iterator

from ...model.plan.plan import Plan, holder_id
from ...model.plan.unfit import entries_unread, unreadable
from ...model.records.address import Address
from ...model.records.kinds import ENTRIES, KINDS
from ...model.text.named import quoted
from ..dialogs.pick import Pick, PickItem
from .contract import ActsOnPlan

_ELSEWHERE = frozenset({"card", "answer"})
"""Cards have the board, answers the Assess screen."""


def pick_record(screen: ActsOnPlan) -> None:
    """Lists the records by name, kind or id, and new ones; enter opens the form."""
    project = screen.here()
    title = (
        f"Records of {quoted(screen.plan.projects[project].label)}, and of the plan" if project else "Records"
    )
    items = list(record_items(screen.plan, project))
    screen.ask(Pick(title, items), lambda keys: open_record(screen, keys[0]))


def record_items(plan: Plan, project: str) -> Iterator[PickItem]:
    """The records by kind, those of the project first; then a new one of each kind."""
    order = ("project", "board", "person", *ENTRIES, *KINDS)
    kinds = [kind for kind in dict.fromkeys(order) if kind not in _ELSEWHERE]
    several = len(plan.projects) > 1
    for own in (True, False):
        for kind in kinds:
            for address, label in _there(plan, kind, project):
                if own == (address.project in ("", project)):
                    where = (
                        f" of {address.project}" if several and address.project and kind != "project" else ""
                    )
                    yield PickItem("|".join(address), label or address.id, f"{kind} {address.id}{where}")
    for kind in kinds:
        for one in entries_unread(plan, kind, project or None):
            if one.address is not None:
                yield PickItem("|".join(one.address), f"{kind}: {unreadable(one)}", f"the {one.address.kind}")
    for kind in kinds:
        if kind in ENTRIES or not KINDS[kind].single or kind == "project":
            yield PickItem(f"{kind}||", f"new {kind}")


def _there(plan: Plan, kind: str, project: str) -> Iterator[tuple[Address, str]]:
    """Addresses and names of a kind; what a project has once is there even before it has a file."""
    if kind in ENTRIES:
        yield from ((address, entry.label) for address, entry in sorted(plan.entries(kind)))
        return
    found = sorted(plan.of_kind(kind), key=lambda one: one.address)
    yield from ((one.address, one.label) for one in found)
    if KINDS[kind].single and KINDS[kind].in_project and project:
        address = Address(kind, project, holder_id(kind, project))
        if plan.get(address) is None:
            yield address, f"{kind} (nothing in it yet)"


def open_record(screen: ActsOnPlan, key: str) -> None:
    """Opens the form of an item of the list; for something new without a project in sight it is asked which."""
    kind, where, name = key.split("|")
    projects = screen.plan.projects

    def open_form(address: Address) -> None:
        screen.host.open_form(address, then=screen.saved)

    if name or not (kind in ENTRIES or (KINDS[kind].in_project and kind != "project")):
        open_form(Address(kind, where, name))
    elif screen.here() in projects or len(projects) == 1:
        open_form(Address(kind, screen.here() if screen.here() in projects else next(iter(projects)), ""))
    elif not projects:
        screen.say("the plan has no project yet: a adds one", "warning")
    else:
        items = [PickItem(one.id, one.label, one.id) for one in projects.values()]
        title = f"In which project is the new {kind}?"
        screen.ask(Pick(title, items), lambda keys: open_form(Address(kind, keys[0], "")))

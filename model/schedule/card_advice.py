"""What a schedule shows to be brittle: one person on a whole critical path, pins that hold a milestone up."""

from __future__ import annotations

from collections.abc import Iterator

from ..records.address import Address
from ..text.dates import on_date
from .problem import ONE_PERSON_CRITICAL, PIN_CRITICAL, Problem
from .schedule import Schedule

_FEW = 3
"""Critical cards from which on it matters that they are one person's."""


def one_person_critical(made: Schedule) -> Iterator[Problem]:
    """Projects whose cards without slack are all done by one person, though others work there too."""
    of_project: dict[str, list[str]] = {}
    for name, one in made.cards.items():
        of_project.setdefault(one.task.project, []).append(name)
    for project, names in of_project.items():
        critical = [name for name in names if name in made.critical]
        people = {made.cards[name].person for name in critical}
        others = {made.cards[name].person for name in names} - {None}
        person = next(iter(people), None)
        if len(critical) >= _FEW and len(people) == 1 and person is not None and len(others) > 1:
            yield Problem(
                ONE_PERSON_CRITICAL,
                Address("project", project, project),
                f"all {len(critical)} cards that its dates wait for are {person}'s: {', '.join(critical[:5])}",
                (),
                "kedge critical shows them; give some to others, or have someone learn it meanwhile",
            )


def pins_on_critical_path(made: Schedule) -> Iterator[Problem]:
    """Pins that a milestone, or the project's end, waits for."""
    for name, one in made.cards.items():
        if one.task.fixed is None or name not in made.critical or one.task.fixed < made.today:
            continue
        project, milestone = made.targets.target[name]
        waits = milestone or f"the end of {project}"
        yield Problem(
            PIN_CRITICAL,
            one.task.card.address,
            f"fixed {on_date(one.task.fixed, made.today)}, and {waits} waits for it",
            ("fixed",),
            "make sure that the day is fixed, else remove it",
        )

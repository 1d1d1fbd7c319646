"""What an agent may not settle after a merge: of two decisions that people made, a person says which one holds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ...model.plan.plan import Plan
from ...model.records.project import Project
from ...model.review.person_only import person_only
from ..disk.actor import actor_of
from ..disk.errors import NeedsPerson
from ..disk.paths import address_of
from .file_steps import changes_of
from .journal import FileStep


def refuse_agent(path: str, versions: Sequence[bytes | None], environment: Mapping[str, str]) -> None:
    """Raises NeedsPerson where an agent chooses among versions of a file in which a person's word differs.

    The first version is what the others are held against. Goal posts count as if work had begun: the file that says
    so may be in conflict too.
    """
    actor = actor_of(environment)
    address = address_of(path)
    if not actor.is_agent or address is None:
        return
    first, *others = versions
    changes = [change for other in others for change in changes_of([FileStep(path, first, other)])]
    begun = Project(id=address.project, project=address.project, title=address.project, phase="execute")
    plan = Plan({begun.address: begun} if address.project else {})
    what = person_only(plan, changes)
    if what:
        raise NeedsPerson(what, actor.because)

"""`kedge documents`: what must be written down at the stage, whether it is there, and whether it is out of date."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import click

from . import context, naming, output
from .command import Command
from .completing import complete_project
from .plan_folder import plan_root
from .settings import Settings
from .text import wrapped

if TYPE_CHECKING:
    from ..model.operations.documents import Document
    from ..storage.git.evidence import Known


@click.command(cls=Command, reads=True, past=False)
@click.argument("named", metavar="[PROJECT]", default="", shell_complete=complete_project)
@click.pass_obj
def documents(settings: Settings, named: str) -> int:
    """Show the documents of a project: whether they are there, and how old.

    A document is what an answer of the step Document names as evidence. Git says when it was changed, and when the
    files that its models, datasets, rollouts and monitors name were. The exit code is 1 where one that is needed at
    the stage is missing, out of date, or a runbook that no second person has run.
    """
    from ..model.operations.documents import documents as documents_of
    from ..model.operations.documents import paths_of
    from ..storage.disk.repository import GitProblem
    from ..storage.git.evidence import look_up
    from ..storage.git.last_changes import last_changes

    derived = context.derived(settings, context.read(settings))
    plan = derived.plan
    project = (
        naming.one_of(named, "project", plan.projects) if named else context.need_project(settings, plan)
    )
    standing, root = derived.standings(project), plan_root(settings)
    found = documents_of(plan, project, standing)
    changes = last_changes(root, settings.environment, paths_of(found))
    if isinstance(changes, GitProblem):
        output.complain(f"kedge: ages are not compared: {changes.message}")
    else:
        found = documents_of(plan, project, standing, changes)
    known = look_up(root, project, settings.environment)
    if settings.json:
        output.data("documents", [_data(one, known) for one in found])
    else:
        output.lines(_lines(found, known))
    return int(any(one.is_wrong for one in found))


def _lines(found: Sequence[Document], known: Known) -> Iterator[str]:
    wide = max((len(one.state) for one in found), default=0)
    indent = " " * (wide + 4)
    for one in found:
        when = "" if one.is_needed else " (not needed at this stage)"
        text = f"{one.id}: {one.standing.item.text}{when}"
        yield from wrapped(text, indent, f"{one.state:<{wide}}  ")
        for each in one.files:
            yield from wrapped(each.words, indent, " " * (wide + 2))
        for why in one.why():
            yield from wrapped(why, indent, " " * (wide + 2))
        for ran in one.who():
            yield from wrapped(ran, indent, " " * (wide + 2))
        who = known.who(one.standing)
        if who:
            yield from wrapped(f"answered: {who}", indent, " " * (wide + 2))


def _data(one: Document, known: Known) -> dict[str, Any]:
    return {
        "id": one.id,
        "text": one.standing.item.text,
        "state": one.state,
        "needed": one.is_needed,
        "wrong": one.is_wrong,
        "files": [{"path": each.text, "state": each.state} for each in one.files],
        "describes": list(one.describes),
        "older": [
            {
                "path": each.path,
                "day": each.day.isoformat(),
                "than": each.subject,
                "than_day": each.subject_day.isoformat(),
            }
            for each in one.older
        ],
        "drills": [
            {
                "what": each.what,
                "did": each.did,
                "by": each.by,
                "on": each.on.isoformat() if each.on is not None else None,
                "found": each.found,
            }
            for each in one.drills
        ],
        "tried": None if one.id != "doc-runbook" else not one.is_untried,
        "by": known.who(one.standing),
    }

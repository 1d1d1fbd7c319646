"""`kedge size`: what the business asks, as servers, workers, queues, storage and money."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import click

from ..storage.disk.errors import BadValue, UnknownId
from . import context, naming, output
from .command import Command
from .completing import complete_project
from .settings import Settings
from .text import wrapped

if TYPE_CHECKING:
    from ..model.requirements.sizes import Sized
    from ..model.requirements.sizing import Sizing
    from ..model.text.figure import MissingFigure


_NO_BUSINESS = (
    "note: no business requirement asks for {}; add one that is about an input: "
    'kedge business add "Requests of a normal day" about="requests per day"'
)


@click.command(cls=Command, reads=True, writes=True, context_settings={"ignore_unknown_options": True})
@click.argument("words", metavar="[PROJECT] [INPUT=VALUE]...", nargs=-1, shell_complete=complete_project)
@click.option("--write", is_flag=True, help="Keep the inputs and the figures in the plan.")
@click.option("--explain", is_flag=True, help="Show the arithmetic of each figure.")
@click.pass_obj
def size(settings: Settings, words: tuple[str, ...], *, write: bool, explain: bool) -> None:
    """Size a project's system from its business requirements, with the arithmetic.

    Inputs come from business requirements that say what they are about, else from the answers to arch-load and
    arch-limits, and to data-compute for training. INPUT=VALUE tries another value: kedge size churn seconds=0.15
    peak-factor=3. With --write the values and the technical requirements that follow are kept, as one step; kept ones
    are brought up to date.
    """
    from ..model.requirements.proposals import keep
    from ..model.requirements.sizing import size as size_of

    named = [word for word in words if "=" not in word]
    if len(named) > 1:
        raise click.UsageError("one project is enough")
    given = _given([word for word in words if "=" in word])
    workspace = context.open_workspace(settings) if write else None
    snapshot = context.snapshot(settings, workspace or context.read(settings))
    plan = snapshot.plan
    project = (
        naming.one_of(named[0], "project", plan.projects) if named else context.need_project(settings, plan)
    )
    found = size_of(snapshot, project, given)
    if workspace is not None:
        context.commit(settings, workspace, keep(snapshot, project, given))
        if not settings.dry_run and (
            lacking := [one.id for one in found.results if one.value and not one.serves]
        ):
            output.say(settings, _NO_BUSINESS.format(", ".join(lacking)))
        return
    if settings.json:
        output.data("size", _data(found))
    else:
        output.lines(_lines(found, explain=explain))


def _given(words: Sequence[str]) -> dict[str, float]:
    """Inputs as they were typed. Raises BadValue or AmbiguousId."""
    from ..model.calculators.inputs import Input, read_input
    from ..model.requirements.inputs import INPUTS

    names = {_plain(name): name for name in INPUTS}
    given: dict[str, float] = {}
    for word in words:
        name, _, text = word.partition("=")
        try:
            known = names[naming.one_of(_plain(name), "input", names)]
        except UnknownId as error:
            near = error.nearest or INPUTS
            raise BadValue(f"size has no input {name.strip()!r}", f"inputs: {', '.join(near)}") from None
        try:
            value = read_input(Input(known, INPUTS[known].kind, is_needed=True), text)
        except ValueError as wrong:
            raise BadValue(str(wrong)) from None
        assert isinstance(value, float)
        given[known] = value
    return given


def _plain(name: str) -> str:
    """A name as it can be typed with hyphens in place of spaces."""
    return name.strip().replace("-", " ").replace("_", " ")


def _lines(found: Sizing, *, explain: bool) -> Iterator[str]:
    from ..model.text.figure import Explained, MissingFigure, amount

    yield f"Mode: {found.mode or 'not set: kedge answer arch-mode'}"
    if found.inputs:
        yield "From"
        wide = max(len(one.name) for one in found.inputs)
        for one in found.inputs:
            yield f"  {one.name:<{wide}}  {amount(one.value, one.unit)}  ({one.source})"
    yield "Follows"
    for one in found.results:
        match one.figure:
            case Explained() as figure:
                yield f"  {one.title}: {amount(figure.value, figure.unit)}{_served(one)}"
                rows = figure.lines()[1:] if explain else [*figure.steps, *figure.notes]
                for row in rows:
                    yield from wrapped(row.strip(), "    ")
            case MissingFigure() as lacking:
                yield from wrapped(f"{one.title}: not known; missing: {lacking.missing}", "    ", "  ")
                yield f'    kedge answer {lacking.question} "{_figure(lacking)}=…"'
            case unattainable:
                yield from wrapped(f"{one.title}: {unattainable.why}", "  ")


def _figure(lacking: MissingFigure) -> str:
    """The first figure that is missing, by the name that its question has for it."""
    from ..model.requirements.inputs import INPUTS

    name = lacking.missing.split(", ")[0]
    return INPUTS[name].figure if name in INPUTS else name


def _served(one: Sized) -> str:
    return f"  serves {', '.join(one.serves)}" if one.serves else ""


# ---- for programs


def _data(found: Sizing) -> dict[str, Any]:
    return {
        "mode": found.mode,
        "inputs": [
            {"name": one.name, "value": one.value, "unit": one.unit, "source": one.source}
            for one in found.inputs
        ],
        "results": [_result(one) for one in found.results],
    }


def _result(one: Sized) -> dict[str, Any]:
    from ..model.text.figure import Explained, MissingFigure

    data: dict[str, Any] = {"id": one.id, "name": one.title, "value": one.value, "serves": list(one.serves)}
    match one.figure:
        case Explained() as figure:
            return {**data, "unit": figure.unit, "steps": list(figure.steps), "notes": list(figure.notes)}
        case MissingFigure() as lacking:
            return {**data, "unit": "", "steps": [], "missing": lacking.missing}
        case unattainable:
            return {**data, "unit": "", "steps": [], "attainable": False, "why": unattainable.why}

"""The calculators of the playbook on the command line, on typed figures or on a project's own."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import click
from click.shell_completion import CompletionItem

from ..storage.disk.errors import BadValue, PlanNotFound
from . import context, naming, output
from .command import Command
from .settings import Settings
from .text import wrapped

if TYPE_CHECKING:
    from ..model.playbook.calculator import Calculator
    from ..model.text.figure import Calculated


def _complete(_context: click.Context, _parameter: click.Parameter, typed: str) -> list[CompletionItem]:
    found = ((one.id.removeprefix("calc-"), one.title) for one in _calculators())
    return [CompletionItem(name, help=title) for name, title in found if name.startswith(typed)]


@click.command(cls=Command, reads=True, context_settings={"ignore_unknown_options": True})
@click.argument("name", default="", shell_complete=_complete)
@click.argument("words", metavar="[INPUT=VALUE]...", nargs=-1)
@click.pass_obj
def calc(settings: Settings, name: str, words: tuple[str, ...]) -> None:
    """Run a calculator of the playbook, and show the arithmetic; without NAME they are listed.

    What is not given comes from the project, as far as its answers say it: kedge calc expected-value. A list has
    commas (flows=3000,4200), a table slashes between its rows (table=20,5/10,15). No plan is needed.
    """
    from ..model.calculators.inputs import calculate, inputs_of

    found = _calculators()
    if not name:
        if settings.json:
            output.data("calculators", [_about_data(one) for one in found])
        else:
            output.lines(line for one in found for line in _about(one))
        return
    calculator = naming.one_of(_known(name, found), "calculator", [one.id for one in found])
    given = _typed(calculator, words)
    own, unit = _own(settings, calculator)
    optional = {one.name for one in inputs_of(calculator) if not one.is_needed}
    if given.keys() & optional:
        # Another calculation may have been meant than the one that the project's figures are for.
        own = {one: value for one, value in own.items() if one not in optional}
    try:
        result = calculate(calculator, own | given, unit)
    except (ValueError, TypeError) as wrong:
        inputs = ", ".join(
            f"{one.name}{'' if one.is_needed else ' (optional)'}" for one in inputs_of(calculator)
        )
        about = str(wrong).partition(":")[0]
        shape = next((f"{one.name}: {one.shape}; " for one in inputs_of(calculator) if one.name == about), "")
        raise BadValue(f"{calculator}: {wrong}", f"{shape}inputs: {inputs}") from None
    if settings.json:
        output.data("figure", _data(calculator, result, own.keys() - given.keys()))
        return
    output.lines(result.lines())
    taken = [one.name for one in inputs_of(calculator) if one.name in own and one.name not in given]
    if taken:
        output.say(settings, f"from the project: {', '.join(taken)}")


def _calculators() -> list[Calculator]:
    """Those that can be computed, in the order of the playbook."""
    from ..model.calculators.catalog import CALCULATORS
    from ..model.playbook import shipped

    return [one for one in shipped().calculators if one.id in CALCULATORS]


def _known(name: str, found: Sequence[Calculator]) -> str:
    whole = f"calc-{name}"
    return whole if any(one.id == whole for one in found) else name


def _typed(calculator: str, words: Sequence[str]) -> dict[str, object]:
    """Inputs as they were typed. Raises BadValue or UnknownId."""
    from ..model.calculators.inputs import inputs_of, read_input

    inputs = {one.name: one for one in inputs_of(calculator)}
    given: dict[str, object] = {}
    for word in words:
        name, equals, text = word.partition("=")
        if not equals:
            raise BadValue(f"{word!r} is not INPUT=VALUE", f"inputs: {', '.join(inputs)}")
        one = inputs[naming.one_of(name.strip(), "input", inputs)]
        try:
            given[one.name] = read_input(one, text)
        except ValueError as wrong:
            raise BadValue(str(wrong)) from None
    return given


def _own(settings: Settings, calculator: str) -> tuple[dict[str, object], str]:
    """What the project says, and the currency; nothing where there is no plan, or no project is clear."""
    from ..model.assess.arithmetic import own_inputs

    try:
        loaded = context.read(settings)
    except PlanNotFound:
        if settings.plan:
            raise
        return {}, ""
    named = context.named_project(settings, loaded.plan.projects)
    projects = list(loaded.plan.projects)
    project = named or (projects[0] if len(projects) == 1 else loaded.plan.board.main_project)
    if project not in loaded.plan.projects:
        return {}, loaded.plan.board.currency
    own = own_inputs(context.snapshot(settings, loaded), str(project), calculator)
    return own, loaded.plan.board.currency


def _about(one: Calculator) -> Iterator[str]:
    from ..model.calculators.inputs import inputs_of

    yield from wrapped(one.title, "", f"{one.id.removeprefix('calc-'):<17} ")
    names = (each.name if each.is_needed else f"[{each.name}]" for each in inputs_of(one.id))
    yield from wrapped(" ".join(names), " " * 18)


# ---- for programs


def _about_data(one: Calculator) -> dict[str, Any]:
    from ..model.calculators.inputs import inputs_of

    inputs = [
        {"name": each.name, "needed": each.is_needed, "shape": each.shape} for each in inputs_of(one.id)
    ]
    return {"calculator": one.id, "title": one.title, "formula": one.formula, "inputs": inputs}


def _data(calculator: str, found: Calculated, own: set[str]) -> dict[str, Any]:
    from ..model.text.figure import Explained

    known: dict[str, Any]
    if isinstance(found, Explained):
        known = {
            "value": found.value,
            "unit": found.unit,
            "attainable": True,
            "steps": list(found.steps),
            "inputs": dict(found.inputs),
        }
    else:
        known = {"value": None, "unit": "", "attainable": False, "why": found.why, "steps": [], "inputs": {}}
    return {
        "calculator": calculator,
        "name": found.name,
        **known,
        "figures": dict(found.figures),
        "from_project": sorted(own),
        "lines": found.lines(),
    }

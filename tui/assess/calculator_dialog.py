"""A calculator on the board, with a project's own figures, which may be changed to see what follows."""

from __future__ import annotations

from collections.abc import Mapping

from ...model.assess.arithmetic import own_inputs
from ...model.calculators.catalog import CALCULATORS
from ...model.calculators.inputs import calculate, inputs_of, read_input, write_input
from ...model.playbook.calculator import Calculator
from ..dialogs.figures import Figures, Named
from ..dialogs.message import Message
from ..dialogs.pick import Pick, PickItem
from .asked import Asked
from .contract import ActsOnQuestions


def try_calculator(screen: ActsOnQuestions) -> None:
    """Asks for a calculator, that of the focused question first, then for its inputs, and shows the arithmetic."""
    asked = screen.asked
    assert asked is not None
    question = screen.question
    own = question.item.calculator if question is not None else ""
    found = sorted(
        (one for one in asked.playbook.calculators if one.id in CALCULATORS), key=lambda one: one.id != own
    )
    items = [PickItem(one.id, one.title, one.id.removeprefix("calc-")) for one in found]

    def chosen(keys: tuple[str, ...]) -> None:
        _ask(screen, asked, next(one for one in found if one.id == keys[0]))

    screen.ask(Pick("Calculate", items), chosen)


def _ask(screen: ActsOnQuestions, asked: Asked, one: Calculator) -> None:
    plan = asked.plan
    known = own_inputs(asked.derived.snapshot, asked.project.id, one.id)
    figures = [
        Named(
            each.name,
            each.shape if each.is_needed else f"may be left out: {each.shape}",
            write_input(known[each.name]) if each.name in known else "",
        )
        for each in inputs_of(one.id)
    ]

    def given(texts: Mapping[str, str]) -> dict[str, object]:
        return {
            each.name: read_input(each, texts[each.name]) for each in inputs_of(one.id) if texts[each.name]
        }

    def wrong(texts: Mapping[str, str]) -> str | None:
        try:
            calculate(one.id, given(texts))
        except (ValueError, TypeError) as error:
            return str(error)
        return None

    def show(texts: Mapping[str, str]) -> None:
        lines = calculate(one.id, given(texts), plan.board.currency).lines()
        screen.show_dialog(Message(one.title, lines))

    screen.ask(Figures(one.title, one.formula, figures, wrong), show)

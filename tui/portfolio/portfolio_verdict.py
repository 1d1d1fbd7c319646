"""What the Portfolio screen says first: what to do now, what is left, and what would bring the next project in."""

from __future__ import annotations

from ...model.capacity.capacity import Limit
from ...model.text.amounts import whole_percent
from ...model.text.figure import amount, figure_of, written
from ...model.text.visible import one_line
from ...model.value.worth import Worth
from ..draw.spans import Line, wrap
from .chosen import Chosen


def verdict_lines(chosen: Chosen, width: int) -> list[Line]:
    """The verdict, and what would change it, in as few rows as they take."""
    spans = [("Do now: ", "heading"), (f"{_now(chosen)}. ", "strong"), (_left(chosen), "")]
    rows = [Line(row) for row in wrap(spans, width)]
    return [*rows, *(Line(row) for row in wrap([(_next(chosen), "")], width))]


def _now(chosen: Chosen) -> str:
    named = {one.project.id: one for one in chosen.proposal.chosen}
    order = [one for one in chosen.proposal.order if one in named]
    first = [one for one in named if one not in order]
    return ", then ".join(_project(named[one], chosen) for one in (*order, *first)) or "nothing"


def _project(one: Worth, chosen: Chosen) -> str:
    trial = ", on trial" if chosen.trial.get(one.project.id) else ""
    duty = ", an obligation" if one.project.mandatory else ""
    return f"{one_line(one.project.label)} ({written(round(figure_of(one.cost)))}{duty}{trial})"


def _money(chosen: Chosen) -> Limit | None:
    return next((one for one in chosen.proposal.ranking.limits if one.skills is None), None)


def _left(chosen: Chosen) -> str:
    """What of the money is left; the line below says it of people."""
    money = _money(chosen)
    if money is None:
        return ""
    whole, reserve = money.available.value, money.available.inputs.get("reserve")
    left = written(round(max(0.0, whole - chosen.proposal.used(money))))
    kept = f" after a reserve of {whole_percent(reserve)}" if isinstance(reserve, float) else ""
    return f"Left: {left} of {amount(round(whole), money.available.unit)}{kept}."


def _next(chosen: Chosen) -> str:
    """The smallest budget with which another set would be better, and what that set has."""
    money, titles = _money(chosen), _titles(chosen)
    if money is None:
        return "No budget limits the choice: b tries one."
    if chosen.frontier is None:
        return "Next in line: looking for what more money would buy."
    used, value = chosen.proposal.used(money), chosen.proposal.choice.value
    for needs, choice in chosen.frontier:
        ids = frozenset(chosen.proposal.worths[one].project.id for one in choice.chosen)
        if needs > max(used, money.available.value) and choice.value > value and ids != chosen.ids:
            comes = " and ".join(titles[one] for one in sorted(ids - chosen.ids))
            goes = " and ".join(titles[one] for one in sorted(chosen.ids - ids))
            reserve = money.available.inputs.get("reserve")
            budget = needs / (1 - reserve) if isinstance(reserve, float) and reserve < 1 else needs
            words = f"Next in line: {comes}, in at a budget of {amount(round(budget), chosen.currency)}"
            return f"{words}{f', with {goes} out' if goes else ''}."
    first = next(
        (
            one.worth.project
            for one in chosen.proposal.ranking.all
            if one.worth.project.id in chosen.proposal.left_out
        ),
        None,
    )
    if first is None:
        return "All are in."
    why = one_line(chosen.proposal.left_out[first.id])
    return f"More money alone would change nothing. {one_line(first.label)}: {why}."


def _titles(chosen: Chosen) -> dict[str, str]:
    return {one.project.id: one_line(one.project.label) for one in chosen.proposal.worths}

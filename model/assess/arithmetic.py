"""The arithmetic behind a question, and what a project's records give to a calculator."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType

from ..calculators.inputs import calculated, kept_inputs
from ..playbook.item import Item
from ..playbook.outline import stage_word
from ..snapshot.snapshot import Snapshot
from ..text.figure import Explained, MaybeFigure, figure_of
from ..value.effects import Trial, awaiting, effects, lines_of
from ..value.project_figures import IMPACT, Answers
from ..value.worth import Worth, worth

SHOWN: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "disc-fit": ("confidence",),
        "disc-reach": ("gain_per_reach", "error_cost", "relative"),
        "disc-stakeholders": ("confidence",),
        "disc-aware": ("confidence",),
        "disc-users": ("confidence",),
        "disc-vision": ("confidence",),
        "disc-personal": ("confidence",),
        "disc-risk-class": ("later_cost",),
        "disc-unknowns": ("confidence", "cost"),
        "data-inventory": ("confidence", "data_cost", "building_time"),
        "data-first-look": ("confidence",),
        "data-signal": ("confidence",),
        "data-like-production": ("confidence",),
        "data-labels": ("data_cost",),
        "data-cost": ("cost",),
        "data-compute": ("cost",),
        "data-infra-ready": ("cost", "later_cost", "complexity"),
        "stage-timebox": ("weeks", "building_time", "present_value", "pay_back"),
        "stage-cap": ("cost",),
        "stage-poc": ("confidence",),
        "stage-poc-move": ("confidence",),
        "stage-baseline": ("confidence",),
        "pri-gain": ("gain", "gain_per_reach", "present_value", "pay_back", "relative"),
        "pri-cost": ("cost", "later_cost", "months", "people_cost", "building_time"),
        "pri-run": ("running_cost",),
        "pri-errors": ("error_cost",),
        "pri-ev-value": ("confidence",),
        "pri-ev-tech": ("confidence",),
        "pri-ev-adopt": ("confidence",),
        "pri-complexity": ("complexity", "confidence", "cost"),
        "pri-reality": ("confidence", "cost"),
        "pri-delay": ("delay",),
        "pri-decision": ("expected_value",),
        "it-next": ("expected_value",),
    }
)
"""By question, the figures of a project's worth that its answer goes into."""


def of_question(
    snapshot: Snapshot, project: str, item: Item, values: Mapping[str, object]
) -> list[MaybeFigure]:
    """The figures that the answer to a question goes into; `values` are its named figures."""
    if item.id in SHOWN:
        found = worth(snapshot, snapshot.plan.projects[project])
        known: list[MaybeFigure] = [getattr(found, name) for name in SHOWN[item.id]]
        # The score without money is asked for only where there is no value in money.
        return [one for one in known if one is not found.relative or not isinstance(found.gain, Explained)]
    figure = calculated(item, values, snapshot.plan.board.currency)
    return [figure] if figure is not None else []


def moved_by(snapshot: Snapshot, project: str, item: Item) -> tuple[list[str], tuple[Trial, ...]]:
    """What another answer would move, as text and as it is; where it moves no figure, what follows instead."""
    found = effects(snapshot, project, item)
    if found:
        return list(lines_of(found)), found
    names = awaiting(snapshot, project, item)
    lines = [f"Not answered yet; an answer moves {', '.join(names)}."] if names else list(lines_of(found))
    return [*lines, *_instead(snapshot, item)], found


def _instead(snapshot: Snapshot, item: Item) -> Iterator[str]:
    """What follows from an answer that moves no figure."""
    for gate in snapshot.playbook.gates_asking(item):
        if item.must == "never":
            yield f'It counts for the score of "{gate.title}" (weight {item.weight}).'
        else:
            later = (
                f" from {stage_word(item.must)} on; before, it counts for the score (weight {item.weight})"
            )
            yield f'"{gate.title}" waits for it{later if item.must != "mvp" else ""}.'
    if item.card:
        yield f"While it is not met, a card is offered: {item.card}."


def own_inputs(snapshot: Snapshot, project: str, calculator: str) -> dict[str, object]:
    """The inputs of a calculator that a project's records say; what they do not say is left out."""
    said = Answers(snapshot, project)
    given: dict[str, object] = {}
    for item in snapshot.playbook.items:
        answer = said.answer(item.id)
        if item.calculator == calculator and answer is not None:
            given |= kept_inputs(item, answer.values)
    found = worth(snapshot, snapshot.plan.projects[project])
    return _from_worth(calculator, found, said) | given


def _from_worth(calculator: str, found: Worth, said: Answers) -> dict[str, object]:
    match calculator:
        case "calc-npv":
            return _inputs(found.present_value)
        case "calc-expected-value":
            return _inputs(found.expected_value)
        case "calc-confidence":
            inputs = _inputs(found.confidence)
            ways = {
                name.removesuffix(" points"): way for name, way in inputs.items() if name.endswith(" points")
            }
            levels = {name: level for name, level in inputs.items() if not name.endswith(" points")}
            return levels | ({"results": ways} if ways else {})
        case "calc-error-cost":
            return _known(n=said.number("disc-reach"))
        case "calc-relative-score":
            return _known(
                reach=said.number("disc-reach"),
                impact=said.figure(*IMPACT),
                confidence=found.confidence.value,
                effort=figure_of(found.months) or None,
            )
        case _:
            return {}


def _inputs(known: MaybeFigure) -> dict[str, object]:
    return dict(known.inputs) if isinstance(known, Explained) else {}


def _known(**values: float | None) -> dict[str, object]:
    return {name: value for name, value in values.items() if value is not None}

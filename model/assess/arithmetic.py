"""The arithmetic behind a question, and what a project's records give to a calculator."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from ..calculators.inputs import calculated, kept_inputs
from ..playbook.models import Item
from ..snapshot.snapshot import Snapshot
from ..text.figure import Explained, MaybeFigure, figure_of
from ..value.project_figures import IMPACT, Answers
from ..value.worth import Worth, worth

SHOWN: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "disc-reach": ("error_cost", "relative"),
        "data-inventory": ("confidence",),
        "data-first-look": ("confidence",),
        "data-signal": ("confidence",),
        "data-like-production": ("confidence",),
        "stage-timebox": ("weeks",),
        "stage-cap": ("cost",),
        "pri-gain": ("gain", "present_value", "relative"),
        "pri-cost": ("cost", "later_cost", "months"),
        "pri-run": ("running_cost",),
        "pri-errors": ("error_cost",),
        "pri-ev-value": ("confidence",),
        "pri-ev-tech": ("confidence",),
        "pri-ev-adopt": ("confidence",),
        "pri-complexity": ("complexity",),
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

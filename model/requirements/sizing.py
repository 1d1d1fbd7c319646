"""From what the business asks to the size of the system, each figure with its arithmetic.

What is missing for a figure is said, and the other figures are still worked out.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from ..snapshot.snapshot import Snapshot
from ..text.figure import Explained
from ..value.project_figures import Answers
from . import sizes
from .inputs import INPUTS, Input, about, inputs_of
from .sizes import BATCH, MONEY, ON_DEVICE, Made, Sized, mode_for


@dataclass(frozen=True)
class Sizing:
    """What a project's system must be able to do, as far as its inputs say it."""

    mode: str
    """batch, stream or real-time request; empty where nothing says it."""
    inputs: tuple[Input, ...]
    results: tuple[Sized, ...]


def size(snapshot: Snapshot, project: str, given: Mapping[str, float] | None = None) -> Sizing:
    """The sizes of a project's system; `given` are inputs on trial, by their names in `INPUTS`."""
    known = inputs_of(snapshot, project)
    known |= {name: Input(name, value, INPUTS[name].unit, "given") for name, value in (given or {}).items()}
    mode, said = _mode(snapshot, project, known)
    of_load = _BY_MODE.get(mode, _OF_REQUESTS)
    made = [
        *(make(known) for make in of_load),
        sizes.time_to_answer(known, mode, said),
        sizes.fallback(known),
        sizes.exposure(known, mode),
        sizes.training(known),
    ]
    currency = snapshot.plan.board.currency
    results = tuple(
        replace(_in_currency(one, currency), serves=about(snapshot.plan, project, reads))
        for one, reads in made
    )
    return Sizing(mode, tuple(known.values()), results)


def _in_currency(one: Sized, currency: str) -> Sized:
    if isinstance(one.figure, Explained) and one.figure.unit == MONEY:
        return replace(one, figure=replace(one.figure, unit=currency))
    return one


def _mode(snapshot: Snapshot, project: str, known: Mapping[str, Input]) -> tuple[str, str]:
    """How predictions are made, and what says so; both empty where nothing does."""
    answer = Answers(snapshot, project).answer("arch-mode")
    if answer is not None and isinstance(answer.verdict, str):
        return answer.verdict, "arch-mode"
    if "predictions per run" in known:
        return BATCH, "there are predictions per run"
    latency = known.get("p95 latency")
    return ("", "") if latency is None else (mode_for(latency.value / 1000), "it follows from that")


Make = Callable[[Mapping[str, Input]], Made]
_OF_REQUESTS: tuple[Make, ...] = (
    sizes.at_peak,
    sizes.servers,
    sizes.queue,
    sizes.results,
    sizes.request_cost,
)
_BY_MODE: Mapping[str, tuple[Make, ...]] = {
    BATCH: (sizes.workers, sizes.results, sizes.run_cost),
    ON_DEVICE: (sizes.results,),
}
"""By mode, the sizes that follow from the load; those of requests for all others."""

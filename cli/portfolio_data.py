"""The portfolio for programs: what `portfolio --json` says."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ..model.text.figure import figure_data

if TYPE_CHECKING:
    from ..model.portfolio.break_even import BreakEven
    from ..model.portfolio.concentration import Caution
    from ..model.portfolio.proposal import Proposal
    from ..model.snapshot.snapshot import Snapshot
    from ..model.solvers.choose import Choice
    from ..model.text.figure import MaybeFigure
    from ..model.value.worth import Worth


@dataclass(frozen=True)
class Looked:
    """What was looked for beyond the choice, and whether it was stopped before all was found."""

    moves: tuple[BreakEven, ...]
    points: tuple[tuple[float, Choice], ...]
    stopped: bool


def data_of(snapshot: Snapshot, proposal: Proposal, looked: Looked) -> dict[str, Any]:
    from ..model.portfolio.concentration import cautions, money_concentration

    whole = money_concentration(proposal.chosen)
    ranking = proposal.ranking
    ids = [one.project.id for one in proposal.worths]
    return {
        "currency": snapshot.plan.board.currency,
        **{
            name: [
                {**project_data(one.worth), "index": figure_data(one.index)} for one in getattr(ranking, name)
            ]
            for name in ("obligations", "money", "relative", "lacking")
        },
        "limits": [
            {
                "name": limit.name,
                "available": limit.available.value,
                "unit": limit.available.unit,
                "used": proposal.used(limit),
            }
            for limit in ranking.limits
        ],
        "weeks": ranking.weeks,
        "chosen": [one.project.id for one in proposal.chosen],
        "order": list(proposal.order),
        "left_out": dict(proposal.left_out),
        "worth": proposal.choice.value,
        "bound": proposal.choice.bound,
        "reached": proposal.choice.reached,
        "proven": proposal.choice.proven,
        "stopped": looked.stopped,
        "problems": list(proposal.problems),
        "spread": None if whole is None else figure_data(whole),
        "warnings": [_caution(one) for one in cautions(snapshot, proposal)],
        "tips": tips(looked.moves),
        "frontier": [
            {"needs": used, "worth": choice.value, "projects": [ids[at] for at in choice.chosen]}
            for used, choice in looked.points
        ],
    }


def project_data(worth: Worth) -> dict[str, Any]:
    return {
        "project": worth.project.id,
        "phase": worth.project.phase,
        "stage": worth.project.stage,
        "mandatory": worth.project.mandatory,
        "figures": [figure_data(one) for one in worth.figures()],
        "evidence": [
            {
                "factor": one.factor,
                "said": one.said,
                "counts_as": one.level,
                "why": one.why,
                "unchecked": one.unchecked,
            }
            for one in worth.claims
        ],
    }


def figures_data(snapshot: Snapshot, project: str, figures: Iterable[MaybeFigure]) -> list[dict[str, Any]]:
    """Figures of a project with their arithmetic, and the other answers that would move each of them."""
    from ..model.value.effects import answers_by_figure

    moves = answers_by_figure(snapshot, project)
    return [{**figure_data(one, whole=True), "moved_by": moves.get(one.name, [])} for one in figures]


def _caution(one: Caution) -> dict[str, str]:
    return {"rule": one.rule, "message": one.message}


def tips(found: Iterable[BreakEven]) -> list[dict[str, Any]]:
    names = ("project", "name", "unit", "now", "at", "effect")
    return [{name: getattr(one, name) for name in names} for one in found]

"""Which projects the portfolio should do until the next gates: the best set, its order, and what speaks against it.

Obligations are in first and count as a cost, not as a bet. A complex project waits until its client or team has shipped
a simple one. The rest is the exact choice under the limits; what is left out has a reason.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import cast

from ..capacity.capacity import Limit
from ..plan.plan import Plan
from ..records.governance import Decision
from ..records.project import Project
from ..snapshot.snapshot import Snapshot
from ..solvers.choose import Choice, choose, order
from ..solvers.constraints import Knapsack
from ..text.amounts import percent_reached
from ..text.figure import Explained, MissingFigure, amount, figure_of, written
from ..text.named import named
from ..value.evidence import live_model
from ..value.worth import Ranking, Worth

SIMPLE, COMPLEX = 2, 4
"""Complexity up to which a project is simple, and from which it is complex."""
_MOST_SETS = 12
"""Of the efficient frontier."""


@dataclass(frozen=True)
class Links:
    """What ties projects, by their positions."""

    required: tuple[int, ...] = ()
    excluded: Mapping[int, str] = field(default_factory=dict[int, str])
    """With the reason."""
    either_or: tuple[tuple[int, ...], ...] = ()
    follows: tuple[tuple[int, int], ...] = ()
    waits: tuple[tuple[int, int], ...] = ()
    """(a, b): a waits for b where both are chosen; it binds the order, not the choice."""


@dataclass(frozen=True)
class Proposal:
    """The set that is proposed. Positions in `choice` and `links` are those of `worths`."""

    ranking: Ranking
    worths: tuple[Worth, ...]
    values: tuple[float, ...]
    """What each adds if it is started, which is less than nothing for one that loses money; nothing for an obligation
    or without a value in money."""
    links: Links
    choice: Choice
    order: tuple[str, ...]
    """The chosen projects in the order of work: cost of delay per week, links kept, those that lack it last."""
    left_out: Mapping[str, str]
    """Why each of the others is not in."""
    problems: tuple[str, ...]
    """Why there is no set, or none that is proven, or no order that keeps the links."""

    @property
    def chosen(self) -> tuple[Worth, ...]:
        """The chosen projects as they are ranked."""
        return tuple(self.worths[one] for one in self.choice.chosen)

    def worth_words(self, currency: str) -> str:
        """What the chosen projects are worth together, how sure that is, and what is not in it."""
        proof = "proven best" if self.choice.proven else "not proven best"
        words = [f"{amount(round(self.choice.value), currency)} together, {proof}"]
        obligations = [one for one in self.chosen if one.project.mandatory]
        if obligations:
            cost = amount(round(sum(figure_of(one.cost) for one in obligations)), currency)
            words.append(f"the obligations cost {cost} beside it")
        unvalued = [
            one.project.id
            for one in self.chosen
            if not one.project.mandatory and isinstance(one.expected_value, MissingFigure)
        ]
        if unvalued:
            words.append(f"no value in money, so counted as 0: {', '.join(unvalued)}")
        return "; ".join(words)

    def used(self, limit: Limit) -> float:
        """What the chosen projects take of a limit."""
        return sum(_need(limit, one) for one in self.chosen)

    def waits_for(self, project: str) -> tuple[str, ...]:
        """The ranked projects that must be there before this one, by `follows` or an open dependency."""
        ids = [one.project.id for one in self.worths]
        pairs = (*self.links.follows, *self.links.waits)
        return tuple(sorted({ids[first] for after, first in pairs if ids[after] == project}))

    def choice_with(
        self,
        required: Sequence[int] = (),
        excluded: Sequence[int] = (),
        *,
        stop: Callable[[], bool] | None = None,
    ) -> Choice:
        """The choice with these projects in and those out as well, all else equal."""
        links = replace(
            self.links,
            required=(*self.links.required, *required),
            excluded={**self.links.excluded, **dict.fromkeys(excluded, "taken out on trial")},
        )
        needs, limits = _needs(self.worths, self.ranking.limits)
        return choose(_problem(self.values, needs, limits, links), stop=stop, prices=self.choice.prices)

    def resized(self, at: int, worth: Worth) -> Proposal:
        """The same question with other figures of one project; its choice is still the old one."""
        return replace(
            self,
            worths=(*self.worths[:at], worth, *self.worths[at + 1 :]),
            values=(*self.values[:at], _adds(worth), *self.values[at + 1 :]),
        )

    def at_budget(self, budget: float, *, stop: Callable[[], bool] | None = None) -> Choice:
        """The choice if there were this much money after the reserve, all else equal; for the frontier."""
        needs = [[_need(limit, one) for limit in self.ranking.limits] for one in self.worths]
        needs = [[*row, figure_of(one.cost)] for row, one in zip(needs, self.worths, strict=True)]
        limits = [
            float("inf") if limit.skills is None else limit.available.value for limit in self.ranking.limits
        ]
        return choose(_problem(self.values, needs, [*limits, budget], self.links), stop=stop)

    def best_sets(self, stop: Callable[[], bool] | None = None) -> tuple[tuple[float, Choice], ...]:
        """The efficient frontier: best sets with the money that they need, the cheapest first, at most a dozen.

        Each costs a search. Where `stop` ends one, what has been found so far comes back.
        """
        costs = [figure_of(one.cost) for one in self.worths]
        points: list[tuple[float, Choice]] = []
        budget = sum(costs)
        while budget > 0 and len(points) < _MOST_SETS:
            choice = self.at_budget(budget, stop=stop)
            if not choice.proven or not choice.chosen:
                break
            used = sum(costs[one] for one in choice.chosen)
            if points and choice.value >= points[-1][1].value:
                points.pop()  # the same worth for less money
            points.append((used, choice))
            # The next smaller budget is the first that no longer pays for this set.
            budget = used * (1 - 1e-6)
        return tuple(reversed(points))

    def frontier_rows(self, points: Sequence[tuple[float, Choice]]) -> list[tuple[str, str]]:
        """Best sets as the rows of a table, its head first: the figures in columns, and the projects behind them."""
        rows = [("", "needs", "worth", "projects")]
        for used, choice in points:
            names = ", ".join(self.worths[one].project.id for one in choice.chosen)
            mark = "*" if choice.chosen == self.choice.chosen else ""
            rows.append((mark, written(round(used)), written(round(choice.value)), names))
        wide = [max(len(row[at]) for row in rows) for at in range(3)]
        return [
            (f"{mark:<1} {needs:>{wide[1]}}  {worth:>{wide[2]}}  ", names)
            for mark, needs, worth, names in rows
        ]


def propose(
    snapshot: Snapshot,
    ranking: Ranking,
    *,
    required: Collection[str] = (),
    excluded: Collection[str] = (),
    stop: Callable[[], bool] | None = None,
    tell: Callable[[float, float], None] | None = None,
) -> Proposal:
    """The best set of the ranked projects under the ranking's limits, on trial with these in and those out.

    `stop` ends the search early; `tell(value, bound)` hears how far it has come.
    """
    worths = tuple(one.worth for one in ranking.all)
    values = tuple(map(_adds, worths))
    links = _on_trial(_links(snapshot, worths), worths, required, excluded)
    choice = choose(_problem(values, *_needs(worths, ranking.limits), links), stop=stop, tell=tell)
    ids = [one.project.id for one in worths]
    problems: list[str] = []
    if choice.conflict is not None:
        names = [limit.name for limit in ranking.limits]
        called = [named(one.project.label, one.project.id) for one in worths]
        problems.append(choice.conflict.say(called.__getitem__, names.__getitem__))
    elif not choice.proven:
        currency = snapshot.plan.board.currency
        problems.append(
            f"stopped before the set was proven: it is worth {amount(round(choice.value), currency)}, and none is "
            f"worth more than {amount(round(choice.bound), currency)}, so that it reaches at least "
            f"{percent_reached(choice.reached)} of what is possible"
        )
    sequence, circle = _order(choice.chosen, worths, links)
    if circle:
        problems.append(f"the order leaves out what projects wait for: {circle}")
    left_out = {
        ids[one]: _reason(one, worths, choice, ranking.limits, links)
        for one in range(len(worths))
        if one not in choice.chosen
    }
    return Proposal(
        ranking,
        worths,
        values,
        links,
        choice,
        tuple(ids[one] for one in sequence),
        left_out,
        tuple(problems),
    )


def _adds(one: Worth) -> float:
    """Once a project is in, it is started: the right not to start it, by which no bet is below 0, is given up."""
    value = one.expected_value
    if one.project.mandatory or isinstance(value, MissingFigure):
        return 0.0
    return value.number("started")


def _need(limit: Limit, one: Worth) -> float:
    return limit.need(figure_of(one.cost), one.effort)


def _needs(worths: Sequence[Worth], limits: Sequence[Limit]) -> tuple[list[list[float]], list[float]]:
    """What each project takes of each limit, and how much there is of it."""
    return [[_need(limit, one) for limit in limits] for one in worths], [
        one.available.value for one in limits
    ]


def _problem(
    values: Sequence[float], needs: Sequence[Sequence[float]], limits: Sequence[float], links: Links
) -> Knapsack:
    return Knapsack(
        values, needs, limits, links.required, tuple(links.excluded), links.either_or, links.follows
    )


# ---- links


def _links(snapshot: Snapshot, worths: Sequence[Worth]) -> Links:
    plan = snapshot.plan
    places = {one.project.id: at for at, one in enumerate(worths)}
    excluded: dict[int, str] = {}
    groups: set[tuple[int, ...]] = set()
    follows: list[tuple[int, int]] = []
    waits: list[tuple[int, int]] = []
    for at, one in enumerate(worths):
        project = one.project
        group = {at, *(places[other] for other in project.either_or if other in places)}
        if len(group) > 1:
            groups.add(tuple(sorted(group)))
        for other in project.follows:
            if other == project.id:
                continue
            if other in places:
                follows.append((at, places[other]))
            elif other not in plan.projects or plan.projects[other].state != "done":
                state = "dropped" if other in plan.projects else "not in the plan"
                excluded[at] = f"follows {other}, which is {state}"
        if not project.mandatory and (reason := wait_for_simple_one(snapshot, one)):
            excluded.setdefault(at, reason)
        waits += [
            (places[tie.taker], places[tie.giver])
            for tie in project.dependencies.values()
            if tie.kind == "waits" and tie.state != "done" and tie.giver in places and tie.taker in places
        ]
    required = tuple(at for at, one in enumerate(worths) if one.project.mandatory)
    return Links(
        required,
        excluded,
        tuple(sorted(groups)),
        tuple(follows),
        tuple(pair for pair in waits if len(set(pair)) == 2),
    )


def _on_trial(
    links: Links, worths: Sequence[Worth], required: Collection[str], excluded: Collection[str]
) -> Links:
    """The links with some projects in, whatever speaks against them, and others out."""
    inside = [at for at, one in enumerate(worths) if one.project.id in required]
    outside = {at: "taken out on trial" for at, one in enumerate(worths) if one.project.id in excluded}
    kept = {at: reason for at, reason in links.excluded.items() if at not in inside}
    return replace(
        links,
        required=tuple(sorted({*links.required, *inside})),
        excluded={**kept, **outside},
    )


def wait_for_simple_one(snapshot: Snapshot, one: Worth) -> str:
    """Why a complex project must wait for a simple one; empty where it need not (`port-simple-first`).

    It need not where its client, or its lead's team, has shipped something simple, or where the decision at its
    first gate says why it may go anyway.
    """
    project = one.project
    if figure_of(one.complexity) < COMPLEX:
        return ""
    for record in snapshot.plan.of_kind("decision", project.id):
        decision = cast("Decision", record)
        if (
            decision.gate == "gate-assess"
            and decision.outcome == "go"
            and (decision.override or decision.why)
        ):
            return ""
    if any(_shipped_simple(snapshot, other, project) for other in snapshot.plan.projects.values()):
        return ""
    client = project.client
    whose = (
        f"neither “{client}” nor its team has shipped anything" if client else "its team has shipped nothing"
    )
    return f"of complexity {figure_of(one.complexity):g}, and {whose} of complexity 1 or 2 yet"


def _shipped_simple(snapshot: Snapshot, other: Project, project: Project) -> bool:
    if other.id == project.id or other.complexity is None or other.complexity > SIMPLE:
        return False
    shipped = other.state == "done" or other.phase == "iterate" or live_model(snapshot, other.id) is not None
    same_client = bool(project.client) and other.client == project.client
    team = _team(snapshot.plan, project)
    return bool(shipped) and (same_client or (team != "" and team == _team(snapshot.plan, other)))


def _team(plan: Plan, project: Project) -> str:
    lead = plan.people.get(project.lead or "")
    return (lead.team or "") if lead is not None else ""


# ---- order and reasons


def _order(chosen: Sequence[int], worths: Sequence[Worth], links: Links) -> tuple[tuple[int, ...], str]:
    """The chosen projects in the order of work, and the projects of a circle where links had to be left out.

    A project whose delay or weeks are lacking counts as one that can wait.
    """
    places = {one: at for at, one in enumerate(chosen)}
    delays: list[float] = []
    weeks: list[float] = []
    for one in chosen:
        known = isinstance(worths[one].delay, Explained) and isinstance(worths[one].weeks, Explained)
        delays.append(figure_of(worths[one].delay) if known else 0.0)
        weeks.append(figure_of(worths[one].weeks) if known else 1.0)
    pairs = {(places[a], places[b]) for a, b in (*links.follows, *links.waits) if a in places and b in places}
    try:
        return tuple(chosen[at] for at in order(delays, weeks, follows=sorted(pairs))), ""
    except ValueError:
        tied = sorted({worths[chosen[at]].project.id for pair in pairs for at in pair})
        return tuple(chosen[at] for at in order(delays, weeks)), ", ".join(tied)


def _reason(one: int, worths: Sequence[Worth], choice: Choice, limits: Sequence[Limit], links: Links) -> str:
    """Why a project is not in the set."""
    ids = [worth.project.id for worth in worths]
    if choice.conflict is not None:
        return "no set keeps all obligations"
    if one in links.excluded:
        return links.excluded[one]
    value = worths[one].expected_value
    if isinstance(value, MissingFigure):
        return f"no value in money; missing: {value.missing} ({value.question})"
    if value.number("started") <= 0:
        return f"not worth starting: {amount(value.number('started'), value.unit)}"
    for group in links.either_or:
        rival = next(
            (other for other in group if one in group and other != one and other in choice.chosen), None
        )
        if rival is not None:
            return f"only one of it and {ids[rival]} may be done"
    for after, first in links.follows:
        if after == one and first not in choice.chosen:
            loss = _adds(worths[first])
            costs = f" and would lose {amount(-loss, value.unit)}" if loss < 0 else ""
            return f"follows {ids[first]}, which is not in{costs}"
    for limit in limits:
        left = limit.available.value - sum(_need(limit, worths[other]) for other in choice.chosen)
        need = _need(limit, worths[one])
        if need > left:
            unit = limit.available.unit
            space = amount(max(0.0, left), unit)
            return f"takes {amount(need, unit)} of {limit.name}; beside the chosen ones {space} are left"
    return "the chosen set is worth more"

"""What follows from changes for gates, for what the rules find, and for the order of the portfolio."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence

from ..assess.standing import Standing
from ..budget.budget import Budgets, budgets
from ..derived.derived import Derived
from ..forecast.forecast import Forecast
from ..gates.gates import GateReport, next_gate, report
from ..plan.change import Change
from ..playbook.gate import Gate
from ..portfolio.proposal import Proposal
from ..records.address import Address
from ..rules.finding_index import findings_changed
from ..schedule.schedule import Schedule
from ..snapshot.snapshot import Snapshot
from ..text.amounts import counted, whole_percent
from ..text.named import quoted
from ..value.worth import Worth
from .changes import Difference, ids_of
from .consequence import Consequence
from .outcome import LEAST_RUNS, MOST_CARD_RUNS

MOST_TRIED = 8
"""Changes of a project that are left out in turn to see which of them a gate is about."""
_SCORE, _BARRED = "score", "barred"
_FIGURES = frozenset({"project", "assessment", "dataset", "model", "strategy", "person", "board"})
"""Kinds of records that the order of the portfolio follows from."""


class TooLarge(Exception):
    """A gate asks for percentiles of a plan for which none are worked out here."""


class GateFigures:
    """What a gate asks to be worked out, with as many runs as suit a plan of this size."""

    def __init__(self, derived: Derived) -> None:
        self._derived = derived

    @property
    def snapshot(self) -> Snapshot:
        """What it is worked out from."""
        return self._derived.snapshot

    def standings(self, project: str) -> Mapping[str, Standing]:
        """How far a project is with every question."""
        return self._derived.standings(project)

    def worth(self, project: str) -> Worth:
        """What a project is worth."""
        return self._derived.worth(project)

    def proposal(self) -> Proposal:
        """What the portfolio proposes."""
        return self._derived.proposal()

    def schedule(self) -> Schedule:
        """The dates of all cards."""
        return self._derived.schedule()

    def forecast(self) -> Forecast:
        """The usual runs. Raises TooLarge."""
        if len(self.schedule().cards) * LEAST_RUNS > MOST_CARD_RUNS:
            raise TooLarge
        return self._derived.forecast()

    def budget(self) -> Budgets:
        """What each project costs. Raises TooLarge."""
        return budgets(self.snapshot, self.forecast())


class GateConsequences:
    """Gates, findings and the order of projects on both sides."""

    def __init__(self, difference: Difference, before: Derived, after: Derived) -> None:
        self._difference = difference
        self._before = before
        self._after = after
        self.skipped: list[str] = []
        """Projects whose gate asks for percentiles of too many cards."""
        self.unchecked: set[str] = set()
        """What figures that differ rest on, of links that are not opened."""

    # ---- gates

    def gates(self) -> Iterator[Consequence]:
        """Gates that opened or closed, or ask something else, in projects that changed."""
        old_plan, new_plan = self._difference.before.plan, self._difference.after.plan
        for project in self._projects():
            old, new = old_plan.projects[project], new_plan.projects[project]
            if old.phase != new.phase:
                yield self._moved(project)
                continue
            gate = next_gate(self._difference.after, project)
            if gate is None or new.state != "active" or next_gate(self._difference.before, project) is None:
                continue
            try:
                yield from self._gate(project, gate)
            except TooLarge:
                self.skipped.append(project)

    def _resting(self, unchecked: Sequence[str]) -> str:
        """What is said of a figure that rests on evidence that is not checked."""
        self.unchecked.update(unchecked)
        return " (its evidence is not checked)" if unchecked else ""

    def _projects(self) -> list[str]:
        """Projects on both sides with a change that a gate may look at."""
        plans = (self._difference.before.plan, self._difference.after.plan)
        touched = {change.address.project for change in self._difference.changes}
        known = [one for one in plans[1].projects if one in plans[0].projects]
        return known if "" in touched else [one for one in known if one in touched]

    def _moved(self, project: str) -> Consequence:
        titles, about = self._difference.titles, Address("project", project, project)
        decided = [
            change.address
            for change in self._difference.changes
            if change.before is None
            and change.address.kind == "decision"
            and change.address.project == project
        ]
        old, new = (
            side.plan.projects[project].phase for side in (self._difference.before, self._difference.after)
        )
        return Consequence(
            "gate",
            "advice",
            f"{titles.named(about)} goes from {old} to {new}"
            + (f", decided in {', '.join(map(titles.named, decided))}" if decided else ""),
            about,
            "phase",
            old,
            new,
            (project, *(one.id for one in decided)),
        )

    def _gate(self, project: str, gate: Gate) -> Iterator[Consequence]:
        was = report(GateFigures(self._before), project, gate)
        now = report(GateFigures(self._after), project, gate)
        old, new = asked_by(was), asked_by(now)
        came, went = [one for one in new if one not in old], [one for one in old if one not in new]
        if was.is_open == now.is_open and not came and not went:
            return
        closed, opened = was.is_open and not now.is_open, now.is_open and not was.is_open
        titles, change = self._difference.titles, "closed" if closed else "opened" if opened else ""
        head = f'gate "{gate.title}"{titles.of_named(project)} {change}'.rstrip()
        parts = [f"now asks {_few(now, came)}"] if came else []
        parts += [f"no longer asks {_few(was, went)}"] if went else []
        yield Consequence(
            "gate",
            "error" if closed else "warning" if came else "advice",
            (f"{head}: {'; '.join(parts)}" if parts else head) + self._resting(now.unchecked),
            Address("gate", project, gate.id),
            "open",
            {"open": was.is_open, "asks": len(old)},
            {"open": now.is_open, "asks": len(new)},
            self._causes(project, gate, frozenset(old) ^ frozenset(new)),
            brief=f'gate "{gate.title}"{titles.of(project)} closed' if closed else "",
            is_dangerous=closed,
        )

    def _causes(self, project: str, gate: Gate, moved: Collection[str]) -> tuple[str, ...]:
        """The changes without which the gate would ask something else than it does."""
        near = [one for one in self._difference.changes if one.address.project in ("", project)]
        if len(near) < 2 or len(near) > MOST_TRIED:
            return ids_of(near)
        now = set(asked_by(report(GateFigures(self._after), project, gate)))
        found: list[Change] = []
        for change in near:
            snapshot = self._difference.after.after([change.inverse])
            if project not in snapshot.plan.projects:
                continue
            asked = asked_by(
                report(GateFigures(self._after.after(snapshot, [change.inverse])), project, gate)
            )
            if now.symmetric_difference(asked) & set(moved):
                found.append(change)
        return ids_of(found or near)

    # ---- findings

    def findings(self) -> Iterator[Consequence]:
        """What the rules find now and did not before, one by one; how many they do not find any more."""
        came, went = findings_changed(
            self._difference.before, self._difference.after, self._difference.changes
        )
        changed = {change.address.id for change in self._difference.changes}
        for one in came:
            address = one.address or Address("board", "", "board")
            near = (
                [address.id]
                if address.id in changed
                else ids_of(
                    [
                        each
                        for each in self._difference.changes
                        if each.address.project in (address.project, "")
                    ]
                )
            )
            yield Consequence(
                "finding",
                one.severity,
                f"new finding {one.code}{self._place(address)}",
                address,
                ".".join((one.code, *map(str, one.field))),
                None,
                one.code,
                tuple(near),
                detail=one.message,
            )
        if went:
            ids = tuple(
                dict.fromkeys(
                    one.address.id for one in went if one.address is not None and one.address.id in changed
                )
            )
            yield Consequence(
                "finding",
                "advice",
                f"{counted(len(went), 'finding')} fixed ({', '.join(sorted({one.code for one in went}))})",
                Address("board", "", "board"),
                "fixed",
                len(went),
                0,
                ids or ids_of(list(self._difference.changes)),
            )

    def _place(self, address: Address) -> str:
        """` of "Feature table" (feature-table-7k2m)`, ` of the strategy of churn`."""
        record = self._difference.after.plan.get(address)
        if record is None:
            return f" of {address.kind} {self._difference.titles.named(address)}"
        has_title = record.label != record.id
        return f" of {self._difference.titles.named(address) if has_title else self._difference.titles.record(record)}"

    # ---- portfolio

    def ranks(self) -> Iterator[Consequence]:
        """Projects that changed places in the portfolio."""
        kinds = {change.address.kind for change in self._difference.changes}
        if len(self._after.plan.projects) < 2 or not kinds & _FIGURES:
            return
        orders = [
            [one.worth.project.id for one in side.ranking().all] for side in (self._before, self._after)
        ]
        worths = {one.worth.project.id: one.worth for one in self._after.ranking().all}
        old, new = ([one for one in order if one in other] for order, other in (orders, reversed(orders)))
        if old == new:
            return
        causes = ids_of([one for one in self._difference.changes if one.address.kind in _FIGURES])
        for project in new:
            was, now = old.index(project) + 1, new.index(project) + 1
            about = Address("project", project, project)
            if was != now:
                yield Consequence(
                    "rank",
                    "advice",
                    f"{self._difference.titles.named(about)} is number {now} of the portfolio, and was {was}"
                    f"{self._resting(worths[project].unchecked)}",
                    about,
                    "rank",
                    was,
                    now,
                    causes,
                )


_NAMED = 3


def _few(found: GateReport, asked: Sequence[str]) -> str:
    """Some of what a gate asks, in words, and how much more there is."""
    words = {one.item.id: quoted(one.item.text) for one in found.holding}
    words |= {one.id: quoted(one.text) for one in found.checks}
    words |= {_SCORE: f"a score of {whole_percent(found.wanted_score)}", _BARRED: quoted(found.barred)}
    more = f" and {len(asked) - _NAMED} more" if len(asked) > _NAMED else ""
    return ", ".join(words[one] for one in asked[:_NAMED]) + more


def asked_by(found: GateReport) -> list[str]:
    """What a gate still asks, by id: questions that hold it, and conditions that are not met."""
    asked = [one.item.id for one in found.holding]
    asked += [one.id for one in found.checks if one.verdict != "met"]
    if found.score is not None and found.score < found.wanted_score:
        asked.append(_SCORE)
    return asked + ([_BARRED] if found.barred else [])

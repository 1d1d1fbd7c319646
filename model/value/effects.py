"""Which figures of a project an answer moves, and by how much.

The figures are worked out again with the answer taken away, and with what would speak least and most for the project.
So what a question is said to feed can be seen, and what it does not feed as well.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ..plan.change import Change
from ..playbook.fit import POINTS
from ..playbook.item import Figure, Item
from ..records.assessment import Answer, Assessment
from ..records.base import Record
from ..records.kinds import ENTRIES
from ..records.project import Project, Unknown
from ..snapshot.snapshot import Snapshot
from ..text.figure import Explained, MaybeFigure, MissingFigure, amount, written
from .worth import Worth, worth

GRADES = (1, 5)
CLOSE = 1e-9
"""Relative difference up to which two figures are the same."""


@dataclass(frozen=True)
class Effect:
    """One figure, before and after."""

    before: MaybeFigure
    after: MaybeFigure

    @property
    def words(self) -> str:
        """Both figures in a line."""
        return f"{self.before.name}: {_said(self.before)} → {_said(self.after)}"

    def data(self) -> dict[str, object]:
        """Both figures for programs; null where one is not known."""
        before, after = (
            one.value if isinstance(one, Explained) else None for one in (self.before, self.after)
        )
        known = self.before if isinstance(self.before, Explained) else self.after
        unit = known.unit if isinstance(known, Explained) else ""
        return {"name": self.before.name, "unit": unit, "before": before, "after": after}


@dataclass(frozen=True)
class Trial:
    """Another answer, and the figures that would be other ones with it."""

    what: str
    effects: tuple[Effect, ...]

    @property
    def names(self) -> set[str]:
        """Of the figures that it moves."""
        return {one.before.name for one in self.effects}


def effects(snapshot: Snapshot, project: str, item: Item, now: Worth | None = None) -> tuple[Trial, ...]:
    """What moves without the answer, with the worst one and with the best one; only where something moves.

    `now` are the project's figures as they are, where they are known already.
    """
    now = now or worth(snapshot, snapshot.plan.projects[project])
    found: list[tuple[Trial, Worth]] = []
    for what, changes in _trials(snapshot, project, item):
        after = snapshot.after(changes)
        then = worth(after, after.plan.projects[project])
        trial = Trial(what, tuple(differences(now, then)))
        if trial.effects:
            found.append((trial, then))
    without = [trial for trial, _ in found if trial.what == WITHOUT]
    others = sorted((one for one in found if one[0].what != WITHOUT), key=lambda one: _order(one[1]))
    if not others:
        return tuple(without)
    worst, best = others[0], others[-1]
    shown = [worst] if _order(worst[1]) < _order(now) else []
    if not shown or _order(best[1]) > _order(now):
        shown.append(best)
    trials = [*without, *(trial for trial, _ in shown)]
    # What neither of them moves is shown as well: an unknown about the cost beside one about the decision.
    for trial, _ in others:
        if not trial.names <= {name for one in trials for name in one.names}:
            trials.append(trial)
    return tuple(trials)


WITHOUT = "without it"


def awaiting(snapshot: Snapshot, project: str, item: Item) -> tuple[str, ...]:
    """Names of the figures that a first answer in numbers would move; none where it is answered, or has no numbers."""
    answers = snapshot.plan.answers(project)
    if item.id in answers:
        return ()
    first: dict[str, Any] = {"verdict": 1} if item.kind == "number" else {}
    if item.kind == "numbers":
        first = {"values": {one.id: _first(one.unit) for one in item.figures if not one.is_text}}
    if not first:
        return ()
    after = snapshot.after((_answered(snapshot, project, {**answers, item.id: Answer(**first)}),))
    now, then = (worth(one, one.plan.projects[project]) for one in (snapshot, after))
    return tuple(effect.before.name for effect in differences(now, then))


def _first(unit: str) -> float:
    """Any figure that counts; what comes out is not shown."""
    return 0.5 if unit.startswith("share") else 1


def lines_of_answers(snapshot: Snapshot, project: str) -> Iterator[str]:
    """Plain text: each question of Assess whose answer moves a figure, with the answer that speaks least for it."""
    yield "What moves with another answer, one at a time"
    for question, trials in _of_assess(snapshot, project):
        for one in [each for each in trials if each.what != WITHOUT][:1] or trials[:1]:
            yield f"  {question}: {one.what}"
            yield from (f"    {effect.words}" for effect in one.effects)


def answers_by_figure(snapshot: Snapshot, project: str) -> dict[str, list[dict[str, object]]]:
    """By name of a figure, for programs: each other answer that moves it, and what it is then; null where not known."""
    found: dict[str, list[dict[str, object]]] = {}
    for question, trials in _of_assess(snapshot, project):
        for one in trials:
            for effect in one.effects:
                row = {"question": question, "answer": one.what, "value": effect.data()["after"]}
                found.setdefault(effect.before.name, []).append(row)
    return found


def _of_assess(snapshot: Snapshot, project: str) -> Iterator[tuple[str, tuple[Trial, ...]]]:
    """Each question of Assess, with the other answers that move a figure."""
    playbook, now = snapshot.playbook, worth(snapshot, snapshot.plan.projects[project])
    for item in (one for step in playbook.steps_of("assess") for one in playbook.items_of(step.id)):
        yield item.id, effects(snapshot, project, item, now)


def lines_of(trials: Iterable[Trial]) -> Iterator[str]:
    """Plain text: each other answer, and below it the figures that it moves."""
    if not trials:
        yield "No figure moves with another answer."
        return
    yield "What moves with another answer"
    for one in trials:
        yield f"  {one.what}"
        yield from (f"    {effect.words}" for effect in one.effects)


def differences(now: Worth, then: Worth) -> Iterator[Effect]:
    """The figures of a project that are not the same."""
    for before, after in zip(now.figures(), then.figures(), strict=True):
        if not _is_same(before, after):
            yield Effect(before, after)


def _is_same(before: MaybeFigure, after: MaybeFigure) -> bool:
    if isinstance(before, Explained) and isinstance(after, Explained):
        now, then = _started(before), _started(after)
        return abs(now - then) <= CLOSE * max(abs(now), abs(then))
    return isinstance(before, MissingFigure) and isinstance(after, MissingFigure)


def _started(known: Explained) -> float:
    """A figure; of a bet that would lose, and so is worth 0, what it loses where it is started anyway."""
    return known.number("started") if "started" in known.figures else known.value


def _said(known: MaybeFigure) -> str:
    if not isinstance(known, Explained):
        return "not known"
    said, started = amount(known.value, known.unit), _started(known)
    return said if started == known.value else f"{said} ({written(started)} if it is started)"


def _order(found: Worth) -> tuple[float, ...]:
    """By what a project is worth, else by its chance and its cost."""
    known = (found.expected_value, found.present_value, found.confidence, found.relative)
    values = [_started(one) if isinstance(one, Explained) else float("-inf") for one in known]
    costs = (found.cost, found.later_cost, found.running_cost, found.building_time)
    return (*values, *(-one.value if isinstance(one, Explained) else 0.0 for one in costs))


# ---- other answers


def _trials(snapshot: Snapshot, project: str, item: Item) -> Iterator[tuple[str, tuple[Change, ...]]]:
    answers = snapshot.plan.answers(project)
    given = answers.get(item.id)
    if given is not None:
        others = {name: answer for name, answer in answers.items() if name != item.id}
        yield WITHOUT, (_answered(snapshot, project, others),)
    for what, fields in _answers(item, given):
        other = (given or Answer()).model_copy(update={"state": None, **fields})
        yield what, (_answered(snapshot, project, {**answers, item.id: other}),)
    yield from _records(snapshot, project, item)


def _answered(snapshot: Snapshot, project: str, answers: Mapping[str, Answer]) -> Change:
    """The change to other answers of a project, which may have no file of them yet."""
    found = snapshot.plan.assessment(project)
    assessment = found or Assessment.model_validate({"id": "assessment", "project": project})
    return Change(found, assessment.model_copy(update={"answers": answers}))


Fields = Mapping[str, Any]
"""Fields of a record or an answer, by name."""


def _answers(item: Item, given: Answer | None) -> Iterator[tuple[str, Fields]]:
    """Other answers of a question by its kind, as fields of the answer."""
    if item.kind == "yesno":
        yield "if it were no", {"verdict": False}
        yield "if it were yes", {"verdict": True}
    elif item.kind == "scale":
        for grade in GRADES:
            yield f"if it were {grade}", {"verdict": grade}
    elif item.kind == "choice":
        for one in item.choices:
            yield f"if it were {one!r}", {"verdict": (one,) if item.multiple else one}
        for way in item.result:
            yield f"if it were the same, pointing {way}", {"result": way}
    elif item.kind == "check" and not item.per:
        yield "if no line held", {"checked": ()}
        yield "if every line held", {"checked": item.lines}
    elif given is not None:
        yield from _numbers(item, given)


def _numbers(item: Item, given: Answer) -> Iterator[tuple[str, Fields]]:
    now = _number(given.verdict)
    if item.kind == "number" and now is not None:
        yield "if it were 0", {"verdict": 0}
        yield "if it were half", {"verdict": now / 2}
        yield "if it were double", {"verdict": now * 2}
    elif item.kind == "numbers":
        for what, end in (("low", 0), ("high", 1)):
            values = {**given.values, **_at_end(item.figures, given.values, end)}
            yield f"if its figures were at the {what} end", {"values": values}


def _number(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def _at_end(figures: Iterable[Figure], values: Fields, end: int) -> Fields:
    """Figures at one end: the low or the high one of three points, the first or last grade, half or double."""
    found: dict[str, float] = {}
    for one in figures:
        now = _number(values.get(one.id))
        if now is None:
            continue
        head, _, point = one.id.rpartition(" ")
        if point in POINTS:
            found[one.id] = values.get(f"{head} {POINTS[2 * end]}".strip(), now)
        elif one.unit == "scale":
            found[one.id] = GRADES[end]
        else:
            other = now * (0.5, 2.0)[end]
            found[one.id] = min(other, 1.0) if one.unit.startswith("share") else other
    return found


def _records(snapshot: Snapshot, project: str, item: Item) -> Iterator[tuple[str, tuple[Change, ...]]]:
    """Other records where they are the answer: none of them, or with their grades at either end."""
    datasets = snapshot.plan.datasets(project)
    if "dataset" in item.record and datasets:
        yield WITHOUT, tuple(Change(one, None) for one in datasets)
        for grade in GRADES:
            fields = {"available": grade, "quality": grade, "relevance": grade}
            yield f"if every grade were {grade}", tuple(_changed(one, fields) for one in datasets)
        yield "if access were only asked for", tuple(_changed(one, {"access": "asked"}) for one in datasets)
    elif item.per == "dataset" and datasets:
        nothing = {"explored": (), "checked_on": None}
        yield "if nothing were explored", tuple(_changed(one, nothing) for one in datasets)
    for kind in item.record:
        if kind in ENTRIES and ENTRIES[kind].record == "project":
            yield from _entries(snapshot.plan.projects[project], ENTRIES[kind].section)
    if "unknown" in item.record:
        yield from _one_more_unknown(snapshot.plan.projects[project])


def _entries(project: Project, section: str) -> Iterator[tuple[str, tuple[Change, ...]]]:
    entries: Mapping[str, Any] = getattr(project, section)
    if entries:
        yield WITHOUT, (_changed(project, {section: {}}),)
        for what, fields in _OF_ENTRIES.get(section, {}).items():
            others = {name: one.model_copy(update=fields) for name, one in entries.items()}
            yield what, (_changed(project, {section: others}),)


def _one_more_unknown(project: Project) -> Iterator[tuple[str, tuple[Change, ...]]]:
    for about, decision in (("the decision", "dec-go"), ("the cost", "dec-cost")):
        more = {**project.unknowns, "": Unknown(question=about, could_change=decision)}
        yield f"with one more open that could change {about}", (_changed(project, {"unknowns": more}),)


_OF_ENTRIES: Mapping[str, Mapping[str, dict[str, object]]] = {
    "stakeholders": {"if all knew least of ML": {"aware": 1}, "if all knew most of ML": {"aware": 5}},
    "unknowns": {"if all were open": {"answer": None}, "if all were answered": {"answer": "known"}},
}


def _changed(record: Record, fields: Mapping[str, object]) -> Change:
    return Change(record, record.model_copy(update=dict(fields)))

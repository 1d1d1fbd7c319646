"""Goal posts that moved: what a project is measured by, changed after work on it began.

A metric's baseline, target and kill threshold, a stage's exit criteria, cap and time box, and guardrails are agreed
before Execute. Who changes one later changes what success means. That may be right, and is then a decision: a record
that names what it moves by its path, `changes = ["metrics.churn-recall.target", "stages.mvp.exit_criteria"]`.

This is the one place that knows which fields these are; `diff` shows what it lists first, and rules of family D find
what no decision names.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import cast

from ..operations.migration import meaning
from ..plan.change import MISSING, Batch, Path
from ..plan.plan import Plan
from ..plan.unfit import touched
from ..records.address import Address
from ..records.base import Entry, Record
from ..records.delivery import Experiment, Rollout
from ..records.governance import Decision
from ..records.kinds import KINDS
from ..records.project import Project
from ..records.strategy import Strategy
from ..records.values import is_list, is_table, same
from ..text.named import named
from .renames import aligned, renames

BEGUN = ("execute", "iterate")
"""Phases in which work on a stage has begun."""
_HOLDERS = ("strategy", "rollout", "experiment")
"""Kinds of records that hold goal posts."""
OF_METRIC = ("baseline", "target", "kill", "limit", "better", "unit", "by")
JUDGING = ("primary", "guardrail")
"""Roles of metrics by which a project is judged: what had one and loses it judges no more."""
OF_STAGE = ("exit_criteria", "stop_if", "cap", "weeks")
OF_GUARDRAIL = ("metric", "limit", "margin", "window_minutes")
"""`limit` is what its figures and its sentence say together: a sentence that is written as figures moves nothing."""


@dataclass(frozen=True)
class MovedPost:
    """A goal post with its values before and after the change."""

    address: Address
    """The record that holds it, after the change."""
    path: Path
    """Where it is in that record: `metrics`, `churn-recall`, `target`."""
    title: str
    """What a person calls that of which it is a goal: the metric's title, the stage's name."""
    before: object
    """A plain value; MISSING where none was set."""
    after: object
    decisions: tuple[Address, ...] = ()
    """The decisions that the same changes add and that name it; without one, it moved without a word."""

    @property
    def name(self) -> str:
        """The path by which a decision names it: `metrics.recall.target`, `rollouts.ramp.guardrails.p95.limit`."""
        return ".".join(named_path(self.address, self.path))

    @property
    def words(self) -> str:
        """What moved, in a few words: `"Recall of the weekly lists" (churn-recall) target 0.3 → 0.25`."""
        return f"{self.of(named(self.title, self.id))} {_said(self.before)} → {_said(self.after)}"

    @property
    def id(self) -> str:
        """The id of what it is a goal of: a metric, a rollout, an experiment."""
        return self.path[1] if self.address.kind == "strategy" else self.address.id

    def of(self, whose: str) -> str:
        """Which field it is, of what is called so; `stage mvp cap` of a stage."""
        parts = ("stage", *self.path[1:]) if self.path[0] == "stages" else (whose, self.path[-1])
        return " ".join(parts).replace("_", " ")


def named_path(address: Address, path: Path) -> Path:
    """A path as a decision writes it: that of the strategy alone, of other records with their kind and id before."""
    return path if address.kind == "strategy" else (KINDS[address.kind].plural, address.id, *path)


def moved_posts(before: Plan, after: Plan, unreadable: Iterable[Address] = ()) -> list[MovedPost]:
    """The goal posts that moved between two plans, by project, record and path.

    Ids that were renamed in between have been mapped (`renames.aligned`). A new metric, stage or guardrail moves
    nothing; one that is taken away takes its posts away. A project that starts its next cycle sets new goals. Nothing
    is said of records that are `unreadable` on either side, nor of values that could not be read.
    """
    hidden = frozenset(unreadable)
    added = _added_decisions(before, after)
    found: list[MovedPost] = []
    for project in _at_work(before, after):
        for kind in _HOLDERS:
            for record in sorted(before.of_kind(kind, project), key=lambda one: one.id):
                if record.address not in hidden and (now := after.get(record.address)) is not record:
                    found += _moved(record, now, added.get(project, ()))
    return found


def _at_work(before: Plan, after: Plan) -> Iterator[str]:
    """Projects whose work had begun, and that were neither given up nor started on their next cycle."""
    for name, old in before.projects.items():
        new = after.projects.get(name)
        if new is None or old.phase not in BEGUN or old.state in ("dropped", "done"):
            continue
        if not _starts_next_cycle(old, new):
            yield name


def begun_since(before: Plan, after: Plan) -> list[Project]:
    """Projects, as they are later, whose work of this cycle had not begun in the earlier plan."""
    found: list[Project] = []
    for name, new in after.projects.items():
        old = before.projects.get(name)
        if new.phase in BEGUN and (old is None or old.phase not in BEGUN or old.cycle < new.cycle):
            found.append(new)
    return found


def as_agreed(before: Plan, begins: Mapping[str, Plan]) -> Plan:
    """The earlier plan with the goal posts of some projects as they were when their work began, by project."""
    kinds = ("project", *_HOLDERS)
    records = {
        address: record
        for address, record in before.records.items()
        if address.kind not in kinds or address.project not in begins
    }
    for project, plan in begins.items():
        for kind in kinds:
            records |= {record.address: record for record in plan.of_kind(kind, project)}
    return Plan(records)


def _starts_next_cycle(old: Project, new: Project) -> bool:
    return new.cycle > old.cycle and new.phase not in BEGUN


def _added_decisions(before: Plan, after: Plan) -> Mapping[str, list[Decision]]:
    """Decisions that are new, by project: one that was there already excuses nothing that comes later."""
    found: dict[str, list[Decision]] = {}
    for address in sorted(
        after.by_kind.get("decision", {}).keys() - before.by_kind.get("decision", {}).keys()
    ):
        found.setdefault(address.project, []).append(cast("Decision", after.records[address]))
    return found


def _moved(old: Record, new: Record | None, decisions: Iterable[Decision]) -> Iterator[MovedPost]:
    """The posts of a record that are not what they were."""
    for path, title in _posts(old):
        if touched(old.unfit, path) or (new is not None and touched(new.unfit, path)):
            continue
        was, now = _value(old, path), _value(new, path) if new is not None else MISSING
        if not same(was, now):
            naming = tuple(one.address for one in decisions if names_post(one.changes, old.address, path))
            yield MovedPost(old.address, path, title, was, now, naming)


def _value(record: Record, path: Path) -> object:
    """The value at a path; the field's default where none is written, so that writing it down changes nothing."""
    if isinstance(record, Rollout) and path[-1] == "limit" and path[1] in record.guardrails:
        return meaning(record.guardrails[path[1]]) or MISSING
    found: object = record
    for key in path:
        found = found.get(key) if is_table(found) else getattr(found, key, None)
    return MISSING if found is None or found in ((), "") else found


def _posts(record: Record) -> Iterator[tuple[Path, str]]:
    """The paths of a record's goal posts, each with the title of what it belongs to."""
    if record.KIND == "strategy":
        yield from _of_entries(record, "metrics", OF_METRIC, _title)
        for key, metric in sorted(cast("Strategy", record).metrics.items()):
            if metric.role in JUDGING:
                yield ("metrics", key, "role"), _title(key, metric)
        yield from _of_entries(record, "stages", OF_STAGE, lambda key, _: f"stage {key}")
    elif record.KIND == "rollout":
        yield from _of_entries(record, "guardrails", OF_GUARDRAIL, lambda key, _: f"{record.label}: {key}")
    elif cast("Experiment", record).started is not None:
        yield ("guardrails",), record.label
        yield from _of_entries(record, "measures", ("margin",), lambda key, _: f"{record.label}: {key}")


def _of_entries(
    record: Record, section: str, fields: Iterable[str], title: Callable[[str, Entry], str]
) -> Iterator[tuple[Path, str]]:
    entries: Mapping[str, Entry] = getattr(record, section)
    for key, entry in sorted(entries.items()):
        for name in fields:
            yield (section, key, name), title(key, entry)


def _title(key: str, entry: Entry) -> str:
    return entry.label or key


def names_post(changes: Iterable[str], address: Address, path: Path) -> bool:
    """Whether one of a decision's `changes` names a goal post, or the metric, stage or record that it belongs to.

    `metrics.churn-recall.target` and `metrics.churn-recall` name it by path, `churn-recall` by the id alone.
    """
    whole = named_path(address, path)
    ids = {address.id, path[1]} if len(path) > 1 else {address.id}
    for text in changes:
        scope, _, name = text.rpartition("/")
        parts = tuple(name.split("."))
        if scope in ("", address.project) and (
            (len(parts) > 1 and whole[: len(parts)] == parts) or (len(parts) == 1 and name in ids)
        ):
            return True
    return False


def _said(value: object) -> str:
    if value is MISSING or value is None:
        return "nothing"
    if is_list(value):
        return "; ".join(map(str, value)) or "nothing"
    return f"{value:g}" if isinstance(value, float) else str(value)


def moved_by(plan: Plan, batch: Batch) -> list[MovedPost]:
    """The goal posts that a step moves in a plan, which may have the step already.

    The decisions of each are all that name it, since it is not known here with which commit it will go.
    """
    if not any(change.before is not None and change.before.KIND in _HOLDERS for change in batch.changes):
        return []
    old = {one.before.address: one.before for one in batch.changes if one.before is not None}
    new = {one.after.address: one.after for one in batch.changes if one.after is not None}
    projects = {one.address: one for one in plan.projects.values() if one.address not in old}
    before, after = Plan({**projects, **old}), Plan({**projects, **new})
    moved = moved_posts(aligned(before, renames(before, after)), after)
    return [
        replace(
            post,
            decisions=tuple(
                one.address
                for one in plan.of_kind("decision", post.address.project)
                if names_post(cast("Decision", one).changes, post.address, post.path)
            ),
        )
        for post in moved
    ]


def goal_remarks(plan: Plan, batch: Batch) -> list[str]:
    """What to say of a step that moves goal posts, a line for each."""
    return [f"goal moves after work began: {post.words}; {_reason(post)}" for post in moved_by(plan, batch)]


def _reason(post: MovedPost) -> str:
    decided = ", ".join(one.id for one in post.decisions)
    unless = f", unless {decided} decides it" if decided else ""
    return f"say why{unless}: kedge decision add … changes={post.name}"

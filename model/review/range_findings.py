"""D101 to D107: what a range of commits did to a plan that no one may do without a word.

Goal posts that moved, decisions that excuse themselves, decisions and dates that changed afterwards, and merges by
lines that put together what two people meant separately.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import cast

from ..edit.units import MixedUnit
from ..plan.change import Path, get_path
from ..plan.ids import ending
from ..plan.plan import Plan
from ..records.address import Address
from ..records.base import to_data
from ..records.findings import Finding
from ..records.governance import Decision
from ..records.strategy import Strategy
from ..records.values import is_list, same
from ..rules.catalog import RULES
from ..text.figure import written
from .goal_posts import BEGUN, MovedPost, names_post
from .lost_edits import LostEdit, LostField

_DECIDED = ("title", "gate", "outcome", "date", "by", "why", "changes", "conditions", "override")
"""Fields of a decision that are what was decided; when it is looked at again and its links may follow later."""


@dataclass(frozen=True)
class Origin:
    """The commit that gave a field its value."""

    commit: str
    """Empty for what is not committed yet."""
    author: str
    """The address by which git knows who wrote it; empty where git knows none."""
    name: str = ""
    """What that person is called."""


Origins = Mapping[tuple[Address, Path], Origin]


@dataclass(frozen=True)
class MixedMerge:
    """A merge commit with the units that it mixed."""

    commit: str
    units: tuple[MixedUnit, ...]


@dataclass(frozen=True)
class LossyMerge:
    """A merge commit with the edits that it lost, each with the name of its author; empty where git knows none."""

    commit: str
    edits: tuple[tuple[LostEdit, str], ...]
    is_one_side: bool = False
    """Whether it is just what one side was, as `git merge -s ours` makes it."""
    what: str = "merge"
    """What git calls it; a rebase is known by its last commit."""


MOST_NAMED = 5
"""Records that are named where a whole side is missing."""

CHANGES: Path = ("changes",)
"""The field of a decision that says what it moves."""


def wanted_origins(posts: Iterable[MovedPost]) -> set[tuple[Address, Path]]:
    """The fields of which one must know who wrote them, to say whether a decision excuses itself."""
    named = [one for one in posts if one.decisions]
    return {(one.address, one.path) for one in named} | {
        (decision, CHANGES) for one in named for decision in one.decisions
    }


def range_findings(
    before: Plan, after: Plan, posts: Iterable[MovedPost], origins: Origins, merges: Iterable[MixedMerge]
) -> list[Finding]:
    """What is to be said of the way from one plan to the other, with the usual severity of its rules."""
    return [
        *(one for post in posts for one in _moved(post, origins)),
        *_mixed(merges, after),
        *_rewritten(before, after),
        *_later(before, after),
    ]


def _finding(code: str, message: str, address: Address, field: Path, hint: str = "") -> Finding:
    return Finding(code, RULES[code].severity, message, address, field, hint)


# ---- goal posts


def _moved(post: MovedPost, origins: Origins) -> Iterator[Finding]:
    if not post.decisions:
        message = f"goal moved after work began: {post.words}; no decision names it"
        hint = f"kedge decision add ID changes={post.name} why=… names it, or set it back"
        yield _finding("D101", message, post.address, post.path, hint)
        return
    moved = origins.get((post.address, post.path))
    made = {one: origins[one, CHANGES] for one in post.decisions if (one, CHANGES) in origins}
    # One decision by another person, on its own, is enough.
    if moved is None or len(made) < len(post.decisions):
        return
    if any(_is_independent(moved, one) for one in made.values()):
        return
    decision, origin = next(iter(made.items()))
    if origin.commit == moved.commit:
        where = f"is in commit {moved.commit[:8]}, too" if moved.commit else "is not committed yet either"
        message = f"{post.words}: {decision.id}, which decides it, {where}"
        yield _finding("D102", message, post.address, post.path)
    else:
        message = (
            f"{post.words}: {decision.id} was recorded by {origin.name or origin.author}, who also moved it"
        )
        yield _finding("D103", message, post.address, post.path)


def _is_independent(moved: Origin, made: Origin) -> bool:
    return moved.commit != made.commit and (not moved.author or moved.author != made.author)


# ---- merges


def _mixed(merges: Iterable[MixedMerge], after: Plan) -> Iterator[Finding]:
    """Units that still say what a merge made of them."""
    for merge in merges:
        for unit in merge.units:
            record = after.get(unit.address)
            if record is None:
                continue
            data = to_data(record)
            now = [get_path(data, path) for path in unit.paths]
            if all(map(same, now, unit.merged)):
                yield _finding("D104", _mixed_words(merge, unit), unit.address, unit.paths[0])


def lost_findings(merges: Iterable[LossyMerge], after: Plan) -> list[Finding]:
    """Edits that merges have lost, and that are not there yet; one finding for a side that was left out as a whole."""
    found: list[Finding] = []
    for merge in merges:
        left = [(edit, author) for edit, author in merge.edits if is_lost(edit, after)]
        one_by_one = [_lost_finding(merge, edit, author, after) for edit, author in left]
        if merge.is_one_side and len(left) > 1:
            names = ", ".join(edit.address.id for edit, _ in left[:MOST_NAMED])
            more = f" and {len(left) - MOST_NAMED} more" if len(left) > MOST_NAMED else ""
            message = f"{merge.what} {merge.commit[:8]} has nothing of what one side did to {names}{more}"
            hint = f"kedge git recover {merge.commit[:8]} brings it back, with IDs some of it"
            one_by_one = [replace(one_by_one[0], message=message, hint=hint)]
        found += one_by_one
    return found


def is_lost(edit: LostEdit, after: Plan) -> bool:
    """Whether the plan still says what a merge made of an edit."""
    if edit.what == "removal":
        return after.get(edit.address) is not None
    if edit.what == "stray" and edit.landed is not None:
        return any(still(after, edit.landed, edit.strange))
    if edit.what == "record":
        is_there = edit.landed is None or any(still(after, edit.landed, edit.strange)) or not edit.strange
        return not _is_back(edit.address, after) and is_there
    return any(still(after, edit.address, edit.fields))


def _is_back(address: Address, after: Plan) -> bool:
    """Whether a plan has a record, perhaps under another name: the ending of a card's id stays."""
    end = ending(address.id) if address.kind == "card" else ""
    return after.get(address) is not None or (bool(end) and end in after.by_ending)


def still(after: Plan, address: Address, fields: Iterable[LostField]) -> Iterator[LostField]:
    """Those of some fields that say what a merge made of them."""
    record = after.get(address)
    data = to_data(record) if record is not None else {}
    for one in fields:
        if record is not None and same(get_path(data, one.path), one.merged):
            yield one


def _lost_finding(merge: LossyMerge, edit: LostEdit, author: str, after: Plan) -> Finding:
    begin = f"{merge.what} {merge.commit[:8]}"
    who = author or "one side"
    hint = f"kedge git recover {merge.commit[:8]} {edit.address.id} brings it back"
    if edit.what == "removal":
        message = f"{begin} has {edit.address.id} again, which {who} removed"
        return _finding("D107", message, edit.address, (), hint)
    if edit.what == "fields":
        left = [*still(after, edit.address, edit.fields)]
        landed = [*still(after, edit.landed, edit.strange)] if edit.landed is not None else []
        where = f", and put it into {edit.landed.id}" if edit.landed is not None and landed else ""
        fields = _fields(one.path for one in left)
        message = f"{begin} lost what {who} did to {edit.address.id}{where}: {fields}"
        return _finding("D107", message, edit.address, left[0].path, hint)
    if edit.what == "stray" and edit.landed is not None:
        left = [*still(after, edit.landed, edit.strange)]
        fields = _fields(one.path for one in left)
        message = f"{begin} put what {who} did to {edit.address.id} into {edit.landed.id}, too: {fields}"
        return _finding("D107", message, edit.landed, left[0].path, hint)
    if edit.landed is not None and after.get(edit.landed) is not None:
        left = [*still(after, edit.landed, edit.strange)]
        where = f", and put it into {edit.landed.id}: {_fields(one.path for one in left)}" if left else ""
        message = f"{begin} lost what {who} did to {edit.address.id}, which the other side removed{where}"
        return _finding("D107", message, edit.landed, left[0].path if left else (), hint)
    project = after.projects.get(edit.address.project)
    message = f"{begin} lost {edit.address.id} with what {who} did to it"
    return _finding("D107", message, project.address if project is not None else edit.address, (), hint)


def _mixed_words(merge: MixedMerge, unit: MixedUnit) -> str:
    if unit.other is not None:
        return (
            f"merge {merge.commit[:8]} took {_fields(unit.paths)} from one side, and what {unit.other.id} decides from"
            " the other"
        )
    ours = [path for path, one, now in zip(unit.paths, unit.ours, unit.merged, strict=True) if same(one, now)]
    theirs = [path for path in unit.paths if path not in ours]
    if not ours:
        one, other, now = (_points(side[0]) for side in (unit.ours, unit.theirs, unit.merged))
        return f"merge {merge.commit[:8]} made {_fields(theirs)} {now} of {one} on one side and {other} on the other"
    return f"merge {merge.commit[:8]} took {_fields(ours)} from one side and {_fields(theirs)} from the other"


def _points(value: object) -> str:
    return "/".join(written(one) for one in value if isinstance(one, int | float)) if is_list(value) else ""


def _fields(paths: Iterable[Path]) -> str:
    return ", ".join(".".join(path) for path in paths)


# ---- decisions and dates


def _rewritten(before: Plan, after: Plan) -> Iterator[Finding]:
    for address, record in sorted(before.by_kind.get("decision", {}).items()):
        now = after.get(address)
        if now is record:
            continue
        if now is None:
            # Said of the project: the record is gone.
            project = after.projects.get(address.project)
            if project is not None:
                yield _finding("D105", f"the decision {address.id} was removed", project.address, ())
            continue
        changed = [name for name in _DECIDED if not same(getattr(record, name), getattr(now, name))]
        if changed:
            message = f"{', '.join(changed)} changed after the decision was made"
            yield _finding("D105", message, address, (changed[0],))


def _later(before: Plan, after: Plan) -> Iterator[Finding]:
    """Milestones of projects in work whose due day moved later, and that no new decision names."""
    for project, old in before.projects.items():
        new = after.projects.get(project)
        if new is None or old.phase not in BEGUN or new.state != "active":
            continue
        address = Address("strategy", project, "strategy")
        was, now = before.get(address), after.get(address)
        if was is now or not isinstance(was, Strategy) or not isinstance(now, Strategy):
            continue
        named = [change for one in _new_decisions(before, after, project) for change in one.changes]
        for name, milestone in sorted(now.milestones.items()):
            path = ("milestones", name, "due")
            earlier = was.milestones[name].due if name in was.milestones else None
            if _is_later(earlier, milestone.due) and not names_post(named, address, path):
                said = milestone.due.isoformat() if milestone.due else "no day"
                message = f"{name} is due {said} instead of {earlier}; no decision names it"
                hint = f"kedge decision add ID changes={'.'.join(path)} why=… names it"
                field = path if milestone.due else path[:-1]
                yield _finding("D106", message, address, field, hint)


def _is_later(earlier: dt.date | None, due: dt.date | None) -> bool:
    return earlier is not None and (due is None or due > earlier)


def _new_decisions(before: Plan, after: Plan, project: str) -> Iterator[Decision]:
    for record in after.of_kind("decision", project):
        if before.get(record.address) is None:
            yield cast("Decision", record)

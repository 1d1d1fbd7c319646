"""Who changed a field in a range of commits, and what its merges put together: for findings about the range."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from ...model.edit.units import KINDS_WITH_UNITS, mixed_units
from ...model.plan.change import MISSING, Path, get_path
from ...model.plan.plan import Plan
from ...model.records.address import Address
from ...model.records.base import Record
from ...model.records.project import Project
from ...model.records.values import same
from ...model.review.goal_posts import BEGUN
from ...model.review.range_findings import MixedMerge, Origin
from ..disk.paths import address_of, path_of
from ..disk.repository import GitProblem
from ..disk.scan import NO_STAMP
from ..plan.read import understand
from .git import Git, git_at, settings_of_person
from .history import values_of
from .log import Commit, log
from .merge_results import MOST_MERGES


@dataclass(frozen=True)
class Range:
    """Commits of a plan's repository, and what came after them."""

    root: str
    before: str
    """The commit that is not in it."""
    until: str
    """The last one."""
    now: Mapping[str, bytes]
    """What the plan's files say in the end, by path below the plan: in a commit, the index or the work tree."""


def origins(
    span: Range, wanted: Iterable[tuple[Address, Path]], environment: Mapping[str, str]
) -> dict[tuple[Address, Path], Origin] | GitProblem:
    """The last commit of the range that changed each field; those that none of them changed are left out."""
    by_file: dict[str, list[tuple[Address, Path]]] = {}
    for address, path in wanted:
        by_file.setdefault(path_of(address), []).append((address, path))
    found: dict[tuple[Address, Path], Origin] = {}
    if not by_file:
        return found
    with git_at(span.root, environment) as git:
        if isinstance(git, GitProblem):
            return git
        mine = {**settings_of_person(git, environment), **git.settings}
        not_committed = Origin("", mine.get("user.email", ""), mine.get("user.name", ""))
        prefix = git.repository.prefix(span.root)
        for file, fields in sorted(by_file.items()):
            commits = log(git, ["--no-renames"], [prefix + file], f"{span.before}..{span.until}")
            if isinstance(commits, GitProblem):
                return commits
            last = f"{span.until}:{prefix}{file}"
            names = {name for one in commits for touch in one.files for name in (*touch.before, touch.after)}
            contents = git.contents([last, *(one for one in names if one)])
            if isinstance(contents, GitProblem):
                return contents
            for address, path in fields:
                committed = _value(contents.get(last), path)
                if not same(_value(span.now.get(file), path), committed):
                    found[address, path] = not_committed
                else:
                    origin = _origin(commits, contents, path)
                    found |= {(address, path): origin} if origin is not None else {}
    return found


def _value(content: bytes | None, path: Path) -> object:
    values = values_of(content)
    return MISSING if values is None else get_path(values, path)


def _origin(commits: Iterable[Commit], contents: Mapping[str, bytes], path: Path) -> Origin | None:
    """The newest commit that gave a field a value that none of its parents had."""
    for one in commits:
        for touch in one.files:
            after = _value(contents.get(touch.after), path)
            if not any(same(_value(contents.get(name), path), after) for name in touch.before):
                return Origin(one.id, one.email, one.author)
    return None


def begins(
    span: Range, projects: Iterable[Project], environment: Mapping[str, str]
) -> dict[str, str] | GitProblem:
    """The first commit of the range in which work of a project's cycle has begun; projects without one are left out."""
    found: dict[str, str] = {}
    with git_at(span.root, environment) as git:
        if isinstance(git, GitProblem):
            return git
        prefix = git.repository.prefix(span.root)
        for project in projects:
            path = prefix + path_of(project.address)
            commits = log(git, ["--no-renames"], [path], f"{span.before}..{span.until}")
            if isinstance(commits, GitProblem):
                return commits
            names = {name for one in commits for touch in one.files for name in (*touch.before, touch.after)}
            contents = git.contents(name for name in names if name)
            if isinstance(contents, GitProblem):
                return contents
            for one in reversed(commits):
                touch = one.files[0] if one.files else None
                if touch is not None and _is_begun(contents.get(touch.after), project.cycle):
                    found[project.address.project] = one.id
                    break
    return found


def _is_begun(content: bytes | None, cycle: int) -> bool:
    return _value(content, ("phase",)) in BEGUN and _value(content, ("cycle",)) in (cycle, MISSING)


# ---- merges


def mixed_merges(span: Range, environment: Mapping[str, str]) -> list[MixedMerge] | GitProblem:
    """The merges of the range that mixed units of fields from both sides, newest first."""
    with git_at(span.root, environment) as git:
        if isinstance(git, GitProblem):
            return git
        prefix = git.repository.prefix(span.root)
        options = ["--merges", "--no-renames", f"--max-count={MOST_MERGES}"]
        commits = log(git, options, [prefix] if prefix else [], f"{span.before}..{span.until}")
        if isinstance(commits, GitProblem):
            return commits
        found: list[MixedMerge] = []
        for one in commits:
            plans = _sides(git, one, prefix)
            if isinstance(plans, GitProblem):
                return plans
            units = mixed_units(*plans) if plans else []
            if units:
                found.append(MixedMerge(one.id, tuple(units)))
    return found


def _sides(git: Git, merge: Commit, prefix: str) -> tuple[Plan, Plan, Plan, Plan] | GitProblem | None:
    """Base, sides and result of a merge of two: only the records that a side changed, since no others can be mixed."""
    if len(merge.parents) != 2:
        return None
    ours, theirs = merge.parents
    base = git.merge_base(ours, theirs)
    if isinstance(base, GitProblem):
        return None
    changed: list[set[str]] = []
    for side in (ours, theirs):
        output = git.run(
            [
                "diff-tree",
                "-r",
                "-z",
                "--name-only",
                "--no-renames",
                base,
                side,
                "--",
                *([prefix] if prefix else []),
            ]
        )
        if isinstance(output, GitProblem):
            return output
        paths = {
            one.removeprefix(prefix) for one in output.decode("utf-8", "surrogateescape").split("\0") if one
        }
        changed.append({one for one in paths if (at := address_of(one)) and at.kind in KINDS_WITH_UNITS})
    if not all(changed):
        return None
    files = sorted(changed[0] | changed[1])
    revisions = (base, ours, theirs, merge.id)
    contents = git.contents(f"{revision}:{prefix}{path}" for revision in revisions for path in files)
    if isinstance(contents, GitProblem):
        return contents
    plans = [_plan(files, contents, f"{revision}:{prefix}") for revision in revisions]
    return plans[0], plans[1], plans[2], plans[3]


def _plan(files: Iterable[str], contents: Mapping[str, bytes], start: str) -> Plan:
    records: dict[Address, Record] = {}
    for path in files:
        address, content = address_of(path), contents.get(start + path)
        if address is not None and content is not None:
            _, record = understand(path, address, NO_STAMP, content)
            if record is not None:
                records[address] = record
    return Plan(records)

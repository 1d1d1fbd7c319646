"""How old the estimates of cards are, against the last change of what they are estimates of.

The history of the plan says when each estimate was given. Of the cards for which that is long ago, the version of
then is held against the one of now; only where these differ is the history of the files gone through for the day.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from ...model.flow.card_history import CardHistory, CardStep, PlanHistory
from ...model.plan.plan import Plan
from ...model.records.card import Card
from ...model.records.findings import Finding
from ...model.rules.estimate_age import RULE, Outgrown, differing, finding, is_asked, is_much_older, scope
from ...model.rules.selection import Selection, chosen
from ...model.snapshot.snapshot import Snapshot
from ..disk.paths import path_of
from ..disk.repository import GitProblem, Reason
from ..plan.places import located
from ..plan.source_file import SourceFile
from .git import Git, git_at
from .history import values_of
from .log import Commit, log
from .plan_history import plan_history

Scope = Mapping[str, object]


class _Old(NamedTuple):
    """A card whose estimate is old."""

    card: Card
    path: str
    """From the top of the repository."""
    estimated: CardStep
    now: Scope


def outgrown(  # noqa: PLR0913  where the plan is, what it says, and how far its history counts
    root: str,
    plan: Plan,
    contents: Mapping[str, bytes],
    environment: Mapping[str, str],
    until: str,
    today: dt.date,
    *,
    since: str = "",
) -> list[Outgrown] | GitProblem:
    """The open cards of a plan whose scope changed long after their estimate was given.

    `contents` are the files of its cards by path. `since`: only those whose scope changed after a commit. A card
    that git does not know, or knew under another name then, is left out; a plan without commits has none.
    """
    history = plan_history(root, environment, until)
    if isinstance(history, GitProblem):
        return history
    with git_at(root, environment) as git:
        if isinstance(git, GitProblem):
            return git
        prefix = git.repository.prefix(root)
        changed = _changed(git, _old(plan, history, contents, prefix, today))
        if isinstance(changed, GitProblem) or not changed:
            return changed if isinstance(changed, GitProblem) else []
        last = _last_changes(git, [one for one, _ in changed], prefix, until)
        recent = git.run(["rev-list", f"{since}..{until}", "--"]) if since else b""
    if isinstance(last, GitProblem):
        return last
    if isinstance(recent, GitProblem):
        return recent
    counted = frozenset(recent.decode("ascii").split())
    found: list[Outgrown] = []
    for old, parts in changed:
        # What is in no commit yet has changed today.
        commit = last.get(old.path)
        day = commit.date if commit is not None else today
        is_meant = not since or commit is None or commit.id in counted
        if is_meant and is_much_older(old.estimated.at.date(), day):
            found.append(Outgrown(old.card.address, old.estimated.at.date(), day, parts))
    return found


def outgrown_findings(  # noqa: PLR0913  as `outgrown`, and which rules are wanted
    root: str,
    files: Mapping[str, SourceFile],
    snapshot: Snapshot,
    environment: Mapping[str, str],
    until: str = "HEAD",
    *,
    since: str = "",
    select: Sequence[str] = (),
    ignore: Sequence[str] = (),
) -> list[Finding] | GitProblem:
    """The same as findings of the rule, at their places in the plan's files; git is asked only where it is wanted."""
    plan, today = snapshot.plan, snapshot.today
    if not Selection.of(plan, select, ignore).wants(RULE):
        return []
    contents = {path: file.content for path, file in files.items() if file.address.kind == Card.KIND}
    found = outgrown(root, plan, contents, environment, until, today, since=since)
    if isinstance(found, GitProblem):
        return found
    return list(located(files, chosen([finding(one, today) for one in found], plan, select, ignore)))


def _old(
    plan: Plan, history: PlanHistory, contents: Mapping[str, bytes], prefix: str, today: dt.date
) -> list[_Old]:
    """The cards whose estimate was given long ago, and is the one of now."""
    found: list[_Old] = []
    for card in plan.cards.values():
        known = history.cards.get((card.project, card.id)) if is_asked(card) else None
        step = _estimated(known, card) if known is not None else None
        content = contents.get(path_of(card.address))
        if step is None or content is None or not is_much_older(step.at.date(), today):
            continue
        values = values_of(content)
        if values is not None:
            found.append(_Old(card, prefix + path_of(card.address), step, scope(values)))
    return found


def _estimated(history: CardHistory, card: Card) -> CardStep | None:
    """The step that gave a card the estimate that it has; None where no commit has it yet."""
    given: CardStep | None = None
    for one in reversed(history.steps):
        if one.state.estimate != tuple(card.estimate or ()):
            return given
        given = one
    return given


def _changed(git: Git, old: Sequence[_Old]) -> list[tuple[_Old, tuple[str, ...]]] | GitProblem:
    """Those whose scope is not what it was when they were estimated, with what differs."""
    names = {one.path: f"{one.estimated.commit}:{one.path}" for one in old}
    contents = git.contents(names.values()) if old else {}
    if isinstance(contents, GitProblem):
        return contents
    found: list[tuple[_Old, tuple[str, ...]]] = []
    for one in old:
        then = contents.get(names[one.path])
        values = values_of(then) if then is not None else None
        if values is not None and (parts := differing(scope(values), one.now)):
            found.append((one, parts))
    return found


def _last_changes(git: Git, old: Sequence[_Old], prefix: str, until: str) -> dict[str, Commit] | GitProblem:
    """The commit in which the scope of each card changed last; none for one whose scope no commit has yet."""
    by_path = {one.path: one for one in old}
    commits = log(git, ["--no-renames"], [f"{prefix}projects"], until)
    if isinstance(commits, GitProblem):
        return {} if commits.reason is Reason.BAD_REVISION else commits
    touches = [
        (commit, touch)
        for commit in commits
        for touch in commit.files
        if touch.names[-1] in by_path and touch.after
    ]
    names = {name for _, touch in touches for name in (*touch.before, touch.after) if name}
    contents = git.contents(names) if names else {}
    if isinstance(contents, GitProblem):
        return contents
    scopes = {
        name: scope(values) for name, text in contents.items() if (values := values_of(text)) is not None
    }
    found: dict[str, Commit] = {}
    settled: set[str] = set()
    looked_at: set[str] = set()
    for commit, touch in touches:
        path, after = touch.names[-1], scopes.get(touch.after)
        if path in settled:
            continue
        is_now = after == by_path[path].now
        if path not in looked_at and not is_now:
            # The newest version that git has says something else: the change is in no commit yet.
            settled.add(path)
        elif is_now and all(scopes.get(name) != after for name in touch.before if name):
            settled.add(path)
            found[path] = commit
        looked_at.add(path)
    return found

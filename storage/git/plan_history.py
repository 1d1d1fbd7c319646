"""One pass over the history of a plan: what each card said, from commit to commit.

Commits come from one `git log`, versions of files from batches of objects; both are cached by the names of the objects,
so that a later run asks git for what is new only. A change belongs to the commit that made it, on whatever branch that
was; the commits of branches come in the order of their dates. Where a merge has decided against one side, what HEAD
says decides which steps count.
"""

from __future__ import annotations

import datetime as dt
import math
import re
import sys
from collections.abc import Iterable, Mapping
from typing import Any, cast

from ...model.flow.card_history import CardState, PlanHistory
from ..disk.fetch import MAX_SIZE
from ..disk.paths import address_of
from ..disk.repository import GitProblem
from ..plan.read import resting_collector
from ..toml.parse import ParseFailure, parse
from .card_steps import CardCommit, CardSteps, CardTouch, Key
from .git import UNBORN, Git, git_at
from .history_cache import HistoryCache, Known
from .log import NEVER, Commit, touched_by
from .plan_places import plan_places

_BATCH = 10_000
"""Objects that are read at once."""
_SPARE = 1_000
"""Commits of other branches that are kept in any case."""


def plan_history(
    root: str, environment: Mapping[str, str], revision: str = "HEAD"
) -> PlanHistory | GitProblem:
    """The history of all cards of the plan at `root` up to a revision; an empty one where nothing is committed yet.

    As many git processes, however many commits.
    """
    with git_at(root, environment) as git:
        if isinstance(git, GitProblem):
            return git
        head = git.resolve(revision)
        if isinstance(head, GitProblem):
            return PlanHistory() if head == UNBORN else head
        cache = HistoryCache(git, root, environment)
        found = cache.history(head)
        if found is not None:
            return found
        with resting_collector():
            known = cache.known()
            found = _worked_out(git, head, git.repository.place(root), known)
        if not isinstance(found, GitProblem):
            cache.save(found, known)
    return found


def _worked_out(git: Git, head: str, place: str, known: Known) -> PlanHistory | GitProblem:
    """The history up to a commit; what git is asked for is added to what is known."""
    order = _order(git, head)
    if isinstance(order, GitProblem):
        return order
    problem = _read_commits(git, head, place, order, known)
    if problem is not None:
        return problem
    current = _at_head(git, head, place)
    if isinstance(current, GitProblem):
        return current
    commits = [known.commits[one] for one in reversed(order) if one in known.commits]
    names = {name for one in commits for touch in one.touches for name in (*touch.before, touch.after)} - {""}
    problem = _read_states(git, names, known)
    if problem is not None:
        return problem
    _forget(known, order, names)
    steps = CardSteps(known.states)
    for one in commits:
        at = _not_after(one.at, order[one.id])
        steps.take(one if at == one.at else one._replace(at=at))
    not_fetched = len(names - known.states.keys())
    unread = sum(known.states.get(name) is None for name in names) - not_fetched
    return PlanHistory(head, steps.histories(head, current), unread, not_fetched, git.is_shallow)


def _order(git: Git, head: str) -> dict[str, int] | GitProblem:
    """The commits up to one, each before its parents, with the seconds at which they were committed."""
    output = git.run(["rev-list", "--date-order", "--timestamp", head, "--"])
    if isinstance(output, GitProblem):
        return output
    pairs = (line.split(" ") for line in output.decode("ascii", "replace").splitlines())
    return {name: int(seconds) for seconds, name in pairs}


def _read_commits(
    git: Git, head: str, place: str, order: Mapping[str, int], known: Known
) -> GitProblem | None:
    """Reads the commits that are not known."""
    places = plan_places(git, head, place)
    if not set(places) <= set(known.places):
        # They were looked for in other folders.
        known.places, known.checked, known.commits = places, set(), {}
    prefixes = [f"{one}/" if one else "" for one in known.places]
    new = [one for one in order if one not in known.checked]
    found = touched_by(git, new, [f"{prefix}projects" for prefix in prefixes])
    if isinstance(found, GitProblem):
        return found
    cards = _Cards(prefixes)
    for commit in found:
        touches = tuple(_card_touches(commit, cards))
        if touches:
            known.commits[commit.id] = CardCommit(commit.id, commit.at, commit.author, touches)
    known.checked.update(new)
    return None


def _forget(known: Known, order: Mapping[str, int], names: set[str]) -> None:
    """Leaves out what is in no commit of today's history, where that has come to be most of what is known."""
    if len(known.checked) > 2 * len(order) + _SPARE:
        known.checked &= order.keys()
        known.commits = {one: commit for one, commit in known.commits.items() if one in order}
        known.states = {one: state for one, state in known.states.items() if one in names}


def _card_touches(commit: Commit, cards: _Cards) -> Iterable[CardTouch]:
    """What a commit did to cards."""
    for one in commit.files:
        key = cards[one.names[-1]]
        if key is not None:
            yield CardTouch(key, one.before, one.after)


class _Cards(dict[str, Key | None]):
    """The card that each path of the repository belongs to; None for other files."""

    def __init__(self, prefixes: Iterable[str]) -> None:
        super().__init__()
        self._prefixes = tuple(prefixes)

    def __missing__(self, path: str) -> Key | None:
        self[path] = found = self._find(path)
        return found

    def _find(self, path: str) -> Key | None:
        for prefix in self._prefixes:
            if path.startswith(f"{prefix}projects/"):
                address = address_of(path[len(prefix) :])
                if address is not None and address.kind == "card":
                    return address.project, address.id
        return None


def _at_head(git: Git, head: str, place: str) -> dict[Key, str] | GitProblem:
    """The versions of the cards in the last commit."""
    prefix = f"{place}/" if place else ""
    output = git.run(["ls-tree", "-r", "-z", "--full-tree", head, "--", f"{prefix}projects/"])
    if isinstance(output, GitProblem):
        return output
    cards = _Cards((prefix,))
    found: dict[Key, str] = {}
    for line in filter(None, output.decode("utf-8", "surrogateescape").split("\0")):
        about, _, path = line.partition("\t")
        key = cards[path]
        if key is not None:
            found[key] = about.rpartition(" ")[2]
    return found


def _read_states(git: Git, names: Iterable[str], known: Known) -> GitProblem | None:
    """Reads the versions that are not known; too large ones count as unreadable."""
    new = sorted(one for one in names if one not in known.states)
    for at in range(0, len(new), _BATCH):
        batch = new[at : at + _BATCH]
        sizes = git.sizes(batch)
        if isinstance(sizes, GitProblem):
            return sizes
        contents = git.contents(name for name, size in sizes.items() if size <= MAX_SIZE)
        if isinstance(contents, GitProblem):
            return contents
        known.states |= {name: state_of(contents[name]) if name in contents else None for name in sizes}
    return None


_FIELD = re.compile(
    rb"""^[ \t]*+["']?(?:title|place|status|blocked|owner|estimate)["']?[ \t]*=[^\n]*""", re.MULTILINE
)


def state_of(content: bytes) -> CardState | None:
    """What the text of a card says; None where it cannot be read.

    Only the lines that are asked for are parsed where that gives the same: before the first table and the first text
    over several lines.
    """
    text = b"\n" + content
    top = text.partition(b"\n[")[0].partition(b'"""')[0].partition(b"'''")[0]
    data = parse(b"\n".join(_FIELD.findall(top)))
    if isinstance(data, ParseFailure) or _FIELD.search(text, len(top)):
        data = parse(content)
    if isinstance(data, ParseFailure):
        return None
    estimate = data.get("estimate", ())
    points = cast("list[Any]", estimate if isinstance(estimate, list) else [estimate])
    is_figure = all(type(one) in (int, float) and math.isfinite(one) for one in points)
    return CardState(
        _text(data, "place", "assess"),
        _text(data, "status", "todo"),
        bool(_text(data, "blocked", "")),
        _text(data, "owner", ""),
        tuple(map(float, points)) if is_figure else (),
    )


def _text(data: Mapping[str, Any], name: str, default: str) -> str:
    found = data.get(name)
    return sys.intern(found) if isinstance(found, str) else default


def _not_after(at: dt.datetime, seconds: int) -> dt.datetime:
    """When a commit was made; not after it was committed."""
    try:
        limit = dt.datetime.fromtimestamp(seconds, at.tzinfo)
    except (OverflowError, ValueError, OSError):
        return at
    return limit if at == NEVER or at > limit else at

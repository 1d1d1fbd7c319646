"""What each side of a merge calls the records that there were before, by what its commits did.

Git keeps no names. From one end of a side to the other a card may have got another id, another title and other notes;
in the one commit that renamed it, it still says most of what it said.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from ...model.edit.identity import identity
from ...model.plan.ids import ending
from ...model.records.kinds import KINDS, record_model
from ...model.records.values import same
from ..disk.paths import address_of, kind_of
from ..disk.repository import GitProblem
from ..toml.parse import ParseFailure, parse
from .changed import Changes, gone_and_came
from .git import Git
from .log import log

_MOST_PAIRS = 20_000
"""Files that went in a commit, times those that came, which are compared; of more only those with the same content or
the same ending are one."""
_Files = Mapping[str, str]
"""Files of the plan by their paths, each with git's name of its content."""


class _Step(NamedTuple):
    """The files that went in a commit, and those that came."""

    gone: _Files
    came: _Files
    is_merge: bool


def names_on(
    git: Git, prefix: str, base: str, tip: str, changes: Changes, *, is_back: bool = False
) -> dict[str, str]:
    """The new paths of files that a side has under another name, by what differs between it and the base.

    `is_back`: the tip is what was before the base, as in a revert; then names are those that the base gave, turned
    round.
    """
    gone, came = gone_and_came(changes)
    if not is_back:
        return renamed(git, base, tip, prefix, gone, came)
    return {new: old for old, new in renamed(git, tip, base, prefix, came, gone).items()}


def renamed(
    git: Git, base: str, tip: str, prefix: str, gone: Iterable[str], came: Iterable[str]
) -> dict[str, str]:
    """The new paths of files that a side has under another name, by their paths in the base.

    `gone` and `came` are the files of the plan that only the base has, and that only the tip has; all paths are below
    the plan, whose path with a slash is `prefix`.
    """
    left, there = sorted(gone), set(came)
    edges = _edges(git, f"{base}..{tip}", prefix) if left and there else {}
    found: dict[str, str] = {}
    for path in left:
        name = next((one for one in _reached(path, edges) if one in there), None)
        if name is not None:
            there.remove(name)
            found[path] = name
    return found


def _reached(path: str, edges: Mapping[str, list[str]]) -> list[str]:
    """The names that a file got after the one that it had, nearest first."""
    found = [path]
    for one in found:
        found += [name for name in edges.get(one, ()) if name not in found]
    return found[1:]


def _edges(git: Git, commits: str, prefix: str) -> dict[str, list[str]]:
    """The names that files got in single commits, by those that they had before: one for each branch of a side."""
    # A merge is compared with each parent: there one of two new names may have been settled on.
    options = ["--no-renames", "--diff-filter=AD", "--raw", "-m"]
    found = log(git, options, [prefix] if prefix else [], commits, with_files=False)
    steps: list[_Step] = []
    for one in [] if isinstance(found, GitProblem) else found:
        touches = [(touch.names[0].removeprefix(prefix), touch) for touch in one.files]
        gone = {path: next(filter(None, touch.before)) for path, touch in touches if not touch.after}
        came = {path: touch.after for path, touch in touches if touch.after}
        if gone and came:
            steps.append(_Step(gone, came, is_merge=len(one.parents) > 1))
    contents = git.contents({name for one in steps for files in one[:2] for name in files.values()})
    data = {} if isinstance(contents, GitProblem) else {name: _data(one) for name, one in contents.items()}
    edges: dict[str, list[str]] = {}
    for one in steps:
        for old, new in _pairs(one, data):
            edges.setdefault(old, []).append(new)
    return edges


def _data(content: bytes) -> Mapping[str, Any]:
    data = parse(content)
    return {} if isinstance(data, ParseFailure) else data


def _pairs(step: _Step, data: Mapping[str, Mapping[str, Any]]) -> Iterator[tuple[str, str]]:
    """The files of one commit that have another name in it, the surest first."""
    left, there = dict(step.gone), dict(step.came)
    for key_of in (_content, _ending):
        for pair in [*_by_key(left, there, key_of)]:
            yield pair
            del left[pair[0]], there[pair[1]]
    for is_one in (_has_the_same_title,) if step.is_merge else (_says_so, _has_the_same_notes):
        if len(left) * len(there) > _MOST_PAIRS:
            return
        for old in [*left]:
            kind, was = kind_of(old), data.get(left[old], {})
            fits = [
                new
                for new, name in there.items()
                if kind_of(new) == kind and is_one(kind, was, data.get(name, {}))
            ]
            if len(fits) == 1:
                yield old, fits[0]
                del left[old], there[fits[0]]


def _has_the_same_title(kind: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> bool:
    """All that can be trusted in a merge, which may have put items of a checklist into another card."""
    label = record_model(kind).LABEL if kind in KINDS else ""
    return bool(old.get(label)) and same(old[label], new.get(label))


def _says_so(kind: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> bool:
    return identity(kind, old, new) == "same"


def _has_the_same_notes(kind: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> bool:
    """Whether the rank and the notes are the same, which in one commit is no chance, but may be between many."""
    has_notes = bool(old.get("notes")) and same(old["notes"], new.get("notes"))
    return has_notes and identity(kind, old, new) == "unsure"


def _by_key(gone: _Files, came: _Files, key_of: Callable[[str, str], str]) -> Iterator[tuple[str, str]]:
    """Files of a kind that have a key in common with one other only."""
    sides: list[dict[tuple[str, str], list[str]]] = []
    for files in (gone, came):
        paths: dict[tuple[str, str], list[str]] = {}
        for path, name in files.items():
            paths.setdefault((kind_of(path), key_of(path, name)), []).append(path)
        sides.append(paths)
    before, after = sides
    for key in before.keys() & after.keys():
        if all(key) and len(before[key]) == len(after[key]) == 1:
            yield before[key][0], after[key][0]


def _content(path: str, name: str) -> str:
    del path
    return name


def _ending(path: str, name: str) -> str:
    """The ending of a card's id, which stays when it is renamed by hand or moved to another project."""
    del name
    address = address_of(path)
    return ending(address.id) if address is not None and address.kind == "card" else ""

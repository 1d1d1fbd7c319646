"""Files of the plan that are in conflict: their versions are the stages of git's index, whatever the markers say.

The markers in the work tree may be of any style, or edited by half; the stages are what was merged.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence

from ..disk.fetch import MAX_SIZE
from ..disk.paths import SUFFIX
from ..disk.repository import GitProblem, Reason, find_repository
from ..disk.stages import Knot, Names, Stages
from .apart import apart
from .git import Git, git_at

_STAGES = {"1": "base", "2": "ours", "3": "theirs"}
_MOST = 5_000
"""Files in conflict that are read."""


def unmerged(root: str, environment: Mapping[str, str]) -> list[Stages] | GitProblem:
    """The plan's files in conflict, by their paths."""
    found = find_repository(root, environment)
    if isinstance(found, GitProblem):
        return found
    with git_at(found, environment) as git:
        if isinstance(git, GitProblem):
            return git
        prefix = found.prefix(root)
        names = _in_conflict(git, prefix)
        if isinstance(names, GitProblem):
            return names
        sizes = git.run(["cat-file", "--batch-check=%(objectname) %(objectsize)"], _lines(names))
        if isinstance(sizes, GitProblem):
            return sizes
        if any(int(size) > MAX_SIZE for size in sizes.split()[1::2] if size.isdigit()):
            return GitProblem(
                Reason.TOO_LARGE, f"a version of a file in conflict has more than {MAX_SIZE:,} bytes"
            )
        contents = git.contents(name for stages in names.values() for name in stages.values())
        if isinstance(contents, GitProblem):
            return contents
        found = [
            Stages(
                path,
                *(contents.get(stages.get(side, "")) for side in _STAGES.values()),
                names=(stages.get("base", ""), stages.get("ours", ""), stages.get("theirs", "")),
            )
            for path, stages in sorted(names.items())
        ]
        return apart(git, prefix, found)


def mark_settled(
    root: str, environment: Mapping[str, str], settled: Stages, paths: Sequence[str]
) -> GitProblem | None:
    """Tells git that a file in conflict is settled: these files of the plan are as they are in the work tree."""
    with git_at(root, environment) as git:
        if isinstance(git, GitProblem):
            return git
        prefix = git.repository.prefix(root)
        if settled.knot is not None:
            problem = _untangled(git, prefix, settled.knot)
            if problem is not None:
                return problem
        known = git.run(["ls-files", "-z", "--", *(prefix + path for path in paths)])
        if isinstance(known, GitProblem):
            return known
        names = set(known.decode("utf-8", "surrogateescape").split("\0"))
        files = [
            prefix + path
            for path in paths
            if prefix + path in names or os.path.lexists(os.path.join(root, path))
        ]
        output = git.run(["add", "--all", "--force", "--", *files]) if files else b""
    return output if isinstance(output, GitProblem) else None


def _untangled(git: Git, prefix: str, knot: Knot) -> GitProblem | None:
    """Puts the other questions of a knot into the index, each at its own file, if they are not there yet.

    They would be lost as soon as git is told that the file is settled with which it has mixed theirs.
    """
    now = _in_conflict(git, prefix)
    if isinstance(now, GitProblem):
        return now
    if not knot.others or any(now.get(path) != _by_side(names) for path, names in knot.files):
        return None
    none = "0" * len(next(filter(None, (name for _, names in knot.files for name in names))))
    lines: list[str] = []
    for path, names in knot.others:
        lines.append(f"0 {none}\t{prefix}{path}")
        lines += [
            f"100644 {name} {stage}\t{prefix}{path}"
            for stage, name in zip(_STAGES, names, strict=True)
            if name
        ]
    given = "".join(f"{line}\0" for line in lines).encode("utf-8", "surrogateescape")
    done = git.run(["update-index", "-z", "--index-info"], given)
    return done if isinstance(done, GitProblem) else None


def _by_side(names: Names) -> dict[str, str]:
    return {side: name for side, name in zip(_STAGES.values(), names, strict=True) if name}


def _in_conflict(git: Git, prefix: str) -> dict[str, dict[str, str]] | GitProblem:
    """The plan's files in conflict, with git's names of their versions by side."""
    output = git.run(["ls-files", "--unmerged", "-z", "--", *([prefix] if prefix else [])])
    if isinstance(output, GitProblem):
        return output
    found: dict[str, dict[str, str]] = {}
    for entry in output.decode("utf-8", "surrogateescape").split("\0"):
        about, tab, path = entry.partition("\t")
        words = about.split(" ")
        below = path.removeprefix(prefix)
        # Links and submodules are no files of a plan.
        is_file = tab and len(words) == 3 and words[0].startswith("100") and below.endswith(SUFFIX)
        if is_file and (below in found or len(found) < _MOST):
            found.setdefault(below, {})[_STAGES[words[2]]] = words[1]
    return found


def _lines(names: Mapping[str, Mapping[str, str]]) -> bytes:
    return "".join(f"{name}\n" for stages in names.values() for name in stages.values()).encode()

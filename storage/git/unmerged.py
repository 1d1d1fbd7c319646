"""Files of the plan that are in conflict: their versions are the stages of git's index, whatever the markers say.

The markers in the work tree may be of any style, or edited by half; the stages are what was merged.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from ..disk.fetch import MAX_SIZE
from ..disk.paths import SUFFIX
from ..disk.repository import GitProblem, Reason, find_repository
from ..disk.stages import Stages
from .apart import apart
from .git import git_at

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
        place = found.place(root)
        output = git.run(["ls-files", "--unmerged", "-z", "--", *([place] if place else [])])
        if isinstance(output, GitProblem):
            return output
        names = _names(output, place)
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
                key=" ".join(stages.get(side, "-") for side in _STAGES.values()),
            )
            for path, stages in sorted(names.items())
        ]
        return list(apart(git, place, found))


def mark_settled(root: str, environment: Mapping[str, str], paths: Iterable[str]) -> GitProblem | None:
    """Tells git that some files of the plan, as they are in the work tree, are settled."""
    with git_at(root, environment) as git:
        if isinstance(git, GitProblem):
            return git
        place = git.repository.place(root)
        files = [f"{place}/{path}" if place else path for path in paths]
        output = git.run(["add", "--all", "--force", "--", *files]) if files else b""
    return output if isinstance(output, GitProblem) else None


def _names(output: bytes, place: str) -> dict[str, dict[str, str]]:
    """The names of the versions of each file, by side."""
    found: dict[str, dict[str, str]] = {}
    for entry in output.decode("utf-8", "surrogateescape").split("\0"):
        about, tab, path = entry.partition("\t")
        words = about.split(" ")
        below = path.removeprefix(f"{place}/") if place else path
        # Links and submodules are no files of a plan.
        is_file = tab and len(words) == 3 and words[0].startswith("100") and below.endswith(SUFFIX)
        if is_file and (below in found or len(found) < _MOST):
            found.setdefault(below, {})[_STAGES[words[2]]] = words[1]
    return found


def _lines(names: Mapping[str, Mapping[str, str]]) -> bytes:
    return "".join(f"{name}\n" for stages in names.values() for name in stages.values()).encode()

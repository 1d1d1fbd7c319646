"""What git alone makes of two commits: where it would ask a person, and where it puts files together in silence."""

from __future__ import annotations

import os
from dataclasses import replace

from ..disk.repository import GitProblem, Reason
from .git import Git


def conflicts(git: Git, ours: str, theirs: str) -> dict[str, str] | GitProblem:
    """The files that a merge of two commits by git alone leaves in conflict, each with git's name of what it was; empty
    where it was not there. Git before 2.38 does not say.

    Nothing is written into the repository.
    """
    objects = os.path.join(git.folder, "objects")
    try:
        os.makedirs(objects, exist_ok=True)
    except OSError as error:
        return GitProblem(Reason.FAILED, f"{objects}: {error.strerror}")
    told = {
        **git.environment,
        "GIT_OBJECT_DIRECTORY": objects,
        "GIT_ALTERNATE_OBJECT_DIRECTORIES": git.environment["GIT_OBJECT_DIRECTORY"],
    }
    aside = replace(git, environment=told)
    output = aside.run(["merge-tree", "--write-tree", "-z", "--no-messages", ours, theirs], fine=1)
    if isinstance(output, GitProblem):
        return output
    found: dict[str, str] = {}
    for entry in output.decode("utf-8", "surrogateescape").split("\0")[1:]:
        about, _, path = entry.partition("\t")
        if path:
            _, name, stage = about.split(" ")
            found[path] = name if stage == "1" else found.get(path, "")
    return found

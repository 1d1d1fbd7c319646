"""The folder that git takes for its git folder: it shows what git may see of a repository, never its settings."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping

from ..disk.repository import Repository, head_of

_SHARED = ("refs", "packed-refs", "reftable", "shallow", "logs/refs", "info/exclude", "info/attributes")
_OWN = (
    "logs/HEAD",
    "info/sparse-checkout",
    "ORIG_HEAD",
    "MERGE_HEAD",
    "CHERRY_PICK_HEAD",
    "REVERT_HEAD",
    "REBASE_HEAD",
)


def show_repository(repository: Repository, folder: str) -> None:
    """Lets git see the refs, logs and marks of a repository in an empty folder, without settings. Raises OSError."""
    for name in ("info", "logs"):
        os.mkdir(os.path.join(folder, name))
    write(folder, "HEAD", head_of(repository.folder))
    write(folder, "config", "[core]\nrepositoryformatversion = 0")
    indexes = [name for name in os.listdir(repository.folder) if name.startswith("sharedindex.")]
    for start, names in ((repository.common, _SHARED), (repository.folder, (*_OWN, *indexes))):
        for name in names:
            _show(os.path.join(start, name), os.path.join(folder, name))


def index_of(repository: Repository, environment: Mapping[str, str]) -> str:
    """The index, or the one that a hook of this repository is run for."""
    named = os.path.realpath(environment.get("GIT_INDEX_FILE") or "")
    is_ours = os.path.dirname(named) == os.path.realpath(repository.folder)
    return named if is_ours else os.path.join(repository.folder, "index")


def write(folder: str, name: str, text: str) -> None:
    """Writes a file of one's own into the folder. Raises OSError."""
    with open(
        os.path.join(folder, name), "w", encoding="utf-8", errors="surrogateescape", newline="\n"
    ) as file:
        file.write(text + "\n")


def _show(path: str, shown: str) -> None:
    """Lets git see a file or a folder of the repository; a pipe or a device it would wait for is left out."""
    if os.path.isdir(path):
        try:
            os.symlink(path, shown, target_is_directory=True)
        except OSError:
            # Some systems let only administrators make links.
            shutil.copytree(path, shown, symlinks=True)
    elif os.path.isfile(path):
        try:
            os.symlink(path, shown)
        except OSError:
            shutil.copyfile(path, shown)

"""Proving that what a clone has set up works: a real merge and real commits, in a repository of our own.

It has the clone's attributes, our driver and our hooks, and a plan in the same place; nothing else of the clone is in
it, so nothing of a stranger's repository runs. What is tried is what git does in the clone: find the driver by the
attributes, start kedge by its name on the search path, refuse a commit that breaks the plan.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Generator, Iterable, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Literal

from ...model.plan.card_names import branch_name
from ..disk.programs import find_program
from ..disk.repository import GitProblem
from ..plan.layouts import layout_of
from ..toml.emit import emit
from .clone import DRIVER_SETTINGS, HOOKS, Clone, content_of, hook_line, hook_text
from .merge_driver import NAME
from .own_repository import INIT, OwnRepository

State = Literal["works", "not set up", "missing", "broken", "yours"]
MUST_CHANGE: tuple[State, ...] = ("missing", "broken")
"""States in which something is wrong; what nobody has set up is not among them."""

_CARD = "projects/proof/cards/proof-7k2m.toml"
_BASE = {"title": "A card to merge", "place": "execute", "rank": "a0", "status": "todo", "owner": "mira"}


@dataclass(frozen=True)
class Check:
    """What was found about one part of the set-up."""

    name: str
    state: State
    text: str
    hint: str = ""


def examine(clone: Clone, environment: Mapping[str, str]) -> list[Check]:
    """What the clone has set up, each part with whether it works."""
    return [
        _driver(clone, environment),
        _headers(clone),
        *(_hook(clone, name, environment) for name in HOOKS),
    ]


# ---- the merge driver


def _driver(clone: Clone, environment: Mapping[str, str]) -> Check:
    name, hint = "merge driver", "kedge git install --merge"
    if clone.lacks_driver:
        return Check(
            name,
            "missing",
            "attributes ask for it, and this clone has none: git merges plan files as text",
            hint,
        )
    if not clone.has_driver:
        return Check(name, "not set up", "git merges plan files as text", hint)
    if clone.merge != NAME:
        said = f"attributes give plan files to {clone.merge!r}" if clone.merge else "no attributes ask for it"
        return Check(name, "broken", f"set up, but {said}", hint)
    if not clone.has(DRIVER_SETTINGS):
        return Check(
            name, "broken", "the command in the settings is not that of this kedge, and is not tried", hint
        )
    problem = _try_merge(clone, environment)
    if problem:
        return Check(name, "broken", problem, _path_hint(environment) or hint)
    return Check(name, "works", "two edits of neighbouring fields of a card were merged")


def _path_hint(environment: Mapping[str, str]) -> str:
    return "" if find_program("kedge", environment) else "git starts kedge by its name: it has to be on PATH"


def _try_merge(clone: Clone, environment: Mapping[str, str]) -> str:
    """Merges two edits that lie in one hunk; why that failed, or nothing."""
    with _repository(clone, environment) as made:
        if isinstance(made, str):
            return made
        path = made.path(_CARD)
        problem = made.git.run_all(
            [("config", name, value) for name, value in DRIVER_SETTINGS.items()]
            + [("checkout", "-q", "-b", "theirs")]
        )
        made.write({_CARD: _card(status="doing")})
        problem = problem or made.commit("theirs") or made.git.run_all([("checkout", "-q", "main")])
        made.write({_CARD: _card(stage="mvp")})
        problem = problem or made.commit("ours")
        if problem is not None:
            return problem.message
        done = made.git.run(["merge", "-q", "-m", "merge", "theirs"])
        wanted = _card(stage="mvp", status="doing")
        if content_of(path).decode("utf-8", "replace") == wanted and not isinstance(done, GitProblem):
            return ""
        said = (
            done.detail.partition("\n")[0]
            if isinstance(done, GitProblem)
            else "the result is not what both wrote"
        )
        return f"a merge that it settles was left to the person: {said}"


# ---- hunk headers


def _headers(clone: Clone) -> Check:
    name = "hunk headers"
    known = bool(clone.settings.get(f"diff.{NAME}.xfuncname"))
    if known and clone.diff == NAME:
        return Check(name, "works", "git diff names the table or the title above each hunk")
    if clone.diff == NAME:
        return Check(
            name, "missing", "attributes ask for them, and this clone has none", "kedge git install --merge"
        )
    return Check(name, "not set up", "git diff shows the line above", "kedge git install --merge")


# ---- hooks


def _hook(clone: Clone, name: str, environment: Mapping[str, str]) -> Check:
    about, hint = f"{name} hook", "kedge git install --hook"
    text = clone.hook(name)
    line = hook_line(name, clone.place)
    if text is None:
        return Check(about, "not set up", _WITHOUT[name], hint)
    if clone.plans_of(name) is None:
        if line in text.splitlines():
            return Check(about, "yours", "a hook of your own, with the line of kedge in it; it is not tried")
        return Check(about, "yours", "another hook is there, without kedge", f"add to it: {line}")
    if line not in text.splitlines():
        return Check(about, "not set up", "it is there for another plan of this repository", hint)
    path = os.path.join(clone.hooks, name)
    if not os.access(path, os.X_OK):
        return Check(about, "broken", f"{path} may not be executed, so git leaves it out", f"chmod +x {path}")
    problem = _TRIALS[name](clone, environment)
    if problem:
        return Check(about, "broken", problem, _path_hint(environment) or hint)
    return Check(about, "works", _PROVED[name])


def _try_pre_commit(clone: Clone, environment: Mapping[str, str]) -> str:
    """Commits a plan file with a mistake, which has to be refused, and a good one."""
    with _repository(clone, environment) as made:
        if isinstance(made, str):
            return made
        made.hook("pre-commit", clone.place)
        made.write({_CARD: _card(title="Another title")})
        refused = made.commit("good")
        if refused is not None:
            return f"it refuses a plan without mistakes: {refused.detail.partition(chr(10))[0]}"
        made.write({_CARD: "title = \n"})
        return "" if made.commit("broken") else "a commit with a broken plan file was let through"


def _try_message(clone: Clone, environment: Mapping[str, str]) -> str:
    """Commits on the branch of a card, whose message has to name the card."""
    with _repository(clone, environment) as made:
        if isinstance(made, str):
            return made
        made.hook("prepare-commit-msg", clone.place)
        problem = made.git.run_all([("checkout", "-q", "-b", branch_name("proof", "proof-7k2m"))])
        made.write({_CARD: _card(status="doing")})
        problem = problem or made.commit("work")
        if problem is not None:
            return problem.message
        said = made.git.run(["log", "-1", "--format=%B"])
        if isinstance(said, GitProblem):
            return said.message
        return "" if b"\nCard: " in said else "a commit on the branch of a card does not name it"


_TRIALS = {"pre-commit": _try_pre_commit, "prepare-commit-msg": _try_message}
_PROVED = {
    "pre-commit": "a commit with a broken plan file was refused, a good one was not",
    "prepare-commit-msg": "a commit on the branch of a card named it",
}
_WITHOUT = {
    "pre-commit": "commits are not checked",
    "prepare-commit-msg": "commits on the branch of a card do not name it",
}


# ---- the repository in which it is tried


@dataclass(frozen=True)
class _Made:
    git: OwnRepository
    place: str

    def path(self, name: str) -> str:
        """Where a file of the plan is."""
        return os.path.join(self.git.folder, *self.place.split("/"), *name.split("/"))

    def write(self, files: Mapping[str, str]) -> None:
        """Writes files of the plan."""
        for name, text in files.items():
            _write(self.path(name), text.encode())

    def commit(self, message: str) -> GitProblem | None:
        """Commits everything."""
        return self.git.run_all([("add", "--all", "--force"), ("commit", "-q", "-m", message)])

    def hook(self, name: str, place: str) -> None:
        """Puts a hook in place."""
        path = os.path.join(self.git.folder, ".git", "hooks", name)
        _write(path, hook_text(name, [place]).encode("utf-8", "surrogateescape"))
        os.chmod(path, 0o700)


@contextmanager
def _repository(clone: Clone, environment: Mapping[str, str]) -> Generator[_Made | str, None, None]:
    """A repository with the clone's attributes and a small plan, for as long as it is needed; why there is none."""
    with tempfile.TemporaryDirectory(prefix="kedge-proof-", ignore_cleanup_errors=True) as temporary:
        folder = os.path.realpath(temporary)
        # What kedge keeps of this plan goes with it.
        closed = {**environment, "KEDGE_STATE": os.path.join(folder, ".git", "state")}
        made = _Made(OwnRepository(folder, closed), clone.place)
        problem = made.git.run_all([INIT])
        for source, target in _attribute_files(clone):
            _write(os.path.join(folder, *target.split("/")), content_of(source))
        made.write(_plan())
        problem = problem or made.commit("plan")
        yield problem.message if problem is not None else made


def _attribute_files(clone: Clone) -> Iterable[tuple[str, str]]:
    """The files of attributes that count for the plan: where they are, and where they belong."""
    parts = clone.place.split("/") if clone.place else []
    for count in range(len(parts) + 1):
        name = "/".join([*parts[:count], ".gitattributes"])
        path = os.path.join(clone.repository.top, *name.split("/"))
        if os.path.isfile(path) and not os.path.islink(path):
            yield path, name
    shared = os.path.join(clone.repository.common, "info", "attributes")
    if os.path.isfile(shared):
        yield shared, ".git/info/attributes"


def _plan() -> dict[str, str]:
    return {
        "board.toml": _emitted("board", {"format": 1, "title": "Proof"}),
        "people/mira.toml": _emitted("person", {"name": "Mira"}),
        "projects/proof/project.toml": _emitted("project", {"title": "Proof", "phase": "execute"}),
        _CARD: _card(),
    }


def _card(**fields: str) -> str:
    return _emitted("card", {**_BASE, **fields})


def _emitted(kind: str, values: Mapping[str, Any]) -> str:
    return emit(dict(values), layout_of(kind))


def _write(path: str, content: bytes) -> None:
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "wb") as file:
        file.write(content)

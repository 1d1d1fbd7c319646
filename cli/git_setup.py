"""`git install` sets up a clone for the plan in it; `git doctor` proves by a real merge that it works."""

from __future__ import annotations

import os
import shlex
from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from ..model.text.visible import one_line
from ..storage.disk.errors import KedgeError, WriteRefused
from . import output
from .command import Command
from .plan_folder import barred, place_at, plan_root
from .settings import Settings

if TYPE_CHECKING:
    from ..storage.git.clone import Clone
    from ..storage.git.proof import Check
    from ..storage.git.setup import SetupStep


@click.command("install", cls=Command, writes=True)
@click.option("--hook", is_flag=True, help="The hooks alone: commits are checked.")
@click.option("--merge", is_flag=True, help="The merge driver and the hunk headers alone.")
@click.option(
    "--ci", is_flag=True, help="For a runner: the merge driver, without changing a file that is committed."
)
@click.pass_obj
def install(settings: Settings, *, hook: bool, merge: bool, ci: bool) -> int:
    """Set up this clone for the plan: merge driver, hunk headers and hooks.

    Settings go into the clone's own file of settings, and one line into .gitattributes beside board.toml, which is to
    be committed. A hook that kedge did not write is left as it is; the line to add to it is printed. What is set up
    already stays, so that this can be run again at any time. At the end a real merge and a real commit prove, in a
    repository of kedge's own, that it works.
    """
    from ..storage.git.setup import carry_out, steps

    root = plan_root(settings)
    refused = barred(settings, root)
    if refused is not None:
        raise refused
    clone = _clone(settings, root)
    everything = not (hook or merge or ci)
    found = steps(clone, hook=hook or everything, merge=merge or everything, ci=ci)
    if settings.dry_run:
        _preview(clone, found)
    for step in found:
        if not settings.dry_run and not step.by_hand:
            problem = carry_out(clone, step, settings.environment)
            if problem is not None:
                raise WriteRefused(f"{_shown(clone, step.path)}: {problem.message}")
            output.RUN.has_written |= not step.is_done
        _say(settings, clone, step)
    if settings.dry_run:
        return int(any(step.by_hand for step in found))
    wanted = {step.about for step in found}
    checks = [one for one in _examined(settings, _clone(settings, root)) if one.name in wanted]
    _report(settings, checks)
    return int(any(step.by_hand for step in found) or _is_wrong(checks))


@click.command("doctor", cls=Command, reads=True)
@click.pass_obj
def doctor(settings: Settings) -> int:
    """Prove by a real merge and a real commit that driver and hooks work.

    They are tried in a repository of kedge's own, which has the attributes of this clone and is thrown away. Only what
    kedge itself has set up is tried; a hook or a command of others is never run.
    """
    root = plan_root(settings)
    checks = _examined(settings, _clone(settings, root))
    if settings.json:
        rows = [{"name": one.name, "state": one.state, "text": one.text, "hint": one.hint} for one in checks]
        output.data("checks", rows)
    else:
        _report(settings, checks, always=True)
    return int(_is_wrong(checks))


@click.command("fetch", cls=Command)
@click.pass_obj
def fetch(settings: Settings) -> None:
    """Fetch what a partial clone (git clone --filter) lacks of the plan, all of it in one go.

    Every version of the plan's files that a branch or tag of this clone leads to, and nothing else. No other command
    of kedge asks the network: they say what is missing. It is your own git that fetches, with your settings.
    """
    from ..model.text.amounts import counted
    from ..storage.disk.repository import GitProblem, Reason
    from ..storage.git.missing import fetch_missing

    root = place_at(settings, in_work_tree=False)
    found = fetch_missing(root, settings.environment)
    if isinstance(found, GitProblem):
        is_partial = found.reason is Reason.NOT_FETCHED
        hint = "try again where the remote can be reached; what is here can be read" if is_partial else ""
        raise KedgeError(found.message, hint)
    what = counted(found.count, "version")
    done = (
        f"fetched {what} of plan files from {found.remote}"
        if found.count
        else "nothing of the plan is missing"
    )
    output.say(settings, one_line(done))


def _clone(settings: Settings, root: str) -> Clone:
    """How the clone is set up. Raises KedgeError where there is none."""
    from ..storage.disk.repository import GitProblem
    from ..storage.git.clone import clone_of

    clone = clone_of(root, settings.environment)
    if isinstance(clone, GitProblem):
        raise KedgeError(f"{root}: {clone.message}", "a plan without git needs nothing set up")
    return clone


def _examined(settings: Settings, clone: Clone) -> list[Check]:
    from ..storage.git.proof import examine

    output.say(settings, "trying a merge and a commit in a repository of kedge's own …")
    return examine(clone, settings.environment)


def _is_wrong(checks: Sequence[Check]) -> bool:
    from ..storage.git.proof import MUST_CHANGE

    return any(one.state in MUST_CHANGE for one in checks)


def _report(settings: Settings, checks: Sequence[Check], *, always: bool = False) -> None:
    for one in checks:
        text = f"{one.name}: {one.state}" + (f": {one_line(one.text)}" if one.text else "")
        hint = [f"  {one_line(one.hint)}"] if one.hint and one.state != "works" else []
        if always:
            output.lines([text, *hint])
        else:
            output.say(settings, "\n".join([text, *hint]))


def _shown(clone: Clone, path: str) -> str:
    """A path as seen from the top of the work tree; one that is elsewhere as it is."""
    inside = os.path.relpath(path, clone.repository.top)
    return path if inside.startswith("..") else inside.replace(os.sep, "/")


def _say(settings: Settings, clone: Clone, step: SetupStep) -> None:
    place = one_line(_shown(clone, step.path))
    if step.by_hand:
        output.complain(f"{step.about}: left to you: {one_line(step.by_hand)}")
        return
    if step.is_done:
        output.say(settings, f"{step.about}: set up already")
        return
    verb = "would be set up" if settings.dry_run else "set up"
    note = f"; {step.note}" if step.note else ""
    output.say(settings, f"{step.about}: {verb} in {place}{note}")


def _preview(clone: Clone, found: Sequence[SetupStep]) -> None:
    """The commands that set settings, and the diff of files."""
    from ..storage.git.setup import shown_settings
    from ..storage.plan.file_steps import diff_of
    from ..storage.plan.journal import FileStep

    output.lines(
        f"git config --file {shlex.quote(_shown(clone, path))} {name} {shlex.quote(value)}"
        for path, name, value in shown_settings(found)
    )
    files = [
        FileStep(_shown(clone, one.path), one.before, one.content) for one in found if one.content is not None
    ]
    output.diff(diff_of(clone.repository.top, files))

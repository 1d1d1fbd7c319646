"""Commands about kedge itself: its version, where things are, shell completion."""

from __future__ import annotations

import os

import click

from .. import __version__
from . import output
from .command import Command
from .settings import Settings


@click.command(cls=Command, name="version", reads=True, past=False)
@click.pass_obj
def version_command(settings: Settings) -> None:
    """Print the version."""
    if settings.json:
        output.data("version", {"version": __version__, "format": 1})
    else:
        output.lines([f"kedge {__version__}"])


@click.command(cls=Command, reads=True, past=False)
@click.pass_obj
def config(settings: Settings) -> None:
    """Show where things are: plan, undo steps, your settings file, editor, who you are, what counts as today."""
    from ..storage.disk.actor import actor_of
    from ..storage.disk.editor import NoEditor, editor_words
    from ..storage.disk.errors import PlanNotFound
    from ..storage.disk.locate import state_base, state_folder
    from ..storage.disk.userconfig import read_config
    from .plan_folder import plan_root

    try:
        root = plan_root(settings)
    except PlanNotFound:
        root = ""
    environment = settings.environment
    try:
        editor = " ".join(editor_words(environment))
    except NoEditor as error:
        editor = error.message
    mine = read_config(environment)
    actor = actor_of(environment)
    facts = {
        "version": __version__,
        "plan": root,
        "project": settings.project or environment.get("KEDGE_PROJECT", ""),
        "steps": os.path.join(state_folder(root, environment), "steps") if root else "",
        "state": state_base(environment),
        "settings": mine.path,
        "settings_found": os.path.exists(mine.path),
        "me": settings.me or "",
        "actor": f"an agent ({actor.because})" if actor.is_agent else "a person",
        "editor": editor,
        "today": settings.today.isoformat(),
        "color": settings.color,
    }
    if settings.json:
        output.data("config", facts)
        return
    about = {
        "plan": "no plan here or above",
        "project": "the plan's only or main one",
        "me": "not set: put me into your settings file, or KEDGE_ME",
        "editor": "not set: set VISUAL or EDITOR",
    }
    rows = []
    for name, value in facts.items():
        if name == "settings_found":
            continue
        text = {True: "yes", False: "no"}.get(value, value) if isinstance(value, bool) else value
        if name == "settings" and not facts["settings_found"]:
            text = f"{text} (not there)"
        rows.append((name, text or f"({about.get(name, '')})"))
    output.lines(f"{name:<9} {text}" for name, text in rows)
    for problem in mine.problems:
        output.complain(f"kedge: {problem}")


@click.command(cls=Command)
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
@click.pass_context
def completion(context: click.Context, shell: str) -> None:
    """Print the completion script of a shell.

    bash: kedge completion bash > ~/.local/share/bash-completion/completions/kedge; zsh: into a file _kedge in a
    folder of $fpath; fish: > ~/.config/fish/completions/kedge.fish.
    """
    from click.shell_completion import get_completion_class

    from .completing import register

    register()
    kind = get_completion_class(shell)
    assert kind is not None
    script = kind(context.find_root().command, {}, "kedge", "_KEDGE_COMPLETE")
    output.write(script.source_template % script.source_vars() + "\n")

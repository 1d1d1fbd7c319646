"""Offers paths of the repository while one is typed: they are looked up beside the keys, never in them."""

from __future__ import annotations

from ...storage.disk.completion import paths_beginning
from ...storage.git.evidence import repository
from ..session.session import Event
from ..session.worker import Known
from .contract import ActsOnForm


def look_for_paths(form: ActsOnForm) -> None:
    """Asks for paths that begin as what is typed, in a field that takes paths."""
    view = form.view
    view.completions = ()
    part = view.part() if view.field.shape.is_path else ""
    if part:
        root = form.session.workspace.root
        form.session.worker.ask(("paths", form, part), lambda _: paths_beginning(repository(root), part))


def show_paths(form: ActsOnForm, event: Event) -> None:
    """Shows the paths that were found, if they are still wanted."""
    match event:
        case Known(("paths", about, str(part)), found) if about is form:
            form.view.show_completions(part, found)
        case _:
            pass

"""The baseline of the chart: which revision is asked, and its dates are shown until the same key takes them away."""

from __future__ import annotations

from ...storage.disk.repository import GitProblem
from ...storage.git.branches import branches
from ...storage.git.sides import BASE
from ..dialogs.pick import Pick, PickItem
from ..draw.spans import line
from ..draw.text import fit_sentence, shown
from ..session import session as told
from .contract import ActsOnTime

_KIND = "timeline-branches"


def toggle(screen: ActsOnTime) -> None:
    """Takes the baseline away; where there is none, asks for one."""
    known, workspace = screen.known, screen.session.workspace
    if known.revision:
        known.forget_baseline()
        screen.say("the baseline is gone")
        draw(screen)
        screen.show_list()
        return
    root, environment = workspace.root, workspace.environment
    screen.session.worker.ask((_KIND, screen.known), lambda _: branches(root, environment))


def found_out(screen: ActsOnTime, event: told.Known | told.Unknown) -> None:
    """Goes on with the branches that there are."""
    match event:
        case told.Known((kind, known), GitProblem() as problem) if kind == _KIND and known is screen.known:
            screen.say(f"there is no baseline to show: {problem.message}", "warning")
        case told.Known((kind, known), list() as names) if kind == _KIND and known is screen.known:
            _ask(screen, names)
        case told.Unknown((kind, known), error) if kind == _KIND and known is screen.known:
            screen.say(f"there is no baseline to show: {error}", "bad")
        case _:
            pass


def _ask(screen: ActsOnTime, names: list[str]) -> None:
    items = [
        PickItem("HEAD", "HEAD", "the last commit"),
        PickItem(BASE, "where this branch left the main branch"),
        *(PickItem(name, name) for name in names),
    ]

    def chosen(keys: tuple[str, ...]) -> None:
        screen.known.compare_with(keys[0])
        draw(screen)

    screen.ask(Pick("Baseline: the dates of which revision?", items, new="a commit, a tag, A...B"), chosen)


def draw(screen: ActsOnTime) -> None:
    """Says above the chart what has moved since."""
    known, view = screen.known, screen.band(".baseline")
    view.display = bool(known.revision)
    if not known.revision:
        return
    words = (
        known.before.head(screen.project)
        if known.before is not None
        else f"baseline {known.revision}: working out what was planned then {screen.glyphs.ellipsis}"
    )
    view.show(lambda width: [line((fit_sentence(shown(words), width, screen.glyphs), "label"))])


def failed(screen: ActsOnTime) -> None:
    """Says why there is no baseline."""
    screen.say(f"no baseline: {screen.known.failure}", "warning")
    draw(screen)

"""A sample plan in a throw-away git repository with some history, to try everything on."""

from __future__ import annotations

import datetime as dt
import os
import shutil
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

import click

from ..storage.disk.errors import KedgeError
from . import output
from .command import Command
from .settings import Settings
from .starting import SAMPLE, sample_folder

if TYPE_CHECKING:
    from ..model.records.card import Card

_SAMPLE_DAY = "2026-11-20"
"""The day on which the samples are seen; on another day all of them would be late, or none."""
_SAMPLES = {
    "churn": ("one project in the middle of its work", "Plan the churn project"),
    "portfolio": ("six projects that share eight people", "Plan six projects"),
}
"""What each sample shows, and the first commit of its history."""
_DAYS_OF_HISTORY = 60
_PACE = (0.8, 1.3, 1.0, 1.9, 0.7, 1.1)
"""How long cards of the history took against their estimates, in turn: some people are always too hopeful."""
_EVERY = 3
"""Days between two commits of the history."""
_VERBS = {"done": "Finish", "doing": "Begin", "dropped": "Drop"}


class _Step(NamedTuple):
    """A card's file as it came to be some days ago."""

    days_ago: int
    card: Card
    status: str
    path: str
    content: bytes


@click.command(cls=Command)
@click.argument("sample", type=click.Choice(list(_SAMPLES)), default=SAMPLE)
@click.option("--into", metavar="DIR", help="Make it in this folder, which must be empty or not exist.")
@click.option("--no-open", is_flag=True, help="Only make it, and print its folder.")
@click.pass_obj
def demo(settings: Settings, sample: str, into: str | None, *, no_open: bool) -> int:
    """Open a sample plan in a throw-away git repository with history, where everything can be tried.

    churn, the usual one, is one project in the middle of its work; portfolio is six projects that share eight
    people, for choosing among them (key 3). Today is 2026-11-20 in both; --today DATE chooses another day.
    """
    return open_demo(settings, into, sample, opens=not no_open)


def open_demo(settings: Settings, into: str | None, sample: str = SAMPLE, *, opens: bool) -> int:
    """Makes the sample repository and opens the board on it, or prints its folder. Raises KedgeError."""
    folder = _empty(into)
    settings.today_text = settings.today_text or _SAMPLE_DAY
    has_git = make_repository(folder, settings.today, sample)
    if not has_git:
        output.say(settings, "kedge: git was not found, so the sample has no history")
    if not opens:
        output.lines([folder])
        return 0
    from .board import run_board

    shows = _SAMPLES[sample][0]
    output.say(settings, f"sample: {shows}, as of {settings.today}, in {folder}; change what you like")
    return run_board(settings, os.path.join(folder, "plan"))


def _empty(into: str | None) -> str:
    if into is None:
        return tempfile.mkdtemp(prefix="kedge-demo-")
    folder = os.path.abspath(into)
    if os.path.lexists(folder) and (not os.path.isdir(folder) or os.listdir(folder)):
        raise KedgeError(f"{folder} exists and is not empty", "choose another folder")
    return folder


def make_repository(folder: str, today: dt.date, sample: str = SAMPLE) -> bool:
    """Copies a sample, and the files beside it, into a git repository with the commits that led to it; False where
    there is no git.

    The history is made from the plan itself: at first no card has begun, and then they are taken up and finished in
    the order of their needs, up to the sample as it is; how long each took follows from its estimate.
    """
    from ..storage.disk.programs import find_program
    from ..storage.git.own_repository import commit_all

    plan = os.path.join(folder, "plan")
    # With what the plan names as evidence: documents, notebooks, excerpts of code.
    shutil.copytree(os.path.dirname(sample_folder(sample)), folder, dirs_exist_ok=True)
    if not find_program("git", os.environ):
        return False
    begun = _unbegun(plan)

    def commit(days_ago: int, message: str) -> None:
        problem = commit_all(folder, today - dt.timedelta(days=days_ago), message, os.environ)
        if problem is not None:
            raise KedgeError(f"the sample has no history: {problem.message}")

    commit(_DAYS_OF_HISTORY, _SAMPLES[sample][1])
    steps = sorted(_steps(begun), key=lambda one: (-one.days_ago, one.status != "done"))
    for days_ago, group in groupby(steps, lambda one: one.days_ago):
        made = list(group)
        for one in made:
            with open(os.path.join(plan, one.path), "wb") as file:
                file.write(one.content)
        commit(days_ago, "\n".join(_message(made)))
    return True


class _Begun(NamedTuple):
    """A card that is not to do any more: its file while it was in progress, and as it is."""

    card: Card
    path: str
    doing: bytes
    final: bytes


def _unbegun(plan: str) -> list[_Begun]:
    """Takes back the status of all cards in the files; what was there, in the order in which it came about."""
    from ..model.edit.edits import edit_all
    from ..model.plan.change import MISSING
    from ..storage.disk.paths import path_of
    from ..storage.plan.read import read_plan
    from ..storage.plan.workspace import Workspace

    loaded = read_plan(plan)
    begun = [card for card in loaded.plan.cards.values() if card.status != "todo"]
    workspace = Workspace(plan, {"KEDGE_STATE": os.path.join(plan, ".unused")}, loaded)

    def files(status: str) -> dict[str, tuple[bytes, bytes]]:
        fields = {("status",): status, ("dropped",): MISSING, ("blocked",): MISSING}
        writes = workspace.prepare(edit_all(begun, fields, "the beginning"))
        return {one.path: (one.before or b"", one.after or b"") for one in writes}

    doing = {path: after for path, (_, after) in files("doing").items()}
    before: dict[str, bytes] = {}
    for path, (was, after) in files("todo").items():
        before[path] = was
        with open(os.path.join(plan, path), "wb") as file:
            file.write(after)
    cards = [(card, path_of(card.address)) for card in _in_order(begun)]
    return [_Begun(card, path, doing.get(path, before[path]), before[path]) for card, path in cards]


def _steps(begun: list[_Begun]) -> Iterator[_Step]:
    """When each card was taken up and finished: one after the other, and none before what it needs."""
    from ..model.plan.plan import target_of

    ended: dict[str, int] = {}
    for at, one in enumerate(begun):
        card = one.card
        end = _day((_DAYS_OF_HISTORY - _EVERY) * (len(begun) - 1 - at) // max(1, len(begun) - 1))
        ended[card.id] = end
        if card.status == "done":
            estimate = card.estimate or (1.0,)
            days = estimate[len(estimate) // 2] * _PACE[at % len(_PACE)] * 7 / 5
            free = min(
                (ended[name] for name in map(target_of, card.needs) if name in ended),
                default=_DAYS_OF_HISTORY,
            )
            start = min(max(end + _EVERY, _day(round(end + days))), free, _DAYS_OF_HISTORY - _EVERY)
            if start > end:
                yield _Step(start, card, "doing", one.path, one.doing)
        yield _Step(end, card, card.status, one.path, one.final)


def _day(days_ago: int) -> int:
    """The day on which the history has a commit."""
    return days_ago - days_ago % _EVERY


def _in_order(cards: Iterable[Card]) -> Iterator[Card]:
    """Cards after what they need; what is finished before what is not."""
    from ..model.cards.urgency import board_order
    from ..model.plan.plan import target_of

    waiting = sorted(cards, key=lambda card: (card.status != "done", board_order(card)))
    names = {card.id for card in waiting}
    seen: set[str] = set()
    while waiting:
        free = [
            card
            for card in waiting
            if all(target_of(one) in seen or target_of(one) not in names for one in card.needs)
        ]
        chosen = (free or waiting)[0]
        waiting.remove(chosen)
        seen.add(chosen.id)
        yield chosen


def _message(steps: list[_Step]) -> Iterator[str]:
    """What happened, in one line, and then a line for each card."""
    counts = Counter(_VERBS.get(one.status, "Settle") for one in steps)
    parts = [f"{verb} {count} {'card' if count == 1 else 'cards'}" for verb, count in counts.items()]
    yield ", ".join((parts[0], *(part.lower() for part in parts[1:])))
    yield ""
    for one in steps:
        yield f"{one.card.id} is {one.status}"

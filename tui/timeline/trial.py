"""A trial on the Timeline: edits are kept aside, what they do is shown, and they are kept as one step or dropped."""

from __future__ import annotations

from ...model.plan.change import ChangeRefused
from ...model.text.amounts import counted
from ..dialogs.message import Message
from ..widgets.acting import Handlers
from .contract import ActsOnTime
from .trial_effect import MOST_LINES, trial_lines


def reason_against(screen: ActsOnTime) -> str:
    """Why there is nothing to keep; empty where there is."""
    trial = screen.session.trial
    return "" if trial is not None and trial.steps else "nothing has been tried yet: edit cards as usual"


def reason_to_stay(screen: ActsOnTime, key: str) -> str:
    """Why a key that does something on the Timeline does nothing in a trial; empty where it is none."""
    if screen.session.trial is None or screen.keys.find("timeline", (key,)) is None:
        return ""
    keep_key, drop_key = map(screen.keys.shown, ("trial.keep", "trial.drop"))
    return f"first end the trial: {keep_key} keeps its edits, {drop_key} drops them"


def _begin(screen: ActsOnTime) -> None:
    """From now on edits are kept aside."""
    screen.session.begin_trial()
    screen.adopt()


def _keep(screen: ActsOnTime) -> None:
    """Makes all edits as one step."""
    try:
        batch = screen.session.keep_trial()
    except ChangeRefused as error:
        screen.say(f"not kept: {error}", "bad")
    else:
        screen.say(f"kept: {batch.label}", "good")
    screen.adopt()


def _drop(screen: ActsOnTime) -> None:
    """Forgets all edits."""
    count = screen.session.drop_trial()
    screen.say(f"dropped {counted(count, 'edit')}: the plan is as it was" if count else "the trial is over")
    screen.adopt()


def draw(screen: ActsOnTime) -> None:
    """Tells what is tried and what it does, above the chart."""
    view, trial, glyphs, effect = (
        screen.band(".trial"),
        screen.session.trial,
        screen.glyphs,
        screen.known.effect,
    )
    view.display = trial is not None
    if trial is None:
        return
    count = len(trial.steps)
    keep_key, drop_key, effect_key = map(screen.keys.shown, ("trial.keep", "trial.drop", "trial.effect"))
    keys = (keep_key, drop_key, effect_key)
    lines = trial_lines(count, effect, 80, keys, glyphs)
    view.styles.height = min(MOST_LINES, len(lines))
    view.show(lambda width: trial_lines(count, effect, width, keys, glyphs))


def _show_effect(screen: ActsOnTime) -> None:
    """All that differs, and the edits that are tried."""
    trial, effect, glyphs = screen.session.trial, screen.known.effect, screen.glyphs
    assert trial is not None
    rows = (
        [f"{one.name}: {one.text}" for one in effect.rows(glyphs)]
        if effect is not None
        else ["being worked out"]
    )
    edits = [f"  {one.label}" for one in trial.steps]
    screen.show_dialog(Message("What the trial changes", [*(rows or ["nothing"]), "", "Edits", *edits]))


def handlers(screen: ActsOnTime) -> Handlers:
    """What begins a trial, and what ends one."""
    return {
        "time.try": lambda: _begin(screen),
        "trial.keep": lambda: _keep(screen),
        "trial.drop": lambda: _drop(screen),
        "trial.effect": lambda: _show_effect(screen),
    }

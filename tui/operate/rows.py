"""The sections of the Operate screen, in their order, with their rows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence

from ...model.operations.limits import limit_text, unread_limit
from ...model.operations.live import in_order
from ...model.operations.readings import readings_of
from ...model.operations.rollouts import current_step, steps_of
from ...model.operations.targets import wanted
from ...model.operations.tracks import TRACKS
from ...model.records.delivery import Guardrail, Monitor, Rollout
from ...model.text.amounts import whole_percent
from ...model.text.dates import day_month
from ...model.text.figure import written
from ..draw.metrics import mark_of, state_of
from ..draw.sheet import FIGURE, NOTHING, WAITING, Sheet, figure
from ..draw.spans import Line, Span
from ..draw.table import Column
from ..screens.sections import Section
from .project_data import TRACK, WATCH, ProjectData

LOOKS = {
    "fired": "bad",
    "beyond": "warning",
    "cannot be judged": "warning",
    "never tested": "warning",
    "silent too long": "warning",
    "fine": "good",
}
"""How the state of a monitor looks."""
_STATE = 16
_BAR = 12


def tracks(sheet: Sheet[ProjectData]) -> Iterator[Line]:
    """How ready each track is, with the open questions that count most."""
    data = sheet.data
    table = sheet.table(
        Column("ready", _BAR + 7),
        Column("questions", FIGURE, is_figure=True),
        Column("open cards", 10, is_figure=True),
    )
    yield table.head("Tracks")
    if data.found is None:
        for name in TRACKS:
            if sheet.fits_text("tracks", name):
                yield table.row([(name.capitalize(), "")], [WAITING], data.at(TRACK, name))
        return
    for one in data.found.tracks:
        if not sheet.fits_text("tracks", one.name):
            continue
        cells = [
            bar(sheet, one.ready),
            (f"{one.progress.met}/{one.progress.asked}", ""),
            (str(one.cards_open or ""), "quiet"),
        ]
        yield table.row([(one.name.capitalize(), "")], cells, data.at(TRACK, one.name))
        for each in one.open_questions[: 2 if sheet.is_wide else 1]:
            holds: Span = ("holds the gate: ", "warning") if each.holds_gate else NOTHING
            spans = [("  ", ""), holds, (each.item.text, "quiet")]
            yield table.row(spans, [], data.at("answer", each.item.id))
    score = data.found.readiness
    if score is not None and not sheet.is_narrowed:
        look = "good" if score.is_enough else "warning"
        text = f"{written(score.score.value)}, wanted above {written(score.wanted)}"
        yield table.row([("Readiness of the 28 tests: ", "quiet"), (text, look)], [])


def bar(sheet: Sheet[ProjectData], share: float | None) -> Span:
    """A share as a bar with its figure."""
    if share is None:
        return ("nothing asked", "quiet")
    full, empty = ("#", ".") if sheet.glyphs.name == "ascii" else ("█", "·")
    cells = round(_BAR * share)
    text = f"{full * cells}{empty * (_BAR - cells)} {whole_percent(share):>5}"
    return (text, "good" if share >= 1 else "")


def rollouts(sheet: Sheet[ProjectData]) -> Iterator[Line]:
    """Rollouts with their steps and what stops them, then the models that are rolled out."""
    data = sheet.data
    table = sheet.table(Column("state", _STATE), Column("requests", FIGURE, is_figure=True), Column("who", 8))
    yield table.head("Rollouts")
    for key, one in data.rollouts.items():
        if sheet.fits(one, "rollouts", key):
            cells = [(_standing_of(one), ""), NOTHING, (one.decides or "", "quiet")]
            yield table.row([(one.title, "")], cells, data.at("rollout", key))
            yield from _steps(sheet, one)
    for key, model in data.models.items():
        if sheet.fits(model, "rollouts", key):
            over = model.live_to is not None and model.live_to < data.today
            live = model.live_from is not None and model.live_from <= data.today and not over
            state = ("live", "good") if live else ("was live", "quiet") if over else ("not live", "quiet")
            cells = [state, NOTHING, (model.oversight or "", "quiet")]
            yield table.row([("model ", "quiet"), (model.label, "")], cells, data.at("model", key))


def _standing_of(rollout: Rollout) -> str:
    """How far a rollout is, also where only its steps say it."""
    steps = list(rollout.steps.values())
    if rollout.outcome or rollout.ended:
        return rollout.outcome or "over"
    if steps and all(one.outcome == "passed" for one in steps):
        return "passed"
    return "runs" if rollout.started or any(one.started for one in steps) else "to come"


def _steps(sheet: Sheet[ProjectData], rollout: Rollout) -> Iterator[Line]:
    data = sheet.data
    table = sheet.table(Column("state", _STATE), Column("requests", FIGURE, is_figure=True), Column("who", 8))
    current = current_step(rollout)
    try:
        seen = {one.id: one for one in steps_of(rollout)}
    except ValueError:
        seen = {}
    for key, step in in_order(rollout):
        look = {"passed": "good", "stopped": "bad", "rolled back": "bad"}.get(step.outcome or "", "")
        word = step.outcome or (
            f"since {day_month(step.started, data.today)}"
            if step.started
            else "next"
            if key == current
            else "to come"
        )
        mark = f"{sheet.glyphs.arrow} " if key == current else "  "
        share = f", {written(100 * step.share)} %" if step.share else ""
        view = seen.get(key)
        cells = [
            (word, look or ("strong" if key == current else "quiet")),
            figure(view.exposure if view else None),
        ]
        yield table.row(
            [("  ", ""), (mark, "name"), (f"{key}: {step.kind}{share}", "")],
            cells,
            data.at("rollout", rollout.id, "steps", key),
        )
    for name, guardrail in rollout.guardrails.items():
        yield table.row(
            [
                ("    stops unless ", "quiet"),
                (f"{data.called(guardrail.metric)} {_limit(rollout, name, guardrail)}", ""),
            ],
            [],
            data.at("rollout", rollout.id, "guardrails", name),
        )


def _limit(rollout: Rollout, name: str, guardrail: Guardrail) -> str:
    if unread_limit(rollout, ("guardrails", name)):
        return "has a limit that cannot be read"
    return limit_text(guardrail) or "has no limit"


def experiments(sheet: Sheet[ProjectData]) -> Iterator[Line]:
    """Live tests: units against those planned, days left, what the counts say."""
    data = sheet.data
    table = sheet.table(
        Column("state", 20),
        Column("reached", FIGURE, is_figure=True),
        Column("planned", FIGURE, is_figure=True),
        Column("days left", FIGURE, is_figure=True),
    )
    yield table.head("Experiments")
    for key, one in data.trials.items():
        if sheet.fits(one.experiment, "experiments", key):
            look = "bad" if one.needs_a_person else "good" if one.word in ("better", "supports") else ""
            cells = [
                (one.word, look),
                figure(one.reached or None),
                figure(one.planned),
                figure(one.days_left, look="warning" if (one.days_left or 0) < 0 else ""),
            ]
            mark = f"{sheet.glyphs.warning} " if one.needs_a_person else ""
            yield table.row([(mark, "bad"), (one.experiment.title, "")], cells, data.at("experiment", key))


def monitors(sheet: Sheet[ProjectData]) -> Iterator[Line]:
    """Monitors by state, those that need a person first, with their limit and what was read last."""
    data = sheet.data
    columns = [Column("last", FIGURE, is_figure=True), Column("limit", 22 if sheet.is_wide else 13)]
    table = sheet.table(*columns, Column("who", 8), *([Column("then", 28)] if sheet.width >= 110 else []))
    yield table.head("Monitors")
    # What has been added since comes last, until its state is known.
    known = [key for key in data.states if key in data.monitors]
    for key in (*known, *(key for key in data.monitors if key not in data.states)):
        state, one = data.states.get(key), data.monitors[key]
        word = state.state if state is not None else "…"
        if sheet.fits(one, "monitors", key, word):
            look = LOOKS.get(word, "quiet")
            cells = [
                figure(_last(one, data.today), look="bad" if word == "fired" else ""),
                ("cannot be read", "bad") if unread_limit(one) else (limit_text(one) or "no limit", ""),
                (one.owner or "no one", "quiet" if one.owner else "warning"),
                (one.action or "no action", "quiet" if one.action else "warning"),
            ]
            yield table.row([(f"{word:<{_STATE}} ", look), (one.title, "")], cells, data.at("monitor", key))


def _last(one: Monitor, today: dt.date) -> float | None:
    readings = readings_of(one, today)
    return readings[-1].value if readings else None


def metrics(sheet: Sheet[ProjectData]) -> Iterator[Line]:
    """Measures of success: what was measured against the target, and the file that it was read from."""
    data = sheet.data
    table = sheet.table(
        Column("actual", FIGURE, is_figure=True),
        Column("target", FIGURE, is_figure=True),
        Column("read from", 30 if sheet.is_wide else 18),
        *([Column("measured", 10)] if sheet.is_wide else []),
    )
    yield table.head("Actual against target")
    for key, one in data.metrics.items():
        if sheet.fits(one, "metrics", key):
            _, look = state_of(one)
            mark = mark_of(look, sheet.glyphs)
            cells = [
                figure(one.actual, look=look),
                figure(wanted(one)),
                (one.measured_in or "", "quiet"),
                sheet.day(one.measured_on, "quiet"),
            ]
            yield table.row([(f"{mark:<2} ", look), (one.title, "")], cells, data.at("metric", key))


def papers(sheet: Sheet[ProjectData]) -> Iterator[Line]:
    """Documents: those that are needed at the stage and wrong first."""
    data = sheet.data
    table = sheet.table(Column("needed", 8), Column("where", 34 if sheet.is_wide else 18))
    yield table.head("Documents")
    for key, one in data.documents.items():
        if sheet.fits_text("documents", one.standing.item.text, key):
            look = "bad" if one.is_wrong else "good" if one.state == "there" else "quiet"
            where = ", ".join(each.text for each in one.files)
            cells: Sequence[Span] = [("now" if one.is_needed else "later", "quiet"), (where, "quiet")]
            spans: Sequence[Span] = [(f"{one.state:<{_STATE}} ", look), (one.standing.item.text, "")]
            yield table.row(spans, cells, data.at("answer", key, "evidence"))


def uncovered(sheet: Sheet[ProjectData]) -> Iterator[Line]:
    """What no monitor covers: grave risks, and ways to go bad."""
    data = sheet.data
    table = sheet.table(Column("impact", FIGURE, is_figure=True), Column("who", 8))
    yield table.head("No monitor covers")
    for key, one in data.risks.items():
        if sheet.fits(one, "uncovered", key):
            cells = [figure(one.impact), (one.owner or "", "quiet")]
            yield table.row([("risk  ", "warning"), (one.title, "")], cells, data.at("risk", key))
    for name in data.unwatched:
        if sheet.fits_text("uncovered", name):
            spans = [("not watched  ", "warning"), (name, "")]
            yield table.row(spans, [], data.at(WATCH, name))


SECTIONS: Sequence[Section[ProjectData]] = (
    Section("tracks", "Tracks", "", tracks),
    Section("rollouts", "Rollouts", "rollout", rollouts, ("model",)),
    Section("experiments", "Experiments", "experiment", experiments),
    Section("monitors", "Monitors", "monitor", monitors),
    Section("metrics", "Actuals", "metric", metrics),
    Section("documents", "Documents", "", papers),
    Section("uncovered", "Not covered", "", uncovered),
)

"""What is said of the row under the cursor: two lines below the list, and all of it on a key."""

from __future__ import annotations

from collections.abc import Iterator

from ...model.operations.documents import RUNBOOK
from ...model.operations.limits import limit_text, unread_limit
from ...model.operations.rollouts import current_step, steps_of
from ...model.operations.targets import against_target, said_source
from ...model.operations.trials import TrialState
from ...model.records.delivery import Model, Monitor, Rollout
from ...model.text.amounts import counted
from ...model.text.dates import on_date, say_date
from ...model.text.figure import amount, written
from ...model.text.named import quoted
from ..screens.sections import Place
from .project_data import TRACK, WATCH, ProjectData, step_of

_READINGS = 8
"""Readings that are listed, the newest first."""


def about(data: ProjectData, place: Place) -> list[str]:
    """What a row is about, the most important first; the first two are shown below the list."""
    return [text for text in _lines(data, place) if text]


def _lines(data: ProjectData, place: Place) -> Iterator[str]:
    name = place.address.id
    match place.address.kind:
        case kind if kind == TRACK:
            yield from _track(data, name)
        case "answer":
            yield from _question(data, name)
        case "rollout" if one := data.rollouts.get(name):
            yield from (
                _step(data, one, step_of(place.field)) if step_of(place.field) else _rollout(data, one)
            )
        case "model" if one := data.models.get(name):
            yield from _model(data, one)
        case "experiment" if one := data.trials.get(name):
            yield from _trial(data, one)
        case "monitor" if one := data.monitors.get(name):
            yield from _monitor(data, one)
        case "metric" if one := data.metrics.get(name):
            text, _ = against_target(one)
            on = f" {on_date(one.measured_on, data.today)}" if one.measured_on else ""
            value = f"{amount(one.actual, one.unit or '')}{on}: " if one.actual is not None else ""
            yield f"{value}{text or 'it has no target'}; v records another, r reads it from its file"
            source = said_source(one)
            yield f"read from {source}" if source else "typed by a person: no file is known"
        case "risk" if one := data.risks.get(name):
            yield f"no monitor covers it: a adds one; Enter opens the risk; impact {one.impact} of 5"
            yield f"first sign: {one.sign}" if one.sign else ""
            yield f"if it happens: {one.action}" if one.action else ""
        case kind if kind == WATCH:
            yield f"no monitor watches {name}: a adds one"
        case _:
            pass


def _track(data: ProjectData, name: str) -> Iterator[str]:
    one = next((each for each in data.found.tracks if each.name == name), None) if data.found else None
    if one is None:
        yield "being worked out …"
        return
    questions, holding = len(one.open_questions), sum(each.holds_gate for each in one.open_questions)
    held = (
        f"{holding} of them hold{'s' if holding == 1 else ''} the gate" if holding else "none holds the gate"
    )
    yield (
        f"{counted(questions, 'open question')}{f', {held}' if questions else ''}; "
        f"{counted(one.cards_done, 'card')} done, {one.cards_open} open"
    )
    offers, them = len(one.offers), "it" if len(one.offers) == 1 else "them"
    verb = "is" if offers == 1 else "are"
    yield (
        f"{counted(offers, 'card')} {verb} offered: Enter goes to the questions, c there makes {them}"
        if offers
        else ""
    )
    for each in one.questions:
        yield f"{each.word}: {each.item.text}"


def _question(data: ProjectData, name: str) -> Iterator[str]:
    document = data.documents.get(name)
    if document is not None:
        adds = "; a writes down who ran it" if document.id == RUNBOOK else ""
        yield ("; ".join(document.why()) or "it is there, and as new as what it describes") + adds
        yield (
            f"describes {', '.join(document.describes)}" if document.describes else document.standing.item.why
        )
        yield from document.who()
        yield from (each.words for each in document.files)
        return
    tracks = data.found.tracks if data.found is not None else ()
    one = next((each for track in tracks for each in track.questions if each.item.id == name), None)
    if one is not None:
        yield one.lacks() or one.word
        yield one.item.why


def _rollout(data: ProjectData, one: Rollout) -> Iterator[str]:
    key = current_step(one)
    yield f"where a guardrail is broken: {one.stop_action or 'not set, Enter sets it'}"
    tried = f"tried {on_date(one.rehearsed_on, data.today)}" if one.rehearsed_on else "never tried"
    yield f"the way back was {tried}; {f'step {key} is next' if key else 'all steps have passed'}"
    yield "requests a minute are not set: Enter sets them" if one.per_minute is None else ""


def _step(data: ProjectData, one: Rollout, key: str) -> Iterator[str]:
    step = one.steps.get(key)
    if step is None:
        return
    try:
        view = next((each for each in steps_of(one) if each.id == key), None)
    except ValueError as wrong:
        view = None
        yield str(wrong)
    parts = [f"watched for {written(step.minutes)} minutes" if step.minutes else ""]
    if view is not None and view.exposure is not None:
        parts.append(f"{written(view.exposure)} requests see it" if view.exposure else "no user sees it")
    began = f"since {say_date(step.started, data.today)}" if step.started else ""
    ended = f"ended {say_date(step.ended, data.today)}" if step.ended else ""
    yield "; ".join(filter(None, [*parts, began, ended, step.outcome or ""]))
    if key == current_step(one):
        yield "v judges it by its guardrails" if step.started and not step.outcome else "Space starts it"
    for name in view.too_few if view is not None else ():
        yield f"! {name} asks for more events than come: it is never judged"
    yield from view.figure.lines() if view is not None and view.figure is not None else ()


def _model(data: ProjectData, one: Model) -> Iterator[str]:
    value = f"{one.metric} {written(one.value)}" if one.metric and one.value is not None else "no value"
    yield f"{value}, against {one.compared_with or 'nothing'}"
    watch = f"watched by {one.oversight}" if one.oversight else "no one watches over it"
    yield f"{f'approved by {one.approved_by}' if one.approved_by else 'not approved'}; {watch}"
    yield f"code {one.code or '?'}, data {one.data or '?'}, settings {one.settings or '?'}"
    if one.live_from is not None:
        until = say_date(one.live_to, data.today) if one.live_to is not None else "–"
        yield f"live {say_date(one.live_from, data.today)} to {until}"


def _trial(data: ProjectData, one: TrialState) -> Iterator[str]:
    record = one.experiment
    if one.read is not None:
        yield one.read.text
        yield one.read.split.text
        for each in one.read.guardrails:
            word = {True: "held", False: "not shown to hold", None: "not known"}[each.ok]
            yield f"{data.called(each.metric)}: {'broken' if each.is_broken else word}; {each.why}"
        yield from one.read.notes
    else:
        yield one.why or ("v enters its counts" if record.started else "Space starts it; v enters its counts")
    if one.planned is not None:
        left = f", {counted(one.days_left, 'day')} left" if one.days_left is not None else ""
        yield f"{written(one.reached)} of {written(one.planned)} units{left}"
    yield f"ends: {record.stop_rule}" if record.stop_rule else "no rule says when it ends: Enter sets one"
    began = f"from {say_date(record.started, data.today)}" if record.started else "not started"
    yield f"{began}; guardrails: {', '.join(map(data.called, record.guardrails)) or 'none'}"
    yield record.hypothesis or ""


def _monitor(data: ProjectData, one: Monitor) -> Iterator[str]:
    state = data.states.get(one.id)
    then = f"then: {one.action or 'no action is set'}; {one.owner or 'no one'} is called"
    if state is not None:
        yield f"{state.state}: {state.why}"
    yield then
    limit = "cannot be read" if unread_limit(one) else limit_text(one)
    yield f"limit: {limit or 'none: Enter sets it'}"
    budget = state.budget if state is not None else None
    if budget is not None:
        left = budget.days_left
        more = (
            f", spent in {written(left)} days at this speed"
            if left is not None and not budget.is_spent
            else ""
        )
        yield f"error budget: {written(100 * budget.used)} % spent, burn {written(budget.burn)}{more}"
    tested = (
        f"fired on purpose {on_date(one.last_tested, data.today)}"
        if one.last_tested
        else "never fired on purpose: t records that it was"
    )
    yield f"{tested}{f', fired {on_date(one.last_fired, data.today)}' if one.last_fired else ''}"
    yield (
        f"covers {', '.join(quoted(data.risk(each)) for each in one.covers)}"
        if one.covers
        else "covers no risk"
    )
    source = said_source(one)
    yield f"read from {source}" if source else ""
    newest = sorted(one.readings.values(), key=lambda each: each.read_at or "", reverse=True)
    yield from (each.label for each in newest[:_READINGS])

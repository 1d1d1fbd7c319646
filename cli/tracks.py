"""`kedge tracks` and `kedge rubric`: how far Execute is, track by track and test by test."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import click

from ..storage.disk.errors import BadValue
from . import context, naming, output
from .command import Command
from .completing import complete_project
from .offers import offer_data, offer_lines
from .settings import Settings
from .text import sign, wrapped

if TYPE_CHECKING:
    from ..model.derived.derived import Derived
    from ..model.operations.rubric import MarkedTest, Readiness
    from ..model.operations.tracks import Track
    from ..model.plan.change import Path
    from ..model.snapshot.snapshot import Snapshot

_BAR = 20


@click.command(cls=Command, reads=True)
@click.argument("words", metavar="[PROJECT] [TRACK]", nargs=-1, shell_complete=complete_project)
@click.pass_obj
def tracks(settings: Settings, words: tuple[str, ...]) -> None:
    """Show how ready a project's tracks are: data, training, production, test in production, monitoring, documentation.

    Readiness is the share of the weights that are met. With a TRACK: its questions and the cards that it offers.
    """
    from ..model.operations.tracks import TRACKS
    from ..model.operations.tracks import tracks as tracks_of

    derived = context.derived(settings, context.read(settings))
    project, name = _meant(settings, derived, words, list(TRACKS))
    found = tracks_of(derived.snapshot, project, derived.standings(project))
    shown = [one for one in found if name in ("", one.name)]
    if settings.json:
        output.data("tracks", [_track_data(derived, one) for one in shown])
    elif name:
        output.lines(line for one in shown for line in _track_lines(derived, one))
    else:
        output.lines(_overview(settings, derived, project, shown))


def _meant(
    settings: Settings, derived: Derived, words: Sequence[str], names: Sequence[str]
) -> tuple[str, str]:
    """The project, and the track where one is said. Raises KedgeError."""
    from ..storage.disk.errors import UnknownId

    if not words:
        return context.need_project(settings, derived.plan), ""
    first, rest = words[0], " ".join(words[1:])
    try:
        project = naming.one_of(first, "project", derived.plan.projects)
    except UnknownId:
        whole = " ".join(words)
        if not any(whole in name for name in names):
            raise
        return context.need_project(settings, derived.plan), naming.one_of(whole, "track", names)
    return project, naming.one_of(rest, "track", names) if rest else ""


def _overview(settings: Settings, derived: Derived, project: str, found: Sequence[Track]) -> Iterator[str]:
    from ..model.operations.rubric import readiness
    from ..model.text.amounts import whole_percent

    for one in found:
        share = one.ready or 0.0
        bar = "#" * round(_BAR * share)
        counts = f"{one.progress.met}/{one.progress.asked} questions, {one.cards_done} done {one.cards_open} open cards"
        yield f"{one.name:<18}  [{bar:<{_BAR}}] {whole_percent(share):>5}  {counts}"
        for waiting in one.open_questions[:2]:
            holds = "holds the gate: " if waiting.holds_gate else ""
            yield from wrapped(f"{waiting.item.id}  {holds}{waiting.item.text}", " " * 22, " " * 20)
    score = readiness(derived.snapshot, project, derived.standings(project))
    if score is not None:
        yield ""
        yield from wrapped(_score_text(score), "  ")
    yield from _model_lines(derived.snapshot, project)
    output.say(settings, "kedge tracks TRACK: questions, cards")


def _model_lines(snapshot: Snapshot, project: str) -> Iterator[str]:
    from typing import cast

    from ..model.records.delivery import Model
    from ..model.text.figure import written

    for record in sorted(snapshot.plan.of_kind("model", project), key=lambda one: one.id):
        model = cast("Model", record)
        parts = [model.version or ""]
        if model.metric and model.value is not None:
            against = f" (against {model.compared_with})" if model.compared_with else ""
            parts.append(f"{model.metric} {written(model.value)}{against}")
        parts.append(f"approved by {model.approved_by}" if model.approved_by else "not approved")
        if model.live_from:
            parts.append(f"live from {model.live_from}" + (f" to {model.live_to}" if model.live_to else ""))
        if model.oversight:
            parts.append(f"watched by {model.oversight}")
        yield from wrapped(", ".join(filter(None, parts)), "  ", f"Model {model.id}: ")


def _track_lines(derived: Derived, one: Track) -> Iterator[str]:
    from ..model.text.amounts import whole_percent

    ready = whole_percent(one.ready) if one.ready is not None else "nothing asked"
    yield f"{one.name}: {ready} ready"
    for each in one.questions:
        text = f"{each.item.id}  {each.item.text}"
        yield from wrapped(text, "    ", f"  {sign(each.word)} ")
        if not each.met and each.lacks():
            yield from wrapped(each.lacks(), "      ")
    if one.offers:
        yield "Cards it offers"
    for offer in one.offers:
        yield from offer_lines(derived.snapshot.playbook, *offer)


def _track_data(derived: Derived, one: Track) -> dict[str, Any]:
    return {
        "track": one.name,
        "step": one.step,
        "ready": one.ready,
        "asked": one.progress.asked,
        "met": one.progress.met,
        "holding": one.progress.holding,
        "cards": {"done": one.cards_done, "open": one.cards_open},
        "questions": [
            {
                "id": each.item.id,
                "state": each.word,
                "weight": each.item.weight,
                "holds_gate": each.holds_gate,
                "lacks": each.lacks(),
            }
            for each in one.questions
        ],
        "offers": [offer_data(derived.snapshot.playbook, offer) for offer in one.offers],
    }


# ---- the rubric


@click.command(cls=Command, reads=True, writes=True)
@click.argument("words", metavar="[PROJECT] [TEST=MARK]...", nargs=-1, shell_complete=complete_project)
@click.option("--because", metavar="TEXT", help="Where the tests are done, or why they are not.")
@click.pass_obj
def rubric(settings: Settings, words: tuple[str, ...], *, because: str | None) -> None:
    """Show the tests of production readiness with their marks and the score, or mark them.

    Marks are none, by-hand (written down, counts half) and automatic (repeated, counts whole). A test without a mark
    counts half where the question that it names is met. The score is that of the weakest section.
    """
    from ..model.operations.rubric import readiness, rubric_of

    named = [word for word in words if "=" not in word]
    if len(named) > 1:
        raise click.UsageError("one project is enough")
    marking = len(named) < len(words)
    workspace = context.open_workspace(settings) if marking else None
    derived = context.derived(settings, workspace or context.read(settings))
    plan = derived.plan
    project = (
        naming.one_of(named[0], "project", plan.projects) if named else context.need_project(settings, plan)
    )
    known = rubric_of(derived.snapshot)
    found = readiness(derived.snapshot, project, derived.standings(project))
    if known is None or found is None:
        raise BadValue("the playbook of this plan has no rubric ml-test-score")
    if workspace is not None:
        from ..model.edit.edits import edit_each
        from ..model.records.address import Address

        marks = [_mark(word, [test.id for test in known.tests]) for word in words if "=" in word]
        fields: dict[Path, object] = {}
        for test, mark in marks:
            fields["tests", test, "mark"] = mark
            if because:
                fields["tests", test, "because"] = because
        said = ", ".join(f"{test} {mark}" for test, mark in marks)
        batch = edit_each(plan, {Address("assessment", project, "assessment"): fields}, f"{project}: {said}")
        context.commit(settings, workspace, batch)
    elif settings.json:
        output.data("rubric", _rubric_data(found))
    else:
        output.lines(_rubric_lines(found))


def _mark(word: str, tests: Sequence[str]) -> tuple[str, str]:
    from ..model.operations.rubric import MARKS

    name, _, text = word.partition("=")
    test = naming.one_of(name.strip(), "test", tests)
    mark = text.strip().lower().replace("-", " ").replace("_", " ")
    if mark not in MARKS:
        raise BadValue(f"{test}: {text!r} is not a mark", "marks: none, by-hand, automatic")
    return test, mark


def _score_text(found: Readiness) -> str:
    from ..model.text.figure import written

    sections = ", ".join(f"{name} {written(value)}" for name, value in found.sections.items())
    enough = "enough" if found.is_enough else "not enough"
    return (
        f"ML test score {written(found.score.value)} ({found.score['band']}), the lowest of {sections}; this stage "
        f"wants more than {written(found.wanted)}: {enough}"
    )


def _rubric_lines(found: Readiness) -> Iterator[str]:
    from ..model.text.figure import written

    yield from wrapped(_score_text(found), "  ")
    for section, points in found.sections.items():
        yield f"{section}: {written(points)} of {sum(one.section == section for one in found.tests)}"
        for one in found.tests:
            if one.section == section:
                yield from _test_lines(one)
    weakest = found.next
    if weakest:
        names = ", ".join(one.id for one in weakest)
        yield from wrapped(
            f"only these raise the score: {names} (kedge rubric {weakest[0].id}=automatic)", "  "
        )


def _test_lines(one: MarkedTest) -> Iterator[str]:
    mark = {"none": "  0", "by hand": "0.5", "automatic": "  1"}[one.mark]
    where = {"": "not marked", "recorded": one.because}.get(one.source, f"from {one.source}")
    text = f"{one.id}  {one.text}" + (f" ({where})" if where else "")
    yield from wrapped(text, " " * 6, f"  {mark} ")


def _rubric_data(found: Readiness) -> dict[str, Any]:
    return {
        "score": found.score.value,
        "band": found.score["band"],
        "wanted_above": found.wanted,
        "enough": found.is_enough,
        "sections": dict(found.sections),
        "tests": [
            {
                "id": one.id,
                "section": one.section,
                "text": one.text,
                "mark": one.mark,
                "points": one.points,
                "source": one.source,
                "because": one.because,
            }
            for one in found.tests
        ],
    }

"""The questions of the playbook: how far a project is with them, and the cards that they offer."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import click
from click.shell_completion import CompletionItem

from ..model.text.named import named
from ..model.text.visible import one_line
from ..storage.disk.errors import KedgeError, UnknownId
from ..storage.disk.repository import GitProblem
from ..storage.git.evidence import Known, look_up
from . import context, naming, output
from .command import Command
from .completing import complete_project
from .offers import offer_data, offer_lines, take_offer
from .plan_folder import plan_root
from .settings import Settings
from .text import sign, wide, wrapped

if TYPE_CHECKING:
    from ..model.assess.standing import Standing
    from ..model.derived.derived import Derived
    from ..model.playbook.playbook import Playbook
    from ..model.snapshot.snapshot import Snapshot


def complete_question(
    _context: click.Context, _parameter: click.Parameter, typed: str
) -> list[CompletionItem]:
    """Completes ids of the shipped questions."""
    from ..model.playbook import shipped

    return [CompletionItem(one.id, help=one.text) for one in shipped().items if one.id.startswith(typed)]


def _complete_either(context: click.Context, parameter: click.Parameter, typed: str) -> list[CompletionItem]:
    return [*complete_project(context, parameter, typed), *complete_question(context, parameter, typed)]


@click.command(cls=Command, reads=True, writes=True)
@click.argument("what", metavar="[PROJECT|QUESTION]", default="", shell_complete=_complete_either)
@click.option(
    "--step", metavar="STEP", default="", help="A step, or all steps of a phase, instead of those of Assess."
)
@click.option(
    "--open", "only_open", is_flag=True, help="Only questions that are not met, or to be confirmed."
)
@click.option("--offers", is_flag=True, help="Cards that unmet questions, gaps of datasets and risks offer.")
@click.option(
    "--explain", is_flag=True, help="The arithmetic behind a QUESTION, or every figure of the project."
)
@click.option("--take", metavar="OFFER", default="", help="Make the card that is offered, once.")
@click.pass_obj
def assess(  # noqa: PLR0913  an argument for each option
    settings: Settings, what: str, step: str, *, only_open: bool, offers: bool, explain: bool, take: str
) -> None:
    """Show a project's questions by step, with what is answered and what its gate still asks.

    With a QUESTION: everything about that one. `-v` says why each is asked.

    For example: kedge assess disc-problem
    """
    if take:
        workspace = context.open_workspace(settings)
        project, _ = _meant(settings, context.snapshot(settings, workspace), what)
        take_offer(settings, workspace, project, take)
        return
    derived = context.derived(settings, context.read(settings))
    playbook = derived.snapshot.playbook
    project, question = _meant(settings, derived.snapshot, what)
    from ..model.assess.standing import offered_cards

    standing = derived.standings(project)
    if explain:
        _explain(settings, derived, project, standing.get(question))
    elif question:
        one, known = standing[question], _known(settings, project)
        if settings.json:
            output.data("question", {"project": project, **question_data(one, known)})
        else:
            output.lines(_question(playbook, one, known))
    elif offers:
        found = offered_cards(derived.plan, project, standing)
        if settings.json:
            output.data("offers", [offer_data(playbook, one) for one in found])
        elif found:
            output.lines(line for offer in found for line in offer_lines(playbook, *offer))
        else:
            output.say(settings, "no card is offered")
    else:
        steps = _steps(playbook, step)
        if settings.json:
            output.data("assessment", _data(settings, derived, project, steps, only_open=only_open))
        else:
            output.lines(_overview(settings, derived, project, steps, only_open=only_open))


def _meant(settings: Settings, snapshot: Snapshot, text: str) -> tuple[str, str]:
    """The project and, where the text means one, the question. Raises KedgeError."""
    plan, playbook = snapshot.plan, snapshot.playbook
    if not text:
        return context.need_project(settings, plan), ""
    if text in plan.projects:
        return text, ""
    if playbook.item(text) is not None:
        return context.need_project(settings, plan), text
    try:
        return naming.one_of(text, "project", plan.projects), ""
    except UnknownId as unknown:
        try:
            question = find_question(playbook, text)
        except UnknownId as error:
            near = [*unknown.nearest, *error.nearest]
            hint = f"nearest: {', '.join(near)}" if near else "kedge assess lists the questions"
            raise KedgeError(f"no project and no question has the id {text!r}", hint) from None
        return context.need_project(settings, plan), question


def _known(settings: Settings, project: str) -> Known:
    """What disk and git say of the answers."""
    if settings.at:
        return Known()
    return look_up(plan_root(settings), project, os.environ)


def find_question(playbook: Playbook, text: str) -> str:
    """The question that an id or a part of one means. Raises UnknownId or AmbiguousId."""
    return naming.one_of(text, "question", [one.id for one in playbook.items])


def _steps(playbook: Playbook, text: str) -> list[str]:
    """The steps that are shown: one, those of a phase, or those of Assess."""
    known = {one.id: [one.id] for one in playbook.steps}
    known |= {one.id: [step.id for step in playbook.steps_of(one.id)] for one in playbook.phases}
    return known[naming.one_of(text, "step", known)] if text else known.get("assess", [])


# ---- for people


def _overview(
    settings: Settings, derived: Derived, project: str, steps: Sequence[str], *, only_open: bool
) -> Iterator[str]:
    from ..model.assess.lessons import lessons_for
    from ..model.assess.standing import asking_order, next_open, offered_cards, progress, wanted_score
    from ..model.assess.time_to_data import first_look

    plan, playbook, standing = derived.plan, derived.snapshot.playbook, derived.standings(project)
    record = plan.projects[project]
    known = _known(settings, project) if settings.verbose else None
    yield from wrapped(record.label, "", "")
    yield f"{project}: {record.phase}, {record.stage}, cycle {record.cycle}"
    looked = first_look(derived.snapshot, project)
    if looked is not None:
        yield from wrapped(f"{project}: {looked.words(derived.snapshot.today)}", "  ", "")
    for one in lessons_for(plan, project):
        yield from wrapped(one.words, "  ", "")
    for name in steps:
        group = [standing[item.id] for item in playbook.items_of(name)]
        how = progress(group)
        held = f", {how.holding} {'holds' if how.holding == 1 else 'hold'} the gate" if how.holding else ""
        held += f", {how.to_confirm} to confirm" if how.to_confirm else ""
        step = playbook.step(name)
        yield from ("", f"{step.title if step else name}  {how.met} of {how.asked} met{held}")
        for one in group:
            if one.is_open if only_open else one.applies or settings.verbose:
                yield from _row(one, known)
    yield ""
    yield from _gate_line(derived, project, steps)
    wanted = wanted_score(playbook, record.stage, steps)
    upcoming = next_open(standing, asking_order(playbook, steps), wanted=wanted)
    if upcoming is not None:
        yield from wrapped(f"Next: {upcoming.text} ({upcoming.id})", "      ", "")
    count = len(offered_cards(plan, project, standing))
    if count:
        yield f"{count} {'card is' if count == 1 else 'cards are'} offered: kedge assess {project} --offers"


def _row(one: Standing, known: Known | None) -> Iterator[str]:
    from ..model.assess.questions import said

    verbose = known is not None
    indent = " " * 12
    head = f"  {sign(one.word)} {one.word:<8}{one.item.id:<21}"
    answer = said(one)
    text = one_line(answer if answer and not verbose else one.item.text)
    yield head + output.shorten(text, wide() - len(head)) if not verbose else head.rstrip()
    if known is not None:
        yield from wrapped(text, indent)
        yield from wrapped(one.item.why, indent, f"{indent}why: ")
        if answer:
            yield from wrapped(answer, indent, f"{indent}answer: ")
        if one.answer is not None and one.answer.because:
            yield from wrapped(one.answer.because, indent, f"{indent}because: ")
        who = known.who(one)
        if who:
            yield from wrapped(who, indent, f"{indent}answered: ")
    lacks = one.lacks()
    if lacks and one.state != "unanswered" and (not one.to_confirm or known is not None):
        yield from wrapped(lacks, indent)


def _gate_line(derived: Derived, project: str, steps: Sequence[str]) -> Iterator[str]:
    """What the gate behind these steps still asks."""
    gate = next((one for one in derived.snapshot.playbook.gates if set(steps) & set(one.steps)), None)
    if gate is None:
        return
    found = derived.gate(project, gate.id)
    if found.is_open:
        yield f"{named(gate.title, gate.id)} is open: nothing that it asks is missing"
        return
    yield from wrapped(f"{named(gate.title, gate.id)} is closed: {'; '.join(found.asks)}", "  ", "")
    yield f"  kedge gate {project} --gate {gate.id}"
    if found.holding:
        yield from wrapped(f"It waits for {', '.join(one.item.id for one in found.holding)}")


def _question(playbook: Playbook, one: Standing, known: Known) -> Iterator[str]:
    from ..model.assess.questions import about

    yield from wrapped(f"{one.item.text}  ({one.item.id})", "  ", "")
    state = f"{sign(one.word)} {one.word}" + (", holds the gate" if one.holds_gate else "")
    rows = about(playbook, one, answered=known.who(one))
    for name, text in [("state", state), *rows]:
        yield from wrapped(text, " " * 15, f"  {name:<11}  ")


def _explain(settings: Settings, derived: Derived, project: str, one: Standing | None) -> None:
    """The figures that the answer to a question goes into, and what moves with another one; all figures without one."""
    from ..model.assess.arithmetic import moved_by, of_question
    from ..model.text.figure import figure_data
    from .portfolio_data import figures_data

    if one is None:
        from ..model.value.effects import lines_of_answers

        figures = derived.worth(project).figures()
        if settings.json:
            output.data("figures", figures_data(derived.snapshot, project, figures))
        else:
            shown = [line for known in figures for line in known.lines()]
            output.lines([*shown, "", *lines_of_answers(derived.snapshot, project)])
        return
    found = of_question(derived.snapshot, project, one.item, one.reply.values)
    lines, trials = moved_by(derived.snapshot, project, one.item)
    if settings.json:
        moves = [
            {"answer": trial.what, "figures": [effect.data() for effect in trial.effects]} for trial in trials
        ]
        known = [figure_data(known, whole=True) for known in found]
        output.data("explanation", {"question": one.item.id, "figures": known, "moves": moves})
    else:
        output.lines([*(line for known in found for line in (*known.lines(), "")), *lines])


# ---- for programs


def question_data(one: Standing, known: Known) -> dict[str, Any]:
    """A question and its answer for programs."""
    from .showing import entry_data

    return {
        "question": one.item.id,
        "step": one.item.step,
        "text": one.item.text,
        "why": one.item.why,
        "kind": one.item.kind,
        "state": one.state,
        "applies": one.applies,
        "met": one.met,
        "holds_gate": one.holds_gate,
        "to_confirm": one.to_confirm,
        "lacks": one.lacks(),
        "records": one.reply.records,
        "missing": list(one.reply.missing),
        "counts_as": one.counted.counts_as,
        "counts_as_why": one.counted.why,
        "unchecked": one.counted.unchecked,
        "answer": entry_data(one.answer) if one.answer is not None else None,
        "answered": _answered_data(one, known),
        "evidence": [
            {"named": each.text, "state": each.state, "counts": each.counts} for each in one.counted.evidence
        ],
    }


def _answered_data(one: Standing, known: Known) -> dict[str, Any] | None:
    """Who gave the answer, or why git cannot say it; None where there is no answer, or no repository."""
    if one.answer is None or known.answered is None:
        return None
    if isinstance(known.answered, GitProblem):
        return None if known.answered.is_expected else {"committed": None, "problem": known.answered.message}
    saying = known.answered.of(one.item.id, one.answer)
    if saying is None:
        return {"committed": False}
    return {
        "committed": True,
        "by": saying.author,
        "email": saying.email,
        "on": saying.date.isoformat(),
        "commit": saying.commit,
        "subject": saying.subject,
        "may_be_earlier": saying.is_cut_off,
    }


def _data(
    settings: Settings, derived: Derived, project: str, steps: Sequence[str], *, only_open: bool
) -> dict[str, Any]:
    from ..model.assess.lessons import lessons_for
    from ..model.assess.standing import asking_order, next_open, offered_cards, progress, wanted_score
    from ..model.assess.time_to_data import first_look

    plan, playbook, standing = derived.plan, derived.snapshot.playbook, derived.standings(project)
    groups = []
    known = _known(settings, project)
    for name in steps:
        group = [standing[item.id] for item in playbook.items_of(name)]
        how = progress(group)
        asked = [one for one in group if not only_open or one.is_open]
        groups.append(
            {
                "step": name,
                "asked": how.asked,
                "met": how.met,
                "holding": how.holding,
                "to_confirm": how.to_confirm,
                "questions": [question_data(one, known) for one in asked],
            }
        )
    wanted = wanted_score(playbook, plan.projects[project].stage, steps)
    upcoming = next_open(standing, asking_order(playbook, steps), wanted=wanted)
    looked = first_look(derived.snapshot, project)
    return {
        "project": project,
        "today": settings.today.isoformat(),
        "first_look": {
            "started": looked.started.isoformat(),
            "dataset": looked.dataset or None,
            "on": looked.on.isoformat() if looked.on is not None else None,
            "days": looked.days,
        }
        if looked is not None
        else None,
        "lessons": [
            {"project": one.project, "id": one.id, "what": one.lesson.what, "why": one.lesson.why}
            for one in lessons_for(plan, project)
        ],
        "steps": groups,
        "next": upcoming.id if upcoming is not None else None,
        "offers": [offer_data(playbook, one) for one in offered_cards(plan, project, standing)],
    }

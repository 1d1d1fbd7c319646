"""A190 to A194: what a sceptical reviewer asks of records that repeat, dodge or come before each other.

Each may be right once. Goals that pull both ways, a gate of which half is set aside, a decision from before the work
began: whoever decides should see them before the gate, not after it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import cast

from ..assess.records_asked import count_records
from ..edit.deciders import decisions_at
from ..records.address import Address
from ..records.governance import Decision
from ..records.project import Goal, Project
from ..text.figure import written
from ..text.wording import bare_words
from .rule import FIGURES, PLAYBOOK, Hit, Rule, View, per_active

# ---- goals


def goal_twice(project: Project, view: View) -> Iterator[Hit]:  # noqa: ARG001
    """A goal that another one repeats, or that wants the same figure to move the other way."""
    goals = list(project.goals.items())
    for at, (key, goal) in enumerate(goals):
        for first, other in goals[:at]:
            field, message = _repeats(goal, other)
            if message:
                yield Hit(
                    project.address,
                    f"{key} {message} {first}",
                    ("goals", key, field),
                    f"keep the one that is meant: kedge remove {key}, or kedge goal set {key} {field}=…",
                )


def _repeats(goal: Goal, other: Goal) -> tuple[str, str]:
    """The field and the words, where one goal repeats or denies another; empty where it does neither."""
    if bare_words(goal.title) == bare_words(other.title):
        return "title", "has the title of"
    same = (
        goal.unit is not None
        and bare_words(goal.unit) == bare_words(other.unit or "")
        and goal.start == other.start
    )
    ways = [_way(one) for one in (goal, other)]
    if same and 0 not in ways and ways[0] != ways[1]:
        way = "up" if ways[0] > 0 else "down"
        return "target", f"wants {goal.unit} to go {way} from {written(goal.start or 0)}, contrary to"
    return "", ""


def _way(goal: Goal) -> int:
    """1 for up, -1 for down, 0 where it is not known."""
    if goal.start is None or goal.target is None:
        return 0
    return (goal.target > goal.start) - (goal.target < goal.start)


# ---- unknowns


def changes_no_decision(project: Project, view: View) -> Iterator[Hit]:
    """An unknown that could change a decision which the playbook does not have: it moves no figure."""
    known = [one.id for one in view.playbook.decisions]
    for key, one in project.unknowns.items():
        if one.could_change is not None and one.could_change not in known:
            yield Hit(
                project.address,
                f"{key}: {one.could_change} (could_change) is not a decision of the playbook, so nothing follows",
                ("unknowns", key, "could_change"),
                f"one of {', '.join(known)}",
            )


# ---- the gate

MOST_SET_ASIDE = 3
"""Questions that hold the gate and may be set aside together; our own."""


def much_set_aside(project: Project, view: View) -> Iterator[Hit]:
    """A gate of which many questions are set aside, and a question that does not apply although it has records."""
    answers = view.plan.answers(project.id)
    if not project.waivers and not any(one.state == "not-applicable" for one in answers.values()):
        return  # nothing is set aside, and what each question stands at takes long to find out in a large plan
    aside, steps = list[str](), {one.id for one in view.playbook.steps_of("assess")}
    standings = view.standings(project.id)
    for name, one in standings.items():
        if one.item.step not in steps:
            continue
        if one.state in ("waived", "not-applicable") and one.item.blocks_at(project.stage):
            aside.append(name)
        answer = answers.get(name)
        if answer is None or answer.state != "not-applicable" or not one.item.record:
            continue
        count = count_records(view.snapshot, project.id, one.item)[0]
        if count:
            kinds = " or ".join(one.item.record)
            yield Hit(
                Address("assessment", project.id, "assessment"),
                f"{name} is said not to apply, and the plan has {count} {kinds}{'s' if count > 1 else ''} for it",
                ("answers", name, "state"),
                f"let the records answer it: kedge answer {name} --clear",
            )
    if len(aside) > MOST_SET_ASIDE and project.phase == "assess":
        yield Hit(
            project.address,
            f"{len(aside)} questions that hold the gate are set aside: {', '.join(aside)}",
            ("waivers",),
            "answer some of them; where so much is set aside, the gate asks nothing",
        )


def decided_before_the_cycle(project: Project, view: View) -> Iterator[Hit]:
    """A decision at the gate out of Assess from before the first cycle began."""
    if project.phase != "assess" or project.cycle > 1 or project.started is None:
        return
    for one in sorted(view.plan.of_kind("decision", project.id), key=lambda found: found.id):
        decision = cast("Decision", one)
        if decision.gate is not None and decision.date is not None and decision.date < project.started:
            yield Hit(
                decision.address,
                f"{decision.id} was decided on {decision.date}, before the work began on {project.started} (started)",
                ("date",),
                f"correct the day: kedge decision set {decision.id} date=DATE, or kedge project set "
                f"{project.id} started=DATE",
            )


ENDED = {"kill": "dropped", "hold": "hold"}
"""By outcome of a gate, the state that a project is in after it."""


def decided_otherwise(project: Project, view: View) -> Iterator[Hit]:
    """A project that goes on although its last decision at the gate before it said that it ends or waits."""
    gates = {one.id for one in view.playbook.gates if one.from_phase == project.phase}
    taken = [one for gate in gates for one in decisions_at(view.snapshot, project.id, gate)]
    if not taken or project.cycle > 1:
        return
    last = max(taken, key=lambda one: (one.date or view.today, one.id))
    if last.outcome in ENDED and project.state == "active":
        yield Hit(
            last.address,
            f"{last.gate} ended in {last.outcome} on {last.date}, and {project.id} is worked on (state)",
            ("outcome",),
            f"kedge project set {project.id} state={ENDED[last.outcome]}, or record the decision to go on",
        )


RULES = (
    Rule(
        "A190",
        "goal-twice",
        "advice",
        "Two goals that say the same count once. Two that pull one figure both ways are met by standing still.",
        "Keep the one that is meant.",
        PLAYBOOK + "disc-outcome",
        'title = "More calls for each agent"',
        per_active(goal_twice),
    ),
    Rule(
        "A191",
        "changes-no-decision",
        "warning",
        "An open question lowers the chance or raises the cost by the decision that it could change.",
        "Name a decision of the playbook.",
        PLAYBOOK + "disc-unknowns",
        'could_change = "dec-everything"',
        per_active(changes_no_decision),
    ),
    Rule(
        "A192",
        "much-set-aside",
        "advice",
        "One question may be set aside with a reason. With many, the gate is open and nothing was asked.",
        "Answer some of them, or let the records answer.",
        PLAYBOOK + "waiver_rule, not_applicable_rule",
        'state = "not-applicable"',
        per_active(much_set_aside, "person", *FIGURES),
    ),
    Rule(
        "A193",
        "decided-before-the-cycle",
        "advice",
        "What was decided before the work began was decided about something else.",
        "Correct the day of the decision, or the first day of the cycle.",
        PLAYBOOK + "gate-assess, rule-trail",
        "started = 2026-11-16",
        per_active(decided_before_the_cycle, "decision"),
    ),
    Rule(
        "A194",
        "decided-otherwise",
        "warning",
        "A project that was stopped at its gate and goes on spends money that was refused.",
        "Stop it, or have it decided again and write why.",
        PLAYBOOK + "gate-assess, rule-trail",
        'outcome = "kill"',
        per_active(decided_otherwise, "decision", "person", "strategy"),
    ),
)

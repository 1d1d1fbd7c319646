"""A101 to A109: whether a project knows enough: goals before models, data early, evidence behind figures.

The rules speak where a record contradicts itself or the method, not where something is merely not answered yet:
`kedge assess` and `kedge gate` ask for that.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import cast

from ..plan.plan import Plan
from ..records.address import Address
from ..records.dataset import Dataset
from ..records.project import Project
from ..value.evidence import data_evidence
from ..value.project_figures import Answers
from .rule import Context, Hit, Rule

PATIENCE_DAYS = 10
"""Days in Assess after which somebody should have looked at data (rule-data-early)."""
COMPLEX, WEAK = 4, 3
"""Complexity from which on evidence is wanted, and the grade under which data or infrastructure is weak."""


def active(plan: Plan) -> Iterator[Project]:
    """Projects that are worked on."""
    return (project for project in plan.projects.values() if project.state == "active")


def _datasets(plan: Plan, project: str) -> list[Dataset]:
    found = (cast("Dataset", record) for record in plan.of_kind("dataset", project))
    return sorted(found, key=lambda one: one.id)


# ---- the problem before the model


def goal_before_model(plan: Plan, context: Context) -> Iterator[Hit]:  # noqa: ARG001
    """Methods of a project that says nowhere what must get better."""
    for project in active(plan):
        if project.methods and not project.goals:
            first = next(iter(project.methods))
            count = len(project.methods)
            what = "a method is" if count == 1 else f"{count} methods are"
            yield Hit(
                project.address,
                f"{what} considered ({', '.join(list(project.methods)[:3])}), and there is no goal",
                ("methods", first),
                'say first what must get better: kedge goal add "TITLE" unit=… start=… target=… by=…',
            )


# ---- data


def data_not_looked_at(plan: Plan, context: Context) -> Iterator[Hit]:
    """A project that has been in Assess for a while without anybody having looked at data."""
    for project in active(plan):
        if project.phase != "assess" or project.cycle > 1 or project.started is None:
            continue
        age = (context.today - project.started).days
        looked = any(one.explored or one.checked_on for one in _datasets(plan, project.id))
        if age >= PATIENCE_DAYS and not looked and not unread(context, "dataset", project.id):
            yield Hit(
                project.address,
                f"in Assess for {age} days, and no dataset has been explored",
                ("started",),
                "explore one, even roughly: kedge dataset set ID explored=… checked_on=today",
            )


def data_veto(plan: Plan, context: Context) -> Iterator[Hit]:  # noqa: ARG001
    """Data that this stage needs and may not have, or that cannot carry it, in a project that went on all the same."""
    from ..gates.assess_plan_conditions import needed_datasets

    for project in active(plan):
        for dataset in needed_datasets(plan, project):
            if dataset.access == "refused":
                yield Hit(
                    dataset.address,
                    f"access is refused, and {project.id} needs it at stage {project.stage}",
                    ("access",),
                    "find other data, hold the project, or say which later stage needs it on the cards that use it",
                )
            elif dataset.personal_data and dataset.access == "granted" and not dataset.lawful_ground:
                yield Hit(
                    dataset.address,
                    "holds personal data that may be used, and no lawful ground is written down",
                    ("personal_data",),
                    "write the lawful ground, or leave the personal data out",
                )
        signal = Answers(plan, project.id).number("data-signal")
        if signal == 1 and project.phase != "assess":
            yield Hit(
                Address("assessment", project.id, "assessment"),
                f"data-signal is 1: an expert could not decide from the data, and the project is in {project.phase}",
                ("answers", "data-signal", "verdict"),
                "find data that carries the signal, or stop",
            )


# ---- promises


def complex_without_evidence(plan: Plan, context: Context) -> Iterator[Hit]:
    """A complex build after Assess whose technique and data nobody has tried."""
    for project in active(plan):
        if project.phase == "assess" or (project.complexity or 0) < COMPLEX:
            continue
        said = Answers(plan, project.id)
        tried = said.answer("pri-ev-tech")
        technique = str(tried.verdict) if tried is not None and tried.verdict else "nothing"
        data = data_evidence(
            plan, project.id, context.today, said.number("data-signal"), said.number("data-like-production")
        ).level
        if {technique, data} <= {"nothing", "opinion"} and not unread(context, "dataset", project.id):
            yield Hit(
                project.address,
                f"complexity {project.complexity} in {project.phase}, with evidence for the technique at "
                f"{technique} and for the data at {data}",
                ("complexity",),
                "try it first on real data, in a time box",
            )


def promised_on_weak_data(plan: Plan, context: Context) -> Iterator[Hit]:  # noqa: ARG001
    """A date that was promised to somebody while the data or its infrastructure is weak."""
    from ..gates.assess_plan_conditions import needed_datasets

    for project in active(plan):
        promises = {
            key: milestone
            for key, milestone in plan.strategy(project.id).milestones.items()
            if milestone.promised_date is not None and milestone.stage in (None, project.stage)
        }
        if not promises:
            continue
        weak = [
            f"{one.id} has quality {one.quality}"
            for one in needed_datasets(plan, project)
            if one.quality is not None
            and one.quality < WEAK
            and one.relevance is not None
            and one.relevance > WEAK
        ]
        infrastructure = Answers(plan, project.id).number("data-infra-ready")
        if infrastructure is not None and infrastructure < WEAK:
            weak.append(f"data-infra-ready is {infrastructure:g}")
        if weak:
            key, milestone = next(iter(promises.items()))
            yield Hit(
                Address("strategy", project.id, "strategy"),
                f"{milestone.promised_date} is promised to {milestone.promised_to or 'somebody'} for {key}, while "
                f"{' and '.join(weak)}",
                ("milestones", key, "promised_date"),
                "tell them how sure the date is, or mend the data first",
            )


def skill_without_person(plan: Plan, context: Context) -> Iterator[Hit]:
    """Effort in a skill that nobody has."""
    if unread(context, "person", ""):
        return
    skills = {skill for person in plan.people.values() for skill in person.skills}
    if not skills:
        return  # a plan that does not keep skills has none to miss
    for project in active(plan):
        for skill, months in project.effort.items():
            if months > 0 and skill not in skills:
                yield Hit(
                    project.address,
                    f"takes {months:g} person-months of {skill}, which is a skill of nobody in the plan",
                    ("effort", skill),
                    f"name who has it: kedge person set ID skills=+{skill}",
                )


# ---- figures


def gain_without_evidence(plan: Plan, context: Context) -> Iterator[Hit]:  # noqa: ARG001
    """A project that was taken on for a gain that nothing speaks for."""
    for project in active(plan):
        said = Answers(plan, project.id)
        gain, evidence = said.answer("pri-gain"), said.answer("pri-ev-value")
        if project.phase == "assess" or project.mandatory or gain is None or not gain.values:
            continue
        level = evidence.verdict if evidence is not None else None
        if level in (None, "nothing") and not gain.evidence:
            yield Hit(
                Address("assessment", project.id, "assessment"),
                f"a gain is claimed, and nothing speaks for it: pri-ev-value is {level or 'not answered'}",
                ("answers", "pri-gain"),
                "kedge answer pri-ev-value LEVEL --evidence PATH, or look for some",
            )


def estimate_without_builder(plan: Plan, context: Context) -> Iterator[Hit]:  # noqa: ARG001
    """A project that left Assess with a cost that no builder estimated."""
    line = "named builders estimated time and compute"
    for project in active(plan):
        said = Answers(plan, project.id)
        cost, reality = said.answer("pri-cost"), said.answer("pri-reality")
        if project.phase == "assess" or cost is None or not cost.values or reality is None:
            continue
        if line not in reality.checked:
            yield Hit(
                Address("assessment", project.id, "assessment"),
                f"the cost is estimated, and pri-reality does not say that {line}",
                ("answers", "pri-reality"),
                "ask those who will build it, then: kedge answer pri-reality --checked 1",
            )


def two_stages(plan: Plan, context: Context) -> Iterator[Hit]:  # noqa: ARG001
    """An answer that says another stage than the project, or another cap than its strategy."""
    for project in plan.projects.values():
        said, address = Answers(plan, project.id), Address("assessment", project.id, "assessment")
        stage = said.answer("stage-now")
        if (
            stage is not None
            and stage.verdict in ("mvp", "growth", "maturity")
            and stage.verdict != project.stage
        ):
            yield Hit(
                address,
                f"stage-now says {stage.verdict}, and the project is in {project.stage}",
                ("answers", "stage-now", "verdict"),
                f"kedge answer stage-now {project.stage}, or kedge project set {project.id} stage={stage.verdict}",
            )
        plans, cap = plan.strategy(project.id).stages.get(project.stage), said.number("stage-cap")
        if plans is not None and plans.cap is not None and cap is not None and plans.cap != cap:
            yield Hit(
                address,
                f"stage-cap says {cap:,.0f}, and the strategy caps stage {project.stage} at {plans.cap:,.0f}",
                ("answers", "stage-cap", "verdict"),
                "write the same figure in both",
            )


def unread(context: Context, kind: str, project: str) -> bool:
    """Whether a record of a kind cannot be read at present, so that nothing can be said to be missing."""
    return any(one.kind == kind and one.project == project for one in context.unreadable)


PLAYBOOK = "docs/playbook.md: "
"""Where the sources of these rules stand."""


RULES = (
    Rule(
        "A101",
        "goal-before-model",
        "warning",
        "Whoever compares methods before it is said what must get better chooses by taste.",
        "Write the outcome with its unit, its value today and its target; then compare methods.",
        PLAYBOOK + "rule-goal-before-model",
        '[methods.gbm]\ntitle = "Boosted trees"',
        goal_before_model,
    ),
    Rule(
        "A102",
        "data-not-looked-at",
        "advice",
        "Data decides whether a project is possible. The longer nobody looks, the more is built on hope.",
        "Ask for access and explore one dataset, even roughly.",
        PLAYBOOK + "rule-data-early",
        "started = 2026-11-02",
        data_not_looked_at,
    ),
    Rule(
        "A103",
        "data-veto",
        "warning",
        "Data that may not be used, or that an expert could not decide from, ends a project, whatever else is good.",
        "Find other data, settle the rights, or hold the project.",
        PLAYBOOK + "rule-data-veto",
        'access = "refused"',
        data_veto,
    ),
    Rule(
        "A104",
        "complex-without-evidence",
        "warning",
        "A complex build on untried technique and unseen data is the kind of project that fails late.",
        "Run a proof of concept in a time box before the build.",
        PLAYBOOK + "rule-overreach",
        "complexity = 4",
        complex_without_evidence,
    ),
    Rule(
        "A105",
        "promised-on-weak-data",
        "advice",
        "Work on weak data takes longer than any estimate says, and the promise is paid by those who build.",
        "Say how sure the date is, or mend the data first.",
        PLAYBOOK + "rule-overreach",
        "promised_date = 2027-01-22",
        promised_on_weak_data,
    ),
    Rule(
        "A106",
        "skill-without-person",
        "warning",
        "Work that takes a skill which nobody has cannot start, and every schedule of it is wrong.",
        "Name who has the skill, hire or buy it, or plan the work without it.",
        PLAYBOOK + "rule-overreach",
        "[effort]\nvision = 2.5",
        skill_without_person,
    ),
    Rule(
        "A107",
        "gain-without-evidence",
        "warning",
        "A gain that nothing speaks for is a wish, and the money was given for it.",
        "Look for evidence, or answer pri-ev-value with what there is.",
        PLAYBOOK + "scoring, rule-overreach",
        "[answers.pri-gain.values]\nlow = 100000",
        gain_without_evidence,
    ),
    Rule(
        "A108",
        "estimate-without-builder",
        "advice",
        "Estimates by those who will not build it are too low, and the builders pay for them.",
        "Have the cost estimated by those who build, and say so in pri-reality.",
        PLAYBOOK + "pri-reality",
        '[answers.pri-reality]\nchecked = [\n  "every party with a stake has checked feasibility",\n]',
        estimate_without_builder,
    ),
    Rule(
        "A109",
        "two-stages",
        "warning",
        "The stage decides how strict the gates are and what may be lost. Two answers to that are none.",
        "Keep the one that was decided.",
        PLAYBOOK + "stage-now, stage-cap",
        '[answers.stage-now]\nverdict = "growth"',
        two_stages,
    ),
)

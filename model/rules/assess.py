"""A101 to A109: whether a project knows enough: goals before models, data early, evidence behind figures.

The rules speak where a record contradicts itself or the method, not where something is merely not answered yet:
`kedge assess` and `kedge gate` ask for that.
"""

from __future__ import annotations

from collections.abc import Iterator

from ..assess.records_asked import needed_datasets
from ..records.address import Address
from ..records.base import Record
from ..records.card import Card
from ..records.project import Project
from ..value.claims import claims
from ..value.project_figures import Answers
from .rule import FIGURES, PLAYBOOK, Hit, Rule, View, per_active, per_project

PATIENCE_DAYS = 10
"""Days in Assess after which data should have been looked at (rule-data-early)."""
COMPLEX, WEAK = 4, 3
"""Complexity from which on evidence is wanted, and the grade under which data or infrastructure is weak."""


MONEY_QUESTIONS = ("pri-gain", "pri-cost", "pri-ev-value", "pri-ev-tech", "stage-cap")
"""Who has answered these is about to ask for money."""


def waits_for_nothing(project: Project, view: View) -> bool:
    """Whether no question of Assess holds the gate any more, so that it is asked for."""
    steps = {one.id for one in view.playbook.steps_of("assess")}
    held = (one.item for one in view.standings(project.id).values() if one.holds_gate)
    return not any(item.step in steps and item.record != ("decision",) for item in held)


def is_settled(project: Project, said: Answers) -> bool:
    """Whether figures are more than a first idea: the project left Assess, or is about to ask for money."""
    return project.phase != "assess" or all(said.answer(question) for question in MONEY_QUESTIONS)


# ---- the problem before the model


def goal_before_model(project: Project, view: View) -> Iterator[Hit]:  # noqa: ARG001
    """Methods of a project that says nowhere what must get better."""
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


def data_not_looked_at(project: Project, view: View) -> Iterator[Hit]:
    """A project that has been in Assess for a while without anybody having looked at data."""
    if project.phase != "assess" or project.cycle > 1 or project.started is None:
        return
    age = (view.today - project.started).days
    looked = any(one.explored or one.checked_on for one in view.plan.datasets(project.id))
    if age >= PATIENCE_DAYS and not looked and not view.unread("dataset", project.id):
        yield Hit(
            project.address,
            f"in Assess for {age} days, and no dataset has been explored",
            ("started",),
            "explore one, even roughly: kedge dataset set ID explored=… checked_on=today",
        )


_USABLE = ("open", "granted", None)
"""Access with which data may be in use already; where it is not said, too."""


def data_veto(project: Project, view: View) -> Iterator[Hit]:
    """Data that this stage needs and may not have, or that cannot carry it, in a project that went on anyway."""
    for dataset in needed_datasets(view.plan, project):
        if dataset.access == "refused":
            yield Hit(
                dataset.address,
                f"access is refused, and {project.id} needs it at stage {project.stage}",
                ("access",),
                "find other data, hold the project, or say which later stage needs it on the cards that use it",
            )
        elif (
            dataset.personal_data and dataset.access in _USABLE and not (dataset.lawful_ground or "").strip()
        ):
            yield Hit(
                dataset.address,
                "holds personal data that may be used, and no lawful ground is written down",
                ("personal_data",),
                "write the lawful ground, or leave the personal data out",
            )
    signal = Answers(view.snapshot, project.id).number("data-signal")
    if signal == 1 and project.phase != "assess":
        yield Hit(
            Address("assessment", project.id, "assessment"),
            f"an expert could not decide from the data (data-signal is 1), and the project is in {project.phase}",
            ("answers", "data-signal", "verdict"),
            "find data that carries the signal, or stop",
        )


def other_data(before: Record | None, after: Record | None) -> bool:
    """Whether a change can say which data a stage needs, or what is known of them."""
    if isinstance(before, Card) and isinstance(after, Card):
        return (before.datasets, before.stage) != (after.datasets, after.stage)
    one = after or before
    return bool(one.datasets) if isinstance(one, Card) else True


# ---- promises


def complex_without_evidence(project: Project, view: View) -> Iterator[Hit]:
    """A complex build whose technique and data are untried, once money is asked for."""
    if (project.complexity or 0) < COMPLEX or not is_settled(project, Answers(view.snapshot, project.id)):
        return
    levels = {one.factor: one.level for one in claims(view.snapshot, project.id)}
    technique, data = levels["technique"], levels["data"]
    if {technique, data} <= {"nothing", "opinion"} and not view.unread("dataset", project.id):
        yield Hit(
            project.address,
            f"complexity {project.complexity} in {project.phase}, with evidence for the technique at "
            f"{technique} and for the data at {data}",
            ("complexity",),
            "try it first on real data, in a time box",
        )


def promised_on_weak_data(project: Project, view: View) -> Iterator[Hit]:
    """A date that was promised while the data or its infrastructure is weak."""
    promises = {
        key: milestone
        for key, milestone in view.plan.strategy(project.id).milestones.items()
        if milestone.promised_date is not None and milestone.stage in (None, project.stage)
    }
    if not promises:
        return
    weak = [
        f"{one.id} has quality {one.quality}"
        for one in needed_datasets(view.plan, project)
        if one.quality is not None
        and one.quality < WEAK
        and one.relevance is not None
        and one.relevance > WEAK
    ]
    infrastructure = Answers(view.snapshot, project.id).number("data-infra-ready")
    if infrastructure is not None and infrastructure < WEAK:
        weak.append(f"the infrastructure has grade {infrastructure:g} (data-infra-ready)")
    if weak:
        key, milestone = next(iter(promises.items()))
        yield Hit(
            Address("strategy", project.id, "strategy"),
            f"{milestone.promised_date} is promised to {milestone.promised_to or 'others'} for {key}, while "
            f"{' and '.join(weak)}",
            ("milestones", key, "promised_date"),
            "tell them how sure the date is, or improve the data first",
        )


def skill_without_person(project: Project, view: View) -> Iterator[Hit]:
    """Effort in a skill that the plan lacks."""
    if not project.effort or view.unread("person", ""):
        return
    skills = {skill for person in view.plan.people.values() for skill in person.skills}
    if not skills:
        return  # a plan that does not keep skills has none to miss
    for skill, months in project.effort.items():
        if months > 0 and skill not in skills:
            yield Hit(
                project.address,
                f"takes {months:g} person-months of {skill}, a skill that no person in the plan has",
                ("effort", skill),
                f"name who has it: kedge person set ID skills=+{skill}",
            )


# ---- figures


def gain_without_evidence(project: Project, view: View) -> Iterator[Hit]:
    """A gain that money is asked for by, and that nothing speaks for."""
    said = Answers(view.snapshot, project.id)
    gain, evidence = said.answer("pri-gain"), said.answer("pri-ev-value")
    if not is_settled(project, said) or project.mandatory or gain is None or not gain.values:
        return
    level = evidence.verdict if evidence is not None else None
    if level in (None, "nothing") and not gain.evidence:
        yield Hit(
            Address("assessment", project.id, "assessment"),
            f"a gain is claimed, and nothing speaks for it: pri-ev-value is {level or 'not answered'}",
            ("answers", "pri-gain"),
            "kedge answer pri-ev-value LEVEL --evidence PATH, or look for some",
        )


def estimate_without_builder(project: Project, view: View) -> Iterator[Hit]:
    """A cost that money is asked for by, and that no builder estimated."""
    line = "named builders estimated time and compute"
    said = Answers(view.snapshot, project.id)
    cost, reality = said.answer("pri-cost"), said.answer("pri-reality")
    if not is_settled(project, said) or cost is None or not cost.values or reality is None:
        return
    if line not in reality.checked:
        yield Hit(
            Address("assessment", project.id, "assessment"),
            f"the cost is estimated, and pri-reality does not say that {line}",
            ("answers", "pri-reality"),
            "ask those who will build it, then: kedge answer pri-reality --checked 1",
        )


def two_stages(project: Project, view: View) -> Iterator[Hit]:
    """An answer that says another stage than the project, or another cap than its strategy."""
    said, address = Answers(view.snapshot, project.id), Address("assessment", project.id, "assessment")
    stage = said.answer("stage-now")
    if (
        stage is not None
        and stage.verdict in ("mvp", "growth", "maturity")
        and stage.verdict != project.stage
    ):
        yield Hit(
            address,
            f"the stage decided on (stage-now) is {stage.verdict}, and the project is in {project.stage}",
            ("answers", "stage-now", "verdict"),
            f"kedge answer stage-now {project.stage}, or kedge project set {project.id} stage={stage.verdict}",
        )
    plans, cap = view.plan.strategy(project.id).stages.get(project.stage), said.number("stage-cap")
    if plans is not None and plans.cap is not None and cap is not None and plans.cap != cap:
        yield Hit(
            address,
            f"the most that may be lost (stage-cap) is {cap:,.0f}, "
            f"and the strategy caps stage {project.stage} at {plans.cap:,.0f}",
            ("answers", "stage-cap", "verdict"),
            "write the same figure in both",
        )


RULES = (
    Rule(
        "A101",
        "goal-before-model",
        "warning",
        "Whoever compares methods before it is said what must get better chooses by taste.",
        "Write the outcome with its unit, its value today and its target; then compare methods.",
        PLAYBOOK + "rule-goal-before-model",
        '[methods.gbm]\ntitle = "Boosted trees"',
        per_active(goal_before_model, "project"),
    ),
    Rule(
        "A102",
        "data-not-looked-at",
        "advice",
        "Data decides whether a project is possible. The longer they go unseen, the more is built on hope.",
        "Ask for access and explore one dataset, even roughly.",
        PLAYBOOK + "rule-data-early",
        "started = 2026-11-02",
        per_active(data_not_looked_at, "dataset"),
    ),
    Rule(
        "A103",
        "data-veto",
        "warning",
        "Data that may not be used, or that an expert could not decide from, ends a project, whatever else is good.",
        "Find other data, settle the rights, or hold the project.",
        PLAYBOOK + "rule-data-veto",
        'access = "refused"',
        per_active(data_veto, "dataset", "card", "assessment", matters=other_data),
    ),
    Rule(
        "A104",
        "complex-without-evidence",
        "warning",
        "A complex build on untried technique and unseen data is the kind of project that fails late.",
        "Run a proof of concept in a time box before the build.",
        PLAYBOOK + "rule-overreach",
        "complexity = 4",
        per_active(complex_without_evidence, *FIGURES),
    ),
    Rule(
        "A105",
        "promised-on-weak-data",
        "advice",
        "Work on weak data takes longer than any estimate says, and the promise is paid by those who build.",
        "Say how sure the date is, or improve the data first.",
        PLAYBOOK + "rule-overreach",
        "promised_date = 2027-01-22",
        per_active(promised_on_weak_data, "card", *FIGURES, matters=other_data),
    ),
    Rule(
        "A106",
        "skill-without-person",
        "warning",
        "Work that takes a skill which no person has cannot start, and every schedule of it is wrong.",
        "Name who has the skill, hire or buy it, or plan the work without it.",
        PLAYBOOK + "rule-overreach",
        "[effort]\nvision = 2.5",
        per_active(skill_without_person, "person"),
    ),
    Rule(
        "A107",
        "gain-without-evidence",
        "warning",
        "A gain that nothing speaks for is a wish, and the money was given for it.",
        "Look for evidence, or answer pri-ev-value with the level that you have.",
        PLAYBOOK + "scoring, rule-overreach",
        "[answers.pri-gain.values]\nlow = 100000",
        per_active(gain_without_evidence, "assessment"),
    ),
    Rule(
        "A108",
        "estimate-without-builder",
        "advice",
        "Estimates by those who will not build it are too low, and the builders pay for them.",
        "Have the cost estimated by those who build, and say so in pri-reality.",
        PLAYBOOK + "pri-reality",
        '[answers.pri-reality]\nchecked = [\n  "every party with a stake has checked feasibility",\n]',
        per_active(estimate_without_builder, "assessment"),
    ),
    Rule(
        "A109",
        "two-stages",
        "warning",
        "The stage decides how strict the gates are and what may be lost. With two answers to that, neither counts.",
        "Keep the one that was decided.",
        PLAYBOOK + "stage-now, stage-cap",
        '[answers.stage-now]\nverdict = "growth"',
        per_project(two_stages, "assessment", "strategy"),
    ),
)

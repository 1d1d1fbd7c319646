"""E101 to E111: monitors and rollouts whose limits cannot do what they are there for, and what nothing watches."""

from __future__ import annotations

from collections.abc import Iterator
from typing import cast

from ..operations.budgets import error_budget
from ..operations.coverage import monitors_of, uncovered_risks, unwatched, ways_to_go_bad
from ..operations.limits import COMPARE, limit_of, unread_limit
from ..operations.live import live_models, live_since
from ..operations.migration import limits_in, only_sentences
from ..operations.monitors import least_events, never_fires
from ..operations.sentences import read_sentence
from ..records.delivery import Monitor, Rollout
from ..records.project import Project
from ..text.dates import has_come
from ..text.figure import written
from ..value.project_figures import Answers
from .rule import PLAYBOOK, Hit, Rule, View, per_active

LIVE = ("code", "data", "settings", "metric", "value", "compared_with", "approved_by", "oversight")
"""What is known of a model before it is live."""
LIMITS = ("monitor", "rollout", "assessment")
"""Kinds of records that say what a limit is, and what is promised."""


def _monitors(project: Project, view: View) -> list[Monitor]:
    return monitors_of(view.plan, project.id)


def _rollouts(project: Project, view: View) -> list[Rollout]:
    found = [cast("Rollout", one) for one in view.plan.of_kind("rollout", project.id)]
    return sorted(found, key=lambda one: one.id)


def limit_in_words(project: Project, view: View) -> Iterator[Hit]:
    """A limit that is a sentence, so that no program can say whether it was passed."""
    for record in (*_monitors(project, view), *_rollouts(project, view)):
        for one in only_sentences(record):
            can_be_read = bool(read_sentence(one.text).fields)
            yield Hit(
                record.address,
                f"{one.name}: the limit {one.text!r} is only a sentence",
                one.path,
                "kedge fmt --migrate reads it; --dry-run shows what it would write"
                if can_be_read
                else one.command,
            )


def alarm_never_fires(project: Project, view: View) -> Iterator[Hit]:
    """A limit that no value of its signal can pass."""
    said = Answers(view.snapshot, project.id)
    for one in _monitors(project, view):
        if why := never_fires(one, said):
            yield Hit(
                one.address, f"{one.id} can never fire: {why}", ("value",), "take a limit that can be reached"
            )


def alarm_on_one_event(project: Project, view: View) -> Iterator[Hit]:
    """A limit on a share that a single failure passes when few events come."""
    said = Answers(view.snapshot, project.id)
    for one in _monitors(project, view):
        least = least_events(one, said)
        if least is not None:
            yield Hit(
                one.address,
                f"{one.id}: at {written(one.events_per_hour or 0)} events an hour a single failure fires it",
                ("least_events",),
                f"kedge monitor set {one.id} least_events={least}, or a longer window",
            )


def limit_without_action(project: Project, view: View) -> Iterator[Hit]:
    """A limit that calls no one, or that says nothing of what is then done."""
    for one in _monitors(project, view):
        lacks = [name for name in ("action", "owner") if not getattr(one, name)]
        if lacks and (one.limit or limit_of(one) is not None):
            yield Hit(
                one.address,
                f"{one.id} has a limit and no {' and no '.join(lacks)}",
                (),
                f"kedge monitor set {one.id} {' '.join(f'{name}=…' for name in lacks)}",
            )
    for one in _rollouts(project, view):
        if one.guardrails and not one.stop_action:
            yield Hit(
                one.address,
                f"{one.id} has guardrails and no stop_action",
                (),
                f"say what is done when one is passed: kedge rollout set {one.id} stop_action=…",
            )


def fallback_never_tested(project: Project, view: View) -> Iterator[Hit]:
    """A way back, or an automatic action, that real users depend on and that was never tried."""
    since = live_since(view.plan, project.id, view.today)
    if since is None:
        return
    for one in _rollouts(project, view):
        if one.stop_action and one.ended is None and not has_come(one.rehearsed_on, view.today):
            yield Hit(
                one.address,
                f"{one.id}: real users since {since}, and the way back was never tried",
                ("stop_action",),
                f"rehearse it, then kedge rollout set {one.id} rehearsed_on=today",
            )
    for one in _monitors(project, view):
        if one.action_is == "automatic" and not has_come(one.last_tested, view.today):
            yield Hit(
                one.address,
                f"{one.id}: real users since {since}, and its automatic action was never tried",
                ("action",),
                f"fire it on purpose, then kedge monitor set {one.id} last_tested=today",
            )


def risk_without_monitor(project: Project, view: View) -> Iterator[Hit]:
    """An open risk of a live system that planning cannot avoid, with a high impact, which no monitor covers."""
    if live_since(view.plan, project.id, view.today) is None:
        return
    for risk in uncovered_risks(view.plan, project.id):
        yield Hit(
            risk.address,
            f"no monitor covers {risk.id}: {risk.title}",
            ("impact",),
            f"kedge monitor set ID covers=+{risk.id}, or close the risk",
        )


def failure_not_watched(project: Project, view: View) -> Iterator[Hit]:
    """A live system with a way to go bad that no monitor watches."""
    since = live_since(view.plan, project.id, view.today)
    if since is None:
        return
    missing = unwatched(view.plan, project.id, ways_to_go_bad(view.snapshot.playbook))
    if missing:
        yield Hit(
            project.address,
            f"real users since {since}, and no monitor watches {', '.join(missing)}",
            (),
            f'kedge monitor add TITLE watches="{missing[0]}" …, or allow it with the reason',
        )


def limit_says_two_things(project: Project, view: View) -> Iterator[Hit]:
    """A limit whose sentence and figures name different values."""
    for record in (*_monitors(project, view), *_rollouts(project, view)):
        for path, one in limits_in(record):
            limit = limit_of(one)
            read = read_sentence(one.limit).fields if one.limit else {}
            if limit is None or not read:
                continue
            if (read["operator"], read["value"]) != (limit.operator, limit.value):
                yield Hit(
                    record.address,
                    f"{'.'.join((record.id, *path[1:]))}: its figures say {limit.text}, its sentence {one.limit!r}",
                    (*path, "limit"),
                    "correct the one that is wrong; the figures are what is judged",
                )


def live_without_oversight(project: Project, view: View) -> Iterator[Hit]:
    """A model that real users meet, of which it is not known what it is, who approved it, or who watches over it."""
    for model in live_models(view.plan, project.id, view.today):
        lacks = [name for name in LIVE if getattr(model, name) is None]
        if lacks:
            yield Hit(
                model.address,
                f"{model.id} is live since {model.live_from} without {', '.join(lacks)}",
                ("live_from",),
                f"kedge model set {model.id} {lacks[0]}=…",
            )


def error_budget_spent(project: Project, view: View) -> Iterator[Hit]:
    """An error budget of which nothing is left."""
    said = Answers(view.snapshot, project.id)
    for one in _monitors(project, view):
        try:
            budget = error_budget(one, said)
        except ValueError:
            continue  # counts that contradict each other: E120
        if budget is not None and budget.is_spent:
            yield Hit(
                one.address,
                f"{one.id}: {written(100 * budget.used)} % of the error budget of {written(budget.days)} days is spent",
                ("failures",),
                "do what was agreed for that case (mon-slo): most teams stop releases until it recovers",
            )


def limit_cannot_compare(project: Project, view: View) -> Iterator[Hit]:
    """Half a limit: a value without an operator, or the other way round."""
    for record in (*_monitors(project, view), *_rollouts(project, view)):
        for path, one in limits_in(record):
            if (one.operator is None) != (one.value is None) and not unread_limit(record, path):
                has, lacks = ("value", "operator") if one.operator is None else ("operator", "value")
                words = f" ({', '.join(COMPARE)})" if lacks == "operator" else ""
                yield Hit(
                    record.address,
                    f"{'.'.join((record.id, *path[1:]))}: a limit with {has} and without {lacks}",
                    (*path, has),
                    f"say the {lacks} too{words}",
                )


RULES = (
    Rule(
        "E101",
        "limit-in-words",
        "warning",
        "A sentence calls no one: only a limit with operator and value can be judged.",
        "`kedge fmt --migrate` reads the sentences that leave no doubt; say the others as operator and value.",
        PLAYBOOK + "mon-set",
        'limit = "more than usual"',
        per_active(limit_in_words, *LIMITS),
    ),
    Rule(
        "E102",
        "alarm-never-fires",
        "warning",
        "An alarm that cannot fire is worse than none: people count on it.",
        "Take a limit that the signal can reach, or another objective.",
        "SRE Workbook, chapter 5: a burn rate is at most 1 / (1 - objective)",
        "value = 14.4",
        per_active(alarm_never_fires, *LIMITS),
    ),
    Rule(
        "E103",
        "alarm-on-one-event",
        "warning",
        "An alarm that every single failure fires is switched off after a week.",
        "Ask for a least number of events, or measure over a longer time.",
        "SRE Workbook, chapter 5, low-traffic services",
        "events_per_hour = 10",
        per_active(alarm_on_one_event, *LIMITS),
    ),
    Rule(
        "E104",
        "limit-without-action",
        "warning",
        "An alarm without an owner wakes no one, and one without an action wakes its owner for nothing.",
        "Say who is called, and what they do.",
        PLAYBOOK + "mon-set",
        '#action =\n\nowner = "mira"',
        per_active(limit_without_action, *LIMITS),
    ),
    Rule(
        "E105",
        "fallback-never-tested",
        "warning",
        "A fallback that was never tried is a hope, and the first try is a bad day.",
        "Provoke it once on purpose, and note the day.",
        PLAYBOOK + "pr-rollback",
        "#rehearsed_on =",
        per_active(fallback_never_tested, "monitor", "rollout", "model"),
    ),
    Rule(
        "E106",
        "risk-without-monitor",
        "advice",
        "A risk that nothing watches is noticed by the users first.",
        'Name it in what a monitor covers, close it, or plan against it (`kind = "avoidable"`).',
        PLAYBOOK + "mon-set",
        "impact = 5",
        per_active(risk_without_monitor, "monitor", "rollout", "model", "risk"),
    ),
    Rule(
        "E107",
        "failure-not-watched",
        "advice",
        "Data, concepts, servers and software all go bad, each in its own way.",
        "Add a monitor for each, or say in `allow` why one is not needed.",
        PLAYBOOK + "mon-set",
        "live_from = 2026-11-02",
        per_active(failure_not_watched, "monitor", "rollout", "model"),
    ),
    Rule(
        "E108",
        "limit-says-two-things",
        "warning",
        "Whoever reads the sentence trusts another limit than the one that is judged.",
        "Correct the one that is wrong, or leave the sentence out.",
        PLAYBOOK + "mon-set",
        'limit = "above 0.2"',
        per_active(limit_says_two_things, *LIMITS),
    ),
    Rule(
        "E109",
        "half-a-limit",
        "warning",
        "A value without an operator cannot be compared, and so never fires.",
        "Say the operator and the value.",
        PLAYBOOK + "mon-set",
        "#operator =\nvalue = 0.2",
        per_active(limit_cannot_compare, *LIMITS),
    ),
    Rule(
        "E110",
        "live-without-oversight",
        "warning",
        "What has no approval and no oversight cannot be explained, repeated or switched off in time.",
        "Say the code, data and settings it was trained with, what it was compared with, who approved it, and who "
        "watches over it.",
        PLAYBOOK + "tr-control; EU AI Act, article 14 (oversight)",
        "#oversight =",
        per_active(live_without_oversight, "model"),
    ),
    Rule(
        "E111",
        "error-budget-spent",
        "warning",
        "What was promised is not kept any more, whatever the single alarms say.",
        "Do what was agreed for that case.",
        PLAYBOOK + "mon-slo",
        "failures = 4300",
        per_active(error_budget_spent, *LIMITS),
    ),
)

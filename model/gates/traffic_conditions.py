"""The computed conditions of the gate inside Execute, before real users see it (gate-traffic)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import cast

from ..operations.coverage import monitors_of
from ..operations.limits import limit_of, unread_limit
from ..operations.monitors import never_fires
from ..operations.rubric import MarkedTest, readiness
from ..records.delivery import Rollout
from ..records.governance import Decision
from ..text.amounts import counted
from ..text.dates import has_come
from ..text.figure import written
from ..text.named import named, quoted
from ..text.wording import lacks_words
from .condition import Case, VerdictWithReasons, all_of, cannot_tell, condition, met, not_met, verdict

REHEARSED_DAYS = 30
"""Days for which a rehearsed way back counts (gate-traffic)."""
LEAST_RATIO = 0.8
"""Lowest rate of a group divided by the highest (gate-traffic)."""


@condition("good-enough")
def good_enough(case: Case) -> VerdictWithReasons:
    """Lower bound of quality on the test set not below the minimum."""
    bound = case.answers.figure("tr-quality", "lower bound")
    minimum = case.answers.figure("arch-quality", "minimum")
    missing = ["missing: lower bound (tr-quality)"] if bound is None else []
    missing += ["missing: minimum (arch-quality)"] if minimum is None else []
    if bound is None or minimum is None:
        return cannot_tell(*missing)
    sign = ">=" if bound >= minimum else "<"
    return verdict(bound >= minimum, f"lower bound {written(bound)} {sign} minimum {written(minimum)}")


_MOST = 3
"""Tests that are named; `kedge rubric` lists all."""


def _tests(found: Sequence[MarkedTest]) -> str:
    more = f" and {len(found) - _MOST} more" if len(found) > _MOST else ""
    return f"{', '.join(quoted(one.text) for one in found[:_MOST])}{more}"


@condition("well-tested")
def well_tested(case: Case) -> VerdictWithReasons:
    """The ML test score above the stage's."""
    found = readiness(case.figures.snapshot, case.project, case.standing)
    if found is None:
        return cannot_tell("missing: the rubric ml-test-score")
    lines = [
        ", ".join(f"{section} {written(points)}" for section, points in found.sections.items()),
        f"the weakest section has {written(found.score.value)}; wanted: more than {written(found.wanted)}",
    ]
    if found.is_enough:
        return met(*lines)
    lines.append(f"these raise it: {_tests(found.next)} (kedge rubric)")
    unmarked = [one for one in found.next if one.is_unmarked]
    if unmarked:
        return cannot_tell(*lines, f"missing: whether these are done (kedge rubric): {_tests(unmarked)}")
    return not_met(*lines)


@condition("way-back")
def way_back(case: Case) -> VerdictWithReasons:
    """The way back was rehearsed lately by those on call."""
    days = [cast("Rollout", one).rehearsed_on for one in case.plan.of_kind("rollout", case.project)]
    answer = case.answers.answer("pr-rollback")
    said = answer.values.get("date last rehearsed") if answer is not None else None
    days.append(_day(said))
    known = [day for day in days if day is not None]
    if not known:
        return cannot_tell(
            "missing: the day of the last rehearsal (rehearsed_on of a rollout, or pr-rollback)"
        )
    past = [day for day in known if day <= case.today]
    if not past:
        return not_met(f"to be rehearsed on {min(known)}: that day is ahead")
    age = (case.today - max(past)).days
    return verdict(
        age <= REHEARSED_DAYS,
        f"rehearsed {max(past)}, {counted(age, 'day')} ago; whoever decides asks by whom",
    )


def _day(text: object) -> dt.date | None:
    try:
        return dt.date.fromisoformat(str(text))
    except ValueError:
        return None


@condition("monitors-work")
def monitors_work(case: Case) -> VerdictWithReasons:
    """Every monitor has a limit that can be judged and reached, an action and an owner, and was fired on purpose."""
    monitors = monitors_of(case.plan, case.project)
    if not monitors:
        return not_met("there is no monitor")
    tests: list[VerdictWithReasons] = []
    for one in monitors:
        lacks = [name for name in ("action", "owner") if not getattr(one, name)]
        if unread_limit(one):
            lacks.insert(0, "a limit that can be read")
        elif limit_of(one) is None:
            lacks.insert(0, "a limit that is more than a sentence" if one.limit else "limit")
        lacks += [] if has_come(one.last_tested, case.today) else ["a test on purpose"]
        wrong = [f"it can never fire: {why}"] if (why := never_fires(one, case.answers)) else []
        wrong += [f"missing: {', '.join(lacks)}"] if lacks else []
        tests.append(verdict(not wrong, f"{named(one.label, one.id)}: {'; '.join(wrong) or 'complete'}"))
    return all_of(tests)


@condition("bears-the-load")
def bears_the_load(case: Case) -> VerdictWithReasons:
    """Tried at the planned peak, with p95 latency and unit cost inside their limits."""
    load = case.standing.get("pr-load")
    if load is None or load.state == "unanswered":
        tried = cannot_tell("the load test is not answered (pr-load)")
    elif load.met or load.state == "not-applicable":
        tried = met(f"load test: {'met' if load.met else 'does not apply'} (pr-load)")
    else:
        tried = not_met(f"load test: {load.lacks()} (pr-load)")
    name = "cost per 1000 predictions"
    cost = case.answers.figure("it-actual", name)
    source = "measured" if cost is not None else "planned in arch-limits"
    cost = case.answers.figure("arch-limits", name) if cost is None else cost
    ceiling = case.answers.figure("pri-run", "ceiling per 1000 predictions")
    if cost is None or ceiling is None:
        return all_of([tried, cannot_tell("missing: the cost of 1000 predictions, or its ceiling (pri-run)")])
    sign = "<=" if cost <= ceiling else ">"
    line = f"{name}, {source}: {written(cost)} {sign} {written(ceiling)}"
    return all_of([tried, verdict(cost <= ceiling, line)])


@condition("groups-alike")
def groups_alike(case: Case) -> VerdictWithReasons:
    """No group far behind the best one without a written decision."""
    one = case.standing.get("tr-bias")
    if one is None or not one.applies:
        return met("no person's rights or chances depend on it (disc-profile)")
    ratio = case.answers.figure("tr-bias", "lowest group rate divided by highest")
    if ratio is None:
        return cannot_tell("missing: lowest group rate divided by highest (tr-bias)")
    sign = ">=" if ratio >= LEAST_RATIO else "<"
    line = f"lowest by highest group rate: {written(ratio)} {sign} {written(LEAST_RATIO)}"
    for record in case.plan.of_kind("decision", case.project):
        decision = cast("Decision", record)
        if "tr-bias" in decision.changes and not lacks_words(decision.why or ""):
            return met(line, f"decided in {decision.id}: {decision.why}")
    return verdict(ratio >= LEAST_RATIO, line)

"""What each chart of flow says, in one sentence: above the chart on the board, and by itself on the command line."""

from __future__ import annotations

from ..calculators.planning import FEWEST_WEEKS
from ..text.amounts import counted
from ..text.dates import say_date
from ..text.figure import written
from .charts import ChartName
from .finished import ENOUGH
from .flow import Flow


def reading(flow: Flow, name: ChartName) -> str:
    """The sentence of a chart; why there is none, where the history does not say it."""
    if flow.since is None and flow.is_cut_off:
        return "the history of this clone begins later: git fetch --unshallow gets what came before"
    if flow.since is None:
        return "no card is committed yet: this history begins with the first commit that has cards"
    return {
        "cycle-time": _cycle_time,
        "ageing": _ageing,
        "throughput": _throughput,
        "cumulative": _cumulative,
        "burn-up": _burn_up,
        "calibration": _calibration,
    }[name](flow)


def _days(days: float) -> str:
    return f"{written(days)} day{'s' * (days != 1)}"


def _cycle_time(flow: Flow) -> str:
    done = flow.spans.done
    p50, p85, p95 = (flow.spans.percentile(one) for one in (50, 85, 95))
    if p50 is None or p85 is None or p95 is None:
        return "no card went through in progress to done yet, so that no cycle time is known"
    few = f"; of {counted(len(done), 'card')} only" if len(done) < ENOUGH else f", of {len(done)} cards"
    return (
        f"85 % of cards are done within {_days(p85)}, half within {_days(p50)}, 95 % within {_days(p95)}{few}"
    )


def _ageing(flow: Flow) -> str:
    spans = flow.spans
    if not spans.in_progress and (doing := flow.days[-1].doing):
        return f"{counted(doing, 'card')} in progress, begun before the history does: no age is known"
    if not spans.in_progress:
        return "no card is in progress in the last commit"
    oldest = spans.in_progress[0]
    said = f"{counted(len(spans.in_progress), 'card')} in progress, the oldest for {_days(oldest.days)}"
    if not spans.done:
        return f"{said}; no finished card to compare them with"
    limits = [(one, spans.usual(one, 85)) for one in spans.in_progress]
    older = sum(limit is not None and one.days > limit for one, limit in limits)
    return f"{said}; {older or 'none'} older than 85 % of cards were when they were done"


def _throughput(flow: Flow) -> str:
    whole = [one.done for one in flow.weeks if one.is_whole]
    if len(whole) < FEWEST_WEEKS:
        weeks = counted(len(whole), "whole week")
        return f"{weeks} of history, and a pace takes {FEWEST_WEEKS}: {sum(whole)} done in them"
    recent = flow.ahead.weeks
    mean = sum(recent) / len(recent)
    weeks = f"the last {len(recent)} whole weeks, from {min(recent)} to {max(recent)}"
    return f"{written(round(mean, 1))} cards done a week in {weeks}"


def _cumulative(flow: Flow) -> str:
    now, before = flow.days[-1], flow.days[max(0, len(flow.days) - 1 - 28)]
    parts = (
        f"{now.done} done, {now.doing + now.blocked} in progress ({now.blocked} blocked), {now.todo} to do"
    )
    if before is now:
        return parts
    since = counted((now.date - before.date).days, "day")
    return f"{parts}; in {since} {now.scope - before.scope:+d} in all, {now.done - before.done:+d} done"


def _burn_up(flow: Flow) -> str:
    now, ahead = flow.days[-1], flow.ahead
    said = f"{now.done} of {counted(now.scope, 'card')} done"
    if now.scope and not flow.open_cards:
        return said
    if ahead.why_not:
        return f"{said}; no date at this pace: {ahead.why_not}"
    p50, p85 = (say_date(ahead.dates[one], flow.today) for one in ("p50", "p85"))
    return f"{said}; the rest by {p50} in half of the cases, by {p85} in 85 of 100, if no card is added"


def _calibration(flow: Flow) -> str:
    if not flow.records:
        return "no card is done that had an estimate when its work began"
    one = flow.records[0]
    times = f"{one.factor:.2f} times their likely figure"
    ranges = f"; {one.within} of {one.ranges} ranges held" if one.ranges else ""
    few = f" (only {one.count}: too few to correct by)" if one.count < ENOUGH else ""
    return f"{counted(one.count, 'card')} took {times}{few}{ranges}"

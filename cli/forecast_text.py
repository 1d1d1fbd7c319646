"""The forecast in 80 columns: dates by chance, how far they can be trusted, and what moves them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from ..model.capacity.calendar import in_days
from ..model.text.amounts import counted, counted_of
from ..model.text.dates import say_date, short_date
from ..model.text.figure import amount, written
from . import output
from .forecast_data import PERCENTILES, not_counted
from .schedule_text import card_name
from .text import can_draw, wrapped

if TYPE_CHECKING:
    from ..model.budget.budget import Budgets
    from ..model.flow.calibration import Corrections
    from ..model.flow.throughput import Throughput
    from ..model.forecast.forecast import Driver, Forecast, Outlook
    from ..model.schedule.targets import Key

_NAME, _DATE = 22, 11
_BARS, _WIDE = 16, 36
_SAFE = 0.8


def forecast_lines(
    found: Forecast, keys: Sequence[Key], project: str | None, cost: Budgets, *, explain: bool
) -> Iterator[str]:
    """The forecast for a person."""
    made = found.schedule
    today = short_date(made.today, made.today)
    drawn = f"As of {today}, {found.runs:,} runs, seed {found.seed}"
    yield from wrapped(f"{drawn}; P80 holds in 80 of 100; ! likely late", "  ", "")
    yield ""
    heads = "".join(f"{head:<{_DATE}}" for head in ("PLAN", "P50", "P80", "P95", "DUE"))
    yield f"  {'':<{_NAME}}{heads}".rstrip()
    several = len({key[0] for key in keys}) > 1
    for key in keys:
        yield from _row(found, key, several=several, explain=explain)
    yield from _cards(found, keys, project)
    yield from ("", *_cost(cost, project))
    lacking = [counted_of(one["count"], one["what"]) for one in not_counted(found, project) if one["count"]]
    if lacking:
        yield from wrapped(", ".join(lacking), "  ", "Assumed or left out: ")
    yield from wrapped(_method(found), "  ", "Method: ")


def _method(found: Forecast) -> str:
    usual = found.schedule.dates.plan.board.estimates
    return (
        "each run draws a beta-PERT duration for every card and schedules the same people in the plan's order; "
        f"a single figure is spread from {written(usual.low)} to {written(max(usual.high, 1.0))} times itself; "
        f"cards of a project run late together (correlation {written(found.correlation)})"
    )


def _row(found: Forecast, key: Key, *, several: bool, explain: bool) -> Iterator[str]:
    made = found.schedule
    milestone = made.milestones.get(key)
    name = ("/".join(key) if several else key[1]) if key[1] else f"end of {key[0]}"
    head = output.padded(name, _NAME - 1) + " "
    if not found.has(key):
        done = milestone is None or milestone.is_done
        yield f"    {head}{'done' if done else 'no date: none of its cards has one'}"
        return
    outlook = found.outlook(key)
    end = made.targets.ends[key]
    days = [made.axis.date(end - 1), *(outlook.date(chance) for chance in PERCENTILES.values()), outlook.due]
    cells = "".join(
        f"{short_date(day, made.today) if day else never(at):<{_DATE}}" for at, day in enumerate(days)
    )
    late = "!" if outlook.chance is not None and outlook.chance < 0.5 else " "
    yield f"{late} {head}{cells}".rstrip()
    if milestone is not None and milestone.left_out:
        yield f"      without {counted(len(milestone.left_out), 'card')} that cannot be scheduled"
    if outlook.due is not None:
        yield f"      {holds(outlook, outlook.due, found.runs, made.today)}"
    yield from _sampling(outlook)
    drivers = found.drivers(key, 5 if explain else 1)
    if drivers and key[1]:
        yield from _drivers(found, drivers, explain=explain)
    if explain:
        yield from _histogram(outlook, found.runs, made.today)
        yield ""


def never(column: int) -> str:
    """What is shown where there is no date: a due date may be missing, a percentile that has none is never reached."""
    return "" if column == len(PERCENTILES) + 1 else "never"


def holds(outlook: Outlook, day: dt.date, runs: int, today: dt.date) -> str:
    """In how many runs a date holds, in plain words; never all or none where that is only rounding."""
    held = outlook.held(day)
    if held == runs:
        return f"{say_date(day, today)} holds in all runs"
    if not held:
        return f"{say_date(day, today)} holds in no run"
    share = 100 * held / runs
    said = "under 1" if share < 1 else "over 99" if share > 99 else f"{share:.0f}"
    return f"{say_date(day, today)} holds in {said} of 100 runs"


def _sampling(outlook: Outlook) -> Iterator[str]:
    """How far another seed could move the percentiles, where that is a day or more."""
    moving: list[str] = []
    for name, chance in PERCENTILES.items():
        if outlook.is_certain(chance):
            continue
        off = outlook.error(chance)
        moving.append(f"{name.upper()} {f'±{written(in_days(off))}d' if off is not None else 'unknown'}")
    if moving:
        yield f"      sampling error, less with more --runs: {', '.join(moving)}"


def _drivers(found: Forecast, drivers: Sequence[Driver], *, explain: bool) -> Iterator[str]:
    if not explain:
        one = drivers[0]
        times = _of_runs(one.criticality)
        yield from wrapped(
            f"{card_name(found.schedule, one.card)}, critical in {times}", "        ", "      most moved by: "
        )
        return
    yield "      Moved by (critical in, share of the spread)"
    for one in drivers:
        figures = f"        {_of_runs(one.criticality):<15} {one.weight:>4.0%}  "
        yield output.shorten(figures + card_name(found.schedule, one.card), 80)


def _of_runs(share: float) -> str:
    if share >= 1:
        return "all runs"
    return f"{max(1, min(99, round(100 * share)))} of 100 runs"


def _histogram(outlook: Outlook, runs: int, today: dt.date) -> Iterator[str]:
    """Bars of equally many days each, and how many runs are done by then."""
    days = outlook.days
    if len(days) < 2:
        return
    first, last = min(days), max(days)
    step = max(1, -(-((last - first).days + 1) // _BARS))
    groups: dict[dt.date, int] = {}
    for day, count in days.items():
        until = first + dt.timedelta(days=((day - first).days // step + 1) * step - 1)
        groups[until] = groups.get(until, 0) + count
    most, sofar = max(groups.values()), 0
    yield f"      {'Done by':<12}of 100 runs"
    for until in sorted(groups):
        sofar += groups[until]
        bar = ("█" if can_draw() else "#") * round(_WIDE * groups[until] / most)
        yield f"      {short_date(until, today):<12}{100 * sofar / runs:>4.0f}  {bar}".rstrip()


def _cards(found: Forecast, keys: Sequence[Key], project: str | None) -> Iterator[str]:
    """Cards whose own due date is in danger."""
    made = found.schedule
    if len(keys) == 1 and keys[0][1]:
        return
    dated = [
        name
        for name, one in made.cards.items()
        if project in (None, one.task.project) and one.task.card.due is not None
    ]
    chances = sorted((found.card(name).chance or 0.0, name) for name in dated)
    poor = [name for chance, name in chances if chance < _SAFE]
    if not poor:
        return
    yield from ("", "Cards with a due date that holds in fewer than 80 of 100 runs")
    for name in poor:
        outlook = found.card(name)
        assert outlook.due is not None
        p80 = outlook.date(0.8)
        then = say_date(p80, made.today) if p80 else "never"
        said = f"{holds(outlook, outlook.due, found.runs, made.today)}, P80 {then}"
        yield from wrapped(said, "      ", f"    {card_name(made, name)}: ")


def _cost(cost: Budgets, project: str | None) -> Iterator[str]:
    people = cost.to_come(project)
    p50, p80 = (amount(round(people(chance)), cost.unit) for chance in (0.5, 0.8))
    yield from wrapped(f"P50 {p50}, P80 {p80}; kedge budget has the rest", "  ", "People on open cards: ")


def throughput_lines(found: Throughput, today: dt.date) -> Iterator[str]:
    """The forecast by the cards that were done in past weeks."""
    from ..model.flow.throughput import METHOD

    yield ""
    weeks = " ".join(map(str, found.weeks)) or "none"
    yield from wrapped(
        f"{weeks}; {counted(found.open_cards, 'card')} still open", "  ", "Cards done a week: "
    )
    if found.why_not:
        yield from wrapped(f"no date: {found.why_not}", "  ", "  ")
    else:
        dates = (f"{name.upper()} {say_date(day, today)}" for name, day in found.dates.items())
        yield from wrapped(f"all done by {', '.join(dates)}", "  ", "  ")
        yield from wrapped(METHOD, "    ", "  ")


def correction_lines(found: Corrections) -> Iterator[str]:
    """By how much estimates were corrected, and by how many cards."""
    from ..model.flow.finished import ENOUGH

    yield ""
    if not found.rows:
        yield from wrapped(
            f"no one has {ENOUGH} cards that are done and had an estimate before, so nothing is corrected",
            "  ",
            "Calibrated: ",
        )
        return
    yield "Calibrated by cards that are done (kedge flow calibration)"
    for row in found.rows:
        factor, width = row.correction
        said = f"days x {factor:.2f}, spread x {width:.2f}, by {counted(row.count, 'card')}"
        yield from wrapped(said, "      ", f"  {row.person or 'everyone else'}: ")

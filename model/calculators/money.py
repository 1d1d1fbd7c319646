"""What a project is worth: gain, present value, error cost, confidence, the staged bet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import prod, sqrt
from types import MappingProxyType

from ..text.figure import Explained, Figure, amount, count, expect, number, share, written
from .kinds import Amount, Count, Level, Share, Ways

LADDER: Mapping[str, float] = MappingProxyType(
    {"nothing": 0.50, "opinion": 0.67, "analogue": 0.75, "test": 0.85, "rehearsal": 0.93, "proven": 0.98}
)
"""Chance of success by level of evidence, as shipped; a team's playbook may refit it."""

FACTORS = ("value", "data", "technique", "adoption")
Z80 = 0.8416212335729143
"""The standard normal deviate that four outcomes of five stay below."""


def pert(low: float, likely: float, high: float) -> tuple[float, float]:
    """Mean and standard deviation of an estimate in three points, by the classic sums."""
    return (low + 4 * likely + high) / 6, (high - low) / 6


def three_points(name: str, low: float, likely: float, high: float, unit: str = "") -> Explained:
    """Mean, standard deviation and P80 of an estimate in three points.

    Source: PERT (Malcolm et al. 1959); P80 by the normal distribution.
    """
    low, likely, high = number("low", low), number("likely", likely), number("high", high)
    expect(low <= likely <= high, f"low <= likely <= high is expected, not {written((low, likely, high))}")
    mean, sd = pert(low, likely, high)
    p80 = mean + Z80 * sd
    return Explained(
        name,
        mean,
        unit,
        "mean = (low + 4 likely + high) / 6; sd = (high - low) / 6; P80 = mean + 0.8416 sd",
        {"low": low, "likely": likely, "high": high},
        (
            f"mean = ({written(low)} + 4 × {written(likely)} + {written(high)}) / 6 = {written(mean)}",
            f"sd = ({written(high)} - {written(low)}) / 6 = {written(sd)}",
            f"P80 = {written(mean)} + 0.8416 × {written(sd)} = {written(p80)}",
        ),
        "PERT three-point estimate",
        {"mean": mean, "sd": sd, "p80": p80},
    )


def gain(low: float, likely: float, high: float, *, unit: str = "") -> Explained:
    """Gain of a year if it works, from three points; `mean`, `sd` and `p80` in the unit of the inputs.

    Source: PERT three-point estimate, Malcolm et al. 1959.
    """
    return three_points("Yearly gain", low, likely, high, unit)


def npv(rate: Share, flows: Sequence[float], *, delay: Amount = 0, unit: str = "") -> Explained:
    """Present value of flows at the ends of periods 1, 2 …; `rate` per period, as a share.

    `delay` is how many periods from now the first period begins; parts of one count.

    Source: the usual spreadsheet convention; Excel's help for NPV has 1,188.44 for the example.
    """
    rate = share("rate", rate)
    flows = tuple(number("flows", flow) for flow in flows)
    expect(flows, "flows: at least one flow is expected")
    delay = number("delay", delay, low=0)
    ends = [at + delay for at in range(1, len(flows) + 1)]
    present = [_discounted(flow, rate, at) for flow, at in zip(flows, ends, strict=True)]
    total = sum(present)
    steps = [
        f"{written(flow)} / {written(1 + rate)}^{written(at)} = {written(value)}"
        for flow, at, value in zip(flows, ends, present, strict=True)
    ]
    return Explained(
        "Present value",
        total,
        unit,
        "sum over t = 1..n of flow t / (1 + rate)^(delay + t); the first flow comes one period after the delay"
        if delay
        else "sum over t = 1..n of flow t / (1 + rate)^t; the first flow comes one period from now",
        {"rate": rate, "flows": flows} | ({"delay": delay} if delay else {}),
        (*steps, f"sum = {written(total)}"),
        "standard; spreadsheet convention",
        {"npv": total},
    )


def _discounted(flow: float, rate: float, periods: float) -> float:
    """A flow after some periods, worth now; nothing where that is beyond all counting."""
    try:
        return flow / (1 + rate) ** periods
    except OverflowError:
        return 0.0


def error_cost(  # noqa: PLR0913  the inputs of a calculator, by their names
    n: Amount, prevalence: Share, recall: Share, fpr: Share, c_fp: Amount, c_fn: Amount, *, unit: str = ""
) -> Explained:
    """Cost of wrong answers over n cases, and the probability from which to act.

    `prevalence`, `recall` and `fpr` (false-positive rate) are shares; `c_fp`, `c_fn` the price of one false alarm
    and of one miss. Correct answers cost nothing. Source: Elkan 2001, The foundations of cost-sensitive learning.
    """
    n, c_fp, c_fn = number("n", n, low=0), number("c_fp", c_fp, low=0), number("c_fn", c_fn, low=0)
    prevalence, recall, fpr = share("prevalence", prevalence), share("recall", recall), share("fpr", fpr)
    expect(c_fp + c_fn > 0, "c_fp, c_fn: a price above 0 is expected for a false alarm or for a miss")
    false_alarms = n * (1 - prevalence) * fpr * c_fp
    misses = n * prevalence * (1 - recall) * c_fn
    threshold = c_fp / (c_fp + c_fn)
    return Explained(
        "Cost of errors",
        false_alarms + misses,
        unit,
        "n (1 - prevalence) fpr c_fp + n prevalence (1 - recall) c_fn; act from P = c_fp / (c_fp + c_fn) on",
        {"n": n, "prevalence": prevalence, "recall": recall, "fpr": fpr, "c_fp": c_fp, "c_fn": c_fn},
        (
            f"false alarms = {written(n)} × {written(1 - prevalence)} × {written(fpr)} × {written(c_fp)}"
            f" = {written(false_alarms)}",
            f"misses = {written(n)} × {written(prevalence)} × {written(1 - recall)} × {written(c_fn)}"
            f" = {written(misses)}",
            f"threshold = {written(c_fp)} / {written(c_fp + c_fn)} = {written(threshold)}",
        ),
        "Elkan 2001, Foundations of cost-sensitive learning",
        {
            "yearly": false_alarms + misses,
            "false_alarms": false_alarms,
            "misses": misses,
            "threshold": threshold,
        },
    )


def confidence(  # noqa: PLR0913  the inputs of a calculator, by their names
    value: Level,
    data: Level,
    technique: Level,
    adoption: Level,
    *,
    results: Ways = MappingProxyType({}),
    ladder: Mapping[str, float] = LADDER,
    lowest: float = 0.02,
    highest: float = 0.95,
) -> Explained:
    """Chance of success: the product of four factors, each a level of the evidence ladder.

    `results` says for a factor which way the evidence points: `supports` (where nothing is said), `mixed` or
    `against`. The factors count as independent. Source: ladder after Gilad's confidence meter, anchored on RAND 2024
    (over 80 % of AI projects fail).
    """
    levels = dict(zip(FACTORS, (value, data, technique, adoption), strict=True))
    for name in results:
        expect(name in levels, f"results: one of {', '.join(FACTORS)} is expected, not {name!r}")
    factors: dict[str, float] = {}
    steps: list[str] = []
    for name, level in levels.items():
        expect(level in ladder, f"{name}: one of {', '.join(ladder)} is expected, not {level!r}")
        result = results.get(name, "supports")
        expect(
            result in ("supports", "mixed", "against"),
            f"results: {name}: supports, mixed or against is expected, not {result!r}",
        )
        p = ladder[level]
        factors[name] = {"supports": p, "mixed": 0.5, "against": 1 - p}[result]
        said = level if result == "supports" else f"{level}, {result}"
        steps.append(f"{name}: {said} = {written(factors[name])}")
    product = prod(factors.values())
    p = min(max(product, lowest), highest)
    steps.append(f"{' × '.join(written(factor) for factor in factors.values())} = {written(product)}")
    if p != product:
        steps.append(f"kept between {written(lowest)} and {written(highest)}: {written(p)}")
    return Explained(
        "Chance of success",
        p,
        "",
        "product over value, data, technique, adoption of p(level); 0.5 where mixed, 1 - p(level) where against",
        {**levels, **{f"{name} points": result for name, result in results.items()}},
        tuple(steps),
        "ladder after Gilad; anchored on RAND 2024 (over 80 % fail)",
        {"p": p, **{f"factor {name}": factor for name, factor in factors.items()}},
    )


def expected_value(value: float, stages: Sequence[Sequence[float]], *, unit: str = "") -> Explained:
    """What a bet in stages is worth now, with the right to stop before each stage.

    `value`: present value if all stages succeed; `stages`: cost and chance of success of each, the next one first.
    `staged` is never negative, since one need not start; `started` is the same without that right before the first
    stage; `all_in` is the bet without any right to stop. Source: Cooper & Edgett's expected commercial value, of
    which ECV = (PV × Pcs - C) × Pts - D is the case of two stages.
    """
    value = number("value", value)
    pairs: list[tuple[float, float]] = []
    for stage in stages:
        expect(
            len(stage) == 2, "stages: a cost and a chance are expected for each stage, such as 40,0.5/200,0.5"
        )
        pairs.append(
            (number("stages: cost of a stage", stage[0], low=0), share("stages: chance of a stage", stage[1]))
        )
    expect(pairs, "stages: at least one stage is expected")
    ahead, started = value, value
    steps: list[str] = []
    for at in range(len(pairs), 0, -1):
        cost, p = pairs[at - 1]
        started = p * ahead - cost
        line = f"before stage {at}: {written(p)} × {written(ahead)} - {written(cost)} = {written(started)}"
        ahead = max(0.0, started)
        steps.append(line if started >= 0 else f"{line}, so stop: 0")
    reach = prod(p for _, p in pairs)
    total = sum(cost for cost, _ in pairs)
    all_in = reach * value - total
    steps.append(
        f"without the right to stop: {written(reach)} × {written(value)} - {written(total)} = {written(all_in)}"
    )
    return Explained(
        "Expected value of the staged bet",
        ahead,
        unit,
        "walk back through the stages: value = max(0, p × value - cost)",
        {"value": value, "stages": tuple(pairs)},
        tuple(steps),
        "Cooper & Edgett, expected commercial value, with the right to stop",
        {"staged": ahead, "started": started, "all_in": all_in},
    )


LEAST_IMPACT, MOST_IMPACT = 0.25, 3.0
"""Ends of the scale of RICE: minimal and massive."""


def relative_score(reach: Amount, impact: Amount, confidence: Share, effort: Amount) -> Explained:
    """RICE: for projects without a value in money. It says nothing beside a figure in money.

    `reach` per year, `impact` on the scale 0.25, 0.5, 1, 2, 3, `confidence` a share, `effort` in person-months.
    Source: Intercom, RICE.
    """
    reach, impact = number("reach", reach, low=0), number("impact", impact, LEAST_IMPACT, MOST_IMPACT)
    confidence, effort = share("confidence", confidence), number("effort", effort, low=0)
    expect(effort > 0, "effort: more than 0 person-months are expected")
    score = reach * impact * confidence / effort
    return Explained(
        "Relative score",
        score,
        "",
        "reach × impact × confidence / person-months",
        {"reach": reach, "impact": impact, "confidence": confidence, "effort": effort},
        (
            f"{written(reach)} × {written(impact)} × {written(confidence)} / {written(effort)} = {written(score)}",
        ),
        "RICE, Intercom",
        {"score": score},
    )


def annotation_cost(  # noqa: PLR0913  the inputs of a calculator, by their names
    items: Count,
    labels: Amount = 1,
    *,
    seconds: Amount | None = None,
    rate: Amount | None = None,
    review: Share = 0,
    rework: Share = 0,
    setup: Amount = 0,
    price: Amount | None = None,
    unit: str = "",
) -> Explained:
    """Cost of labels: by time and hourly rate, or by a price per item.

    `labels` per item, on average; `seconds` per label, `rate` per hour, or `price` per label; `review` and `rework`
    are shares added to either. Source: the time-and-rate model; prices per item as labelling services sell them.
    """
    items, labels = count("items", items), number("labels", labels, low=0)
    setup, review, rework = number("setup", setup, low=0), share("review", review), share("rework", rework)
    more = f"× {written(1 + review)} × {written(1 + rework)} + {written(setup)}"
    rest: dict[str, Figure] = {"review": review, "rework": rework, "setup": setup}
    if price is not None:
        expect(
            seconds is None and rate is None,
            "price: either a price, or seconds and a rate are expected, not both",
        )
        price = number("price", price, low=0)
        cost = items * price * labels * (1 + review) * (1 + rework) + setup
        inputs: dict[str, Figure] = {"items": items, "labels": labels, "price": price, **rest}
        formula, figures = (
            "items × price × labels per item × (1 + review) × (1 + rework) + set-up",
            {"cost": cost},
        )
        steps = (f"{written(items)} × {written(price)} × {written(labels)} {more} = {amount(cost, unit)}",)
    else:
        expect(seconds is not None and rate is not None, "a price, or seconds and a rate are expected")
        seconds, rate = number("seconds", seconds, low=0), number("rate", rate, low=0)
        hours = items * labels * seconds / 3600
        cost = hours * rate * (1 + review) * (1 + rework) + setup
        inputs = {"items": items, "labels": labels, "seconds": seconds, "rate": rate, **rest}
        formula = (
            "hours = items × labels × seconds / 3600; hours × rate × (1 + review) × (1 + rework) + set-up"
        )
        figures = {"hours": hours, "cost": cost}
        steps = (
            f"hours = {written(items)} × {written(labels)} × {written(seconds)} / 3600 = {written(hours)}",
            f"{written(hours)} × {written(rate)} {more} = {amount(cost, unit)}",
        )
    source = "time-and-rate model; per-item prices as sold by labelling services"
    return Explained("Cost of labels", cost, unit, formula, inputs, steps, source, figures)


def stage_chance(p: float, stages: int) -> float:
    """The chance of each of several stages that all must succeed, where only their product is known."""
    return p if stages == 1 else sqrt(p) if stages == 2 else p ** (1 / stages)

"""Projects against each other: the best set, the order of work, how many bets it really is."""

from __future__ import annotations

from collections.abc import Sequence
from math import prod

from ..solvers.choose import choose, delay_cost
from ..solvers.choose import order as best_order
from ..solvers.constraints import Knapsack
from ..text.figure import Explained, expect, number, written


def portfolio(
    values: Sequence[float], needs: Sequence[Sequence[float]], limits: Sequence[float], *, unit: str = ""
) -> Explained:
    """The set with the highest sum of values under all limits; projects count from 1.

    `greedy` is what one gets by taking the best value per need of the first limit first, for comparison. Source: the
    0-1 knapsack problem with several limits.
    """
    choice = choose(Knapsack(values, needs, limits))
    greedy = _greedy(values, needs, limits)
    chosen = tuple(one + 1 for one in choice.chosen)
    picked = [written(values[one]) for one in choice.chosen]
    steps = [f"{' + '.join(picked) or 'nothing fits'} = {written(choice.value)}"]
    for at, limit in enumerate(limits):
        used = sum(needs[one][at] for one in choice.chosen)
        steps.append(f"limit {at + 1}: {written(used)} of {written(limit)}")
    steps.append(f"greedy by value per need of limit 1: {written(greedy)}")
    proof = "proven" if choice.proven else f"not proven; nothing exceeds {written(choice.bound)}"
    return Explained(
        "Best set",
        choice.value,
        unit,
        "highest sum of values over the sets that keep every limit",
        {"limits": tuple(limits), "chosen": chosen},
        (*steps, proof),
        "0-1 knapsack with several limits",
        {"value": choice.value, "chosen": chosen, "bound": choice.bound, "greedy": greedy},
    )


def _greedy(values: Sequence[float], needs: Sequence[Sequence[float]], limits: Sequence[float]) -> float:
    left, total = list(limits), 0.0
    ratio = [
        value / row[0] if row and row[0] else float("inf") for value, row in zip(values, needs, strict=True)
    ]
    for one in sorted(range(len(values)), key=lambda one: -ratio[one]):
        if values[one] > 0 and all(need <= space for need, space in zip(needs[one], left, strict=True)):
            total += values[one]
            left = [space - need for need, space in zip(needs[one], left, strict=True)]
    return total


def order(delay: Sequence[float], weeks: Sequence[float], *, unit: str = "") -> Explained:
    """The order by cost of delay per week of work, highest first; projects count from 1.

    The cost of an order: each project's delay per week, times the week in which it starts. Source: Smith 1956; CD3
    and WSJF are names of the same index (Reinertsen 2009).
    """
    found = best_order(delay, weeks)
    expect(found, "at least one project is expected")
    best, worst = delay_cost(found, delay, weeks), delay_cost(found[::-1], delay, weeks)
    return Explained(
        "Cost of waiting",
        best,
        unit,
        "index = cost of delay per week / weeks of work; highest first",
        {"delay": tuple(delay), "weeks": tuple(weeks)},
        (
            *(
                f"project {one + 1}: {written(delay[one])} / {written(weeks[one])} = {written(delay[one] / weeks[one])}"
                for one in found
            ),
            f"in this order waiting costs {written(best)}, in the reverse order {written(worst)}",
        ),
        "CD3 / WSJF; Smith's rule 1956",
        {
            "first": found[0] + 1,
            "order": tuple(one + 1 for one in found),
            "delay_cost": best,
            "worst_delay_cost": worst,
        },
    )


def concentration(shares: Sequence[float], p: Sequence[float]) -> Explained:
    """How many equal bets the shares amount to, and the chance that none of them ships.

    `shares` of the money sum to 1; `p` are the chances of success, taken as independent. Source:
    Herfindahl-Hirschman index.
    """
    parts = tuple(number("a share", share, 0, 1) for share in shares)
    chances = tuple(number("a chance", chance, 0, 1) for chance in p)
    expect(abs(sum(parts) - 1) < 1e-6, f"shares that sum to 1 are expected, not to {written(sum(parts))}")
    hhi = sum(share * share for share in parts)
    none = prod(1 - chance for chance in chances)
    return Explained(
        "Effective bets",
        1 / hhi,
        "",
        "HHI = sum of squared shares; effective bets = 1 / HHI; nothing ships = product of (1 - p)",
        {"shares": parts, "p": chances},
        (
            f"HHI = {' + '.join(f'{written(share)}²' for share in parts)} = {written(hhi)}; bets = {written(1 / hhi)}",
            f"nothing ships: {' × '.join(written(1 - chance) for chance in chances) or '1'} = {written(none)}",
        ),
        "Herfindahl-Hirschman index",
        {"hhi": hhi, "bets": 1 / hhi, "p_none": none},
    )

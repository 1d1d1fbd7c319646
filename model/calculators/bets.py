"""Projects against each other: the best set, the order of work, how many bets it really is."""

from __future__ import annotations

from collections.abc import Sequence
from math import prod

from ..solvers.choose import choose, delay_cost
from ..solvers.choose import order as best_order
from ..solvers.constraints import Knapsack
from ..text.figure import Explained, expect, number, share, written
from .kinds import Shares


def portfolio(
    values: Sequence[float], needs: Sequence[Sequence[float]], limits: Sequence[float], *, unit: str = ""
) -> Explained:
    """The set with the highest sum of values under all limits; projects count from 1.

    `greedy` is what one gets by taking the best value per need of the first limit first, for comparison. Source: the
    0-1 knapsack problem with several limits.
    """
    values = [number("values", value) for value in values]
    limits = [number("limits", limit, low=0) for limit in limits]
    expect(
        len(needs) == len(values),
        f"needs: a row for each of the {len(values)} values is expected, not {len(needs)}",
    )
    for at, row in enumerate(needs, start=1):
        expect(
            len(row) == len(limits),
            f"needs: {len(limits)} numbers in each row are expected, one for each limit, not {len(row)} in row {at}",
        )
    needs = [[number("needs", need, low=0) for need in row] for row in needs]
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
    delay, weeks = (
        [number("delay", one, low=0) for one in delay],
        [number("weeks", one, low=0) for one in weeks],
    )
    expect(
        len(delay) == len(weeks),
        f"weeks: as many as delays are expected, {len(delay)}, not {len(weeks)}",
    )
    expect(delay, "delay: at least one project is expected")
    expect(all(weeks), "weeks: more than 0 weeks of work are expected for each project")
    found = best_order(delay, weeks)
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


SHARES_SUM = 0.005
"""How far the sum of rounded shares may be from 1."""


def concentration(shares: Shares, p: Shares) -> Explained:
    """How many equal bets the shares amount to, and the chance that none of them ships.

    `shares` of the money sum to 1; `p` are the chances of success, taken as independent. Source:
    Herfindahl-Hirschman index.
    """
    parts = tuple(share("shares", one) for one in shares)
    chances = tuple(share("p", one) for one in p)
    expect(
        abs(sum(parts) - 1) <= SHARES_SUM + 1e-12,
        f"shares: a sum of 1 is expected, within {100 * SHARES_SUM:g} %, not {written(sum(parts))}",
    )
    total = sum(parts)
    # Three shares of 0.333 are three bets, not 3.006.
    hhi = sum(part * part for part in parts) / total**2
    none = prod(1 - chance for chance in chances)
    rounded = "" if abs(total - 1) <= 1e-9 else f" / {written(total)}²"
    fewer = f"shares has {len(parts)} numbers and p {len(chances)}: the chances that are given are multiplied"
    return Explained(
        "Effective bets",
        1 / hhi,
        "",
        "HHI = sum of squared shares; effective bets = 1 / HHI; nothing ships = product of (1 - p)",
        {"shares": parts, "p": chances},
        (
            f"HHI = {_sum_of_squares(parts, rounded)} = {written(hhi)}; bets = {written(1 / hhi)}",
            f"nothing ships: {' × '.join(written(1 - chance) for chance in chances) or '1'} = {written(none)}",
        ),
        "Herfindahl-Hirschman index",
        {"hhi": hhi, "bets": 1 / hhi, "p_none": none},
        notes=() if len(chances) == len(parts) else (fewer,),
    )


def _sum_of_squares(parts: Sequence[float], divided: str) -> str:
    squares = " + ".join(f"{written(part)}²" for part in parts)
    return f"({squares}){divided}" if divided else squares

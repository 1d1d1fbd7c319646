"""Networks of textbooks, written here with their sources: the passes, the PERT sums, and the same network as a plan."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import pytest

from kedge.model.calculators.catalog import CALCULATORS
from kedge.model.capacity.calendar import in_days
from kedge.model.solvers.activity_network import Link
from kedge.model.solvers.critical_path import critical_path

from .schedule_cases import schedule_of

GRAIN = 6
"""Parts of a period: means of three points are sixths."""
Points = tuple[float, float, float]


@dataclass(frozen=True)
class Network:
    """Activities with what each needs, and what the book says of them."""

    source: str
    durations: Mapping[str, Points]
    needs: Mapping[str, str]
    finish: float
    critical: str
    slack: Mapping[str, float]
    variance: float
    chances: Mapping[float, float] = field(default_factory=dict[float, float])
    late_finish: Mapping[str, float] = field(default_factory=dict[str, float])

    @property
    def means(self) -> Mapping[str, float]:
        return {name: (low + 4 * likely + high) / 6 for name, (low, likely, high) in self.durations.items()}


def certain(*days: float) -> list[Points]:
    return [(one, one, one) for one in days]


MILWAUKEE = Network(
    "Heizer and Render, Operations Management, Milwaukee Paper",
    dict(
        zip(
            "ABCDEFGH",
            [(1, 2, 3), (2, 3, 4), (1, 2, 3), (2, 4, 6), (1, 4, 7), (1, 2, 9), (3, 4, 11), (1, 2, 3)],
            strict=True,
        )
    ),
    {"C": "A", "D": "AB", "E": "C", "F": "C", "G": "DE", "H": "FG"},
    15,
    "ACEGH",
    {"B": 1, "D": 1, "F": 6},
    3.111,
    # The book rounds z to 0.57 and has 0.7157.
    {16: 0.7146},
    {"F": 13},
)
NETWORKS = (
    MILWAUKEE,
    Network(
        "Wikipedia, Program evaluation and review technique",
        dict(
            zip(
                "abcdefg",
                [(2, 4, 6), (3, 5, 9), (4, 5, 7), (4, 6, 10), (4, 5, 7), (3, 4, 8), (3, 5, 8)],
                strict=True,
            )
        ),
        {"c": "a", "d": "a", "e": "bc", "f": "d", "g": "e"},
        19.5,
        "aceg",
        {},
        1.639,
    ),
    Network(
        "wizedu.com, problem 717873: 14 activities",
        {
            **dict(zip("ABCDE", [(5, 5, 7), (1, 2, 5), (5, 5, 5), (4, 8, 13), (1, 10, 17)], strict=True)),
            **dict(zip("FGHIJ", [(1, 5, 7), (2, 6, 9), (4, 4, 6), (2, 7, 10), (2, 4, 7)], strict=True)),
            **dict(zip("KLMN", [(6, 10, 13), (2, 6, 6), (2, 2, 3), (7, 7, 12)], strict=True)),
        },
        dict(
            zip(
                "CDEFGHIJKLMN",
                ("A", "A", "BC", "D", "D", "EF", "GH", "I", "I", "J", "K", "LM"),
                strict=True,
            )
        ),
        50.83,
        "ACEHIKMN",
        {},
        11.19,
        {53: 0.741, 55: 0.894},
    ),
    Network(
        "Taylor, Introduction to Management Science, chapter 8: arrows 1-2 1-3 2-4 3-4 3-5 4-5 5-6",
        dict(zip("abcdefg", certain(7, 10, 6, 5, 4, 3, 2), strict=True)),
        {"c": "a", "d": "b", "e": "b", "f": "cd", "g": "ef"},
        20,
        "bdfg",
        {"a": 2, "b": 0, "c": 2, "d": 0, "e": 4, "f": 0, "g": 0},
        0,
    ),
)


@pytest.mark.parametrize("network", NETWORKS, ids=lambda one: one.source)
def test_a_network_has_its_published_end_path_and_slack(network: Network) -> None:
    names = list(network.durations)
    works = [round(GRAIN * network.means[name]) for name in names]
    links = [
        Link(names.index(one), names.index(name)) for name, needs in network.needs.items() for one in needs
    ]
    found = critical_path(works, links)
    assert found.finish / GRAIN == pytest.approx(network.finish, abs=0.005)
    assert "".join(names[one] for one in found.critical) == network.critical
    assert {name: found.total_slack[names.index(name)] / GRAIN for name in network.slack} == network.slack
    late = {name: found.late_finish[names.index(name)] / GRAIN for name in network.late_finish}
    assert late == network.late_finish


@pytest.mark.parametrize("network", NETWORKS, ids=lambda one: one.source)
def test_the_critical_path_has_its_published_variance_and_chances(network: Network) -> None:
    path = [network.durations[name] for name in network.critical]
    for by, chance in (network.chances or {network.finish: 0.5 if network.variance else 1.0}).items():
        figures = CALCULATORS["calc-schedule"](path=path, by=by).figures
        assert figures["mean"] == pytest.approx(network.finish, abs=0.005)
        assert figures["variance"] == pytest.approx(network.variance, abs=0.005)
        assert figures["p_by"] == pytest.approx(chance, abs=0.001)


def test_as_a_plan_it_takes_as_many_working_days() -> None:
    cards = {
        f"card p/card-{name.lower()}": {
            "title": name,
            "place": "execute",
            "estimate": list(points),
            "needs": [f"card-{one.lower()}" for one in MILWAUKEE.needs.get(name, "")],
        }
        for name, points in MILWAUKEE.durations.items()
    }
    made = schedule_of({"board /board": {"format": 1}, "project p/p": {"title": "P"}, **cards})
    end = max(one.end for one in made.cards.values()) - made.dates.now
    assert in_days(end) == MILWAUKEE.finish
    critical = {name[-1].upper() for name in made.critical}
    assert critical == set(MILWAUKEE.critical)
    slack = {name: in_days(made.slack[f"card-{name.lower()}"]) for name in MILWAUKEE.slack}
    assert slack == MILWAUKEE.slack

"""Figures of flow, worked out by hand: cycle times, ages, weeks, days, estimates against actuals; and their charts."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from math import exp, log

import pytest
from rich.cells import cell_len

from kedge.model.flow.calibration import Correction, corrections_of
from kedge.model.flow.card_history import CardHistory, CardState, CardStep, PlanHistory
from kedge.model.flow.charts import LEAST_HEIGHT, LEAST_WIDTH, TITLES, ChartName, chart
from kedge.model.flow.cumulative import thinned
from kedge.model.flow.flow import Flow, flow_of
from kedge.model.flow.plot import DRAWN, PLAIN, Canvas, Plot, Time
from kedge.model.flow.readings import reading
from kedge.model.solvers.beta_pert import ThreePoints

from .plan_from import plan_from

MONDAY = dt.datetime(2026, 3, 2, 9, tzinfo=dt.UTC)
TODAY = dt.date(2026, 3, 31)
"""A Tuesday, four weeks and a day on."""
PLAN = plan_from(
    {
        "board /board": {
            "calendar": {"holidays": [dt.date(2026, 3, 11)]},
            "estimates": {"low": 0.5, "high": 2.0},
        },
        "person /mira": {"name": "Mira"},
        "person /sam": {"name": "Sam", "share": 0.5},
    }
)


def at(day: float) -> dt.datetime:
    """Days after that Monday morning; half a day later is the evening."""
    return MONDAY + dt.timedelta(days=day)


def card(
    name: str,
    *steps: tuple[float, str],
    owner: str = "mira",
    estimate: tuple[float, ...] = (),
    place: str = "execute/data-pipeline",
    removed: float | None = None,
) -> CardHistory:
    """`!` after a status is for a blocked card."""
    states = (CardState(place, text.rstrip("!"), text.endswith("!"), owner, estimate) for _, text in steps)
    made = tuple(
        CardStep(at(day), f"c{day}", "Mira", state) for (day, _), state in zip(steps, states, strict=True)
    )
    return CardHistory("churn", name, made, at(removed) if removed is not None else None)


def history(*cards: CardHistory, **more: bool | int) -> PlanHistory:
    return PlanHistory("head", {(one.project, one.id): one for one in cards}, **more)  # pyright: ignore[reportArgumentType]


def flow(*cards: CardHistory, today: dt.date = TODAY, project: str = "") -> Flow:
    first = card("first", (0, "todo"))
    return flow_of(PLAN, history(first, *cards), today, project)


# ---- cycle time


@pytest.mark.parametrize(
    ("begin", "end", "days"),
    [
        (0.0, 0.05, 0.5),  # one morning
        (0.0, 0.4, 1.0),  # morning to evening
        (0.4, 1.0, 1.0),  # an afternoon and a morning
        (0.0, 4.4, 5.0),  # Monday to Friday
        (4.0, 7.4, 2.0),  # over a weekend
        (7.0, 11.4, 4.0),  # a week with a holiday
        (5.0, 6.0, 0.5),  # on a weekend: some work was done
    ],
)
def test_cycle_time_counts_working_half_days(begin: float, end: float, days: float) -> None:
    (one,) = flow(card("a", (0, "todo"), (begin + 0.001, "doing"), (end + 0.002, "done"))).spans.done
    assert one.days == days


def test_percentiles_are_of_nearest_rank_and_by_phase() -> None:
    cards = [card(f"c{n}", (0, "todo"), (0.1, "doing"), (n + 0.4, "done")) for n in (0, 1, 2, 3, 4)]
    other = card("plan", (0, "todo"), (7.1, "doing"), (14.4, "done"), place="plan/strategy")
    spans = flow(*cards, other).spans
    assert [spans.percentile(one, "execute") for one in (50, 85, 95)] == [3, 5, 5]
    assert spans.percentile(50, "plan") == 5  # with a weekend and a holiday between
    assert {phase: len(found) for phase, found in spans.phases.items()} == {"execute": 5, "plan": 1}
    assert spans.percentile(50, "iterate") is None


def test_what_was_never_in_progress_or_began_before_the_history_is_counted_as_that() -> None:
    found = flow(card("straight", (0, "todo"), (3, "done")), card("old", (0, "doing"), (2, "done")))
    assert found.spans.done == ()
    assert [one.words for one in found.lacking] == [
        "1 card done without a commit in progress: no cycle time",
        "1 card begun before the history does: no cycle time",
    ]
    assert "no cycle time is known" in reading(found, "cycle-time")


def test_no_age_of_what_was_in_progress_when_the_history_began() -> None:
    assert reading(flow(), "ageing") == "no card is in progress in the last commit"
    old = flow(card("old", (0, "doing")), card("older", (0, "doing")))
    assert reading(old, "ageing") == "2 cards in progress, begun before the history does: no age is known"


def test_dates_under_an_axis_are_those_of_the_history_each_once() -> None:
    first = dt.date(2026, 3, 2)
    days = [first + dt.timedelta(days=one) for one in (0, 1, 400)]
    said = [[word for _, word in sorted(Time(first, day, 60).dates(first))] for day in days]
    assert said == [["2 Mar"], ["2 Mar", "3 Mar"], ["2 Mar", "12 Jun", "21 Sep", "25 Dec", "6 Apr 27"]]


def test_a_card_that_is_opened_again_is_in_progress_from_its_first_beginning() -> None:
    found = flow(card("again", (0, "todo"), (1, "doing"), (2, "done"), (22, "doing"))).spans
    assert found.done == ()
    assert [(one.card, one.start) for one in found.in_progress] == [("again", at(1).date())]
    assert found.in_progress[0].days == 20  # 3 March to 31 March without weekends and the holiday


def test_ageing_is_held_against_the_own_phase_where_enough_of_it_is_done() -> None:
    slow = [
        card(f"s{n}", (0, "todo"), (0.1, "doing"), (11.4, "done"), place="plan/strategy") for n in range(5)
    ]
    quick = [card(f"q{n}", (0, "todo"), (0.1, "doing"), (1.4, "done")) for n in range(5)]
    found = flow(
        *slow,
        *quick,
        card("plan", (0, "todo"), (24.1, "doing"), place="plan/strategy"),
        card("execute", (0, "todo"), (24.1, "doing!")),
        card("iterate", (0, "todo"), (24.1, "doing"), place="iterate"),
    )
    limits = {one.card: found.spans.usual(one, 85) for one in found.spans.in_progress}
    assert limits == {"plan": 9, "execute": 2, "iterate": 9}
    assert "3 cards in progress, the oldest for 4 days; 1 older" in reading(found, "ageing")
    assert [row.card for row in drawn(found, "ageing")][:-1] == ["execute", "iterate", "plan"]


# ---- weeks and days


def test_weeks_go_from_the_first_to_this_one_and_say_which_are_whole() -> None:
    found = flow(*(card(f"c{day}", (0, "todo"), (day, "done")) for day in (1, 7, 8, 20, 28)))
    assert [(one.monday.day, one.done, one.is_whole) for one in found.weeks] == [
        (2, 1, True),
        (9, 2, True),
        (16, 1, True),
        (23, 0, True),
        (30, 1, False),
    ]
    assert "4 whole weeks of history, and a pace takes 5" in reading(found, "throughput")
    assert "no date at this pace" in reading(found, "burn-up")


def test_each_day_has_its_cards_by_status() -> None:
    days = flow(
        card("a", (0, "todo"), (1, "doing!"), (2, "doing"), (3, "done")),
        card("gone", (0, "todo"), removed=2),
        card("dropped", (1, "todo"), (3, "dropped")),
    ).days
    assert [one.counts for one in days[:4]] == [(0, 0, 0, 3), (0, 1, 0, 3), (0, 0, 1, 2), (1, 0, 0, 1)]
    assert (days[0].date, days[-1].date) == (at(0).date(), TODAY)
    assert days[-1].scope == 2
    assert thinned(days, 7)[-1] == days[-1]
    assert len(thinned(days, 7)) == 7


def test_nothing_after_today_counts() -> None:
    cards = card("a", (0, "todo"), (1, "doing"), (40, "done")), card("b", (50, "todo"))
    found = flow(*cards)
    assert [one.card for one in found.spans.in_progress] == ["a"]
    assert found.days[-1].counts == (0, 0, 1, 1)
    assert [one.words for one in found.lacking] == ["2 steps of cards dated after today"]
    before = flow(*cards, today=dt.date(2026, 2, 1))
    assert (before.since, before.days, before.weeks) == (None, (), ())
    assert all(reading(before, name) and drawn(before, name) == [] for name in TITLES)


def test_burn_up_ends_where_the_exact_convolution_does() -> None:
    done = [card(f"d{week}{n}", (0, "todo"), (7 * week + 1, "done")) for week in range(6) for n in range(2)]
    still = [card(f"o{n}", (0, "todo")) for n in range(5)]
    found = flow(*done, *still, today=dt.date(2026, 4, 14))
    assert found.open_cards == 6  # with the first one
    assert set(found.ahead.dates.values()) == {dt.date(2026, 5, 5)}  # two a week: three weeks
    assert "12 of 18 cards done; the rest by Tue 5 May" in reading(found, "burn-up")


# ---- estimates against actuals


def test_actuals_are_held_against_the_likely_figure_by_the_owners_share() -> None:
    found = flow(
        card("a", (0, "todo"), (0.1, "doing"), (3.4, "done"), estimate=(1, 2, 3)),
        card("b", (0, "todo"), (0.1, "doing"), (3.4, "done"), owner="sam", estimate=(2,)),
        card("c", (0, "todo"), (0.1, "doing"), (3.4, "done"), owner="", place="plan"),
        card("odd", (0, "todo"), (0.1, "doing"), (3.4, "done"), estimate=(3, 2, 1)),
    )
    rows = {(one.by, one.id): one for one in found.records}
    assert rows["person", "mira"].factor == pytest.approx(2)  # four days for two
    assert rows["person", "sam"].factor == pytest.approx(1)  # half of four days for two
    assert rows["all", ""].factor == pytest.approx(exp(log(2) / 2))
    assert (rows["all", ""].ranges, rows["all", ""].within) == (1, 0)
    assert rows["kind", "execute/data-pipeline"].count == 2
    assert [one.words for one in found.lacking] == ["2 cards done without an estimate when work began"]


def test_an_estimate_of_afterwards_is_none() -> None:
    late = card("a", (0, "todo"), (1, "doing"), (2, "done"))
    steps = (*late.steps[:2], late.steps[2]._replace(state=late.steps[2].state._replace(estimate=(1.0,))))
    assert flow(CardHistory("churn", "a", steps)).records == ()


def test_a_correction_moves_and_widens_and_is_pulled_back_by_few_cards() -> None:
    cards = [
        card(f"c{n}", (0, "todo"), (0.1, "doing"), (days - 0.6, "done"), estimate=(2, 2, 2.6))
        for n, days in enumerate((2, 2, 3, 4, 5))
    ]
    made = corrections_of(flow(*cards).records)
    ratios = [days / 2 for days in (2, 2, 3, 4, 5)]
    whole = exp(sum(map(log, ratios)) / 5)
    one = made.of("mira")
    assert one.factor == pytest.approx(whole**0.5)  # five cards against a prior of five
    assert 1 < one.width <= 3**0.5
    assert made.of("sam") == made.of("") != Correction()
    assert corrections_of(flow(*cards[:4]).records).of("mira") == Correction()
    points = Correction(2.0, 1.5).applied(ThreePoints(1, 2, 4))
    assert points == ThreePoints(1, 4, 10)
    assert Correction(1.0, 3.0).applied(ThreePoints(1, 2, 4)).least == 0


# ---- charts


def fit(text: str, room: int) -> str:
    return text[:room].ljust(room)


def drawn(found: Flow, name: ChartName, width: int = 78, height: int = 16, *, plain: bool = False) -> list:
    return chart(found, name, Canvas(width, height, PLAIN if plain else DRAWN, fit))


def text(rows: Sequence) -> list[str]:
    return ["".join(piece for piece, _ in one.row) for one in rows]


def busy(today: dt.date = dt.date(2026, 5, 1)) -> Flow:
    """Eight weeks of work with something on every chart."""
    cards = [
        card(
            f"c{n}",
            (n % 13, "todo"),
            (n, "doing"),
            (n + 0.5, "doing!"),
            *([(n + 1 + n % 7, "done")] if n % 5 else []),
            owner="mira" if n % 3 else "sam",
            estimate=(1, 2, 4),
        )
        for n in range(1, 50)
    ]
    return flow(*cards, *(card(f"t{n}", (n, "todo")) for n in range(9)), today=today)


@pytest.mark.parametrize("top", [5, 1, 100, 2.5])
def test_the_upright_axis_is_one_line_whatever_stands_beside_it(top: float) -> None:
    plot = Plot(Canvas(60, 16, PLAIN, fit), top)
    sides = [row[0][0] for row in plot.rows_of([], "", 60)[: plot.rows]]
    assert len({side.index(PLAIN.side) for side in sides}) == 1


@pytest.mark.parametrize("name", TITLES)
@pytest.mark.parametrize("size", [(LEAST_WIDTH, LEAST_HEIGHT), (40, 11), (78, 18), (200, 50)])
def test_charts_fit_any_room_and_need_no_more_than_ascii(name: ChartName, size: tuple[int, int]) -> None:
    found = busy()
    for plain in (False, True):
        rows = drawn(found, name, *size, plain=plain)
        assert rows
        assert max(cell_len(one) for one in text(rows)) <= size[0]
        assert all(one.isascii() for one in text(rows)) or not plain
        if name not in ("ageing", "calibration"):
            assert len(rows) == size[1]
    assert drawn(found, name, LEAST_WIDTH - 1, 20) == drawn(found, name, 80, LEAST_HEIGHT - 1) == []


def test_the_scatter_has_a_point_for_each_card_and_names_its_percentiles() -> None:
    cards = [card(f"c{n}", (0, "todo"), (n, "doing"), (n + 1, "done")) for n in (1, 2, 8, 9)]
    twice = [card(f"d{n}", (0, "todo"), (8, "doing"), (9, "done")) for n in range(2)]
    rows = text(drawn(flow(*cards, *twice), "cycle-time", plain=True))
    body = [row.partition("|")[2] for row in rows[:-3]]
    assert sum(row.count("o") for row in body) == 3
    assert [row.strip() for row in body if "3" in row] == [
        body[at].strip() for at, row in enumerate(rows) if "P50" in row
    ]
    assert body[3].endswith(" P85 P95")
    assert "31 Mar" in rows[-2]


def test_bars_carry_their_counts_and_this_week_is_not_whole() -> None:
    found = flow(*(card(f"c{day}", (0, "todo"), (day, "done")) for day in (1, 7, 8, 28)))
    rows = text(drawn(found, "throughput", plain=True))
    assert [row.count("##") for row in rows[:-3]] == sorted(row.count("##") for row in rows[:-3])
    assert ":" in rows[-4]
    assert "2 Mar" in rows[-2]


@pytest.mark.parametrize("name", ["throughput", "cumulative", "burn-up"])
@pytest.mark.parametrize("count", [1, 2, 3, 5, 25])
def test_an_axis_of_cards_marks_whole_cards(name: ChartName, count: int) -> None:
    cards = [card(f"c{n}", (1, "todo"), (2, "doing"), (3, "done")) for n in range(count)]
    rows = text(drawn(flow(*cards), name, plain=True))
    marks = [found[1] for row in rows if (found := re.match(r" *([\d.,]+) +\|", row))]
    assert len(marks) == 3
    assert all("." not in one for one in marks), marks


def test_stacks_begin_with_what_is_done_and_show_what_is_little() -> None:
    found = flow(
        card("done", (0, "todo"), (1, "done")),
        card("held", (0, "todo"), (1, "doing!")),
        *(card(f"t{n}", (0, "todo")) for n in range(40)),
    )
    rows = text(drawn(found, "cumulative", plain=True))
    column = "".join(row.ljust(21)[20] for row in reversed(rows[:-3])).strip()
    assert column.startswith("#x.")
    assert "x blocked" in rows[-1]


def test_calibration_bars_lean_to_the_side_of_the_error() -> None:
    found = flow(
        card("slow", (0, "todo"), (0.1, "doing"), (3.4, "done"), estimate=(1,)),
        card("quick", (0, "todo"), (0.1, "doing"), (0.4, "done"), owner="sam", estimate=(2,)),
    )
    rows = text(drawn(found, "calibration", plain=True))
    slow, quick = (next(row for row in rows if row.startswith(name)) for name in ("mira", "sam"))
    assert "|###" in slow
    assert quick.endswith("#|")
    assert "x 4.00" in slow
    assert "x 0.25" in quick

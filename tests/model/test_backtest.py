"""Past forecasts against what came: which weeks are taken, what counts, and that calibrated forecasts are corrected."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from kedge.model.derived.derived import Derived
from kedge.model.flow.calibration import Corrected, Correction, Corrections
from kedge.model.flow.card_history import CardHistory, CardState, CardStep, PlanHistory
from kedge.model.forecast.backtest import Backtest, Moment, Trial, moments_of, trials_of
from kedge.model.playbook import shipped
from kedge.model.snapshot.snapshot import Snapshot

from .plan_from import plan_from

DAY = dt.date(2026, 3, 2)
TODAY = dt.date(2026, 4, 15)
PLAN = plan_from(
    {
        "person /mira": {"name": "Mira"},
        "project p/p": {"title": "P", "phase": "execute"},
        "strategy p/strategy": {"milestones": {"live": {"title": "Live"}}},
        **{
            f"card p/c{number}": {
                "title": f"Card {number}",
                "place": "execute",
                "owner": "mira",
                "estimate": (1.0, 2.0, 4.0),
                "milestone": "live",
            }
            for number in range(3)
        },
    }
)


def history(**done: int | str) -> PlanHistory:
    """Cards of the first day, each done so many days later; or open, dropped or removed."""
    cards: dict[tuple[str, str], CardHistory] = {}
    for name, when in done.items():
        steps = [step(0, "todo")]
        if isinstance(when, int):
            steps.append(step(when, "done"))
        elif when == "dropped":
            steps.append(step(3, "dropped"))
        removed = steps[0].at + dt.timedelta(days=4) if when == "removed" else None
        cards["p", name] = CardHistory("p", name, tuple(steps), removed)
    return PlanHistory("head", cards)


def step(day: float, status: str) -> CardStep:
    at = dt.datetime.combine(DAY, dt.time(9), dt.UTC) + dt.timedelta(days=day)
    return CardStep(at, f"c{day}", "Mira", CardState("execute", status))


def derived() -> Derived:
    return Derived(Snapshot.of(PLAN, shipped(), DAY))


def test_the_last_commit_of_each_past_week_is_taken() -> None:
    found = moments_of(history(a=1, b=8, c=9, d=44), TODAY)
    assert found == [Moment(DAY + dt.timedelta(days=1), "c1"), Moment(DAY + dt.timedelta(days=9), "c9")]
    many = history(**{f"c{week}": 7 * week for week in range(1, 30)})
    later = DAY + dt.timedelta(weeks=40)
    thinned = moments_of(many, later, 5)
    assert len(thinned) == 5
    assert (thinned[0].day, thinned[-1].day) == (DAY, DAY + dt.timedelta(weeks=29))
    assert moments_of(PlanHistory(), TODAY) == []


def test_a_forecast_counts_once_its_day_has_passed() -> None:
    moment = Moment(DAY, "c0")
    day = DAY + dt.timedelta(days=5)
    one = Trial(moment, "card", "p", "c0", {"p50": day, "p80": None}, day)
    assert one.held("p50", day) is None, "that day is not over"
    assert one.held("p50", TODAY) is True
    assert one.held("p80", TODAY) is None
    assert replace(one, done=day + dt.timedelta(days=1)).held("p50", TODAY) is False
    assert replace(one, done=None).held("p50", TODAY) is False
    trials = (one, replace(one, done=None), replace(one, kind="milestone", done=None))
    found = Backtest(TODAY, (moment,), trials, 0)
    assert found.count("p50") == (1, 3)
    assert found.share("p50", "card") == 0.5
    assert found.share("p80") is None


def test_cards_and_milestones_are_held_against_their_history() -> None:
    found, gone = trials_of(Moment(DAY, "c0"), derived().forecast(), history(c0=2, c1=7, c2="dropped"), TODAY)
    assert gone == 1
    by_id = {one.id: one for one in found}
    assert set(by_id) == {"c0", "c1", "live"}
    assert by_id["live"].done == DAY + dt.timedelta(days=7), "the last of those that are left"
    assert by_id["live"].dates["p50"] is not None
    open_still, _ = trials_of(Moment(DAY, "c0"), derived().forecast(), history(c0=2, c1="open", c2=3), TODAY)
    assert {one.id: one.done for one in open_still}["live"] is None
    assert trials_of(Moment(DAY, "c0"), derived().forecast(), history(), TODAY, "other") == ([], 0)
    _, lost = trials_of(Moment(DAY, "c0"), derived().forecast(), history(c0="removed"), TODAY)
    assert lost == 3


def test_a_card_under_another_id_is_found_again() -> None:
    renamed = history(new=2)
    one = replace(renamed.cards["p", "new"], earlier_ids=("c0",))
    found, _ = trials_of(
        Moment(DAY, "c0"), derived().forecast(), PlanHistory("h", {("p", "new"): one}), TODAY
    )
    assert [(one.id, one.done) for one in found if one.kind == "card"] == [("c0", DAY + dt.timedelta(days=2))]


@pytest.mark.parametrize(("factor", "width"), [(2.0, 1.0), (1.0, 3.0)])
def test_a_calibrated_forecast_is_another_one_and_the_plain_one_stays(factor: float, width: float) -> None:
    store = derived()
    plain = store.forecast().outlook(("p", "live"))
    by = Corrections((Corrected("mira", 9, Correction(factor, width)),))
    corrected = store.forecast(corrections=by).outlook(("p", "live"))
    assert corrected.date(0.8) > plain.date(0.8)  # pyright: ignore[reportOperatorIssue, reportOptionalOperand]
    others = Corrections((Corrected("sam", 9, Correction(factor, width)),))
    assert store.forecast(corrections=others).outlook(("p", "live")).ends == plain.ends
    assert store.forecast().outlook(("p", "live")).ends == plain.ends

"""From business requirements to sizes: the arithmetic, what is missing, and when a size no longer follows."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from kedge.model.plan.change import apply
from kedge.model.playbook import shipped
from kedge.model.records.address import Address
from kedge.model.requirements.inputs import INPUTS
from kedge.model.requirements.proposals import deviations, keep, said
from kedge.model.requirements.sizes import Sized
from kedge.model.requirements.sizing import Sizing, size
from kedge.model.snapshot.snapshot import Snapshot
from kedge.model.text.figure import Explained, MissingFigure, Unattainable

from .plan_from import plan_from

TODAY = dt.date(2026, 11, 20)
ONLINE: dict[str, Any] = {
    "requests per day": 8_640_000,
    "peak factor": 1.4,
    "seconds per prediction": 0.15,
    "predictions at a time per server": 3,
    "planned load": 0.7,
    "spare servers": 0,
}
BATCH: dict[str, Any] = {
    "predictions per run": 5_040_000,
    "hours per run": 2,
    "predictions a second per worker": 50,
    "planned load": 0.7,
}


def snapshot(
    load: dict[str, Any],
    mode: str = "",
    business: dict[str, Any] | None = None,
    technical: dict[str, Any] | None = None,
) -> Snapshot:
    answers: dict[str, Any] = {"arch-load": {"values": load}}
    if mode:
        answers["arch-mode"] = {"verdict": mode}
    plan = plan_from(
        {
            "board /board": {},
            "project p/p": {"title": "P", "phase": "plan"},
            "assessment p/assessment": {"answers": answers},
            "requirements p/requirements": {"business": business or {}, "technical": technical or {}},
        }
    )
    return Snapshot.of(plan, shipped(), TODAY)


def result(found: Sizing, name: str) -> Sized:
    (one,) = [one for one in found.results if one.id == name]
    return one


def test_servers_follow_from_the_peak_of_the_day():
    """8.64 million a day are 100 a second, 140 at peak: 140 × 0.15 / (3 × 0.7) is 10 exactly."""
    found = size(snapshot(ONLINE), "p")
    assert result(found, "peak-load").value == pytest.approx(140)
    assert result(found, "servers").value == 10
    assert any("14" in step or "21" in step for step in lines_of(result(found, "servers")))


def lines_of(one: Sized) -> tuple[str, ...]:
    assert isinstance(one.figure, Explained)
    return one.figure.steps


def test_growth_of_a_year_is_in_the_peak():
    assert result(size(snapshot({**ONLINE, "growth per year": 50}), "p"), "peak-load").value == pytest.approx(
        210
    )


def test_workers_follow_from_the_run():
    """5.04 million / (50 × 7200 × 0.7) is 20 exactly."""
    found = size(snapshot(BATCH, "batch"), "p")
    assert found.mode == "batch"
    assert result(found, "workers").value == 20


def test_a_business_requirement_says_an_input_before_an_answer_and_is_served():
    business = {"rush": {"title": "A busy day", "about": "requests per second at peak", "figure": 280}}
    found = size(snapshot(ONLINE, business=business), "p")
    servers = result(found, "servers")
    assert (servers.value, servers.serves) == (20, ("rush",))
    out = {"rush": {**business["rush"], "in_scope": False}}
    assert result(size(snapshot(ONLINE, business=out), "p"), "servers").value == 10


def test_what_is_missing_is_said_and_the_rest_is_worked_out():
    found = size(snapshot({"requests per day": 86_400}), "p")
    assert result(found, "peak-load").value == 1
    servers = result(found, "servers").figure
    assert isinstance(servers, MissingFigure)
    assert (servers.missing, servers.question) == ("seconds per prediction", "arch-load")


def test_a_latency_below_the_time_of_one_prediction_cannot_be_met():
    latency = {"fast": {"title": "Fast", "about": "p95 latency", "figure": 100}}
    found = result(size(snapshot(ONLINE, business=latency), "p"), "servers").figure
    assert isinstance(found, Explained)
    assert any("cannot be met" in note for note in found.notes)


def test_mode_follows_from_the_latency_where_nothing_says_it():
    for milliseconds, mode in ((200, "real-time request"), (30_000, "stream"), (3_600_000, "batch")):
        latency = {"fast": {"title": "Fast", "about": "p95 latency", "figure": milliseconds}}
        assert size(snapshot(ONLINE, business=latency), "p").mode == mode


def test_the_queue_and_the_store():
    more = {"minutes without consumers": 30, "days results are kept": 100, "bytes per result": 1000}
    found = size(snapshot({**ONLINE, **more}), "p")
    assert result(found, "queue").value == pytest.approx(140 * 1800)
    assert result(found, "results-store").value == pytest.approx(8_640_000 * 100 * 1000 / 1e9)


def test_cost_is_held_against_its_limit():
    limit = {"cheap": {"title": "Cheap", "about": "cost per 1000 predictions", "figure": 0.01}}
    found = result(size(snapshot({**ONLINE, "price per hour": 1.2}, business=limit), "p"), "unit-cost").figure
    assert isinstance(found, Explained)
    assert found.value == pytest.approx(10 * 1.2 * 730 / (8_640_000 * 730 / 24) * 1000)
    assert any(note.startswith("above the limit of 0.01") for note in found.notes)


@pytest.mark.parametrize("name", sorted(INPUTS))
@pytest.mark.parametrize("value", [0.0, 1.0, 1e15])
def test_no_input_ends_in_a_crash(name: str, value: float):
    for base in (ONLINE, BATCH):
        found = size(snapshot({**base, name: value}, "batch" if base is BATCH else ""), "p")
        assert all(isinstance(one.figure, Explained | MissingFigure | Unattainable) for one in found.results)


def test_keeping_makes_requirements_that_follow_and_keeping_again_changes_nothing():
    business = {"load": {"title": "Load", "about": "requests per day"}}
    before = snapshot(ONLINE, business=business)
    after = before.with_plan(apply(before.plan, keep(before, "p").changes))
    requirements: Any = after.plan.get(Address("requirements", "p", "requirements"))
    servers = requirements.technical["servers"]
    assert (servers.figure, servers.sized, servers.serves) == (10, "servers", ("load",))
    assert "140 × 0.15" in servers.arithmetic
    assert list(deviations(after, "p")) == []
    assert not keep(after, "p").changes


def test_inputs_on_trial_are_kept_where_they_are_said():
    business = {"load": {"title": "Load", "about": "requests per day", "figure": 8_640_000}}
    before = snapshot(ONLINE, business=business)
    batch = keep(before, "p", {"requests per day": 17_280_000, "seconds per prediction": 0.3})
    plan = apply(before.plan, batch.changes)
    requirements: Any = plan.get(Address("requirements", "p", "requirements"))
    assessment: Any = plan.get(Address("assessment", "p", "assessment"))
    assert requirements.business["load"].figure == 17_280_000
    assert assessment.answers["arch-load"].values["seconds per prediction"] == 0.3
    assert requirements.technical["servers"].figure == 40


def test_of_two_requirements_about_an_input_the_one_that_is_read_takes_the_value_on_trial():
    about = {"about": "requests per day", "figure": 8_640_000}
    business = {"load": {"title": "Load", **about}, "later": {"title": "Load of the second year", **about}}
    before = snapshot(ONLINE, business=business)
    plan = apply(before.plan, keep(before, "p", {"requests per day": 17_280_000}).changes)
    requirements: Any = plan.get(Address("requirements", "p", "requirements"))
    assert [one.figure for one in requirements.business.values()] == [17_280_000, 8_640_000]
    assert requirements.technical["servers"].figure == 20
    assert list(deviations(before.with_plan(plan), "p")) == []


@pytest.mark.parametrize(
    ("kept", "follows"), [(10, True), (12, True), (20, True), (21, False), (9, False), (10.05, True)]
)
def test_a_reserve_still_follows_and_too_little_or_more_than_double_does_not(kept: float, *, follows: bool):
    technical = {"own-name": {"title": "Servers", "sized": "servers", "figure": kept}}
    found = list(deviations(snapshot(ONLINE, technical=technical), "p"))
    assert (not found) == follows
    if found:
        assert said(found[0]) == f"{kept} servers, and 10 servers follow from what it serves"


def test_an_own_requirement_is_brought_up_to_date_and_keeps_its_words():
    technical = {"own-name": {"title": "Boxes", "sized": "servers", "figure": 3, "serves": ["other"]}}
    business = {"other": {"title": "Other"}, "load": {"title": "Load", "about": "requests per day"}}
    before = snapshot(ONLINE, business=business, technical=technical)
    plan = apply(before.plan, keep(before, "p").changes)
    requirements: Any = plan.get(Address("requirements", "p", "requirements"))
    one = requirements.technical["own-name"]
    assert (one.title, one.figure, one.serves) == ("Boxes", 10, ("other", "load"))
    assert "servers" not in requirements.technical


# ---- mode, fallback, exposure, training


def asks(**about: float | None) -> dict[str, Any]:
    return {
        name.replace(" ", "-"): {"title": name, "about": name.replace("_", " "), "figure": figure}
        for name, figure in about.items()
    }


def test_the_mode_is_a_requirement_that_serves_the_latency_it_follows_from():
    business = {"fast": {"title": "Fast", "about": "p95 latency", "figure": 200}}
    one = result(size(snapshot(ONLINE, business=business), "p"), "mode")
    assert (one.value, one.serves) == (200, ("fast",))
    assert lines_of(one) == ("p95 latency 200 ms: real-time request (it follows from that)",)
    said = result(size(snapshot(ONLINE, "batch", business), "p"), "mode").figure
    assert isinstance(said, Explained)
    assert said.notes == ("real-time request would follow from it",)


def test_the_fallback_covers_what_the_availability_leaves():
    """0.1 % of the 43,800 minutes of a month of 730 hours."""
    one = result(size(snapshot(ONLINE, business=asks(availability=99.9)), "p"), "fallback")
    assert one.value == pytest.approx(43.8)
    assert one.serves == ("availability",)
    impossible = result(size(snapshot(ONLINE, business=asks(availability=120)), "p"), "fallback").figure
    assert isinstance(impossible, MissingFigure)


def test_the_exposure_says_who_is_served_by_which_way_and_serves_security_and_regions():
    business = asks(users=40, security=None, regions=None)
    found = size(snapshot(BATCH, "batch", business), "p")
    one = result(found, "exposure")
    assert (one.value, one.serves) == (40, ("users", "security", "regions"))
    assert lines_of(one) == ("40 users get results by a table or a file that they read",)


@pytest.mark.parametrize(
    ("said", "value", "unit"),
    [
        ({"hours per run": 6, "runs": 40}, 240, "GPU-hours"),
        ({"hours per run": 6, "runs": 40, "price per hour": 2.5}, 600, "EUR"),
        ({"parameters": 174.6e9, "tokens": 300e9}, 3.1428e23, "operations"),
        ({"parameters": 1e9, "tokens": 20e9, "peak": 989e12, "utilisation": 0.4}, 84.2602, "GPU-hours"),
    ],
)
def test_training_follows_from_a_measured_run_or_from_the_model(
    said: dict[str, float], value: float, unit: str
):
    """The operations of GPT-3 as published: 3.14e23 (Brown et al. 2020, table D.1)."""
    answers = {"arch-load": {"values": ONLINE}, "data-compute": {"values": said}}
    plan = plan_from(
        {
            "board /board": {},
            "project p/p": {"title": "P", "phase": "plan"},
            "assessment p/assessment": {"answers": answers},
            "requirements p/requirements": {"business": asks(predictive_quality=None)},
        }
    )
    one = result(size(Snapshot.of(plan, shipped(), TODAY), "p"), "training-compute")
    assert isinstance(one.figure, Explained)
    assert (one.figure.value, one.figure.unit) == (pytest.approx(value, rel=1e-4), unit)
    assert one.serves == ("predictive_quality",)


def test_a_queue_holds_whole_messages():
    found = result(size(snapshot({"requests per day": 1000, "minutes without consumers": 10}), "p"), "queue")
    assert found.value == 7


def test_what_costs_money_is_in_the_currency_of_the_board():
    found = result(size(snapshot({**ONLINE, "price per hour": 1.2}), "p"), "unit-cost").figure
    assert isinstance(found, Explained)
    assert found.unit == "EUR"


def test_servers_that_were_kept_do_not_follow_on_the_device_nor_for_batches():
    technical = {"own": {"title": "Servers", "sized": "servers", "figure": 10}}
    for mode in ("on the device", "batch"):
        (one,) = deviations(snapshot(ONLINE, mode, technical=technical), "p")
        assert said(one) == f"10, and nothing of that kind follows for the mode {mode}"
    technical["own"]["in_scope"] = False
    assert not list(deviations(snapshot(ONLINE, "batch", technical=technical), "p"))

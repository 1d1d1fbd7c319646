"""What follows from a change to a plan, and which changes it comes from."""

from __future__ import annotations

import copy
import datetime as dt
from dataclasses import replace
from random import Random
from typing import Any

import pytest

from kedge.model.playbook import shipped
from kedge.model.records.address import Address
from kedge.model.review import outcome
from kedge.model.review.changes import Difference, difference_of
from kedge.model.review.consequence import Consequence
from kedge.model.review.outcome import cost_shift
from kedge.model.review.policy import broken_by, policy_of
from kedge.model.review.report import Report, not_counted
from kedge.model.review.review import SAME_PLAN, Review, changes_only, review
from kedge.model.review.words import Wording
from kedge.model.snapshot.snapshot import Snapshot

from .plan_from import plan_from

TODAY = dt.date(2026, 11, 20)
Values = dict[str, dict[str, Any]]
BASE: Values = {
    "board /board": {"format": 1, "currency": "EUR"},
    "person /mira": {"name": "Mira", "day_rate": 600},
    "person /sam": {"name": "Sam", "day_rate": 500},
    "person /ines": {"name": "Ines", "day_rate": 500},
    "project churn/churn": {"title": "Churn", "phase": "execute", "rank": "a0"},
    "project fraud/fraud": {"title": "Fraud", "phase": "execute", "rank": "a1"},
    "strategy churn/strategy": {
        "milestones": {"live": {"title": "Live", "due": dt.date(2026, 12, 18)}},
        "metrics": {"recall": {"title": "Recall", "target": 0.3}},
        "stages": {"mvp": {"cap": 20_000}},
    },
    "strategy fraud/strategy": {"milestones": {"rules": {"title": "Rules live"}}},
    "card churn/labels-2b3c": {"title": "Labels", "place": "execute", "owner": "mira", "estimate": [2, 3, 5]},
    "card churn/table-7k2m": {
        "title": "Table",
        "place": "execute",
        "owner": "sam",
        "estimate": [2, 3, 5],
        "needs": ["labels-2b3c"],
        "milestone": "live",
    },
    "card churn/notes-4d5f": {"title": "Notes", "place": "execute", "owner": "sam", "estimate": [1, 1, 2]},
    "card fraud/rules-9x4p": {
        "title": "Rules",
        "place": "execute",
        "owner": "ines",
        "estimate": [3, 5, 8],
        "milestone": "rules",
    },
}


def changed(**edits: dict[str, Any] | None) -> Values:
    """The base with some records changed: a table is laid over, None takes the record away."""
    values = copy.deepcopy(BASE)
    for name, data in edits.items():
        if data is None:
            del values[name]
        else:
            values[name] = {**values.get(name, {}), **data}
    return values


def difference(after: Values, before: Values = BASE) -> Difference:
    sides = (Snapshot.of(plan_from(values), shipped(), TODAY) for values in (before, after))
    return difference_of(*sides)


def reviewed(**edits: dict[str, Any] | None) -> Review:
    return review(difference(changed(**edits)))


def of_kind(found: Review, kind: str) -> list[Consequence]:
    return [one for one in found.consequences if one.kind == kind]


def test_an_unrelated_card_changes_no_date_and_no_percentile() -> None:
    new = {"title": "Apart", "place": "execute", "skill": "drawing", "estimate": [1, 9, 30]}
    found = reviewed(**{"card churn/apart-5d6f": new})
    assert not [one for one in of_kind(found, "date") if one.about.kind == "milestone"]
    assert not [row for row in found.table if "live" in row.name or "rules" in row.name]
    assert of_kind(found, "scope")[0].because == ("apart-5d6f",)


@pytest.mark.parametrize("seed", range(5))
def test_a_card_without_link_and_person_in_common_moves_nothing(seed: int) -> None:
    """In a plan with many cards of other people, whatever the new card is."""
    random = Random(seed)
    values = changed()
    for number in range(30):
        values[f"card fraud/card-{number:02d}"] = {
            "title": f"Card {number}",
            "place": "execute",
            "owner": random.choice(("mira", "sam", "ines")),
            "estimate": sorted(random.sample(range(1, 20), 3)),
            "milestone": "rules",
        }
    new = {"title": "New", "place": "execute", "estimate": sorted(random.sample(range(1, 40), 3))}
    found = review(difference({**values, "card fraud/new-8h9j": new}, values))
    assert not [one for one in of_kind(found, "date") if one.about.kind == "milestone"]


def test_a_slip_moves_its_milestone_and_only_it() -> None:
    found = reviewed(**{"card churn/table-7k2m": {"estimate": [4, 9, 30]}})
    (one,) = of_kind(found, "date")
    assert (one.about.id, one.because) == ("live", ("table-7k2m",))
    assert one.later > 3
    assert {row.name.split()[0] for row in found.table} >= {"churn/live", "total"}
    assert not any("rules" in row.name for row in found.table)
    assert found.unmoved == 1


def test_each_consequence_names_the_change_that_causes_it() -> None:
    found = reviewed(
        **{
            "card churn/table-7k2m": {"estimate": [8, 9, 30]},
            "card churn/notes-4d5f": {"title": "Notes on labels"},
            "card fraud/rules-9x4p": {"estimate": [9, 12, 20]},
            "risk churn/late": {"title": "Labels come late", "chance": 4, "impact": 5},
        }
    )
    dates = {one.about.id: one.because for one in of_kind(found, "date")}
    assert dates == {"live": ("table-7k2m",), "rules": ("rules-9x4p",)}
    assert [one.because for one in of_kind(found, "risk")] == [("late",)]
    ids = {change.address.id for change in found.difference.changes}
    assert all(one.because and ids.issuperset(one.because) for one in found.consequences)


def test_of_two_changes_on_one_chain_the_one_that_does_nothing_is_not_named() -> None:
    found = reviewed(
        **{
            "card churn/labels-2b3c": {"estimate": [10, 12, 20]},
            "card churn/notes-4d5f": {"estimate": [1, 2, 2]},
        }
    )
    (one,) = of_kind(found, "date")
    assert one.because == ("labels-2b3c",)


def test_two_changes_of_which_either_is_enough_are_both_named() -> None:
    """Labels end on Friday evening, and Table may start on Monday: either alone leaves the milestone where it is."""
    before = changed(**{"card churn/labels-2b3c": {"estimate": [3, 3, 3]}})
    after = copy.deepcopy(before)
    after["card churn/labels-2b3c"]["not_before"] = dt.date(2027, 1, 6)
    after["card churn/table-7k2m"]["not_before"] = dt.date(2027, 1, 11)
    (one,) = of_kind(review(difference(after, before)), "date")
    assert set(one.because) == {"table-7k2m", "labels-2b3c"}


def test_a_milestone_later_than_due_is_dangerous_and_in_the_verdict() -> None:
    found = reviewed(**{"card churn/table-7k2m": {"estimate": [20, 30, 60]}})
    assert [one.kind for one in found.dangerous] == ["budget", "date"]
    assert found.consequences[: len(found.dangerous)] == found.dangerous
    assert '"Live" P80' in found.verdict
    assert "cap of stage mvp" in found.verdict


def test_a_due_date_that_moved_before_the_work_is_seen() -> None:
    values = {"milestones": {"live": {"title": "Live", "due": dt.date(2026, 11, 23)}}}
    found = reviewed(**{"strategy churn/strategy": values})
    assert [one.kind for one in found.dangerous] == ["date"]


def test_a_lowered_target_is_first_and_a_decision_excuses_it() -> None:
    lowered = {"metrics": {"recall": {"title": "Recall", "target": 0.25}}}
    found = reviewed(**{"strategy churn/strategy": lowered})
    assert (found.consequences[0].kind, found.consequences[0].severity) == ("goal", "error")
    assert "moved after work began" in found.verdict
    decision = {"title": "Lower it", "changes": ["metrics.recall.target"]}
    excused = reviewed(**{"strategy churn/strategy": lowered, "decision churn/lower": decision})
    (goal,) = of_kind(excused, "goal")
    assert (goal.is_dangerous, goal.because) == (False, ("strategy", "lower"))
    assert "moved by decision" in goal.text


def test_money_scope_and_total_have_rows() -> None:
    found = reviewed(**{"card churn/more-5d6f": {"title": "More", "owner": "mira", "estimate": [2, 3, 4]}})
    rows = {row.name: row for row in found.table}
    assert rows["churn scope"].change == "+1 card, +3 days"
    assert rows["total"].change == "+1 card, +3 days"
    assert int(rows["churn budget P80"].change.replace(",", "")) > 1_500
    (money,) = of_kind(found, "budget")
    assert money.because == ("more-5d6f",)


def test_newly_ready_and_newly_blocked_cards_name_what_did_it() -> None:
    done = reviewed(**{"card churn/labels-2b3c": {"status": "done"}})
    (ready,) = of_kind(done, "ready")
    assert (ready.about.id, ready.because) == ("table-7k2m", ("labels-2b3c",))
    held = reviewed(**{"card churn/notes-4d5f": {"blocked": "waits for the vendor"}})
    (blocked,) = of_kind(held, "blocked")
    assert (blocked.because, blocked.detail) == (("notes-4d5f",), "waits for the vendor")


def test_a_slip_behind_an_unchanged_remaining_is_said() -> None:
    doing = {"status": "doing", "remaining": 1}
    before = changed(**{"card churn/table-7k2m": doing})
    after = changed(**{"card churn/table-7k2m": {**doing, "estimate": [9, 12, 20]}})
    (one,) = of_kind(review(difference(after, before)), "date")
    assert "its remaining work stays at 1, so it moves no date" in one.text
    assert one.later == 0


def test_what_could_not_be_counted_is_counted() -> None:
    edits = {"card churn/notes-4d5f": {"estimate": [1]}, "card churn/b-5d6f": {"title": "B", "owner": "karl"}}
    assert dict(reviewed(**edits).not_counted) == {"cards without estimate": 1, "people without rate": 1}


@pytest.mark.parametrize(("last", "count"), [(20, 2), (25, 1)])
def test_a_card_that_loses_its_place_makes_its_milestone_no_better(last: int, count: int) -> None:
    """Without the card the milestone is reached earlier, and that is no good news."""
    found = reviewed(**{"person /sam": {"end": dt.date(2026, 11, last)}})
    assert dict(found.not_counted) == {"cards that cannot be scheduled": count}
    assert found.verdict == 'churn: "Live" without 1 card that cannot be scheduled'
    (one,) = found.dangerous
    assert (one.severity, one.because) == ("error", ("sam",))
    assert one.text.endswith("; without 1 card that cannot be scheduled")
    assert broken_by(policy_of(["date:30d"]), found.consequences) == [one]


def test_a_milestone_whose_only_card_loses_its_place_has_no_date_any_more() -> None:
    (one,) = reviewed(**{"person /ines": {"end": dt.date(2026, 11, 20)}}).dangerous
    assert '"Rules live" (fraud/rules) has no date any more (was ' in one.text


def test_a_chance_with_which_a_milestone_is_not_reached_at_all_is_never() -> None:
    found = reviewed(**{"person /sam": {"end": dt.date(2026, 11, 30)}})
    assert [(row.before, row.after) for row in found.table if row.name == "churn/live P80"] == [
        ("Tue 1 Dec", "never")
    ]
    assert broken_by(policy_of(["date:3d"]), found.consequences)


def test_the_same_plan_has_no_consequence() -> None:
    found = reviewed()
    assert (found.verdict, found.consequences, found.difference.is_same_plan) == (SAME_PLAN, (), True)


def test_an_order_is_one_line_for_a_column_and_has_no_fields() -> None:
    before = changed(
        **{
            f"card churn/{name}": {"rank": rank}
            for name, rank in (("labels-2b3c", "a0"), ("table-7k2m", "a1"), ("notes-4d5f", "a2"))
        }
    )
    after = copy.deepcopy(before)
    after["card churn/notes-4d5f"]["rank"] = "Zz"
    found = difference(after, before)
    assert (found.records, found.is_same_plan) == ((), False)
    (order,) = found.reordered
    assert (order.where, [one.id for one in order.moved], order.count) == ("execute", ["notes-4d5f"], 3)
    after["card churn/notes-4d5f"]["rank"] = "a3"
    assert difference(after, before).is_same_plan


def test_a_gate_that_closes_and_a_phase_that_changes_are_told() -> None:
    moved = reviewed(**{"project fraud/fraud": {"phase": "iterate"}})
    (one,) = of_kind(moved, "gate")
    assert "from execute to iterate" in one.text
    assert one.because == ("fraud",)


def test_without_consequences_only_goals_are_said() -> None:
    lowered = {"metrics": {"recall": {"title": "Recall", "target": 0.25}}}
    found = changes_only(
        difference(
            changed(**{"strategy churn/strategy": lowered, "card churn/table-7k2m": {"estimate": [9, 9, 9]}})
        )
    )
    assert {one.kind for one in found.consequences} == {"goal"}
    assert found.table == ()


def test_overload_and_limits_of_work_in_progress() -> None:
    before = changed(**{"board /board": {"limits": {"doing_per_person": 1}}})
    after = copy.deepcopy(before)
    for name in ("table-7k2m", "notes-4d5f"):
        after[f"card churn/{name}"]["status"] = "doing"
    found = [one for one in of_kind(review(difference(after, before)), "overload") if one.is_dangerous]
    assert [(one.about.id, one.because) for one in found] == [("sam", ("table-7k2m", "notes-4d5f"))]


def test_what_was_missed_is_said_and_nothing_else() -> None:
    assert (
        not_counted([("cards without estimate", 0), ("people without rate", 0)]) == "Everything was counted"
    )
    assert (
        not_counted([("cards without estimate", 1), ("people without rate", 0)])
        == "Not counted: 1 card without estimate"
    )


def coverage(found: Review) -> str:
    return Report(found, "a", "b", "", "", "plan", "kedge diff", Wording(TODAY, "EUR")).coverage


def test_a_large_plan_gets_fewer_runs_and_says_how_far_off_they_may_be(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    slipped = {"card churn/table-7k2m": {"estimate": [2, 20, 90]}}
    usual = reviewed(**slipped)
    assert (usual.runs, usual.sampling_error) == (1000, 0)
    assert "runs" not in coverage(usual)
    monkeypatch.setattr(outcome, "MOST_CARD_RUNS", 300)
    few = reviewed(**slipped)
    assert few.runs == 100  # 300 for three cards
    assert few.sampling_error >= few.shift_error >= 1
    assert f"from {few.runs} runs and may be off by" in coverage(few)
    assert any(row.name.endswith("P80") for row in few.table)


def test_a_plan_too_large_for_percentiles_has_dates_and_expected_costs(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    slipped = {"card churn/table-7k2m": {"estimate": [2, 20, 90]}}
    monkeypatch.setattr(outcome, "MOST_CARD_RUNS", 10)
    none = reviewed(**slipped)
    assert (none.runs, none.sampling_error) == (None, 0)
    assert "without P50 and P80 (--runs N works them out)" in coverage(none)
    assert not [row for row in none.table if "P50" in row.name or "P80" in row.name]
    (cost,) = [row for row in none.table if row.name == "churn expected cost"]
    # Sam's day is 500, the contingency 15 %: the mean of 2, 20 and 90 is 28.67, and that of 2, 3 and 5 is 3.17.
    assert cost.change == "+14,663"
    assert broken_by(policy_of(["budget:5%"]), none.consequences)


def test_a_shift_of_every_run_is_sure_and_one_that_a_few_runs_make_is_not() -> None:
    before = [float(one % 97) for one in range(1000)]
    moved = cost_shift(before, [one + 2 for one in before], 0.8)
    assert (moved.by, moved.error, moved.sure) == (2, 0, 2)
    other = Random(3).sample(before, len(before))
    other[other.index(max(other))] += 50
    crossed = cost_shift(before, [one + 2 for one in other], 0.8)
    assert crossed.error > 2
    assert crossed.sure == 0


@pytest.mark.parametrize("seed", range(3))
def test_the_error_of_a_shift_holds_what_other_draws_say(seed: int) -> None:
    """Pairs that are 0.9 correlated, with no shift: in some 19 of 20 draws the error is larger than the shift."""
    random = Random(seed)
    held = 0
    for _ in range(100):
        common = [random.gauss(0, 1000) for _ in range(300)]
        before, after = ([one + random.gauss(0, 300) for one in common] for _ in range(2))
        held += cost_shift(before, after, 0.8).sure == 0
    assert held >= 85


def hidden(values: Values, *names: str) -> Snapshot:
    """The plan where the files of some records cannot be read."""
    found = Snapshot.of(
        plan_from({name: one for name, one in values.items() if name not in names}), shipped(), TODAY
    )
    places = [(*name.replace("/", " ").split(" "),) for name in names]
    return replace(found, unreadable=frozenset(Address(kind, project, one) for kind, project, one in places))


TABLE = "card churn/table-7k2m"


@pytest.mark.parametrize("broken", ["before", "after", "both"])
def test_a_file_that_cannot_be_read_on_a_side_is_neither_gone_nor_the_same(broken: str) -> None:
    slipped = changed(**{TABLE: {"estimate": [2, 20, 90]}})
    before = hidden(BASE, *([TABLE] if broken != "after" else []))
    after = hidden(slipped, *([TABLE] if broken != "before" else []))
    place = Address("card", "churn", "table-7k2m")
    found = difference_of(before, after, differing={place})
    assert (found.records, found.uncompared) == ((), {place})
    assert not found.is_same_plan
    said = review(found)
    assert (said.consequences, said.verdict) == ((), "1 file cannot be compared")
    assert ("files unreadable", 1) in said.not_counted


def test_a_file_that_cannot_be_read_and_has_not_changed_hides_nothing() -> None:
    found = difference_of(hidden(BASE, TABLE), hidden(BASE, TABLE), differing=())
    assert (found.is_same_plan, found.uncompared) == (True, frozenset())


def test_what_else_differs_is_said_beside_a_file_that_cannot_be_read() -> None:
    after = hidden(changed(**{"card churn/notes-4d5f": {"estimate": [9, 9, 9]}}), TABLE)
    found = review(difference_of(hidden(BASE), after))
    assert [one.address.id for one in found.difference.records] == ["notes-4d5f"]
    assert found.verdict.startswith("1 file cannot be compared; ")
    assert not [one for one in of_kind(found, "scope") if one.about.id == "table-7k2m"]


def test_links_that_are_not_opened_are_marked_wherever_a_change_names_them() -> None:
    place = "assessment churn/assessment"
    before = changed(**{place: {"answers": {"disc-fit": {"verdict": 4}}}})
    answer = {"verdict": 4, "evidence": ["https://example.org/x", "docs/y.md"]}
    after = changed(**{place: {"answers": {"disc-fit": answer}}})
    (one,) = difference(after, before).records
    said = " ".join(Wording(TODAY, "EUR").lines(one))
    assert "https://example.org/x (not checked)" in said
    assert "docs/y.md (" not in said


def test_a_card_that_only_changed_its_words_is_behind_no_cost() -> None:
    found = reviewed(
        **{
            "card churn/table-7k2m": {"estimate": [8, 9, 30]},
            "card churn/notes-4d5f": {"title": "Notes on labels", "notes": "More of them."},
            "board /board": {"title": "Another name"},
        }
    )
    assert {one.because for one in of_kind(found, "budget")} == {("table-7k2m",)}


def test_what_is_said_calls_things_by_their_titles() -> None:
    lowered = {"metrics": {"recall": {"title": "Recall of the list", "target": 0.25}}}
    found = reviewed(
        **{
            "strategy churn/strategy": lowered,
            "card churn/table-7k2m": {"estimate": [8, 9, 30], "owner": "mira"},
        }
    )
    assert found.verdict.startswith('goal of churn moved after work began: "Recall" target 0.3 → 0.25')
    (goal,) = of_kind(found, "goal")
    assert '"Recall" (recall) target 0.3 → 0.25' in goal.text
    titles = {row.name: row.called for row in found.table}
    assert titles["churn/live P80"] == "churn: Live P80"
    assert titles["churn scope"] == "churn scope"


def test_a_dropped_project_is_named_in_the_verdict_with_what_it_saves() -> None:
    found = reviewed(**{"project fraud/fraud": {"state": "dropped"}})
    assert found.verdict.startswith("fraud is dropped (-")
    (gone,) = [one for one in of_kind(found, "date") if one.about.id == "rules"]
    assert "is not planned any more" in gone.text

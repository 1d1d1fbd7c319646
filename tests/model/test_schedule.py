"""The schedule: what decisions say of each case, random plans looked at from outside, reasons, slack and drag."""

from __future__ import annotations

import datetime as dt
from random import Random
from typing import Any

import pytest

from kedge.model.capacity.calendar import in_days
from kedge.model.derived.derived import Derived
from kedge.model.edit.edits import edit
from kedge.model.plan.plan import Plan
from kedge.model.schedule.dates import Placed
from kedge.model.schedule.load import Week
from kedge.model.schedule.schedule import Schedule, schedule
from kedge.tests.effort import times

from .plan_from import plan_from
from .schedule_cases import DAY, TODAY, Days, broken_rules, random_plan, schedule_of, snapshot_of

SEEDS = range(times(250, 5000))
BOARD = {"format": 1}
MONDAY = dt.date(2026, 11, 23)
"""The day after today (a Friday) and its weekend."""


def card(**fields: Any) -> dict[str, Any]:
    return {"title": "A card", "place": "execute", "estimate": [1], **fields}


def plan(**cards: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """One project with ana, who works all the time, and these cards."""
    records = {
        "board /board": BOARD,
        "project churn/churn": {"title": "Churn"},
        "person /ana": {"name": "Ana"},
    }
    return {**records, **{f"card churn/{name}": fields for name, fields in cards.items()}}


def after(store: Derived, name: str, fields: dict[tuple[str, ...], object]) -> Derived:
    """The store of the next state, in which one card has other fields."""
    step = edit(store.plan, store.plan.cards[name].address, fields)
    return store.after(store.snapshot.after(step.changes), step.changes)


def span(made: Schedule, name: str) -> tuple[str, str]:
    """First and last half day of a card."""
    one = made.cards[name]
    axis = made.axis
    first = f"{made.dates.start_date(one)} {axis.half(one.start)}"
    return first, f"{made.dates.end_date(one)} {axis.half(one.end - 1)}"


def codes(made: Schedule) -> list[tuple[str, str]]:
    return [(one.code, one.id) for one in made.problems]


# ---- random plans


@pytest.mark.parametrize("first", range(0, len(SEEDS), 25))
def test_a_schedule_does_nothing_that_the_plan_does_not_allow(first: int) -> None:
    placed = 0
    for seed in SEEDS[first : first + 25]:
        whole = random_plan(seed)
        made = schedule(snapshot_of(whole), effort=20)
        assert list(broken_rules(whole, made)) == [], seed
        said = " ".join(f"{one.message} {one.id}" for one in made.problems)
        assert [name for name in made.dates.tasks if name not in made.cards and name not in said] == [], seed
        for name in made.cards:
            assert 0 <= made.free_slack[name] <= made.slack[name], (seed, name)
        placed += len(made.cards)
    assert placed > 100


@pytest.mark.parametrize("first", range(0, len(SEEDS), 25))
def test_every_start_has_a_reason_that_binds(first: int) -> None:
    for seed in SEEDS[first : first + 25]:
        whole = random_plan(seed)
        made = schedule(snapshot_of(whole), effort=0)
        for one, reason in made.reasons.all():
            assert binds(whole, made, one), (seed, one.task.id, reason)


def binds(whole: Plan, made: Schedule, one: Placed) -> bool:
    """Whether the reason of a card is one, by code that does not look at how it was found."""
    reason, card = made.reasons.of(one), whole.cards[one.task.id]
    days = Days(whole, TODAY)
    slots = [slot for slot in range(made.axis.horizon) if made.axis.date(slot) >= TODAY]
    mine = [
        slot
        for slot in slots[: one.start - slots[0] + 1]
        if one.person is None or days.works(one.person, card.project, made.axis.date(slot))
    ]
    start = made.axis.date(one.start)
    match reason.kind:
        case "today":
            return card.status == "doing" or one.start == slots[0]
        case "fixed":
            return made.dates.start_date(one) == card.fixed
        case "not_before":
            return card.not_before is not None and card.not_before <= start <= card.not_before + DAY * 20
        case "project":
            began = whole.projects[card.project].started
            return reason.of == card.project and began is not None and began <= start
        case "calendar":
            away = made.axis.date(one.start - 1)
            return reason.of == one.person and not days.works(one.person, card.project, away)
        case "person":
            before = mine[-2]
            busy = [other for other in made.cards.values() if other.person == one.person and other is not one]
            return reason.of == one.person and any(other.start <= before < other.end for other in busy)
        case "needs":
            need = next(need for need in one.task.needs if need.before == reason.of)
            other = made.cards[need.before]
            moment = (other.end if need.kind[0] == "F" else other.start) + need.lag
            if need.kind[1] == "S":
                return moment == one.start
            # A half day earlier it would end too early.
            ends = [
                slot for slot in range(one.start, one.end) if one.person is None or slot in open_slots(one)
            ]
            return one.end >= moment and (len(ends) < 2 or ends[-2] + 1 < moment)


def open_slots(one: Placed) -> set[int]:
    assert one.calendar is not None
    return set(one.calendar.periods)


@pytest.mark.parametrize("seed", range(times(40)))
def test_drag_is_what_taking_the_work_away_gains(seed: int) -> None:
    made = schedule(snapshot_of(random_plan(seed)), effort=0)
    for name in made.critical:
        one = made.cards[name]
        target = made.targets.target[name]
        again = one.part.scheme.schedule(one.part.order, one.part.schedule.modes, (one.number,))
        ends = [
            again.ends[other.number] if other.part is one.part else other.end
            for other in (made.cards[member] for member in made.members(target))
        ]
        assert made.drag(name) == max(0, made.targets.ends[target] - max(ends)), (seed, name)


@pytest.mark.parametrize("seed", range(times(25)))
def test_an_unrelated_card_moves_nothing(seed: int) -> None:
    whole = random_plan(seed)
    more = plan_from(
        {
            "project other/other": {"title": "Other"},
            "card other/one-zzzz": {"title": "A card", "place": "execute", "owner": "zoe", "estimate": [40]},
            "card other/two-yyyy": {"title": "A card", "place": "execute", "needs": ["one-zzzz"]},
        }
    )
    before = schedule(snapshot_of(whole))
    after = schedule(snapshot_of(Plan({**whole.records, **more.records})))
    for name in before.cards:
        assert span(before, name) == span(after, name)
    assert "two-yyyy" in after.cards


def test_the_order_in_which_files_are_read_moves_nothing() -> None:
    placed = 0
    for seed in SEEDS[:25]:
        whole = random_plan(seed)
        records = list(whole.records.items())
        Random(seed).shuffle(records)
        before, after = schedule(snapshot_of(whole)), schedule(snapshot_of(Plan(dict(records))))
        assert dated(after) == dated(before), seed
        assert {(one.id, one.message) for one in after.problems} == {
            (one.id, one.message) for one in before.problems
        }, seed
        placed += len(before.cards)
    assert placed > 100


def dated(made: Schedule) -> dict[str, tuple[object, ...]]:
    """Dates, who does it, and slack of each card."""
    return {name: (span(made, name), made.cards[name].person, made.slack[name]) for name in made.cards}


# ---- durations


@pytest.mark.parametrize(
    ("fields", "days", "is_assumed"),
    [
        ({"estimate": [2]}, 2, False),
        ({"estimate": [1, 2, 6]}, 2.5, False),
        ({"estimate": [1, 1, 2]}, 1.5, False),
        ({"estimate": [0]}, 0.5, False),
        ({"estimate": None}, 1, True),
        ({"estimate": [5], "remaining": 1}, 5, False),
        ({"estimate": [5], "remaining": 1.2, "status": "doing"}, 1.5, False),
        ({"estimate": [5], "remaining": 0, "status": "doing"}, 0.5, False),
    ],
)
def test_work(fields: dict[str, Any], days: float, is_assumed: bool) -> None:
    given = {name: value for name, value in card(**fields).items() if value is not None}
    one = schedule_of(plan(one=given)).cards["one"]
    assert (in_days(one.task.work), one.task.is_assumed) == (days, is_assumed)


def test_the_board_says_what_a_card_without_an_estimate_takes() -> None:
    made = schedule_of(
        {
            **plan(one={"title": "A card", "place": "execute"}),
            "board /board": {"format": 1, "estimates": {"default": 3}},
        }
    )
    assert in_days(made.cards["one"].task.work) == 3


def test_two_days_at_half_the_time_take_four_days() -> None:
    values = plan(one=card(owner="ana", estimate=[2]))
    values["strategy churn/strategy"] = {"people": {"ana": {"share": 0.5}}}
    assert span(schedule_of(values), "one") == ("2026-11-20 am", "2026-11-25 pm")


# ---- states


def test_done_and_dropped_cards_and_closed_projects_are_left_out() -> None:
    values = plan(
        a=card(status="done"), b=card(status="dropped"), c=card(needs=["a FS+9d", "b"]), d=card(needs=["e"])
    )
    values["project hold/hold"] = {"title": "On hold", "state": "hold"}
    values["card hold/e"] = card()
    made = schedule_of(values)
    assert list(made.cards) == ["c", "d"]
    assert span(made, "c")[0] == span(made, "d")[0] == "2026-11-20 am"
    assert codes(made) == [("P109", "d")]


def test_work_in_progress_goes_on_today_and_waits_for_nothing() -> None:
    made = schedule_of(
        plan(
            a=card(owner="ana"),
            b=card(
                owner="ana",
                status="doing",
                needs=["a"],
                not_before=dt.date(2027, 1, 4),
                estimate=[3],
                remaining=1,
            ),
            c=card(blocked="no licence"),
        )
    )
    assert span(made, "b") == ("2026-11-20 am", "2026-11-20 pm")
    assert made.reasons.of(made.cards["a"]).card == "b"
    assert span(made, "c")[0] == "2026-11-20 am"
    assert ("P116", "b") in codes(made)


def test_a_pin_is_never_moved() -> None:
    made = schedule_of(
        plan(
            past=card(fixed=TODAY - DAY * 7, estimate=[1]),
            sunday=card(fixed=dt.date(2026, 11, 29), owner="ana"),
            early=card(fixed=MONDAY, needs=["long"]),
            long=card(estimate=[5]),
            clash=card(fixed=dt.date(2026, 11, 30), owner="ana"),
            after=card(owner="ana", estimate=[9]),
        )
    )
    assert [span(made, name)[0][:10] for name in ("past", "sunday", "early", "clash")] == [
        "2026-11-13",
        "2026-11-29",
        "2026-11-23",
        "2026-11-30",
    ]
    found = codes(made)
    assert ("P114", "past") in found
    assert {name for code, name in found if code == "P113"} == {"sunday", "early", "clash"}
    assert span(made, "after") == ("2026-12-01 am", "2026-12-11 pm")


def test_nothing_else_is_scheduled_in_the_past() -> None:
    made = schedule_of(
        plan(a=card(not_before=TODAY - DAY * 30), b=card(fixed=TODAY - DAY * 30), c=card(needs=["b"]))
    )
    assert span(made, "a")[0] == span(made, "c")[0] == "2026-11-20 am"


def test_on_a_day_off_work_begins_with_the_next_working_day() -> None:
    made = schedule(snapshot_of(plan_from(plan(a=card())), TODAY + DAY))
    assert span(made, "a") == ("2026-11-23 am", "2026-11-23 pm")
    assert made.reasons.of(made.cards["a"]).kind == "today"


# ---- links


@pytest.mark.parametrize(
    ("link", "start"),
    [
        ("", "2026-11-24 am"),
        (" FS+1d", "2026-11-25 am"),
        (" FS-0.5d", "2026-11-23 pm"),
        (" SS+1.5d", "2026-11-23 pm"),
        (" FF", "2026-11-23 am"),
        (" FF+2d", "2026-11-25 am"),
        (" SF+3d", "2026-11-24 am"),
    ],
)
def test_links_count_working_days_of_the_board(link: str, start: str) -> None:
    made = schedule_of(plan(a=card(estimate=[2]), b=card(needs=[f"a{link}"])))
    assert span(made, "b")[0] == start
    assert (made.reasons.of(made.cards["b"]).kind, made.reasons.of(made.cards["b"]).of) == ("needs", "a")


def test_a_loop_and_what_waits_for_it_are_named_and_left_out() -> None:
    made = schedule_of(
        plan(a=card(needs=["b"]), b=card(needs=["a"]), c=card(needs=["b"]), d=card(), e=card(needs=["e"]))
    )
    assert list(made.cards) == ["d"]
    loops = [one for one in made.problems if one.code == "R202"]
    assert [one.id for one in loops] == ["a", "e"]
    assert "a → b → a" in loops[0].message
    assert "c" in loops[0].message.split("too: ")[1]


# ---- people


def test_a_person_does_one_card_at_a_time_in_the_order_of_the_board() -> None:
    made = schedule_of(plan(a=card(owner="ana", rank="b"), b=card(owner="ana", rank="a")))
    assert (span(made, "b")[0], span(made, "a")[0]) == ("2026-11-20 am", "2026-11-23 am")
    reason = made.reasons.of(made.cards["a"])
    assert (reason.kind, reason.of, reason.card) == ("person", "ana", "b")


def test_due_dates_come_before_the_order_of_the_board() -> None:
    made = schedule_of(plan(a=card(owner="ana", rank="a"), b=card(owner="ana", rank="b", due=TODAY)))
    assert span(made, "b")[0] == "2026-11-20 am"
    assert not made.late(made.cards["b"])


def test_projects_share_a_person_up_to_their_whole_time() -> None:
    values = plan(a=card(owner="ana"))
    for project in ("fraud", "demand"):
        values[f"project {project}/{project}"] = {"title": project}
        values[f"card {project}/{project}-card"] = card(owner="ana", estimate=[2])
        values[f"strategy {project}/strategy"] = {"people": {"ana": {"share": 0.5}}}
    made = schedule_of(values)
    assert span(made, "a") == ("2026-11-20 am", "2026-11-20 pm")
    assert span(made, "fraud-card") == span(made, "demand-card") == ("2026-11-23 am", "2026-11-26 pm")


def test_a_skill_is_done_by_whoever_is_done_with_it_first() -> None:
    values = plan(a=card(owner="ana", estimate=[3]), b=card(skill="sql"), c=card(skill="sql"))
    values["person /ana"] = {"name": "Ana", "skills": ["sql"]}
    values["person /ben"] = {"name": "Ben", "skills": ["sql"]}
    made = schedule_of(values)
    assert [made.cards[name].person for name in ("a", "b", "c")] == ["ana", "ben", "ben"]


def test_who_is_away_goes_on_with_the_card_afterwards() -> None:
    values = plan(one=card(owner="ana", estimate=[2]), two=card(owner="ana"))
    values["person /ana"] = {
        "name": "Ana",
        "absences": {"ski": {"first": MONDAY, "last": MONDAY + DAY}},
        "start": TODAY,
    }
    made = schedule_of(values)
    assert span(made, "one") == ("2026-11-20 am", "2026-11-25 pm")
    values["card churn/one"]["not_before"] = MONDAY
    made = schedule_of(values)
    reason = made.reasons.of(made.cards["one"])
    assert (span(made, "one")[0], reason.kind, reason.of) == ("2026-11-25 am", "calendar", "ana")
    assert span(made, "two")[0] == "2026-11-20 am"


@pytest.mark.parametrize(
    ("person", "said"),
    [
        ({"end": TODAY}, "is there until"),
        ({"end": TODAY - DAY * 90}, "is there until"),
        ({"share": 0.0}, "has no time"),
    ],
)
def test_who_cannot_finish_a_card_is_named_and_what_waits_for_it_too(
    person: dict[str, Any], said: str
) -> None:
    values = plan(a=card(owner="ana", estimate=[3]), b=card(needs=["a"]), c=card())
    values["person /ana"] = {"name": "Ana", **person}
    made = schedule_of(values)
    assert list(made.cards) == ["c"]
    assert codes(made) == [("P115", "a"), ("P109", "b")]
    assert said in made.problems[0].message


def test_who_leaves_before_there_is_time_is_named() -> None:
    values = plan(a=card(owner="ana", estimate=[3]), b=card(owner="ana", estimate=[3], rank="b"))
    values["person /ana"] = {"name": "Ana", "end": TODAY + DAY * 6}
    made = schedule_of(values)
    assert (list(made.cards), codes(made)) == (["a"], [("P115", "b")])


def test_a_person_hired_after_the_due_date_makes_the_card_late() -> None:
    values = plan(a=card(owner="ana", due=MONDAY))
    values["person /ana"] = {"name": "Ana", "start": dt.date(2026, 12, 7)}
    made = schedule_of(values)
    assert (span(made, "a")[0], in_days(made.late(made.cards["a"]))) == ("2026-12-07 am", 10)
    assert codes(made) == [("P111", "a")]


# ---- milestones, slack, drag


def milestones() -> dict[str, dict[str, Any]]:
    values = plan(
        a=card(owner="ana", estimate=[3], milestone="live"),
        b=card(estimate=[1]),
        c=card(estimate=[1], needs=["b"], milestone="live"),
        d=card(estimate=[8]),
    )
    values["strategy churn/strategy"] = {
        "milestones": {
            "live": {"title": "Live", "due": dt.date(2026, 11, 23)},
            "past": {"title": "Past"},
        }
    }
    return values


def test_a_milestone_ends_with_the_last_card_that_leads_to_it() -> None:
    made = schedule_of(milestones())
    live, past = made.milestones["churn", "live"], made.milestones["churn", "past"]
    assert (live.date, in_days(live.late), live.is_done) == (dt.date(2026, 11, 24), 1, False)
    assert (past.date, past.is_done) == (None, True)
    assert ("P110", "live") in codes(made)


def test_slack_and_drag_refer_to_the_milestone_else_to_the_end_of_the_project() -> None:
    made = schedule_of(milestones())
    assert {name: in_days(slack) for name, slack in made.slack.items()} == {"a": 0, "b": 1, "c": 1, "d": 0}
    assert {name: in_days(slack) for name, slack in made.free_slack.items()} == {
        "a": 0,
        "b": 0,
        "c": 1,
        "d": 0,
    }
    assert {name: in_days(made.drag(name)) for name in made.cards} == {"a": 1, "b": 0, "c": 0, "d": 5}
    assert made.last_card(("churn", "live")) == "a"
    slack = made.slack_to(dict.fromkeys(made.before("c"), made.cards["c"].end))
    assert [name for name, days in slack.items() if not days] == ["b", "c"]


def test_slack_counts_what_the_same_people_leave() -> None:
    made = schedule_of(
        plan(a=card(owner="ana", rank="a"), b=card(owner="ana", rank="b"), c=card(estimate=[3]))
    )
    assert {name: in_days(slack) for name, slack in made.slack.items()} == {"a": 1, "b": 1, "c": 0}


def test_the_latest_start_that_meets_a_date_may_have_passed() -> None:
    made = schedule_of(
        plan(
            a=card(estimate=[2]),
            b=card(estimate=[2], needs=["a"], due=dt.date(2026, 11, 27)),
            c=card(estimate=[9], due=TODAY),
        )
    )
    found = {name: made.axis.date(moment) for name, moment in made.latest_starts.items()}
    assert found == {"a": dt.date(2026, 11, 24), "b": dt.date(2026, 11, 26), "c": dt.date(2026, 11, 10)}


# ---- load and hand-overs


def test_load_counts_work_and_overload_comes_from_what_cannot_move() -> None:
    values = plan(
        a=card(owner="ana", status="doing", estimate=[4]),
        b=card(owner="ana", status="doing", estimate=[3]),
        c=card(owner="ana", estimate=[2]),
    )
    values["person /ana"] = {"name": "Ana", "share": 0.8, "team": "red"}
    made = schedule_of(values)
    weeks = made.loads["ana"].weeks
    assert [week.monday for week in weeks] == [dt.date(2026, 11, 16), MONDAY, MONDAY + DAY * 7]
    assert sum(week.load for week in weeks) == pytest.approx(9)
    assert [round(week.capacity, 1) for week in weeks] == [0.8, 4, 4]
    assert made.team_loads["red"].weeks == weeks
    assert weeks[0].over == pytest.approx(0.8)
    assert ("P112", "ana") in codes(made)


def test_hand_overs_join_cards_of_two_teams() -> None:
    values = plan(
        a=card(owner="ana"),
        b=card(owner="ben", needs=["a FS+1d"]),
        c=card(owner="ana", needs=["a"]),
        d=card(needs=["a"]),
    )
    values["person /ana"] = {"name": "Ana", "team": "red"}
    values["person /ben"] = {"name": "Ben", "team": "blue", "start": dt.date(2026, 11, 26)}
    (found,) = schedule_of(values).handovers
    assert (found.giver, found.taker, found.from_team, found.to_team) == ("a", "b", "red", "blue")
    assert (found.date, in_days(found.slack)) == (TODAY, 2)


# ---- bad input


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"estimate": [1e9]}, "P119"),
        ({"estimate": [1e300]}, "P119"),
        ({"needs": ["b FS+9999999d"]}, "P119"),
        ({"not_before": dt.date.max}, "P119"),
        ({"fixed": dt.date.min}, "P119"),
        ({"fixed": dt.date.max}, "P119"),
        ({"skill": "no-such-skill"}, "P115"),
        ({"needs": ["b FS-9999999d"]}, "P119"),
    ],
)
def test_what_makes_no_sense_is_named_and_the_rest_is_scheduled(fields: dict[str, Any], code: str) -> None:
    made = schedule_of(plan(a=card(**fields), b=card(), c=card(due=dt.date.min)))
    assert (code, "a") in codes(made)
    assert {"b", "c"} <= made.cards.keys()
    assert made.slack["b"] >= 0


@pytest.mark.parametrize(
    "due",
    [dt.date(2026, 11, 19), *(dt.date(2025, 11, day) for day in range(17, 23)), dt.date(2020, 1, 1)],
)
def test_lateness_counts_each_working_day_however_far_back_the_date_is(due: dt.date) -> None:
    closed = dt.date(2024, 12, 31)
    values = plan(a=card(due=due, milestone="late"))
    values["strategy churn/strategy"] = {"milestones": {"late": {"title": "Late", "due": due}}}
    values["board /board"] = {"format": 1, "calendar": {"holidays": [closed]}}
    made = schedule_of(values)
    (milestone,) = made.milestones.values()
    since = [due + DAY * n for n in range(1, (TODAY - due).days + 1)]
    days = sum(day.weekday() < 5 and day != closed for day in since)
    assert (in_days(made.late(made.cards["a"])), in_days(milestone.late)) == (days, days)


def test_the_latest_start_for_a_date_far_ahead_is_next_to_it() -> None:
    made = schedule_of(plan(a=card(due=dt.date(2033, 1, 7)), b=card(due=dt.date(9999, 1, 4)), c=card()))
    assert {name: made.axis.date(at) for name, at in made.latest_starts.items()} == {"a": dt.date(2033, 1, 7)}
    assert span(made, "a") == span(schedule_of(plan(a=card())), "a")


def test_a_huge_figure_is_written_short() -> None:
    made = schedule_of(
        plan(a=card(estimate=[1e300]), b=card(needs=["a FS+9999999d"]), c=card(estimate=[1e9]))
    )
    assert max(len(one.message) for one in made.problems) < 80


def test_a_calendar_without_working_days_is_that_of_any_week() -> None:
    made = schedule_of(
        {**plan(a=card(estimate=[3])), "board /board": {"format": 1, "calendar": {"weekdays": []}}}
    )
    assert (span(made, "a")[1], codes(made)) == ("2026-11-24 pm", [("P107", "board")])


def test_an_empty_plan_and_an_owner_without_a_file() -> None:
    assert not schedule_of({}).cards
    assert not schedule_of({}).milestones
    made = schedule_of(plan(a=card(owner="nobody-here"), b=card(owner="nobody-here")))
    assert span(made, "b")[0] == "2026-11-23 am"


def test_a_thousand_cards_of_one_owner_are_scheduled_one_after_the_other() -> None:
    cards = {
        f"c{number:04d}": card(owner="ana", rank=f"a{number:04d}", estimate=[3]) for number in range(1000)
    }
    made = schedule_of(plan(**cards), effort=0)
    assert len(made.cards) == 1000
    assert made.cards["c0999"].start - made.cards["c0000"].start == 999 * 6


# ---- from step to step


def test_a_note_makes_no_new_schedule_and_an_estimate_only_levels_its_part() -> None:
    whole = plan_from(plan(a=card(owner="ana"), b=card(needs=["a"]), c=card(), d=card(needs=["c"])))
    store = Derived(snapshot_of(whole))
    first = store.schedule()
    noted = after(store, "a", {("notes",): "A note."})
    assert noted.schedule() is first
    second = after(noted, "a", {("estimate",): (4.0,)}).schedule()
    assert span(second, "b") != span(first, "b")
    assert second.cards["c"].part is first.cards["c"].part
    assert second.cards["b"].part is not first.cards["b"].part


def test_a_part_that_ends_in_many_years_keeps_its_dates_when_another_one_changes() -> None:
    whole = plan_from(
        plan(a=card(owner="ana"), b=card(estimate=[1500.0]), c=card(estimate=[900.0], needs=["b"]))
    )
    store = Derived(snapshot_of(whole))
    first = store.schedule()
    second = after(store, "a", {("estimate",): (4.0,)})
    assert span(second.schedule(), "c") == span(first, "c")
    again = schedule(second.snapshot)
    assert {name: span(again, name) for name in "abc"} == {
        name: span(second.schedule(), name) for name in "abc"
    }
    assert again.axis == second.schedule().axis


def test_where_nothing_better_is_looked_for_the_first_dates_are_the_last() -> None:
    alone = Derived(snapshot_of(plan_from(plan(a=card(owner="ana"), b=card(owner="ana", needs=["a"])))))
    first = alone.schedule(0)
    assert not first.can_improve
    assert alone.schedule() is first
    values = plan(a=card(owner="ana"), b=card(owner="ben", needs=["a"]))
    two = Derived(snapshot_of(plan_from(values)))
    assert two.schedule(0).can_improve
    better = two.schedule()
    assert better is not two.schedule(0)
    assert better.cards["a"].part.order == schedule_of(values).cards["a"].part.order


def test_slack_is_found_again_where_a_target_moves_only() -> None:
    values = plan(a=card(owner="ana"), b=card(owner="ana", needs=["a"]), c=card(owner="ben"))
    store = Derived(snapshot_of(plan_from(values)))
    first = store.schedule()
    assert first.slack == {"a": 0, "b": 0, "c": 2}
    longer = after(store, "b", {("estimate",): (4.0,)})
    assert longer.schedule().slack == schedule(longer.snapshot).slack == {"a": 0, "b": 0, "c": 8}
    back = after(longer, "b", {("estimate",): (1.0,)})
    assert back.schedule().slack == first.slack


def test_due_dates_of_cards_are_those_of_the_plan_as_it_is() -> None:
    whole = plan_from(milestones())
    store = Derived(snapshot_of(whole))
    assert store.schedule().late(store.schedule().cards["a"]) == 0
    later = after(store, "a", {("due",): MONDAY}).schedule()
    assert in_days(later.late(later.cards["a"])) == 1
    assert later.cards["a"].part is store.schedule().cards["a"].part


def test_work_in_progress_that_takes_a_share_twice_leaves_nothing_for_another_project() -> None:
    values = plan(a=card(owner="ana", status="doing"), b=card(owner="ana", status="doing"))
    values["project fraud/fraud"] = {"title": "Fraud"}
    values["card fraud/c"] = card(owner="ana")
    for project in ("churn", "fraud"):
        values[f"strategy {project}/strategy"] = {"people": {"ana": {"share": 0.5}}}
    made = schedule_of(values)
    assert span(made, "a") == span(made, "b") == ("2026-11-20 am", "2026-11-23 pm")
    assert span(made, "c")[0] == "2026-11-24 am"


@pytest.mark.parametrize(
    ("load", "capacity", "taken", "level"),
    [
        *((0, 5, "0%", 0), (0.01, 5, "0%", 1), (2.5, 5, "50%", 5), (4.99, 5, "99%", 8), (5, 5, "100%", 8)),
        *((5.01, 5, "101%", 8), (10, 5, "200%", 8), (1, 0, "all", 8), (0, 0, "0%", 0)),
    ],
)
def test_a_week_is_never_said_to_be_full_or_over_when_it_is_not(
    load: float, capacity: float, taken: str, level: int
) -> None:
    week = Week(dt.date(2026, 11, 16), capacity, load)
    assert (week.taken, week.level(8)) == (taken, level)

"""The board's calendar and people's presence on the axis of half days."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from dateutil import rrule

from kedge.model.capacity.calendar import (
    ANCHOR,
    MOST_RULES,
    Axis,
    BadRule,
    days_of_rule,
    half_days,
    has_working_day,
    holidays,
    unreadable_rules,
)
from kedge.model.capacity.presence import presence, total_share, working_time
from kedge.model.records.board import Calendar

from .plan_from import plan_from

FRIDAY = dt.date(2026, 11, 20)
MONDAY = dt.date(2026, 11, 23)
YEAR = dt.date(2026, 1, 1), dt.date(2026, 12, 31)


def axis(last: dt.date = dt.date(2027, 1, 31), **calendar: Any) -> Axis:
    return Axis(Calendar(**calendar), FRIDAY, last)


def test_only_working_days_are_on_the_axis() -> None:
    week = axis()
    assert [week.moment(day) for day in (FRIDAY, FRIDAY + dt.timedelta(1), MONDAY)] == [0, 2, 2]
    assert [week.evening(day) for day in (FRIDAY, FRIDAY + dt.timedelta(1), MONDAY)] == [2, 2, 4]
    assert [(week.date(period), week.half(period)) for period in (0, 1, 2)] == [
        (FRIDAY, "am"),
        (FRIDAY, "pm"),
        (MONDAY, "am"),
    ]
    assert not week.is_working(FRIDAY + dt.timedelta(1))
    assert axis(holidays=(MONDAY,)).date(2) == MONDAY + dt.timedelta(1)


def test_weeks_share_the_axis_without_a_gap() -> None:
    weeks = list(axis().weeks(1, 20))
    assert weeks[0] == (dt.date(2026, 11, 16), 1, 2)
    assert [end for _, _, end in weeks[:-1]] == [begin for _, begin, _ in weeks[1:]]
    assert weeks[-1][2] == 20


@pytest.mark.parametrize(
    ("rule", "days"),
    [
        ("FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=24,31", ["2026-12-24", "2026-12-31"]),
        ("RRULE:FREQ=MONTHLY;BYDAY=1MO;BYMONTH=2,3", ["2026-02-02", "2026-03-02"]),
        ("FREQ=YEARLY;BYEASTER=1", ["2026-04-06"]),
        ("DTSTART:20261201\nRRULE:FREQ=DAILY;COUNT=2", ["2026-12-01", "2026-12-02"]),
        ("FREQ=YEARLY;BYMONTH=5;BYMONTHDAY=1;UNTIL=20250101", []),
    ],
)
def test_rules_of_rfc_5545_name_days(rule: str, days: list[str]) -> None:
    assert [str(day) for day in days_of_rule(rule, *YEAR)] == days


def test_every_second_friday_is_the_same_whatever_today_is() -> None:
    rule = "FREQ=WEEKLY;INTERVAL=2;BYDAY=FR"
    whole = list(days_of_rule(rule, *YEAR))
    assert list(days_of_rule(rule, dt.date(2026, 6, 3), YEAR[1])) == [
        day for day in whole if day >= dt.date(2026, 6, 3)
    ]
    assert len(whole) == 26


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=NONSENSE",
        "",
        "every friday",
        "FREQ=SECONDLY",
        "FREQ=WEEKLY;BYDAY=XX",
        "FREQ=DAILY;INTERVAL=0",
        "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=YEARLY;BYMONTH=13",
    ],
)
def test_a_rule_that_cannot_be_read_is_a_finding_and_no_day_off(rule: str) -> None:
    with pytest.raises(BadRule):
        list(days_of_rule(rule, *YEAR))
    calendar = Calendar(recurring=("FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=24", rule))
    assert list(unreadable_rules(calendar)) == [1]
    assert holidays(calendar, *YEAR) == {dt.date(2026, 12, 24)}


def test_a_calendar_may_have_no_working_day() -> None:
    assert has_working_day(Calendar(), FRIDAY)
    assert not has_working_day(Calendar(weekdays=()), FRIDAY)
    assert not has_working_day(Calendar(recurring=("FREQ=DAILY",)), FRIDAY)
    assert has_working_day(Calendar(recurring=("FREQ=WEEKLY;BYDAY=FR",)), FRIDAY)
    year = tuple(FRIDAY + dt.timedelta(days) for days in range(400))
    assert not has_working_day(Calendar(holidays=year), FRIDAY)


def test_a_person_is_there_between_first_and_last_day_without_absences() -> None:
    plan = plan_from(
        {
            "person /ana": {
                "name": "Ana",
                "share": 0.7,
                "start": dt.date(2026, 11, 24),
                "absences": {"ski": {"first": dt.date(2026, 11, 26)}, "odd": {"last": dt.date(2026, 11, 25)}},
            },
            "strategy churn/strategy": {"people": {"ana": {"share": 0.5, "end": dt.date(2026, 11, 30)}}},
        }
    )
    there = presence(plan, "ana", "churn")
    assert (there.share * 10, total_share(plan.people["ana"]) * 10) == (5, 7)
    working = working_time(axis(), there)
    assert {axis().date(period).day for period in working.periods} == {24, 25, 27, 30}
    assert presence(plan, "ana", "other").share * 10 == 7
    assert presence(plan, "no-file", "churn").share == 1


def test_a_part_in_a_project_is_never_more_than_the_person_has() -> None:
    plan = plan_from(
        {
            "person /ana": {"name": "Ana", "share": 0.4},
            "strategy churn/strategy": {"people": {"ana": {"share": 0.9}}},
        }
    )
    assert presence(plan, "ana", "churn").share * 5 == 2


@pytest.mark.parametrize(
    ("days", "expected"), [(0, 0), (0.1, 1), (0.5, 1), (1, 2), (2.1 / 0.7, 6), (2.51, 6)]
)
def test_work_is_rounded_up_to_half_days(days: float, expected: int) -> None:
    assert half_days(days) == expected


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=MONTHLY;BYDAY=MO;BYSETPOS=6",
        "FREQ=WEEKLY;BYDAY=MO;BYSETPOS=2",
        "FREQ=DAILY;INTERVAL=7;BYDAY=TU",
        "FREQ=DAILY;BYYEARDAY=366;BYMONTH=1",
        "FREQ=MONTHLY;BYDAY=5MO;BYMONTHDAY=1",
    ],
)
def test_a_rule_that_names_no_day_is_not_looked_for_to_the_end_of_time(
    rule: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    years: set[int] = set()
    rebuild = rrule._iterinfo.rebuild

    def counted(self: Any, year: int, month: int) -> None:
        years.add(year)
        rebuild(self, year, month)

    monkeypatch.setattr(rrule._iterinfo, "rebuild", counted)
    assert list(days_of_rule(rule, dt.date(2026, 11, 20), dt.date(2031, 12, 31))) == []
    assert 0 < len(years) < 100


@pytest.mark.parametrize("window", [(2000, 2005), (2026, 2032), (2095, 2105), (2390, 2410), (9990, 9999)])
@pytest.mark.parametrize(
    "rule",
    [
        *("FREQ=WEEKLY;INTERVAL=2;BYDAY=FR", "FREQ=DAILY;INTERVAL=10", "FREQ=MONTHLY;BYDAY=-1FR"),
        *("FREQ=YEARLY;INTERVAL=3", "FREQ=YEARLY;BYEASTER=-2", "FREQ=YEARLY;BYYEARDAY=366"),
        *("FREQ=DAILY;COUNT=9500", "FREQ=WEEKLY;UNTIL=20270305T000000", "FREQ=DAILY;UNTIL=99991231"),
        "DTSTART:20200103\nRRULE:FREQ=WEEKLY;INTERVAL=3",
    ],
)
def test_days_are_those_that_the_library_names_on_their_own_dates(rule: str, window: tuple[int, int]) -> None:
    first, last = dt.date(window[0], 3, 1), dt.date(window[1], 6, 1)
    # Whatever day "every day" begins on, it names the same days: the library would count millions of them one by one.
    start = (
        ANCHOR.replace(year=max(ANCHOR.year, window[0])) if rule == "FREQ=DAILY;UNTIL=99991231" else ANCHOR
    )
    days = rrule.rrulestr(rule, dtstart=start, ignoretz=True)
    expected = days.between(
        dt.datetime.combine(first, dt.time.min), dt.datetime.combine(last, dt.time.max), inc=True
    )
    assert list(days_of_rule(rule, first, last)) == [moment.date() for moment in expected]


def test_so_many_rules_are_read() -> None:
    rules = (*("FREQ=YEARLY;BYMONTH=1;BYMONTHDAY=5",) * MOST_RULES, "FREQ=YEARLY;BYMONTH=1;BYMONTHDAY=6")
    calendar = Calendar(recurring=rules)
    assert unreadable_rules(calendar) == {MOST_RULES: f"{MOST_RULES} rules are read"}
    assert holidays(calendar, dt.date(2026, 1, 1), dt.date(2026, 12, 31)) == {dt.date(2026, 1, 5)}

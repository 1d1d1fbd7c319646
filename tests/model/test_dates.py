"""Dates as people type and read them."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kedge.model.text.dates import (
    MONTHS,
    WEEKDAYS,
    DateError,
    day_month,
    narrow_date,
    on_date,
    parse_date,
    say_date,
    say_monday,
    short_date,
)

WEDNESDAY = dt.date(2026, 11, 25)
days = st.dates(dt.date(1990, 1, 1), dt.date(2200, 1, 1))


@pytest.mark.parametrize(
    ("text", "today", "expected"),
    [
        ("Fri", WEDNESDAY, "2026-11-27"),
        ("tues", WEDNESDAY, "2026-12-01"),
        ("wed", WEDNESDAY, "2026-12-02"),
        ("+1m", dt.date(2027, 1, 31), "2027-02-28"),
        ("+1y", dt.date(2028, 2, 29), "2029-02-28"),
        ("-2w", WEDNESDAY, "2026-11-11"),
        ("in 3 days", WEDNESDAY, "2026-11-28"),
        ("in 1 day", WEDNESDAY, "2026-11-26"),
        ("In  2 weeks", WEDNESDAY, "2026-12-09"),
        ("in 1 month", dt.date(2027, 1, 31), "2027-02-28"),
        ("in 2 years", WEDNESDAY, "2028-11-25"),
        ("next week", WEDNESDAY, "2026-11-30"),
        ("next wed", WEDNESDAY, "2026-12-02"),
        ("next friday", WEDNESDAY, "2026-12-04"),
        ("next mon", dt.date(2026, 11, 30), "2026-12-07"),
        ("next month", dt.date(2026, 12, 31), "2027-01-01"),
        ("yesterday", WEDNESDAY, "2026-11-24"),
        ("11-25", WEDNESDAY, "2026-11-25"),
        ("11-24", WEDNESDAY, "2027-11-24"),
        ("02-29", WEDNESDAY, "2028-02-29"),
        ("29 feb", dt.date(2028, 2, 29), "2028-02-29"),
        ("29 feb", dt.date(1897, 3, 1), "1904-02-29"),
        ("1  DEC", WEDNESDAY, "2026-12-01"),
        ("december 1", WEDNESDAY, "2026-12-01"),
        ("1-dec", WEDNESDAY, "2026-12-01"),
        ("sept 3", WEDNESDAY, "2027-09-03"),
        ("3 mar 2029", WEDNESDAY, "2029-03-03"),
        ("mar 3 2029", WEDNESDAY, "2029-03-03"),
        ("eow", dt.date(2026, 11, 27), "2026-11-27"),
        ("eow", dt.date(2026, 11, 28), "2026-12-04"),
        ("eom", dt.date(2028, 2, 10), "2028-02-29"),
    ],
)
def test_words(text: str, today: dt.date, expected: str):
    assert parse_date(text, today).isoformat() == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "foo",
        "fr",
        "next",
        "next fr",
        "in days",
        "in 3 wonths",
        "in 999999 years",
        "2026-13-01",
        "2026-02-30",
        "30 feb",
        "0 dec",
        "+3x",
        "+999999y",
        "-999999d",
        "²-1",
        "1 foo",
    ],
)
def test_what_is_no_date_says_what_would_be(text: str):
    with pytest.raises(DateError) as caught:
        parse_date(text, WEDNESDAY)
    assert caught.value.text == text
    assert "2026-12-01" in caught.value.expected
    assert caught.value.expected in str(caught.value)


@given(st.text(max_size=20), days)
def test_nothing_else_is_ever_raised(text: str, today: dt.date):
    try:
        found = parse_date(text, today)
    except DateError as error:
        found = error.text
    assert isinstance(found, dt.date) or found == text


@given(days, days, st.sampled_from(WEEKDAYS), st.sampled_from(MONTHS))
def test_forms_agree_with_the_calendar(date: dt.date, today: dt.date, weekday: str, month: str):
    assert parse_date(date.isoformat(), today) == date
    assert parse_date(f"{date.day} {MONTHS[date.month - 1]} {date.year}", today) == date
    following = parse_date(weekday[:3], today)
    assert 1 <= (following - today).days <= 7
    assert WEEKDAYS[following.weekday()] == weekday
    first = parse_date(f"1 {month}", today)
    assert first >= today
    assert (first.day, MONTHS[first.month - 1]) == (1, month)
    assert (first - today).days <= 366


@pytest.mark.parametrize(
    ("date", "said"),
    [
        ("2026-11-25", "today"),
        ("2026-11-26", "tomorrow"),
        ("2026-11-24", "yesterday"),
        ("2026-11-27", "Fri 27 Nov"),
        ("2026-01-05", "Mon 5 Jan"),
        ("2027-03-03", "3 Mar 2027"),
    ],
)
def test_said(date: str, said: str):
    assert say_date(dt.date.fromisoformat(date), WEDNESDAY) == said


@pytest.mark.parametrize("today", ["2026-11-22", "2026-11-23", "2026-11-24"])
def test_a_week_goes_by_the_date_of_its_monday_also_next_to_today(today: str) -> None:
    assert say_monday(dt.date(2026, 11, 23), dt.date.fromisoformat(today)) == "Mon 23 Nov"
    assert say_monday(dt.date(2027, 1, 4), dt.date.fromisoformat(today)) == "4 Jan 2027"


@pytest.mark.parametrize(
    ("days", "said"),
    [(-1, "yesterday"), (0, "today"), (1, "tomorrow"), (2, "on Fri 27 Nov"), (60, "on 24 Jan 2027")],
)
def test_a_date_in_a_sentence(days: int, said: str):
    assert on_date(WEDNESDAY + dt.timedelta(days=days), WEDNESDAY) == said


@pytest.mark.parametrize(
    ("date", "sentence", "column", "narrow"),
    [
        (dt.date(2026, 12, 1), "1 Dec", "Tue 1 Dec", "1 Dec"),
        (dt.date(2027, 3, 3), "3 Mar 27", "3 Mar 27", "3 Mar"),
        (dt.date(2028, 3, 3), "3 Mar 2028", "2028-03-03", "2028-03"),
        (dt.date(2100, 1, 1), "1 Jan 2100", "2100-01-01", "2100-01"),
        (dt.date(1926, 11, 25), "25 Nov 1926", "1926-11-25", "1926-11"),
        (dt.date(1, 1, 1), "1 Jan 0001", "0001-01-01", "0001-01"),
    ],
)
def test_a_date_far_away_has_its_whole_year(date: dt.date, sentence: str, column: str, narrow: str) -> None:
    assert day_month(date, WEDNESDAY) == sentence
    assert short_date(date, WEDNESDAY) == column
    assert narrow_date(date, WEDNESDAY) == narrow


@given(days, days)
def test_short_dates_keep_to_their_columns(date: dt.date, today: dt.date) -> None:
    assert len(short_date(date, today)) <= 10
    assert len(narrow_date(date, today)) <= 7

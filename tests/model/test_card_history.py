"""Times and spells of one card's history."""

from __future__ import annotations

import datetime as dt

from kedge.model.flow.card_history import CardHistory, CardState, CardStep, PlanHistory

UTC = dt.UTC
BEGIN = dt.datetime(2026, 3, 2, 9, tzinfo=UTC)
LATER = BEGIN + dt.timedelta(days=100)


def day(number: float) -> dt.datetime:
    return BEGIN + dt.timedelta(days=number)


def history(*steps: tuple[float, str], removed: float | None = None) -> CardHistory:
    """Each step is a day and a status; `!` after it for a blocked card, a phase before it where it is not execute."""
    made: list[CardStep] = []
    for number, text in steps:
        phase, _, status = text.rpartition(" ")
        state = CardState(phase or "execute", status.rstrip("!"), status.endswith("!"))
        made.append(CardStep(day(number), f"c{number}", "Mira", state))
    return CardHistory("churn", "table-7k2m", tuple(made), day(removed) if removed is not None else None)


def test_a_card_that_went_straight_through() -> None:
    one = history((0, "todo"), (3, "doing"), (8, "done"))
    assert (one.first_seen, one.started, one.done) == (day(0), day(3), day(8))
    assert one.dwell(day(10)) == {
        "todo": dt.timedelta(days=3),
        "doing": dt.timedelta(days=5),
        "done": dt.timedelta(days=2),
    }


def test_a_card_that_was_never_in_progress_began_when_it_was_done() -> None:
    one = history((0, "todo"), (4, "done"))
    assert (one.started, one.done) == (day(4), day(4))
    assert history((0, "todo")).started is None


def test_a_card_that_was_opened_again_is_done_only_the_last_time() -> None:
    one = history((0, "doing"), (2, "done"), (5, "doing"))
    assert one.done is None
    again = history((0, "doing"), (2, "done"), (5, "doing"), (6, "done"), (7, "iterate done"))
    assert again.done == day(6)
    assert again.dwell(day(7))["doing"] == dt.timedelta(days=3)


def test_a_blocked_card_is_in_neither_of_the_open_statuses() -> None:
    one = history((0, "todo"), (1, "doing!"), (3, "doing"), (4, "done!"))
    assert list(one.dwell(day(6))) == ["todo", "doing", "blocked", "done"]
    assert one.dwell(day(6))["blocked"] == dt.timedelta(days=2)


def test_spells_of_one_status_and_phase_are_one() -> None:
    first = history((0, "todo"), (2, "doing"))
    other = CardStep(day(3), "c3", "Sam", first.state._replace(owner="sam"))
    spells = CardHistory("churn", "x", (*first.steps, other)).spells(day(5))
    assert [(one.status, one.start, one.end) for one in spells] == [
        ("todo", day(0), day(2)),
        ("doing", day(2), day(5)),
    ]
    phases = history((0, "plan todo"), (1, "execute todo")).spells(day(2))
    assert [one.phase for one in phases] == ["plan", "execute"]


def test_time_ends_with_the_removal_and_with_the_moment_that_is_asked_for() -> None:
    one = history((0, "todo"), (2, "doing"), removed=6)
    assert one.dwell(LATER)["doing"] == dt.timedelta(days=4)
    assert one.dwell(day(3))["doing"] == dt.timedelta(days=1)
    assert one.dwell(day(1)) == {"todo": dt.timedelta(days=1)}
    assert one.dwell(day(-1)) == {}


def test_what_a_card_said_at_a_moment() -> None:
    one = history((0, "todo"), (2, "doing"), removed=6)
    found = [one.at(day(number)) for number in (-1, 0, 1, 2, 5, 6)]
    assert [state and state.status for state in found] == [None, "todo", "todo", "doing", "doing", None]


def test_a_history_begins_with_its_first_card() -> None:
    one, other = history((3, "todo")), history((1, "todo"))
    assert PlanHistory("h", {("a", "x"): one, ("a", "y"): other}).since == day(1)
    assert PlanHistory().since is None

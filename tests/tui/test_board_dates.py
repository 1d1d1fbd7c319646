"""The schedule on the board: not before it is idle, never for a key; then on cards, in the head line and in queries."""

from __future__ import annotations

import pytest

from kedge.model.derived.derived import Derived
from kedge.tui.board.board_dates import BoardDates

from .driver import TODAY, Driver, PlanFolder, Start, write


@pytest.fixture
def dated(plan: PlanFolder) -> PlanFolder:
    """A chain that is late for its milestone, and a card with time."""
    live = '[milestones.live]\ntitle = "Live"\ndue = 2026-11-25\n'
    write(plan.root / "projects/churn/strategy.toml", live)
    plan.card("long", "plan", 'owner = "mira"\nestimate = [5]\nmilestone = "live"\ndue = 2026-11-24\n')
    plan.card("after", "plan", 'owner = "mira"\nestimate = [1]\n')
    return plan


async def idle(on: Driver) -> None:
    """What the background does once nothing has happened for a moment."""
    on.app.background.look()
    await on.found_out()
    await on.pilot.pause()


async def test_nothing_is_scheduled_for_the_start_nor_for_a_key(
    dated: PlanFolder, start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[Derived] = []
    real = Derived.schedule

    def schedule(store: Derived, effort: int | None = None) -> object:
        made.append(store)
        return real(store, effort)

    monkeypatch.setattr(Derived, "schedule", schedule)
    async with start(dated.root, size=(160, 48)) as on:
        await on.act("focus.right", "focus.down", "card.next_status", "find.group", "card.why")
        await on.press("escape")
        await on.saved()
        assert made == []
        assert "critical" not in on.text()
        await idle(on)
        asked = len(made)
        assert asked > 0
        await idle(on)
        assert len(made) == asked, "asked again although nothing has changed"


async def test_cards_and_head_say_what_the_schedule_says(dated: PlanFolder, start: Start) -> None:
    async with start(dated.root, size=(160, 48)) as on:
        await on.go_to("long")
        await idle(on)
        assert "! Live P80 4 Dec, due 25 Nov" in on.lines()[0]
        facts = {fact.text for fact in on.board.facts(on.card("long")).facts}
        assert {"late: ends Tue 1 Dec", "◆ critical"} <= facts
        assert "waits for its owner" in {fact.text for fact in on.board.facts(on.card("after")).facts}
        assert "late: ends Tue 1 Dec" in on.text()


@pytest.mark.parametrize(
    ("width", "said"),
    [
        (160, "! All teams of all regions work from the list P80 4 Dec, due 25 Nov"),
        (80, "! All teams o… P80 4 Dec, due 25 Nov"),
        (70, "! P80 4 Dec, due 25 Nov"),
    ],
)
async def test_the_title_of_the_next_milestone_gives_way_to_its_dates(
    dated: PlanFolder, start: Start, width: int, said: str
) -> None:
    strategy = dated.root / "projects/churn/strategy.toml"
    long = "All teams of all regions work from the list"
    strategy.write_text(strategy.read_text().replace('title = "Live"', f'title = "{long}"'))
    dated.project("churn", more='stage = "mvp"\nsummary = "S"\n')
    async with start(dated.root, size=(width, 24)) as on:
        await on.go_to("long")
        await idle(on)
        assert said in on.lines()[0]
        assert "Project churn" in on.lines()[0]


async def test_queries_know_the_schedule_once_it_is_there(dated: PlanFolder, start: Start) -> None:
    async with start(dated.root, size=(120, 40)) as on:
        for query, shown in (("is:late", ["long"]), ("is:critical", ["long"]), ("end>2026-12-01", ["after"])):
            await on.act("find.filter")
            await on.type(query)
            await on.press("enter")
            await on.found_out()
            await on.pilot.pause()
            ids = [item.id for column in on.board.columns for item in column.items]
            assert set(shown) <= set(ids), query
            assert ("long" in ids) == ("long" in shown)
            await on.press("escape")


async def test_an_edit_moves_what_the_board_says(dated: PlanFolder, start: Start) -> None:
    async with start(dated.root, size=(160, 48)) as on:
        await idle(on)
        await on.go_to("after")
        await on.act("card.owner")
        await on.type("sam")
        await on.press("enter")
        await on.saved()
        assert "waits for mira" in {fact.text for fact in on.board.facts(on.card("after")).facts}
        await idle(on)
        assert "waits for mira" not in {fact.text for fact in on.board.facts(on.card("after")).facts}


def test_the_same_dates_are_no_news() -> None:
    dates = BoardDates(TODAY)
    assert not dates.take(dates.known)
    dates.ask()
    assert dates.cards() == {}

"""Timeline: the chart and what a key of it costs, its views, edits, schedules that are overtaken."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from typing import Any

import pytest

from kedge.model.derived.derived import Derived
from kedge.tui.card.card_screen import CardScreen
from kedge.tui.dialogs.message import Message
from kedge.tui.dialogs.pick import Pick
from kedge.tui.dialogs.prompt import Prompt
from kedge.tui.forms.form import FormScreen
from kedge.tui.timeline.chart import Chart
from kedge.tui.timeline.gantt_lines import ASCII, UNICODE
from kedge.tui.timeline.scale import Scale, day_of, point
from kedge.tui.timeline.timeline_screen import TimelineScreen
from kedge.tui.timeline.worked_out import WorkedOut
from kedge.tui.widgets.lines import LineView

from .driver import Driver, PlanFolder, Start, write

Compare = Callable[[str, Sequence[str]], None]


@pytest.fixture
def dated(tmp_path: Any) -> PlanFolder:
    """Two people in two teams, a chain, work in progress, a late card, an absence, a milestone that is late."""
    made = PlanFolder(tmp_path)
    write(made.root / "people/mira.toml", 'name = "Mira"\nteam = "data"\n')
    away = "[absences.leave]\nfirst = 2026-12-03\nlast = 2026-12-04\n"
    write(made.root / "people/sam.toml", f'name = "Sam"\nteam = "platform"\n\n{away}')
    made.project("churn")
    live = '[milestones.live]\ntitle = "Live"\ndue = 2026-12-04\n'
    write(made.root / "projects/churn/strategy.toml", live)
    running = 'status = "doing"\nowner = "mira"\nestimate = [4]\nremaining = 2\n'
    made.card("table", "execute/data-pipeline", running, title="Feature table")
    made.card("audit", "execute/data-pipeline", 'owner = "mira"\nestimate = [3]\n', title="Label audit")
    train = 'owner = "sam"\nestimate = [8]\nneeds = ["table"]\nmilestone = "live"\ndue = 2026-12-01\n'
    made.card("train", "execute/training-pipeline", train, title="Training as one program")
    made.card("runbook", "execute/document", 'owner = "sam"\nestimate = [1]\n', title="Runbook")
    made.card("circle", "execute/document", 'needs = ["circle"]\n', title="Round and round")
    return made


async def opened(on: Driver) -> TimelineScreen:
    await on.act("screen.timeline")
    await settled(on)
    screen = on.app.screen
    assert isinstance(screen, TimelineScreen)
    return screen


async def settled(on: Driver) -> None:
    """Waits until all dates are known."""
    await on.saved()
    await on.found_out()
    await on.pilot.pause()


def chart(screen: TimelineScreen) -> Chart:
    assert screen.chart is not None
    return screen.chart


def part(screen: TimelineScreen, name: str) -> str:
    """All rows of a part of the screen, in sight or not."""
    return "\n".join(one.text for one in screen.query_one(name, LineView).lines)


def row(screen: TimelineScreen, title: str) -> str:
    return next(one for one in part(screen, ".rows").split("\n") if title in one)


# ---- what is seen


@pytest.mark.parametrize("size", [(80, 24), (100, 30), (160, 48)], ids=lambda size: f"{size[0]}x{size[1]}")
async def test_the_chart(
    dated: PlanFolder, start: Start, matches_snapshot: Compare, size: tuple[int, int]
) -> None:
    async with start(dated.root, size=size) as on:
        screen = await opened(on)
        screen.show_card("audit")
        await on.pilot.pause()
        matches_snapshot(f"timeline-{size[0]}x{size[1]}", on.lines())


async def test_the_views_in_ascii(dated: PlanFolder, start: Start, matches_snapshot: Compare) -> None:
    async with start(dated.root, size=(80, 24), ascii_only=True) as on:
        await opened(on)
        matches_snapshot("timeline-ascii-80x24", on.lines())
        await on.act("time.panel")
        await settled(on)
        matches_snapshot("timeline-load-ascii-80x24", on.lines())
        await on.act("time.panel")
        matches_snapshot("timeline-handovers-ascii-80x24", on.lines())


def test_each_sign_has_one_in_ascii() -> None:
    for signs in (UNICODE, ASCII):
        bars = (
            signs.done,
            signs.work,
            signs.wait,
            signs.slack,
            signs.today,
            signs.off,
            signs.away,
            signs.due,
        )
        assert len(set(bars)) == len(bars)
        assert len(signs.levels) == 8
    assert "".join(vars(ASCII).values()).isascii()


async def test_a_bar_says_done_work_waiting_slack_and_absence(dated: PlanFolder, start: Start) -> None:
    async with start(dated.root, size=(120, 30)) as on:
        screen = await opened(on)
        bars = chart(screen).bars
        table, train, runbook, audit = (bars[name] for name in ("table", "train", "runbook", "audit"))
        assert table.done == 4
        assert "▓▓▓██" in row(screen, "Feature table").replace("─", "").replace("┊", "")
        assert train.is_critical
        assert train.is_late
        assert row(screen, "Training as one").startswith("◆!")
        assert "××" in row(screen, "Training as one")
        # The audit waits for its person only.
        assert (audit.ready, audit.start) == (chart(screen).today + 4, table.end)
        assert "▒" in row(screen, "Label audit")
        assert runbook.slack_end > runbook.end or runbook.is_critical
        assert "Round and round" in part(screen, ".rows").partition("Without a date")[2]


async def test_the_head_names_the_milestone_and_the_foot_why(dated: PlanFolder, start: Start) -> None:
    async with start(dated.root, size=(140, 30)) as on:
        screen = await opened(on)
        assert '"Live": Tue 8 Dec, P80 Fri 11 Dec, due Fri 4 Dec (late 2 days)' in part(screen, ".asof")
        screen.show_card("train")
        await on.pilot.pause()
        assert part(screen, ".about").startswith("starts Wed 25 Nov: ")
        assert 'needs "Feature table"' in part(screen, ".about")
        assert "5 days late" in part(screen, ".about")
        assert "drag …" in part(screen, ".about")
        screen.known.ask_drag("train")
        await settled(on)
        assert "drag 10 days" in part(screen, ".about")
        screen.show_card("circle")
        await on.pilot.pause()
        assert "has no date" in part(screen, ".about")
        screen.show_card("train")
        await on.act("card.why")
        assert "The way to it, the first cause first" in on.text()
        assert "waits for its person" in on.text()


# ---- moving in time


async def test_columns_are_plain_sums() -> None:
    import datetime as dt

    today = dt.date(2026, 11, 21)
    scale = Scale(point(today)).moved(-4)
    assert (scale.column(point(today)), day_of(scale.origin)) == (4, dt.date(2026, 11, 17))
    wider = scale.zoomed(1, point(today), 40)
    assert wider.step > scale.step
    assert abs(wider.column(point(today)) - 4) <= 2
    assert day_of(wider.origin).weekday() == 0
    assert Scale(point(dt.date.min)).moved(-999).origin == point(dt.date.min)
    assert len(Scale(point(dt.date.max)).labels(30, today)) == 30
    assert Scale(point(dt.date(2100, 1, 4))).labels(30, today).startswith("Jan 4 2100")
    assert Scale(point(today)).labels(30, today).split()[0] == "Nov"
    # Jan 4 and Jan 2027 have no room behind the label before them: the next label says what has begun.
    assert "Dec 14  Jan 11  Feb 8" in Scale(point(dt.date(2026, 11, 16)), 2).labels(60, today)
    assert "Dec 2026 Feb 2027" in Scale(point(dt.date(2026, 11, 16)), 3).labels(60, today)


async def test_scroll_zoom_and_back(dated: PlanFolder, start: Start) -> None:
    async with start(dated.root) as on:
        screen = await opened(on)
        first = screen.gantt.scale
        await on.act("time.later")
        assert screen.gantt.scale.origin > first.origin
        await on.act("time.earlier")
        assert screen.gantt.scale == first
        await on.act("time.coarser")
        assert "half a week" in part(screen, ".scale")
        await on.act("time.finer", "time.finer")
        assert "half a day" in part(screen, ".scale")
        await on.act("time.later", "time.later", "time.later", "time.today")
        column = screen.gantt.scale.column(chart(screen).today)
        assert 0 <= column < 8
        screen.show_card("train")
        await on.act("time.bar")
        assert 0 <= screen.gantt.scale.column(chart(screen).bars["train"].ready) < 8


async def test_critical_only_filter_and_escape(dated: PlanFolder, start: Start) -> None:
    async with start(dated.root, size=(100, 30)) as on:
        screen = await opened(on)
        await on.act("time.critical")
        assert "Label audit" not in part(screen, ".rows")
        assert "Training as one" in part(screen, ".rows")
        await on.act("focus.leave")
        assert "Label audit" in part(screen, ".rows")
        await on.act("find.filter")
        await on.type("owner:sam")
        assert "2 of 5 shown" in on.text()
        await on.press("enter")
        assert "Label audit" not in part(screen, ".rows")
        await on.act("focus.leave")
        assert "Label audit" in part(screen, ".rows")
        await on.act("focus.leave")
        assert on.app.screen is on.board


async def test_load_and_handovers(dated: PlanFolder, start: Start) -> None:
    async with start(dated.root, size=(100, 30)) as on:
        screen = await opened(on)
        await on.act("time.load")
        await settled(on)
        assert "mira" in part(screen, ".rows")
        assert "100%" in row(screen, "sam")
        assert "platform" in part(screen, ".rows")
        assert "sam: 9 days of work" in part(screen, ".about") or "mira: 5 days of work" in part(
            screen, ".about"
        )
        await on.act("time.coarser")
        assert "%" not in part(screen, ".rows")
        await on.act("time.finer", "time.later")
        assert screen.known.load is not None
        assert screen.known.load.first == 1
        await on.act("time.open")
        assert isinstance(on.app.screen, FormScreen)
        await on.press("escape")
        await on.act("time.handovers")
        await settled(on)
        assert "data → platform" in part(screen, ".rows")
        assert screen.card_id == "table"
        assert "platform goes on with: Training as one program" in part(screen, ".about")
        await on.act("focus.leave")
        assert screen.panel == "chart"


# ---- changes


async def test_an_edit_moves_the_dates_and_the_old_ones_stay_meanwhile(
    dated: PlanFolder, start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with start(dated.root, size=(120, 30)) as on:
        screen = await opened(on)
        screen.show_card("train")
        before = chart(screen)
        go_on = threading.Event()
        real = Derived.schedule

        def held(store: Derived, effort: int | None = None) -> object:
            go_on.wait(60)
            return real(store, effort)

        monkeypatch.setattr(Derived, "schedule", held)
        await on.act("card.owner")
        assert isinstance(on.app.screen, Pick)
        await on.type("mira")
        await on.press("enter")
        assert screen.known.is_stale
        assert "working" in part(screen, ".asof")
        # Keys go on with what was known; a further edit takes the place of the first.
        await on.act("focus.down", "focus.up", "time.later", "time.earlier")
        assert screen.chart is before
        await on.act("card.due")
        assert isinstance(on.app.screen, Prompt)
        await on.press(*["backspace"] * 12)
        await on.press("enter")
        go_on.set()
        await settled(on)
        assert not screen.known.is_stale
        assert "working" not in part(screen, ".asof")
        assert chart(screen).bars["train"].who == "mira"
        assert chart(screen).bars["train"].card.due is None
        await on.act("plan.undo")
        await settled(on)
        assert chart(screen).bars["train"].card.due is not None


async def test_a_newer_edit_ends_the_older_schedule(
    dated: PlanFolder, start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with start(dated.root) as on:
        screen = await opened(on)
        screen.show_card("audit")
        taken: list[Chart] = []
        real = WorkedOut._take

        def take(of: WorkedOut, found: Chart) -> None:
            taken.append(found)
            real(of, found)

        monkeypatch.setattr(WorkedOut, "_take", take)
        await on.act("card.next_status", "card.next_status")
        await settled(on)
        assert taken[-1] is chart(screen)
        assert "audit" not in chart(screen).bars
        assert all(one.made.today == chart(screen).made.today for one in taken)


async def test_a_large_plan_has_dates_before_slack(
    dated: PlanFolder, start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kedge.tui.timeline.worked_out._MANY", 0)
    async with start(dated.root, size=(120, 30)) as on:
        screen = await opened(on)
        assert chart(screen).is_final
        shown: list[tuple[Chart, str]] = []
        real = WorkedOut._take

        def take(of: WorkedOut, found: Chart) -> None:
            real(of, found)
            shown.append((found, " · ".join(found.why("train", None))))

        monkeypatch.setattr(WorkedOut, "_take", take)
        before = chart(screen)
        path = dated.path("train")
        path.write_text(path.read_text().replace("[8]", "[1]"))
        await on.act("plan.reload")
        await settled(on)
        (first, said), (last, afterwards) = shown
        assert not first.is_final
        assert first.bars["train"].end < before.bars["train"].end
        assert first.slack == before.slack
        assert "slack …" in said
        assert last.is_final
        assert last.bars["train"].end == first.bars["train"].end
        assert last.slack == last.made.slack != before.slack
        assert "…" not in afterwards.replace("drag …", "")


async def test_a_schedule_that_fails_is_said(
    dated: PlanFolder, start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> object:
        raise ValueError("out of days")

    async with start(dated.root) as on:
        monkeypatch.setattr(Derived, "schedule", fail)
        screen = await opened(on)
        assert "no schedule could be made: out of days" in on.foot()
        assert not screen.known.is_stale


async def test_enter_opens_the_card_or_the_milestone(dated: PlanFolder, start: Start) -> None:
    async with start(dated.root) as on:
        screen = await opened(on)
        await on.act("focus.first")
        await on.act("time.open")
        assert isinstance(on.app.screen, FormScreen)
        assert "Edit milestone" in on.text()
        await on.press("escape")
        screen.show_card("train")
        await on.act("time.open")
        assert isinstance(on.app.screen, CardScreen)


async def test_a_plan_without_cards_says_what_to_press(plan: PlanFolder, start: Start) -> None:
    plan.project("empty", rank="a1")
    async with start(plan.root, project="empty") as on:
        screen = await opened(on)
        assert "no open card" in part(screen, ".rows")
        await on.act("time.coarser", "time.later", "time.critical", "time.panel")
        await settled(on)
        assert "no card has a person" in part(screen, ".rows")
        await on.act("time.panel")
        assert "no card waits for a card of another team" in part(screen, ".rows")
        await on.act("time.later")
        assert "this works on the chart" in on.foot()


# ---- what a key costs


@pytest.mark.parametrize("cards", [100, 600])
async def test_a_key_draws_only_what_is_in_sight(plan: PlanFolder, start: Start, cards: int) -> None:
    for number in range(cards):
        plan.card(f"many-{number:05d}", "execute", f'skill = "s{number % 9}"\nestimate = [1]\n')
    async with start(plan.root, size=(100, 30)) as on:
        screen = await opened(on)
        assert len(screen.query("*")) <= 60
        for action in (
            *("focus.down", "focus.half_down", "focus.last", "focus.up", "focus.half_up", "focus.first"),
            *("time.later", "time.coarser", "time.finer", "time.today", "time.bar"),
        ):
            before = screen.gantt.drawn
            await on.act(action)
            assert screen.gantt.drawn - before <= 2 * 30, action
        before = screen.gantt.drawn
        await on.act("focus.down")
        assert screen.gantt.drawn - before <= 3


# ---- what may come


async def test_the_forecast_of_a_milestone(
    dated: PlanFolder, start: Start, matches_snapshot: Compare
) -> None:
    estimate = 'owner = "sam"\nestimate = [4, 8, 16]\nneeds = ["table"]\nmilestone = "live"\n'
    dated.card("wide", "execute/training-pipeline", estimate, title="Wide")
    async with start(dated.root, size=(100, 30)) as on:
        screen = await opened(on)
        await on.act("focus.first")
        assert screen.known.forecast is not None
        assert "┤" in row(screen, "Live")
        assert "P80 " in part(screen, ".about")
        assert "kept in 0 of 100 runs" in part(screen, ".about")
        await on.act("time.forecast")
        text = part(screen, ".rows")
        assert 'Forecast of "Live", 1,000 runs' in text
        assert all(mark in text for mark in ("P50", "P80", "P95"))
        assert text.rstrip().split("\n")[-1].rstrip().endswith("100%")
        matches_snapshot("timeline-forecast-100x30", on.lines())
        await on.act("focus.leave")
        assert screen.panel == "chart"


# ---- rows that are no cards


async def test_a_milestone_is_dated_owned_and_edited_in_place(dated: PlanFolder, start: Start) -> None:
    async with start(dated.root) as on:
        screen = await opened(on)
        await on.act("focus.first", "card.due")
        await on.press("ctrl+u")
        await on.type("2026-12-18")
        await on.press("enter")
        await settled(on)
        assert "due 2026-12-18" in on.foot()
        assert "late" not in part(screen, ".about")
        await on.act("card.owner")
        await on.type("sam")
        await on.press("enter")
        await settled(on)
        written = (dated.root / "projects/churn/strategy.toml").read_text()
        assert "due = 2026-12-18" in written
        assert 'owner = "sam"' in written
        await on.act("card.edit")
        assert isinstance(on.app.screen, FormScreen)
        await on.press("escape")
        await on.act("card.block")
        assert on.foot() == "this works on cards, and the cursor is on a milestone"


async def test_why_a_milestone_comes_then_is_the_way_to_it(dated: PlanFolder, start: Start) -> None:
    async with start(dated.root) as on:
        await opened(on)
        await on.act("focus.first", "card.why")
        assert isinstance(on.app.screen, Message)
        said = on.text()
        assert said.index("The way to it") < said.index("Feature table") < said.rindex("Training as one")


async def test_why_someone_has_so_much_to_do_are_the_cards_of_each_week(
    dated: PlanFolder, start: Start
) -> None:
    async with start(dated.root, size=(80, 40)) as on:
        screen = await opened(on)
        await on.act("time.load", "focus.first", "card.why")
        assert isinstance(on.app.screen, Message)
        assert "Mon 23 Nov: 5 days of work in 5" in on.text()
        assert "2  Feature table" in on.text()
        await on.press("escape")
        await on.act("card.edit")
        assert isinstance(on.app.screen, FormScreen)
        await on.press("escape")
        await on.act("card.due")
        assert on.foot() == "this works on cards, and the cursor is on a person"
        screen.query_one(".rows", LineView).go_to(("team", "data"))
        await on.act("card.why")
        assert "Label audit" in on.text()


async def test_the_date_in_the_head_is_read_at_80_columns_whatever_the_title(
    dated: PlanFolder, start: Start
) -> None:
    title = "All teams of all regions work from the list of the model, every Monday"
    write(
        dated.root / "projects/churn/strategy.toml",
        f'[milestones.live]\ntitle = "{title}"\ndue = 2026-12-04\n',
    )
    async with start(dated.root, size=(80, 24)) as on:
        await opened(on)
        assert "8 Dec, P80 11 Dec, due 4 Dec (late 2 days)" in on.lines()[2]
        await on.act("focus.first")
        assert "kept in 0 of 100 runs" in on.lines()[-3]

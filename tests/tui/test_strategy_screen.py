"""Strategy: what each section shows, what a key of it costs, and that everything is changed in place."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import pytest

from kedge.model.records.address import Address
from kedge.tui.dialogs.ask import Ask
from kedge.tui.dialogs.message import Message
from kedge.tui.dialogs.pick import Pick
from kedge.tui.dialogs.prompt import Prompt
from kedge.tui.forms.form import FormScreen
from kedge.tui.screens.sections import Place
from kedge.tui.strategy.sections import SECTIONS
from kedge.tui.strategy.strategy_screen import StrategyScreen

from .driver import TODAY, Driver, PlanFolder, Start, write
from .sections import row, settled, text, view

Compare = Callable[[str, Sequence[str]], None]

STRATEGY = """
vision = "No one leaves for a reason that could be mended"

[budget]
spent = 6000

[stages.mvp]
proves = "The list beats the rule"
exit_criteria = ["In use for four weeks"]
cap = 9000
weeks = 1

[metrics.recall]
title = "Recall of the list"
role = "primary"
baseline = 0.14
target = 0.3
kill = 0.2
actual = 0.31

[metrics.complaints]
title = "Complaints"
role = "guardrail"
better = "lower"
limit = 2.5
actual = 2.7

[milestones.live]
title = "All teams work from the list"
due = 2026-12-01

[people.mira]
role = "data scientist"
share = 0.5

[resources.sandbox]
title = "A second sandbox"
cost = 40
per = "month"
quantity = 3
"""
REQUIREMENTS = """
[business.list]
title = "The list is there on Monday"
about = "requests per second at peak"
figure = 20

[business.reasons]
title = "Agents see three reasons"

[technical.servers]
title = "Servers for the peak"
sized = "peak-load"
figure = 3
serves = ["list"]

[technical.gpu]
title = "Two GPUs"
"""
PROJECT = """
[goals.saves]
title = "More subscribers kept"
start = 8
target = 16
by = 2027-03-31

[stakeholders.helen]
name = "Helen"
interest = "decides"
"""


@pytest.fixture
def planned(tmp_path: Any) -> PlanFolder:
    """A project with something in each section: a stage too dear, a milestone late, a requirement unserved."""
    made = PlanFolder(tmp_path)
    write(made.root / "people/mira.toml", 'name = "Mira"\nday_rate = 700\nskills = ["ml"]\n')
    made.project("churn", more=PROJECT)
    write(made.root / "projects/churn/strategy.toml", STRATEGY)
    write(made.root / "projects/churn/requirements.toml", REQUIREMENTS)
    made.card(
        "train", "execute/training-pipeline", 'owner = "mira"\nestimate = [6, 8, 12]\nmilestone = "live"\n'
    )
    made.card("label", "execute/data-pipeline", 'owner = "mira"\nestimate = [2, 3, 4]\n')
    return made


async def opened(on: Driver) -> StrategyScreen:
    await on.act("screen.strategy")
    await settled(on)
    screen = on.app.screen
    assert isinstance(screen, StrategyScreen)
    return screen


async def focus(on: Driver, screen: StrategyScreen, kind: str, name: str, *field: str) -> None:
    project = "" if kind == "person" else "churn"
    view(screen).go_to(Place(Address(kind, project, name), field))
    await on.pilot.pause()
    assert screen.place.address.id == name


# ---- what is seen


@pytest.mark.parametrize("size", [(80, 24), (120, 40)], ids=lambda size: f"{size[0]}x{size[1]}")
async def test_the_screen(
    planned: PlanFolder, start: Start, matches_snapshot: Compare, size: tuple[int, int]
) -> None:
    async with start(planned.root, size=size) as on:
        await opened(on)
        matches_snapshot(f"strategy-{size[0]}x{size[1]}", on.lines())
        for _ in range(3):
            await on.act("section.next")
        matches_snapshot(f"strategy-stages-{size[0]}x{size[1]}", on.lines())


async def test_the_screen_in_ascii(planned: PlanFolder, start: Start, matches_snapshot: Compare) -> None:
    async with start(planned.root, size=(80, 24), ascii_only=True) as on:
        await opened(on)
        matches_snapshot("strategy-ascii-80x24", on.lines())
        assert "".join(on.lines()).isascii()


async def test_each_section_says_what_is_wrong(planned: PlanFolder, start: Start) -> None:
    async with start(planned.root, size=(140, 60)) as on:
        screen = await opened(on)
        assert "! nothing serves it" in row(screen, "Agents see")
        assert "! serves nothing" in row(screen, "Two GPUs")
        assert row(screen, "Recall of").strip().startswith("✓")
        assert row(screen, "Complaints").strip().startswith("!")
        assert "late" in row(screen, "All teams")
        assert row(screen, "The list beats").startswith("! MVP")
        assert "7" in row(screen, "people  ")
        assert "120" in row(screen, "A second sandbox")
        assert "11.5 d" in row(screen, "Mira")
        assert "6,000" in row(screen, "spent")
        await focus(on, screen, "metric", "recall")
        await on.act("row.why")
        assert isinstance(on.app.screen, Message)
        assert "signed by no one; not by Helen" in on.text()
        await on.press("escape")
        await focus(on, screen, "stage", "mvp")
        assert text(screen, ".about").startswith("proves: The list beats the rule")
        await on.act("row.why")
        assert "above the cap" in on.text()
        assert "at its end: In use for four weeks" in on.text()


async def test_a_sized_requirement_follows_or_says_what_does(planned: PlanFolder, start: Start) -> None:
    async with start(planned.root, size=(140, 60)) as on:
        screen = await opened(on)
        assert "! 20 follow now" in row(screen, "Servers for the peak")
        await focus(on, screen, "technical", "servers")
        assert "20" in text(screen, ".about")
        await on.act("strategy.sizes")
        await settled(on)
        assert screen.plan.requirements("churn").technical["servers"].figure == 20
        assert "follows" in row(screen, "Servers for the peak")
        await on.act("plan.undo")
        await settled(on)
        assert screen.plan.requirements("churn").technical["servers"].figure == 3


async def test_a_plan_without_a_strategy_says_what_adds_one(plan: PlanFolder, start: Start) -> None:
    async with start(plan.root) as on:
        screen = await opened(on)
        assert "none yet: a adds a metric" in text(screen)
        await on.act("section.next", "section.next", "row.add")
        assert isinstance(on.app.screen, FormScreen)
        assert "New metric in churn" in on.text()


async def test_a_plan_without_projects_says_what_adds_one(tmp_path: Any, start: Start) -> None:
    made = PlanFolder(tmp_path)
    async with start(made.root) as on:
        screen = await opened(on)
        assert "no project yet" in text(screen)
        await on.act("row.add", "section.next", "strategy.sizes")
        assert "the plan has no project yet" in on.foot()


# ---- what is changed in place


@pytest.mark.parametrize(
    ("kind", "name", "typed", "value"),
    [
        ("goal", "saves", "20", lambda plan: plan.projects["churn"].goals["saves"].target == 20),
        ("business", "list", "25", lambda plan: plan.requirements("churn").business["list"].figure == 25),
        (
            "metric",
            "recall",
            "0.4",
            lambda plan: plan.strategy("churn").metrics["recall"].measured_on == TODAY,
        ),
        ("stage", "mvp", "12000", lambda plan: plan.strategy("churn").stages["mvp"].cap == 12000),
        ("allocation", "mira", "80%", lambda plan: plan.strategy("churn").people["mira"].share == 0.8),
        ("resource", "sandbox", "50", lambda plan: plan.strategy("churn").resources["sandbox"].cost == 50),
    ],
)
async def test_a_figure_is_set_in_place(
    planned: PlanFolder, start: Start, kind: str, name: str, typed: str, value: Callable[[Any], bool]
) -> None:
    async with start(planned.root) as on:
        screen = await opened(on)
        await focus(on, screen, kind, name)
        await on.act("strategy.value")
        assert isinstance(on.app.screen, Prompt)
        await on.press("ctrl+u")
        await on.type("x")
        await on.press("enter")
        assert isinstance(on.app.screen, Prompt)
        await on.press("ctrl+u")
        await on.type(typed)
        await on.press("enter")
        await settled(on)
        assert value(screen.plan)
        assert screen.place.address.id == name
        await on.act("plan.undo")
        await settled(on)
        assert not value(screen.plan)


async def test_a_share_of_a_person_goes_by_their_name(planned: PlanFolder, start: Start) -> None:
    async with start(planned.root) as on:
        screen = await opened(on)
        assert screen.plan.strategy("churn").people["mira"].role
        await focus(on, screen, "allocation", "mira")
        await on.act("row.why")
        assert isinstance(on.app.screen, Message)
        assert on.app.screen.heading == screen.plan.people["mira"].label


async def test_money_that_is_spent_is_set_with_its_day(planned: PlanFolder, start: Start) -> None:
    async with start(planned.root) as on:
        screen = await opened(on)
        await focus(on, screen, "strategy", "strategy", "budget", "spent")
        await on.act("strategy.value")
        await on.press("ctrl+u")
        await on.type("7000")
        await on.press("enter")
        await settled(on)
        budget = screen.plan.strategy("churn").budget
        assert (budget.spent, budget.spent_until) == (7000, TODAY)


async def test_days_owners_and_ends_are_set_in_place(planned: PlanFolder, start: Start) -> None:
    async with start(planned.root) as on:
        screen = await opened(on)
        await focus(on, screen, "milestone", "live")
        await on.act("strategy.day")
        await on.type("2026-12-20")
        await on.press("enter")
        await settled(on)
        assert str(screen.plan.strategy("churn").milestones["live"].due) == "2026-12-20"
        assert "late" not in row(screen, "All teams")
        await on.act("row.owner")
        assert isinstance(on.app.screen, Pick)
        await on.type("mira")
        await on.press("enter")
        await settled(on)
        assert screen.plan.strategy("churn").milestones["live"].owner == "mira"
        await on.act("row.remove")
        assert isinstance(on.app.screen, Ask)
        await on.press("r")
        await settled(on)
        assert not screen.plan.strategy("churn").milestones
        await on.act("plan.undo")
        await settled(on)
        assert "live" in screen.plan.strategy("churn").milestones


async def test_what_has_no_figure_or_day_says_so(planned: PlanFolder, start: Start) -> None:
    async with start(planned.root) as on:
        screen = await opened(on)
        await focus(on, screen, "milestone", "live")
        await on.act("strategy.value")
        assert "a milestone has no figure to set here" in on.foot()
        await focus(on, screen, "resource", "sandbox")
        await on.act("strategy.day")
        assert "a resource has no day to set here" in on.foot()


async def test_a_form_opens_on_every_row(planned: PlanFolder, start: Start) -> None:
    async with start(planned.root, size=(100, 40)) as on:
        screen = await opened(on)
        places = [one.key for one in view(screen).lines if isinstance(one.key, Place) and one.key.address.id]
        assert {one.address.kind for one in places} > {"goal", "metric", "stage", "milestone", "allocation"}
        for place in places:
            view(screen).go_to(place)
            await on.act("row.open")
            assert isinstance(on.app.screen, FormScreen), place
            await on.press("escape")
            assert on.app.screen is screen, place


async def test_the_filter_keeps_what_fits(planned: PlanFolder, start: Start) -> None:
    async with start(planned.root) as on:
        screen = await opened(on)
        await on.act("find.filter")
        await on.type("section:metrics recall")
        await on.press("enter")
        assert "Recall of" in text(screen)
        assert "Complaints" not in text(screen)
        assert "Goals" not in text(screen)
        await on.press("escape")
        assert "Complaints" in text(screen)


# ---- what it costs


async def test_a_key_costs_the_same_however_long_the_lists_are(planned: PlanFolder, start: Start) -> None:
    more = "\n".join(f'[milestones.m{at}]\ntitle = "Milestone {at}"\n' for at in range(300))
    write(planned.root / "projects/churn/strategy.toml", STRATEGY + more)
    async with start(planned.root) as on:
        screen = await opened(on)
        widgets = len(list(screen.walk_children()))
        made = view(screen).lines
        await on.act("focus.last", "focus.up", "focus.half_up", "focus.first", "focus.down")
        assert view(screen).lines is made
        assert len(list(screen.walk_children())) == widgets < 20
        assert len(made) > 300


async def test_the_cursor_stays_when_dates_arrive_and_steps_are_made(
    planned: PlanFolder, start: Start
) -> None:
    async with start(planned.root) as on:
        screen = await opened(on)
        await on.act("section.next", "section.next")
        here = screen.place
        assert screen.section is SECTIONS[2]
        planned.card("more", "execute/data-pipeline", 'owner = "mira"\nestimate = [4]\nmilestone = "live"\n')
        await on.act("plan.reload")
        await settled(on)
        assert screen.place == here
        assert "15.5 d" in row(screen, "Mira")


async def test_sections_are_gone_through_both_ways(planned: PlanFolder, start: Start) -> None:
    async with start(planned.root) as on:
        screen = await opened(on)
        await on.act("section.before")
        assert screen.section.id == "budget"
        await on.act("section.next")
        assert screen.section.id == "goals"


async def test_the_editor_opens_the_file_that_holds_the_row(
    planned: PlanFolder, start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Address] = []
    async with start(planned.root) as on:
        screen = await opened(on)
        monkeypatch.setattr(on.app.host, "open_editor", asked.append)
        await focus(on, screen, "metric", "recall")
        await on.act("row.editor")
        assert asked == [Address("strategy", "churn", "strategy")]


@pytest.mark.parametrize("kind", ["technical", "person"])
async def test_the_first_of_what_a_section_also_lists_is_added_on_its_row(
    plan: PlanFolder, start: Start, kind: str
) -> None:
    for path in (plan.root / "people").iterdir():
        path.unlink()
    business = '[business.weekly-list]\ntitle = "A list every Monday"\n'
    write(plan.root / "projects" / "churn" / "requirements.toml", business)
    async with start(plan.root) as on:
        screen = await opened(on)
        project = "" if kind == "person" else "churn"
        view(screen).go_to(Place(Address(kind, project, "")))
        await settled(on)
        assert "a adds a " in row(
            screen, "a technical" if kind == "technical" else "no one is in the plan yet"
        )
        await on.act("row.add")
        assert isinstance(on.app.screen, FormScreen)
        assert on.app.screen.subject.kind == kind

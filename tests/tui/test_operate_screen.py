"""Operate: what each section shows, that everything is done in place, and what a key costs."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Callable, Sequence
from typing import Any

import pytest

from kedge.model.records.address import Address
from kedge.tui.assess.assess_screen import AssessScreen
from kedge.tui.dialogs.ask import Ask
from kedge.tui.dialogs.message import Message
from kedge.tui.dialogs.pick import Pick
from kedge.tui.dialogs.prompt import Prompt
from kedge.tui.forms.form import FormScreen
from kedge.tui.operate.operate_screen import OperateScreen
from kedge.tui.operate.rows import SECTIONS
from kedge.tui.screens.sections import Place

from .driver import TODAY, Driver, PlanFolder, Start, write
from .sections import row, settled, text, view

Compare = Callable[[str, Sequence[str]], None]

ROLLOUT = """
title = "Model list for the teams"
stop_action = "Set the list back to the rule"
per_minute = 10
[steps.shadow]
kind = "shadow"
rank = "a0"
minutes = 1440
[steps.canary]
kind = "canary"
rank = "a1"
share = 0.1
minutes = 1440
[guardrails.complaints]
metric = "complaints per 1,000"
operator = "<="
value = 2.5
"""
EXPERIMENT = """
title = "Does a contact keep subscribers?"
kind = "A/B"
primary_metric = "kept"
control = "hold-out"
smallest_effect = 0.02
sample_size = 1000
days = 14
[arms.contact]
title = "Contacted"
share = 0.5
[arms.hold-out]
title = "Not contacted"
share = 0.5
"""
MONITOR = """
title = "Drift of the inputs"
watches = "input drift"
operator = ">"
value = 0.12
action = "Retrain"
owner = "mira"
covers = ["prices"]
last_tested = 2026-11-10
"""
SENTENCE = """
title = "The list has arrived"
watches = "data arrival"
limit = "most of it"
"""
STRATEGY = """
[metrics.kept]
title = "Subscribers kept"
role = "primary"
target = 0.3
actual = 0.25
measured_on = 2026-11-01
measured_in = "reports/kept.json"
measured_key = ["val", "kept"]
[metrics.complaints]
title = "Complaints"
role = "guardrail"
better = "lower"
limit = 2.5
actual = 2.7
"""
ASSESSMENT = """
[answers.doc-runbook]
checked = ["retrain", "release"]
evidence = ["docs/runbook.md"]
"""
RISK = 'title = "{}"\nstate = "open"\nkind = "outside"\nchance = 3\nimpact = 5\n'


@pytest.fixture
def running(tmp_path: Any) -> PlanFolder:
    """A project with a rollout, a live test, monitors, a metric from a file, and a risk that none covers."""
    made = PlanFolder(tmp_path)
    write(made.root / "people/mira.toml", 'name = "Mira"\n')
    made.project("churn")
    folder = made.root / "projects/churn"
    write(folder / "strategy.toml", STRATEGY)
    write(folder / "assessment.toml", ASSESSMENT)
    write(folder / "rollouts/mvp.toml", ROLLOUT)
    write(folder / "experiments/holdout.toml", EXPERIMENT)
    write(folder / "monitors/drift.toml", MONITOR)
    write(folder / "monitors/arrival.toml", SENTENCE)
    write(folder / "risks/prices.toml", RISK.format("Prices change"))
    write(folder / "risks/outage.toml", RISK.format("The warehouse is down"))
    write(made.root.parent / "reports/kept.json", json.dumps({"val": {"kept": 0.31}}))
    return made


async def opened(on: Driver) -> OperateScreen:
    await on.act("screen.operate")
    await settled(on)
    screen = on.app.screen
    assert isinstance(screen, OperateScreen)
    return screen


async def focus(on: Driver, screen: OperateScreen, kind: str, name: str, *field: str) -> None:
    view(screen).go_to(Place(Address(kind, "churn", name), field))
    await on.pilot.pause()
    assert screen.place == Place(Address(kind, "churn", name), field)


async def typed(on: Driver, words: str) -> None:
    assert isinstance(on.app.screen, Prompt)
    await on.press("ctrl+u")
    await on.type(words)
    await on.press("enter")
    await settled(on)


# ---- what is seen


@pytest.mark.parametrize("size", [(80, 24), (120, 40)], ids=lambda size: f"{size[0]}x{size[1]}")
async def test_the_screen(
    running: PlanFolder, start: Start, matches_snapshot: Compare, size: tuple[int, int]
) -> None:
    async with start(running.root, size=size) as on:
        await opened(on)
        matches_snapshot(f"operate-{size[0]}x{size[1]}", on.lines())
        await on.act("section.next", "section.next", "section.next")
        matches_snapshot(f"operate-monitors-{size[0]}x{size[1]}", on.lines())


async def test_the_screen_in_ascii(running: PlanFolder, start: Start, matches_snapshot: Compare) -> None:
    async with start(running.root, size=(80, 24), ascii_only=True) as on:
        await opened(on)
        matches_snapshot("operate-ascii-80x24", on.lines())
        assert "".join(on.lines()).isascii()


async def test_each_section_says_what_needs_a_person(running: PlanFolder, start: Start) -> None:
    async with start(running.root, size=(140, 70)) as on:
        screen = await opened(on)
        assert "0/" in row(screen, "Monitoring")
        assert "next" in row(screen, "shadow: shadow")
        assert "to come" in row(screen, "canary: canary, 10 %")
        assert "complaints per 1,000 <= 2.5" in row(screen, "stops unless")
        assert "2,000" in row(screen, "Does a contact")
        assert row(screen, "The list has arrived").startswith("cannot be judged")
        assert row(screen, "Drift of").startswith("fine")
        assert row(screen, "Complaints").startswith("!")
        assert "reports/kept.json" in row(screen, "Subscribers kept")
        assert row(screen, "runbook that").startswith("not there")
        assert "The warehouse is down" in text(screen)
        assert "Prices change" not in text(screen)
        assert "not watched  servers" in text(screen)
        await focus(on, screen, "metric", "kept")
        assert "read from reports/kept.json (val > kept)" in text(screen, ".about")


async def test_the_last_reading_is_the_one_that_the_state_comes_from(
    running: PlanFolder, start: Start
) -> None:
    # A reading of a day ahead is one of a wrong clock: the state leaves it out.
    readings = """
[readings.ahead]
read_at = "2027-02-01T05:30Z"
value = 0.77
[readings.known]
read_at = "2026-11-19T05:30Z"
value = 0.05
"""
    write(running.root / "projects/churn/monitors/drift.toml", MONITOR + readings)
    async with start(running.root, size=(140, 70)) as on:
        screen = await opened(on)
        assert row(screen, "Drift of").startswith("fine")
        assert "0.05" in row(screen, "Drift of")
        assert "0.77" not in row(screen, "Drift of")


async def test_a_plan_without_anything_says_what_adds_it(plan: PlanFolder, start: Start) -> None:
    async with start(plan.root, size=(100, 60)) as on:
        screen = await opened(on)
        assert "none yet: a adds a monitor" in text(screen)
        assert "none yet: a adds a rollout" in text(screen)


async def test_a_plan_without_projects_says_what_adds_one(tmp_path: Any, start: Start) -> None:
    made = PlanFolder(tmp_path)
    async with start(made.root) as on:
        screen = await opened(on)
        assert "no project yet" in text(screen)
        await on.act("operate.record", "operate.next", "row.add", "row.why", "metric.refresh")
        assert "the plan has no project yet" in on.foot()


# ---- what is done in place


async def test_a_reading_fires_the_monitor_and_undo_takes_it_back(running: PlanFolder, start: Start) -> None:
    async with start(running.root, size=(120, 60)) as on:
        screen = await opened(on)
        await focus(on, screen, "monitor", "drift")
        await on.act("operate.record")
        await on.type("0,2")
        await on.press("enter")
        assert "decimal comma" in on.text()
        await typed(on, "0.2")
        assert row(screen, "Drift of").startswith("fired")
        assert "1 needs a person" in on.text()
        (reading,) = screen.plan.get(Address("monitor", "churn", "drift")).readings.values()
        assert reading.value == 0.2
        assert text(screen, ".about").startswith("fired: 0.2; limit > 0.12")
        await on.act("plan.undo")
        await settled(on)
        assert row(screen, "Drift of").startswith("fine")


async def test_an_alarm_that_was_tried_is_tested(running: PlanFolder, start: Start) -> None:
    async with start(running.root) as on:
        screen = await opened(on)
        await focus(on, screen, "monitor", "arrival")
        await on.act("operate.tested")
        await settled(on)
        assert screen.plan.get(Address("monitor", "churn", "arrival")).last_tested == TODAY
        await focus(on, screen, "experiment", "holdout")
        await on.act("operate.tested")
        assert "an experiment has no alarm" in on.foot()


async def test_a_step_of_a_rollout_starts_is_judged_and_stops(running: PlanFolder, start: Start) -> None:
    async with start(running.root, size=(120, 60)) as on:
        screen = await opened(on)
        await focus(on, screen, "rollout", "mvp", "steps", "canary")
        await on.act("operate.next")
        assert "comes after shadow" in on.foot()
        await focus(on, screen, "rollout", "mvp")
        await on.act("operate.next")
        await settled(on)
        steps = screen.plan.get(Address("rollout", "churn", "mvp")).steps
        assert (steps["shadow"].started, steps["canary"].started) == (TODAY, None)
        await on.act("operate.record")
        await on.press("enter")
        assert "nothing was typed" in on.text()
        await typed(on, "complaints=2.1")
        assert isinstance(on.app.screen, Message)
        assert "go on: 1 guardrails hold" in on.text()
        await on.press("escape")
        await on.act("operate.next")
        await settled(on)
        await on.act("operate.record")
        await typed(on, "complaints=2.9")
        assert "now: Set the list" in on.text()
        await on.press("escape")
        steps = screen.plan.get(Address("rollout", "churn", "mvp")).steps
        assert [steps[key].outcome for key in ("shadow", "canary")] == ["passed", "stopped"]
        assert "stopped" in row(screen, "canary: canary")


async def test_a_canary_that_is_worse_than_its_control_by_more_than_the_margin_stops(
    running: PlanFolder, start: Start
) -> None:
    record = running.root / "projects/churn/rollouts/mvp.toml"
    record.write_text(record.read_text().replace("value = 2.5", "value = 2.5\nmargin = 0.3"))
    async with start(running.root) as on:
        screen = await opened(on)
        view(screen).go_to(Place(Address("rollout", "churn", "mvp")))
        await on.act("operate.record")
        assert "complaints= complaints.control=" in on.text()
        await on.press("ctrl+u")
        await on.type("complaints=2.2 complaints.control=1.8")
        await on.press("enter")
        await settled(on)
        assert "0.4 worse; margin 0.3" in on.text()
        assert on.app.session is not None
        rollout: Any = on.app.session.plan.get(Address("rollout", "churn", "mvp"))
        assert rollout.steps["shadow"].outcome == "stopped"


async def test_counts_of_a_live_test_give_its_verdict(running: PlanFolder, start: Start) -> None:
    async with start(running.root, size=(120, 60)) as on:
        screen = await opened(on)
        await focus(on, screen, "experiment", "holdout")
        await on.act("operate.next")
        await settled(on)
        assert screen.plan.get(Address("experiment", "churn", "holdout")).started == TODAY
        await on.act("operate.record")
        assert "contact=/ hold-out=/" in on.text()
        await on.press("ctrl+u")
        await on.type("contact=1200/1000 hold-out=100/1000")
        await on.press("enter")
        assert "more events than units" in on.text()
        await typed(on, "contact=400/1000 hold-out=300/1000")
        found = screen.plan.get(Address("experiment", "churn", "holdout"))
        assert (found.arms["contact"].events, found.result) == (400, "supports")
        assert "better" in row(screen, "Does a contact")
        await on.act("plan.undo")
        await settled(on)
        assert screen.plan.get(Address("experiment", "churn", "holdout")).arms["contact"].events is None


async def test_metrics_are_read_again_from_their_files(running: PlanFolder, start: Start) -> None:
    async with start(running.root, size=(120, 60)) as on:
        screen = await opened(on)
        await on.act("metric.refresh")
        await on.found_out()
        await on.until(lambda: isinstance(on.app.screen, Ask))
        assert "kept: 0.25 -> 0.31" in on.text()
        await on.press("t")
        await settled(on)
        assert screen.plan.strategy("churn").metrics["kept"].actual == 0.31
        await on.act("metric.refresh")
        await on.until(lambda: "as their files say" in on.foot())
        await on.act("screen.strategy")
        await on.act("metric.refresh")
        await on.until(lambda: "as their files say" in on.foot())


async def test_a_metric_a_person_and_an_end_are_set_in_place(running: PlanFolder, start: Start) -> None:
    async with start(running.root) as on:
        screen = await opened(on)
        await focus(on, screen, "metric", "complaints")
        await on.act("operate.record")
        await typed(on, "2.1")
        found = screen.plan.strategy("churn").metrics["complaints"]
        assert (found.actual, found.measured_on) == (2.1, TODAY)
        await focus(on, screen, "rollout", "mvp")
        await on.act("row.owner")
        assert isinstance(on.app.screen, Pick)
        await on.type("mira")
        await on.press("enter")
        await settled(on)
        assert screen.plan.get(Address("rollout", "churn", "mvp")).decides == "mira"
        await on.act("row.remove")
        await on.press("r")
        await settled(on)
        assert screen.plan.get(Address("rollout", "churn", "mvp")) is None
        await on.act("plan.undo")
        await settled(on)
        assert screen.plan.get(Address("rollout", "churn", "mvp")) is not None


async def test_a_monitor_for_what_is_not_covered_begins_with_it(running: PlanFolder, start: Start) -> None:
    async with start(running.root, size=(100, 50)) as on:
        screen = await opened(on)
        await focus(on, screen, "risk", "outage")
        await on.act("row.add")
        assert isinstance(on.app.screen, FormScreen)
        await on.type("The warehouse answers")
        await on.press("ctrl+s")
        await settled(on)
        assert on.app.screen is screen
        assert "The warehouse is down" not in text(screen)
        assert screen.place.address.kind == "monitor"


async def test_enter_opens_forms_and_goes_to_questions(running: PlanFolder, start: Start) -> None:
    async with start(running.root, size=(100, 40)) as on:
        screen = await opened(on)
        places = [one.key for one in view(screen).lines if isinstance(one.key, Place) and one.key.address.id]
        kinds = {one.address.kind for one in places}
        assert kinds >= {"track", "answer", "rollout", "experiment", "monitor", "metric", "risk", "watch"}
        for place in places:
            if place.address.kind in ("track", "answer"):
                continue
            view(screen).go_to(place)
            await on.act("row.open")
            assert isinstance(on.app.screen, FormScreen), place
            await on.press("escape")
            assert on.app.screen is screen, place
        await focus(on, screen, "track", "monitoring")
        await on.act("row.open")
        await on.found_out()
        assert isinstance(on.app.screen, AssessScreen)


async def test_why_explains_every_row(running: PlanFolder, start: Start) -> None:
    async with start(running.root, size=(100, 40)) as on:
        screen = await opened(on)
        places = [one.key for one in view(screen).lines if isinstance(one.key, Place) and one.key.address.id]
        for place in places:
            view(screen).go_to(place)
            await on.act("row.why")
            assert isinstance(on.app.screen, Message), place
            assert "there is nothing to show" not in on.text(), place
            await on.press("escape")


async def test_the_filter_keeps_what_fits(running: PlanFolder, start: Start) -> None:
    async with start(running.root) as on:
        screen = await opened(on)
        await on.act("find.filter")
        await on.type("section:monitors state:judged")
        await on.press("enter")
        # The keys of the line have gone with it.
        assert "Tab section" in on.foot()
        assert "The list has arrived" in text(screen)
        assert "Drift of" not in text(screen)
        assert "Tracks" not in text(screen)
        await on.press("escape")
        assert "Drift of" in text(screen)


async def test_a_runbook_older_than_what_it_describes_is_out_of_date(
    running: PlanFolder, start: Start
) -> None:
    top = running.root.parent

    def git(*words: str, day: str = "2026-11-01") -> None:
        stamp = f"{day}T12:00:00Z"
        known = {**os.environ, "GIT_AUTHOR_DATE": stamp, "GIT_COMMITTER_DATE": stamp}
        who = ("-c", "user.name=Mira", "-c", "user.email=mira@example.org")
        subprocess.run(["git", *who, *words], cwd=top, check=True, capture_output=True, env=known)

    write(top / "docs/runbook.md", "Retrain, release.\n")
    write(top / "docs/rollout.md", "Two steps.\n")
    write(running.root / "projects/churn/rollouts/mvp.toml", 'links = ["docs/rollout.md"]\n' + ROLLOUT)
    git("init", "-q")
    git("add", "-A")
    git("commit", "-qm", "Begin")
    write(top / "docs/rollout.md", "Three steps.\n")
    git("commit", "-qam", "One more step", day="2026-11-15")
    async with start(running.root, size=(140, 60)) as on:
        screen = await opened(on)
        await on.until(lambda: row(screen, "runbook that").startswith("out of date"))
        await focus(on, screen, "answer", "doc-runbook", "evidence")
        about = text(screen, ".about")
        assert "docs/runbook.md is of 2026-11-01, docs/rollout.md was changed on 2026-11-15" in about


# ---- what it costs


async def test_who_ran_the_runbook_is_written_down_on_its_row(running: PlanFolder, start: Start) -> None:
    async with start(running.root) as on:
        screen = await opened(on)
        await focus(on, screen, "answer", "doc-runbook", "evidence")
        await on.act("row.add")
        form = on.app.screen
        assert isinstance(form, FormScreen)
        assert form.subject.kind == "drill"
        assert "docs/runbook.md" in on.text()
        await on.type("roll back")
        await on.press("ctrl+s")
        await settled(on)
        assert on.app.session is not None
        (drill,) = on.app.session.plan.projects["churn"].drills.values()
        assert (drill.what, drill.document, drill.on, drill.did) == (
            "roll back",
            "docs/runbook.md",
            TODAY,
            "ran",
        )
        await focus(on, screen, "answer", "doc-runbook", "evidence")
        await on.act("row.why")
        assert "roll back: ran by no one who is named" in on.text()


async def test_a_key_costs_the_same_however_many_monitors_there_are(
    running: PlanFolder, start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    for at in range(300):
        write(running.root / f"projects/churn/monitors/m{at}.toml", MONITOR)
    asked: list[object] = []
    async with start(running.root) as on:
        screen = await opened(on)
        widgets = len(list(screen.walk_children()))
        made = view(screen).lines
        worker = on.app.host.session.worker
        monkeypatch.setattr(worker, "ask", lambda key, *_, **__: asked.append(key))
        await on.act("focus.last", "focus.up", "focus.half_up", "focus.first", "focus.down")
        assert view(screen).lines is made
        assert len(list(screen.walk_children())) == widgets < 20
        assert len(made) > 300
        assert asked == []


async def test_sections_are_gone_through_both_ways(running: PlanFolder, start: Start) -> None:
    async with start(running.root) as on:
        screen = await opened(on)
        await on.act("section.before")
        assert screen.section is SECTIONS[-1]
        await on.act("section.next")
        assert screen.section is SECTIONS[0]

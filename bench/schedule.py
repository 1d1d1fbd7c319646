"""The schedule of large plans: every card with dates, the first dates, the next ones after one change, and their
painting on the Timeline; CPU seconds.

Run: python bench/schedule.py [--cards 1000 10000]
"""

from __future__ import annotations

import argparse
import asyncio
import datetime as dt
import gc
import os
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from random import Random
from typing import Any, TypeVar

from plans import write_record

from kedge.model.derived.derived import Derived
from kedge.model.edit.edits import edit
from kedge.model.plan.change import apply
from kedge.model.plan.plan import Plan
from kedge.model.plan.validate import parse
from kedge.model.playbook import shipped
from kedge.model.snapshot.snapshot import Snapshot
from kedge.model.solvers.activity_network import Link
from kedge.model.solvers.critical_path import critical_path
from kedge.model.solvers.working_time import WorkingTime
from kedge.storage.plan.workspace import Workspace
from kedge.tests.tui.waiting import idle, until
from kedge.tui.app.app import KedgeApp
from kedge.tui.timeline import worked_out
from kedge.tui.timeline.chart import Chart
from kedge.tui.timeline.timeline_screen import TimelineScreen

TODAY = dt.date(2026, 11, 20)
PEOPLE = {1000: 20}
"""By the number of cards; 100 for any other."""
T = TypeVar("T")


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--cards", type=int, nargs="*", default=[1000, 10_000])
    asked = options.parse_args()
    _network(10_000)
    for cards in asked.cards:
        for teams in (1, 50):
            _plan(cards, PEOPLE.get(cards, 100), teams)
            asyncio.run(_painted(plan_of(cards, PEOPLE.get(cards, 100), teams)))
    return 0


def _network(count: int) -> None:
    random = Random(1)
    works = [random.randint(1, 20) for _ in range(count)]
    kinds = ("FS", "FS", "FS", "SS", "FF", "SF")
    links = [
        Link(before, after, random.choice(kinds), random.choice((0, 0, 2, -2)))
        for after in range(1, count)
        for before in {max(0, after - random.randint(1, 50)) for _ in range(2)}
    ]
    days = [WorkingTime([random.random() < 0.8 for _ in range(8000)]) for _ in range(100)]
    calendars = [random.choice(days) for _ in works]
    _timed(f"critical path, {count:,} activities, {len(links):,} links", lambda: critical_path(works, links))
    _timed("  with 100 calendars", lambda: critical_path(works, links, calendars))


def _plan(cards: int, people: int, teams: int) -> None:
    plan = plan_of(cards, people, teams)
    snapshot = Snapshot.of(plan, shipped(), TODAY)
    assert plan.cards
    gc.collect()
    gc.freeze()
    print(f"{cards:,} cards, {people} people, {teams} teams without a person in common")
    store = Derived(snapshot)
    _timed("  first dates", lambda: store.schedule(0))
    made = _timed("  all dates", store.schedule)
    _timed("  slack", lambda: made.slack)
    _timed("  the rest: reasons, free slack, load, hand-overs, findings", lambda: _rest(made))
    changed = plan.cards[f"card-{cards // 2:05d}"]
    batch = edit(plan, changed.address, {("estimate",): (3, 4, 9)})
    after = snapshot.with_plan(apply(plan, batch.changes))
    following = store.after(after, batch.changes)
    first = _timed("  first dates after one estimate", lambda: following.schedule(0))
    _timed("    their bars, as the Timeline shows them at once", lambda: Chart(first, is_final=False))
    _timed("    slack, which it shows then", lambda: first.slack)
    if teams > 1:
        _timed("  dates after one estimate", following.schedule)
    note = edit(plan, changed.address, {("notes",): "A note."})
    noted = store.after(snapshot.with_plan(apply(plan, note.changes)), note.changes)
    _timed("  dates after a note", noted.schedule)


async def _painted(plan: Plan) -> None:
    """From an edit on the Timeline to the first dates on the screen: all that the process does meanwhile."""
    worked_out._PAINT_FIRST = 5.0  # so that slack is worked out after the time is taken
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder, "plan")
        for record in plan.records.values():
            write_record(root, record)
        environment = {**os.environ, "KEDGE_STATE": folder, "HOME": folder}
        loading: Future[Workspace] = Future()
        app = KedgeApp(loading, today=TODAY, environment=environment, background=False)
        async with app.run_test(size=(80, 24)) as pilot:
            loading.set_result(Workspace.open(str(root), environment))
            await until(lambda: app.session is not None, lambda: "the board")
            await pilot.press("5")
            screen = app.screen
            assert isinstance(screen, TimelineScreen)
            await until(lambda: screen.chart and not screen.known.is_stale, lambda: "the schedule")
            for days in (9, 30, 60):
                await _edited(screen, f"card-{len(plan.cards) // 2:05d}", days)


async def _edited(screen: TimelineScreen, card: str, days: float) -> None:
    before = screen.chart
    address = screen.plan.cards[card].address
    started, clock = time.process_time(), time.perf_counter()
    screen.make(lambda: edit(screen.plan, address, {("estimate",): (3, 4, days)}))
    while screen.chart is before:
        await asyncio.sleep(0.01)
    await idle()
    spent, waited = time.process_time() - started, time.perf_counter() - clock
    print(
        f"{'  on the Timeline, from the edit to the painted dates':<62} {spent:>8.3f} s ({waited:.3f} by the clock)"
    )
    await until(lambda: not screen.known.is_stale, lambda: "the slack")
    screen.session.wait()


def _rest(made: Any) -> None:
    list(made.reasons.all())
    _ = made.free_slack, made.loads, made.handovers, made.problems


def _timed(what: str, work: Callable[[], T]) -> T:
    started = time.process_time()
    found = work()
    print(f"{what:<62} {time.process_time() - started:>8.3f} s")
    return found


def plan_of(cards: int, people: int, teams: int, seed: int = 1) -> Plan:
    """A plan of chains with part-time people and absences; teams share no card and no person."""
    random = Random(seed)
    values: list[tuple[str, str, str, dict[str, Any]]] = [("board", "", "board", {"format": 1})]
    teams = min(teams, people)
    for number in range(people):
        first = TODAY + dt.timedelta(days=random.randint(30, 230))
        values.append(
            (
                "person",
                "",
                f"person-{number:03d}",
                {
                    "name": f"Person {number}",
                    "share": random.choice((1.0, 0.8, 0.5)),
                    "team": f"team-{number % teams}",
                    "absences": {"leave": {"first": first, "last": first + dt.timedelta(days=7)}},
                },
            )
        )
    ids: list[list[str]] = [[] for _ in range(teams)]
    for team in range(teams):
        project = f"project-{team:02d}"
        values.append(("project", project, project, {"title": project}))
        milestones = {"live": {"title": "Live", "due": dt.date(2027, 6, 1)}}
        values.append(("strategy", project, "strategy", {"milestones": milestones}))
    for number in range(cards):
        team, name = number % teams, f"card-{number:05d}"
        owner = random.randrange(team, people, teams)
        data: dict[str, Any] = {
            "title": f"Card {number}",
            "place": "execute",
            "rank": f"a{number:05d}",
            "owner": f"person-{owner:03d}",
            "estimate": sorted(random.sample(range(1, 15), 3)),
        }
        if number % 30 < teams:
            data["milestone"] = "live"
        if ids[team] and random.random() < 0.7:
            data["needs"] = random.sample(ids[team][-50:], min(2, len(ids[team])))
        ids[team].append(name)
        values.append(("card", f"project-{team:02d}", name, data))
    records = [parse(*value) for value in values]
    return Plan({record.address: record for record in records})


if __name__ == "__main__":
    sys.exit(main())

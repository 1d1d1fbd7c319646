"""Rows of how one gets there: stages, milestones, people, resources, budget."""

from __future__ import annotations

from collections.abc import Iterator

from ...model.capacity.calendar import say_days
from ...model.playbook.outline import stage_word
from ...model.records.address import Address
from ...model.records.base import Entry
from ...model.records.person import Person
from ...model.text.amounts import whole_percent
from ...model.text.dates import short_date
from ..draw.sheet import DAY, MONEY, NOTHING, WAITING, Sheet, figure, money
from ..draw.spans import Line, Span, line
from ..draw.table import Column
from ..screens.sections import Place
from .project_data import BUDGET, ProjectData


def stages(sheet: Sheet[ProjectData]) -> Iterator[Line]:
    """What each stage must prove, until when, for how much; what must hold at its end."""
    data = sheet.data
    table = sheet.table(
        Column("weeks", 6, is_figure=True),
        Column("until", DAY),
        Column("cost P80", MONEY, is_figure=True),
        Column("cap", MONEY, is_figure=True),
        Column("approved", MONEY, is_figure=True),
    )
    yield table.head(f"Stages, {data.plan.board.currency}")
    costs = {one.id: one for one in data.budget.stages} if data.budget is not None else {}
    for key, stage in data.stages.items():
        if not sheet.fits(stage, "stages", key):
            continue
        cost = costs.get(key)
        over = cost is not None and (cost.over(cost.cap) > 0 or cost.over(cost.approved) > 0)
        p80 = (
            WAITING
            if data.found.budgets is None
            else money(cost.cost(0.8) if cost is not None else None, "bad" if over else "")
        )
        cells = [
            figure(stage.weeks),
            sheet.day(data.found.boxes.get(key)),
            p80,
            money(stage.cap),
            money(stage.approved),
        ]
        is_now = key == data.project.stage
        name = f"{'! ' if over else ''}{stage_word(key)}  "
        yield table.row(
            [(name, "bad" if over else "strong" if is_now else ""), (stage.label, "")],
            cells,
            data.at("stage", key),
        )
        yield from (line((f"    {sheet.glyphs.rule} {text}", "quiet")) for text in stage.exit_criteria)


def milestones(sheet: Sheet[ProjectData]) -> Iterator[Line]:
    """Dated points: wanted, as planned, in 80 of 100 runs, and how late."""
    data = sheet.data
    table = sheet.table(
        Column("due", DAY),
        Column("planned", DAY),
        Column("P80", DAY),
        Column("", 14),
        Column("stage", 8),
        Column("who", 8),
    )
    yield table.head("Milestones")
    for key, one in data.strategy.milestones.items():
        if not sheet.fits(one, "milestones", key):
            continue
        found, outlook = data.milestone(key), data.outlook(key)
        state: Span = NOTHING
        if found is not None and found.is_done:
            state = ("no open card", "quiet")
        elif found is not None and found.late:
            state = (f"! {say_days(found.late)} late", "bad")
        elif (
            (box := data.found.boxes.get(one.stage or data.project.stage))
            and found is not None
            and found.date is not None
            and found.date > box
        ):
            state = ("! past the box", "warning")
        planned = (
            WAITING if data.found.schedule is None else sheet.day(found.date if found is not None else None)
        )
        p80 = (
            WAITING
            if data.found.forecast is None
            else sheet.day(outlook.date(0.8) if outlook is not None else None)
        )
        cells = [
            sheet.day(one.due),
            planned,
            p80,
            state,
            (one.stage or "", "quiet"),
            (one.owner or "", "quiet"),
        ]
        yield table.row([(one.title, "")], cells, data.at("milestone", key))


def people(sheet: Sheet[ProjectData]) -> Iterator[Line]:
    """Who works on it: role, share of their time, open work here, and whether they have too much."""
    data = sheet.data
    made = data.found.schedule
    table = sheet.table(
        Column("share", 6, is_figure=True),
        Column("work", 8, is_figure=True),
        Column("", 15),
        Column("role", 24),
    )
    yield table.head("People")
    known = data.strategy.people
    for name in [*known, *sorted(set(data.work) - set(known))]:
        person, part = data.plan.people.get(name), known.get(name)
        shown: Entry | None = person or part
        if shown is None or not sheet.fits(shown, "people", name):
            continue
        role = (part and part.role) or (person and person.role) or ""
        share = part.share if part and part.share is not None else person.share if person else None
        load = made.loads.get(name) if made is not None else None
        over = sum(week.over > 0 for week in load.weeks) if load is not None else 0
        cells = [
            (whole_percent(share), "") if share is not None else NOTHING,
            WAITING if made is None else figure(round(data.work.get(name, 0.0), 1) or None, "d"),
            (f"! over in {over} wk", "bad") if over else NOTHING,
            (role, "quiet"),
        ]
        place = (
            data.at("allocation", name)
            if part
            else Place(shown.address if isinstance(shown, Person) else data.strategy.address)
        )
        yield table.row([(person.label if person is not None else name, "")], cells, place)
    if not data.plan.people:
        yield line(
            ("  no one is in the plan yet: a adds a person", "empty"), key=Place(Address("person", "", ""))
        )


def resources(sheet: Sheet[ProjectData]) -> Iterator[Line]:
    """What must be bought or set up, and what it costs in all."""
    data = sheet.data
    table = sheet.table(
        Column("cost", MONEY, is_figure=True),
        Column("kind", 9),
        Column("stage", 8),
        Column("ready in", 9, is_figure=True),
        Column("who", 8),
    )
    yield table.head(f"Resources, {data.plan.board.currency}")
    for key, one in data.strategy.resources.items():
        if sheet.fits(one, "resources", key):
            whole = (
                one.cost * (1.0 if one.quantity is None else one.quantity) if one.cost is not None else None
            )
            cells = [
                money(whole) if whole is not None else ("no price", "warning"),
                (one.kind, "quiet"),
                (one.stage or "", "quiet"),
                figure(one.lead_days, "d"),
                (one.owner or "", "quiet"),
            ]
            yield table.row([(one.title, "")], cells, data.at("resource", key))


def budget(sheet: Sheet[ProjectData]) -> Iterator[Line]:
    """What it costs by kind, in half and in 80 of 100 cases; what is spent of it."""
    data = sheet.data
    table = sheet.table(Column("P50", MONEY, is_figure=True), Column("P80", MONEY, is_figure=True))
    plan = data.strategy.budget
    yield table.head(f"Budget, {data.plan.board.currency}")
    if not sheet.fits(plan, "budget", BUDGET):
        return
    found = data.budget
    if found is None:
        why = (
            "working out what it costs …"
            if data.found.budgets is None
            else "no money is planned: the project is not active"
        )
        yield line((why, "quiet"))
    else:
        middle, high = found.whole.by_kind(0.5), found.whole.by_kind(0.8)
        for kind, cost in high.items():
            place = Place(data.strategy.address, (BUDGET, "contingency")) if kind == "contingency" else None
            name = f"contingency, {whole_percent(plan.contingency)}" if place else kind
            yield table.row([(name, "")], [money(middle[kind]), money(cost)], place)
        yield table.row(
            [("together", "strong")],
            [money(sum(middle.values()), "strong"), money(sum(high.values()), "strong")],
        )
    spent: Span = ("not set", "empty") if plan.spent is None else money(plan.spent)
    said = f"spent until {short_date(plan.spent_until, data.today)}  " if plan.spent_until else "spent  "
    share = (
        f"  {100 * plan.spent / found.planned:.0f} % of what is planned"
        if found and found.planned and plan.spent is not None
        else ""
    )
    yield table.row(
        [(said, ""), spent, (share, "quiet")], [], Place(data.strategy.address, (BUDGET, "spent"))
    )

"""Rows of what is wanted: goals, requirements beside what serves them, metrics."""

from __future__ import annotations

from collections.abc import Iterator

from rich.cells import cell_len

from ...model.operations.targets import wanted
from ...model.records.requirements import BusinessRequirement, TechnicalRequirement
from ...model.text.figure import written
from ..draw.metrics import mark_of, state_of
from ..draw.sheet import DAY, FIGURE, NOTHING, WAITING, Sheet, figure
from ..draw.spans import Line, Span, line
from ..draw.table import Column, Table
from ..screens.sections import Place
from .project_data import ProjectData


def goals(sheet: Sheet[ProjectData]) -> Iterator[Line]:
    """What must get better, the most important first."""
    data = sheet.data
    table = sheet.table(
        Column("from", FIGURE, is_figure=True),
        Column("to", FIGURE, is_figure=True),
        Column("by", DAY),
        Column("who", 8),
    )
    yield table.head("Goals")
    if sheet.fits(data.strategy, "goals", "vision"):
        vision, place = data.strategy.vision, Place(data.strategy.address, ("vision",))
        said = (vision or "not set", "" if vision else "empty")
        yield table.row([("Vision  ", "quiet"), said], [], place)
    for key, one in sorted(data.project.goals.items(), key=lambda pair: (pair[1].rank, pair[0])):
        if sheet.fits(one, "goals", key):
            late = one.by is not None and one.by < data.today
            cells = [
                figure(one.start),
                figure(one.target),
                sheet.day(one.by, "warning" if late else ""),
                (one.owner or "", "quiet"),
            ]
            yield table.row([(one.title, "")], cells, data.at("goal", key))


def requirements(sheet: Sheet[ProjectData]) -> Iterator[Line]:
    """Business requirements, each with the technical ones that serve it below; then those that serve none."""
    data, kept = sheet.data, sheet.data.requirements
    units = [one.unit or "" for some in (kept.business, kept.technical) for one in some.values()]
    table = sheet.table(
        Column("figure", FIGURE + 1, is_figure=True),
        Column("", min(max(map(cell_len, units), default=0), sheet.width // 6) if sheet.is_wide else 0),
        Column("", 19),
    )
    yield table.head("Requirements")
    serving: dict[str, list[str]] = {}
    for key, one in kept.technical.items():
        for name in one.serves:
            serving.setdefault(name.rpartition("/")[2], []).append(key)
    working = any(one.in_scope for one in kept.technical.values())
    for key, business in kept.business.items():
        own = serving.get(key, [])
        shown = [
            name
            for name in own
            if name in kept.technical and sheet.fits(kept.technical[name], "requirements", name)
        ]
        if not shown and not sheet.fits(business, "requirements", key):
            continue
        state: Span = NOTHING
        if not business.in_scope:
            state = ("out of scope", "quiet")
        elif working and not any(kept.technical[name].in_scope for name in own if name in kept.technical):
            state = ("! nothing serves it", "warning")
        cells = [figure(business.figure), _unit(business), state]
        yield table.row(
            [(business.title, "" if business.in_scope else "quiet")], cells, data.at("business", key)
        )
        for name in shown:
            yield _technical(sheet, table, name, kept.technical[name])
    alone = [
        key
        for key, one in kept.technical.items()
        if not any(name.rpartition("/")[2] in kept.business for name in one.serves)
    ]
    for key in alone:
        if sheet.fits(kept.technical[key], "requirements", key):
            yield _technical(sheet, table, key, kept.technical[key])
    if kept.business and not kept.technical:
        # Nothing to put the cursor on would lead to the first one.
        yield line(("  none yet: a adds a technical requirement", "empty"), key=data.at("technical", ""))


def _technical(sheet: Sheet[ProjectData], table: Table, key: str, one: TechnicalRequirement) -> Line:
    moved = sheet.data.found.deviations.get(key)
    state: Span = ("", "quiet")
    if not one.in_scope:
        state = ("out of scope", "quiet")
    elif not one.serves:
        state = ("! serves nothing", "warning")
    elif moved is not None:
        now = moved.found.value if moved.found is not None else None
        state = (f"! {written(now) if now is not None else 'none'} follow now", "warning")
    elif one.sized:
        state = ("follows", "good") if sheet.data.found.schedule is not None else WAITING
    cells = [figure(one.figure), _unit(one), state]
    return table.row(
        [(f"  {sheet.glyphs.arrow} ", "quiet"), (one.title, "")], cells, sheet.data.at("technical", key)
    )


def _unit(one: BusinessRequirement | TechnicalRequirement) -> Span:
    return (one.unit or "" if one.figure is not None else "", "quiet")


_ROLES = ("primary", "guardrail", "secondary", "diagnostic")


def metrics(sheet: Sheet[ProjectData]) -> Iterator[Line]:
    """Measures of success: the primary one first, then what must not get worse."""
    data = sheet.data
    table = sheet.table(
        Column("role", 10),
        Column("baseline", FIGURE, is_figure=True),
        Column("target", FIGURE, is_figure=True),
        Column("actual", FIGURE, is_figure=True),
        Column("stops at", FIGURE, is_figure=True),
        Column("by", DAY),
        Column("who", 8),
        Column("read from", 24),
    )
    yield table.head("Metrics")
    for key, one in sorted(
        data.strategy.metrics.items(), key=lambda pair: (_ROLES.index(pair[1].role), pair[0])
    ):
        if sheet.fits(one, "metrics", key):
            _, look = state_of(one)
            cells = [
                (one.role, "strong" if one.role == "primary" else "quiet"),
                figure(one.baseline),
                figure(wanted(one)),
                figure(one.actual, look=look),
                figure(one.kill),
                sheet.day(one.by),
                (one.owner or "", "quiet"),
                (one.measured_in or "", "quiet"),
            ]
            mark = mark_of(look, sheet.glyphs)
            yield table.row(
                [(f"{mark:<3}"[: len(sheet.glyphs.check) + 1], look), (one.title, "")],
                cells,
                data.at("metric", key),
            )

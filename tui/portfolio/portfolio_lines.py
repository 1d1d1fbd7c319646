"""What the Portfolio screen says, as rows: the ranked lists, the map, the chosen set and what speaks against it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rich.cells import cell_len

from ...model.playbook.outline import stage_word
from ...model.portfolio.break_even import BreakEven
from ...model.portfolio.chart import Spot, gain_map
from ...model.text.amounts import percent_reached, whole_percent
from ...model.text.figure import Explained, MaybeFigure, MissingFigure, amount, outermost, written
from ...model.text.visible import one_line
from ...model.value.worth import Ranked, Worth
from ..draw.glyphs import Glyphs
from ..draw.spans import Line, Span, line, wrap
from ..draw.text import clip
from .chosen import Chosen

_WORDS = 18
"""Cells of the names before texts."""
_NAME, _NOTE = 30, 30
"""Cells of a project's title, which takes more where these are left to why it is out."""


# ---- the lists


def ranked_lines(chosen: Chosen, width: int, glyphs: Glyphs) -> list[Line]:
    """A row for each project: those with a value in money and those without are never in one list."""
    ranking = chosen.proposal.ranking
    unit = f" ({chosen.currency})" if chosen.currency else ""
    groups = (
        ("Obligations: done first, a cost, not a bet", ranking.obligations),
        (f"By value in money{unit}, per share of what is scarcest", ranking.money),
        ("By relative score: no value in money, not comparable with the list above", ranking.relative),
        ("Not to be ranked yet", ranking.lacking),
    )
    if not ranking.all:
        return [line(("no project is active: 1 goes to the board, a adds one", "quiet"))]
    table = _Table.of(chosen, width)
    rows = [line((f"    {'':<{table.name}}  {'':<6}{table.cells(_HEAD)}", "quiet"))]
    for title, group in groups:
        if group:
            rows.append(line((clip(title, width), "heading")))
            rows.extend(_row(chosen, one, table, width, glyphs) for one in group)
    return rows


_HEAD = ("worth", "gain", "cost", "chance", "index")


@dataclass(frozen=True)
class _Table:
    """Widths of the columns, which all lists share."""

    name: int
    wide: tuple[int, ...]

    @classmethod
    def of(cls, chosen: Chosen, width: int) -> _Table:
        group = chosen.proposal.ranking.all
        rows = [_HEAD, *(_cells(chosen, one) for one in group)]
        wide = [max(len(row[at]) for row in rows) for at in range(len(_HEAD))]
        longest = max((cell_len(one_line(one.worth.project.label)) for one in group), default=0)
        if sum(wide) + 2 * len(wide) + 14 + min(24, longest) > width:
            # In a narrow terminal the index goes: the order of the list says it already.
            wide.pop()
        room = width - 14 - sum(wide) - 2 * len(wide)
        return cls(max(10, min(room, max(_NAME, min(longest, room - _NOTE)))), tuple(wide))

    def cells(self, cells: Sequence[str]) -> str:
        return "".join(f"  {cell:>{size}}" for cell, size in zip(cells, self.wide, strict=False))


def _row(chosen: Chosen, one: Ranked, table: _Table, width: int, glyphs: Glyphs) -> Line:
    project = one.worth.project.id
    is_in = project in chosen.ids
    tried = "?" if project in chosen.trial else ""
    spans: list[Span] = [
        (f"{chosen.numbers[project]:>3} ", "quiet"),
        (_padded(one_line(one.worth.project.label), table.name), "strong" if is_in else ""),
        (f"  {f'{glyphs.mark} in' if is_in else '  out':<5}{tried:<1}", "good" if is_in else "quiet"),
        (table.cells(_cells(chosen, one)), ""),
    ]
    room = width - Line(tuple(spans)).cells - 2
    warning = lacks(one.worth) or "; ".join(one.worth.shortfalls)
    note = warning or chosen.proposal.left_out.get(project, "")
    if room > 12 and note:
        spans.append((f"  {clip(one_line(note), room)}", "warning" if warning else "quiet"))
    return line(*spans, key=project)


def _padded(text: str, cells: int) -> str:
    """A text cut to some cells, or filled up to them."""
    found = clip(text, cells)
    return found + " " * (cells - cell_len(found))


def _cells(chosen: Chosen, one: Ranked) -> tuple[str, ...]:
    worth = one.worth
    chance = whole_percent(worth.confidence.value) + worth.chance_mark
    if worth.project.mandatory:
        return ("", short(worth.gain), short(worth.cost), chance, "")
    return (
        # What is chosen is started, also where that loses money.
        short(worth.expected_value, "started" if worth.project.id in chosen.ids else ""),
        short(worth.gain),
        short(worth.cost),
        chance,
        short(one.index),
    )


def short(known: MaybeFigure, figure: str = "") -> str:
    """A figure in a cell of a table; a question mark where it is lacking."""
    if not isinstance(known, Explained):
        return "?"
    value = known.number(figure) if figure else known.value
    return written(round(value)) if 100 <= abs(value) < 1e15 else written(value)


def lacks(worth: Worth) -> str:
    """The first thing that a project's figures lack; empty where its bet can be valued."""
    if worth.project.mandatory:
        known = (worth.cost,)
    else:
        known = (worth.gain, worth.cost, worth.later_cost, worth.expected_value)
    found = next((one for one in known if isinstance(one, MissingFigure)), None)
    if found is None:
        return ""
    asked = f" ({found.question})" if found.question else ""
    return f"{found.name.lower()}: missing {found.missing}{asked}"


def about_lines(chosen: Chosen, project: str, width: int) -> list[Line]:
    """The project under the cursor in two rows: what it is called, and why it is in or out, or what it lacks."""
    worth = chosen.worth(project)
    if worth is None:
        return []
    record = worth.project
    reason = chosen.proposal.left_out.get(project)
    state = f"left out: {reason}" if reason else "chosen"
    if worth.project.mandatory:
        state = f"{state}, an obligation"
    if before := chosen.proposal.waits_for(project):
        state = f"{state}; waits for {', '.join(title_of(chosen, one) for one in before)}"
    missing = lacks(worth)
    cost = worth.cost.number("p80") if isinstance(worth.cost, Explained) else None
    words = [f"{record.phase}, {stage_word(record.stage)}", f"complexity {short(worth.complexity)}"]
    words += [] if cost is None else [f"cost P80 {amount(round(cost), chosen.currency)}"]
    words += [f"{short(worth.weeks)} weeks"]
    about = "; ".join(words)
    label = clip(one_line(record.label), max(8, width - len(about) - 2))
    return [
        line((label, "strong"), (f"  {clip(about, max(4, width - len(label) - 2))}", "quiet")),
        line(
            clip(
                one_line("; ".join(filter(None, (state, missing, *worth.shortfalls, *worth.unchecked)))),
                width,
            )
        ),
    ]


# ---- the map


def spots(chosen: Chosen, focus: str) -> list[Spot]:
    """The projects whose gain and cost are known."""
    return [
        Spot(
            chosen.numbers[one.project.id],
            one.cost.value,
            one.gain.value,
            one.confidence.value,
            one.project.id in chosen.ids,
            one.project.id == focus,
        )
        for one in chosen.proposal.worths
        if isinstance(one.cost, Explained) and isinstance(one.gain, Explained)
    ]


def map_lines(chosen: Chosen, focus: str, width: int, height: int, glyphs: Glyphs) -> list[Line]:
    """The map of gain against cost; what cannot be on it is said."""
    found = spots(chosen, focus)
    missing = sorted(set(chosen.numbers.values()) - {one.number for one in found})
    note = f"not on the map, since figures are missing: {', '.join(map(str, missing))}" if missing else ""
    rows = gain_map(found, width, height - (1 if note else 0), chosen.currency, plain=glyphs.name == "ascii")
    lines = [line(*row) for row in rows]
    if not lines:
        words = (
            "there is no room for the map" if found else "no project has both a gain in money and a cost yet"
        )
        lines = [line((words, "quiet"))]
    return [*lines, line((clip(note, width), "quiet"))] if note else lines


# ---- the chosen set


def limit_words(chosen: Chosen) -> str:
    """What of each limit is used, in a line."""
    proposal = chosen.proposal
    parts = []
    for limit in proposal.ranking.limits:
        used = written(round(proposal.used(limit), 2))
        parts.append(
            f"{limit.name} {used} of {amount(round(limit.available.value, 2), limit.available.unit)}"
        )
    return "; ".join(parts) or "no budget and no people limit the choice: b sets a budget, n the people"


def choice_lines(chosen: Chosen, width: int) -> list[Line]:
    """The set with its order, what it takes, what speaks against it, what is left out, and what a budget buys."""
    proposal, currency = chosen.proposal, chosen.currency
    sequence = [f"{at}. {title_of(chosen, one)}" for at, one in enumerate(proposal.order, 1)] or ["nothing"]
    rows: list[tuple[str, str, str]] = [("problem", text, "wrong") for text in proposal.problems]
    rows += [
        *(("order", one, "strong") for one in sequence),
        *_unlike_the_list(chosen),
        ("worth", proposal.worth_words(currency), ""),
    ]
    for limit in proposal.ranking.limits:
        what, used = limit.available, written(round(proposal.used(limit), 2))
        reserve = what.inputs.get("reserve")
        after = f" after a reserve of {whole_percent(reserve)}" if isinstance(reserve, float) else ""
        rows.append((limit.name, f"{used} of {amount(round(what.value, 2), what.unit)}{after}", ""))
    spread = chosen.spread
    if spread is not None:
        nothing = whole_percent(spread.number("p_none"))
        text = (
            f"as if {written(round(spread.value, 1))} equal bets; the chance that nothing ships is {nothing}"
        )
        rows.append(("spread", text, ""))
    rows += [("warning", f"{one.message} ({one.rule})", "warning") for one in chosen.cautions]
    rows += [
        ("left out", f"{title_of(chosen, project)}: {reason}", "quiet")
        for project, reason in proposal.left_out.items()
    ]
    return [*_named(rows, width), *_frontier(chosen, width)]


def title_of(chosen: Chosen, project: str) -> str:
    """What a project is called; its id where it is not ranked."""
    worth = chosen.worth(project)
    return project if worth is None else worth.project.label


def _unlike_the_list(chosen: Chosen) -> list[tuple[str, str, str]]:
    """Why the order of work is not that of the list, where it is not."""
    listed = [
        one.worth.project.id for one in chosen.proposal.ranking.all if one.worth.project.id in chosen.ids
    ]
    if listed == list(chosen.proposal.order):
        return []
    why = (
        "not as listed: the list goes by worth for what is scarcest, the order by what a week of delay costs, "
        "and by what others wait for"
    )
    return [("order", why, "quiet")]


def _named(rows: Iterable[tuple[str, str, str]], width: int) -> list[Line]:
    found: list[Line] = []
    before = ""
    for name, text, look in rows:
        label = clip(one_line(name), _WORDS - 1) if name != before else ""
        before = name
        for number, spans in enumerate(wrap([(text, look)], max(8, width - _WORDS))):
            found.append(line((f"{label if number == 0 else '':<{_WORDS}}", "quiet"), *spans))
    return found


def _frontier(chosen: Chosen, width: int) -> list[Line]:
    if chosen.frontier is None:
        return [line(), line(("looking for what each budget buys", "quiet"))]
    if not chosen.frontier:
        return []
    title = "What a budget buys at best, after the reserve; * is the chosen set"
    found = [line(), line((clip(title, width), "heading"))]
    for at, (head, names) in enumerate(chosen.proposal.frontier_rows(chosen.frontier)):
        look = "quiet" if at == 0 else ""
        for number, spans in enumerate(wrap([(names, look)], max(8, width - len(head)))):
            found.append(line((head if number == 0 else " " * len(head), look), *spans))
    return found


# ---- one project


def arithmetic(chosen: Chosen, project: str) -> list[str]:
    """Every figure of a project with what it was made of; one that is inside another is not said twice."""
    worth = chosen.worth(project)
    if worth is None:
        return [f"{project} is not ranked any more"]
    index = next(one.index for one in chosen.proposal.ranking.all if one.worth.project.id == project)
    reason = chosen.proposal.left_out.get(project)
    rows = [f"left out: {reason}" if reason else "chosen"]
    if before := chosen.proposal.waits_for(project):
        rows.append(f"waits for {', '.join(title_of(chosen, one) for one in before)}")
    for known in outermost((index, *worth.figures())):
        rows += ["", *known.lines()]
    if chosen.spread is not None and project in chosen.ids:
        rows += ["", "Of all that is chosen", *chosen.spread.lines()]
    return rows


def firmness_lines(moves: Sequence[BreakEven], *, done: bool) -> list[str]:
    """How far inputs must move, all else equal, until a project comes in, drops out or overtakes another."""
    if not moves:
        return ["none of its inputs alone changes the choice, however far it moves"] if done else ["looking"]
    return [*map(str, moves), *([] if done else ["looking for more"])]


def progress_words(reached: float) -> str:
    """How near the best set so far is to what is provably possible at most; nothing is said of it at first."""
    so_far = f": at least {percent_reached(reached)} of what is possible" if reached else ""
    return f"choosing{so_far}; Esc stops."

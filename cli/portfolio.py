"""The projects against each other: ranked, chosen under limits, and how firm that is."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import groupby
from typing import TYPE_CHECKING

import click

from ..model.text.amounts import percent_reached, whole_percent
from ..model.text.figure import Explained, MissingFigure, amount, outermost, written
from ..model.text.visible import one_line
from ..storage.disk.errors import BadValue
from . import context, naming, output
from .command import Command
from .completing import complete_project
from .portfolio_data import Looked, data_of, figures_data, project_data, tips
from .settings import Settings
from .telling import PATIENCE, interruptible, told
from .text import can_draw, wide, wrapped

if TYPE_CHECKING:
    from ..model.plan.plan import Plan
    from ..model.playbook.playbook import Playbook
    from ..model.portfolio.break_even import BreakEven
    from ..model.portfolio.chart import Spot
    from ..model.portfolio.proposal import Proposal
    from ..model.snapshot.snapshot import Snapshot
    from ..model.text.figure import MaybeFigure
    from ..model.value.worth import Ranked, Ranking, Worth
    from .telling import Tell

_MAP_ROWS = 19
"""Lines of the map."""
_STOPPED = "stopped: not everything that would change the choice was looked for"


@click.command(cls=Command, reads=True)
@click.option(
    "--budget", metavar="MONEY", default="", help="Money for the next gates of all projects: 500000, 500k."
)
@click.option(
    "--people",
    multiple=True,
    metavar="N|SKILL=N",
    help="Full-time people who can do anything, or who have a skill; may be repeated for other skills.",
)
@click.option(
    "--with",
    "required",
    metavar="PROJECT",
    multiple=True,
    help="Try the choice with this project in it; may be repeated.",
    shell_complete=complete_project,
)
@click.option(
    "--without",
    "excluded",
    metavar="PROJECT",
    multiple=True,
    help="Try the choice without this project; may be repeated.",
    shell_complete=complete_project,
)
@click.option(
    "--explain",
    metavar="PROJECT",
    default="",
    help="Every figure of one.",
    shell_complete=complete_project,
)
@click.pass_obj
def portfolio(
    settings: Settings,
    budget: str,
    people: tuple[str, ...],
    required: tuple[str, ...],
    excluded: tuple[str, ...],
    explain: str,
) -> int:
    """Rank the projects, and choose the best set under money and people.

    Without options the limits are those of the board's [funds] and of the plan's people. Projects with a value in
    money and projects without one are ranked apart. What takes long tells a terminal how far it is; Ctrl-C ends it
    with the best set so far.
    """
    from ..model.capacity.staffing import with_people

    loaded = context.read(settings)
    headcount, skills = _people(people)
    plan = with_people(loaded.plan, skills) if skills else loaded.plan
    snapshot = context.snapshot(settings, loaded).with_plan(plan)
    derived = context.derived_of(snapshot)
    if not plan.projects:
        raise BadValue("the plan has no project yet", 'make one: kedge project add "TITLE"')
    money = _number("--budget", budget) if budget else None
    ranked = derived.ranking(money, headcount)
    project = _ranked(plan, ranked, explain) if explain else ""
    inside, outside = ({_ranked(plan, ranked, text) for text in texts} for texts in (required, excluded))
    with told(settings, after=PATIENCE) as tell, interruptible() as stop:

        def so_far(doing: str, share: float | None) -> None:
            tell(f"{doing}: at least {percent_reached(share or 0)} of what is possible; Ctrl-C stops", None)

        proposal = derived.told(so_far).proposal(
            money, headcount, required=inside, excluded=outside, stop=stop
        )
        if not project and not settings.json:
            # What is chosen, before it is found out how firm that is, which takes longest.
            output.lines(_lines(snapshot, proposal))
        looked = _look(snapshot.playbook, proposal, project, stop, tell)
    if project:
        _explain(settings, snapshot, proposal, looked, project)
        return 0
    if settings.json:
        output.data("portfolio", data_of(snapshot, proposal, looked))
    else:
        output.lines(_firm_lines(proposal, looked, plan.board.currency))
    return 1 if proposal.choice.conflict is not None else 0


def _ranked(plan: Plan, ranks: Ranking, text: str) -> str:
    """The id of a project that is ranked."""
    project = naming.one_of(text, "project", plan.projects)
    if project not in [one.worth.project.id for one in ranks.all]:
        raise BadValue(f"{project} is {plan.projects[project].state}: it is not ranked any more")
    return project


def _look(
    playbook: Playbook, proposal: Proposal, project: str, stop: Callable[[], bool], tell: Tell
) -> Looked:
    """How firm the choice is, and what each budget buys; of one project only the former."""
    from ..model.portfolio.break_even import break_evens, rank_changes

    moves = list(
        break_evens(
            proposal,
            playbook,
            project,
            stop=stop,
            tell=lambda share: tell("how far each input must move; Ctrl-C stops", share),
        )
    )
    if not stop():
        moves += [one for one in rank_changes(proposal.ranking, playbook) if project in ("", one.project)]
    tell("what each budget buys; Ctrl-C stops", None)
    points = () if project or stop() else proposal.best_sets(stop)
    return Looked(tuple(moves), points, stop())


def _number(name: str, text: str) -> float:
    from ..model.assess.typed_figures import read_number

    return read_number(name, text, "money" if name == "--budget" else "people")


def _people(texts: Sequence[str]) -> tuple[float | None, dict[str, float]]:
    """A number of people who can do anything, and numbers by skill."""
    anybody: float | None = None
    skills: dict[str, float] = {}
    for text in texts:
        skill, equals, number = text.rpartition("=")
        if equals:
            skills[skill.strip()] = _number(f"--people {skill.strip()}", number)
        else:
            anybody = _number("--people", number)
    if anybody is not None and skills:
        raise click.UsageError("--people is a number for all, or a number for each skill; not both")
    return anybody, skills


# ---- for people


def _lines(snapshot: Snapshot, proposal: Proposal) -> Iterator[str]:
    ranking, currency = proposal.ranking, snapshot.plan.board.currency
    lists = (
        ("Obligations: done first, a cost, not a bet", ranking.obligations),
        ("By value in money: expected value per share of what is scarcest", ranking.money),
        ("By relative score: no value in money, not to be compared with the list above", ranking.relative),
        ("Not to be ranked yet", ranking.lacking),
    )
    for title, group in lists:
        if group:
            yield title
            yield from _table(proposal, group)
            yield ""
    yield from _choice(snapshot, proposal)
    spots = _spots(proposal)
    if spots:
        from ..model.portfolio.chart import gain_map

        yield ""
        for pieces in gain_map(list(spots.values()), wide(), _MAP_ROWS, currency, plain=not can_draw()):
            yield "".join(text for text, _ in pieces).rstrip()
        yield from (f"  {spot.number} {project}" for project, spot in spots.items())


def _firm_lines(proposal: Proposal, looked: Looked, currency: str) -> Iterator[str]:
    if looked.moves:
        yield from ("", "What would change it, all else equal")
        yield from _move_lines(looked.moves)
    yield from _frontier_lines(proposal, looked, currency)
    if looked.stopped:
        yield ""
        yield from wrapped(_STOPPED, "", "")


def _table(proposal: Proposal, group: Sequence[Ranked]) -> Iterator[str]:
    rows = [("", "project", "index", "worth", "cost", "P80", "chance", "weeks")]
    is_bet = group != proposal.ranking.obligations
    chosen = {one.project.id for one in proposal.chosen}
    for one in group:
        worth = one.worth
        is_in = worth.project.id in chosen
        rows.append(
            (
                "*" if is_in else "",
                worth.project.id,
                short(one.index) if is_bet else "",
                # What is chosen is started, also where that loses money.
                short(worth.expected_value, "started" if is_in else "") if is_bet else "",
                short(worth.cost),
                short(worth.cost, "p80"),
                whole_percent(worth.confidence.value) + worth.chance_mark,
                short(worth.weeks),
            )
        )
    widths = [max(len(row[at]) for row in rows) for at in range(len(rows[0]))]
    for row in rows:
        name = f"  {row[0]:<1} {row[1]:<{widths[1]}}"
        yield name + "".join(f"  {cell:>{width}}" for cell, width in zip(row[2:], widths[2:], strict=True))
    for one in group:
        for known in (one.worth.expected_value, one.worth.cost):
            if lacks := _lacks(known):
                yield from wrapped(f"{one.worth.project.id}: {lacks}", "    ")
                break
    for one in group:
        for shortfall in one.worth.shortfalls:
            yield from wrapped(f"! {one.worth.project.id}, {shortfall}", "      ", "    ")
        for link in one.worth.unchecked:
            yield from wrapped(f"? {one.worth.project.id}, {link}", "      ", "    ")


def short(known: MaybeFigure, figure: str = "") -> str:
    """A figure in a table's cell; a question mark where it is lacking."""

    if not isinstance(known, Explained):
        return "?"
    value = known.number(figure) if figure else known.value
    return written(round(value)) if 100 <= abs(value) < 1e15 else written(value)


def _lacks(known: MaybeFigure) -> str:

    return one_line(known.lines()[0]) if isinstance(known, MissingFigure) else ""


def _choice(snapshot: Snapshot, proposal: Proposal) -> Iterator[str]:
    from ..model.portfolio.concentration import cautions, money_concentration

    currency = snapshot.plan.board.currency
    chosen = [one.project.id for one in proposal.chosen]
    yield from wrapped(", ".join(chosen) or "nothing", "  ", "Chosen: ")
    for problem in proposal.problems:
        yield from wrapped(f"problem: {problem}")
    if chosen:
        yield from wrapped(f"worth {proposal.worth_words(currency)}")
    if proposal.order:
        yield from wrapped(f"in this order, by cost of delay per week of work: {', '.join(proposal.order)}")
    for limit in proposal.ranking.limits:
        what, room = limit.available, proposal.used(limit)
        free = amount(what.value, what.unit)
        reserve = what.inputs.get("reserve")
        note = f" after a reserve of {whole_percent(reserve)}" if isinstance(reserve, float) else ""
        yield f"  {limit.name}: {written(round(room, 2))} of {free}{note}"
    if not proposal.ranking.limits:
        yield from wrapped(
            "no budget and no people limit the choice: --budget, --people, or [funds] of the board"
        )
    loads = [limit.available.inputs.get("planned load") for limit in proposal.ranking.limits]
    for load in [load for load in loads if isinstance(load, float)][:1]:
        yield from wrapped(
            f"people: {written(proposal.ranking.weeks)} weeks from today, planned load {whole_percent(load)}"
        )
    if len(chosen) > 1 and (whole := money_concentration(proposal.chosen)) is not None:
        equal, none = written(round(whole.value, 1)), whole_percent(whole.number("p_none"))
        yield from wrapped(
            f"spread: as if {equal} equal bets; the chance that nothing ships is {none}", "      ", "  "
        )
    if proposal.left_out:
        yield "Left out"
        for project, reason in proposal.left_out.items():
            yield from wrapped(reason, "      ", f"  {project}: ")
    for caution in cautions(snapshot, proposal):
        yield from wrapped(f"warning: {caution.message} ({caution.rule})", "  ", "")


def _spots(proposal: Proposal) -> dict[str, Spot]:
    """The projects whose gain and cost are known, numbered for the map."""
    from ..model.portfolio.chart import Spot

    chosen = {one.project.id for one in proposal.chosen}
    found: dict[str, Spot] = {}
    for one in proposal.worths:
        if isinstance(one.cost, Explained) and isinstance(one.gain, Explained):
            project = one.project.id
            figures = one.cost.value, one.gain.value, one.confidence.value
            found[project] = Spot(len(found) + 1, *figures, chosen=project in chosen)
    return found


def _move_lines(moves: Iterable[BreakEven]) -> Iterator[str]:
    """How far each input must move: a paragraph for each project and what happens to it."""

    for (project, effect), group in groupby(moves, lambda one: (one.project, one.effect)):
        texts = [f"{one.name.lower()} {one.said(one.now)} → {one.said(one.at)}" for one in group]
        yield from wrapped(f"{project} {effect}: {'; '.join(texts)}", "      ", "  ")


def _frontier_lines(proposal: Proposal, looked: Looked, currency: str) -> Iterator[str]:
    if not looked.points:
        return
    yield from ("", f"What a budget buys at best, after the reserve ({currency}); * is the chosen set")
    for figures, names in proposal.frontier_rows(looked.points):
        head = f"  {figures}"
        yield from wrapped(names, " " * len(head), head)


# ---- one project


def _explain(
    settings: Settings, snapshot: Snapshot, proposal: Proposal, looked: Looked, project: str
) -> None:
    worth = next(one for one in proposal.worths if one.project.id == project)
    if settings.json:
        data = project_data(worth)
        data["figures"] = figures_data(snapshot, project, worth.figures())
        more = {"left_out": proposal.left_out.get(project), "tips": tips(looked.moves)}
        output.data("worth", {**data, **more, "stopped": looked.stopped})
        return
    from ..model.value.effects import lines_of_answers

    output.lines([*_explained(proposal, worth, looked), "", *lines_of_answers(snapshot, project)])


def _explained(proposal: Proposal, worth: Worth, looked: Looked) -> Iterator[str]:
    from ..model.portfolio.concentration import money_concentration

    project = worth.project
    yield f"{one_line(project.label)}  ({project.id}: {project.phase}, {project.stage})"
    index = next(one.index for one in proposal.ranking.all if one.worth.project.id == project.id)
    for known in outermost((index, *worth.figures())):
        yield from ("", *known.lines())
    yield ""
    reason = proposal.left_out.get(project.id)
    yield from wrapped(f"not chosen: {reason}" if reason else "chosen", "  ", "")
    if before := proposal.waits_for(project.id):
        yield from wrapped(f"waits for {', '.join(before)}")
    if reason is None and (whole := money_concentration(proposal.chosen)) is not None:
        yield from ("", "Of all that is chosen", *whole.lines(), "")
    for move in looked.moves:
        yield from wrapped(str(move))
    if looked.stopped:
        yield from wrapped(_STOPPED, "  ", "")

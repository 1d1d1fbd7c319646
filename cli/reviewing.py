"""`kedge review [PROJECT]` and `kedge review record`: a cycle looked back on, and written down."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

import click

from ..model.text.amounts import whole_percent
from ..model.text.visible import one_line
from ..storage.disk.errors import BadValue, KedgeError
from . import context, naming, output
from .command import Command
from .completing import complete_project
from .settings import Settings
from .text import sign, wrapped

if TYPE_CHECKING:
    from ..model.cycle.results import CycleReview
    from ..model.derived.derived import Derived
    from ..model.flow.card_history import PlanHistory


@click.command(cls=Command, name="cycle", reads=True)
@click.argument("named", metavar="[PROJECT]", default="", shell_complete=complete_project)
@click.pass_obj
def cycle(settings: Settings, named: str) -> None:
    """Look back on the cycle that a project is in: results against targets, money, dates, lessons.

    In Iterate also what each outcome of the gate asks. `kedge review record` writes the look back down, and
    `kedge gate OUTCOME` decides what happens next.
    """
    from ..model.cycle.results import cycle_review

    derived = context.derived(settings, context.read(settings))
    found = cycle_review(derived, _project(settings, derived, named), _history(settings))
    if settings.json:
        output.data("review", review_data(derived, found))
        return
    output.lines(_lines(derived, found))
    output.say(settings, _next_step(found))


@click.command(cls=Command, name="record", writes=True)
@click.argument("named", metavar="[PROJECT]", default="", shell_complete=complete_project)
@click.option("--well", multiple=True, metavar="TEXT", help="What to keep.")
@click.option("--badly", multiple=True, metavar="TEXT", help="What to change.")
@click.option("--why", multiple=True, metavar="METRIC=TEXT", help="What explains a metric's result.")
@click.option("--evidence", multiple=True, metavar="PATH|URL", help="Where the result can be read.")
@click.option("--next", "following", metavar="OUTCOME", help="What is proposed to happen next.")
@click.pass_obj
def record(  # noqa: PLR0913  an argument for each option
    settings: Settings,
    named: str,
    well: tuple[str, ...],
    badly: tuple[str, ...],
    why: tuple[str, ...],
    evidence: tuple[str, ...],
    following: str | None,
) -> None:
    """Write the review of a cycle from its figures, or add to it, as one step.

    The evidence moves by the result, and the projects are ranked again: that for the value by the verdict of the
    test in production, for the technique by the metrics, for adoption by the trust of the users.

    The decision is taken at the gate: kedge gate OUTCOME.
    """
    from ..model.cycle.closing import LookBack, record_review
    from ..model.cycle.results import cycle_review, missing_of
    from ..storage.git.evidence import locate

    workspace = context.open_workspace(settings)
    derived = context.derived(settings, workspace)
    project = _project(settings, derived, named)
    found = cycle_review(derived, project)
    where = [locate(workspace.root, settings.folder, path) for path in evidence]
    said = LookBack(well, badly, _reasons(found, why), [path for path, _ in where], _outcome(following))
    batch, moved = record_review(derived.snapshot, found, said)
    after = context.derived_of(derived.snapshot.after(batch.changes))
    lines = [batch.label]
    lines += [f"  {one.words}" for one in moved]
    lines += _moved_figures(derived, after, project)
    lines += [f"  {odd}" for _, odd in where if odd]
    lines += [f"  still missing: {lack.words} ({lack.command})" for lack in missing_of(found)]
    context.commit(settings, workspace, batch, "\n".join(lines))


def _project(settings: Settings, derived: Derived, named: str) -> str:
    if named:
        return naming.one_of(named, "project", derived.plan.projects)
    return context.need_project(settings, derived.plan)


def _history(settings: Settings) -> PlanHistory | None:
    """The history of the plan's cards; None where git knows none: estimates are then not held against actuals."""
    from .flow import read_history

    try:
        return read_history(settings, "no estimates against actuals")
    except KedgeError as error:
        output.say(settings, error.message)
        return None


def _reasons(found: CycleReview, texts: Iterable[str]) -> tuple[tuple[str, str], ...]:
    """`churn-recall=the labels came late` as a metric's id and the reason. Raises KedgeError."""
    reasons: list[tuple[str, str]] = []
    for text in texts:
        name, found_sign, reason = text.partition("=")
        if not found_sign or not reason.strip():
            raise BadValue(f"--why wants METRIC=TEXT, not {text!r}")
        known = [one.id for one in found.metrics if one.state != "no target"]
        reasons.append((naming.one_of(name.strip(), "metric", known), reason.strip()))
    return tuple(reasons)


def _outcome(text: str | None) -> str | None:
    """What is proposed to happen next. Raises KedgeError."""
    if text is None:
        return None
    from ..model.plan.field_spec import shapes
    from ..model.records.governance import Review

    known = shapes(Review)["next"].choices
    wanted = " ".join(text.casefold().replace("-", " ").split())
    fits = [one for one in known if wanted and one.startswith(wanted)]
    if len(fits) != 1:
        raise BadValue(f"{text!r} is not an outcome of a cycle", f"one of: {', '.join(known)}")
    return fits[0]


def _moved_figures(before: Derived, after: Derived, project: str) -> Iterator[str]:
    """The chance of success and the rank, where they moved."""
    from ..model.cycle.results import rank_in

    worths = [one.worth(project) for one in (before, after)]
    if worths[0].confidence.value != worths[1].confidence.value:
        was, now = (f"{whole_percent(one.confidence.value)}{one.chance_mark}" for one in worths)
        yield f"  chance of success: {was} → {now}"
    first, then = (rank_in(one.ranking(), project) for one in (before, after))
    if first is not None and then is not None and first[0] != then[0]:
        yield f"  rank among the projects: {first[0]} → {then[0]} of {then[1]}"


# ---- for a person


def _lines(derived: Derived, found: CycleReview) -> Iterator[str]:
    from ..model.cycle.results import rank_in
    from ..model.cycle.wording import review_rows

    project = found.project.id
    rank, worth = rank_in(derived.ranking(), project), derived.worth(project)
    for row in review_rows(derived.snapshot, found, rank, worth, with_ids=True):
        text = f"{row.text}: {row.command}" if row.command else row.text
        if not row.depth:
            yield from wrapped(text, "  ", "")
            continue
        indent = "  " * (2 * row.depth - 1)
        mark = row.mark if len(row.mark) == 1 else sign(row.mark) if row.mark else ""
        more = indent + "  " + ("  " if len(row.mark) > 1 else "")
        yield from wrapped(text, more, f"{indent}{mark} " if mark else indent)


def _next_step(found: CycleReview) -> str:
    if found.recorded is None:
        return "kedge review record --well TEXT --badly TEXT writes it down"
    if found.outcomes and not found.recorded.decision:
        return "kedge gate OUTCOME --by PERSON --because TEXT decides what happens next"
    return "kedge review record adds to it"


# ---- for programs


def review_data(derived: Derived, found: CycleReview) -> dict[str, Any]:
    """A cycle looked back on, for programs."""
    from ..model.cycle.results import missing_of, rank_in

    project = found.project
    rank, worth = rank_in(derived.ranking(), project.id), derived.worth(project.id)
    return {
        "project": project.id,
        "cycle": project.cycle,
        "stage": project.stage,
        "phase": project.phase,
        "metrics": [
            {
                "id": one.id,
                "role": one.metric.role,
                "unit": one.metric.unit,
                "baseline": one.metric.baseline,
                "target": one.target,
                "actual": one.metric.actual,
                "state": one.state,
                "share_of_the_way": one.way,
            }
            for one in found.metrics
        ],
        "figures": [
            {
                "name": one.name,
                "unit": one.unit,
                "planned": one.planned,
                "actual": one.actual,
                "ratio": one.ratio,
            }
            for one in found.figures
        ],
        "dates": [
            {"milestone": one.id, "due": _day(one.due), "state": one.state, "expected": _day(one.expected)}
            for one in found.dates
        ],
        "estimates": [
            {
                "by": one.by,
                "id": one.id or None,
                "cards": one.count,
                "factor": one.factor,
                "ranges": one.ranges,
                "within": one.within,
            }
            for one in found.estimates
        ],
        "lessons": [
            {
                "id": one.id,
                "what": one_line(one.lesson.what),
                "tags": list(one.lesson.tags),
                "shown_in": list(one.projects),
            }
            for one in found.lessons
        ],
        "techniques": list(found.techniques),
        "debts": list(found.debts),
        "chance_of_success": worth.confidence.value,
        "unproven": list(worth.shortfalls),
        "unchecked": list(worth.unchecked),
        "rank": rank[0] if rank is not None else None,
        "outcomes": [
            {"outcome": name, "open": report.is_open, "asks": list(report.asks)}
            for name, report in found.outcomes.items()
        ],
        "missing": [f"{lack.words} ({lack.command})" for lack in missing_of(found)],
        "review": found.recorded.id if found.recorded is not None else None,
        "earlier": [{"review": one.id, "cycle": one.cycle, "next": one.next} for one in found.earlier],
    }


def _day(day: dt.date | None) -> str | None:
    return day.isoformat() if day is not None else None

"""`kedge review [PROJECT]` and `kedge review record`: a cycle looked back on, and written down."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

import click

from ..model.text.figure import amount, written
from ..model.text.visible import one_line
from ..storage.disk.errors import BadValue
from . import context, naming, output
from .command import Command
from .completing import complete_project
from .settings import Settings
from .text import sign, wrapped

if TYPE_CHECKING:
    from ..model.cycle.results import Compared, CycleReview, DateResult, MetricResult
    from ..model.derived.derived import Derived
    from ..model.gates.gates import GateReport
    from ..model.records.governance import Review

_SIGN = {"reached": "met", "missed": "not met", "not measured": "unknown", "no target": "n/a"}


def cycle_command(_kind: str) -> click.Command:
    """`kedge review [PROJECT]`, in full `kedge review cycle`."""

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
        found = cycle_review(derived, _project(settings, derived, named))
        if settings.json:
            output.data("review", review_data(derived, found))
            return
        output.lines(_lines(derived, found))
        output.say(settings, _next_step(found))

    return cycle


def record_command(_kind: str) -> click.Command:
    """`kedge review record`."""

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

        The evidence for the project's value moves by the verdict of the test in production, and the projects are
        ranked again. The decision is taken at the gate: kedge gate OUTCOME.
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
        if moved is not None:
            lines.append(f"  {moved.words}")
        lines += _moved_figures(derived, after, project)
        lines += [f"  {odd}" for _, odd in where if odd]
        lines += [f"  still missing: {lack}" for lack in missing_of(found)]
        context.commit(settings, workspace, batch, "\n".join(lines))

    return record


def _project(settings: Settings, derived: Derived, named: str) -> str:
    if named:
        return naming.one_of(named, "project", derived.plan.projects)
    return context.need_project(settings, derived.plan)


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
        raise BadValue(f"{text!r} is no outcome of a cycle", f"one of: {', '.join(known)}")
    return fits[0]


def _moved_figures(before: Derived, after: Derived, project: str) -> Iterator[str]:
    """The chance of success and the rank, where they moved."""
    chances = [one.worth(project).confidence.value for one in (before, after)]
    if chances[0] != chances[1]:
        yield f"  chance of success: {written(chances[0])} → {written(chances[1])}"
    ranks = [_rank(one, project) for one in (before, after)]
    if None not in ranks and ranks[0] != ranks[1]:
        yield f"  rank among the projects: {ranks[0]} → {ranks[1]} of {len(after.ranking().all)}"


def _rank(derived: Derived, project: str) -> int | None:
    ids = [one.worth.project.id for one in derived.ranking().all]
    return ids.index(project) + 1 if project in ids else None


# ---- for a person


def _lines(derived: Derived, found: CycleReview) -> Iterator[str]:
    project = found.project
    since = f", since {project.started}" if project.started else ""
    head = f"{project.title}: cycle {project.cycle}, {project.stage}, in {project.phase}{since}"
    yield from wrapped(head, "  ", "")
    yield "Results"
    yield from (line for one in found.metrics for line in _metric_lines(one))
    if not found.metrics:
        yield "  no metric is defined: kedge metric add TITLE target=…"
    yield "Planned and actual"
    yield from (line for one in found.figures for line in _figure_lines(one))
    if found.dates:
        yield "Dates"
        yield from (line for one in found.dates for line in _date_lines(found, one))
    yield from _learned(found)
    rank = _rank(derived, project.id)
    if rank is not None:
        chance = derived.worth(project.id).confidence
        yield f"Rank {rank} of {len(derived.ranking().all)}, chance of success {written(chance.value)}"
    if found.outcomes:
        yield "What may happen next"
        for name, report in found.outcomes.items():
            yield from _outcome_lines(name, report)
    if found.recorded is not None:
        yield from _recorded(found.recorded)
    if found.earlier:
        earlier = "; ".join(
            f"cycle {one.cycle if one.cycle is not None else '?'}: {one.next or 'not decided'}"
            for one in found.earlier
        )
        yield from wrapped(f"Earlier: {earlier}", "  ", "")


def _learned(found: CycleReview) -> Iterator[str]:
    yield "Lessons"
    for one in found.lessons:
        shown = f"; shown in {', '.join(one.projects)}" if one.projects else ""
        tags = f" [{', '.join(one.lesson.tags)}]" if one.lesson.tags else " [no tag: it is shown nowhere]"
        yield from wrapped(f"{one.lesson.what}{tags}{shown}", " " * 4, "  ")
    if not found.lessons:
        yield "  none yet: kedge lesson add TEXT tags=…"
    for title, group in (
        (
            "Techniques to try",
            [(one.title, one.could_change, one.review_by) for one in found.techniques.values()],
        ),
        ("Debts", [(one.what, one.fix or one.interest, one.owner) for one in found.debts.values()]),
    ):
        if group:
            yield title
            for first, *more in group:
                text = "; ".join(str(part) for part in (first, *more) if part)
                yield from wrapped(text, " " * 4, "  ")


def _metric_lines(one: MetricResult) -> Iterator[str]:
    metric, unit = one.metric, one.metric.unit or ""
    parts = [f"{one.id}: {one.state}"]
    if metric.actual is not None:
        parts.append(amount(metric.actual, unit))
    if one.target is not None:
        kind = "target" if metric.target is not None else "limit"
        parts.append(f"{kind} {written(one.target)}")
    if metric.baseline is not None:
        parts.append(f"baseline {written(metric.baseline)}")
    if one.way is not None:
        parts.append(f"{100 * one.way:.0f} % of the way")
    if metric.measured_on is not None:
        parts.append(f"measured {metric.measured_on}")
    yield from wrapped(", ".join(parts), " " * 6, f"  {sign(_SIGN[one.state])} ")


def _figure_lines(one: Compared) -> Iterator[str]:
    planned = (
        f"planned {written(one.planned)}" if one.planned is not None else f"not planned ({one.planned_by})"
    )
    actual = (
        f"actual {written(one.actual)}" if one.actual is not None else f"actual unknown ({one.actual_by})"
    )
    ratio = f", {100 * one.ratio:.0f} %" if one.ratio is not None else ""
    yield from wrapped(f"{one.name}: {actual}, {planned}{ratio} ({one.unit})", " " * 4, "  ")


def _date_lines(found: CycleReview, one: DateResult) -> Iterator[str]:
    due = f", due {one.due}" if one.due else ""
    if one.state == "open":
        late = "late" if one.due is not None and one.due < found.today else "open"
        state = f"{late}, expected {one.expected}" if one.expected else late
    else:
        state = {"reached": "reached", "no cards": "no card leads to it"}[one.state]
    yield from wrapped(f"{one.id}: {state}{due}", " " * 4, "  ")


def _outcome_lines(name: str, report: GateReport) -> Iterator[str]:
    if report.is_open:
        yield f"  {sign('met')} {name}: open"
        return
    yield from wrapped(f"{name}: {'; '.join(report.asks)}", " " * 6, f"  {sign('not met')} ")
    for check in report.checks:
        if check.verdict not in ("met", "to be judged") and check.because:
            yield from wrapped(check.because[-1], " " * 8, " " * 6)


def _recorded(one: Review) -> Iterator[str]:
    decided = f", decided: {one.decision}" if one.decision else ""
    yield from wrapped(f"Written down in {one.id} on {one.date or 'no day'}{decided}", "  ", "")
    for mark, texts in (("+", one.went_well), ("-", one.went_badly)):
        for text in texts:
            yield from wrapped(text, " " * 4, f"  {mark} ")


def _next_step(found: CycleReview) -> str:
    if found.recorded is None:
        return "kedge review record --well TEXT --badly TEXT writes it down"
    if found.outcomes and not found.recorded.decision:
        return "kedge gate OUTCOME --by PERSON --because TEXT decides what happens next"
    return "kedge review record adds to it"


# ---- for programs


def review_data(derived: Derived, found: CycleReview) -> dict[str, Any]:
    """A cycle looked back on, for programs."""
    from ..model.cycle.results import missing_of

    project = found.project
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
        "chance_of_success": derived.worth(project.id).confidence.value,
        "rank": _rank(derived, project.id),
        "outcomes": [
            {"outcome": name, "open": report.is_open, "asks": list(report.asks)}
            for name, report in found.outcomes.items()
        ],
        "missing": list(missing_of(found)),
        "review": found.recorded.id if found.recorded is not None else None,
        "earlier": [{"review": one.id, "cycle": one.cycle, "next": one.next} for one in found.earlier],
    }


def _day(day: dt.date | None) -> str | None:
    return day.isoformat() if day is not None else None

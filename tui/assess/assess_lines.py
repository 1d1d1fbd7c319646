"""What the Assess screen says, as rows for any width: the questions of a step, one question in full, progress.

No rule is in here: what is met, what holds a gate and what comes next is the model's to say.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from ...model.assess.questions import about, plain, said
from ...model.assess.standing import (
    Progress,
    Standing,
)
from ...model.playbook.outline import place_titles, stage_word
from ...model.records.dataset import Dataset
from ...model.text.figure import amount, written
from ...model.text.visible import one_line
from ..draw.glyphs import Glyphs
from ..draw.signs import sign
from ..draw.spans import Line, Span, line, width_of, wrap
from ..draw.text import clip
from ..widgets.tab_line import Tab
from .asked import DATASETS, Asked

if TYPE_CHECKING:
    from ...model.gates.gates import GateReport
    from ...storage.git.evidence import Known


def place_of(asked: Asked, phase: str, *, only_open: bool) -> tuple[str, ...]:
    """Where one is, for the head line."""
    record = asked.project
    place = (record.label, *place_titles(record.phase), stage_word(record.stage))
    other = (f"questions of {phase}",) if phase != record.phase else ()
    return (*place, *other, *(("open ones only",) if only_open else ()))


def tabs_of(asked: Asked, phase: str) -> list[Tab]:
    """A tab for each step of a phase with how far it is, and one for the datasets."""
    steps = asked.playbook.steps_of(phase)
    counted = [(one, asked.progress([one.id])) for one in steps]
    tabs = [Tab(one.id, one.title, f"{how.met}/{how.asked}") for one, how in counted]
    return [*tabs, Tab(DATASETS, "Datasets", str(len(asked.datasets)))]


# ---- the questions of a step


def list_lines(
    asked: Asked, tab: str, steps: Iterable[str], *, only_open: bool, width: int, glyphs: Glyphs
) -> list[Line]:
    """The rows of a tab: the datasets, or the questions of some steps."""
    if tab == DATASETS:
        return dataset_lines(asked, width, glyphs)
    of_steps = (question_lines(asked, one, only_open=only_open, width=width, glyphs=glyphs) for one in steps)
    return [row for rows in of_steps for row in rows]


def question_lines(asked: Asked, step: str, *, only_open: bool, width: int, glyphs: Glyphs) -> list[Line]:
    """A row for each question: where it is, its text, what is answered, and what is lacking."""
    found = asked.of_step(step, only_open=only_open)
    if not found:
        words = "nothing is open in this step" if only_open else "this step asks nothing of this project"
        return [line((words, "quiet"))]
    return [_question(one, width, glyphs) for one in found]


def filtered_by(asked: Asked, phase: str, tab: str, *, only_open: bool) -> list[tuple[str, dict[str, str]]]:
    """What a filter looks at, by id: of each dataset, or of each question of a phase."""
    if tab == DATASETS:
        return [
            (one.id, {"id": one.id, "text": f"{one.label} {one.notes}", "is": one.access or "not set"})
            for one in asked.datasets
        ]
    found = (one for step in asked.steps(phase) for one in asked.of_step(step, only_open=only_open))
    return [
        (one.item.id, {"id": one.item.id, "text": one.item.text, "is": one.word, "answer": said(one)})
        for one in found
    ]


def _question(one: Standing, width: int, glyphs: Glyphs) -> Line:
    mark, look = sign(one.word, glyphs)
    spans: list[Span] = [(f"{mark} {one.word:<8}", look), ("! " if one.holds_gate else "  ", "warning")]
    room = max(8, width - 12)
    says_why = (one.state != "unanswered" or one.reply.records) and not one.to_confirm
    answer, lacks = said(one), one.lacks() if says_why else ""
    about = " · ".join(filter(None, (answer, lacks)))
    if glyphs.name == "ascii":
        about = about.replace(" · ", ", ")
    for_text = room if not about else max(room - len(about) - 2, room * 11 // 20)
    text = clip(one_line(one.item.text), for_text)
    spans.append((text, "" if one.counts else "quiet"))
    left = room - Line(((text, ""),)).cells - 2
    if about and left > 3:
        spans.append((f"  {clip(one_line(about), left)}", "good" if one.met else "quiet"))
    return line(*spans, key=one.item.id)


# ---- one question in full


def about_question(
    asked: Asked, one: Standing, known: Known, *, whole: bool = False
) -> list[tuple[str, str]]:
    """What is known of a question, each with its name; with `whole` also where it comes from."""
    rows = about(asked.playbook, one, answered=known.who(one), whole=whole)
    card = _card(asked, one)
    return [*rows, ("card", card)] if card else rows


def _card(asked: Asked, one: Standing) -> str:
    if one.item.id in asked.made:
        return f"made already: {asked.made[one.item.id]}"
    offers = asked.offers_of(one.item.id)
    return f"c makes it: {offers[0][1]}" if offers else ""


def question_detail(asked: Asked, one: Standing, known: Known, width: int, glyphs: Glyphs) -> list[Line]:
    """The focused question below the list."""
    mark, look = sign(one.word, glyphs)
    state = f"{mark} {one.word}{', holds the gate' if one.holds_gate else ''}{_triage(asked, one)}"
    rows = [_rule((state, look), one.item.id, width, glyphs)]
    rows.extend(Line(spans) for spans in wrap([(one.item.text, "strong")], width))
    return [*rows, *_named(about_question(asked, one, known), width)]


def _triage(asked: Asked, one: Standing) -> str:
    """Which of the questions that can end a project it is: they are asked first, whatever step they belong to."""
    if not one.item.triage or one.item.step not in asked.steps(asked.project.phase):
        return ""
    order = [
        item.id for item in asked.order(asked.project.phase) if item.triage and asked.standing[item.id].counts
    ]
    return f", {order.index(one.item.id) + 1} of {len(order)} that can end it" if one.item.id in order else ""


def _rule(said: Span, name: str, width: int, glyphs: Glyphs) -> Line:
    """A line that tells two parts of the screen apart without colour; at its end the id, to be typed elsewhere."""
    room = width - width_of([said, (name, "")]) - 6
    return line((f"{glyphs.rule * 2} ", "quiet"), said, (f" {glyphs.rule * max(0, room)} {name}", "quiet"))


def _named(rows: Iterable[tuple[str, str]], width: int) -> list[Line]:
    """Texts beside their names."""
    found: list[Line] = []
    for name, text in rows:
        blank = " " * 13
        for number, spans in enumerate(wrap([(text, "")], max(8, width - len(blank)))):
            found.append(line((f"{name:<13}" if number == 0 else blank, "quiet"), *spans))
    return found


# ---- datasets


def dataset_lines(asked: Asked, width: int, glyphs: Glyphs) -> list[Line]:
    """A row for each dataset: access, grades, cost, gaps."""
    found = asked.datasets
    if not found:
        return [line(("no datasets yet: a adds one, then M measures it from its files", "quiet"))]
    title = max(12, min(34, width - 58))
    rows = [
        line(
            (f"  {'access':<9}{'dataset':<{title}}  {'available quality relevance':<28}{'cost':>9}", "quiet")
        )
    ]
    for one in found:
        word = one.access or "not set"
        mark, look = sign(
            {"granted": "met", "open": "open", "refused": "not met"}.get(word, "unknown"), glyphs
        )
        grades = "".join(
            f"{'?' if grade is None else grade:^10}" for grade in (one.available, one.quality, one.relevance)
        )
        name = clip(one_line(one.label), title)
        pad = " " * (title - Line(((name, ""),)).cells)
        cost = "?" if one.cost is None else written(one.cost)
        gaps = f"  {len(one.gaps)} gap{'s' if len(one.gaps) != 1 else ''}" if one.gaps else ""
        rows.append(
            line(
                (f"{mark} {word:<9}", look), f"{name}{pad}  {grades}{cost:>7}", (gaps, "warning"), key=one.id
            )
        )
    return [*rows, line((asked.looked, "quiet"))] if asked.looked else rows


def dataset_detail(asked: Asked, one: Dataset, width: int, glyphs: Glyphs) -> list[Line]:
    """The focused dataset below the list."""
    currency = asked.plan.board.currency
    days = "" if one.approval_days is None else f", {written(one.approval_days)} working days"
    profile = one.profile
    first_look = asked.playbook.item("data-first-look")
    to_look = len(first_look.lines) if first_look is not None else 0
    rows = [
        ("access", f"{one.access or 'not set'}{days}"),
        ("origin", ", ".join(filter(None, (one.origin, one.licence)))),
        ("owner", ", ".join(filter(None, (one.owner, one.location)))),
        ("rows", ", ".join(filter(None, ("" if one.rows is None else written(one.rows), one.refresh)))),
        ("labels", one.labels or ""),
        (
            "cost",
            ", ".join(
                f"{what} {amount(cost, currency)}"
                for what, cost in (("data", one.cost), ("labels", one.label_cost))
                if cost is not None
            ),
        ),
        ("personal", "" if one.personal_data is None else plain(one.personal_data)),
        ("ground", one.lawful_ground or ""),
        ("first look", f"{len(one.explored)} of {to_look} checks done" if to_look else ""),
        ("measured", f"{profile.source or 'a file'}, {len(one.columns)} columns" if profile else ""),
        *(("gap", f"{gap}{_taken(asked, f'gap:{one.id}:{gap}')}") for gap in one.gaps),
        ("notes", one.notes.strip()),
    ]
    heading = _rule((clip(one_line(one.label), max(8, width // 2)), "heading"), one.id, width, glyphs)
    return [heading, *_named(((name, text) for name, text in rows if text), width)]


def _taken(asked: Asked, source: str) -> str:
    return f" (card {asked.made[source]})" if source in asked.made else " (c makes a card)"


# ---- progress and gates


def side_lines(
    asked: Asked,
    phase: str,
    report: GateReport | None,
    width: int,
    glyphs: Glyphs,
    *,
    is_whole: bool = False,
) -> list[Line]:
    """Progress by step, and what the gate still asks: each in one row, or whole. A row of a step leads to it."""
    named = asked.playbook.phase(phase)
    whole = asked.progress(asked.steps(phase))
    rows = [line((clip(named.title if named else phase, width - 14), "heading"), f"  {_met(whole)}")]
    for one in asked.playbook.steps_of(phase):
        how = asked.progress([one.id])
        done = _bar(how, 8, glyphs)
        title = clip(one_line(one.title), max(6, width - 18))
        pad = " " * max(1, width - 17 - len(title))
        rows.append(line(f"{title}{pad}", *done, f" {how.met:>2} of {how.asked}", key=one.id))
    count = len(asked.datasets)
    rows.append(line(f"Datasets: {count}", key=DATASETS))
    rows.extend(Line(spans) for spans in wrap([(asked.looked, "quiet")], width) if asked.looked)
    for one in asked.lessons:
        rows.extend(Line(spans) for spans in wrap([(one_line(one.words), "")], width))
    if asked.offers:
        count = len(asked.offers)
        rows.append(line((f"{count} card{'s are' if count > 1 else ' is'} offered", "quiet")))
    rows.append(line())
    if report is None:
        return [*rows, line(("looking at the gate", "quiet"))]
    state = "open" if report.is_open else "closed"
    rows.append(line((clip(one_line(report.gate.title), width - len(state) - 2), "heading"), f"  {state}"))
    for text in report.asks:
        rows.extend(Line((("  ", ""), *spans)) for spans in wrap([(text, "warning")], width - 2))
    for check in report.checks:
        mark, look = sign(check.verdict, glyphs)
        rows += _marked(
            (f"{mark} ", look),
            (check.text, "quiet" if check.verdict == "met" else ""),
            width,
            is_whole=is_whole,
        )
    for one in report.holding:
        rows += _marked(("! ", "warning"), (one.item.text, ""), width, is_whole=is_whole)
    return rows


def _marked(mark: Span, said: Span, width: int, *, is_whole: bool) -> Iterator[Line]:
    """A text behind a sign, in one row or in as many as it needs."""
    text, look = said
    rows = wrap([said], width - 2) if is_whole else [((clip(one_line(text), width - 2), look),)]
    for number, spans in enumerate(rows):
        yield line(("  ", "") if number else mark, *spans)


def _met(how: Progress) -> str:
    to_confirm = f", {how.to_confirm} to confirm" if how.to_confirm else ""
    return f"{how.met} of {how.asked} met{to_confirm}"


def _bar(how: Progress, cells: int, glyphs: Glyphs) -> tuple[Span, Span]:
    full = round(cells * how.met / how.asked) if how.asked else 0
    done, rest = ("#", ".") if glyphs.name == "ascii" else ("█", "·")
    return (done * full, "good"), (rest * (cells - full), "unfilled")


def status_line(asked: Asked, phase: str, report: GateReport | None) -> str:
    """The same in one line, for narrow terminals."""
    how = _met(asked.progress(asked.steps(phase)))
    if report is None:
        return how
    state = "open" if report.is_open else f"closed: {'; '.join(report.asks)}"
    return f"{how}. The gate is {state}"

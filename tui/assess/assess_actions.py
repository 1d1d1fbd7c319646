"""What the keys of the Assess screen do beside moving around: answering, cards, gates, datasets, projects."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from random import SystemRandom

from ...model.assess import answers
from ...model.assess.arithmetic import moved_by, of_question
from ...model.assess.matrix import Row, matrices
from ...model.edit import edits
from ...model.plan.change import Batch
from ...model.playbook.gate import Gate
from ...model.playbook.item import Item
from ...model.playbook.outline import PHASES
from ...model.records.address import Address
from ..dialogs.message import Growing, Message
from ..dialogs.pick import Pick, PickItem
from ..draw.glyphs import Glyphs
from ..draw.signs import sign
from ..draw.text import clip
from ..screens.gate_dialog import GateDialogs, decided_words
from . import answer_dialog
from .asked import DATASETS, Offer
from .assess_lines import about_question
from .calculator_dialog import try_calculator
from .contract import ActsOnQuestions
from .gate_lines import gate_lines

_RANDOM = SystemRandom()


def _with_question(act: Callable[[ActsOnQuestions, Item], None]) -> Callable[[ActsOnQuestions], None]:
    """An action on the focused question."""

    def do(screen: ActsOnQuestions) -> None:
        assert screen.question is not None
        act(screen, screen.question.item)

    return do


def answer(screen: ActsOnQuestions) -> None:
    """Answers the focused question, or opens the focused dataset."""
    if screen.question is not None:
        answer_dialog.answer(screen, screen.question)
    else:
        form(screen)


def form(screen: ActsOnQuestions) -> None:
    """All of the answer, or of the dataset, in a form."""
    if screen.question is not None:
        answer_dialog.edit_answer(screen, screen.question.item)
    elif screen.dataset is not None:
        answer_dialog.open_form(screen, screen.dataset.address)


def add(screen: ActsOnQuestions) -> None:
    """The form of a new dataset; on a question, of what answers it."""
    if screen.question is not None and screen.question.item.record:
        answer_dialog.answer(screen, screen.question)
    else:
        screen.to_tab(DATASETS)
        answer_dialog.open_form(screen, Address("dataset", screen.project, ""))


def measure(screen: ActsOnQuestions) -> None:
    """Measures the focused dataset from its files."""
    from .profile_dialog import measure_dataset  # what reads data files is loaded by those who have some

    measure_dataset(screen)


def next_open(screen: ActsOnQuestions) -> None:
    """Goes to the question that is asked next."""
    asked = screen.asked
    following = asked.next_open(screen.phase, screen.row) if asked is not None else None
    if following is None:
        screen.say("no question of this phase is open", "good")
    else:
        screen.go_to(following)


def why(screen: ActsOnQuestions) -> None:
    """Everything about the focused question: what moves with another answer, its figures, why it is asked."""
    asked, one = screen.asked, screen.question
    assert asked is not None
    assert one is not None
    rows = [
        f"{name}: {text}" if name else text
        for name, text in about_question(asked, one, screen.known, whole=True)
    ]
    found = of_question(asked.derived.snapshot, screen.project, one.item, one.reply.values)
    arithmetic = [text for known in found for text in ("", *known.lines())]
    state = f"{one.word}{', holds the gate' if one.holds_gate else ''}"
    dialog = Growing("Why it is asked", [one.item.text, state, ""], [*arithmetic, "", *rows], screen.door)
    screen.show_dialog(dialog)
    snapshot, project = asked.derived.snapshot, screen.project
    screen.session.worker.ask(("moves", dialog), lambda _: moved_by(snapshot, project, one.item)[0])


def clear(screen: ActsOnQuestions, item: Item) -> None:
    """Takes the answer away."""
    screen.make(lambda: answers.clear_answer(screen.session.plan, screen.project, item))


def waive(screen: ActsOnQuestions, item: Item) -> None:
    """The form of a waiver of the focused question."""
    there = next(
        (
            one
            for one, waiver in screen.session.plan.entries("waiver", screen.project)
            if getattr(waiver, "item", "") == item.id
        ),
        None,
    )
    address = there or Address("waiver", screen.project, "")
    answer_dialog.open_form(screen, address, item, given={} if there else {"id": item.id, "item": item.id})


def confirm(screen: ActsOnQuestions) -> None:
    """Says that an answer from an earlier cycle still holds, and goes to the next open one."""
    one = screen.question
    assert one is not None
    screen.make(
        lambda: answers.confirm(screen.session.plan, screen.project, one),
        then=lambda: answer_dialog.go_on(screen, one.item),
    )


# ---- cards


def make_card(screen: ActsOnQuestions) -> None:
    """Makes the card that is offered by what is focused; where that offers none, one of the others."""
    asked = screen.asked
    assert asked is not None
    offers = asked.offers_of(screen.row) if screen.row else []
    if len(offers) == 1:
        _take(screen, offers[0])
        return
    among = {one[0]: one for one in offers or asked.offers}
    title = "Cards that it offers" if offers else "Nothing is offered here; offered elsewhere"
    items = [PickItem(source, title, source) for source, title, _ in among.values()]
    screen.ask(Pick(title, items), lambda keys: _take(screen, among[keys[0]]))


def _take(screen: ActsOnQuestions, offer: Offer) -> None:
    source, title, step = offer
    assert screen.asked is not None
    found = screen.asked.playbook.step(step)
    fields = {"place": f"{found.phase}/{step}" if found is not None else "assess", "offered_by": source}
    screen.make(lambda: edits.add_card(screen.session.plan, screen.project, title, fields, _RANDOM))


# ---- gates


def show_gates(screen: ActsOnQuestions) -> None:
    """What the gates of the phase ask, with conditions and arithmetic; and what others have learned before."""

    def show() -> None:
        asked = screen.asked
        if asked is None or not screen.reports:
            return
        rows: list[str] = []
        for report in screen.reports:
            rows += ["", *gate_lines(asked.playbook, report, screen.glyphs)]
        title = "What the gate asks" if len(screen.reports) == 1 else "What the gates ask"
        if asked.lessons:
            rows += ["", *(one.words for one in asked.lessons)]
        screen.show_dialog(Message(title, rows[1:], screen.door))

    screen.with_gates(show)


def show_matrix(screen: ActsOnQuestions) -> None:
    """Qualities and concerns, needed against reached; one that is chosen opens in its form."""
    asked = screen.asked
    assert asked is not None
    found = matrices(asked.derived.snapshot, screen.project, asked.standing)
    rows = {"|".join(row.address): row for rows in found.values() for row in rows}
    items = [
        PickItem(key, _matrix_row(row, screen.glyphs), row.means or row.why) for key, row in rows.items()
    ]

    def chosen(keys: tuple[str, ...]) -> None:
        row = rows[keys[0]]
        about = row.address if row.is_there else row.address._replace(id="")
        given = {} if row.is_there else {"id": row.id, "needed": row.needed}
        answer_dialog.open_form(screen, about, given=given)

    screen.ask(Pick("Needed against reached: # reached, - missing, + to spare", items), chosen)


def _matrix_row(row: Row, glyphs: Glyphs) -> str:
    """A quality as text: sign, word, name, bar, levels."""
    needed, reached = ("?" if one is None else one for one in (row.needed, row.reached))
    mark = sign(row.state, glyphs)[0]
    return f"{mark} {row.word:<12}{clip(row.id, 16):<16} {row.bar}  needs {needed}, has {reached}"


def decide(screen: ActsOnQuestions) -> None:
    """Records a decision at a gate of the phase where the project is; of several it asks which."""

    def ask() -> None:
        reports = screen.reports
        if len(reports) == 1:
            at(reports[0].gate)
        elif reports:
            items = [
                PickItem(one.gate.id, one.gate.title, "open" if one.is_open else "; ".join(one.asks))
                for one in reports
            ]
            gates = {one.gate.id: one.gate for one in reports}
            screen.ask(Pick("Which gate is decided?", items), lambda keys: at(gates[keys[0]]))

    def at(gate: Gate) -> None:
        derived, decided = screen.session.derived, partial(_decided, screen)
        GateDialogs(screen, derived, screen.project, gate, decided, again).ask()

    def again() -> None:
        screen.adopt()
        screen.with_gates(ask)

    screen.with_gates(ask)


def _decided(screen: ActsOnQuestions, build: Callable[[], Batch]) -> None:
    def go_on() -> None:
        screen.open(screen.project)
        screen.say(decided_words(screen.session.plan.projects[screen.project]), "good")

    screen.make(build, then=go_on)


# ---- going elsewhere


def step_tab(screen: ActsOnQuestions, step: int) -> None:
    """To the next tab, or the one before; from the last to the first."""
    if screen.asked is not None:
        tabs = [*screen.asked.steps(screen.phase), DATASETS]
        at = tabs.index(screen.tab) if screen.tab in tabs else 0
        screen.to_tab(tabs[(at + step) % len(tabs)])


def next_phase(screen: ActsOnQuestions) -> None:
    """Shows the questions of the next phase."""
    names = [one.id for one in PHASES]
    screen.to_phase(
        names[(names.index(screen.phase) + 1) % len(names)] if screen.phase in names else names[0]
    )


def only_open(screen: ActsOnQuestions) -> None:
    """Shows only what is open, or all questions again."""
    screen.only_open = not screen.only_open
    screen.to_tab(screen.tab)
    screen.say("open questions only" if screen.only_open else "all questions")


def pick_project(screen: ActsOnQuestions) -> None:
    """Shows another project."""
    projects = screen.session.plan.projects.values()
    items = [PickItem(one.id, one.label, f"{one.phase} {one.state}") for one in projects]
    screen.ask(Pick("Projects", items), lambda keys: screen.open(keys[0]))


HANDLERS: Mapping[str, Callable[[ActsOnQuestions], None]] = {
    "question.answer": answer,
    "question.form": form,
    "question.add": add,
    "question.measure": measure,
    "question.next": next_open,
    "question.why": why,
    "question.calculator": try_calculator,
    "question.waive": _with_question(waive),
    "question.unknown": _with_question(answer_dialog.say_unknown),
    "question.not_applicable": _with_question(answer_dialog.say_not_applicable),
    "question.confirm": confirm,
    "question.clear": _with_question(clear),
    "question.card": make_card,
    "question.gate": show_gates,
    "question.matrix": show_matrix,
    "question.decide": decide,
    "question.tab_next": lambda screen: step_tab(screen, 1),
    "question.tab_back": lambda screen: step_tab(screen, -1),
    "question.phase": next_phase,
    "question.open_only": only_open,
    "find.project": pick_project,
    "screen.assess": lambda screen: screen.adopt(),
}

"""Answering a question with the control that its kind wants; what is typed means what `model.answers` makes of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import ClassVar

from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from ...model.assess import answers
from ...model.assess.expected import Fields
from ...model.assess.questions import plain
from ...model.assess.standing import Standing
from ...model.assess.verdicts import read_verdict
from ...model.edit.deciders import gate_of, lacks_to_decide
from ...model.edit.edits import edit_each
from ...model.plan.change import Path
from ...model.plan.field_spec import TextRefused
from ...model.playbook.item import Item
from ...model.records.address import Address
from ...model.records.kinds import ENTRIES, entry_model, record_model
from ...model.text.dates import DateError
from ...model.text.named import named
from ...model.text.visible import one_line
from ...model.text.wording import lacks_words
from ..dialogs.ask import Ask
from ..dialogs.date_prompt import DatePrompt
from ..dialogs.figures import Figures, Named
from ..dialogs.pick import Pick, PickItem
from ..dialogs.prompt import Prompt
from ..dialogs.ticks import Ticks
from ..draw.text import shown
from .contract import ActsOnQuestions

_TITLE = "Answer"
_HOLDERS: Mapping[str, str] = {"person": "allocation"}
"""Kinds that a project has a part of: what counts is the part, which is another kind."""


def answer(screen: ActsOnQuestions, one: Standing) -> None:
    """Asks for the answer to a question, and saves it."""
    item = one.item
    if item.record:
        _records(screen, one)
        return
    match item.kind:
        case "yesno":
            options = (("y", "yes"), ("n", "no"))
            screen.ask(
                Ask(_TITLE, item.text, options),
                lambda key: _save(screen, item, "yes" if key == "y" else "no"),
            )
        case "scale":
            items = [PickItem(str(grade), _grade(item, grade)) for grade in range(1, 6)]
            screen.ask(QuestionPick(_TITLE, item.text, items), lambda keys: _save(screen, item, keys[0]))
        case "choice":
            _choose(screen, one)
        case "check":
            _tick(screen, one)
        case "numbers":
            _figures(screen, one)
        case _:
            _words(screen, one)


class QuestionPick(Pick):
    """A pick with the question above it."""

    ROWS: ClassVar[int] = Pick.ROWS + 3

    def __init__(
        self,
        title: str,
        asked: str,
        items: Sequence[PickItem],
        *,
        multiple: bool = False,
        chosen: Sequence[str] = (),
    ) -> None:
        super().__init__(title, items, multiple=multiple, chosen=chosen)
        self._text = asked

    def take(self, key: object) -> None:
        """With nothing marked, the item under the cursor is meant: an answer of nothing says nothing."""
        if isinstance(key, str) and not self.chosen and not self.typed:
            self.dismiss((key,))
        else:
            super().take(key)

    def body(self) -> Iterable[Widget]:
        """The question, then the field and the list."""
        yield Static(Content(shown(self._text)), classes="asked")
        yield from super().body()


# ---- saving


def save(screen: ActsOnQuestions, item: Item, fields: Fields) -> None:
    """Puts fields of an answer into the plan, and goes to the question that is asked next."""
    before, plan = screen.before(item), screen.session.plan
    screen.make(
        lambda: answers.set_answer(plan, screen.project, item, fields, before),
        then=lambda: go_on(screen, item),
    )


def go_on(screen: ActsOnQuestions, item: Item) -> None:
    """Says where a question is now, and goes to the next one that is open."""
    assert screen.asked is not None
    one = screen.asked.standing[item.id]
    following = screen.asked.next_open(screen.phase, item.id)
    screen.go_to(following or item)
    remark = one.remark + ("; e adds evidence" if one.counted.why else "")
    # What is waived says so itself, with who waived it.
    state = remark if one.state == "waived" else one.word + (f": {remark}" if remark else "")
    words = f"{named(item.text, item.id)} is {state}"
    first = [screen.asked.standing[each.id] for each in screen.asked.order(screen.phase) if each.triage]
    if item.triage and one.met and all(each.met for each in first if each.counts):
        words += f". The {len(first)} questions that can end it are met"
    screen.say(words, "good" if one.met else "plain")


def open_form(
    screen: ActsOnQuestions,
    address: Address,
    item: Item | None = None,
    *,
    first: Path = (),
    typed: Mapping[str, object] | None = None,
    given: Mapping[str, object] | None = None,
) -> None:
    """Shows a form; goes on from a question that is met by what was saved there."""

    def saved(address: Address | None) -> None:
        if address is None:
            return
        screen.adopt()
        if item is None or screen.asked is None:
            return
        one = screen.asked.standing[item.id]
        if one.to_confirm:
            # Who has just looked at it and saved it says that it holds.
            screen.make(lambda: answers.confirm(screen.session.plan, screen.project, one))
        if one.met:
            go_on(screen, item)
        else:
            screen.say(f"{named(item.text, item.id)} is {one.word}: {one.lacks()}")

    screen.host.open_form(address, first, typed=typed, given=given, then=saved)


def edit_answer(screen: ActsOnQuestions, item: Item, typed: str = "") -> None:
    """Shows all of an answer in a form: evidence, confidence and notes as well; with what was typed of it."""
    address = Address("answer", screen.project, item.id)
    open_form(screen, address, item, typed={"verdict": typed} if typed else None)


def _save(screen: ActsOnQuestions, item: Item, *words: str) -> None:
    save(screen, item, _read(screen, item, words))


def _read(screen: ActsOnQuestions, item: Item, words: Sequence[str]) -> Fields:
    return read_verdict(item, words, screen.before(item), screen.session.today)


def _wrong(screen: ActsOnQuestions, item: Item, words: Sequence[str]) -> str | None:
    """What is wrong with words as an answer."""
    try:
        _read(screen, item, words)
    except (TextRefused, DateError) as error:
        return str(error)
    return None


def _grade(item: Item, grade: int) -> str:
    means = item.grades.get(grade, "")
    return f"{grade}  {means}" if means else str(grade)


# ---- choices and lines


def _choose(screen: ActsOnQuestions, one: Standing) -> None:
    item, verdict = one.item, one.reply.verdict
    items = [PickItem(choice, choice) for choice in item.choices]
    chosen = verdict if isinstance(verdict, tuple) else (verdict,) if isinstance(verdict, str) else ()

    def taken(keys: tuple[str, ...]) -> None:
        if wrong := _wrong(screen, item, keys):
            screen.say(wrong, "warning")
        elif item.result:
            _ask_result(screen, item, _read(screen, item, keys))
        else:
            _save(screen, item, *keys)

    screen.ask(QuestionPick(_TITLE, item.text, items, multiple=item.multiple, chosen=chosen), taken)


def _ask_result(screen: ActsOnQuestions, item: Item, fields: Fields) -> None:
    """Which way the evidence points; the choice is saved even where that is left open."""
    items = [PickItem(way, way) for way in item.result]

    dialog = QuestionPick(_TITLE, "Which way does the evidence point?", items)
    screen.ask(
        dialog,
        lambda keys: save(screen, item, {**fields, "result": keys[0]}),
        otherwise=lambda: save(screen, item, fields),
    )


def _tick(screen: ActsOnQuestions, one: Standing) -> None:
    item, before = one.item, screen.before(one.item)
    own = before.checked if before is not None else ()
    notes = {text: f"holds for every {item.per}" for text in one.reply.checked if text not in own}

    def ticked(lines: tuple[str, ...]) -> None:
        # Lines that a newer playbook no longer has stay as they are.
        kept = [text for text in own if text not in item.lines]
        # Ticks that are all taken away say that no line holds; a question that was only looked at stays open.
        save(screen, item, {"checked": [*lines, *kept] or ([] if before is not None else None)})
        if lines and item.per == "dataset":
            _ask_when_looked_at(screen)

    screen.ask(Ticks(_TITLE, item.text, item.lines, own, notes), ticked)


def _ask_when_looked_at(screen: ActsOnQuestions) -> None:
    """Asks for the day of datasets that were looked at on no day yet: the gate counts from it."""
    asked = screen.asked
    undated = [one for one in asked.datasets if one.checked_on is None] if asked is not None else []
    if not undated:
        return
    names = ", ".join(one.id for one in undated)

    def said(text: str) -> None:
        if text:
            day = dt.date.fromisoformat(text)
            changed: dict[Address, dict[Path, object]] = {
                one.address: {("checked_on",): day} for one in undated
            }
            screen.make(lambda: edit_each(screen.session.plan, changed, f"{names}: explored on {day}"))

    screen.ask(
        DatePrompt("Explored on", f"When was it looked at? ({names})", screen.session.today, "today"),
        said,
    )


# ---- what is typed


def _figures(screen: ActsOnQuestions, one: Standing) -> None:
    item = one.item
    groups = (("", item.fields), ("instead: ", item.instead), ("if known: ", item.beside))
    figures = [
        Named(figure.id, f"{how}{figure.unit}", _typed(one.reply.values.get(figure.id)))
        for how, group in groups
        for figure in group
    ]

    def words(texts: Mapping[str, str]) -> list[str]:
        return [f"{name}={text}" for name, text in texts.items()]

    def wrong(texts: Mapping[str, str]) -> str | None:
        return _wrong(screen, item, words(texts))

    screen.ask(Figures(_TITLE, item.text, figures, wrong), lambda texts: _save(screen, item, *words(texts)))


def _typed(value: object) -> str:
    """A value as a person would type it."""
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return "" if value is None else str(value)


def _words(screen: ActsOnQuestions, one: Standing) -> None:
    """A number or a sentence; a text of several lines has the form, which does not flatten it."""
    item, verdict = one.item, one.reply.verdict
    value = plain(verdict) if isinstance(verdict, bool | tuple) else _typed(verdict)
    if one_line(value) != value:
        edit_answer(screen, item)
        return

    def echo(text: str) -> str:
        if item.kind != "number" or not text.strip() or _wrong(screen, item, [text]):
            return ""
        unit = f" {item.unit}" if item.unit else ""
        return f"{text.strip()} → {plain(_read(screen, item, [text])['verdict'])}{unit}"

    screen.ask(
        Prompt(
            _TITLE,
            item.text,
            value,
            lambda text: _wrong(screen, item, [text]),
            echo=echo,
            more=("work it out", lambda _: _figures(screen, one))
            if item.beside
            else ("whole form", lambda text: edit_answer(screen, item, text)),
        ),
        lambda text: _save(screen, item, text),
    )


# ---- records


def _records(screen: ActsOnQuestions, one: Standing) -> None:
    """Opens the form of a new record, or of one that is there; a question that wants no number takes words as well."""
    item = one.item
    if item.record == ("decision",):
        screen.act("question.decide")
        return
    kinds = [_HOLDERS.get(kind, kind) for kind in item.record]
    items = [PickItem(f"new {kind}", f"new {kind}") for kind in kinds]
    there: dict[str, Address] = {}
    for kind in kinds:
        for address, label in _there(screen, kind):
            there[f"{kind} {address.id}"] = address
            items.append(PickItem(f"{kind} {address.id}", f"edit {kind} {address.id}", label))
    if item.takes_words:
        items.append(PickItem("words", "say it in words"))

    def chosen(keys: tuple[str, ...]) -> None:
        key = keys[0]
        if key == "words":
            _words(screen, one)
        elif key in there:
            open_form(screen, there[key], item)
        else:
            kind = key.removeprefix("new ")
            begin = (entry_model(kind) if kind in ENTRIES else record_model(kind)).LABEL
            open_form(screen, Address(kind, screen.project, ""), item, first=(begin,))

    if len(items) == 1:
        chosen((items[0].key,))
    else:
        screen.ask(QuestionPick(_TITLE, item.text, items), chosen)


def _there(screen: ActsOnQuestions, kind: str) -> list[tuple[Address, str]]:
    """What the project has of a kind."""
    plan = screen.session.plan
    if kind in ENTRIES:
        return [(address, entry.label) for address, entry in plan.entries(kind, screen.project)]
    return sorted((record.address, record.label) for record in plan.of_kind(kind, screen.project))


# ---- no verdict


def say_unknown(screen: ActsOnQuestions, item: Item) -> None:
    """Answers that it is not known."""
    save(screen, item, {"state": "unknown"})


def say_not_applicable(screen: ActsOnQuestions, item: Item) -> None:
    """Says that it is no question here, with the reason."""
    before, project = screen.before(item), screen.session.plan.projects[screen.project]

    def wrong(text: str) -> str | None:
        return lacks_words(text, item.text) or None

    def told(text: str) -> None:
        fields: Fields = {"state": "not-applicable", "because": text.strip()}
        if item.blocks_at(project.stage):
            _ask_approver(screen, item, fields)
        else:
            save(screen, item, fields)

    screen.ask(
        Prompt(
            "Why does it not apply?",
            "the reason",
            before.because or "" if before is not None else "",
            wrong,
        ),
        told,
    )


def _ask_approver(screen: ActsOnQuestions, item: Item, fields: Fields) -> None:
    """Who agrees that a question does not apply that holds a gate; what was typed is saved even without one."""
    now = screen.session.derived.snapshot
    project, gate = now.plan.projects[screen.project], gate_of(now.playbook, item)
    items = [PickItem(one.id, one.label, one.id) for one in now.plan.people.values()]

    def refused(person: str) -> str | None:
        return lacks_to_decide(now, project, person, gate) or None

    screen.ask(
        Pick("It holds the gate: who agrees that it does not apply?", items, refuse=refused),
        lambda keys: save(screen, item, {**fields, "approved_by": keys[0]}),
        otherwise=lambda: save(screen, item, fields),
    )

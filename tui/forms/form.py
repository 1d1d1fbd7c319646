"""The form: one screen for every kind of record and of entry, made from the model.

It writes only on save, and waits until the file has it. Nothing that was typed is lost on the way: what others
changed meanwhile merges field by field, what cannot merge is asked, and what cannot be saved stays open with the
reason.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from random import Random
from typing import Any, ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Static, TextArea

from ...model.plan.change import Batch, Path, get_path
from ...model.plan.field_spec import TextRefused
from ...model.records.address import Address
from ...model.records.base import sections
from ...storage.disk.errors import ChangedOutside
from ...storage.plan.card_places import card_places
from ..draw.text import shown
from ..keys.action_context import Situation, reading_only
from ..keys.actions import Context
from ..screens.step_screen import StepScreen
from ..session.session import Event, Saved, SaveFailed, Session
from ..session.worker import Known, Unknown
from ..widgets.acting import Handlers
from ..widgets.key_line import KeyLine
from . import questions
from .controls import Around, names_nothing
from .draft import Choice, Draft
from .fields import write
from .picking import choose, reason_against_choice
from .several import Several
from .subject import Subject
from .view import FormView
from .whole import reason_against_removal, reason_against_rename, remove, rename

_LONG = frozenset({"up", "down", "pageup", "pagedown"})
"""Keys that move inside a text of several lines."""


class FormScreen(StepScreen[Address]):
    """Edits one thing; gives its address once it is saved, None where the person left without saving.

    `on_told` has to be called with what the session tells.
    """

    CONTEXT: ClassVar[Context] = "form"
    DEFAULT_CSS = """
    FormScreen {
        & > .title { height: 1; color: $text-primary; text-style: bold; padding: 0 1; }
        & > .said { height: auto; max-height: 4; color: $text-error; padding: 0 1; display: none; }
    }
    """

    def __init__(
        self,
        session: Session,
        about: Address | Subject,
        typed: Mapping[str, object] | None = None,
        *,
        given: Mapping[str, object] | None = None,
        first: Path = (),
        randomness: Random | None = None,
    ) -> None:
        """A form for a record or an entry; for something new where what it is about has no id.

        `first` is the field to begin in. For something new, `given` are values that the place brings with it (a
        card's `place` always is) and `typed` those that the person has typed elsewhere, which count as unsaved text.
        """
        super().__init__(session)
        self.subject = about if isinstance(about, Subject) else Subject.at(about)
        there = self.subject.current(session.plan)
        self._was_there = there is not None
        self.draft = Draft(self.subject.fields(there or {}, session.plan), there or {}, session.today)
        self._given: dict[Path, str] = {}
        for name, value in {**(given or {}), **(typed or {})}.items():
            if (name,) in self.draft.fields:
                text = self.draft.texts[name,] = write(self.draft.fields[name,], value)
                if name == "place" or name not in (typed or {}):
                    self._given[name,] = text
        self._first = first
        self._randomness = randomness or Random()  # noqa: S311  ids, not secrets
        self._saving: Batch | None = None
        self._saved_as = self.subject

    @classmethod
    def edit(
        cls,
        session: Session,
        address: Address,
        first: Path = (),
        *,
        typed: Mapping[str, object] | None = None,
        given: Mapping[str, object] | None = None,
    ) -> FormScreen:
        """A form for a record or an entry, beginning in a field; where that is an entry's, the form of the entry."""
        about = Subject.at(address)
        if not about.section and len(first) > 1 and first[0] in sections(about.model):
            return cls(session, Subject(address, first[0], first[1]), first=first[2:])
        return cls(session, about, typed, given=given, first=first)

    def compose(self) -> ComposeResult:
        """Title, fields, what went wrong, keys."""
        yield Static(classes="title")
        yield FormView(self.draft, self._around())
        yield Static(classes="said")
        yield KeyLine()

    def _around(self) -> Around:
        places = card_places(self.session.workspace.files)
        return Around(self.session.plan, self.subject.project, self.session.today, places)

    def on_mount(self) -> None:
        """Goes into the first field."""
        self._show_title()
        self.view.go_to(0)
        if first := self._first or self._wanted_first():
            self.view.go_to_path(first)
        self.foot()

    def _wanted_first(self) -> Path:
        """For something new the first field that it cannot be without, where nothing is said in it yet."""
        if not self.subject.is_new:
            return ()
        needed = (
            path for path, one in self.draft.fields.items() if len(path) == 1 and not one.shape.optional
        )
        return next((path for path in needed if not self.draft.texts[path]), ())

    @property
    def view(self) -> FormView:
        """The fields."""
        return self.query_one(FormView)

    @property
    def has_unsaved_text(self) -> bool:
        """Whether leaving now would lose something that was typed."""
        return any(self.draft.texts[path] != self._given.get(path) for path in self.draft.touched)

    @on(FormView.Typed)
    def _show_title(self) -> None:
        count = len(self.draft.touched)
        changed = f" · {count} changed" if count else ""
        self.query_one(".title", Static).update(Content(shown(self.subject.title) + changed))

    def tell(self, text: str) -> None:
        """Says something above the keys; an empty text takes it away."""
        said = self.query_one(".said", Static)
        said.update(Content(shown(text)))
        said.display = bool(text)

    def _note(self, notes: Mapping[Path, str], otherwise: str = "") -> None:
        """Shows what is wrong below the fields and goes to the first of them; what belongs to none, at the foot."""
        known = {
            path: note for path, note in notes.items() if any(one.path == path for one in self.view.fields)
        }
        self.view.notes = known
        loose = [note for path, note in notes.items() if path not in known]
        self.tell("; ".join(filter(None, [*loose, otherwise])))
        if known:
            self.view.go_to_path(next(one.path for one in self.view.fields if one.path in known))
        else:
            self.view.redraw()

    # ---- keys

    def situation(self) -> Situation:
        """What decides which actions can be done in the field."""
        file = ""
        if isinstance(self.subject, Several):
            file = "several cards have several files: open them one by one"
        elif self.session.plan.get(self.subject.record) is None:
            file = "there is no file yet: save first"
        return Situation(
            read_only=reading_only(self.session.workspace),
            lacks={
                "choice": file if self.view.field.kind in ("kept", "unread") else reason_against_choice(self),
                "file": file,
                "name": reason_against_rename(self),
                "record": reason_against_removal(self),
            },
        )

    def handlers(self) -> Handlers:
        """Fields one after the other, a picker for each, and the ways out."""
        return {
            **super().handlers(),
            "form.save": self.save,
            "form.enter": self.enter,
            "form.next": lambda: self.step(1),
            "form.previous": lambda: self.step(-1),
            "form.choose": lambda: choose(self),
            "form.editor": self.open_editor,
            "form.rename": lambda: rename(self),
            "form.remove": lambda: remove(self),
            "text.page_down": lambda: self.step(6),
            "text.page_up": lambda: self.step(-6),
            "text.leave": self.leave,
        }

    def keeps(self, key: str) -> bool:
        """Inside a long text the cursor moves by line."""
        return key in _LONG and isinstance(self.focused, TextArea)

    def step(self, step: int) -> None:
        """Goes some fields on."""
        self.view.go_to(self.view.current + step)

    def enter(self) -> None:
        """Goes to the next field; out of a row that is only read, to what stands behind it."""
        if self.view.field.is_typed:
            self.step(1)
        else:
            self.choose()

    @on(FormView.Opened)
    def choose(self) -> None:
        """Opens the list of what can be chosen in the field."""
        self.act("form.choose")

    def follow(self, _: object = None) -> None:
        """Shows what others have changed in fields that were not touched here; says what saving will ask."""
        theirs = self.subject.current(self.session.plan)
        if self._saving or self.subject.is_new or theirs == self.draft.base:
            return
        if theirs is None:
            if self._was_there:
                self.tell(f"{self.subject.name} was removed: saving asks what to do")
            return
        try:
            asked = self.draft.conflicts(theirs)
        except TextRefused:
            return
        if asked:
            names = ", ".join(".".join(path) for path in asked)
            self.tell(f"somebody else has changed {names} too: saving asks which to keep")
            return
        before = dict(self.draft.texts)
        self._take_over(theirs, {})
        names = [".".join(path) for path, text in self.draft.texts.items() if text != before[path]]
        if names:
            self.tell(f"somebody else's changes are taken over: {', '.join(names)}")

    def _take_over(self, theirs: Mapping[str, Any], answers: Mapping[Path, Choice]) -> None:
        self.draft.rebase(theirs, answers)
        self.view.around = self._around()
        self.view.take_over()
        self._show_title()

    def open_editor(self) -> None:
        """Opens the file in the person's editor; what is typed here stays, and merges with what is written there."""
        self.host.open_editor(self.subject.record)

    def leave(self) -> None:
        """Leaves; asks where something typed would be lost."""
        if not self.has_unsaved_text:
            self.dismiss(None)
            return
        self.ask(questions.leave_the_form(), self._leave)

    def _leave(self, answer: str) -> None:
        if answer == "s":
            self.save()
        elif answer == "d":
            self.dismiss(None)

    # ---- saving

    @work(group="save")
    async def save(self) -> None:
        """Saves: merges or asks where others changed the same record, and waits for the file."""
        if self._saving:
            return
        errors = self.draft.errors() or self.subject.problems(self.draft.data()) or self._unknown()
        if errors:
            self._note(errors)
            return
        self._note({})
        theirs = self.subject.current(self.session.plan)
        if theirs is None:
            await self._make_again()
        elif theirs == self.draft.base or await self._settle(theirs):
            self._write()

    def _unknown(self) -> dict[Path, str]:
        """For each changed field that names what is not there, what that is."""
        around = self._around()
        found = {
            path: names_nothing(self.draft.fields[path], value, get_path(self.draft.base, path), around)
            for path, value in self.draft.changes().items()
        }
        return {path: text for path, text in found.items() if text}

    def _write(self) -> None:
        def build() -> Batch:
            then, batch = self.subject.save(self.session.plan, self.draft.changes(), self._randomness)
            self._saved_as = then
            return batch

        self.make(build)

    def save_as(self, subject: Subject, build: Callable[[], Batch]) -> None:
        """Makes a step, and closes the form when the file has it; the form is about `subject` then."""
        self._saved_as = subject
        self.make(build)

    def made(self, batch: Batch, focus: str) -> None:  # noqa: ARG002  a form has no cards to focus
        """Waits until the file has it."""
        self._saving = batch
        self.view.disabled = True
        self.say("saving")

    def refused(self, reason: str) -> None:
        """Says above the keys why it cannot be saved: that stays until the next try."""
        self.tell(reason)

    def outdated(self, reason: str) -> None:
        """Says that there is something to merge with."""
        self.tell(f"not saved: {reason}; save again to merge with the file as it is now")

    def unchanged(self) -> None:
        """There is nothing to save."""
        self._finish()

    def unwanted(self) -> None:
        """Says why the form is still open."""
        self.tell("not saved: it would pass a limit of work in progress")

    async def _settle(self, theirs: Mapping[str, Any]) -> bool:
        """Merges with what others did; asks for each field that both changed. False where it is not settled yet."""
        answers = await questions.settled(self.app, self.draft, theirs)
        if answers is None:
            self.tell("not saved yet: the form and the file differ; save again to choose")
            return False
        notes = {
            path: f"theirs is: {questions.text_there(self.draft, path, theirs)}"
            for path, answer in answers.items()
            if answer == "edit"
        }
        self._take_over(theirs, answers)
        if notes:
            self._note(notes, "edit, then save again")
        return not notes

    async def _make_again(self) -> None:
        moved = self.subject.moved_to(self.session.plan, self.draft.base)
        question = questions.it_is_gone(self.subject, moved)
        answer = await self.app.push_screen_wait(question) if self._was_there else "m"
        if answer == "r" and moved is not None:
            self.subject = moved
            self._show_title()
            theirs = moved.current(self.session.plan) or {}
            if theirs == self.draft.base or await self._settle(theirs):
                self._write()
        elif answer == "m":
            subject = self.subject
            self.save_as(subject, lambda: subject.make_again(self.session.plan, self.draft.data()))

    def on_told(self, event: Event) -> None:
        """Closes when the file has what was saved; stays with the reason when it could not be written."""
        if isinstance(event, Known | Unknown):
            return
        if not isinstance(event, Saved | SaveFailed) or event.batch is not self._saving:
            self.follow()
            return
        self._saving = None
        if isinstance(event, Saved):
            self._finish()
            return
        self._message = None
        self.foot()
        self.view.disabled = False
        self.view.go_to(self.view.current)
        # The text stays here, so that it must not wait in a second place to be written.
        self.session.unsaved = [one for one in self.session.unsaved if one is not event.batch]
        self.tell(
            f"not saved: {event.error.message}" + (f" ({event.error.hint})" if event.error.hint else "")
        )
        has_moved = self.subject.current(self.session.plan) != self.draft.base
        if isinstance(event.error, ChangedOutside) and has_moved:
            self.save()

    def _finish(self) -> None:
        self.dismiss(self._saved_as.address)

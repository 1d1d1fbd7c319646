"""The form: one screen for every kind of record and of entry, made from the model.

It writes only on save, and waits until the file has it. Nothing that was typed is lost on the way: what others
changed meanwhile merges field by field, what cannot merge is asked, and what cannot be saved stays open with the
reason.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from random import Random
from typing import Any, ClassVar

from rich.cells import cell_len
from textual import on, work
from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Static, TextArea

from ...model.plan.change import Batch, Path
from ...model.records.address import Address
from ...model.records.base import sections
from ...storage.disk.errors import ChangedOutside
from ...storage.plan.card_places import card_places
from ..dialogs.base import Dialog
from ..draw.text import shown
from ..keys.action import Context
from ..keys.action_context import Situation
from ..screens.step_screen import StepScreen
from ..session.session import Event, Saved, SaveFailed, Session
from ..session.worker import Known, Unknown, Working
from ..widgets.acting import Handlers
from ..widgets.key_line import KeyLine
from . import outside, questions
from .asked import Asked
from .controls import Around, unknown_names
from .draft import Choice, Draft
from .layout import Layout
from .paths import look_for_paths, show_paths
from .picking import choose
from .question import subject_at
from .situation import situation_of
from .subject import Subject
from .view import FormView
from .whole import remove, rename

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
        self.was_there = False
        self.draft = self._drafted(typed or {}, given or {})
        self._first = first
        self._randomness = randomness or Random()  # noqa: S311  ids, not secrets
        self._saving: Batch | None = None
        self._saved_as = self.subject
        self._last: Address | None = None
        """What was saved before this form began with another one."""
        self._adds_another = False
        self._is_passing = False
        """Whether what is said above the keys goes as soon as something is typed."""

    def _drafted(self, typed: Mapping[str, object], given: Mapping[str, object]) -> Draft:
        """The texts to begin with."""
        session = self.session
        there = self.subject.current(session.plan)
        self.was_there = there is not None
        draft = Draft(self.subject.fields(there or {}, session.plan), there or {}, session.today)
        draft.fill(given, typed)
        return draft

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
        about = subject_at(session, address)
        if not about.section and len(first) > 1 and first[0] in sections(about.model):
            return cls(session, Subject(address, first[0], first[1]), first=first[2:])
        return cls(session, about, typed, given=given, first=first)

    def compose(self) -> ComposeResult:
        """Title, fields, what went wrong, keys."""
        yield Static(classes="title")
        yield Asked(self.subject.intro)
        layout = Layout.of(self.subject.model, self.draft.fields.values())
        yield FormView(self.draft, self._around(), layout)
        yield Static(classes="said")
        yield KeyLine()

    def _around(self) -> Around:
        places = card_places(self.session.workspace.files)
        return Around(self.session.plan, self.subject.project, self.session.today, places)

    def on_mount(self) -> None:
        """Goes into the first field, or the one that is wanted."""
        self._begin()

    def _begin(self) -> None:
        self._show_title()
        self.view.go_to(0)
        if first := self._first or (self.draft.first_needed() if self.subject.is_new else ()):
            self.view.go_to_path(first)
        self.foot()

    @property
    def view(self) -> FormView:
        """The fields."""
        return self.query_one(FormView)

    @property
    def has_unsaved_text(self) -> bool:
        """Whether leaving now would lose something that was typed."""
        return self.draft.has_unsaved_text

    def on_resize(self) -> None:
        """Puts the id at the end of the first line."""
        self._show_title()

    @on(FormView.Typed)
    def _typed(self) -> None:
        """Takes away what is not wrong any more, and looks for paths that begin as what is typed."""
        self._show_title()
        if self._is_passing:
            self.tell("")
        if self.view.notes:
            errors = self._errors()
            self.view.notes = {path: errors[path] for path in self.view.notes if path in errors}
            self.view.redraw()
        look_for_paths(self)

    def _show_title(self) -> None:
        count = len(self.draft.typed)
        title = shown(self.subject.title) + (f" · {count} changed" if count else "")
        name = shown(self.subject.shown_id)
        blank = " " * max(2, self.size.width - 2 - cell_len(title) - cell_len(name))
        self.query_one(".title", Static).update(
            Content.assemble(title, blank, (name, "not bold $text-muted"))
        )

    def tell(self, text: str, *, is_passing: bool = False) -> None:
        """Says something above the keys, perhaps until something is typed; an empty text takes it away."""
        self._is_passing = is_passing
        said = self.query_one(".said", Static)
        said.update(Content(shown(text)))
        said.display = bool(text)

    def note(self, notes: Mapping[Path, str], otherwise: str = "") -> None:
        """Shows what is wrong below the fields and goes to the first of them; what belongs to none, at the foot."""
        known = {path: note for path, note in notes.items() if path in self.draft.fields}
        self.view.notes = known
        loose = [note for path, note in notes.items() if path not in known]
        self.tell("; ".join(filter(None, [*loose, otherwise])), is_passing=True)
        if known:
            self.view.go_to_path(next(path for path in self.draft.fields if path in known))
        else:
            self.view.redraw()

    # ---- keys

    def situation(self) -> Situation:
        """What decides which actions can be done in the field."""
        return situation_of(self)

    def handlers(self) -> Handlers:
        """Fields one after the other, a picker for each, and the ways out."""
        return {
            **super().handlers(),
            "form.save": lambda: self.begin_to_save(adds_another=False),
            "form.another": lambda: self.begin_to_save(adds_another=True),
            "form.enter": self.enter,
            "form.next": lambda: self.view.complete() or self.step(1),
            "form.previous": lambda: self.step(-1),
            "form.down": lambda: self.view.go_vertically(1),
            "form.up": lambda: self.view.go_vertically(-1),
            "form.across": lambda: self.view.go_across() or None,
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
        """Goes to the next field; out of a row that is only read, to what is behind it."""
        if self.view.field.is_typed:
            self.step(1)
        else:
            self.choose()

    @on(FormView.Opened)
    def choose(self) -> None:
        """Opens the list of what can be chosen in the field."""
        self.act("form.choose")

    def follow(self, _: object = None) -> None:
        """Shows what was changed outside in fields that were not touched here; says what saving will ask."""
        if not self._saving and not self.subject.is_new:
            outside.follow(self)

    def take_over(self, theirs: Mapping[str, Any], answers: Mapping[Path, Choice]) -> None:
        """Puts what was typed on top of the record as it is now."""
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
            self.dismiss(self._last)
            return
        self.ask(questions.leave_the_form(), self._leave)

    def _leave(self, answer: str) -> None:
        if answer == "s":
            self.save()
        elif answer == "d":
            self.dismiss(self._last)

    # ---- saving

    @work(group="save")
    async def save(self) -> None:
        """Saves: merges or asks where others changed the same record, and waits for the file."""
        if self._saving:
            return
        errors = self._errors()
        if errors:
            self._adds_another = False
            self.note(errors)
            return
        self.note({})
        theirs = self.subject.current(self.session.plan)
        if theirs is None:
            if await outside.make_again(self):
                self._write()
        elif theirs == self.draft.base or await outside.settle(self, theirs):
            self._write()

    def begin_to_save(self, *, adds_another: bool) -> None:
        """Saves, and goes on with a new one of its kind where that is wanted."""
        self._adds_another = adds_another
        self.save()

    def _errors(self) -> dict[Path, str]:
        """What is wrong, by field."""
        draft = self.draft
        return draft.errors() or self.subject.problems(draft.data()) or unknown_names(draft, self._around())

    def _write(self) -> None:
        def build() -> Batch:
            then, batch = self.subject.save(self.session.plan, self.draft.changes(), self._randomness)
            self._saved_as = then
            return batch

        self.make(build)

    def move_to(self, subject: Subject) -> None:
        """Goes on with what the form is about under another name."""
        self.subject = subject
        self._show_title()

    async def answer_to(self, dialog: Dialog[str]) -> str | None:
        """Shows a dialog, and waits for its answer; None where the person left it."""
        return await self.app.push_screen_wait(dialog)

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
        self._adds_another = False
        self.tell(reason, is_passing=True)

    def outdated(self, reason: str) -> None:
        """Says that there is something to merge with."""
        self.tell(f"not saved: {reason}; save again to merge with the file as it is now")

    def unchanged(self) -> None:
        """There is nothing to save."""
        self._finish()

    def unwanted(self) -> None:
        """Says why the form is still open."""
        self._adds_another = False
        self.tell("not saved: it would pass a limit of work in progress")

    def on_told(self, event: Event) -> None:
        """Closes when the file has what was saved; stays with the reason when it could not be written."""
        show_paths(self, event)
        if isinstance(event, Known | Unknown | Working):
            return
        if not isinstance(event, Saved | SaveFailed) or event.batch is not self._saving:
            self.follow()
            return
        self._saving = None
        if isinstance(event, Saved):
            self._finish()
            return
        self._message = None
        self._adds_another = False
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
        what = self.draft.said() if self.was_there and not self.subject.is_new else self._saved_as.name
        verb = "Tried" if self.session.trial is not None else "Saved"
        words = f"{verb}: {what}" if what else "Nothing was changed"
        if self._adds_another:
            self.call_later(self._go_on, words)
            return
        self.dismiss(self._saved_as.address)
        self.host.say(words)

    async def _go_on(self, words: str) -> None:
        """Begins with another one; what was saved is given when the person leaves."""
        self._last, self._adds_another, self._first = self._saved_as.address, False, ()
        kept = {name: value for (name,), value in self.draft.kept_for_another().items()}
        self.subject = self._saved_as = self.subject.another()
        self._message = None
        self.draft = self._drafted({}, kept)
        await self.recompose()
        self._begin()
        self.say(f"{words}; now another", "good")

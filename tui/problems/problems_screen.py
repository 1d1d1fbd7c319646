"""All findings of the plan: by rule or by file, each with its way to the place and, where a rule has one, its fix."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Static

from ...model.plan.change import Batch
from ...model.records.address import Address
from ...model.records.card import Card
from ...model.records.findings import SEVERITIES, Finding
from ...model.text.named import named
from ...model.text.visible import one_line
from ...storage.disk.errors import KedgeError
from ...storage.disk.paths import address_of, path_of
from ..dialogs.ask import Ask
from ..dialogs.message import Message
from ..draw.spans import line
from ..keys.action import Context
from ..keys.action_context import Situation
from ..screens.list_screen import ListScreen
from ..session import session as told
from ..session.session import Session
from ..widgets.acting import Handlers
from ..widgets.entry_line import EntryLine
from ..widgets.head_line import HeadLine
from ..widgets.key_line import KeyLine
from ..widgets.lines import LineView
from .problem_lines import Listed, Row

_NO_FIX = "this has no fix that is safe without you: Enter goes to the place"


class ProblemsScreen(ListScreen):
    """Screen 9. What is wrong in the plan, worth a look, and offered to be mended."""

    CONTEXT: ClassVar[Context] = "problems"
    FIELDS: ClassVar[tuple[str, ...]] = ("rule", "file", "level")
    AUTO_FOCUS = "LineView"
    DEFAULT_CSS = """
    ProblemsScreen > .about { height: auto; min-height: 2; max-height: 5; color: $text-muted; padding: 0 1; }
    """

    def __init__(self, session: Session, project: str = "") -> None:
        super().__init__(session, project)
        self._found: tuple[Finding, ...] | None = None
        """What the rules find; None while it is being looked for."""
        self._outgrown: tuple[Finding, ...] = ()
        """What the history says of estimates, which is known later."""
        self.by_file = False
        self._by_row: dict[Row, Finding] = {}
        self._has_fixes = False
        """Whether a finding that is shown has a fix."""

    def compose(self) -> ComposeResult:
        """Head with counts, the list, what to do about the finding under the cursor, the foot."""
        yield HeadLine()
        yield LineView()
        yield Static(classes="about")
        yield EntryLine(self.glyphs, self.keys.shown)
        yield KeyLine()

    def on_mount(self) -> None:
        """Looks."""
        self.show_list()
        self.adopt()
        self.foot()

    # ---- looking

    def adopt(self, touched: Iterable[Address] = (), focus: str = "") -> None:  # noqa: ARG002  the board's own form
        """Looks for the findings of the plan as it is now."""
        self._look()

    def _look(self) -> None:
        from ..session.problems import find_problems, outgrown_problems

        workspace, derived, worker = self.session.workspace, self.session.derived, self.session.worker
        worker.ask(("problems",), lambda task: find_problems(workspace, derived.told(task)), is_kept=True)
        worker.ask(("outgrown",), lambda _: outgrown_problems(workspace, derived))

    def paint_head(self) -> None:
        """Shows how many there are, or how far the first look has come."""
        self.show_head(self.query_one(HeadLine), self._place())

    def on_resize(self) -> None:
        """Leaves the list of screens out where there is no room."""
        self.paint_head()

    def on_unmount(self) -> None:
        """Ends the work that is not wanted any more."""
        for kind in ("problems", "outgrown"):
            self.session.worker.drop(kind)

    def found_out(self, event: told.Known | told.Unknown) -> None:
        """Shows what was found."""
        if event.key not in (("problems",), ("outgrown",)):
            return
        if isinstance(event, told.Unknown):
            self.say(f"findings could not be looked for: {event.error}", "bad")
            return
        if event.key == ("problems",):
            self._found = event.value
        else:
            self._outgrown = event.value
        self._by_row = {Row.of(one): one for one in reversed(self.findings or ())}
        self.show_list()

    @property
    def findings(self) -> tuple[Finding, ...] | None:
        """All of them; None while they are being looked for."""
        return (*self._found, *self._outgrown) if self._found is not None else None

    def counts(self) -> tuple[int, int]:
        """How many findings are shown, of how many."""
        return len(self.shown), len(self.findings or ())

    @property
    def shown(self) -> tuple[Finding, ...]:
        """The findings that fit the filter."""
        titles = _titles()
        return tuple(
            one
            for one in self.findings or ()
            if self.fits(
                text=f"{one.message} {one.hint}",
                rule=f"{one.code} {titles.get(one.code, '')}",
                file=one.file,
                level=one.severity,
            )
        )

    def show_list(self) -> None:
        """Draws counts and findings."""
        found = self.findings if self.findings is None else self.shown
        self._has_fixes = any(one.fix for one in found or ())
        view = self.query_one(LineView)
        if found is None:
            pass
        elif not found and self.narrowed:
            view.show(lambda _: [line("Nothing fits the filter; Esc clears it.")])
        elif not found:
            view.show(lambda _: [line("Nothing is wrong, and no rule has advice. 1 goes to the board.")])
        else:
            view.show(Listed.of(found, _titles(), self._title_of, by_file=self.by_file).lines)
        self.paint_head()

    def _place(self) -> tuple[str, ...]:
        """What is listed, in which order, and how much of it."""
        if self.findings is None:
            return ("Problems", "looking")
        found = self.shown
        if self.narrowed:
            return ("Problems", f"{len(found)} of {len(self.findings)} fit {self.narrowed}")
        counts = {severity: sum(one.severity == severity for one in found) for severity in SEVERITIES}
        said = ", ".join(_counted(count, severity) for severity, count in counts.items() if count)
        return ("Problems", f"by {'file' if self.by_file else 'rule'}: {said}") if found else ("Problems",)

    @on(LineView.Moved)
    def _about(self) -> None:
        """Says the whole of the finding under the cursor, and what to do about it."""
        one = self._finding()
        fix = f"  F: {one.fix}" if one and one.fix else ""
        text = f"{one_line(one.message)}\n{one_line(one.hint + fix)}" if one else ""
        self.query_one(".about", Static).update(Content(text))
        self.foot()

    def _title_of(self, one: Finding) -> str:
        """The title of the record that a finding is about, or of its project; empty where it has none."""
        plan = self.session.plan
        record = plan.get(one.address) if one.address else None
        if record is None or record.label != record.id:
            return record.label if record else ""
        project = plan.projects.get(record.project)
        return project.label if project else ""

    def _finding(self) -> Finding | None:
        key = self.query_one(LineView).key
        return self._by_row.get(key) if isinstance(key, Row) else None

    def _focused(self) -> Finding:
        one = self._finding()
        assert one is not None
        return one

    # ---- doing

    def situation(self) -> Situation:
        """What decides which actions can be done."""
        one = self._finding()
        finding = "" if one else "no finding is focused"
        file = f"{one.file or 'the finding'} is not a file of the plan that kedge edits" if one else finding
        lacks = {
            "row": finding,
            "finding": finding,
            "file": "" if self._file() else file,
            "fix": "" if one and one.fix else _NO_FIX,
            "fixes": "" if self._has_fixes else "nothing here can be fixed without you",
        }
        return replace(super().situation(), lacks=lacks)

    def handlers(self) -> Handlers:
        """What does each action here."""
        return {
            **super().handlers(),
            **self.query_one(LineView).moving(),
            "problem.open": self._open,
            "problem.edit": self._edit,
            "problem.editor": self._editor,
            "find.copy": lambda: self.copy(_place(self._focused())),
            "problem.fix": self._fix,
            "problem.fix_all": self._fix_all,
            "problem.group": self._group,
            "problem.why": self._why,
            "screen.problems": self.adopt,
        }

    def on_line_view_chosen(self, _: LineView.Chosen) -> None:
        """A double click on a row."""
        self._open()

    def _group(self) -> None:
        self.by_file = not self.by_file
        self.show_list()

    def _open(self) -> None:
        """The card, the form of another record, or the file at its line where only that helps."""
        one = self._focused()
        record = self.session.plan.get(one.address) if one.address else None
        if isinstance(record, Card) and one.address not in self.session.workspace.broken():
            self.show_card(record.id)
        else:
            self._edit()

    def _edit(self) -> None:
        """The form of the record at the field; the file at its line where only that helps."""
        one = self._focused()
        is_there = one.address is not None and self.session.plan.get(one.address) is not None
        if is_there and one.address and one.address not in self.session.workspace.broken():
            field = tuple(str(part) for part in one.field if isinstance(part, str))
            self.host.open_form(one.address, field)
        else:
            self.act("problem.editor")

    def _file(self) -> Address | None:
        """What the file of the finding holds; None where that is no file of the plan."""
        one = self._finding()
        if one is None:
            return None
        address = address_of(one.file) if one.file else one.address
        return address if address and path_of(address) in self.session.workspace.files else None

    def _editor(self) -> None:
        address = self._file()
        assert address is not None
        self.host.open_editor(address, self._focused().line)

    def _why(self) -> None:
        from ...model.rules.catalog import RULES

        one = self._focused()
        rule = RULES.get(one.code)
        title = f"{_titles()[one.code]} ({one.code})" if rule else one.code
        about = [rule.why, rule.wayout] if rule else []
        record = self.session.plan.get(one.address) if one.address else None
        what = [named(record.label, record.id)] if record is not None else []
        self.show_dialog(
            Message(title, [one.message, *what, one.hint, "", *about, "", _place(one)], self.door)
        )

    # ---- fixes

    def made(self, batch: Batch, focus: str) -> None:  # noqa: ARG002  the cursor stays where it is
        """Says the step; the list follows once the file has it."""
        self.say(batch.label, "good")

    def _fix(self) -> None:
        from ...model.rules.fixes import fix

        batch = fix(self.session.derived.snapshot, self._focused())
        if batch is None:
            self.say(_NO_FIX, "warning")
        else:
            self._preview(batch)

    def _fix_all(self) -> None:
        from ...model.rules.fixes import fixed

        batch = fixed(self.session.derived.snapshot, self.shown)
        if batch.changes:
            self._preview(batch)
        else:
            self.say("nothing here can be fixed without you", "warning")

    def _preview(self, batch: Batch) -> None:
        """Shows the lines that would change, and makes the change where the person wants it."""
        self.session.wait()
        try:
            text = self.session.workspace.preview(batch)
        except KedgeError as error:
            self.say(f"{error.message}", "warning")
            return
        options = (("f", f"apply: {batch.label}"), ("n", "leave it as it is"))

        def answered(answer: str) -> None:
            if answer == "f":
                self.make(lambda: batch)

        self.ask(Ask("What would change", text, options), answered)


def _place(one: Finding) -> str:
    return f"{one.file}:{one.line}:{one.column}" if one.line else one.file


def _counted(count: int, severity: str) -> str:
    return f"{count} {severity}{'s' if count > 1 and severity != 'advice' else ''}"


def _titles() -> dict[str, str]:
    from ...model.rules.catalog import RULES

    return {code: rule.name.replace("-", " ").capitalize() for code, rule in RULES.items()}

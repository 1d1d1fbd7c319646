"""All findings of the plan: by rule or by file, each with its way to the place and, where a rule has one, its fix."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import ClassVar, NamedTuple

from textual import on
from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Static

from ...model.plan.change import Batch
from ...model.records.address import Address
from ...model.records.card import Card
from ...model.records.findings import SEVERITIES, Finding
from ...model.text.visible import one_line
from ...storage.disk.errors import KedgeError
from ...storage.disk.paths import address_of, path_of
from ..dialogs import Ask, Message
from ..draw.spans import SEVERITY_LOOKS, Line, line
from ..draw.text import clip
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

_NO_FIX = "this has no fix that is safe without you: enter goes to the place"


class Row(NamedTuple):
    """The key of a finding's row: what it says, so that the cursor stays on it while others come and go."""

    code: str
    file: str
    line: int
    message: str


@dataclass(frozen=True)
class Listed:
    """Findings in the order in which they are listed, by group."""

    groups: tuple[tuple[str, tuple[Finding, ...]], ...]

    @classmethod
    def of(cls, findings: Iterable[Finding], *, by_file: bool) -> Listed:
        """Findings by file, or by rule with the errors first."""
        found: dict[str, list[Finding]] = {}
        ordered = sorted(
            findings,
            key=lambda one: (
                one.sort_key if by_file else (SEVERITIES.index(one.severity), one.code, *one.sort_key)
            ),
        )
        for one in ordered:
            found.setdefault((one.file or "the whole plan") if by_file else one.code, []).append(one)
        return cls(tuple((name, tuple(some)) for name, some in found.items()))

    def lines(self, width: int, *, by_file: bool, titles: Mapping[str, str]) -> list[Line]:
        """A row for each finding below the name of its group."""
        rows: list[Line] = []
        for name, findings in self.groups:
            title = "" if by_file else titles.get(name, "")
            heading = clip(one_line(name), width - 6)
            rows.append(line((heading, "heading"), (f"  {len(findings)}  {title}", "quiet")))
            rows.extend(self._row(one, width, by_file=by_file) for one in findings)
        return rows

    def _row(self, one: Finding, width: int, *, by_file: bool) -> Line:
        place = f"{one.line}:{one.column} {one.code}" if by_file and one.line else one.code
        if not by_file:
            place = f"{one.file}:{one.line}" if one.line else one.file
        place = one_line(place)
        fix = "  F fixes it" if one.fix else ""
        message = clip(one_line(one.message), max(16, width - len(fix) - 4 - min(len(place), width // 3)))
        room = width - Line(((message, ""),)).cells - len(fix) - 4
        place = place if len(place) <= room else f"…{place[len(place) - room + 1 :]}" if room > 6 else ""
        look = SEVERITY_LOOKS[one.severity]
        spans = ((f"{one.severity[:1].upper()} ", look), message, (f"  {place}", "quiet"), (fix, "key"))
        return line(*spans, key=_row_of(one))


def _row_of(one: Finding) -> Row:
    return Row(one.code, one.file, one.line, one.message)


class ProblemsScreen(ListScreen):
    """Screen 9. What is wrong in the plan, worth a look, and offered to be mended."""

    CONTEXT: ClassVar[Context] = "problems"
    FIELDS: ClassVar[tuple[str, ...]] = ("rule", "file", "level")
    AUTO_FOCUS = "LineView"
    DEFAULT_CSS = """
    ProblemsScreen > .about { height: 2; color: $text-muted; padding: 0 1; }
    """

    def __init__(self, session: Session, project: str = "") -> None:
        super().__init__(session, project)
        self.findings: tuple[Finding, ...] | None = None
        """None while they are being looked for."""
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
        from ..session.problems import find_problems

        workspace, derived = self.session.workspace, self.session.derived
        self.session.worker.ask(
            ("problems",), lambda task: find_problems(workspace, derived.told(task)), is_kept=True
        )

    def paint_head(self) -> None:
        """Shows how many there are, or how far the first look has come."""
        self.show_head(self.query_one(HeadLine), self._place())

    def on_resize(self) -> None:
        """Leaves the list of screens out where there is no room."""
        self.paint_head()

    def on_unmount(self) -> None:
        """Ends the work that is not wanted any more."""
        self.session.worker.drop("problems")

    def found_out(self, event: told.Known | told.Unknown) -> None:
        """Shows what was found."""
        if event.key == ("problems",):
            if isinstance(event, told.Unknown):
                self.say(f"findings could not be looked for: {event.error}", "bad")
                return
            self.findings = event.value
            self._by_row = {_row_of(one): one for one in reversed(event.value)}
            self.show_list()

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
            listed, titles, by_file = Listed.of(found, by_file=self.by_file), _titles(), self.by_file
            view.show(lambda width: listed.lines(width, by_file=by_file, titles=titles))
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
        file = f"{one.file or 'the finding'} is no file of the plan that kedge edits" if one else finding
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
        from ...model.rules import RULES

        one = self._focused()
        rule = RULES.get(one.code)
        about = [rule.name.replace("-", " "), rule.why, rule.wayout] if rule else []
        self.show_dialog(Message(one.code, [one.message, _place(one), one.hint, "", *about], self.door))

    # ---- fixes

    def made(self, batch: Batch, focus: str) -> None:  # noqa: ARG002  the cursor stays where it is
        """Says the step; the list follows once the file has it."""
        self.say(batch.label, "good")

    def _fix(self) -> None:
        from ...model.rules import fix

        batch = fix(self.session.derived.snapshot, self._focused())
        if batch is None:
            self.say(_NO_FIX, "warning")
        else:
            self._preview(batch)

    def _fix_all(self) -> None:
        from ...model.rules import fixed

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
    from ...model.rules import RULES

    return {code: rule.name.replace("-", " ") for code, rule in RULES.items()}

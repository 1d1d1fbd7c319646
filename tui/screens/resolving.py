"""Settling what a merge left in question: a question after the other, three sides of each, choose or type."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain
from random import SystemRandom

from ...model.edit.merge import Conflict
from ...model.plan.change import MISSING, Path
from ...model.text.named import quoted
from ...storage.disk.errors import BadValue, KedgeError
from ...storage.disk.repository import GitProblem
from ...storage.git.under_way import next_step
from ...storage.git.unmerged import mark_settled, unmerged
from ...storage.plan.merging import NotMerged, Side
from ...storage.plan.resolving import (
    Question,
    Unreadable,
    can_be_typed,
    questions,
    save,
    save_both,
    seen,
    typed,
)
from ...storage.toml.values import line_text, plain, show
from ..dialogs.ask import Ask
from ..dialogs.prompt import Prompt
from .contract import ActsOnPlan

_LONG = 12
"""Lines above which the options stand before the text, so that they are in sight."""
_SIDES: tuple[tuple[str, Side], ...] = (("o", "ours"), ("t", "theirs"), ("b", "base"))


def settle(screen: ActsOnPlan) -> None:
    """Asks about everything that is in question in files in conflict, or says that nothing is."""
    session = screen.session
    session.wait()
    stages = unmerged(session.workspace.root, session.workspace.environment)
    if isinstance(stages, GitProblem):
        screen.say(f"conflicts cannot be looked for: {stages.message}", "warning")
    elif not stages:
        screen.say("no file of the plan is in conflict")
    else:
        workspace = session.workspace
        found = questions(workspace.root, stages, workspace.environment)
        _Settling(screen, found, len(stages)).go_on()


class _Settling:
    """A walk through the questions, which may be left at any time: what was chosen is kept."""

    def __init__(self, screen: ActsOnPlan, found: Iterator[Question], count: int) -> None:
        self._screen = screen
        self._rest = found
        self._count = count
        self._found: list[Question] = []
        """Those that have come up and are not settled."""
        self._skipped: set[tuple[str, Path]] = set()
        self._settled = 0

    def go_on(self) -> None:
        """Asks the next question; writes each file as soon as it is settled."""
        for question in chain(list(self._found), self._coming()):
            waiting = [one for one in question.open if (question.path, one.path) not in self._skipped]
            if waiting:
                self._ask(question, waiting[0])
                return
            if not self._write(question):
                return
            self._found.remove(question)
        self._end()

    def _coming(self) -> Iterator[Question]:
        for question in self._rest:
            self._found.append(question)
            yield question

    def stop(self) -> None:
        """Keeps what was chosen for files that are not settled yet."""
        for question in self._found:
            if question.choices and not self._write(question):
                return
        self._end()

    def _end(self) -> None:
        left = self._count - self._settled
        if left:
            self._screen.say(f"{self._settled} settled, {left} still in conflict", "warning")
        else:
            workspace = self._screen.session.workspace
            step = next_step(workspace.root, workspace.environment)
            self._screen.say(f"{self._settled} settled" + (f": {step}" if step else ""), "good")

    def _write(self, question: Question) -> bool:
        """Writes a file as far as it is settled, and tells git; whether that was possible."""
        session = self._screen.session
        workspace = session.workspace
        try:
            paths = save(workspace.root, question, workspace.environment)
        except (KedgeError, NotMerged) as error:
            self._screen.say(f"{question.name} was not written: {error}", "bad")
            return False
        return self._told(question, paths)

    def _told(self, question: Question, paths: Sequence[str]) -> bool:
        """Tells git which files are settled, none while something is open, and shows them."""
        session = self._screen.session
        if paths:
            workspace = session.workspace
            problem = mark_settled(workspace.root, workspace.environment, question.stages, paths)
            if problem is not None:
                self._screen.say(f"{paths[0]} is written, but git does not know: {problem.message}", "bad")
                return False
            self._settled += 1
        session.refresh(list(paths or [question.path]))
        return True

    # ---- one question

    def _ask(self, question: Question, one: Conflict) -> None:
        together = [show(path) for path in one.unit if path != one.path]
        rows = [f"{name}: {_value(value)}" for name, value in seen(one)]
        if together:
            rows.append(f"A side settles it together with {', '.join(together)}.")
        if question.reason:
            rows.append(f"It is settled as a whole: {question.reason}")
        options = [(key, f"take {side}") for key, side in _SIDES]
        if can_be_typed(one.path) and not question.wrong():
            options.append(("e", "type a value"))
        elif question.both_can_stay:
            options.append(("k", "keep both: theirs gets another id"))
        options.append(("s", "leave it for now"))
        text = "\n".join(rows)
        title = f"{_field(one)} of {quoted(question.title)}, {self._place(question, one)}"

        def answered(key: str) -> None:
            if key == "e":
                self._type(question, one)
                return
            if key == "k":
                self._keep_both(question)
                return
            if key == "s":
                self._skipped.add((question.path, one.path))
            else:
                question.choose(one.path, dict(_SIDES)[key])
            self.go_on()

        dialog = Ask(title, text, options, is_long=text.count("\n") > _LONG)
        self._screen.ask(dialog, answered, self.stop)

    def _place(self, question: Question, one: Conflict) -> str:
        number = [each.path for each in question.conflicts].index(one.path) + 1
        return f"{number} of {len(question.conflicts)}"

    def _type(self, question: Question, one: Conflict) -> None:
        def wrong(text: str) -> str | None:
            try:
                typed(question, one.path, text, self._screen.today)
            except BadValue as error:
                return error.message
            return None

        def answered(text: str) -> None:
            question.choose(one.path, typed(question, one.path, text, self._screen.today))
            self.go_on()

        prompt = Prompt(f"{_field(one)} of {quoted(question.title)}", "empty takes it away", "", wrong)
        self._screen.ask(prompt, answered, self.go_on)

    def _keep_both(self, question: Question) -> None:
        workspace = self._screen.session.workspace
        taken = {address.id for address in workspace.plan.names(question.kind)}
        try:
            paths = save_both(workspace.root, question, taken, SystemRandom())
        except KedgeError as error:
            self._screen.say(f"{question.name} was not written: {error.message}", "bad")
            return
        self._found.remove(question)
        if self._told(question, paths):
            self.go_on()


def _field(one: Conflict) -> str:
    return show(one.path).capitalize() if one.path else "The whole file"


def _value(value: object) -> str:
    """A value as TOML, a text of several lines as it is."""
    if value is MISSING:
        return "not there"
    if isinstance(value, Unreadable):
        return "cannot be read"
    return value.rstrip("\n") if isinstance(value, str) and "\n" in value else line_text(plain(value))
